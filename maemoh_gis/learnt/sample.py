"""
What is learnt from: cells of places where a use stands today, and cells of all land beside them.

A place counts once however large it is, and lies whole in one block, so that no place stands on
both sides of a test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

LAND = -1
"""In the place of the number of a place: the cell stands for all land."""
MOST_CELLS = 25
"""Cells of a place that are learnt from. ASSUMPTION: more say the same again."""


@dataclass(frozen=True)
class Measured:
    """A measure that is learnt from."""

    id: str
    """The criterion it is a measure of."""
    classed: bool = False
    """Whether it holds codes of classes; 0 is unknown then."""


@dataclass(frozen=True)
class Sample:
    """Cells of places and of all land, places first."""

    measures: tuple[Measured, ...]
    values: FloatArray
    """What is measured, float64 (cells, measures); nothing is NaN, beyond what is told is inf."""
    place: IntArray
    """Number of the place of each cell, `LAND` for land, int64 (cells,)."""
    block: IntArray
    """Number of the block of each cell, int64 (cells,)."""

    @property
    def places(self) -> IntArray:
        """List the numbers of its places."""
        return np.unique(self.place[self.place != LAND])

    @property
    def blocks(self) -> IntArray:
        """List the blocks that hold places."""
        return np.unique(self.block[self.place != LAND])

    @property
    def is_land(self) -> BoolArray:
        """Tell which cells stand for all land."""
        return np.asarray(self.place == LAND)

    def of(self, rows: IntArray | BoolArray) -> Sample:
        """Give a part of it."""
        return replace(
            self, values=self.values[rows], place=self.place[rows], block=self.block[rows]
        )

    def weights(self) -> FloatArray:
        """Weigh each place 1 over its cells, and all land as much as all places; (cells,)."""
        here = ~self.is_land
        numbers, cells = np.unique(self.place[here], return_counts=True)
        weights = np.full(len(self.place), len(numbers) / max(int((~here).sum()), 1))
        weights[here] = 1.0 / cells[np.searchsorted(numbers, self.place[here])]
        return weights


def thinned(cells: IntArray) -> IntArray:
    """Keep some cells of a place, evenly through it."""
    if len(cells) <= MOST_CELLS:
        return cells
    return cells[np.linspace(0, len(cells) - 1, MOST_CELLS).astype(np.int64)]


def blocks_at(x: FloatArray, y: FloatArray, block_m: float) -> IntArray:
    """
    Give the square blocks that points in metres lie in by number, int64 (n,).

    Counted from the origin of the CRS, so that a block is the same whatever land is looked at.
    """
    column, row = (np.floor(one / block_m).astype(np.int64) for one in (x, y))
    return np.asarray(column * BLOCK_ROWS + row)


BLOCK_ROWS = 1_000_000
"""No CRS in metres has as many rows of blocks of a kilometre or more."""


def corner_of(block: int, block_m: float) -> tuple[float, float]:
    """Give the south-west corner of a block, metres."""
    column, row = divmod(block, BLOCK_ROWS)
    return column * block_m, row * block_m


def whole_places_in_blocks(place: IntArray, block: IntArray) -> IntArray:
    """Put all cells of a place into the block of its middle cell; (cells,)."""
    whole = block.copy()
    for number in np.unique(place[place != LAND]):
        mine = np.flatnonzero(place == number)
        whole[mine] = block[mine[len(mine) // 2]]
    return whole
