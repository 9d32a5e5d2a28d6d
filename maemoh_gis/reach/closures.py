"""What one closure would cost the ways between places of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import place_of
from maemoh_gis.network.stages import NamedPlace
from maemoh_gis.network.ways import only_by
from maemoh_gis.reach.access import Closure, worst_closures
from maemoh_gis.reach.queries import By, Opened, place_on

if TYPE_CHECKING:
    from shapely import LineString

    from maemoh_gis.network.edges import Graph

_LONLAT = "EPSG:4326"
_SEATS = frozenset({"seats"})
_STATIONS = frozenset({"stations", "station"})


@dataclass(frozen=True)
class Shut:
    """What one closure would cost, and where it is."""

    name: str
    """Name or number of the road or line; empty if it has none."""
    between: tuple[NamedPlace, NamedPlace]
    """The named places nearest to its two ends."""
    km: float
    lat: float
    lon: float
    """Its middle, WGS 84."""
    cut_off: int
    """Pairs without any recorded way left."""
    extra_minutes: float
    """What all other pairs lose together."""
    worst_minutes: float
    """What the pair that loses most loses; NaN where none has another way."""


def ends_of(
    opened: Opened, starts: Sequence[str], end: str, *, by: By
) -> tuple[list[NamedPlace], NamedPlace]:
    """Find the places whose ways a closure may hurt."""
    last = place_on(opened, end, by=by)
    if starts:
        firsts = [place_on(opened, name, by=by) for name in starts]
    else:
        usual = _SEATS if by == "road" else _STATIONS
        firsts = [p for p in opened.built.places if p.kind in usual and _own(p, by) is not None]
    firsts = [place for place in firsts if _own(place, by) != _own(last, by)]
    if not firsts:
        raise RunError(Fault("no_origin", key="--from"))
    return firsts, last


def closures(
    opened: Opened, starts: Sequence[NamedPlace], end: NamedPlace, *, by: By
) -> tuple[list[Shut], int]:
    """
    Rank closures by what they cost the ways between places, and count pairs without a way before.

    Worst first: by pairs cut off, then by minutes lost. Pairs that have no way to begin with do not
    count.
    """
    graph = only_by(opened.built.graph, by)
    pairs = [(_node(start, by), _node(end, by)) for start in starts]
    before = least_costs(network_arrays(graph), [start for start, _ in pairs], [pairs[0][1]])
    named = [p for p in opened.built.places if _own(p, by) is not None]
    return [
        _shut(opened, graph, closure, named, by)
        for closure in worst_closures(graph, pairs)
        if graph.edges[closure.edges[0]].get("mode") != "linehaul"
    ], before.unreachable


def _shut(
    opened: Opened, graph: Graph, closure: Closure, named: Sequence[NamedPlace], by: By
) -> Shut:
    held: dict[str, Any] = graph.edges[closure.edges[0]]
    line: LineString = held["geometry"]
    middle = line.interpolate(0.5, normalized=True)
    to_lonlat = transformer_between(opened.crs, _LONLAT)
    lon, lat = to_lonlat.transform(middle.x, middle.y)
    first, last = (_nearest_place(graph, node, named, by) for node in closure.edges[0][:2])
    return Shut(
        closure.name,
        (first, last),
        float(held["length"]) / 1000,
        lat,
        lon,
        closure.cut_off,
        closure.extra,
        closure.worst,
    )


def _nearest_place(graph: Graph, node: int, named: Sequence[NamedPlace], by: By) -> NamedPlace:
    x, y = place_of(graph, node)
    away = [np.hypot(*np.subtract(place_of(graph, _node(p, by)), (x, y))) for p in named]
    return named[int(np.argmin(away))]


def _own(place: NamedPlace, by: By) -> int | None:
    return place.road_node if by == "road" else place.rail_node


def _node(place: NamedPlace, by: By) -> int:
    node = _own(place, by)
    assert node is not None
    return node
