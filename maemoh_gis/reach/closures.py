"""What one closure would cost the ways between places of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.network.around import course_of, names_of, stretches
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import held_by, place_of
from maemoh_gis.network.stages import NamedPlace
from maemoh_gis.network.ways import STATED, only_by, without_stated
from maemoh_gis.reach.access import Closure, worst_closures
from maemoh_gis.reach.queries import By, Opened, place_on

if TYPE_CHECKING:
    from maemoh_gis.network.edges import Graph, Piece

_LONLAT = "EPSG:4326"
_SEATS = frozenset({"seats"})
_STATIONS = frozenset({"stations", "station"})


@dataclass(frozen=True)
class Shut:
    """What one closure would cost, and where it is."""

    name: str
    """Names or numbers of the road or line, the longest first; empty if it has none."""
    between: tuple[NamedPlace, NamedPlace]
    """The named places nearest to its two ends."""
    km: float
    bridges: int
    """Pieces of it that the layer calls a bridge."""
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
    count. Between places of the mapped region no way leads through a port far away.
    """
    graph = only_by(opened.built.graph, by)
    drawn = without_stated(graph)
    if all(drawn.degree[_node(place, by)] for place in (*starts, end)):
        graph = drawn
    pairs = [(_node(start, by), _node(end, by)) for start in starts]
    before = least_costs(network_arrays(graph), [start for start, _ in pairs], [pairs[0][1]])
    named = [p for p in opened.built.places if _own(p, by) is not None]
    found = {
        closure.piece: closure
        for closure in worst_closures(graph, pairs)
        if held_by(graph, closure.piece.edges[0]).get("mode") != STATED
    }
    # Of a railway each section is told, between the stations where trains would end.
    effects = {
        piece: (one.cut_off, one.extra, str(one.worst)) if by == "road" else piece
        for piece, one in found.items()
    }
    return [
        _shut(opened, graph, pieces, found[pieces[0]], named, by) for pieces in stretches(effects)
    ], before.unreachable


def _shut(
    opened: Opened,
    graph: Graph,
    pieces: Sequence[Piece],
    closure: Closure,
    named: Sequence[NamedPlace],
    by: By,
) -> Shut:
    line = course_of(pieces)
    middle = line.interpolate(0.5, normalized=True)
    to_lonlat = transformer_between(opened.crs, _LONLAT)
    lon, lat = to_lonlat.transform(middle.x, middle.y)
    first, last = (_nearest_place(graph, line.coords[at], named, by) for at in (0, -1))
    held = [held_by(graph, piece.edges[0]) for piece in pieces]
    return Shut(
        names_of(graph, pieces),
        (first, last),
        sum(float(one["length"]) for one in held) / 1000,
        sum(bool(one.get("bridge")) for one in held),
        lat,
        lon,
        closure.cut_off,
        closure.extra,
        closure.worst,
    )


def _nearest_place(
    graph: Graph, xy: Sequence[float], named: Sequence[NamedPlace], by: By
) -> NamedPlace:
    away = [np.hypot(*np.subtract(place_of(graph, _node(p, by)), xy[:2])) for p in named]
    return named[int(np.argmin(away))]


def _own(place: NamedPlace, by: By) -> int | None:
    return place.road_node if by == "road" else place.rail_node


def _node(place: NamedPlace, by: By) -> int:
    node = _own(place, by)
    assert node is not None
    return node
