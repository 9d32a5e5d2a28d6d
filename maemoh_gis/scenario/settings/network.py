"""What a scenario may say about roads and rail: which layers, how fast, from where one starts."""

from __future__ import annotations

from typing import Annotated

import pydantic

from maemoh_gis.documents.schema import Confidence, Name, Strict, Words, YearBE, custom_error
from maemoh_gis.scenario.settings.parts import Positive, Selection, as_pairs, rising


class Terrain(Strict):
    """How the steepness of the ground slows traffic down."""

    slope: Name
    """Raster of the slope of the ground, in percent."""
    speed_share: Annotated[
        list[tuple[float, Annotated[float, pydantic.Field(gt=0, le=1)]]],
        pydantic.Field(min_length=2),
        pydantic.BeforeValidator(as_pairs),
        pydantic.AfterValidator(rising),
    ]
    """Pairs of slope and share of the speed that is kept, slope rising; straight lines between,
    constant beyond."""


class Roads(Selection):
    """Roads of a network."""

    kph: dict[Name, Positive] = {}
    """Speed by class of road (column `class`), km/h, class by class; without it, column
    `speed_kph` of the layer."""
    least_part_km: Positive | None = None
    """Parts of the roads that no edge joins to the rest and that are shorter than this are left
    out, as places beside them would have no way anywhere; all stay where nothing is said."""
    terrain: Terrain | None = None
    """How steep ground slows traffic down; without it, the speed is that of the class."""

    def layers(self) -> tuple[str, ...]:
        """List the layers they are made of."""
        return (self.layer,) if self.terrain is None else (self.layer, self.terrain.slope)


class Rail(Selection):
    """The railway of a network."""

    stations: Selection
    """Points with `name_en`; those that column `on_line` puts on other lines are left out."""
    kph: Positive
    """Average speed of a train with its waits at loops, km/h."""
    most_m: Positive = 500
    """Farthest a station may lie from the line."""
    double: Name | None = None
    """The section under `rail` whose year of double track holds for this railway."""
    grade_error_per_mille: Positive | None = None
    """Standard error of the steepest grades of the layer."""
    transfers: dict[str, Annotated[float, pydantic.Field(ge=0)]] = {}
    """Stations by their English name where one changes between rail and road, and the minutes
    that takes, the way between line and road included."""
    most_transfer_m: Positive = 3000
    """Farthest such a station may lie from a road."""


class Origins(Selection):
    """Places to start from: points with `name_en` and `name_th`."""

    most_m: Positive
    """Farthest a place may lie from the roads; the straight way to them is not in the minutes."""
    suffix: str = ""
    """Put after the English name on the roads, to tell a station from its town."""


class Join(Strict):
    """The place of the drawn network that a stated distance means: exactly one of the two."""

    rail: str | None = None
    """Station by its English name."""
    road: str | None = None
    """Place on the roads by its English name."""

    @pydantic.model_validator(mode="after")
    def _one(self) -> Join:
        if (self.rail is None) == (self.road is None):
            given = " ".join(name for name in (self.rail, self.road) if name)
            raise custom_error("one_test", given=given or "–", choices="rail, road")
        return self


class Link(Strict):
    """A stretch of rail of known length that is not drawn and that other ways run over."""

    title: Words | None = None
    """What readers call it; its two ends where it has none."""
    start: str
    """Name as in the distances."""
    end: str
    """Name as in the distances."""
    km: Positive
    """Length."""
    km_low: Positive | None = None
    """Least length."""
    km_high: Positive | None = None
    """Greatest length."""
    open_year: YearBE | None = None
    """First year with trains; none where it is open."""
    double: Name | None = None
    """The section under `rail` whose year of double track holds for it."""
    confidence: Confidence
    """Trust in the length."""
    basis: str
    """Source, or how it was derived."""


class Linehaul(Strict):
    """Ways to places beyond the drawn network, by distances that are stated."""

    distances: Name
    """Table with from_place, to_place, mode (rail or road), route, km_low, km_central, km_high,
    open_year_be, confidence and source; rows of other modes are left out."""
    places: Annotated[list[Name], pydantic.Field(min_length=1)]
    """Point layers of the places, with `name_en` and `role`."""
    joins: dict[str, Join]
    """Names of the table that stand for places of the drawn network."""
    leaves_by: dict[str, str] = {}
    """For a place beyond: the place at which its trains leave the ways known already, so that only
    the rest of the stated distance counts there."""
    links: dict[Name, Link] = {}
    """Stretches that are known by themselves."""
    transfers: dict[str, Annotated[float, pydantic.Field(ge=0)]] = {}
    """Places beyond that also stand under `places` on the roads, and minutes to change there."""
    rail_kph: Positive
    """Average speed of a train, its waits included, km/h."""
    road_kph: Positive
    """Average speed of a lorry, its rests included, km/h."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""


class Network(Strict):
    """Roads, and rail where it is named, as one graph; with origins it gives travel minutes."""

    title: Words
    """Name for people, such as "by road from the railhead"."""
    roads: Roads
    """Its roads."""
    rail: Rail | None = None
    """Its railway, joined to the roads where one may change."""
    places: dict[Name, Origins] = {}
    """Named places put on the roads, such as district seats."""
    linehaul: Linehaul | None = None
    """Ways beyond the drawn network; they need a railway."""
    origins: Origins | None = None
    """Where travel minutes are counted from, the nearest in minutes."""
    walk_kph: Positive | None = None
    """Speed straight across the land from the recorded roads, km/h."""
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
        if self.linehaul is not None and self.rail is None:
            raise custom_error("linehaul_needs_rail")
        return self

    def layers(self) -> tuple[str, ...]:
        """List the layers it is made of, each once."""
        named = [*self.roads.layers()]
        if self.rail is not None:
            named += [self.rail.layer, self.rail.stations.layer]
        named += [place.layer for place in self.places.values()]
        if self.linehaul is not None:
            named += [self.linehaul.distances, *self.linehaul.places]
        if self.origins is not None:
            named.append(self.origins.layer)
        return tuple(dict.fromkeys(named))
