"""
Places put elsewhere, as a control against chance: the same places on land they have no part in.

Places of a block are moved as one, so that each keeps its cells, its shape and its neighbours in
the block; how blocks stand to each other is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.learnt.places import PlaceCells, cell_blocks, sample_of
from maemoh_gis.learnt.sample import whole_places_in_blocks

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import BoolArray, IntArray
    from maemoh_gis.learnt.places import Measures
    from maemoh_gis.learnt.sample import Sample

_TRIES = 20


class Ground:
    """Land that can be learnt from, by the blocks it lies in."""

    def __init__(self, known: BoolArray, grid: Grid, block_m: float) -> None:
        self.grid, self.block_m = grid, block_m
        self.known = known.reshape(grid.shape)
        cells = np.flatnonzero(known)
        block = cell_blocks(cells, grid, block_m)
        self._cells = cells[np.argsort(block, kind="stable")]
        self._blocks, self._counts = np.unique(block, return_counts=True)

    def cells_drawn(self, count: int, draw: np.random.Generator) -> list[IntArray]:
        """Draw that many blocks by their land, and from each some cells to try."""
        shares = self._counts / self._counts.sum()
        chosen = draw.choice(len(self._blocks), count, replace=False, p=shares)
        ends = np.cumsum(self._counts)
        return [
            self._cells[draw.integers(ends[at] - self._counts[at], ends[at], _TRIES)]
            for at in chosen
        ]


def samples_elsewhere(
    measures: Measures, places: PlaceCells, land: IntArray, ground: Ground, times: int, seed: int
) -> Iterator[Sample]:
    """Put the places elsewhere that many times; the same cells stand for all land each time."""
    for time in range(times):
        moved = put_elsewhere(places, ground, (seed, time))
        yield sample_of(measures, moved, land, ground.grid, ground.block_m)


def put_elsewhere(places: PlaceCells, ground: Ground, seed: Sequence[int]) -> PlaceCells:
    """
    Move the places of each block as one onto land of a block of its own, drawn at random.

    Of some ways to lay them there the first that keeps most cells on known land is taken; a cell
    left off it goes to known land near by.
    """
    draw = np.random.default_rng(seed)
    lies_in = cell_blocks(places.cell, ground.grid, ground.block_m)
    block = whole_places_in_blocks(places.place, lies_in)
    together = [np.flatnonzero(block == one) for one in np.unique(block)]
    cell = places.cell.copy()
    # The places' own blocks hold known land too, so there are always as many to draw.
    for mine, targets in zip(together, ground.cells_drawn(len(together), draw), strict=True):
        first = int((places.place[mine] == places.place[mine[0]]).sum())
        cell[mine] = _laid(places.cell[mine], first // 2, targets, ground)
    return replace(places, cell=cell)


def _laid(cells: IntArray, middle: int, targets: IntArray, ground: Ground) -> IntArray:
    """Shift cells so that one of them lies on the best of some targets."""
    cols = ground.grid.cols
    (row, col), (to_row, to_col) = np.divmod(cells, cols), np.divmod(targets, cols)
    rows = row - row[middle] + to_row[:, None]
    columns = col - col[middle] + to_col[:, None]
    fits = _is_known(rows, columns, ground.known)
    best = int(np.argmax(fits.sum(axis=1)))
    found = rows[best] * cols + columns[best]
    for at in np.flatnonzero(~fits[best]):
        found[at] = _known_near(int(rows[best][at]), int(columns[best][at]), ground)
    return np.asarray(found)


def _is_known(rows: IntArray, columns: IntArray, known: BoolArray) -> BoolArray:
    on = (rows >= 0) & (rows < known.shape[0]) & (columns >= 0) & (columns < known.shape[1])
    return np.asarray(on & known[np.where(on, rows, 0), np.where(on, columns, 0)])


def _known_near(row: int, col: int, ground: Ground) -> int:
    """Give a cell of known land near a place that may lie off the grid."""
    reach, down, right = 1, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    while not len(down):
        top, left = max(row - reach, 0), max(col - reach, 0)
        window = ground.known[top : max(row + reach + 1, 0), left : max(col + reach + 1, 0)]
        down, right = np.nonzero(window)
        reach *= 2
    down, right = down + top, right + left
    nearest = int(np.argmin((down - row) ** 2 + (right - col) ** 2))
    return int(down[nearest] * ground.grid.cols + right[nearest])
