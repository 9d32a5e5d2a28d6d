"""One way drawn from a place to what it joins, and what it passes and crosses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from shapely.geometry import LineString

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.linking.ground import Ground

GradeOutcome = Literal["within", "beyond", "cannot_be_told", "not_asked"]
_SAMPLE_M = 10.0
_TWO_SIGMA = 2.0
_PARTS = 5


@dataclass(frozen=True)
class Samples:
    """A way taken apart into short pieces of one length."""

    rows: IntArray
    cols: IntArray
    piece_m: float

    def metres(self, held: BoolArray) -> float:
        """Give the length over cells on which something holds, array (rows, cols)."""
        return float(held[self.rows, self.cols].sum()) * self.piece_m

    def by_class(self, land: IntArray, classes: Mapping[int, str]) -> dict[str, float]:
        """Give the metres over each class of land that is met, the longest first; '' is unknown."""
        codes, counts = np.unique(land[self.rows, self.cols], return_counts=True)
        found = {
            classes.get(int(code), ""): float(n) * self.piece_m
            for code, n in zip(codes, counts, strict=True)
        }
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def samples_of(line: LineString, grid: Grid) -> Samples:
    """Take a way apart; one without length is one piece of none."""
    pieces = max(1, math.ceil(line.length / _SAMPLE_M))
    at = (np.arange(pieces) + 0.5) / pieces
    points = shapely.line_interpolate_point(line, at, normalized=True)
    rows, cols = cells_at(shapely.get_coordinates(points), grid)
    return Samples(rows, cols, line.length / pieces)


def cells_at(xy: FloatArray, grid: Grid) -> tuple[IntArray, IntArray]:
    """Give rows and columns of the cells that hold points (n, 2), those at an edge brought in."""
    cols = np.floor(xy[:, 0] / grid.cell_m).astype(np.int64) - grid.col0
    rows = np.floor(-xy[:, 1] / grid.cell_m).astype(np.int64) - grid.row0
    return np.clip(rows, 0, grid.rows - 1), np.clip(cols, 0, grid.cols - 1)


def line_of(
    cells: IntArray, grid: Grid, place: BaseGeometry, joined: shapely.STRtree
) -> LineString:
    """
    Draw a way through cells (n, 2), from the edge of a place to the nearest of what it joins.

    A place that touches the cell of what it joins is led there straight.
    """
    inner = cells[1:-1]
    if not len(inner):
        straight: LineString = shapely.shortest_line(place, _nearest(joined, place))
        return straight
    between = np.column_stack([grid.x[inner[:, 1]], grid.y[inner[:, 0]]])
    first, last = shapely.Point(between[0]), shapely.Point(between[-1])
    begin = shapely.get_coordinates(shapely.shortest_line(place, first))[0]
    end = shapely.get_coordinates(shapely.shortest_line(last, _nearest(joined, last)))[-1]
    return LineString(np.vstack([begin, between, end]))


def _nearest(joined: shapely.STRtree, shape: BaseGeometry) -> BaseGeometry:
    at: BaseGeometry = joined.geometries[int(joined.nearest(shape))]
    return at


def crossings(line: LineString, crossed: shapely.STRtree, together_m: float, last_m: float) -> int:
    """
    Count where a way crosses features; crossings nearer than `together_m` along it are one.

    What is crossed beyond `last_m` is what the way joins.
    """
    near = crossed.geometries[crossed.query(line, predicate="intersects")]
    if not len(near):
        return 0
    shared = shapely.get_parts(shapely.intersection(near, line))
    return _apart(_spans(line, shared[~shapely.is_empty(shared)]), together_m, last_m)


def _spans(line: LineString, parts: np.ndarray) -> list[tuple[float, float]]:
    """Give where along a way each shared part begins and ends."""
    found = []
    for part in parts:
        at = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(part)))
        found.append((float(np.min(at)), float(np.max(at))))
    return sorted(found)


def _apart(spans: list[tuple[float, float]], together_m: float, last_m: float) -> int:
    count, reached = 0, -math.inf
    for begin, end in spans:
        if begin > last_m:
            break
        if begin - reached > together_m:
            count += 1
        reached = max(reached, end)
    return count


@dataclass(frozen=True)
class Grade:
    """The steepest of a way over a given length, and what that tells."""

    outcome: GradeOutcome
    permille: float
    """Steepest as read; NaN where it cannot be told."""
    error_permille: float
    """Standard error; NaN where no accuracy of the heights is known."""
    most_permille: float


def grade_of(line: LineString, ground: Ground, over_m: float | None, most_permille: float) -> Grade:
    """
    Take the steepest mean grade over a length; a way that is shorter is taken as a whole.

    Two heights of one error each lie under a grade, so its error is that of their difference.
    It tells only what two such errors leave no doubt of.
    """
    if over_m is None or line.length == 0 or math.isnan(most_permille):
        return Grade("not_asked", math.nan, math.nan, most_permille)
    window = min(over_m, line.length)
    step = window / _PARTS
    at = np.append(np.arange(0.0, line.length - window, step), line.length - window)
    begins, ends = (_heights(line, ground, one) for one in (at, at + window))
    rises = np.abs(ends - begins)
    error = math.sqrt(2.0) * _worst_error(line, ground) / window * 1000.0
    if not np.isfinite(rises).all() or not math.isfinite(error):
        return Grade("cannot_be_told", math.nan, error, most_permille)
    steepest = float(rises.max()) / window * 1000.0
    if steepest + _TWO_SIGMA * error <= most_permille:
        return Grade("within", steepest, error, most_permille)
    if steepest - _TWO_SIGMA * error > most_permille:
        return Grade("beyond", steepest, error, most_permille)
    return Grade("cannot_be_told", math.nan, error, most_permille)


def _heights(line: LineString, ground: Ground, at: FloatArray) -> FloatArray:
    """Read heights between the middles of cells at distances along a way (n,), m."""
    from scipy.ndimage import map_coordinates

    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    grid = ground.grid
    places = [-xy[:, 1] / grid.cell_m - grid.row0 - 0.5, xy[:, 0] / grid.cell_m - grid.col0 - 0.5]
    return np.asarray(
        map_coordinates(ground.heights.astype(float), places, order=1, mode="nearest")
    )


def _worst_error(line: LineString, ground: Ground) -> float:
    told = samples_of(line, ground.grid)
    return float(np.max(ground.heights_error[told.rows, told.cols]))
