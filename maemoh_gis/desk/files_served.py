"""Which files the desk shows: those of finished runs and comparisons of the project."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from maemoh_gis.engine.results import RECORD
from maemoh_gis.presentation.compared_files import RECORD as OF_COMPARISON

SHOWN = frozenset({".html", ".svg", ".png", ".csv", ".xlsx", ".gpkg", ".tif", ".json"})


def shown(root: Path, asked: str) -> Path | None:
    """Give the file of a run that is asked for; None for anything else under the sun."""
    parts = PurePosixPath(asked).parts
    if len(parts) < 2 or any(part.startswith((".", "/", "\\")) or ":" in part for part in parts):
        return None
    folder, path = root / parts[0], root.joinpath(*parts)
    if not any((folder / record).is_file() for record in (RECORD, OF_COMPARISON)):
        return None
    inside = path.resolve().is_relative_to(folder.resolve()) and path.suffix.lower() in SHOWN
    return path if inside and path.is_file() else None
