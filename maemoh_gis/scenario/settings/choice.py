"""What a scenario may say about choosing a yard among places: candidates, indicators, weights."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

import pydantic

from maemoh_gis.documents.schema import Confidence, Name, Strict, Words, YearBE, custom_error
from maemoh_gis.scenario.settings.criterion import ValueFunction
from maemoh_gis.scenario.settings.parts import Positive, Selection
from maemoh_gis.scenario.settings.phase_out import Coefficient

IndicatorName = Literal["land_score", "saved_thb", "people", "to_settle"]
INDICATORS: tuple[IndicatorName, ...] = ("land_score", "saved_thb", "people", "to_settle")
UNITS: dict[IndicatorName, str] = {
    "land_score": "score",
    "saved_thb": "THB per year",
    "people": "people",
    "to_settle": "count",
}
"""Unit of each indicator; the value points of a file are written in it."""
MOST_SETS = 5_000
"""Sets of so many yards that are tried one by one: 4,060 sets of 3 of 30 places, none with room for
all of 200 flows, take half a minute; where room is not asked about, a second."""
HOMES_UNIT = "rai"
"""Unit of the land of modelled homes."""


class Candidate(Selection):
    """A named place where a yard could stand: one point of a layer."""

    title: Words
    """Name for people."""
    on_rail: bool = True
    """Whether it stands on a railway, open or planned."""
    open_year: YearBE | None = None
    """Year its railway opens; none where it is open."""
    basis: str
    """Why it is a candidate."""


def _one_direction(value: ValueFunction) -> None:
    scores = [score for _, score in value.points or ()]
    steps = [b - a for a, b in pairwise(scores)]
    bent = any(s > 0 for s in steps) and any(s < 0 for s in steps)
    if value.gaussian is not None or value.classes is not None or bent:
        raise custom_error("indicator_not_monotone")


class Homes(Strict):
    """How far around a place people count, and the modelled homes that are told beside them."""

    layer: Name
    """Categorical raster."""
    classes: Annotated[list[Name], pydantic.Field(min_length=1)]
    """Classes that are homes."""
    within_m: Positive
    """Radius around the station or named point, for people and for homes."""
    title: Words
    """Name of the land of homes for people; it says that it is modelled."""
    confidence: Confidence
    """Trust in where the homes are."""
    basis: str
    """Why they are told and not scored."""


class ChoiceIndicator(Strict):
    """One thing the choice looks at."""

    title: Words
    """Name for people."""
    value: ValueFunction
    """How the indicator becomes a score; must rise or fall throughout."""
    weight: Annotated[float, pydantic.Field(gt=0)]
    """Weight among the indicators; they need not sum to one."""
    confidence: Confidence
    """Trust in the indicator as it is measured here."""
    basis: str
    """Source of the points and the weight, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _monotone(self) -> ChoiceIndicator:
        _one_direction(self.value)
        return self

    @property
    def less_is_better(self) -> bool:
        """Whether a smaller value scores higher."""
        if self.value.sigmoid is not None:
            return self.value.sigmoid.one < self.value.sigmoid.zero
        assert self.value.points is not None
        return self.value.points[0][1] > self.value.points[-1][1]


class YardRoom(Strict):
    """What one yard can handle, given outright."""

    teu: Annotated[float, pydantic.Field(ge=0)]
    """TEU handled in a year, loaded and empty."""
    confidence: Confidence
    """Trust in the number."""
    basis: str
    """Source, or ASSUMPTION with the reason."""


class YardCapacity(Strict):
    """What yards can handle; the best sets of yards are then also sought within that."""

    teu_per_rai: Coefficient
    """TEU handled in a year, loaded and empty, for each rai of a yard."""
    places: dict[Name, YardRoom] = {}
    """Named places whose yard handles so much instead."""


class YardChoice(Strict):
    """Which places compete for the yard, and by what they are compared."""

    use: Name
    """The use whose score, limits and yard fits are compared."""
    around_m: Positive
    """Land this near to a place counts as its land."""
    fit_within_m: Positive
    """A yard that fits this near to a named place is that place's yard."""
    land_rai: Positive
    """The best so much usable land around a place gives its score."""
    homes: Homes
    """How far people near by count, and the modelled homes told beside them."""
    places: dict[Name, Candidate]
    """Named places; yards that fit are candidates too."""
    indicators: dict[IndicatorName, ChoiceIndicator]
    """All four indicators."""
    yards: Annotated[
        list[Annotated[int, pydantic.Field(ge=1, le=20)]], pydantic.Field(min_length=1)
    ] = [1, 2, 3]
    """Numbers of yards for which the best set of places is sought."""
    capacity: YardCapacity | None = None
    """What each yard can handle; without it room is not asked about."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _all_indicators(self) -> YardChoice:
        missing = [name for name in INDICATORS if name not in self.indicators]
        if missing:
            raise custom_error("indicators_missing", expected=", ".join(missing))
        return self

    def layers(self) -> tuple[str, ...]:
        """List the layers the choice reads."""
        named = [self.homes.layer, *(place.layer for place in self.places.values())]
        return tuple(dict.fromkeys(named))
