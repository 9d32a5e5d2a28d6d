"""
Keeping of the old trails only those that a district seat or a railway station hangs on.

A trail of the early 1990s that leads to a district seat is a paved road today; any other trail may
be gone. So the first become minor roads, those to a station stay tracks and the rest are dropped.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from pack.road_topology import Node, ends_of, graph_of

if TYPE_CHECKING:
    import shapely

    from pack.road_sources import Road

TRAIL_PENALTY = 1.5
"""How much longer a way along roads may be before a trail is taken instead."""

ROAD_REACH_M = 1500.0
"""A place this near to a road needs no trail."""

STATION_REACH_M = 3000.0
"""A station farther than this from every road and trail stays without one."""


def with_needed_trails(
    edges: list[Road],
    *,
    capital: shapely.Point,
    seats: list[shapely.Point],
    stations: list[shapely.Point],
) -> list[Road]:
    """
    Drop trails that neither a seat nor a station needs.

    Parameters
    ----------
    edges : list of Road
        Noded network with all trails, in metres.
    capital : shapely.Point
        Where the ways start.
    seats, stations : list of shapely.Point
        Places that must be reached.

    Returns
    -------
    list of Road
        Roads, trails to seats as `minor` and trails to stations as `track`.
    """
    ways = _ways_from(capital, edges)
    to_seats = {index for place in seats for index in _trails_to(place, edges, ways, float("inf"))}
    to_stations = {
        index for place in stations for index in _trails_to(place, edges, ways, STATION_REACH_M)
    }
    kept = []
    for index, edge in enumerate(edges):
        if edge.road_class != "track" or index in to_stations - to_seats:
            kept.append(edge)
        elif index in to_seats:
            kept.append(replace(edge, road_class="minor"))
    return kept


def _ways_from(capital: shapely.Point, edges: list[Road]) -> dict[Node, list[int]]:
    """List the edges on the cheapest way from the capital to every node."""
    graph = graph_of(edges)
    for _, _, data in graph.edges(data=True):
        is_trail = edges[data["index"]].road_class == "track"
        data["cost"] = data["length_m"] * (TRAIL_PENALTY if is_trail else 1.0)
    start = ends_of(edges[_nearest(capital, edges, float("inf"))].shape)[0]
    paths = nx.single_source_dijkstra_path(graph, start, weight="cost")
    return {
        node: [graph[one][other]["index"] for one, other in pairwise(path)]
        for node, path in paths.items()
    }


def _trails_to(
    place: shapely.Point, edges: list[Road], ways: dict[Node, list[int]], reach_m: float
) -> set[int]:
    """List the trails on the way to a place, the one it stands beside included."""
    last = _nearest(place, edges, reach_m)
    if last < 0:
        return set()
    found = [ways[node] for node in ends_of(edges[last].shape) if node in ways]
    if not found:
        return set()
    shortest = min(found, key=lambda way: sum(edges[index].shape.length for index in way))
    return {index for index in (*shortest, last) if edges[index].road_class == "track"}


def _nearest(place: shapely.Point, edges: list[Road], reach_m: float) -> int:
    """Find the edge beside a place, a road before a trail; -1 if none is within reach."""
    away = [(edge.shape.distance(place), index) for index, edge in enumerate(edges)]
    roads = [(metres, index) for metres, index in away if edges[index].road_class != "track"]
    metres, index = min(roads)
    if metres > ROAD_REACH_M:
        metres, index = min(away)
    return index if metres <= reach_m else -1
