"""What a run found at the stations, by use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.near_misses.stages import stage_of
from maemoh_gis.near_misses.tables import Told
from maemoh_gis.sites.names import Landmarks, Subdistricts
from maemoh_gis.yards.stages import tracks_stage_of

if TYPE_CHECKING:
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.layers.load import Layers
    from maemoh_gis.near_misses.stations import StationMiss
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.scenario.settings.yard import Yard

_TOWNS = ("district_seats",)
"""Layers of places known beyond the line: a station is always nearest to itself."""


def told_of(
    scenario: Scenario, layers: Layers, crs: str, found: Mapping[str, object]
) -> Iterator[Told]:
    """Give what was found for each use, with the words that name it; `found` is by stage."""
    uses = [use for use in scenario.uses if stage_of(use) in found]
    if not uses:
        return
    view = layers.shapes(scenario.view.layer, crs, scenario.view.where)
    names, towns = Subdistricts.of(layers, crs), Landmarks.of(layers, crs, _TOWNS)
    to_lonlat = transformer_between(crs, "EPSG:4326")
    for use in uses:
        yield Told(
            use,
            cast("tuple[StationMiss, ...]", found[stage_of(use)]),
            scenario.limits,
            cast("pd.DataFrame | None", found.get(tracks_stage_of(use))),
            lambda point: _within(view, point),
            names.place_of,
            towns.near,
            lambda shape: to_lonlat.transform(shape.centroid.x, shape.centroid.y),
            _posts(scenario.uses[use].yard, layers, crs),
        )


def _posts(yard: Yard | None, layers: Layers, crs: str) -> dict[str, float]:
    """Give the kilometre posts of stations by their English names."""
    if yard is None or yard.stations is None:
        return {}
    stations = layers.features(yard.stations, crs)
    if "km_post" not in stations or "name_en" not in stations:
        return {}
    known = stations[stations["km_post"].notna()]
    return dict(zip(known["name_en"], known["km_post"].astype(float), strict=True))


def _within(areas: np.ndarray, point: BaseGeometry) -> bool:
    return bool(shapely.intersects(areas, point).any())
