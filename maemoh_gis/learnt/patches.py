"""Pieces of open land on which likeness and score disagree most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core import units
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.learnt.beside import Beside

APART = 0.4
"""ASSUMPTION: ranks that differ by this on average are worth a look."""
SQUARE_M = 1000.0
"""Side of the squares land is looked at by, so that no single cell makes a piece."""
MOST = 40
"""Pieces told for each direction, the largest."""
_LEAST_OPEN = 0.5
_LEAST_SHARE = 0.2
_PUSHES = 2


@dataclass(frozen=True)
class Patch:
    """Squares side by side on which both disagree the same way."""

    above: bool
    """Whether land is more alike than its score has it."""
    shape: BaseGeometry
    """In the CRS of the grid."""
    land_rai: float
    """Its open land."""
    rank: float
    """Mean rank by likeness among all land."""
    score: float
    """Mean score."""
    pushes: tuple[int, ...]
    """Numbers of the measures, from 0, that push most on most of it, the first most often."""


@dataclass(frozen=True)
class Patches:
    """All pieces of a use."""

    told: tuple[Patch, ...]
    """The largest of each direction, those above first."""
    above_rai: float
    below_rai: float
    open_rai: float
    """Open land on which both are known."""


@dataclass(frozen=True)
class _Squares:
    """Sums over squares, (rows, cols) of squares."""

    cells: FloatArray
    apart: FloatArray
    rank: FloatArray
    score: FloatArray


def patches_of(beside: Beside, score: FloatArray, grid: Grid) -> Patches:
    """Find where likeness and score disagree; `score` is (rows, cols)."""
    side = max(round(SQUARE_M / grid.cell_m), 1)
    told = ~np.isnan(beside.difference)
    squares = _Squares(
        *(
            _summed(np.where(told, one, 0.0), side)
            for one in (np.ones(grid.shape), beside.difference, beside.rank, score)
        )
    )
    found, lands = [], []
    for above in (True, False):
        way = squares.apart if above else -squares.apart
        enough = squares.cells >= _LEAST_OPEN * side**2
        patches = list(
            _of_way(
                squares, enough & (way >= APART * squares.cells), beside, grid, side, above=above
            )
        )
        patches.sort(key=lambda one: (-one.land_rai, one.shape.bounds))
        lands.append(sum((one.land_rai for one in patches), 0.0))
        found += patches[:MOST]
    opened = units.rai_from_m2(float(told.sum()) * grid.cell_area_m2)
    return Patches(tuple(found), lands[0], lands[1], opened)


def _summed(values: FloatArray, side: int) -> FloatArray:
    rows, cols = (-(-size // side) * side for size in values.shape)
    padded = np.zeros((rows, cols))
    padded[: values.shape[0], : values.shape[1]] = values
    summed = padded.reshape(rows // side, side, cols // side, side).sum(axis=(1, 3))
    return np.asarray(summed)


def _of_way(
    squares: _Squares, chosen: BoolArray, beside: Beside, grid: Grid, side: int, *, above: bool
) -> Iterator[Patch]:
    from scipy import ndimage

    label, count = ndimage.label(chosen)
    for number in range(1, count + 1):
        at = np.argwhere(label == number)
        mine = (at[:, 0], at[:, 1])
        cells = float(squares.cells[mine].sum())
        yield Patch(
            above,
            _outline(at, grid, side),
            round(units.rai_from_m2(cells * grid.cell_area_m2), 1),
            round(float(squares.rank[mine].sum()) / cells, 3),
            round(float(squares.score[mine].sum()) / cells, 3),
            _most_often(_pushes_in(at, beside.push, side), above=above),
        )


def _outline(at: IntArray, grid: Grid, side: int) -> BaseGeometry:
    import shapely

    west, south, east, north = grid.bounds
    width = side * grid.cell_m
    left, top = west + at[:, 1] * width, north - at[:, 0] * width
    boxes = shapely.box(left, np.maximum(top - width, south), np.minimum(left + width, east), top)
    return shapely.union_all(boxes)


def _pushes_in(at: IntArray, push: FloatArray, side: int) -> FloatArray:
    parts = [push[r * side : (r + 1) * side, c * side : (c + 1) * side].ravel() for r, c in at]
    told = np.concatenate(parts)
    return np.asarray(told[~np.isnan(told)])


def _most_often(push: FloatArray, *, above: bool) -> tuple[int, ...]:
    mine = (push if above else -push).astype(np.int64)
    times = np.bincount(mine[mine > 0])
    order = np.argsort(-times, kind="stable")[:_PUSHES]
    return tuple(int(k) - 1 for k in order if times[k] >= max(_LEAST_SHARE * len(push), 1))
