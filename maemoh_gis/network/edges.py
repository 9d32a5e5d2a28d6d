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
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import networkx as nx
    from shapely import LineString

    from maemoh_gis.core.types import FloatArray

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
    """Bring the directed edges of each stretch together, in the order of their first edges."""
    keys: list[EdgeKey] = []
    between: dict[tuple[object, ...], list[int]] = {}
    carried: list[dict[str, Any]] = []
    for start, end, number, held in edges_of(graph):
        # Stated ways of a lorry and of a train may share the straight line between two places.
        kind = (min(start, end), max(start, end), held.get("mode"), held.get("carrier"))
        between.setdefault(kind, []).append(len(keys))
        keys.append((start, end, number))
        carried.append(held)
    lines = courses_of(graph, keys, carried)
    members = _by_course(list(between.values()), keys, lines)
    return [Piece(lines[own[0]], tuple(keys[i] for i in own)) for own in sorted(members)]


def _by_course(
    groups: list[list[int]], keys: list[EdgeKey], lines: np.ndarray
) -> list[tuple[int, ...]]:
    """Part edges between the same nodes by course; most are one road there and back."""
    there_and_back = [
        own for own in groups if len(own) == 2 and keys[own[0]][:2] == keys[own[1]][1::-1]
    ]
    there, back = np.array(there_and_back, dtype=np.int64).reshape(-1, 2).T
    same = shapely.equals_exact(lines[there], shapely.reverse(lines[back]), tolerance=0.0)
    alike = {own[0] for own, one in zip(there_and_back, same, strict=True) if one}
    found: list[tuple[int, ...]] = []
    for own in groups:
        if len(own) == 1 or own[0] in alike:
            found.append(tuple(own))
            continue
        courses: dict[bytes, list[int]] = {}
        for index in own:
            courses.setdefault(shapely.to_wkb(lines[index].normalize()), []).append(index)
        found += map(tuple, courses.values())
    return found


def edges_of(graph: Graph) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
    """List edges and what they carry as `graph.edges` does, which asks several views for each."""
    for start, ends in graph.adjacency():
        for end, numbered in ends.items():
            for number, held in numbered.items():
                yield start, end, int(number), held


def copied(
    graph: Graph,
    wanted: Callable[[Mapping[str, Any]], bool] | None = None,
    *,
    own_facts: bool = True,
) -> Graph:
    """
    Copy all nodes, and the edges of which what they hold is `wanted`, or all.

    As `graph.copy` does, which adds edge by edge and takes nearly twice as long. Without facts of
    its own, half of the rest, edges may be taken out and added, but what one holds not be changed.
    """
    import networkx as nx

    out: Graph = nx.MultiDiGraph(**graph.graph)
    out.add_nodes_from(graph.nodes(data=True))
    inside: Any = out
    after, before = inside._succ, inside._pred  # noqa: SLF001
    for start, ends in graph.adjacency():
        for end, numbered in ends.items():
            kept = {
                number: dict(held) if own_facts else held
                for number, held in numbered.items()
                if wanted is None or wanted(held)
            }
            if kept:
                after[start][end] = before[end][start] = kept
    return out


def held_by(graph: Graph, key: EdgeKey) -> dict[str, Any]:
    """Give what an edge carries; `graph.edges[key]` makes three views on the way there."""
    held: dict[str, Any] = graph.get_edge_data(*key)
    return held


def line_of(graph: Graph, key: EdgeKey) -> LineString:
    """Give the course of an edge, from its first node to its last."""
    line: LineString = lines_of(graph, [key])[0]
    return line


def lines_of(graph: Graph, keys: Sequence[EdgeKey]) -> np.ndarray:
    """Give the courses of edges, each from its first node to its last, object (n,)."""
    return courses_of(graph, keys, [held_by(graph, key) for key in keys])


def courses_of(
    graph: Graph, keys: Sequence[EdgeKey], carried: Sequence[Mapping[str, Any]]
) -> np.ndarray:
    """Give the courses of edges, as `lines_of` does, where it is known what they carry."""
    from shapely import LineString

    lines = np.empty(len(keys), dtype=object)
    lines[:] = [held.get("geometry") for held in carried]
    for row, line in enumerate(lines):
        if not isinstance(line, LineString):
            lines[row] = LineString([place_of(graph, at) for at in keys[row][:2]])
    return lines


def same_way(graph: Graph, key: EdgeKey, line: LineString) -> bool:
    """Say whether a directed edge follows a line in the line's own direction."""
    own = line_of(graph, key)
    return own is line or bool(shapely.equals_exact(own, line, tolerance=0.0))


def place_of(graph: Graph, node: int) -> tuple[float, float]:
    """Give x and y of a node, in the CRS of the network."""
    held = graph.nodes[node]
    return float(held["x"]), float(held["y"])


def places_of(graph: Graph, nodes: Iterable[int]) -> FloatArray:
    """Give x and y of nodes, float64 (n, 2)."""
    held = {node: (one["x"], one["y"]) for node, one in graph.nodes(data=True)}
    xy = [held[node] for node in nodes]
    return np.array(xy, dtype=np.float64).reshape(-1, 2)


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
    return sum(float(held_by(graph, piece.edges[0])["length"]) for piece in pieces_of(graph)) / 1000
