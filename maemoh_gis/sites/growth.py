"""Compiled loops of growing sites: the next seed, and the growth from it."""

from __future__ import annotations

import heapq
import math

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, IntArray

QUANTUM = 2**20
"""Scores are counted in whole parts of 1 / QUANTUM, so that sums are exact in any order."""
BLOCK = 128
"""Side of the blocks whose best seed is remembered."""


@kernel()
def best_seed(key: IntArray, block_best: IntArray, stale: BoolArray) -> tuple[int, int]:
    """
    Find the cell with the greatest key, the first of equals in reading order.

    Parameters
    ----------
    key : int64 array (rows, cols)
        Worth of each seed; below 0 is none.
    block_best : int64 array (rows / BLOCK, cols / BLOCK)
        Greatest key of each block, brought up to date here.
    stale : bool array, same shape
        Blocks to look at again, cleared here.
    """
    rows, cols = key.shape
    best = -1
    for i in range(block_best.shape[0]):
        for j in range(block_best.shape[1]):
            if stale[i, j]:
                most = -1
                for r in range(i * BLOCK, min((i + 1) * BLOCK, rows)):
                    for c in range(j * BLOCK, min((j + 1) * BLOCK, cols)):
                        most = max(most, key[r, c])
                block_best[i, j] = most
                stale[i, j] = False
            best = max(best, block_best[i, j])
    at_row, at_col = -1, -1
    if best < 0:
        return at_row, at_col
    for i in range(block_best.shape[0]):
        for j in range(block_best.shape[1]):
            if block_best[i, j] != best:
                continue
            row, col = _first_in_block(key, best, i, j)
            if at_row < 0 or row < at_row or (row == at_row and col < at_col):
                at_row, at_col = row, col
    return at_row, at_col


@kernel()
def _first_in_block(key: IntArray, wanted: int, i: int, j: int) -> tuple[int, int]:
    for r in range(i * BLOCK, min((i + 1) * BLOCK, key.shape[0])):
        for c in range(j * BLOCK, min((j + 1) * BLOCK, key.shape[1])):
            if key[r, c] == wanted:
                return r, c
    return -1, -1


@kernel()
def grow(
    quanta: IntArray,
    counted: BoolArray,
    fits: BoolArray,
    disc: IntArray,
    taken: BoolArray,
    seen: BoolArray,
    seed_row: int,
    seed_col: int,
    wanted: int,
    least: int,
    pull: float,
) -> tuple[IntArray, IntArray, IntArray, IntArray, int]:
    """
    Take the best circles that touch what is already taken, until there are `wanted` cells.

    Parameters
    ----------
    quanta : int32 array (rows, cols)
        Score in parts of 1 / QUANTUM.
    counted : bool array (rows, cols)
        Cells that count as land of the site.
    fits : bool array (rows, cols)
        Middle cells of circles that may be taken.
    disc : int64 array (across, 3)
        The circle, see `site_shape.disc_rows`.
    taken, seen : bool array (rows, cols)
        Scratch, False everywhere; left so.
    seed_row, seed_col : int
        Middle of the first circle.
    wanted, least : int
        Cells wanted; no circle takes the site beyond them once it holds `least`.
    pull : float
        Score given up for one radius of distance from the seed.
    """
    radius = math.sqrt(wanted / math.pi)
    front = [(0.0, seed_row, seed_col)]
    seen[seed_row, seed_col] = True
    looked = [(seed_row, seed_col)]
    cells = [(seed_row, seed_col)]
    cells.pop()
    count = 0
    while len(front) > 0 and count < wanted:
        _, row, col = heapq.heappop(front)
        more = _not_yet_taken(counted, taken, disc, row, col)
        if count >= least and count + more > wanted:
            continue
        count += more
        _take(taken, disc, row, col, cells)
        for down, right in ((-1, 0), (0, -1), (0, 1), (1, 0)):
            r, c = row + down, col + right
            if _may_follow(fits, seen, r, c):
                seen[r, c] = True
                looked.append((r, c))
                away = math.sqrt((r - seed_row) ** 2 + (c - seed_col) ** 2) / radius
                heapq.heappush(front, (pull * away - _mean_in(quanta, disc, r, c), r, c))
    at = np.array(cells)
    looked_at = np.array(looked)
    for i in range(at.shape[0]):
        taken[at[i, 0], at[i, 1]] = False
    for i in range(looked_at.shape[0]):
        seen[looked_at[i, 0], looked_at[i, 1]] = False
    return at[:, 0], at[:, 1], looked_at[:, 0], looked_at[:, 1], count


@kernel()
def _not_yet_taken(counted: BoolArray, taken: BoolArray, disc: IntArray, row: int, col: int) -> int:
    more = 0
    for k in range(disc.shape[0]):
        r = row + disc[k, 0]
        for c in range(col + disc[k, 1], col + disc[k, 2] + 1):
            if counted[r, c] and not taken[r, c]:
                more += 1
    return more


@kernel()
def _take(
    taken: BoolArray, disc: IntArray, row: int, col: int, cells: list[tuple[int, int]]
) -> None:
    for k in range(disc.shape[0]):
        r = row + disc[k, 0]
        for c in range(col + disc[k, 1], col + disc[k, 2] + 1):
            if not taken[r, c]:
                taken[r, c] = True
                cells.append((r, c))


@kernel()
def _may_follow(fits: BoolArray, seen: BoolArray, row: int, col: int) -> bool:
    inside = 0 <= row < fits.shape[0] and 0 <= col < fits.shape[1]
    return inside and fits[row, col] and not seen[row, col]


@kernel()
def _mean_in(quanta: IntArray, disc: IntArray, row: int, col: int) -> float:
    total, area = 0, 0
    for k in range(disc.shape[0]):
        area += disc[k, 2] - disc[k, 1] + 1
        for c in range(col + disc[k, 1], col + disc[k, 2] + 1):
            total += quanta[row + disc[k, 0], c]
    return total / (area * QUANTUM)
