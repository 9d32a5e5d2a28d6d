"""
Least accumulated cost of reaching each cell, over eight neighbours, exact.

Cells wait in buckets of cost instead of a heap. A bucket is no wider than the cheapest step, so a
cell taken from the lowest bucket cannot be reached more cheaply later. Where costs differ so widely
that this would need too many buckets, a heap takes their place. Either way every cell ends with the
least cost over all paths. This looks at the whole array: it is never run strip by strip.
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

# Some 0.5 MB of list heads; beyond, most buckets would be empty.
_MOST_BUCKETS = 65_536
_NONE = -1


def accumulated_cost(sources: BoolArray, cost_per_m: FloatArray, cell_m: float) -> FloatArray:
    """
    Accumulate cost outward from source cells.

    Parameters
    ----------
    sources : bool array (rows, cols)
        Where the way begins, at no cost.
    cost_per_m : float array (rows, cols)
        Cost of going one metre through a cell, such as minutes per metre; greater than 0. NaN or
        infinite is a barrier, which a diagonal step between two barrier cells does not cross
        either.
    cell_m : float
        Side of a cell in metres.

    Returns
    -------
    cost : float32 array (rows, cols)
        A step costs the mean of its two cells times its length. NaN where no way leads, and at
        barriers.

    References
    ----------
    R. Dial: Algorithm 360, shortest-path forest with topological ordering (1969).

    Examples
    --------
    >>> start = np.array([[True, False, False]])
    >>> accumulated_cost(start, np.array([[1.0, 1.0, np.nan]]), cell_m=30.0)
    array([[ 0., 30., nan]], dtype=float32)
    """
    if sources.shape != cost_per_m.shape:
        raise ValueError(f"sources {sources.shape}, cost_per_m {cost_per_m.shape}")
    # A ring of barriers around the land saves asking at every step whether it leaves the array.
    costs = np.pad(cost_per_m.astype(np.float32, copy=False), 1, constant_values=np.inf)
    low, high, wrong, barriers = _survey(costs.ravel())
    if wrong:
        raise ValueError(f"{wrong} cells cost 0 or less a metre")
    total = np.full(costs.shape, np.inf, dtype=np.float32)
    starts = np.flatnonzero(np.pad(sources.astype(np.bool_, copy=False), 1) & np.isfinite(costs))
    if len(starts):
        # The longest step in widths of the cheapest, and room for rounding at both ends.
        buckets = int(1.5 * high / low) + 4 if high < low * _MOST_BUCKETS else 0
        work = (costs.ravel(), total.ravel(), starts, costs.shape[1], np.float32(cell_m))
        leaks = barriers > 2 * sum(costs.shape) - 4
        if 0 < buckets <= _MOST_BUCKETS:
            _by_buckets(*work, leaks, 1.0 / (low * cell_m), buckets)
        else:
            _by_heap(*work, leaks)
    del costs
    inner = total[1:-1, 1:-1]
    inner[np.isinf(inner)] = np.nan
    return np.ascontiguousarray(inner)


def least_ways(
    total: FloatArray, cost_per_m: FloatArray, cell_m: float, ends: IntArray
) -> list[IntArray]:
    """
    Follow the ways of least cost from some cells back to the sources they are reached from.

    Parameters
    ----------
    total : float32 array (rows, cols)
        What `accumulated_cost` gave for these costs.
    cost_per_m : float array (rows, cols)
        Cost of going one metre through a cell; NaN or infinite is a barrier.
    cell_m : float
        Side of a cell in metres.
    ends : int array (n, 2)
        Rows and columns of the cells.

    Returns
    -------
    ways : list of int64 arrays (m, 2)
        Rows and columns from each cell to its source; empty where no way leads to it.

    Examples
    --------
    >>> start, cost = np.array([[True, False, False]]), np.ones((1, 3))
    >>> total = accumulated_cost(start, cost, 30.0)
    >>> least_ways(total, cost, 30.0, np.array([[0, 2]]))[0].tolist()
    [[0, 2], [0, 1], [0, 0]]
    """
    reached, costs = (
        np.nan_to_num(np.pad(of, 1, constant_values=np.inf).astype(np.float32), nan=np.inf)
        for of in (total, cost_per_m)
    )
    return [
        _back(reached, costs, np.float64(cell_m), row + 1, col + 1) - 1
        if np.isfinite(total[row, col])
        else np.empty((0, 2), dtype=np.int64)
        for row, col in np.asarray(ends, dtype=np.int64).reshape(-1, 2)
    ]


@kernel()
def _back(total: FloatArray, costs: FloatArray, cell_m: float, row: int, col: int) -> IntArray:
    """Step from cell to cell to the neighbour through which each was reached."""
    way = np.empty((256, 2), dtype=np.int64)
    count = 0
    while True:
        if count == len(way):
            way = np.concatenate((way, np.empty_like(way)))
        way[count, 0], way[count, 1] = row, col
        count += 1
        best, best_row, best_col = np.inf, row, col
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                there, beyond = row + down, col + right
                # What reached a cell was reached for less, so no way turns in a circle.
                if not total[there, beyond] < total[row, col]:
                    continue
                slant = down != 0 and right != 0
                if slant and np.isinf(costs[there, col]) and np.isinf(costs[row, beyond]):
                    continue
                metres = cell_m * (np.sqrt(2.0) if slant else 1.0)
                step = 0.5 * (costs[row, col] + costs[there, beyond]) * metres
                if total[there, beyond] + step < best:
                    best, best_row, best_col = total[there, beyond] + step, there, beyond
        if best == np.inf:
            return way[:count].copy()
        row, col = best_row, best_col


@kernel()
def _survey(costs: FloatArray) -> tuple[float, float, int, int]:
    """Count wrong costs and barriers; give the least and greatest cost; make all barriers inf."""
    low, high, wrong, barriers = np.inf, 0.0, 0, 0
    for k in range(len(costs)):
        cost = costs[k]
        if np.isfinite(cost):
            low, high = min(low, cost), max(high, cost)
        else:
            barriers += 1
        if cost <= 0.0:
            wrong += 1
        if np.isnan(cost):
            costs[k] = np.inf
    return low, high, wrong, barriers


@kernel()
def _by_buckets(
    costs: FloatArray,
    total: FloatArray,
    starts: IntArray,
    cols: int,
    cell_m: float,
    leaks: bool,  # noqa: FBT001
    per_cost: float,
    buckets: int,
) -> None:
    """Lower `total` to the least cost from the cells in `starts`; all arrays flat with a ring."""
    head = np.full(buckets, _NONE, dtype=np.int32)
    cells = np.empty(max(2 * len(starts), 65_536), dtype=np.int64)
    keys = np.empty(len(cells), dtype=np.float32)
    following = np.empty(len(cells), dtype=np.int32)
    total[starts] = 0.0
    cells[: len(starts)], keys[: len(starts)] = starts, 0.0
    following[0] = _NONE
    following[1 : len(starts)] = np.arange(len(starts) - 1)
    head[0] = len(starts) - 1
    free: Any = np.int32(_NONE)
    used, waiting, now = len(starts), len(starts), 0
    offers = np.empty(8, dtype=np.int64)
    entry: Any
    while waiting > 0:
        slot = now % buckets
        entry = head[slot]
        if entry == _NONE:
            now += 1
            continue
        head[slot] = following[entry]
        cell, key = cells[entry], keys[entry]
        following[entry], free = free, entry
        waiting -= 1
        # A cell that was reached more cheaply since stands in an earlier bucket too.
        if key > total[cell]:
            continue
        for k in range(_offer(costs, total, cell, cols, cell_m, leaks, offers)):
            if free == _NONE:
                if used == len(cells):
                    cells = np.concatenate((cells, np.empty_like(cells)))
                    keys = np.concatenate((keys, np.empty_like(keys)))
                    following = np.concatenate((following, np.empty_like(following)))
                entry = np.int32(used)
                used += 1
            else:
                entry, free = free, following[free]
            better = total[offers[k]]
            slot = max(int(better * per_cost), now) % buckets
            cells[entry], keys[entry], following[entry] = offers[k], better, head[slot]
            head[slot] = entry
            waiting += 1


@kernel()
def _by_heap(
    costs: FloatArray,
    total: FloatArray,
    starts: IntArray,
    cols: int,
    cell_m: float,
    leaks: bool,  # noqa: FBT001
) -> None:
    """Do what `_by_buckets` does where costs differ too widely for buckets."""
    total[starts] = 0.0
    heap = [(np.float32(0.0), cell) for cell in starts]
    offers = np.empty(8, dtype=np.int64)
    while len(heap) > 0:
        key, cell = heapq.heappop(heap)
        if key > total[cell]:
            continue
        for k in range(_offer(costs, total, cell, cols, cell_m, leaks, offers)):
            heapq.heappush(heap, (total[offers[k]], offers[k]))


@kernel(inline="always")
def _offer(
    costs: FloatArray,
    total: FloatArray,
    cell: int,
    cols: int,
    cell_m: float,
    leaks: bool,  # noqa: FBT001
    offers: IntArray,
) -> int:
    """Offer the neighbours of a cell the way through it; list those that take it."""
    here, spent = costs[cell], total[cell]
    half = np.float32(0.5) * cell_m
    slant = np.float32(0.5 * np.sqrt(2.0)) * cell_m
    count = 0
    for side in (-cols, -1, 1, cols):
        there = cell + side
        # A barrier costs infinity, and infinity is not below infinity.
        cost = spent + (here + costs[there]) * half
        if cost < total[there]:
            total[there] = cost
            offers[count] = there
            count += 1
    for down in (-cols, cols):
        for right in (-1, 1):
            there = cell + down + right
            cost = spent + (here + costs[there]) * slant
            if cost < total[there]:
                if leaks and costs[cell + down] == np.inf and costs[cell + right] == np.inf:
                    continue
                total[there] = cost
                offers[count] = there
                count += 1
    return count
