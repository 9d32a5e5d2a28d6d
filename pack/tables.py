"""Small helpers that the bundled tables share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Cell = str | int | float | None

PLAN = "industry plan 2570"
"""Lampang provincial industry action plan B.E. 2570, dated May 2569, read from its scanned text."""


def number(written: str) -> int | float | None:
    """
    Read a number, whole where it is whole.

    Parameters
    ----------
    written : str
        Digits, with or without thousands separators; empty means missing.

    Returns
    -------
    int, float or None
        The number, or None if nothing was written.
    """
    plain = written.replace(",", "").strip()
    if not plain:
        return None
    value = float(plain)
    return int(value) if value.is_integer() else value


def differing(printed: float | None, value: float | None) -> float | None:
    """Give the printed number where it is not the value itself, else None."""
    return None if printed == value else printed


def plan_line(written: str) -> int:
    """
    Find the line of the plan's text that a fact cites first.

    Parameters
    ----------
    written : str
        Citation that ends in `L` and a number, or several of them.

    Returns
    -------
    int
        The first line number.

    Raises
    ------
    LayerError
        If no line is cited.
    """
    match = re.search(r"L?(\d+)", written.rpartition(".txt:")[2])
    if match is None:
        raise LayerError(Fault("no_source_line", found=written))
    return int(match[1])


def write_rows(path: Path, rows: Sequence[Mapping[str, Cell]]) -> None:
    """
    Write rows of one shape as CSV.

    Parameters
    ----------
    path : Path
        Where the table belongs.
    rows : sequence of mapping
        Cells by column; the first row gives the order of the columns.
    """
    columns = list(rows[0])
    files.write_csv(path, columns, [[row[name] for name in columns] for row in rows])
