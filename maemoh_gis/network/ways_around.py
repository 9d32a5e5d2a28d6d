"""
Least costs around closures, of which one after another is tried.

What no closure touches is cut down once to what the ways need (`reduced`); only stretches that can
be shut keep edges of their own. A closure then searches a small network, and only from places whose
least ways take what is shut: all other ways stay as they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array

from maemoh_gis.network.arrays import least_from, least_ways
from maemoh_gis.network.edges import held_by, pieces_of
from maemoh_gis.network.reduced import reduced

if TYPE_CHECKING:
    from shapely import LineString

    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.network.arrays import NetworkArrays
    from maemoh_gis.network.edges import EdgeKey, Graph, Piece

_OTHER = -1
"""What no piece is."""


@dataclass(frozen=True)
class WaysAround:
    """Least costs from some nodes to others, and what shutting a stretch makes of them."""

    starts: list[int]
    """Nodes of the rows, rising."""
    ends: list[int]
    """Nodes of the columns, rising."""
    before: FloatArray
    """Least costs with nothing shut, (starts, ends); NaN where there is no way."""
    pieces: tuple[Piece, ...]
    """The stretches on their least ways, in the order of the network: the only ones that hurt."""
    _takers: dict[EdgeKey, set[int]]
    """Rows of `before` of which a least way takes an edge."""
    _left: _Left
    _firsts: IntArray
    _lasts: IntArray
    _chains: dict[Piece, int]
    """Pieces of one chain can only be taken all together, so shutting any is the same."""
    _found: dict[int, FloatArray]

    @classmethod
    def of(
        cls, graph: Graph, network: NetworkArrays, asked: Mapping[int, Sequence[int]]
    ) -> WaysAround:
        """Find the ways from each node of a graph, laid out as arrays, to those asked about."""
        starts, ends = sorted(asked), sorted({end for own in asked.values() for end in own})
        takers = _takers(network, [(start, asked[start]) for start in starts])
        pieces = tuple(p for p in pieces_of(graph) if not takers.keys().isdisjoint(p.edges))
        firsts, lasts = network.positions(starts), network.positions(ends)
        position = {key: index for index, key in enumerate(network.keys)}
        shut = np.array([position[key] for piece in pieces for key in piece.edges], dtype=int)
        left = _Left.of(network, shut, np.concatenate([firsts, lasts]))
        before = least_from(network.cheapest[0], firsts)[:, lasts]
        own = left.place[firsts], left.place[lasts]
        chains = _chains(pieces, left, np.concatenate(own))
        return cls(starts, ends, before, pieces, takers, left, *own, chains, {})

    def around(self, piece: Piece) -> FloatArray:
        """Give the least costs with one of the pieces shut in both directions."""
        chain = self._chains[piece]
        if chain not in self._found:
            self._found[chain] = self._around(piece)
        return self._found[chain]

    def _around(self, piece: Piece) -> FloatArray:
        costs = self.before.copy()
        rows = sorted(set().union(*(self._takers.get(key, ()) for key in piece.edges)))
        open_ = self._left.without(piece.edges)
        costs[rows] = least_from(open_, self._firsts[rows])[:, self._lasts]
        return costs


@dataclass(frozen=True)
class _Left:
    """A network cut down to ends of ways and of stretches that can be shut."""

    place: IntArray
    """Position of each node of the whole network here; meaningless for those taken out."""
    heads: IntArray
    starts: IntArray
    costs: FloatArray
    """As a sparse matrix has them, all stretches open."""
    between: dict[tuple[int, int], dict[EdgeKey, float]]
    """Cost of each edge between two nodes joined by a stretch that can be shut."""
    pair: dict[EdgeKey, tuple[int, int]]
    """The nodes that each of these edges joins."""
    at: dict[tuple[int, int], int]
    """Where `costs` holds what is between two nodes."""
    beside: dict[tuple[int, int], float]
    """What is between two nodes costs at most, as a way by nodes taken out leads there too."""

    @classmethod
    def of(cls, network: NetworkArrays, asked: IntArray, kept: IntArray) -> _Left:
        """Cut a network down, keeping edges asked for and all others between the same nodes."""
        ends = network.tail * network.n + network.head
        own = np.isin(ends, ends[asked])
        kept = np.unique(np.concatenate([kept, network.tail[own], network.head[own]]))
        rest, left = reduced(network.matrix(own)[0], kept)
        place = np.zeros(network.n, dtype=np.int64)
        place[left] = np.arange(len(left))
        between: dict[tuple[int, int], dict[EdgeKey, float]] = {}
        for edge in np.flatnonzero(own).tolist():
            pair = (int(place[network.tail[edge]]), int(place[network.head[edge]]))
            between.setdefault(pair, {})[network.keys[edge]] = float(network.cost[edge])
        return cls._with_edges(place, rest, between)

    @classmethod
    def _with_edges(
        cls,
        place: IntArray,
        rest: csr_array,
        between: dict[tuple[int, int], dict[EdgeKey, float]],
    ) -> _Left:
        n = rest.shape[0]
        tails = np.repeat(np.arange(n), np.diff(rest.indptr))
        known = tails * n + rest.indices
        pairs = np.array([tail * n + head for tail, head in between], dtype=np.int64)
        all_ = np.unique(np.concatenate([known, pairs]))
        costs = np.full(len(all_), np.inf)
        costs[np.searchsorted(all_, known)] = rest.data
        at = dict(zip(between, np.searchsorted(all_, pairs).tolist(), strict=True))
        beside = {pair: float(costs[index]) for pair, index in at.items()}
        for pair, index in at.items():
            costs[index] = min(beside[pair], *between[pair].values())
        starts = np.searchsorted(all_, np.arange(n + 1) * n).astype(np.int32)
        by_key = {key: ends for ends, held in between.items() for key in held}
        return cls(place, (all_ % n).astype(np.int32), starts, costs, between, by_key, at, beside)

    def without(self, edges: Iterable[EdgeKey]) -> csr_array:
        """Give the network with some edges shut; one that no edge is left of costs infinity."""
        shut = set(edges)
        costs = self.costs.copy()
        for pair in {self.pair[key] for key in shut}:
            still = [cost for key, cost in self.between[pair].items() if key not in shut]
            costs[self.at[pair]] = min([self.beside[pair], *still])
        n = len(self.starts) - 1
        return csr_array((costs, self.heads, self.starts), shape=(n, n))


def _chains(pieces: Sequence[Piece], left: _Left, ends: IntArray) -> dict[Piece, int]:
    """
    Give pieces a number, the same to those of which none can be taken without the others.

    That is so where two of them meet at a node and nothing else does: no other road, also none
    beside one of them, and no way that begins or ends there.
    """
    import networkx as nx

    piece_of = {key: index for index, piece in enumerate(pieces) for key in piece.edges}
    meets: dict[int, set[int]] = {int(node): {_OTHER} for node in ends}
    for pair, held in left.between.items():
        own = {piece_of.get(key, _OTHER) for key in held}
        own |= {_OTHER} if np.isfinite(left.beside[pair]) else set()
        for node in pair:
            meets.setdefault(node, set()).update(own)
    alone = np.ones(len(left.heads), dtype=bool)
    alone[list(left.at.values())] = False
    tails = np.repeat(np.arange(len(left.starts) - 1), np.diff(left.starts))
    for node in np.unique(np.concatenate([tails[alone], left.heads[alone]])).tolist():
        meets.setdefault(node, set()).add(_OTHER)
    chains: nx.Graph[int] = nx.Graph()
    chains.add_nodes_from(range(len(pieces)))
    for own in meets.values():
        if len(own) == 2 and _OTHER not in own:
            chains.add_edge(*own)
    return {
        pieces[index]: number
        for number, own in enumerate(nx.connected_components(chains))
        for index in own
    }


def _takers(
    network: NetworkArrays, asked: Sequence[tuple[int, Sequence[int]]]
) -> dict[EdgeKey, set[int]]:
    """Say of each edge on a least way which rows take it."""
    takers: dict[EdgeKey, set[int]] = {}
    for row, (start, ends) in enumerate(asked):
        for way in least_ways(network, start, ends):
            for key in way or ():
                takers.setdefault(key, set()).add(row)
    return takers


def stretches(alike: Mapping[Piece, Hashable]) -> list[tuple[Piece, ...]]:
    """
    Bring pieces together that meet and are alike, in the order of the first of each.

    Between two junctions that matter a road is many pieces, and shutting any of them is the same.
    """
    import networkx as nx

    groups: dict[Hashable, list[Piece]] = {}
    for piece, effect in alike.items():
        groups.setdefault(effect, []).append(piece)
    order = {piece: index for index, piece in enumerate(alike)}
    found: list[tuple[Piece, ...]] = []
    for group in groups.values():
        ends = nx.Graph([piece.edges[0][:2] for piece in group])
        part = {
            node: number
            for number, nodes in enumerate(nx.connected_components(ends))
            for node in nodes
        }
        parts: dict[int, list[Piece]] = {}
        for piece in group:
            parts.setdefault(part[piece.edges[0][0]], []).append(piece)
        found += map(tuple, parts.values())
    return sorted(found, key=lambda pieces: order[pieces[0]])


def course_of(pieces: Sequence[Piece]) -> LineString:
    """Give the course of pieces that meet, the longest of it where they branch."""
    whole = shapely.line_merge(shapely.MultiLineString([piece.line for piece in pieces]))
    parts = np.atleast_1d(shapely.get_parts(whole))
    longest: LineString = parts[int(np.argmax(shapely.length(parts)))]
    return longest


def names_of(graph: Graph, pieces: Sequence[Piece]) -> str:
    """Give the names or numbers that pieces carry, the longest first; empty if none has any."""
    metres: dict[str, float] = {}
    for piece in pieces:
        held = held_by(graph, piece.edges[0])
        told = held.get("name") or held.get("ref") or held.get("name_th") or ""
        written = ";".join(map(str, told)) if isinstance(told, list) else str(told)
        for name in map(str.strip, written.split(";")):
            metres[name] = metres.get(name, 0.0) + float(held["length"])
    return "; ".join(sorted(metres.keys() - {""}, key=lambda name: (-metres[name], name)))
