"""The stage that lays a platform at the place of each station that comes nearest to a yard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

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


@dataclass(frozen=True)
class StationBed:
    """The bed of a yard at the place of a station that comes nearest to one."""

    title: Text
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
        return tuple(
            bed_at(miss, platforms(own, rectangle_of(miss.shape), crs, cell_m)[0], bed)
            for miss in misses
        )

    params: dict[str, Any] = {"bed": bed.model_dump(exclude={"basis", "thb_per_m3"})}
    inputs, layers = (misses_of(use),), (bed.heights,)
    return Stage(stage_of(use), run, "global", inputs, layers=layers, params=params, whole=True)


def bed_at(miss: StationMiss, platform: Platform, bed: OwnBed) -> StationBed:
    """Say of a platform what class of earthworks it is, and whether volumes are told."""
    kind = earth_class(platform, bed.light_m, bed.heavy_m)
    surveyed = platform.error_m <= bed.surveyed_within_m
    return StationBed(miss.title, miss.place_km, miss.side, platform, kind, surveyed)


def rectangle_of(shape: BaseGeometry) -> FloatArray:
    """Give a drawn rectangle as the row `shapes.polygons_of` drew it from, (1, 6)."""
    corners = shapely.get_coordinates(shape)[:4]
    along, across = corners[1] - corners[0], corners[3] - corners[0]
    length, width = float(np.hypot(*along)), float(np.hypot(*across))
    middle = corners.mean(axis=0)
    return np.array([[*middle, *(along / length), length / 2.0, width / 2.0]])
