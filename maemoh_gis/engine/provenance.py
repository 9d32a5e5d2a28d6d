"""What a result was made with, and what the making took."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from maemoh_gis.core.version import __version__
from maemoh_gis.engine.stages import Event
from maemoh_gis.files import write_text

_PACKAGES = ("numpy", "scipy", "numba", "shapely", "pyproj", "rasterio", "geopandas", "pyogrio")

CHECKSUM = "run.json.sha256"
"""Under `log/`: checksum of the record itself."""


class Log:
    """Gathers events; the only part of a run folder that holds times."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, event: Event) -> None:
        """Remember that a stage ended."""
        if event.seconds is not None:
            line: dict[str, Any] = {"stage": event.stage, "seconds": round(event.seconds, 4)}
            if event.kept:
                line["from"] = "cache"
            self.lines.append(json.dumps(line, ensure_ascii=False))

    def write(self, folder: Path) -> None:
        """Write one JSON object a line."""
        write_text(folder / "stages.jsonl", "\n".join(self.lines) + "\n")


def software() -> dict[str, str]:
    """Give the versions of the programs a result rests on."""
    return {
        "maemoh-gis": __version__,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _PACKAGES},
    }
