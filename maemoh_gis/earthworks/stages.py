"""The stage that lays a platform at the place of each station, and on each rectangle that fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.core.types import FloatArray
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.near_misses.stages import stage_of as misses_of
from maemoh_gis.yards.bed import EarthClass, Platform, earth_class, platforms
from maemoh_gis.yards.stages import bed_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.messages import Text
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.near_misses.stations import StationMiss
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.scenario.settings.yard import OwnBed
    from maemoh_gis.suitability.measure_stages import Inputs
    from maemoh_gis.yards.fit import YardSearch

MOST_RECTANGLES = 50
"""Rectangles that are told of, the best first: each takes some hundredths of a second."""


@dataclass(frozen=True)
class StationBed:
    """The bed of a yard at the place of a station that comes nearest to one, or where one fits."""

    title: Text
    """Its station, or the nearest one."""
    rectangle: int | None
    """Number of the rectangle that fits; None at the place of a station."""
    place_km: float
    side: int
    platform: Platform
    kind: EarthClass
    surveyed: bool
    """Whether the heights are sure enough for cubic metres."""


def stage_of(use: str) -> str:
    """Name the stage of a use."""
    return f"earthworks:{use}"


def earthwork_stages(scenario: Scenario, _: Catalog) -> Iterator[Stage]:
    """Lay platforms for every use whose yard may stand on its own bed."""
    for use in scenario.uses:
        yard = scenario.uses[use].yard
        if yard is not None and yard.own_bed is not None and yard.stations is not None:
            yield _stage(use, yard.own_bed, yard.needs().cell_m)


def _stage(use: str, bed: OwnBed, cell_m: float) -> Stage:
    def run(context: StageContext, inputs: Inputs) -> tuple[StationBed, ...]:
        own, crs = bed_of(context.layers, bed), context.grid.crs
        misses: tuple[StationMiss, ...] = inputs[misses_of(use)]
        places = [*map(_of_station, misses), *_of_rectangles(inputs[f"yards:{use}"])]
        return tuple(
            bed_at(place, platforms(own, rectangle_of(place.shape), crs, cell_m)[0], bed)
            for place in places
        )

    told = bed.model_dump(exclude={"basis", "thb_per_m3"})
    params: dict[str, Any] = {"bed": told, "rectangles": MOST_RECTANGLES}
    inputs, layers = (misses_of(use), f"yards:{use}"), (bed.heights,)
    return Stage(stage_of(use), run, "global", inputs, layers=layers, params=params, whole=True)


@dataclass(frozen=True)
class BedPlace:
    """Where a platform is laid."""

    title: Text
    rectangle: int | None
    place_km: float
    side: int
    shape: BaseGeometry


def _of_station(miss: StationMiss) -> BedPlace:
    return BedPlace(miss.title, None, miss.place_km, miss.side, miss.shape)


def _of_rectangles(search: YardSearch) -> Iterator[BedPlace]:
    """List the rectangles that fit, the best first."""
    rows = search.fits.head(MOST_RECTANGLES).to_dict("records")
    for number, row in enumerate(rows, start=1):
        title = {x: str(row[f"station_{x}"]) for x in LANGUAGES}
        side = 1 if row["side"] == "left" else -1
        yield BedPlace(title, number, float(row["chainage_km"]), side, row["geometry"])


def bed_at(place: BedPlace, platform: Platform, bed: OwnBed) -> StationBed:
    """Say of a platform what class of earthworks it is, and whether volumes are told."""
    kind = earth_class(platform, bed.light_m, bed.heavy_m)
    surveyed = platform.error_m <= bed.surveyed_within_m
    at = (place.title, place.rectangle, place.place_km, place.side)
    return StationBed(*at, platform, kind, surveyed)


def rectangle_of(shape: BaseGeometry) -> FloatArray:
    """Give a drawn rectangle as the row `shapes.polygons_of` drew it from, (1, 6)."""
    corners = shapely.get_coordinates(shape)[:4]
    along, across = corners[1] - corners[0], corners[3] - corners[0]
    length, width = float(np.hypot(*along)), float(np.hypot(*across))
    middle = corners.mean(axis=0)
    return np.array([[*middle, *(along / length), length / 2.0, width / 2.0]])
