"""
Sites: contiguous pieces of land that are large enough, grown from the best places outward.

A site grows cell by cell from the best neighbourhood, taking the best neighbour next and staying
round rather than stringy, until it holds the land the use asks for. Pieces below the least area are
never called a site. Cells touch by edges; nothing is ever downsampled.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from maemoh_gis._types import BoolArray, FloatArray, IntArray

# Score given up for one radius of distance from the seed: enough to keep a site round on even land,
# too little to pass over land that is clearly better. ASSUMPTION.
_PULL_TO_SEED = 0.15
_NEIGHBOURS = ((-1, 0), (0, -1), (0, 1), (1, 0))


@dataclass(frozen=True)
class SiteNeeds:
    """What a use asks of a site, in cells."""

    cells: int
    """Cells a site should hold."""
    least_cells: int
    """Cells below which a piece of land is no site."""
    least_score: float
    """No cell of a site scores below this."""
    count: int
    """Sites wanted."""
    spacing_cells: float = 0.0
    """Least gap between sites."""


def grow_sites(score: FloatArray, usable: BoolArray, needs: SiteNeeds) -> IntArray:
    """
    Grow sites best first.

    Parameters
    ----------
    score : float array (rows, cols)
        Suitability; NaN is unknown.
    usable : bool array (rows, cols)
        Land a site may hold.
    needs : SiteNeeds
        What is asked.

    Returns
    -------
    label : int32 array (rows, cols)
        0 where there is no site, else the rank of the site: 1 has the highest mean score, ties
        going to the one farther north, then west.
    """
    free = usable & (np.nan_to_num(score, nan=-1.0) >= needs.least_score)
    free = _large_enough(free, needs.least_cells)
    neighbourhood = _neighbourhood_mean(score, free, needs.cells)
    label = np.zeros(score.shape, dtype=np.int32)
    found = 0
    # Best neighbourhood first; equal ones in reading order, so the answer never depends on the
    # sort.
    order = np.argsort(-neighbourhood[free], kind="stable")
    rows, cols = (axis[order] for axis in np.nonzero(free))
    for row, col in zip(rows.tolist(), cols.tolist(), strict=True):
        if found == needs.count:
            break
        if not free[row, col]:
            continue
        cells = _grow(score, free, (row, col), needs.cells)
        at = tuple(np.array(cells).T)
        free[at] = False
        if len(cells) < needs.least_cells:
            continue
        found += 1
        label[at] = found
        if needs.spacing_cells > 0:
            _clear_around(free, label == found, needs.spacing_cells)
    return _ranked(label, score, found)


def _grow(
    score: FloatArray, free: BoolArray, seed: tuple[int, int], wanted: int
) -> list[tuple[int, int]]:
    """Take the best cells that touch what is already taken, until there are `wanted`."""
    radius = math.sqrt(wanted / math.pi)
    front = [(-float(score[seed]), seed)]
    seen = {seed}
    taken: list[tuple[int, int]] = []
    rows, cols = score.shape
    while front and len(taken) < wanted:
        _, cell = heapq.heappop(front)
        taken.append(cell)
        for down, right in _NEIGHBOURS:
            row, col = cell[0] + down, cell[1] + right
            if not (0 <= row < rows and 0 <= col < cols) or (row, col) in seen:
                continue
            seen.add((row, col))
            if free[row, col]:
                away = math.hypot(row - seed[0], col - seed[1]) / radius
                heapq.heappush(front, (_PULL_TO_SEED * away - float(score[row, col]), (row, col)))
    return taken


def _large_enough(free: BoolArray, least_cells: int) -> BoolArray:
    """Keep only connected pieces of at least `least_cells`."""
    pieces, _ = ndimage.label(free)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    return np.asarray((sizes >= least_cells)[pieces])


def _neighbourhood_mean(score: FloatArray, free: BoolArray, cells: int) -> FloatArray:
    """Average the score over a square of `cells`, unusable land counting as 0."""
    side = max(round(math.sqrt(cells)), 1)
    values = np.where(free, np.nan_to_num(score), 0.0)
    # Rounded, because the running sum differs in the last bits from one window to another.
    return np.asarray(np.round(ndimage.uniform_filter(values, size=side, mode="constant"), 6))


def _clear_around(free: BoolArray, site: BoolArray, gap: float) -> None:
    margin = math.ceil(gap) + 1
    rows, cols = np.nonzero(site)
    window = (
        slice(max(rows.min() - margin, 0), rows.max() + margin + 1),
        slice(max(cols.min() - margin, 0), cols.max() + margin + 1),
    )
    near = ndimage.distance_transform_edt(~site[window]) <= gap
    free[window] &= ~near


def _ranked(label: IntArray, score: FloatArray, count: int) -> IntArray:
    """Renumber the sites by mean score."""
    if count == 0:
        return label
    ids = np.arange(1, count + 1)
    means = np.round(ndimage.mean(np.nan_to_num(score), label, ids), 9)
    first = ndimage.minimum(np.arange(label.size).reshape(label.shape), label, ids)
    rank = np.zeros(count + 1, dtype=np.int32)
    rank[ids[np.lexsort((first, -means))]] = ids
    return rank[label]
