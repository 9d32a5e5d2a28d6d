"""
Leading loose ends of roads to the road they were meant to meet, where the geometry proves it.

In a map kept by volunteers most dead ends near another road are yards and cul-de-sacs. Two things
prove a gap: an end inside the carriageway of another road, and a piece that would hang in the air.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from pack.noding import F, Point, Way, by_node, grid_point, in_metres, lines_in_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maemoh_gis.core.types import FloatArray, IntArray

REACH_M = 25.0
"""How far the end of a piece that hangs in the air may lie from the road it is led to."""

ON_ROAD_M = 5.0
"""An end this near to the middle of another road lies on its carriageway."""

_AT_POINT_M = 8.0
"""A point of the other road this near to the landing is the landing."""


@dataclass(frozen=True)
class Gap:
    """A loose end near another road of its level."""

    way: int
    """The way that ends there."""
    node: Point
    beside: int
    """The way near it."""
    metres: float


def gaps(ways: Sequence[Way[F]]) -> list[Gap]:
    """List the loose ends within reach of another road on the ground, the nearest first."""
    lines = lines_in_metres(ways)
    ends = [(node, at[0]) for node, at in by_node(ways).items() if len(at) == 1]
    xy = np.asarray(shapely.points(in_metres(node for node, _ in ends)))
    near: dict[int, tuple[float, int]] = {}
    at, other = shapely.STRtree(lines).query(xy, predicate="dwithin", distance=REACH_M)
    for end, beside in zip(at.tolist(), other.tolist(), strict=True):
        own = ends[end][1]
        if beside != own and ways[beside].facts.level == ways[own].facts.level == 0:
            one = (float(shapely.distance(xy[end], lines[beside])), beside)
            near[end] = min(near.get(end, one), one)
    found = [Gap(ends[k][1], ends[k][0], beside, m) for k, (m, beside) in near.items()]
    return sorted(found, key=lambda gap: (gap.metres, gap.node))


def joined_gaps(ways: Sequence[Way[F]], found: Sequence[Gap]) -> tuple[list[Way[F]], list[Gap]]:
    """
    Lead loose ends on to the road beside them.

    Parameters
    ----------
    ways : sequence of Way
        Lines cut at the points they share.
    found : sequence of Gap
        Loose ends, the nearest first.

    Returns
    -------
    tuple of list and list
        The ways, longer where an end was led on, with a point where they are met; and the gaps that
        were closed: those on the carriageway, and those that join two pieces.
    """
    pieces, changed, closed = _pieces(ways), list(ways), []
    for gap in found:
        one, other = pieces[gap.way], pieces[gap.beside]
        if gap.metres > ON_ROAD_M and one == other:
            continue
        pieces[pieces == other] = one
        landing = _landing(changed[gap.beside], gap.node)
        changed[gap.beside] = _with_point(changed[gap.beside], landing)
        changed[gap.way] = _led_to(changed[gap.way], gap.node, landing)
        closed.append(gap)
    return changed, closed


def pieces_m(ways: Sequence[Way[F]]) -> FloatArray:
    """Give the length of each connected piece of a network in metres, the longest first."""
    lengths = shapely.length(lines_in_metres(ways))
    return np.asarray(np.sort(np.bincount(_pieces(ways), weights=lengths))[::-1])


def _pieces(ways: Sequence[Way[F]]) -> IntArray:
    """Give the number of the connected piece each way belongs to, (n,)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    number: dict[Point, int] = {}
    ends = [[number.setdefault(node, len(number)) for node in way.ends] for way in ways]
    one, other = np.array(ends).T
    graph = coo_matrix((np.ones(len(one)), (one, other)), shape=(len(number),) * 2)
    return np.asarray(connected_components(graph, directed=False)[1][one], dtype=np.int64)


def _landing(way: Way[F], node: Point) -> Point:
    """Find where a way is met from a node: at a point it has, if one is near."""
    (line,) = lines_in_metres([way])
    place = line.interpolate(line.project(shapely.Point(in_metres([node])[0])))
    away = shapely.distance(shapely.points(shapely.get_coordinates(line)), place)
    nearest = int(np.argmin(away))
    return way.points[nearest] if away[nearest] <= _AT_POINT_M else grid_point(place)


def _with_point(way: Way[F], point: Point) -> Way[F]:
    """Give a way a point of its own course, if it has not got it."""
    if point in way.points:
        return way
    (line,) = lines_in_metres([way])
    xy = shapely.get_coordinates(line)
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    place = shapely.Point(in_metres([point])[0])
    at = int(np.argmin(shapely.distance(segments, place))) + 1
    return Way((*way.points[:at], point, *way.points[at:]), way.facts)


def _led_to(way: Way[F], node: Point, landing: Point) -> Way[F]:
    """Lead the end of a way that lies at a node on to a landing."""
    if landing == node:
        return way
    if way.points[-1] == node:
        return Way((*way.points, landing), way.facts)
    return Way((landing, *way.points), way.facts)
