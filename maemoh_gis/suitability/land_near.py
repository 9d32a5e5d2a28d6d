"""The land around a place: how good the best of it is, and how much of it is of some kind."""

from __future__ import annotations

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray
from maemoh_gis.grid import Grid


def best_score_near(
    score: FloatArray,
    usable: BoolArray,
    grid: Grid,
    place: tuple[float, float],
    within_m: float,
    cells: int,
) -> float:
    """
    Average the best usable cells around a place.

    Parameters
    ----------
    score : float array (rows, cols)
        Suitability 0 to 1; NaN is unknown.
    usable : bool array (rows, cols)
        Land that may be taken.
    grid : Grid
        Their grid.
    place : tuple of float
        x and y in the CRS of the grid, metres.
    within_m : float
        Radius in metres; a cell counts by its centre.
    cells : int
        How many of the best cells count, together or scattered.

    Returns
    -------
    float
        Where fewer than `cells` are usable, the missing ones count 0. NaN where the disc reaches
        out of the grid, since the land there is not known.
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
