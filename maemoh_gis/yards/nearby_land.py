"""The land around a place: how good the best of it is, and how much of it is of some kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import BoolArray, FloatArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def best_score_near(
    score: FloatArray,
    usable: BoolArray,
    grid: Grid,
    place: tuple[float, float],
    within_m: float,
    cells: int,
) -> float:
    """
    Average the best usable cells around a place, together or scattered, by their centres.

    Where fewer than `cells` are usable within the radius, the missing ones count 0. NaN scores are
    unknown; NaN where the disc reaches out of the grid, since the land there is not known.
    """
    window = around(grid, place, within_m)
    west, south, east, north = window.bounds
    least = grid.bounds
    if west < least[0] or south < least[1] or east > least[2] or north > least[3]:
        return float("nan")
    rows, cols = grid.window_of(window)
    counted = within(window, place, within_m) & usable[rows, cols]
    found = score[rows, cols][counted].astype(np.float64)
    best = np.sort(found[~np.isnan(found)])[::-1][:cells]
    return float(best.sum() / cells)


def mean_beneath(
    values: FloatArray, grid: Grid, place: BaseGeometry, fine_m: float = 10.0
) -> float:
    """
    Average the values (rows, cols) that lie beneath a piece of land in the CRS of the grid.

    A cell counts by the share of it that lies beneath, told by cells of `fine_m`. NaN where the
    land reaches out of the grid, a value beneath it is NaN, or the land is too thin to hold a cell.
    """
    fine = Grid.covering(place.bounds, crs=grid.crs, cell_m=min(fine_m, grid.cell_m))
    inside = cells_inside(np.array([place], dtype=object), fine)
    rows = np.floor(-fine.y / grid.cell_m).astype(np.int64) - grid.row0
    cols = np.floor(fine.x / grid.cell_m).astype(np.int64) - grid.col0
    down, right = (at[inside] for at in np.meshgrid(rows, cols, indexing="ij"))
    within_grid = (down >= 0) & (down < grid.rows) & (right >= 0) & (right < grid.cols)
    if not inside.any() or not within_grid.all():
        return float("nan")
    # Only these rows are read: the land of a province need not be in memory for one rectangle.
    top, left = int(down.min()), int(right.min())
    part = np.asarray(values[top : int(down.max()) + 1, left : int(right.max()) + 1])
    return float(part[down - top, right - left].astype(np.float64).mean())


def around(grid: Grid, place: tuple[float, float], within_m: float) -> Grid:
    """Give the cells of a grid, or of its continuation, that cover a disc around a place."""
    x, y = place
    bounds = (x - within_m, y - within_m, x + within_m, y + within_m)
    return Grid.covering(bounds, crs=grid.crs, cell_m=grid.cell_m)


def within(grid: Grid, place: tuple[float, float], within_m: float) -> BoolArray:
    """Find the cells whose centre is within a distance of a place, bool (rows, cols)."""
    x, y = place
    squares = (grid.x[np.newaxis, :] - x) ** 2 + (grid.y[:, np.newaxis] - y) ** 2
    return np.asarray(squares <= within_m**2)
