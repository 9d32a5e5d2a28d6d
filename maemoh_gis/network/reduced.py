"""
A large network cut down to what least costs between given nodes need.

A node that nobody asks about is taken out, and its neighbours are joined by edges that cost what
the ways through it cost, so least costs between the others stay the same. Dead ends and bends go
first, then crossings of few roads, until what is left is so closely knit that taking out more would
add more edges than it saves. On a road network a few nodes in a thousand are left.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

# A node with more neighbours stays: taking it out adds more edges than a search saves.
_MOST_NEIGHBOURS = 12
# A node with no more neighbours than this goes at once: it leaves no more edges than it had.
_ALWAYS = 2
# Nodes of one more neighbour go once a turn leaves at least this share of those that wait.
_WORTH_A_TURN = 0.95
# Places of the smallest block, and places to add at least when they run short.
_LEAST_ROOM, _LEAST_MORE = 4, 1_024
# Blocks of 2^k places, for every k that 32-bit node numbers allow.
_SIZES = 32
_NONE = -1


class _Neighbours(NamedTuple):
    """Who is next to whom, changing; each node has a block of `room` places in the long arrays."""

    start: IntArray
    """Where the block of each node begins, int64 (n,)."""
    room: IntArray
    """How many places it has, a power of two, int32 (n,)."""
    degree: IntArray
    """How many of them are in use, int32 (n,)."""
    free: IntArray
    """First unused block of each size; unused blocks of a size are a chain, int64 (sizes,)."""
    end: IntArray
    """Where nothing has been used yet, int64 (1,)."""
    other: IntArray
    """Neighbours, int32; in an unused block, the next unused one."""
    ahead: FloatArray
    """Cost to the neighbour, infinite where there is no way."""
    back: FloatArray
    """Cost from the neighbour."""


def reduced(matrix: csr_array, kept: IntArray) -> tuple[csr_array, IntArray]:
    """
    Take out nodes without changing the least costs between those kept.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array (n, n)
        Costs of edges, finite and not negative.
    kept : int array (k,)
        Nodes that must stay.

    Returns
    -------
    matrix : scipy.sparse.csr_array (c, c)
        Costs of edges between the nodes that are left. Costs are added up in another order than
        along a way, so sums can differ in their last bits.
    left : int64 array (c,)
        Which nodes those are, rising.

    References
    ----------
    R. Geisberger, P. Sanders, D. Schultes, D. Delling: Contraction Hierarchies (2008), here without
    their search for witnesses; the order is that of H. M. Markowitz: The Elimination Form of the
    Inverse (1957).
    """
    near = _laid_out(matrix)
    gone = np.zeros(matrix.shape[0], dtype=np.bool_)
    touched = np.zeros(matrix.shape[0], dtype=np.int32)
    waiting = np.flatnonzero(~np.isin(np.arange(matrix.shape[0]), kept))
    turn, limit = 0, _ALWAYS
    while limit <= _MOST_NEIGHBOURS:
        turn += 1
        done = still = 0
        while done < len(waiting):
            done, still = _one_turn(near, waiting, gone, touched, turn, limit, done, still)
            if done < len(waiting):
                near = _with_more_places(near)
        limit += still >= _WORTH_A_TURN * len(waiting)
        waiting = waiting[:still]
    return _what_is_left(near, gone)


def _laid_out(matrix: csr_array) -> _Neighbours:
    """Bring the edges from and to each node together."""
    n = matrix.shape[0]
    # Where all edges go both ways these are the neighbours; where not, blocks grow.
    wanted = np.maximum(np.diff(matrix.indptr), np.bincount(matrix.indices, minlength=n))
    size = np.ceil(np.log2(np.maximum(wanted, _LEAST_ROOM))).astype(np.int64)
    room = np.left_shift(1, size)
    end = int(room.sum())
    near = _Neighbours(
        np.cumsum(room) - room,
        room.astype(np.int32),
        np.zeros(n, dtype=np.int32),
        np.full(_SIZES, _NONE, dtype=np.int64),
        np.array([end]),
        np.empty(end, dtype=np.int32),
        np.empty(end),
        np.empty(end),
    )
    node = 0
    while True:
        node = _fill(near, matrix.indptr, matrix.indices, matrix.data, node)
        if node == n:
            return near
        near = _with_more_places(near)


def _with_more_places(near: _Neighbours) -> _Neighbours:
    """Make the long arrays longer."""
    more = len(near.other) // 4 + _LEAST_MORE
    return near._replace(
        other=np.append(near.other, np.empty(more, dtype=np.int32)),
        ahead=np.append(near.ahead, np.empty(more)),
        back=np.append(near.back, np.empty(more)),
    )


def _what_is_left(near: _Neighbours, gone: BoolArray) -> tuple[csr_array, IntArray]:
    """Give the edges between the nodes that were not taken out, and those nodes."""
    left = np.flatnonzero(~gone)
    place = np.repeat(near.start[left] - np.cumsum(near.degree[left]), near.degree[left])
    place += np.repeat(near.degree[left], near.degree[left]) + np.arange(len(place))
    tail = np.repeat(np.arange(len(left)), near.degree[left])
    open_ = np.isfinite(near.ahead[place])
    place, tail = place[open_], tail[open_]
    starts = np.searchsorted(tail, np.arange(len(left) + 1)).astype(np.int32)
    heads = np.searchsorted(left, near.other[place]).astype(np.int32)
    return csr_array((near.ahead[place], heads, starts), shape=(len(left), len(left))), left


@kernel()
def _fill(
    near: _Neighbours, starts: IntArray, heads: IntArray, costs: FloatArray, node: int
) -> int:
    """Enter edges by tail, from a node on; give the node at which places run short, or `n`."""
    n = len(near.start)
    while node < n:
        places = 0
        for edge in range(starts[node], starts[node + 1]):
            places += 2 * (near.room[node] + near.room[heads[edge]])
        if near.end[0] + places > len(near.other):
            return node
        for edge in range(starts[node], starts[node + 1]):
            head = np.int64(heads[edge])
            if head != node:
                _join(near, node, head, costs[edge], np.inf)
                _join(near, head, node, np.inf, costs[edge])
        node += 1
    return n


@kernel()
def _one_turn(
    near: _Neighbours,
    waiting: IntArray,
    gone: BoolArray,
    touched: IntArray,
    turn: int,
    limit: int,
    done: int,
    still: int,
) -> tuple[int, int]:
    """Take out what has few neighbours; give how far it came before places run short."""
    while done < len(waiting):
        node = waiting[done]
        begin, count = near.start[node], np.int64(near.degree[node])
        # What lost a neighbour in this turn waits, so that no place is worn down before others.
        if count > limit or (count > _ALWAYS and touched[node] == turn):
            waiting[still] = node
            still += 1
            done += 1
            continue
        places = 0
        for at in range(begin, begin + count):
            places += 2 * (near.room[near.other[at]] + count)
        if near.end[0] + places > len(near.other):
            break
        _take_out(near, node)
        gone[node] = True
        for at in range(begin, begin + count):
            touched[near.other[at]] = turn
        _set_free(near, begin, np.int64(near.room[node]))
        done += 1
    return done, still


@kernel()
def _take_out(near: _Neighbours, node: int) -> None:
    """Join the neighbours of a node by the ways through it, and to it no more."""
    begin = near.start[node]
    end = begin + near.degree[node]
    for i in range(begin, end):
        one = np.int64(near.other[i])
        _part(near, one, node)
        for j in range(begin, end):
            if i != j:
                out, into = near.back[i] + near.ahead[j], near.back[j] + near.ahead[i]
                _join(near, one, np.int64(near.other[j]), out, into)


@kernel()
def _join(near: _Neighbours, node: int, neighbour: int, out: float, into: float) -> None:
    """Note a way from a node to a neighbour and one back; the cheaper ones count."""
    if out == np.inf and into == np.inf:
        return
    begin, count = near.start[node], np.int64(near.degree[node])
    for at in range(begin, begin + count):
        if near.other[at] == neighbour:
            near.ahead[at] = min(near.ahead[at], out)
            near.back[at] = min(near.back[at], into)
            return
    if count == near.room[node]:
        fresh = _block(near, 2 * count)
        for i in range(count):
            near.other[fresh + i] = near.other[begin + i]
            near.ahead[fresh + i] = near.ahead[begin + i]
            near.back[fresh + i] = near.back[begin + i]
        _set_free(near, begin, count)
        near.room[node] = 2 * count
        near.start[node] = begin = fresh
    at = begin + count
    near.other[at], near.ahead[at], near.back[at] = neighbour, out, into
    near.degree[node] = count + 1


@kernel()
def _part(near: _Neighbours, node: int, neighbour: int) -> None:
    """Forget a neighbour."""
    at = near.start[node]
    while near.other[at] != neighbour:
        at += 1
    near.degree[node] -= 1
    last = near.start[node] + near.degree[node]
    near.other[at] = near.other[last]
    near.ahead[at], near.back[at] = near.ahead[last], near.back[last]


@kernel()
def _block(near: _Neighbours, room: int) -> int:
    """Give a block of a size, one that was set free if there is one."""
    size = _size(room)
    block: int = near.free[size]
    if block == _NONE:
        block = near.end[0]
        near.end[0] += room
    else:
        near.free[size] = near.other[block]
    return block


@kernel()
def _set_free(near: _Neighbours, block: int, room: int) -> None:
    size = _size(room)
    near.other[block] = near.free[size]
    near.free[size] = block


@kernel()
def _size(room: int) -> int:
    size = 0
    while 1 << size < room:
        size += 1
    return size
