"""
Where lines meet: by the ids of their ends, or by where they end.

Ids may be any text or whole number. Where lines name none, ends that lie within a tolerance are one
junction, but never ends that a short way along the lines joins already: a road drawn as many pieces
of a metre stays as long as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from maemoh_gis.core.errors import LayerError, raise_if_blocked
from maemoh_gis.layers.lines import node_faults
from maemoh_gis.network.edges import add_nodes

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.layers.lines import Courses
    from maemoh_gis.network.edges import Graph

_SAME_M = 1e-3
# A way along the lines up to this many tolerances joins two ends well enough.
_ROUND = 10.0
_MOST_DIGITS = 18
"""Whole numbers of more digits do not fit where nodes are counted on from the greatest."""


@dataclass(frozen=True)
class Ends:
    """The nodes at the ends of lines."""

    nodes: IntArray
    """Node at the first and last point of each line, int64 (n, 2)."""
    places: Mapping[int, tuple[float, float]]
    """Where the nodes are, in the CRS of the lines."""
    ids: Mapping[int, str]
    """The id a layer gives a node, where that is no whole number."""

    def add_to(self, graph: Graph, mode: str) -> None:
        """Add the nodes to a network; changed in place."""
        add_nodes(graph, self.places, mode)
        for node, id in self.ids.items():
            graph.nodes[node]["id"] = id


def is_plain(written: str) -> bool:
    """Say whether an id is a whole number as a computer writes it."""
    digits = written.removeprefix("-")
    plain = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return plain and str(int(written)) == written


def ends_of(courses: Courses, named: np.ndarray | None, join_m: float) -> Ends:
    """
    Find the nodes at both ends of lines in a projected CRS in metres, by their ids where named.

    Without ids, ends within `join_m` are one junction; with them, lines that name one node must end
    this near to each other.
    """
    firsts, lasts = (shapely.get_point(courses.lines, k) for k in (0, -1))
    xy = shapely.get_coordinates(np.column_stack([firsts, lasts]).ravel())
    ids: dict[int, str] = {}
    if named is None:
        nodes = _joined(courses.lines, xy, join_m) + 1
    else:
        raise_if_blocked(node_faults(courses, named, join_m), LayerError)
        written = named[courses.feature].ravel()
        known = sorted(set(written))
        if all(map(is_plain, known)):
            numbers = {id: int(id) for id in known}
        else:
            numbers = {id: number for number, id in enumerate(known, start=1)}
            ids = {number: id for id, number in numbers.items()}
        nodes = np.array([numbers[id] for id in written], dtype=np.int64)
    # The first by place, not by file: shuffled features make the same network.
    order = np.lexsort((xy[:, 1], xy[:, 0], nodes))
    _, first = np.unique(nodes[order], return_index=True)
    places = {int(nodes[i]): (float(xy[i, 0]), float(xy[i, 1])) for i in order[first]}
    return Ends(nodes.reshape(-1, 2), places, ids)


def _joined(lines: np.ndarray, xy: FloatArray, join_m: float) -> IntArray:
    """Give ends (2n, 2) that are one junction one number."""
    touching = _clusters(len(xy), KDTree(xy).query_pairs(_SAME_M, output_type="ndarray"))
    _, first = np.unique(touching, return_index=True)
    near = KDTree(xy[first]).query_pairs(join_m, output_type="ndarray")
    if not len(near):
        return touching
    along = _Along(touching.reshape(-1, 2), shapely.length(lines), _ROUND * join_m)
    apart = [not along.joins(int(one), int(other)) for one, other in near]
    return _clusters(len(first), near[np.array(apart, dtype=bool)])[touching]


class _Along:
    """Short ways along lines from end to end."""

    def __init__(self, ends: IntArray, metres: FloatArray, most_m: float) -> None:
        self._most_m = most_m
        self._beside: dict[int, list[tuple[int, float]]] = {}
        for (one, other), length in zip(ends.tolist(), metres.tolist(), strict=True):
            if length <= most_m:
                self._beside.setdefault(one, []).append((other, length))
                self._beside.setdefault(other, []).append((one, length))

    def joins(self, start: int, end: int) -> bool:
        """Say whether a short way joins two ends."""
        known, front = {start: 0.0}, [(0.0, start)]
        while front:
            metres, at = heappop(front)
            if at == end:
                return True
            for other, length in self._beside.get(at, ()):
                there = metres + length
                if there <= self._most_m and there < known.get(other, np.inf):
                    known[other] = there
                    heappush(front, (there, other))
        return False


def _clusters(count: int, pairs: IntArray) -> IntArray:
    """Give what pairs join one number, counted by the first of each."""
    joins = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(joins, directed=False)[1])
