"""
The edges of a network as things on the ground.

A network is a networkx graph in osmnx's layout: directed edges with `length` in metres and
`geometry`, nodes with `x` and `y`, the CRS in `graph["crs"]`. A road that is open both ways is two
edges there but one thing on the ground. Here they are brought together again, because a place lies
on the road, and a closure closes it, in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    from shapely import LineString

    Graph = nx.MultiDiGraph[int]

EdgeKey = tuple[int, int, int]
"""From node, to node and number among the edges between them."""


@dataclass(frozen=True)
class Piece:
    """A stretch of road or rail on the ground, with the directed edges that use it."""

    line: LineString
    """Its course in the direction of the first edge, in the CRS of the network."""
    edges: tuple[EdgeKey, ...]


def pieces_of(graph: Graph) -> list[Piece]:
    """Bring the directed edges of each stretch together."""
    keys = list(graph.edges(keys=True))
    lines = np.array([line_of(graph, key) for key in keys], dtype=object)
    courses = np.asarray(shapely.to_wkb(shapely.normalize(lines)))
    found: dict[tuple[object, ...], list[int]] = {}
    for index, (key, course) in enumerate(zip(keys, courses, strict=True)):
        held = graph.edges[key]
        # Stated ways of a lorry and of a train may share the straight line between two places.
        kind = (held.get("mode"), held.get("carrier"))
        found.setdefault((*sorted(key[:2]), course, kind), []).append(index)
    return [Piece(lines[all_[0]], tuple(keys[i] for i in all_)) for all_ in found.values()]


def line_of(graph: Graph, key: EdgeKey) -> LineString:
    """Give the course of an edge, from its first node to its last."""
    from shapely import LineString

    start, end, number = key
    line = graph.edges[start, end, number].get("geometry")
    if isinstance(line, LineString):
        return line
    return LineString([place_of(graph, start), place_of(graph, end)])


def same_way(graph: Graph, key: EdgeKey, line: LineString) -> bool:
    """Say whether a directed edge follows a line in the line's own direction."""
    return np.array_equal(line_of(graph, key).coords, line.coords)


def place_of(graph: Graph, node: int) -> tuple[float, float]:
    """Give x and y of a node, in the CRS of the network."""
    held = graph.nodes[node]
    return float(held["x"]), float(held["y"])


def crs_of(graph: Graph) -> CRS:
    """Give the CRS of a network: what `graph["crs"]` says, and nothing guessed."""
    named = graph.graph.get("crs")
    if named is None:
        raise LayerError(Fault("network_without_crs"))
    return CRS(named)


def require_metres(crs: str) -> None:
    """Refuse a CRS that is not projected or not in metres; raise GridError."""
    Grid(crs, 1.0, 0, 0, 1, 1)


def new_graph(crs: str) -> Graph:
    """Make an empty network in a projected CRS in metres; raise GridError for any other."""
    import networkx as nx

    require_metres(crs)
    return nx.MultiDiGraph(crs=crs)


def add_both_ways(
    graph: Graph,
    ends: tuple[int, int],
    line: LineString,
    facts: Mapping[str, Any],
    *,
    oneway: bool = False,
    back: Mapping[str, Any] | None = None,
) -> None:
    """
    Add a stretch of road or rail as osmnx does, in place: one edge, or one each way.

    `facts` hold in both directions, `length` and `minutes` among them; `back` is what is different
    against the direction of the line. Unknown facts are left out, for GraphML knows no None.
    """
    known = {key: value for key, value in facts.items() if value is not None}
    start, end = ends
    graph.add_edge(start, end, **known, geometry=line, oneway=oneway, reversed=False)
    if not oneway:
        other = known | {k: v for k, v in (back or {}).items() if v is not None}
        for key in set(back or {}) - set(other):
            other.pop(key, None)
        graph.add_edge(end, start, **other, geometry=line.reverse(), oneway=False, reversed=True)


def minutes_for(metres: float, kph: float) -> float:
    """Give the minutes that a way takes at a speed."""
    return metres / kph * 0.06


def add_nodes(graph: Graph, xy: Mapping[int, tuple[float, float]], mode: str) -> None:
    """Add nodes with their place and the mode they belong to; changed in place."""
    for node, (x, y) in xy.items():
        graph.add_node(node, x=float(x), y=float(y), mode=mode)


def kilometres(graph: Graph) -> float:
    """Give the length of a network in km, each stretch counted once."""
    return sum(float(graph.edges[piece.edges[0]]["length"]) for piece in pieces_of(graph)) / 1000
