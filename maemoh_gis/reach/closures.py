"""What one closure would cost the ways between places of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import held_by, place_of
from maemoh_gis.network.stages import NamedPlace
from maemoh_gis.network.ways import STATED, only_by, without_stated
from maemoh_gis.network.ways_around import WaysAround, course_of, names_of, stretches
from maemoh_gis.reach.queries import By, Opened, place_on

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.network.edges import Graph, Piece

_LONLAT = "EPSG:4326"
_SEATS = frozenset({"seats"})
_STATIONS = frozenset({"stations", "station"})


_DIGITS = 9
_NO_BRIDGE = frozenset({"", "no", "f", "n", "0", "false", "none", "nan"})


@dataclass(frozen=True)
class Closure:
    """What happens if one stretch of road or rail is shut in both directions."""

    piece: Piece
    """The stretch, with the directed edges that are shut with it."""
    lost: FloatArray
    """What each pair loses, (pairs,), in the unit of the cost; NaN where it has no way."""
    extra: float
    """What all pairs that still have a way lose together, in the unit of the cost."""
    worst: float
    """What the pair that loses most loses; NaN where none has another way."""
    cut_off: int
    """Pairs that have no way any more."""


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


def worst_closures(
    graph: Graph, pairs: Sequence[tuple[int, int]], *, weight: str = "minutes"
) -> list[Closure]:
    """
    Rank stretches by what shutting each of them alone would cost.

    Worst first: by pairs cut off, then by what the others lose. Only stretches on a least way of
    some pair can hurt; the rest are left out. Pairs without a way to begin with do not count.
    """
    network = network_arrays(graph, weight)
    asked: dict[int, list[int]] = {}
    for origin, end in pairs:
        asked.setdefault(origin, []).append(end)
    ways = WaysAround.of(graph, network, asked)
    rows = [ways.starts.index(origin) for origin, _ in pairs]
    columns = [ways.ends.index(end) for _, end in pairs]
    before = ways.before[rows, columns]
    closures = []
    for piece in ways.pieces:
        # What is below is rounding of sums, and would put equal stretches into an order.
        lost = np.round(ways.around(piece)[rows, columns] - before, _DIGITS) + 0.0
        cut = np.isnan(lost) & ~np.isnan(before)
        closures.append(Closure(piece, lost, float(np.nansum(lost)), _most(lost), int(cut.sum())))
    return sorted(closures, key=lambda c: (-c.cut_off, -c.extra, c.piece.edges))


def _most(lost: FloatArray) -> float:
    """Give the most of what is known, NaN where nothing is."""
    return float(np.nanmax(lost)) if np.isfinite(lost).any() else float("nan")


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
    effects = {piece: one.lost.tobytes() if by == "road" else piece for piece, one in found.items()}
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
        sum(_is_bridge(one.get("bridge")) for one in held),
        lat,
        lon,
        closure.cut_off,
        closure.extra,
        closure.worst,
    )


def _is_bridge(written: object) -> bool:
    """Read a truth, or a word of OpenStreetMap or Geofabrik."""
    return str(written or "").strip().lower() not in _NO_BRIDGE


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
