"""What a scenario may say about an industrial estate: land, tenants, needs, and steps to a yard."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words, YearBE, custom_error
from maemoh_gis.scenario.settings.freight import NotNegative
from maemoh_gis.scenario.settings.parts import Positive, Share
from maemoh_gis.scenario.settings.phase_out import Coefficient

BoxClassName = Literal["heavy_20", "light_20", "box_40"]
_SLACK = 1e-6


class EstatePlace(Strict):
    """The point at which boxes leave an estate and come to it."""

    title: Words
    """Name for people."""
    lon: Annotated[float, pydantic.Field(ge=-180, le=180)]
    """Longitude, degrees."""
    lat: Annotated[float, pydantic.Field(ge=-90, le=90)]
    """Latitude, degrees."""


class Industry(Strict):
    """A kind of tenant: its share of the occupied land and what a rai of it needs and sends."""

    title: Words
    """Name for people."""
    share: Share
    """Of the occupied land; all shares sum to one."""
    factories_per_100_rai: Coefficient
    """Factories on 100 occupied rai."""
    jobs_per_rai: Coefficient
    """Jobs on an occupied rai."""
    water_m3_per_rai_day: Coefficient
    """Water an occupied rai takes on a working day."""
    mw_per_rai: Coefficient
    """Electric load of an occupied rai."""
    teu_per_rai: Coefficient
    """Loaded TEU a year of an occupied rai, out and in together."""
    share_in: Share
    """Of these TEU that come in."""
    boxes: Annotated[dict[BoxClassName, Share], pydantic.Field(min_length=1)]
    """Share of these TEU by class of box."""
    basis: str
    """Source of the shares, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _whole(self) -> Industry:
        if abs(sum(self.boxes.values()) - 1.0) > _SLACK:
            raise custom_error("shares_not_one", found=f"{sum(self.boxes.values()):g}")
        return self


class Commitment(Strict):
    """A tenant that has bound itself: an input of whoever holds the paper, never assumed."""

    title: Words
    """Who, and by which paper."""
    industry: Name
    """Kind of tenant, which tells what is not committed to."""
    rai: NotNegative
    """Land it occupies."""
    teu: NotNegative | None = None
    """Loaded TEU a year, out and in together; by its kind where none are committed."""
    mw: NotNegative | None = None
    """Electric load; by its kind where none is committed."""
    from_year: YearBE
    """First year it works."""
    basis: str
    """The paper."""


class Step(Strict):
    """A step from lorries to a yard, with what must come together before it."""

    title: Words
    """Name for people."""
    needs: Words
    """What is built or reserved."""
    pairs_a_week: NotNegative
    """Pairs of trains a week that must fill, each way."""
    years: Annotated[int, pydantic.Field(ge=1)] = 1
    """Years in a row in which they must."""
    on_prospect: bool = False
    """Whether it is taken as soon as a later step could be reached at all."""


class Places(Coefficient):
    """Places of a train: some, or a train would be filled by nothing."""

    low: Annotated[float, pydantic.Field(gt=0)]
    """Low value."""


class Trains(Strict):
    """How a year's boxes become trains."""

    teu_a_train: Places
    """Places for TEU on a train."""
    weeks: Positive
    """Weeks with trains in a year."""
    filled: Annotated[float, pydantic.Field(gt=0, le=1)]
    """Share of the places that must be filled."""


class Sweep(Strict):
    """Values that are tried against each other."""

    rai: Annotated[list[Positive], pydantic.Field(min_length=1)]
    """Land planned."""
    take_up: Annotated[list[Positive], pydantic.Field(min_length=1)]
    """Rai taken up a year."""
    teu_per_rai: Annotated[list[NotNegative], pydantic.Field(min_length=1)]
    """TEU a year of an occupied rai."""


class Precedent(Strict):
    """The most that is known to have happened at one estate like this."""

    rai: Positive
    """Land planned."""
    take_up_rai: Positive
    """Rai taken up a year over many years."""
    basis: str
    """Where that was."""


class Estate(Strict):
    """An estate that fills year by year; occupied land, never planned land, drives everything."""

    title: Words
    """Name for people."""
    place: EstatePlace
    """Where its boxes leave and arrive."""
    rai: NotNegative
    """Land planned, all of it."""
    sold_share: Coefficient
    """Share of that land that tenants can occupy."""
    first_year: YearBE
    """First year with tenants."""
    take_up_rai: Coefficient
    """Land tenants take up a year beside commitments."""
    industries: Annotated[dict[Name, Industry], pydantic.Field(min_length=1)]
    """Kinds of tenant."""
    water_days: Positive
    """Working days a year on which water is taken."""
    freed_water_share: Coefficient | None = None
    """Share of the water that coal no longer takes which an estate may have, once villages, farms,
    the river and the filling of the pit have theirs."""
    work_seekers: Coefficient | None = None
    """People without work who could take its jobs, beside those whom coal no longer employs."""
    commitments: dict[Name, Commitment] = {}
    """Tenants that have bound themselves; none by default."""
    trains: Trains
    """How boxes become trains."""
    steps: Annotated[dict[Name, Step], pydantic.Field(min_length=1)]
    """Steps from lorries to a yard, the least first."""
    precedent: Precedent | None = None
    """What is known of others; a plan beyond it says so."""
    sweep: Sweep | None = None
    """Values that are tried against each other beside what the scenario says."""
    basis: str
    """Source of what is not said elsewhere, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _fits(self) -> Estate:
        shares = sum(one.share for one in self.industries.values())
        if abs(shares - 1.0) > _SLACK:
            raise custom_error("shares_not_one", found=f"{shares:g}")
        for one in self.commitments.values():
            if one.industry not in self.industries:
                known = ", ".join(self.industries)
                raise custom_error("unknown_industry", found=one.industry, expected=known)
        pairs = [step.pairs_a_week for step in self.steps.values() if not step.on_prospect]
        if pairs != sorted(pairs) or pairs[:1] != [0]:
            raise custom_error("steps_not_rising")
        return self
