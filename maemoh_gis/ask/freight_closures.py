"""
What one closure would cost freight in a year: a stretch of road, or a section of the railway.

Freight chooses its way anew around each closure, as in a run. What a year costs more is added up
over the flows that still have a way; TEU without any stand beside it. Distances beyond the mapped
region stay what they are stated to be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely import LineString

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.engine.stages import StageContext
from maemoh_gis.engine.study import study_grid
from maemoh_gis.freight.distances import between
from maemoh_gis.freight.engine import FreightResult, Terms, move
from maemoh_gis.freight.inputs import candidates, freight_world, on_line
from maemoh_gis.freight.layers import FreightLayers, Place, RoadDistances, fleet_of, new_yard
from maemoh_gis.freight.stages import terms_of
from maemoh_gis.freight.world import Spread, World
from maemoh_gis.freight.yard_worth import within_wagons
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.arrays import network_arrays
from maemoh_gis.network.edges import Piece, held_by, place_of
from maemoh_gis.network.ways_around import WaysAround, course_of, names_of, stretches

if TYPE_CHECKING:
    from maemoh_gis.ask.closure_ends import Yard
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.freight.tariffs import Case
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.network.stages import NamedPlace
    from maemoh_gis.reach.queries import Opened

_KM = 1000.0


@dataclass(frozen=True)
class FreightShut:
    """What one closure would cost freight."""

    carrier: str
    """road or rail."""
    name: str
    """Number of the road, or the stations between which any section is shut; empty if unknown."""
    km: float
    line: LineString
    """Its course, in the CRS of the grid."""
    thb: float
    """What all flows that still have a way cost more, THB a year."""
    cut_off_teu: float
    """TEU a year that have no way any more, as far as known."""


@dataclass(frozen=True)
class FreightShuts:
    """What closures would cost, and against what."""

    shuts: tuple[FreightShut, ...]
    """Worst first: by TEU cut off, then by THB."""
    idle: tuple[FreightShut, ...]
    """Parts of the railway whose closure changes nothing."""
    tried: int
    """Stretches that were shut, one at a time."""
    thb: float
    """Cost of all freight with nothing shut, THB a year."""
    unknown_flows: int
    """Flows of unknown size, which count for nothing."""


def freight_closures(context: StageContext, yard: Yard | None, case: Case) -> FreightShuts:
    """Shut every stretch that freight uses, one at a time."""
    source = FreightLayers.of(context)
    terms = replace(terms_of(source.freight, source.year_be), case=case)
    places = [] if yard is None else [new_yard(source, yard.id, yard.xy)]
    roads = RoadDistances(source, places)
    world = freight_world(source, places, roads)
    world = world.with_railheads([*world.railheads, *candidates(source, places)])
    sent, far = _Sent(source, terms, world), _FarPlaces(roads)
    # Only what lengthens the same ways is one stretch, not what happens to cost the same.
    by_road, ways = dict[Piece, tuple[float, float]](), dict[Piece, bytes]()
    for piece, around in _around(roads):
        ways[piece] = around.tobytes()
        by_road[piece] = sent.lost(ways[piece], partial(_world_with, far, world, around))
    shuts = [_road(roads.graph, pieces, by_road[pieces[0]]) for pieces in stretches(ways)]
    rails = [
        replace(shut, thb=lost[0], cut_off_teu=lost[1])
        for shut, changed, same in _rail_shuts(source, places, world)
        for lost in [sent.lost(same, partial(replace, changed))]
    ]
    hurting = [one for one in [*shuts, *rails] if one.thb > 0 or one.cut_off_teu > 0]
    ranked = sorted(
        hurting, key=lambda one: (-one.cut_off_teu, -one.thb, one.carrier, one.line.wkb)
    )
    idle = tuple(one for one in rails if one not in hurting)
    tried = len(by_road) + len(rails)
    return FreightShuts(tuple(ranked), idle, tried, sent.before.thb, sent.before.unknown_flows)


class _Sent:
    """What freight costs in worlds that differ in their ways; alike worlds are asked once."""

    def __init__(self, source: FreightLayers, terms: Terms, world: World) -> None:
        self._source, self._terms = source, terms
        self._known: dict[object, tuple[float, float]] = {}
        self.before = self._moved(world)

    def lost(self, same: object, changed: Callable[[], World]) -> tuple[float, float]:
        """Give what a world costs more, THB, and the TEU cut off in it."""
        if same not in self._known:
            self._known[same] = _lost(self.before, self._moved(changed()))
        return self._known[same]

    def _moved(self, world: World) -> FreightResult:
        moved = move(world, self._source.tariffs, self._terms)
        return within_wagons(moved, fleet_of(self._source))


def closures_of_freight(
    opened: Opened, catalog: Catalog, yard: Yard | None, case: Case
) -> FreightShuts:
    """
    Shut every stretch that freight of an opened network's scenario uses; see `freight_closures`.

    Worst first.
    """
    scenario = opened.scenario.model_copy(update={"year": opened.year_be})
    if scenario.freight is None:
        raise RunError(Fault("scenario_without_freight", key=scenario.id))
    layers = Layers(catalog)
    context = StageContext(scenario, layers, study_grid(scenario, layers))
    return freight_closures(context, yard, case)


def middle_of(opened: Opened, shut: FreightShut) -> tuple[float, float]:
    """Give latitude and longitude of the middle of a stretch, WGS 84."""
    middle = shut.line.interpolate(0.5, normalized=True)
    to_lonlat = transformer_between(opened.crs, "EPSG:4326")
    lon, lat = to_lonlat.transform(middle.x, middle.y)
    return float(lat), float(lon)


def near_ends(opened: Opened, shut: FreightShut) -> tuple[NamedPlace, NamedPlace]:
    """Give the named places of a network that lie nearest to the two ends of a stretch."""
    known = [
        (place, place_of(opened.built.graph, node))
        for place in opened.built.places
        if (node := place.road_node if shut.carrier == "road" else place.rail_node) is not None
    ]
    ends = (shut.line.coords[0], shut.line.coords[-1])
    first, last = (min(known, key=lambda one: math.dist(one[1], end[:2]))[0] for end in ends)
    return first, last


def _lost(before: FreightResult, after: FreightResult) -> tuple[float, float]:
    """Give what flows with a way in both cost more, THB, and the TEU that lost their way."""
    old, new = (np.nansum(r.carried * np.nan_to_num(r.ways.thb), axis=1) for r in (before, after))
    had, has = (~np.isnan(r.ways.thb).all(axis=1) for r in (before, after))
    thb = float((new - old)[had & has].sum())
    # What is below a baht is rounding of sums.
    return thb if thb >= 1 else 0.0, float(np.nansum(before.teu[had & ~has]))


def _around(ways: RoadDistances) -> Iterator[tuple[Piece, FloatArray]]:
    """Shut each stretch of road that a least way takes, and measure all ways around it, km."""
    nodes = [ways.nodes[name] for name in ways.names]
    found = WaysAround.of(
        ways.graph, network_arrays(ways.graph, "length"), dict.fromkeys(nodes, sorted(set(nodes)))
    )
    rows = [found.starts.index(node) for node in nodes]
    for piece in found.pieces:
        yield piece, np.round(found.around(piece)[rows][:, rows] / _KM + ways.off_km, 6)


def _road(graph: Graph, pieces: Sequence[Piece], lost: tuple[float, float]) -> FreightShut:
    """Tell of pieces of road of which shutting any is the same."""
    km = sum(float(held_by(graph, piece.edges[0])["length"]) for piece in pieces) / _KM
    return FreightShut("road", names_of(graph, pieces), km, course_of(pieces), *lost)


def _world_with(far: _FarPlaces, world: World, around: FloatArray) -> World:
    """Give the world whose ways by road are as long as they are around a closure."""
    row, freight = far.row, far.ways.freight
    drayage = {
        (origin, key): float(around[row["origin", origin], row["railhead", key]])
        if ("railhead", key) in row
        else km + far.more(around, origin, key, freight.railheads[key].place)
        for (origin, key), km in world.drayage_km.items()
    }
    road = {}
    for (origin, gateway), km in world.road_km.items():
        more = far.more(around, origin, gateway, freight.gateways[gateway].place)
        road[origin, gateway] = Spread(km.low + more, km.central + more, km.high + more)
    return replace(world, road_km=road, drayage_km=drayage)


class _FarPlaces:
    """Ways to places beyond the region, where distances stay what they are stated to be."""

    def __init__(self, ways: RoadDistances) -> None:
        self.ways = ways
        self.row = {name: index for index, name in enumerate(ways.names)}
        self._over: dict[tuple[str, str], tuple[list[int], FloatArray]] = {}

    def more(self, around: FloatArray, origin: str, key: str, place: str) -> float:
        """Say how much longer the way to one is; NaN without one, 0 where nothing is stated."""
        if (key, place) not in self._over:
            self._over[key, place] = self._exits(key, place)
        exits, beyond = self._over[key, place]
        if not exits:
            return 0.0
        start = self.row["origin", origin]
        # Exits that cannot be reached are NaN, which `fmin` passes over as long as one can.
        before, after = (
            float(np.fmin.reduce(km[start, exits] + beyond)) for km in (self.ways.km, around)
        )
        return after - before

    def _exits(self, key: str, place: str) -> tuple[list[int], FloatArray]:
        """Give the exits towards a place, and how far it lies beyond each, as `road_beyond`."""
        freight, source = self.ways.freight, self.ways.source
        exits = [self.row["exit", id] for id, one in freight.exits.items() if key in one.toward]
        anchor = freight.anchor
        whole = between(source.distances, anchor.place, place, "road", source.year_be)
        if whole is None:
            return [], np.empty(0)
        known = self.ways.km[self.row["origin", anchor.origin], exits]
        return exits, np.maximum(0.0, whole.central - known)


def _rail_shuts(
    source: FreightLayers, places: Sequence[Place], world: World
) -> Iterator[tuple[FreightShut, World, object]]:
    """Shut each part of the railway; trains that pass over it have no way."""
    lines = on_line(source, places)
    leaves: Mapping[str, float] = {
        key: about.joins_km_post for key, about in source.freight.gateways.items()
    }
    frame = source.layers.features(source.freight.railway, source.crs)
    # Sections that stop the same trains cost the same: they are told as one part of the line.
    parts: dict[tuple[tuple[str, str], ...], list[Mapping[Any, Any]]] = {}
    for section in frame.sort_values("km_post_start").to_dict("records"):
        middle = (float(section["km_post_start"]) + float(section["km_post_end"])) / 2
        left = tuple(
            (key, gateway)
            for key, gateway in world.rail_km
            if not min(lines[key].km_post, leaves[gateway])
            < middle
            < max(lines[key].km_post, leaves[gateway])
        )
        parts.setdefault(left, []).append(section)
    for left, sections in parts.items():
        ends = (sections[0].get("from_station"), sections[-1].get("to_station"))
        name = " – ".join(end for end in ends if isinstance(end, str))
        line = LineString([xy for s in sections for xy in s["geometry"].coords])
        shut = FreightShut("rail", name, line.length / _KM, line, 0.0, 0.0)
        rail_km = {way: km for way, km in world.rail_km.items() if way in left}
        yield shut, replace(world, rail_km=rail_km), left
