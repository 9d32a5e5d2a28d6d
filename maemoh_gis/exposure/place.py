"""People near one place that somebody asks about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.exposure.population import People, near, people_reached
from maemoh_gis.exposure.words import PeoplePart, told

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.exposure import Exposure


def people_around(asked: Exposure, layers: Layers, crs: str, land: BaseGeometry) -> People | None:
    """Place the people within the greatest distance of some land; None where nobody counted."""
    return people_reached(asked, layers, crs, land.buffer(max(asked.radii_m)))


def people_parts(
    asked: Exposure, people: People | None, place: BaseGeometry
) -> Iterator[PeoplePart]:
    """Say how many people are within each distance of a place."""
    if people is None:
        yield from (PeoplePart(radius, None, None, None, 1.0) for radius in asked.radii_m)
        return
    found = near(place, people, asked.radii_m)
    for radius, one in zip(asked.radii_m, found, strict=True):
        low, central, high = told(one) or (None, None, None)
        yield PeoplePart(radius, low, central, high, round(one.uncounted_share, 3))
