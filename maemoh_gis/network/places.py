"""
Places on a network: where they meet it, how far off they lie, which part of it they are on.

A place snaps to the nearest point of the nearest edge, not to the nearest junction: on a network of
long edges the junction may be kilometres away. The edge is split there, and the straight way from
the place to that point is reported, never hidden in a travel time.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString
from shapely.ops import substring

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.network.edges import Piece, copied, crs_of, edges_of, held_by, pieces_of, same_way
from maemoh_gis.network.pace import parts_of_edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.network.edges import EdgeKey, Graph

# Cuts nearer than this to an end or to each other are one place: rounding, not ground.
_SAME_M = 1e-6
_BETWEEN_NAMES = "; "
_NOT_ON_THE_GROUND = frozenset({"transfer", "linehaul"})


@dataclass(frozen=True)
class Landing:
    """Where a place meets the network."""

    name: str
    node: int
    """Node of the network that stands for it."""
    offset_m: float
    """Straight way from the place to the network, m."""


@dataclass(frozen=True)
class Part:
    """A part of a network that no edge joins to the rest."""

    nodes: int
    km: float
    """Length of its roads and rails, each counted once, km."""
    places: tuple[str, ...]
    """Named places on it, in the order of their letters."""


def with_places(
    graph: Graph,
    places: gpd.GeoDataFrame,
    *,
    most_m: float,
    name_column: str | None = "name_en",
    join_m: float = 0.0,
) -> tuple[Graph, list[Landing]]:
    """
    Put places on a copy of the network, splitting the edges they lie on.

    A place that meets an edge within `join_m` of its end stands for the end; without a column of
    names nodes get none.
    """
    ground = Ground(copied(graph))
    put = ground.put(places, most_m=most_m, name_column=name_column, join_m=join_m)
    return ground.graph, put


class Ground:
    """
    The stretches of a network that lie on the ground, found by place, and cut where places stand.

    A straight line that stands for a stated way lies on no ground a place could stand beside.
    """

    def __init__(self, graph: Graph, like: Ground | None = None) -> None:
        self.graph = graph
        self.pieces: list[Piece] = (
            list(like.pieces)
            if like
            else [
                piece
                for piece in pieces_of(graph)
                if held_by(graph, piece.edges[0]).get("mode") not in _NOT_ON_THE_GROUND
            ]
        )
        self.tree: shapely.STRtree = (
            like.tree if like else shapely.STRtree([piece.line for piece in self.pieces])
        )
        self.parts: dict[int, list[int]] = dict(like.parts) if like else {}
        """Into which stretches one was cut, by position."""

    def copied(self) -> Ground:
        """
        Give the same ground under a copy of the network, on which places may be put.

        What its edges hold is that of the original, and not to be changed.
        """
        return Ground(copied(self.graph, own_facts=False), self)

    def metres_to(self, places: gpd.GeoDataFrame) -> FloatArray:
        """Measure how far places lie from the ground, m; infinite where none can be reached."""
        return self._nearest(_points(places, self.graph))[1]

    def put(
        self,
        places: gpd.GeoDataFrame,
        *,
        most_m: float,
        name_column: str | None = "name_en",
        join_m: float = 0.0,
    ) -> list[Landing]:
        """Put places on the network itself, as `with_places` does on a copy."""
        points = _points(places, self.graph)
        names = (
            [str(i) for i in range(len(places))]
            if name_column is None
            else _names(places, name_column)
        )
        owner, offset = self._nearest(points)
        faults = [
            Fault("place_far_from_network", key=name, found=_metres(metres), expected=f"{most_m:g}")
            for name, metres in zip(names, offset, strict=True)
            if not metres <= most_m
        ]
        if faults:
            raise LayerError(faults)
        nodes: dict[int, int] = {}
        for piece in np.unique(owner).tolist():
            here = np.flatnonzero(owner == piece)
            along = shapely.line_locate_point(self.pieces[piece].line, points[here])
            nodes.update(zip(here.tolist(), self._split(piece, along, join_m), strict=True))
        if name_column is not None:
            for index, name in enumerate(names):
                add_name(self.graph, nodes[index], name)
        return [Landing(name, nodes[i], float(offset[i])) for i, name in enumerate(names)]

    def _nearest(self, points: np.ndarray) -> tuple[IntArray, FloatArray]:
        """Find the nearest stretch of each point, the first of several, and how far it is."""
        owner, away = _nearest(self.tree, points)
        for index in np.flatnonzero(np.isin(owner, list(self.parts))):
            left = self._left(int(owner[index]))
            metres = shapely.distance([self.pieces[one].line for one in left], points[index])
            owner[index], away[index] = left[int(np.argmin(metres))], metres.min()
        return owner, away

    def _split(self, piece: int, along_m: FloatArray, join_m: float) -> list[int]:
        """Cut a stretch at places along its line; give the node of each place."""
        nodes, parts = _split(self.graph, self.pieces[piece], along_m, join_m)
        if parts:
            self.parts[piece] = list(range(len(self.pieces), len(self.pieces) + len(parts)))
            self.pieces += parts
        return nodes

    def _left(self, piece: int) -> list[int]:
        """List what is left of a stretch, in its direction."""
        if piece not in self.parts:
            return [piece]
        return [one for part in self.parts[piece] for one in self._left(part)]


def metres_to_network(graph: Graph, places: gpd.GeoDataFrame) -> FloatArray:
    """
    Measure how far places lie straight from the nearest edge, float64 (n,), m.

    Infinite where the projection does not reach.
    """
    tree = shapely.STRtree([piece.line for piece in pieces_of(graph)])
    return _nearest(tree, _points(places, graph))[1]


def node_of(graph: Graph, name: str, *, mode: str | None = None) -> int:
    """Find the node of a named place."""
    known: dict[str, set[int]] = {}
    for node, held in graph.nodes(data=True):
        if mode is None or held.get("mode") == mode:
            for own in names_of(held):
                known.setdefault(own, set()).add(node)
    found = known.get(name, set())
    if not found:
        near = get_close_matches(name, sorted(known), n=3) or sorted(known)[:3]
        raise LayerError(
            Fault("unknown_network_place", key=name, found=name, expected=", ".join(near) or "–")
        )
    if len(found) > 1:
        raise LayerError(Fault("place_on_two_nodes", key=name, found=name))
    return found.pop()


def parts_of(graph: Graph, pieces: Sequence[Piece] | None = None) -> list[Part]:
    """List the parts of a network that are not joined; `pieces_of` it, where they are known."""
    import networkx as nx

    joined = list(nx.weakly_connected_components(graph))
    part_of = {node: part for part, nodes in enumerate(joined) for node in nodes}
    km = [0.0] * len(joined)
    for piece in pieces_of(graph) if pieces is None else pieces:
        km[part_of[piece.edges[0][0]]] += float(held_by(graph, piece.edges[0])["length"]) / 1000
    parts = [
        Part(len(nodes), own, tuple(sorted({n for at in nodes for n in names_of(graph.nodes[at])})))
        for nodes, own in zip(joined, km, strict=True)
    ]
    return sorted(parts, key=lambda part: (-part.km, -part.nodes, part.places))


def drop_small_parts(graph: Graph, least_km: float) -> list[Part]:
    """
    Take parts shorter than some km out of a network, in place; give them, the longest first.

    A place beside such a scrap would have no way anywhere, though the main roads pass near it.
    """
    import networkx as nx

    parts = list(nx.weakly_connected_components(graph))
    part_of = {node: part for part, nodes in enumerate(parts) for node in nodes}
    km = [0.0] * len(parts)
    for start, _, _, held in edges_of(graph):
        # A road that is open both ways is two edges of one length.
        km[part_of[start]] += float(held["length"]) / (1000 if held["oneway"] else 2000)
    small = [
        Part(len(nodes), own, ()) for nodes, own in zip(parts, km, strict=True) if own < least_km
    ]
    for nodes, own in zip(parts, km, strict=True):
        if own < least_km:
            graph.remove_nodes_from(nodes)
    return sorted(small, key=lambda part: (-part.km, -part.nodes))


def names_of(held: dict[str, Any]) -> list[str]:
    """List the names a node carries; none for most."""
    name = held.get("name")
    return str(name).split(_BETWEEN_NAMES) if name else []


def add_name(graph: Graph, node: int, name: str) -> None:
    """Give a node one more name; changed in place."""
    held = graph.nodes[node]
    if name not in names_of(held):
        held["name"] = _BETWEEN_NAMES.join([*names_of(held), name])


def _names(places: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in places:
        raise LayerError(Fault("column_missing", found=column))
    return [str(name) for name in places[column]]


def _points(places: gpd.GeoDataFrame, graph: Graph) -> np.ndarray:
    if places.crs is None:
        raise LayerError(Fault("places_without_crs"))
    points = np.asarray(places.to_crs(crs_of(graph)).geometry.array, dtype=object)
    absent = np.flatnonzero(shapely.is_missing(points) | shapely.is_empty(points))
    if len(absent):
        raise LayerError([Fault("place_without_position", key=str(row + 1)) for row in absent])
    return points


def _nearest(tree: shapely.STRtree, points: np.ndarray) -> tuple[IntArray, FloatArray]:
    """Find the nearest line of each point, the first of several, and how far it is."""
    if not len(tree.geometries):
        raise LayerError(Fault("network_empty"))
    owner: IntArray = np.zeros(len(points), dtype=np.int64)
    away = np.full(len(points), np.inf)
    # Where a projection does not reach, it gives coordinates that no tree can look up.
    there = np.flatnonzero(np.isfinite(shapely.bounds(points)).all(axis=1))
    (point, piece), metres = tree.query_nearest(points[there], return_distance=True)
    first = np.lexsort((piece, point))
    reached, start = np.unique(point[first], return_index=True)
    owner[there[reached]] = piece[first][start]
    away[there[reached]] = metres[first][start]
    return owner, away


def _metres(away: float) -> str:
    return f"{away:,.0f}" if np.isfinite(away) else "∞"


def _split(
    graph: Graph, piece: Piece, along_m: FloatArray, join_m: float
) -> tuple[list[int], list[Piece]]:
    """Cut a piece at places along its line; give the node of each place, and the parts."""
    length = piece.line.length
    near = max(join_m, _SAME_M)
    start, end, _ = piece.edges[0]
    cuts: list[tuple[float, int]] = []
    nodes, parts = [0] * len(along_m), list[Piece]()
    free = max(graph.nodes) + 1
    for index in np.argsort(along_m, kind="stable"):
        metres = float(along_m[index])
        if min(metres, length - metres) <= near:
            nodes[index] = start if metres <= length - metres else end
            continue
        if not cuts or metres - cuts[-1][0] > _SAME_M:
            point = piece.line.interpolate(metres)
            mode = held_by(graph, piece.edges[0]).get("mode", "road")
            graph.add_node(free, x=point.x, y=point.y, mode=mode)
            cuts.append((metres, free))
            free += 1
        nodes[index] = cuts[-1][1]
    if cuts:
        stops = [0.0, *(metres for metres, _ in cuts), length]
        # Cut once, and turned round for the way back: cut twice, the halves would differ by
        # rounding and no longer be one stretch.
        cut = [substring(piece.line, *ends) for ends in pairwise(stops)]
        courses = [course for course in cut if isinstance(course, LineString)]
        chains = [
            _cut_edge(graph, key, [node for _, node in cuts], courses, piece.line)
            for key in piece.edges
        ]
        parts = [
            Piece(course, edges)
            for course, edges in zip(courses, zip(*chains, strict=True), strict=True)
        ]
    return nodes, parts


def _cut_edge(
    graph: Graph, key: EdgeKey, cuts: list[int], courses: list[LineString], whole: LineString
) -> list[EdgeKey]:
    """Replace one directed edge by a chain of edges through the cuts; give it along the whole."""
    start, end, number = key
    ahead = same_way(graph, key, whole)
    if not ahead:
        cuts, courses = cuts[::-1], [course.reverse() for course in reversed(courses)]
    facts = dict(held_by(graph, key))
    graph.remove_edge(start, end, number)
    along = np.cumsum([course.length for course in courses])
    parts = parts_of_edge(facts, [0.0, *(along[:-1] / along[-1]).tolist(), 1.0])
    chain = pairwise([start, *cuts, end])
    keys = [
        (one, other, graph.add_edge(one, other, **{**own, "geometry": course}))
        for (one, other), course, own in zip(chain, courses, parts, strict=True)
    ]
    return keys if ahead else keys[::-1]
