"""
A yard on a bed of its own: how much earth a platform moves, and how well heights tell it.

A platform is a plane, level across and rising along the yard no more than a yard may. Its height is
where cut and fill are equal, so the earth beneath is moved once and none is carried away.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray
from maemoh_gis.yards.verdicts import Tested

EarthClass = Literal["light", "medium", "heavy", "cannot_be_told"]
"""How much earth a platform moves, by its mean depth."""

_TWO_SIGMA = 2.0
# Yards whose ground is read at once: neighbours along two kilometres of line.
_AT_ONCE = 400

GroundReader = Callable[[Grid], tuple[FloatArray, FloatArray]]
"""Gives heights and their standard error on a grid, m; NaN where either is not known."""


@dataclass(frozen=True)
class Platform:
    """The bed of one yard, and the earth it moves."""

    level_m: float
    """Height in its middle; NaN where heights are not known everywhere beneath."""
    permille: float
    """Grade along the yard, which is that of its siding; positive as chainage grows."""
    cut_m3: tuple[float, float, float]
    """Low, as read, high: the ground as a whole up to two errors lower or higher."""
    fill_m3: tuple[float, float, float]
    moved_m3: tuple[float, float, float]
    """Cut and fill together; at the least a slope that is all error is none."""
    error_m: float
    """Standard error of the heights, the greatest beneath; NaN is unknown."""
    area_m2: float

    @property
    def depth_m(self) -> tuple[float, float, float]:
        """Give the earth moved over the land it is moved on: low, as read, high."""
        low, read, high = (volume / self.area_m2 for volume in self.moved_m3)
        return low, read, high


@dataclass(frozen=True)
class Bed:
    """How a yard may stand on earth that is moved, and what tells the ground."""

    ground: GroundReader
    most_permille: float
    """Steepest the platform may be along the yard."""
    most_earth_m: float
    """Most earth moved, as mean depth over the yard; 0 is none."""
    surveyed_within_m: float
    """Standard error up to which heights are survey-grade."""


def platform_on(
    along_m: FloatArray,
    height_m: FloatArray,
    error_m: FloatArray,
    cell_m2: float,
    most_permille: float,
) -> Platform:
    """
    Lay a platform on the cells beneath a yard, arrays (n,).

    `along_m` counts from the middle of the yard. For the most, errors are taken as wholly
    correlated over the yard, the least favourable: all ground is so much lower or higher.
    """
    area = len(height_m) * cell_m2
    nothing = (math.nan, math.nan, math.nan)
    if not len(height_m) or np.isnan(height_m).any():
        return Platform(math.nan, math.nan, nothing, nothing, nothing, math.nan, max(area, cell_m2))
    centred = along_m - along_m.mean()
    spread = float((centred**2).sum())
    steep = float((centred * height_m).sum()) / spread if spread else 0.0
    permille = float(np.clip(steep * 1000.0, -most_permille, most_permille))
    over = height_m - permille / 1000.0 * along_m
    level = float(over.mean())
    error = float(np.max(error_m)) if not np.isnan(error_m).any() else math.nan
    rest = over - level
    cut, fill = (_range(sign * rest, error, cell_m2) for sign in (1.0, -1.0))
    return Platform(level, permille, cut, fill, _moved(rest, error, cell_m2), error, area)


def _range(above: FloatArray, error: float, cell_m2: float) -> tuple[float, float, float]:
    """Sum what lies above the platform, with the ground lower, as read, higher."""
    read = float(np.maximum(above, 0.0).sum()) * cell_m2
    if math.isnan(error):
        return math.nan, read, math.nan
    low, high = (
        float(np.maximum(above + shift, 0.0).sum()) * cell_m2
        for shift in (-_TWO_SIGMA * error, _TWO_SIGMA * error)
    )
    return low, read, high


def _moved(rest: FloatArray, error: float, cell_m2: float) -> tuple[float, float, float]:
    """Sum all earth; at the least every cell lies nearer to the platform by its whole error."""
    read = float(np.abs(rest).sum()) * cell_m2
    if math.isnan(error):
        return math.nan, read, math.nan
    off = _TWO_SIGMA * error
    low = float(np.maximum(np.abs(rest) - off, 0.0).sum()) * cell_m2
    high = max(float(np.abs(rest + shift).sum()) * cell_m2 for shift in (-off, off))
    return low, read, high


def earth_class(platform: Platform, light_m: float, heavy_m: float) -> EarthClass:
    """Class a platform where its whole range lies in one class; else it cannot be told."""
    low, _, high = platform.depth_m
    if math.isnan(low) or math.isnan(high):
        return "cannot_be_told"
    if high <= light_m:
        return "light"
    if low > heavy_m:
        return "heavy"
    return "medium" if low > light_m and high <= heavy_m else "cannot_be_told"


def platforms(bed: Bed, rectangles: FloatArray, crs: str, cell_m: float) -> list[Platform]:
    """Lay a platform on every rectangle (n, 6) of `shapes.beside`, neighbours one after another."""
    found: list[Platform] = []
    for at in range(0, len(rectangles), _AT_ONCE):
        part = rectangles[at : at + _AT_ONCE]
        reach = np.hypot(part[:, 4], part[:, 5])[:, np.newaxis]
        west, south = (part[:, :2] - reach).min(axis=0).tolist()
        east, north = (part[:, :2] + reach).max(axis=0).tolist()
        grid = Grid.covering((west, south, east, north), crs=crs, cell_m=cell_m)
        height, error = bed.ground(grid)
        found += [_one(bed, rectangle, grid, height, error) for rectangle in part]
    return found


def _one(
    bed: Bed, rectangle: FloatArray, grid: Grid, height: FloatArray, error: FloatArray
) -> Platform:
    """Lay a platform on the cells whose middle lies inside a rectangle."""
    x, y, ux, uy, half_m, half_width_m = rectangle.tolist()
    reach = math.hypot(half_m, half_width_m)
    rows = np.flatnonzero(np.abs(grid.y - y) <= reach)
    cols = np.flatnonzero(np.abs(grid.x - x) <= reach)
    east, north = grid.x[cols][np.newaxis, :] - x, grid.y[rows][:, np.newaxis] - y
    along, across = east * ux + north * uy, north * ux - east * uy
    inside = (np.abs(along) <= half_m) & (np.abs(across) <= half_width_m)
    at = np.ix_(rows, cols)
    return platform_on(
        along[inside],
        height[at][inside].astype(np.float64),
        error[at][inside],
        grid.cell_area_m2,
        bed.most_permille,
    )


def earth_test(bed: Bed, found: list[Platform]) -> Tested:
    """Ask whether a yard may stand on its own bed, with no more earth than is allowed."""
    low, read, high = np.array([one.depth_m for one in found]).reshape(-1, 3).T
    error = np.array([one.error_m for one in found])
    most = bed.most_earth_m
    surveyed = error <= bed.surveyed_within_m
    return Tested(fails=low > most, holds=(high <= most) & surveyed, beyond=~(read <= most))
