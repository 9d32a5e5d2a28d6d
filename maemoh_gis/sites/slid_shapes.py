"""
Rectangles and discs of the size of a site, slid over all land.

A site grows from the best neighbourhood that is about as wide as it is long, so a strip of good
land beside bad land is never a seed. Sliding shapes find it: each is tried at every place, whole on
land that counts. The greatest sum of scores wins, so that no shape gains by being smaller.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.sites.growth import BLOCK
from maemoh_gis.sites.shape import compactness, wide_enough

# Each strip tried is so much wider than the one before, from the least width to a square.
# ASSUMPTION: between two of them no shape is much better than both.
_WIDER = 1.25


@dataclass(frozen=True)
class SlidShapes:
    """Shapes that meet the demands on a site wherever all of their land counts."""

    masks: tuple[BoolArray, ...]
    """Their cells, each bool (rows, cols)."""
    runs: IntArray
    """Rectangles all of them are made of, int64 (runs, 4), see `_runs`."""
    ends: IntArray
    """Where those of each shape end in `runs`, int64 (shapes,)."""

    @property
    def reach(self) -> int:
        """Give the longest side of any of them, in cells."""
        return max((max(mask.shape) for mask in self.masks), default=0)


def shapes_to_slide(
    cells: int, least_cells: int, width_cells: int, least_compactness: float
) -> SlidShapes:
    """
    List the rectangles, lying and standing, and the discs that are sites wherever they fit.

    From the least width to a square; empty where none meets the demands. A circle of `width_cells`
    must reach every cell without leaving the shape; the compactness of a circle is 1.
    """
    sides, narrow = [], width_cells
    while narrow * narrow <= cells:
        sides.append((narrow, cells // narrow))
        narrow = max(narrow + 1, math.ceil(narrow * _WIDER))
    boxes = [box for side in sides for box in dict.fromkeys((side, side[::-1]))]
    tried = [np.ones(box, dtype=bool) for box in boxes]
    tried += _discs(cells)
    masks = []
    for mask in tried:
        wide = _cropped(wide_enough(mask, width_cells))
        enough = least_cells <= int(wide.sum()) <= cells
        if enough and compactness(wide) >= least_compactness:
            masks.append(wide)
    runs = [_runs(mask) for mask in masks]
    ends = np.cumsum([len(one) for one in runs], dtype=np.int64)
    return SlidShapes(tuple(masks), np.concatenate([np.empty((0, 4), np.int64), *runs]), ends)


class BestSlid:
    """The best place of any of some shapes, found again where land has been taken."""

    def __init__(self, shapes: SlidShapes, shape: tuple[int, int]) -> None:
        self.shapes = shapes
        blocks = (-(-shape[0] // BLOCK), -(-shape[1] // BLOCK))
        self._best = np.full((*blocks, 4), -1.0)
        self._stale = np.ones(blocks, dtype=bool)

    def changed(self, rows: slice, cols: slice) -> None:
        """Forget what was found for shapes that reach into a window."""
        top, left = (max(span.start - self.shapes.reach, 0) for span in (rows, cols))
        self._stale[
            top // BLOCK : (rows.stop - 1) // BLOCK + 1,
            left // BLOCK : (cols.stop - 1) // BLOCK + 1,
        ] = True

    def best(self, quanta: IntArray, counted: BoolArray) -> tuple[IntArray, IntArray] | None:
        """
        Find the rows and cols of the place with the greatest sum of `quanta`, both (rows, cols).

        The first of equals in reading order; None where no shape fits on the land that counts.
        """
        if not self.shapes.masks:
            return None
        for i, j in np.argwhere(self._stale):
            self._best[i, j] = _best_in_block(
                quanta, counted, self.shapes.runs, self.shapes.ends, self.shapes.reach, i, j
            )
        self._stale[:] = False
        most = self._best[..., 0].max()
        if most < 0:
            return None
        equal = self._best[self._best[..., 0] == most]
        # Sums are whole numbers below 2^53, so they are exact as floats.
        _, row, col, shape = equal[np.lexsort((equal[:, 2], equal[:, 1]))[0]]
        down, right = np.nonzero(self.shapes.masks[int(shape)])
        return down + int(row), right + int(col)


def _discs(cells: int) -> list[BoolArray]:
    """
    Draw the largest discs of no more than `cells` around a centre, a corner and middles of edges.

    Which of them comes nearest to the size wanted depends on that size; only those are given.
    """
    side = math.ceil(math.sqrt(cells / math.pi)) + 1
    found = []
    # In half cells, so that all is in whole numbers.
    for down, right in ((0, 0), (1, 1), (0, 1), (1, 0)):
        rows, cols = np.ogrid[-2 * side : 2 * side + 1 : 2, -2 * side : 2 * side + 1 : 2]
        away = (rows - down) ** 2 + (cols - right) ** 2
        held = [(square, int((away <= square).sum())) for square in np.unique(away)]
        radius = max((square for square, count in held if count <= cells), default=-1)
        disc = np.asarray(away <= radius)
        if disc.any():
            found.append(_cropped(disc))
    most = max((int(disc.sum()) for disc in found), default=0)
    return [disc for disc in found if disc.sum() == most]


def _cropped(mask: BoolArray) -> BoolArray:
    """Cut a shape to the rows and columns that hold any of it; one of no cells stays as it is."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1] if rows.size else mask


def _runs(mask: BoolArray) -> IntArray:
    """
    List the rectangles a shape is made of: rows of equal extent together, int64 (n, 4).

    Each is first row, row after the last, first column, column after the last.
    """
    firsts, lasts = mask.argmax(axis=1), mask.shape[1] - mask[:, ::-1].argmax(axis=1)
    found: list[list[int]] = []
    for row, (first, last) in enumerate(zip(firsts.tolist(), lasts.tolist(), strict=True)):
        if found and found[-1][2:] == [first, last]:
            found[-1][1] = row + 1
        else:
            found.append([row, row + 1, first, last])
    return np.array(found, dtype=np.int64)


@kernel()
def _best_in_block(
    quanta: IntArray,
    counted: BoolArray,
    runs: IntArray,
    ends: IntArray,
    reach: int,
    i: int,
    j: int,
) -> FloatArray:
    """Give sum, row, column and number of the best shape that begins in a block; -1 is none."""
    best = np.full(4, -1.0)
    top, left = i * BLOCK, j * BLOCK
    bottom = min(top + BLOCK + reach, counted.shape[0])
    right = min(left + BLOCK + reach, counted.shape[1])
    # Running sums, so that any rectangle is four look-ups.
    score = np.zeros((bottom - top + 1, right - left + 1), dtype=np.int64)
    land = np.zeros((bottom - top + 1, right - left + 1), dtype=np.int32)
    for r in range(bottom - top):
        for c in range(right - left):
            here = counted[top + r, left + c]
            value = quanta[top + r, left + c] if here else 0
            score[r + 1, c + 1] = score[r, c + 1] + score[r + 1, c] - score[r, c] + value
            one = 1 if here else 0
            land[r + 1, c + 1] = land[r, c + 1] + land[r + 1, c] - land[r, c] + one
    for r in range(min(BLOCK, bottom - top)):
        for c in range(min(BLOCK, right - left)):
            first = 0
            for k in range(ends.shape[0]):
                total = _sum_of(score, land, runs, first, ends[k], r, c)
                first = ends[k]
                if total > best[0]:
                    best[0], best[1], best[2], best[3] = total, top + r, left + c, k
    return best


@kernel()
def _sum_of(
    score: IntArray, land: IntArray, runs: IntArray, first: int, end: int, r: int, c: int
) -> int:
    """Sum a shape with its upper left corner here; -1 where not all of it is land."""
    total = 0
    for k in range(first, end):
        u, v, a, b = r + runs[k, 0], r + runs[k, 1], c + runs[k, 2], c + runs[k, 3]
        if v >= land.shape[0] or b >= land.shape[1]:
            return -1
        held = (v - u) * (b - a)
        if land[v, b] - land[u, b] - land[v, a] + land[u, a] != held:
            return -1
        total += score[v, b] - score[u, b] - score[v, a] + score[u, a]
    return total
