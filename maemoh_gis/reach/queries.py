"""Questions to a network: which place is meant, what lies within reach of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import shapely

from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.core import units
from maemoh_gis.core.errors import LayerError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import Language, text
from maemoh_gis.documents.schema import nearest, place_in
from maemoh_gis.files import write_geopackage, write_raster
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import lines_of
from maemoh_gis.network.stages import BuiltNetwork, NamedPlace, build, doubled_of
from maemoh_gis.network.travel import TravelField
from maemoh_gis.reach.outlines import reach_polygons

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import BoolArray, FloatArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.network.arrays import NetworkArrays
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.scenario.settings.scenario import Scenario

By = Literal["road", "rail"]
_LONLAT = "EPSG:4326"
_HIGHWAY = re.compile(r"\d{1,4}")
"""National highways are told by number alone; other numbers carry letters."""
_JOINED_BY = ("; ", " – ")
"""Between the names a stretch carries, and between its two ends."""


@dataclass(frozen=True)
class Opened:
    """A network of a scenario, built for a year."""

    id: str
    year_be: int
    built: BuiltNetwork
    scenario: Scenario
    layers: Layers
    """What it was built from."""

    @property
    def crs(self) -> str:
        """CRS of the network."""
        return self.scenario.grid.crs

    def road_layer(self, language: Language) -> str:
        """Say in which layer of roads ways are looked for."""
        title = self.layers.catalog[self.scenario.networks[self.id].roads.layer].title
        return title.th if language == "th" else title.en

    def named(self, name: str, language: Language) -> str:
        """Say a name of the network in a language."""
        thai = self._thai if language == "th" else {}
        parts = re.split(f"({'|'.join(map(re.escape, _JOINED_BY))})", name)
        return "".join(
            text("network.highway", language, number=part)
            if _HIGHWAY.fullmatch(part)
            else thai.get(part, part)
            for part in parts
        )

    @functools.cached_property
    def _thai(self) -> dict[str, str]:
        """Thai names by English name, of the layers the network is built from and its places."""
        asked = self.scenario.networks[self.id]
        layers = [asked.roads.layer]
        if asked.rail is not None:
            layers += [asked.rail.layer, asked.rail.stations.layer]
        if asked.linehaul is not None:
            layers += asked.linehaul.places
        found: dict[str, str] = {}
        for id in dict.fromkeys(layers):
            frame = self.layers.features(id, self.crs)
            if {"name_th", "name_en"} <= set(frame.columns):
                both = frame[["name_en", "name_th"]].dropna().drop_duplicates("name_en")
                found.update(zip(both["name_en"].astype(str), both["name_th"], strict=True))
        found |= {place.name_en: place.name_th for place in self.built.places}
        for name, join in (asked.linehaul.joins if asked.linehaul else {}).items():
            met = join.road or join.rail
            if met in found:
                found.setdefault(name, found[met])
        return found


@dataclass(frozen=True)
class Start:
    """A place to start from, on the roads."""

    name_th: str
    name_en: str
    node: int
    offset_m: float
    """Straight way from the place to the road, m; not in the minutes."""


@dataclass(frozen=True)
class Reach:
    """What lies within reach of a place."""

    start: Start
    minutes: FloatArray
    """Float32 (rows, cols); NaN where no way is known."""
    grid: Grid
    outlines: gpd.GeoDataFrame
    """One row for each time, with `minutes`, `area_m2` and, of that, `outside_m2` beyond the study
    area; longer times hold the shorter ones."""

    @property
    def areas_m2(self) -> list[tuple[float, float, float]]:
        """List times in minutes, shortest first, the land within reach, and how much of it lies
        outside the study area.
        """
        told = (self.outlines[name].tolist() for name in ("minutes", "area_m2", "outside_m2"))
        return [(float(m), float(a), float(o)) for m, a, o in zip(*told, strict=True)]


def open_network(
    scenario: Scenario, catalog: Catalog, id: str | None = None, year_be: int | None = None
) -> Opened:
    """Build a network of a scenario."""
    if not scenario.networks:
        raise RunError(Fault("scenario_without_network", key=scenario.id))
    chosen = id or next(iter(scenario.networks))
    if chosen not in scenario.networks:
        near = nearest(chosen, scenario.networks) or ", ".join(scenario.networks)
        raise RunError(Fault("unknown_network", key=scenario.id, found=chosen, expected=near))
    year = units.check_year_be(year_be) if year_be is not None else scenario.year
    network, crs = scenario.networks[chosen], scenario.grid.crs
    layers = Layers(catalog)
    built = build(chosen, network, year, layers, crs, doubled_of(scenario))
    return Opened(chosen, year, built, scenario, layers)


def place_on(opened: Opened, written: str, *, by: By = "road") -> NamedPlace:
    """Find a named place that lorries or trains reach."""

    def node(place: NamedPlace) -> int | None:
        return place.road_node if by == "road" else place.rail_node

    known = {n: p for p in reversed(opened.built.places) if node(p) is not None
             for n in (p.name_th, p.name_en)}  # fmt: skip
    if by == "rail" and not known:
        raise LayerError(Fault("network_without_rail", key=opened.id))
    if written in known:
        return known[written]
    names = sorted({p.name_en for p in known.values()})
    near = nearest(written, known) or ", ".join(names[:8]) or "–"
    raise RunError(Fault("unknown_network_place", key=written, found=written, expected=near))


def start_at(opened: Opened, written: str, *, most_m: float) -> tuple[Graph, Start]:
    """Find where the reader wants to start: a named place, or "lat,lon" in degrees."""
    ground = opened.built.drawn
    spot = place_in(written, written)
    if spot is None:
        place = place_on(opened, written)
        assert place.road_node is not None
        if place.road_node not in ground.graph:
            raise LayerError(Fault("place_not_on_drawn_road", key=written, found=written))
        return ground.graph, Start(place.name_th, place.name_en, place.road_node, place.offset_m)
    import geopandas as gpd

    lat, lon = spot
    name = f"{lat:g},{lon:g}"
    frame = gpd.GeoDataFrame(
        {"name_en": [name]}, geometry=gpd.points_from_xy([lon], [lat]), crs=_LONLAT
    )
    ground = ground.copied()
    (landing,) = ground.put(frame, most_m=most_m)
    return ground.graph, Start(name, name, landing.node, landing.offset_m)


def reach_from(
    opened: Opened,
    written: str,
    steps_minutes: Sequence[float],
    *,
    walk_kph: float,
    most_walk_m: float,
    cell_m: float,
) -> Reach:
    """Find the land within reach of a place by road, and from there straight across the land."""
    if not steps_minutes or not all(step > 0 for step in steps_minutes):
        found = ",".join(f"{step:g}" for step in steps_minutes)
        raise RunError(Fault("minutes_not_positive", key="--minutes", found=found or "–"))
    graph, start = start_at(opened, written, most_m=most_walk_m)
    most, network = max(steps_minutes), network_arrays(graph)
    grid = Grid.covering(
        _bounds_within(graph, network, start.node, most),
        crs=opened.crs,
        cell_m=cell_m,
        pad_m=min(most_walk_m, most * walk_kph / 60 * 1000),
    )
    field = TravelField(
        graph, [start.node], walk_kph=walk_kph, most_walk_m=most_walk_m, network=network
    )
    minutes = field.minutes(grid)
    outlines = reach_polygons(minutes, grid, steps_minutes)
    outside = ~_study(opened, grid)
    outside_m2 = [
        float((outside & (minutes <= step)).sum()) * grid.cell_area_m2
        for step in outlines["minutes"]
    ]
    return Reach(start, minutes, grid, outlines.assign(outside_m2=outside_m2))


def _study(opened: Opened, grid: Grid) -> BoolArray:
    """Mark the cells of the study area of the scenario."""
    area = opened.scenario.area
    return cells_inside(opened.layers.shapes(area.layer, opened.crs, area.where), grid)


def _bounds_within(
    graph: Graph, network: NetworkArrays, start: int, minutes: float
) -> tuple[float, float, float, float]:
    """Give the bounds of all edges that one can set out on within a time."""
    reached = least_costs(network, [start]).values[0][network.tail] <= minutes
    within = [key for key, near in zip(network.keys, reached, strict=True) if near]
    west, south, east, north = (float(v) for v in shapely.total_bounds(lines_of(graph, within)))
    return west, south, east, north


def write_reach(opened: Opened, reach: Reach, path: Path) -> list[str]:
    """Write outlines to a GeoPackage, and minutes to a GeoTIFF beside it."""
    start, network = reach.start, opened.scenario.networks[opened.id]
    frame = reach.outlines.assign(
        **{
            name.replace("_m2", "_rai"): [
                round(units.rai_from_m2(float(m2)), 1) for m2 in reach.outlines[name]
            ]
            for name in ("area_m2", "outside_m2")
        },
        from_th=start.name_th,
        from_en=start.name_en,
        year_be=opened.year_be,
        confidence=network.confidence,
    )
    raster = path.with_suffix(".tif")
    write_geopackage(path, {"within_reach": frame})
    tags = {
        "unit": "minutes",
        "from": start.name_en,
        "network": opened.id,
        "year_be": str(opened.year_be),
        "confidence": network.confidence,
        "caveat_th": text("network.reach_caveat", "th", roads=opened.road_layer("th")),
        "caveat_en": text("network.reach_caveat", "en", roads=opened.road_layer("en")),
    }
    bands = {"minutes": reach.minutes}
    write_raster(raster, bands, reach.grid, nodata=float("nan"), tags=tags)
    return [str(path), str(raster)]
