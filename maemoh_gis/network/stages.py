"""
Stages of roads and rail: the graph of a year, and travel minutes from its origins.

    network:ID ─> times:ID ─> minutes:ID ─> least_minutes:ID

The graph and the times at its nodes are found once, whatever the grid: cells of any window, and
strips of any height, read the same minutes off them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.garbage import rarely_collected
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.layers.lines import LineReader
from maemoh_gis.network.edges import copied, edges_of, minutes_for
from maemoh_gis.network.graph import Transfer, join_rail, rail_graph, road_graph
from maemoh_gis.network.linehaul import Compared, add_linehaul
from maemoh_gis.network.linehaul_tables import Doubled, beyond_of, statements_of, terms_of
from maemoh_gis.network.places import Ground, Part, drop_small_parts, names_of
from maemoh_gis.network.terrain import over_terrain
from maemoh_gis.network.travel import TravelField
from maemoh_gis.network.ways import drawn_roads

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers, Where
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.scenario.settings.network import Network, Origins, Rail, Roads
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.measure_stages import Inputs


_CLASS = "class"
_OF_FILES = ("line_", "class_", "column_", "node_", "speed_")
_OF_POINTS = "line_truth_unknown"
"""What only a layer of stations says."""
# Stated ways by road end at the place itself there.
_GATEWAYS = frozenset({"port", "depot", "border"})


@dataclass(frozen=True)
class Origin:
    """A place travel minutes are counted from."""

    name_th: str
    name_en: str
    node: int
    """Node of the graph that stands for it."""
    offset_m: float
    """Straight way from the place to the road, m; not in the minutes."""
    xy: tuple[float, float]
    """Where the place itself lies, in the CRS of the network."""


@dataclass(frozen=True)
class NamedPlace:
    """A named place and where lorries and trains find it."""

    kind: str
    """Id under `places`, `station`, or the role of a place beyond."""
    name_th: str
    name_en: str
    xy: tuple[float, float]
    """Where it lies, in the CRS of the network."""
    road_node: int | None = None
    """None where no road leads to it."""
    rail_node: int | None = None
    """None where no train stops."""
    offset_m: float = 0.0
    """Straight way from the place to the road, m; not in any minutes."""


@dataclass(frozen=True)
class BuiltNetwork:
    """A network as it stands in the year of a scenario."""

    graph: Graph
    """Roads, and rail and transfers where the scenario names them, in osmnx's layout."""
    origins: tuple[Origin, ...]
    """In the order of their layer; none where the scenario names none."""
    places: tuple[NamedPlace, ...] = ()
    """Everything on it that has a name: places on the roads, stations, places beyond."""
    compared: tuple[Compared, ...] = ()
    """Stated distances that made no edge, with what the network says instead."""
    left_out: tuple[Part, ...] = ()
    """Parts of the roads that were too short to lead anywhere, the longest first."""

    @cached_property
    def drawn(self) -> Ground:
        """The drawn roads with the nodes on them; a place is put on a copy."""
        return Ground(drawn_roads(self.graph))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the drawn roads, which are made again when wanted."""
        return {name: held for name, held in vars(self).items() if name != "drawn"}


def network_stages(scenario: Scenario) -> list[Stage]:
    """Make the stages that build the networks of a scenario."""
    doubled = doubled_of(scenario)
    return [
        network_stage(id, network, scenario.year, doubled)
        for id, network in scenario.networks.items()
    ]


def network_stage(id: str, network: Network, year_be: int, doubled: Doubled | None = None) -> Stage:
    """Make the stage `network:ID`, whose `BuiltNetwork` is the same on every grid of one CRS."""
    params: dict[str, Any] = network.model_dump(exclude={"title", "basis", "confidence"})
    if network.rail is not None:
        params |= {"year": year_be, "doubled": dict(doubled or {})}

    def run(context: StageContext, _: Inputs) -> BuiltNetwork:
        return build(id, network, year_be, context.layers, context.grid.crs, doubled)

    return Stage(f"network:{id}", run, "global", layers=network.layers(), params=params, whole=True)


def minutes_stages(id: str, network: Network, catalog: Catalog) -> Iterator[Stage]:
    """
    Make the stages of travel minutes from the origins of a network.

    Yields
    ------
    Stage
        `times:ID`, a `TravelField`; `minutes:ID`, float32 (rows, cols), minutes by the roads the
        layer has; and, where it may lack some, `least_minutes:ID`, float32 (rows, cols), minutes no
        road could undercut.
    """
    assert network.walk_kph is not None
    assert network.most_walk_m is not None
    walk = {"walk_kph": network.walk_kph, "most_walk_m": network.most_walk_m}

    def solved(_: StageContext, inputs: Inputs) -> TravelField:
        built = inputs[f"network:{id}"]
        origins = [origin.node for origin in built.origins]
        return TravelField(
            built.graph, origins, walk_kph=walk["walk_kph"], most_walk_m=walk["most_walk_m"]
        )

    times = f"times:{id}"
    yield Stage(times, solved, "global", (f"network:{id}",), params=walk)
    minutes = f"minutes:{id}"

    def read(context: StageContext, inputs: Inputs) -> FloatArray:
        # Three fifths of the grid around a province are not in it.
        return np.asarray(inputs[times].minutes(context.grid, inputs["study"]))

    yield Stage(minutes, read, "local", (times, "study"))
    if catalog[network.roads.layer].complete_within != "extent":
        yield Stage(
            f"least_minutes:{id}",
            lambda b, i: i[times].least_minutes(b.grid, i[minutes]),
            "local",
            (times, minutes),
        )


@rarely_collected()
def build(
    id: str,
    network: Network,
    year_be: int,
    layers: Layers,
    crs: str,
    doubled: Doubled | None = None,
) -> BuiltNetwork:
    """
    Build a network from its layers as of a year, in a projected CRS in metres.

    `doubled` is the first year as double track, by section of railway.
    """
    compared: list[Compared] = []
    on_roads: dict[str, tuple[Origin, ...]] = {}
    try:
        ground, left_out = _roads(network.roads, layers, crs)
        graph = ground.graph
        for kind, places in network.places.items():
            on_roads[kind] = _put_origins(ground, places, layers, crs)
        origins: tuple[Origin, ...] = ()
        if network.origins is not None:
            origins = _put_origins(ground, network.origins, layers, crs)
        if network.rail is not None:
            _put_rail(ground, network.rail, year_be, layers, crs, doubled or {})
        if network.linehaul is not None:
            asked = network.linehaul
            compared = add_linehaul(
                graph,
                statements_of(asked, layers),
                beyond_of(asked, layers, crs),
                terms_of(asked, year_be, doubled or {}),
                year_be,
            )
    except LayerError as error:
        where = f"networks.{id}"
        raise LayerError(
            [f if f.file else dataclasses.replace(f, file=where) for f in error.faults]
        ) from error
    places_ = tuple(_named(graph, network, on_roads, layers, crs))
    return BuiltNetwork(graph, origins, places_, tuple(compared), left_out)


def build_all(scenario: Scenario, layers: Layers) -> dict[str, BuiltNetwork]:
    """Build every network of a scenario, to see whether it can be; raise LayerError if not."""
    return {
        id: build(id, network, scenario.year, layers, scenario.grid.crs, doubled_of(scenario))
        for id, network in scenario.networks.items()
    }


def doubled_of(scenario: Scenario) -> dict[str, int | None]:
    """Give the first year as double track by section of railway."""
    return {id: section.double_from for id, section in scenario.rail.items()}


def joined_roads(
    layers: Layers, layer: str, where: Where, crs: str, least_part_km: float | None
) -> tuple[Ground, tuple[Part, ...]]:
    """Join a layer of roads, for whoever asks for lengths or brings speeds; list parts left out."""
    frame = layers.features(layer, crs, where).assign(speed_kph=1.0)
    return _without_scraps(road_graph(frame, crs), least_part_km)


def _without_scraps(graph: Graph, least_part_km: float | None) -> tuple[Ground, tuple[Part, ...]]:
    left_out = drop_small_parts(graph, least_part_km) if least_part_km else []
    return Ground(graph), tuple(left_out)


def _at_speeds(roads: Roads, layers: Layers, crs: str) -> tuple[Ground, tuple[Part, ...]]:
    """Join a layer of roads at the speeds of its classes, or else at its own."""
    frame = layers.features(roads.layer, crs, roads.where)
    if not roads.kph:
        return _without_scraps(road_graph(frame, crs), roads.least_part_km)
    reader = LineReader(frame)
    reader.speeds(_CLASS, roads.kph)
    reader.require_readable()
    # Freight stands on the same roads, and to join them is most of the work.
    asked = (roads.layer, roads.where, crs, roads.least_part_km)
    joined, left_out = layers.derived([roads.layer], joined_roads, *asked)
    ground = Ground(copied(joined.graph), joined)
    for *_, held in edges_of(ground.graph):
        held["speed_kph"] = roads.kph[str(held["highway"])]
        held["minutes"] = minutes_for(held["length"], held["speed_kph"])
    return ground, left_out


def _roads(roads: Roads, layers: Layers, crs: str) -> tuple[Ground, tuple[Part, ...]]:
    with _told_of(layers, roads.layer):
        ground, left_out = _at_speeds(roads, layers, crs)
    if roads.terrain is None:
        return ground, left_out
    slope = roads.terrain.slope

    def slope_at(x: FloatArray, y: FloatArray) -> FloatArray:
        return layers.numbers_at(slope, np.column_stack([x, y]), crs)

    over_terrain(ground, slope_at, roads.terrain.speed_share)
    return ground, left_out


@contextmanager
def _told_of(layers: Layers, lines: str, points: str = "") -> Iterator[None]:
    """Let faults of what a layer says name its file."""
    try:
        yield
    except LayerError as error:
        faults = []
        for fault in error.faults:
            layer = points if fault.code == _OF_POINTS else lines
            of_file = fault.file is None and fault.code.startswith(_OF_FILES)
            file = layers.catalog[layer].path if of_file else fault.file
            faults.append(dataclasses.replace(fault, file=file))
        raise LayerError(faults) from error


def _put_origins(roads: Ground, origins: Origins, layers: Layers, crs: str) -> tuple[Origin, ...]:
    places = layers.features(origins.layer, crs, origins.where)
    called = places.assign(name_en=places["name_en"] + origins.suffix)
    landings = roads.put(called, most_m=origins.most_m)
    spots = zip(places.geometry.x, places.geometry.y, strict=True)
    return tuple(
        Origin(_name(name, one.name), one.name, one.node, one.offset_m, (float(x), float(y)))
        for name, (x, y), one in zip(places["name_th"], spots, landings, strict=True)
    )


def _name(written: Any, other: str) -> str:
    return written if isinstance(written, str) and written else other


def _named(
    graph: Graph,
    network: Network,
    on_roads: Mapping[str, tuple[Origin, ...]],
    layers: Layers,
    crs: str,
) -> Iterator[NamedPlace]:
    """Bring what has a name together with where lorries and trains find it."""
    rails = {
        name: int(node)
        for node, held in graph.nodes(data=True)
        if held.get("mode") in {"rail", "beyond"}
        for name in names_of(held)
    }
    met: set[int] = set()
    for kind, found in on_roads.items():
        suffix = network.places[kind].suffix
        stops = network.rail is not None and network.places[kind].layer in _stopping(network)
        for place in found:
            own = place.name_en.removesuffix(suffix)
            rail = rails.get(own) if stops else None
            met |= {rail} if rail is not None else set()
            names = (place.name_th, place.name_en)
            yield NamedPlace(kind, *names, place.xy, place.node, rail, place.offset_m)
    for id in _stopping(network):
        frame = layers.features(id, crs)
        for row in frame.to_dict("records"):
            own = str(row["name_en"])
            if own in rails and rails[own] not in met:
                met.add(rails[own])
                role = str(row.get("role") or "station")
                road = rails[own] if role in _GATEWAYS else None
                at = (float(row["geometry"].x), float(row["geometry"].y))
                yield NamedPlace(role, _name(row.get("name_th"), own), own, at, road, rails[own])


def _stopping(network: Network) -> tuple[str, ...]:
    """List the layers whose places are stations or lie beyond."""
    rail = () if network.rail is None else (network.rail.stations.layer,)
    beyond = () if network.linehaul is None else tuple(network.linehaul.places)
    return (*rail, *beyond)


def _put_rail(
    roads: Ground, rail: Rail, year_be: int, layers: Layers, crs: str, doubled: Doubled
) -> None:
    railway: gpd.GeoDataFrame = layers.features(rail.layer, crs, rail.where)
    stations = layers.features(rail.stations.layer, crs, rail.stations.where)
    with _told_of(layers, rail.layer, rail.stations.layer):
        line = rail_graph(
            railway,
            stations,
            crs,
            year_be,
            speed_kph=rail.kph,
            most_m=rail.most_m,
            double_from_be=doubled.get(rail.double) if rail.double else None,
            grade_error_per_mille=rail.grade_error_per_mille,
        )
    transfers = [Transfer(place, minutes) for place, minutes in rail.transfers.items()]
    join_rail(roads, line, transfers, most_m=rail.most_transfer_m)
