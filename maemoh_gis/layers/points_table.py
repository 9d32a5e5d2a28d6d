"""Points out of a CSV file with a column each for longitude and latitude."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FileError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.tables import plain_number, read_texts

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.layers.entries import Coordinates

# Whole numbers of more digits do not fit 64 bits.
_MOST_DIGITS = 18


def read_points(
    path: Path, columns: Coordinates, crs: str, encoding: str | None = None
) -> gpd.GeoDataFrame:
    """Read a table of points in the CRS given, for no CSV file states one."""
    import geopandas as gpd
    import pandas as pd

    table = read_texts(path, encoding)
    header, rows = table.header, table.rows
    for name in (columns.x, columns.y):
        if name not in header:
            raise FileError(
                Fault("column_not_in_file", str(path), key=name, found=name,
                      expected=", ".join(header) or "–")
            )  # fmt: skip
    places: dict[str, list[float]] = {columns.x: [], columns.y: []}
    faults = []
    for line, row in rows:
        for name, found in places.items():
            cell = row[name].strip()
            value = plain_number(cell)
            if not math.isfinite(value):
                faults.append(
                    Fault("cell_not_number", str(path), line, name, found=cell[:60],
                          values={"column": name})
                )  # fmt: skip
            found.append(value)
    raise_if_blocked(faults, FileError)
    names = [name for name in header if name not in places]
    others = pd.DataFrame({name: _typed([row[name] for _, row in rows]) for name in names})
    points = gpd.points_from_xy(places[columns.x], places[columns.y])
    return gpd.GeoDataFrame(others, geometry=points, crs=crs)


def _typed(cells: list[str]) -> list[Any]:
    """Read a column as whole numbers or numbers where every cell is one; else as texts."""
    known = [cell for cell in cells if cell]
    if not known or any(_is_id(cell) or not math.isfinite(plain_number(cell)) for cell in known):
        return [cell or None for cell in cells]
    if all(cell.removeprefix("-").isdigit() and len(cell) <= _MOST_DIGITS for cell in known):
        return [int(cell) if cell else None for cell in cells]
    return [float(cell) if cell else None for cell in cells]


def _is_id(cell: str) -> bool:
    """Say whether a leading zero or plus, or blanks around, would be lost in a number."""
    digits = cell.removeprefix("-")
    return cell != cell.strip() or cell[0] == "+" or (digits[:1] == "0" and digits[1:2].isdigit())
