"""
Tables for the sheets beside a report: permits, aspects of the Eco Industrial Town and Smart City;
and what may come after on which class of land.

They are written by hand beside this module, one row a thing, so that a correction shows as one
changed line; building checks that they are whole.
"""

from __future__ import annotations

from pathlib import Path

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES

_TABLES = ("permits", "land_after_use", "eco_town_aspects", "smart_city_aspects")
_CONFIDENCE = {"H", "M", "L", "ASSUMPTION"}


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write the tables.

    Parameters
    ----------
    sources : Path
        Not read: the tables are this project's own.
    out : Path
        The layers folder.

    Returns
    -------
    dict
        Number of rows by layer id.

    Raises
    ------
    LayerError
        With every row that lacks a title in a language, a source or a confidence.
    """
    del sources
    written: dict[str, dict[str, float | int]] = {}
    for table in _TABLES:
        path = Path(__file__).with_name(f"{table}.csv")
        rows = files.read_csv(path)
        faults = [
            Fault("column_missing", str(path), number, column, found=row.get(column) or "")
            for number, row in enumerate(rows, start=2)
            for column in (*(f"title_{x}" for x in LANGUAGES), "source", "confidence")
            if not row.get(column) or (column == "confidence" and row[column] not in _CONFIDENCE)
        ]
        if faults:
            raise LayerError(faults)
        columns = list(rows[0])
        files.write_csv(out / path.name, columns, [[row[c] for c in columns] for row in rows])
        written[table] = {"rows": len(rows)}
    return written
