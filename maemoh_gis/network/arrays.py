"""
A network as plain arrays, and least ways over it.

Nodes are numbered along a Hilbert curve, so that neighbours on the ground are neighbours in memory.
Of several edges between two nodes the cheapest counts. A place that cannot be reached is NaN, and
is counted: no way is not a long way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.network.edges import edges_of, places_of

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
    from maemoh_gis.network.edges import EdgeKey, Graph

# Nodes times sources from which taking nodes out first is quicker, compiled code loaded.
_MANY = 10_000_000
_NONE = -9999
"""What scipy writes where a node has no predecessor."""


@dataclass(frozen=True)
class NetworkArrays:
    """A network as arrays; `n` nodes in the order of a Hilbert curve, `m` directed edges."""

    ids: IntArray
    """Node numbers of the graph, int64 (n,)."""
    xy: FloatArray
    """Their places, float64 (n, 2), in the CRS of the network."""
    keys: tuple[EdgeKey, ...]
    """The edges as the graph knows them, by tail, head and cost."""
    tail: IntArray
    """Position of the first node of each edge, (m,)."""
    head: IntArray
    """Position of its last node, (m,)."""
    cost: FloatArray
    """What it costs, float64 (m,)."""

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.ids)

    def positions(self, nodes: Iterable[int]) -> IntArray:
        """Find the positions of nodes of the graph, int64 (k,)."""
        wanted = list(nodes)
        absent = [node for node in wanted if node not in self._where]
        if absent:
            raise LayerError([Fault("unknown_node", key=str(node)) for node in absent])
        return np.array([self._where[node] for node in wanted], dtype=np.int64)

    @cached_property
    def _where(self) -> dict[int, int]:
        """Position of each node of the graph."""
        return {id: position for position, id in enumerate(self.ids.tolist())}

    @cached_property
    def cheapest(self) -> tuple[csr_array, IntArray]:
        """The matrix with all edges open; see `matrix`."""
        return self.matrix()

    @cached_property
    def by_ends(self) -> dict[tuple[int, int], int]:
        """The cheapest edge between every two nodes, by their positions."""
        edge = self.cheapest[1]
        ends = zip(self.tail[edge].tolist(), self.head[edge].tolist(), strict=True)
        return dict(zip(ends, edge.tolist(), strict=True))

    def matrix(self, closed: BoolArray | None = None) -> tuple[csr_array, IntArray]:
        """
        Give the cheapest edge between every two nodes.

        Parameters
        ----------
        closed : bool array (m,), optional
            Edges that are shut.

        Returns
        -------
        matrix : scipy.sparse.csr_array (n, n)
            Costs; an edge that costs nothing is stored as a zero.
        edge : int64 array
            Which of the `m` edges each stored value is.
        """
        edge = np.arange(len(self.tail))
        if closed is not None:
            edge = edge[~closed]
        tail, head = self.tail[edge], self.head[edge]
        # Edges stand by tail, head and cost, so the first of each pair is the cheapest.
        first = np.ones(len(edge), dtype=bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        edge = edge[first]
        starts = np.searchsorted(self.tail[edge], np.arange(self.n + 1))
        parts = (self.cost[edge], self.head[edge].astype(np.int32), starts.astype(np.int32))
        return csr_array(parts, shape=(self.n, self.n)), edge


@dataclass(frozen=True)
class Costs:
    """Least costs between places."""

    values: FloatArray
    """From each source (row) to each target (column); NaN where there is no way."""

    @property
    def unreachable(self) -> int:
        """Number of pairs without a way."""
        return int(np.isnan(self.values).sum())


def network_arrays(
    graph: Graph,
    weight: str = "minutes",
    *,
    wanted: Callable[[Mapping[str, Any]], bool] | None = None,
) -> NetworkArrays:
    """
    Lay a network out as arrays, by `minutes`, `length` or any number that its edges carry.

    All its nodes, and the edges of which what they hold is `wanted`.
    """
    if graph.number_of_nodes() == 0:
        raise LayerError(Fault("network_empty"))
    ids = np.array(sorted(graph.nodes), dtype=np.int64)
    xy = places_of(graph, ids.tolist())
    order = np.lexsort((ids, _along_hilbert(xy)))
    ids, xy = ids[order], xy[order]
    keys, carried = _edges(graph, wanted)
    cost = _costs(keys, carried, weight)
    where = np.empty(len(ids), dtype=np.int64)
    where[order] = np.arange(len(ids))
    columns = np.array(keys, dtype=np.int64).reshape(-1, 3).T
    tail, head = (where[np.searchsorted(ids[where], ends)] for ends in columns[:2])
    by_ends = np.lexsort((columns[2], cost, head, tail))
    ordered = tuple(keys[row] for row in by_ends.tolist())
    return NetworkArrays(ids, xy, ordered, tail[by_ends], head[by_ends], cost[by_ends])


def _edges(
    graph: Graph, wanted: Callable[[Mapping[str, Any]], bool] | None
) -> tuple[list[EdgeKey], list[Mapping[str, Any]]]:
    """List the edges that are wanted, and what they carry."""
    chosen = [edge for edge in edges_of(graph) if wanted is None or wanted(edge[3])]
    return [edge[:3] for edge in chosen], [held for *_, held in chosen]


def _costs(
    keys: Sequence[EdgeKey], carried: Sequence[Mapping[str, Any]], weight: str
) -> FloatArray:
    """Read what edges cost, float64 (m,); raise LayerError for each of which it is no cost."""
    cost = np.array([held.get(weight, np.nan) for held in carried], dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(cost) & (cost >= 0))).tolist()
    if wrong:
        raise LayerError([
            Fault("edge_cost", key=f"{keys[row][0]} → {keys[row][1]}",
                  found=str(carried[row].get(weight, "–")), expected=weight)
            for row in wrong
        ])  # fmt: skip
    return cost


def least_costs(
    network: NetworkArrays, sources: Sequence[int], targets: Sequence[int] | None = None
) -> Costs:
    """
    Find the least cost from each source to each target; NaN where there is no way.

    Where a network and the number of sources are large, nodes that nobody asks about are taken out
    first; costs are then added in another order, and their last bits can differ.
    """
    matrix, starts = network.cheapest[0], network.positions(sources)
    if targets is None:
        return Costs(least_from(matrix, starts))
    ends = network.positions(targets)
    if network.n * len(starts) < _MANY:
        return Costs(least_from(matrix, starts)[:, ends])
    from maemoh_gis.network.many_to_many import least_between

    return Costs(least_between(matrix, starts, ends))


def least_from(matrix: csr_array, positions: IntArray) -> FloatArray:
    """
    Find least costs to all nodes, by Dijkstra's algorithm with a heap.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array (n, n)
        Costs of edges.
    positions : int array (k,)
        Where to start.

    Returns
    -------
    float64 array (k, n)
        NaN where there is no way.
    """
    found = np.atleast_2d(dijkstra(matrix, directed=True, indices=positions))
    found = found.reshape(len(positions), matrix.shape[0])
    found[np.isinf(found)] = np.nan
    return found


def least_ways(
    network: NetworkArrays, source: int, targets: Sequence[int]
) -> list[list[EdgeKey] | None]:
    """
    Find the least way from one node to each of several.

    For each target the edges of its way, from the source on; None where there is no way.
    """
    return [
        None if way is None else [network.keys[edge] for edge in way]
        for way in edges_of_ways(network, source, targets)
    ]


def edges_of_ways(
    network: NetworkArrays, source: int, targets: Sequence[int]
) -> list[list[int] | None]:
    """Find the least ways as `least_ways` does, their edges by position."""
    first = network.positions([source])
    start = int(first[0])
    before = dijkstra(network.cheapest[0], indices=first, return_predecessors=True)[1][0].tolist()
    ways: list[list[int] | None] = []
    for target in network.positions(targets):
        way: list[int] = []
        at = int(target)
        while at != start and before[at] != _NONE:
            way.append(network.by_ends[before[at], at])
            at = before[at]
        ways.append(way[::-1] if at == start else None)
    return ways


def _along_hilbert(xy: FloatArray) -> IntArray:
    """Give the position of points along a Hilbert curve over their bounds."""
    import geopandas as gpd

    low, high = xy.min(axis=0), xy.max(axis=0)
    # A network on a straight north-south or east-west line has no width; the curve needs some.
    high = np.where(high > low, high, low + 1.0)
    points = gpd.GeoSeries.from_xy(xy[:, 0], xy[:, 1])
    return points.hilbert_distance(total_bounds=(*low, *high), level=16).to_numpy(dtype=np.int64)
