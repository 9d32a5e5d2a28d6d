"""
Least costs between many places over a large network.

Nodes that nobody asks about are taken out first, once for all sources; see `reduced`. What is left
is searched from each source by Dijkstra's algorithm, in threads, until all targets are settled.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.sparse import csr_array

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.network.reduced import reduced

_MOST_WORKERS = 8
_CHILDREN = 4
_NONE = -1


def least_between(matrix: csr_array, sources: IntArray, targets: IntArray) -> FloatArray:
    """
    Find least costs from each source to each target.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array (n, n)
        Costs of edges, finite and not negative; the cheapest edge between two nodes.
    sources : int array (k,)
        Where to start.
    targets : int array (t,)
        Where to go.

    Returns
    -------
    float64 array (k, t)
        NaN where there is no way. Equal to a search over the whole network but for the order in
        which costs are added: the last bits, some 1e-15 of a cost for each edge of the way.
    """
    network, left = reduced(matrix, np.concatenate([sources, targets]))
    starts = np.searchsorted(left, sources)
    ends = np.searchsorted(left, targets)
    wanted = np.zeros(len(left), dtype=np.bool_)
    wanted[ends] = True
    found = np.empty((len(starts), len(ends)))
    workers = max(1, min(os.cpu_count() or 1, _MOST_WORKERS, len(starts)))

    def search(worker: int) -> None:
        # Every so many-th row: neighbouring rows start near each other and take equally long.
        rows = np.arange(worker, len(starts), workers)
        _search(network.indptr, network.indices, network.data, starts, ends, wanted, rows, found)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(search, range(workers)))
    return found


@kernel()
def _search(
    first: IntArray,
    heads: IntArray,
    costs: FloatArray,
    starts: IntArray,
    ends: IntArray,
    wanted: BoolArray,
    rows: IntArray,
    found: FloatArray,
) -> None:
    """Write the rows of least costs; edges of a node stand from `first` of it to that of next."""
    n = len(first) - 1
    cost = np.full(n, np.inf)
    place = np.full(n, _NONE, np.int32)
    heap = np.empty(n, np.int32)
    for row in rows:
        cost[:] = np.inf
        place[:] = _NONE
        cost[starts[row]] = 0.0
        _rise(heap, place, cost, starts[row], 0)
        size = 1
        missing = wanted.sum()
        while size > 0:
            node = heap[0]
            missing -= wanted[node]
            if missing == 0:
                break
            size -= 1
            _sink(heap, place, cost, heap[size], size)
            for edge in range(first[node], first[node + 1]):
                head = np.int64(heads[edge])
                there = cost[node] + costs[edge]
                if there < cost[head]:
                    cost[head] = there
                    if place[head] == _NONE:
                        place[head] = size
                        size += 1
                    _rise(heap, place, cost, head, place[head])
        for column, end in enumerate(ends):
            found[row, column] = cost[end] if cost[end] < np.inf else np.nan


@kernel()
def _rise(heap: IntArray, place: IntArray, cost: FloatArray, node: int, at: int) -> None:
    """Put a node at a place of the heap or above it, wherever its cost belongs."""
    while at > 0:
        above = (at - 1) // _CHILDREN
        if cost[heap[above]] <= cost[node]:
            break
        heap[at] = heap[above]
        place[heap[at]] = at
        at = above
    heap[at] = node
    place[node] = at


@kernel()
def _sink(heap: IntArray, place: IntArray, cost: FloatArray, node: int, size: int) -> None:
    """Put a node at the top of a heap of a size or below it, wherever its cost belongs."""
    at = 0
    while _CHILDREN * at + 1 < size:
        least = _CHILDREN * at + 1
        for child in range(least + 1, min(least + _CHILDREN, size)):
            if cost[heap[child]] < cost[heap[least]]:
                least = child
        if cost[heap[least]] >= cost[node]:
            break
        heap[at] = heap[least]
        place[heap[at]] = at
        at = least
    heap[at] = node
    place[node] = at
