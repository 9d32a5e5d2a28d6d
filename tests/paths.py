"""Where tests find the bundled layers and, if the machine has them, the fuller sources."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
LAYERS = ROOT / "layers"
SCENARIOS = ROOT / "scenarios"
FROZEN_LAYERS = ROOT / "tests" / "frozen" / "layers"
FROZEN_SCENARIOS = ROOT / "tests" / "frozen" / "scenarios"

_sources = Path(os.environ.get("MAEMOH_SOURCES", ROOT.parent / "shared"))
SOURCES = _sources if (_sources / "reference").is_dir() and (_sources / "facts").is_dir() else None
