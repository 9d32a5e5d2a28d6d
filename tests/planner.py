"""A project folder as a planner has it, in cells coarse enough to follow whole documents in."""

import shutil
from pathlib import Path

from tests.paths import LAYERS, SCENARIOS

# The words of a document are on trial, not its numbers.
FINE, COARSE = "cell_m: 100", "cell_m: 500"


def make_project(folder: Path) -> Path:
    """Put the layers and scenarios that ship into a folder, the baseline in coarse cells."""
    shutil.copytree(LAYERS, folder / "layers")
    shutil.copytree(SCENARIOS, folder / "scenarios")
    baseline = folder / "scenarios/baseline.yaml"
    written = baseline.read_text(encoding="utf-8")
    assert FINE in written
    baseline.write_text(written.replace(FINE, COARSE), encoding="utf-8")
    return folder
