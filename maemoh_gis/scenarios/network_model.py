"""What a scenario may say about roads and rail: which layers, how fast, from where one starts."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

import pydantic

from maemoh_gis.formats import Confidence, Name, Strict, Words, custom_error
from maemoh_gis.scenarios.parts import Positive, Selection


class Terrain(Strict):
    """How the steepness of the ground slows traffic down."""

    slope: Name
    """Raster of the slope of the ground, in percent."""
    speed_share: Annotated[
        list[tuple[float, Annotated[float, pydantic.Field(gt=0, le=1)]]],
        pydantic.Field(min_length=2),
    ]
    """Pairs of slope and share of the speed that is kept, slope rising; straight lines between,
    constant beyond."""

    @pydantic.field_validator("speed_share", mode="before")
    @classmethod
    def _pairs(cls, points: Any) -> Any:
        return [tuple(p) if isinstance(p, list) else p for p in points] if points else points

    @pydantic.model_validator(mode="after")
    def _rising(self) -> Terrain:
        if any(a[0] >= b[0] for a, b in pairwise(self.speed_share)):
            raise custom_error("points_not_rising")
        return self


class Roads(Selection):
    """Roads of a network."""

    kph: dict[Name, Positive] = {}
    """Speed by class of road (column `class`), km/h, class by class; without it, column
    `speed_kph` of the layer."""
    terrain: Terrain | None = None
    """How steep ground slows traffic down; without it, the speed is that of the class."""


class Rail(Selection):
    """The railway of a network."""

    stations: Selection
    """Points with `name_en`; those that column `on_line` puts on other lines are left out."""
    kph: Positive
    """Average speed of a train with its waits at loops, km/h."""
    most_m: Positive = 500
    """Farthest a station may lie from the line."""
    transfers: dict[str, Annotated[float, pydantic.Field(ge=0)]] = {}
    """Stations by their English name where one changes between rail and road, and the minutes
    that takes, the way between line and road included."""
    most_transfer_m: Positive = 3000
    """Farthest such a station may lie from a road."""


class Origins(Selection):
    """Places to start from: points with `name_en` and `name_th`."""

    most_m: Positive
    """Farthest a place may lie from the roads; the straight way to them is not in the minutes."""


class Network(Strict):
    """Roads, and rail where it is named, as one graph; with origins it gives travel minutes."""

    title: Words
    """Name for people, such as "by road from the railhead"."""
    roads: Roads
    """Its roads."""
    rail: Rail | None = None
    """Its railway, joined to the roads where one may change."""
    origins: Origins | None = None
    """Where travel minutes are counted from, the nearest in minutes."""
    walk_kph: Positive | None = None
    """Speed straight across the land from the nearest recorded road, km/h."""
    most_walk_m: Positive | None = None
    """Farthest one goes so; land farther off has no travel time."""
    confidence: Confidence
    """Trust in the travel minutes."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _walk_goes_with_origins(self) -> Network:
        given = (self.origins, self.walk_kph, self.most_walk_m)
        if any(given) and not all(given):
            raise custom_error("origins_need_walk")
        return self

    def layers(self) -> tuple[str, ...]:
        """List the layers it is made of, each once."""
        named = [self.roads.layer]
        if self.roads.terrain is not None:
            named.append(self.roads.terrain.slope)
        if self.rail is not None:
            named += [self.rail.layer, self.rail.stations.layer]
        if self.origins is not None:
            named.append(self.origins.layer)
        return tuple(dict.fromkeys(named))
