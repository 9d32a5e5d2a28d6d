"""
Joining pieces of road into one network with a node wherever roads meet or cross.

Two generalised sources never meet by themselves: lines are cut where they cross, loose ends are led
to the road beside them, and what still hangs in the air is dropped and counted.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from pack.lines import as_point, joined, lines_of, metres_along
from pack.road_sources import Road

if TYPE_CHECKING:
    from collections.abc import Iterable


Node = tuple[float, float]
"""Coordinates of a node on the grid the roads are snapped to."""

GRID_M = 1.0
"""Cell that coordinates are snapped to while the network is built."""

REACH_M = {"osm": 2000.0, "dcw": 2500.0, "itinerary": 2000.0}
"""How far a loose end looks for a road, by source: about twice the error of the source."""

STUB_M = 1500.0
"""Loose pieces shorter than this are overshoot, not roads."""

JUNCTION_M = 150.0
"""Nodes nearer than this are one junction: the sources know no junction better."""

END_M = 250.0
"""A link that would meet a line this near to its end meets the end itself."""

_RANK = ("trunk", "primary", "secondary", "minor", "track")


def build_network(roads: list[Road]) -> list[Road]:
    """
    Join pieces of road into a network.

    Parameters
    ----------
    roads : list of Road
        Pieces in metres.

    Returns
    -------
    list of Road
        Edges that meet only at their ends.
    """
    edges = node_roads(roads)
    for _ in range(3):
        links = links_for_loose_ends(edges)
        if not links:
            break
        edges = node_roads([*edges, *links])
    return node_roads(without_short_edges(node_roads(without_stubs(edges))))


def node_roads(roads: list[Road], grid: float = GRID_M) -> list[Road]:
    """
    Cut roads where they meet or cross, and join them where nothing else meets them.

    Parameters
    ----------
    roads : list of Road
        Pieces of road.
    grid : float
        Cell that coordinates are snapped to, in the unit of the coordinates.

    Returns
    -------
    list of Road
        Edges from node to node; where pieces lay on each other the higher class stays.
    """
    cut = _carry_attributes(lines_of(_union(roads, grid)), roads, grid)
    kinds = sorted({_kind(road) for road in cut}, key=str)
    whole = []
    for kind in kinds:
        same = [road for road in cut if _kind(road) == kind]
        whole += [replace(same[0], shape=line) for line in joined(road.shape for road in same)]
    # Joining a class by itself runs through nodes of other classes: cut once more.
    edges = _carry_attributes(lines_of(_union(whole, grid)), whole, grid)
    return sorted((edge for edge in edges if not edge.shape.is_ring), key=_place)


def links_for_loose_ends(edges: list[Road]) -> list[Road]:
    """
    Lead loose ends to the road beside them.

    Parameters
    ----------
    edges : list of Road
        A noded network in metres.

    Returns
    -------
    list of Road
        Straight links. An end whose neighbour can be reached along the roads in less than four
        times the gap (and 2 km) needs none.
    """
    graph = graph_of(edges)
    tree = shapely.STRtree([edge.shape for edge in edges])
    links = []
    for node in sorted(node for node, degree in graph.degree() if degree == 1):
        here = shapely.Point(node)
        own = next(iter(graph[node].values()))["index"]
        reach = REACH_M[edges[own].source]
        heading = _heading(edges[own].shape, node)
        near = [int(i) for i in tree.query(here, predicate="dwithin", distance=reach)]
        landings = [_landing(edges[i].shape, here, heading, reach) for i in near if i != own]
        for there in sorted(landings, key=lambda there: (_effort(here, there, heading), there.wkb)):
            gap = here.distance(there)
            if _connected(graph, node, edges, tree, there, limit_m=4 * gap + 2000):
                continue
            link = shapely.LineString([here, there])
            if gap > GRID_M:
                links.append(replace(edges[own], shape=link, confidence="L"))
            break
    return links


def without_stubs(edges: list[Road]) -> list[Road]:
    """Drop loose ends of the older source that are shorter than `STUB_M`."""
    graph = graph_of(edges)
    loose = {node for node, degree in graph.degree() if degree == 1}
    return [
        edge
        for edge in edges
        if not (
            edge.source == "dcw"
            and edge.shape.length < STUB_M
            and loose.intersection(ends_of(edge.shape))
        )
    ]


def without_short_edges(edges: list[Road]) -> list[Road]:
    """
    Make one junction of nodes that an edge shorter than `JUNCTION_M` joins.

    Parameters
    ----------
    edges : list of Road
        A noded network in metres.

    Returns
    -------
    list of Road
        The longer edges, led to the common node: that of most roads.
    """
    short = [edge for edge in edges if edge.shape.length < JUNCTION_M]
    degree = graph_of(edges).degree
    moved: dict[Node, Node] = {}
    for group in nx.connected_components(graph_of(short)):
        junction = max(group, key=lambda node: (degree[node], node))
        moved.update(dict.fromkeys(group, junction))
    kept = []
    for edge in edges:
        start, end = (moved.get(node, node) for node in ends_of(edge.shape))
        if edge.shape.length >= JUNCTION_M and start != end:
            inner = list(edge.shape.coords)[1:-1]
            kept.append(replace(edge, shape=shapely.LineString([start, *inner, end])))
    return kept


def components(edges: list[Road]) -> list[list[Road]]:
    """List the connected parts of a network, the longest first."""
    graph = graph_of(edges)
    parts = [
        [edge for edge in edges if ends_of(edge.shape)[0] in nodes]
        for nodes in nx.connected_components(graph)
    ]
    return sorted(parts, key=lambda part: -sum(edge.shape.length for edge in part))


def graph_of(edges: Iterable[Road]) -> nx.Graph[Node]:
    """
    Make a graph of the edges; of two edges between the same nodes the shorter stays.

    Parameters
    ----------
    edges : iterable of Road
        Edges of a noded network in metres.

    Returns
    -------
    networkx.Graph
        Edge data: `index` in `edges`, `length_m`.
    """
    graph: nx.Graph[Node] = nx.Graph()
    for index, edge in enumerate(edges):
        one, other = ends_of(edge.shape)
        length = edge.shape.length
        if not graph.has_edge(one, other) or graph[one][other]["length_m"] > length:
            graph.add_edge(one, other, index=index, length_m=length)
    return graph


def route(edges: list[Road], classes: set[str], start: Node, end: Node) -> list[int]:
    """
    Find the shortest way between two places along roads of some classes.

    Parameters
    ----------
    edges : list of Road
        A noded network in metres.
    classes : set of str
        Classes the way may use.
    start, end : tuple of float
        Places x, y; the way runs between the nodes nearest to them.

    Returns
    -------
    list of int
        Indices of the edges on the way, in order from `start`.
    """
    chosen = [(index, edge) for index, edge in enumerate(edges) if edge.road_class in classes]
    graph = graph_of(edge for _, edge in chosen)
    main = graph.subgraph(max(nx.connected_components(graph), key=len))
    nodes = [
        min(main.nodes, key=lambda node: (_squared(node, place), node)) for place in (start, end)
    ]
    path = nx.dijkstra_path(main, nodes[0], nodes[1], weight="length_m")
    return [chosen[main[one][other]["index"]][0] for one, other in pairwise(path)]


def ends_of(line: shapely.LineString) -> tuple[Node, Node]:
    """Give the two end nodes of an edge."""
    (x0, y0), (x1, y1) = line.coords[0][:2], line.coords[-1][:2]
    return (x0, y0), (x1, y1)


def _union(roads: list[Road], grid: float) -> BaseGeometry:
    union = shapely.union_all([road.shape for road in roads], grid_size=grid)
    assert isinstance(union, BaseGeometry)
    return union


def _carry_attributes(
    pieces: list[shapely.LineString], roads: list[Road], grid: float
) -> list[Road]:
    """Give every piece the attributes of the road it was cut from, the highest class first."""
    tree = shapely.STRtree([road.shape for road in roads])
    found = []
    for piece in pieces:
        middle = piece.interpolate(0.5, normalized=True)
        near = tree.query(middle, predicate="dwithin", distance=3 * grid)
        candidates = [roads[int(i)] for i in near] or [roads[int(tree.nearest(middle))]]
        best = min(candidates, key=lambda road: (_RANK.index(road.road_class), _kind(road)))
        found.append(replace(best, shape=piece))
    return found


def _landing(
    line: shapely.LineString, here: shapely.Point, heading: Node, reach_m: float
) -> shapely.Point:
    """
    Choose where a loose end joins a line: near, and ahead rather than round a corner.

    A road that nears another joins it at a slant; led to the nearest place it would turn square and
    every way over it would be too long. The line's own end is taken if it is 250 m off at most.
    """
    along = metres_along(line, here)
    steps = np.arange(max(0.0, along - reach_m), min(line.length, along + reach_m), 100.0)
    best = min(
        (as_point(line.interpolate(step)) for step in (along, *steps)),
        key=lambda there: _effort(here, there, heading),
    )
    chosen = metres_along(line, best)
    if chosen < END_M:
        return shapely.Point(line.coords[0])
    return shapely.Point(line.coords[-1]) if chosen > line.length - END_M else best


def _effort(here: shapely.Point, there: shapely.Point, heading: Node) -> float:
    """Give a distance, doubled for a place right behind."""
    away = here.distance(there)
    if away == 0.0:
        return 0.0
    ahead = ((there.x - here.x) * heading[0] + (there.y - here.y) * heading[1]) / away
    return away * (1.5 - 0.5 * ahead)


def _heading(line: shapely.LineString, end: Node) -> Node:
    """Give the direction in which a line runs into one of its ends, as a unit vector."""
    points = line.coords if line.coords[-1][:2] == end else line.coords[::-1]
    (x0, y0), (x1, y1) = points[-2][:2], points[-1][:2]
    metres = math.hypot(x1 - x0, y1 - y0)
    return (x1 - x0) / metres, (y1 - y0) / metres


def _connected(
    graph: nx.Graph[Node],
    node: Node,
    edges: list[Road],
    tree: shapely.STRtree,
    there: shapely.Point,
    *,
    limit_m: float,
) -> bool:
    """Say whether the road at a place can be reached from a node within a distance."""
    reached = nx.single_source_dijkstra_path_length(graph, node, cutoff=limit_m, weight="length_m")
    beside = edges[int(tree.nearest(there))].shape
    return any(end in reached for end in ends_of(beside))


def _squared(one: Node, other: Node) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _kind(road: Road) -> tuple[str, str, str, str]:
    return road.road_class, road.source, road.confidence, road.name or ""


def _place(road: Road) -> tuple[Node, Node, float]:
    return min(ends_of(road.shape)), max(ends_of(road.shape)), road.shape.length
