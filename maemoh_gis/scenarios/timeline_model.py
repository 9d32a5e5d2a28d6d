"""What a scenario may say about the path after coal: units, coefficients, zones, rails."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic

from maemoh_gis.formats import Confidence, DateBE, Name, Strict, Words, YearBE, custom_error
from maemoh_gis.scenarios.parts import Positive, Where

UnitName = Annotated[str, pydantic.Field(pattern=r"^[A-Z][A-Z0-9-]{0,30}$")]
"""A generating unit as the table of units names it, such as MM-8."""
Need = Literal[
    "forest_permit_or_revocation", "eia_change", "cabinet_waiver", "geotechnical_certificate"
]
"""What must be on paper before land no longer in use may be used again."""
ZoneState = Literal["in_use", "closed", "conditional", "settled"]
"""In use; no longer in use but closed for want of a geotechnical certificate; no longer in use,
papers wanting; no longer in use, all papers on record."""

CERTIFICATE: Need = "geotechnical_certificate"
FILLED_OR_DUG = frozenset({"pit", "dump"})


class Coefficient(Strict):
    """A number that turns megawatts into something else, with its range."""

    low: Annotated[float, pydantic.Field(ge=0)]
    """Low value."""
    central: Annotated[float, pydantic.Field(ge=0)]
    """Central value."""
    high: Annotated[float, pydantic.Field(ge=0)]
    """High value."""
    confidence: Confidence
    """How far it can be trusted."""
    basis: str
    """Source, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> Coefficient:
        if not self.low <= self.central <= self.high:
            written = f"{self.low:g}, {self.central:g}, {self.high:g}"
            raise custom_error("range_out_of_order", written=written)
        return self


class Coefficients(Strict):
    """What a running megawatt burns and makes, and what a retired one sets free."""

    full_load_hours: Coefficient
    """Hours at full load in a year."""
    lignite_t_per_mwh: Coefficient
    """Lignite a subcritical unit burns, tonnes per gross MWh."""
    ultra_supercritical_share: Coefficient
    """Lignite an ultra-supercritical unit burns, as a share of that."""
    fly_ash_t_per_t: Coefficient
    """Fly ash, tonnes per tonne of lignite."""
    gypsum_t_per_t: Coefficient
    """Gypsum of flue-gas cleaning, tonnes per tonne of lignite."""
    fly_ash_carried_share: Coefficient
    """Share of the fly ash that leaves the plant by road or rail."""
    gypsum_carried_share: Coefficient
    """Share of the gypsum that leaves the plant by road or rail."""
    water_mm3_per_mw: Coefficient
    """Water a megawatt uses in a year, million m3."""
    jobs_per_mw: Coefficient
    """Jobs exposed for every megawatt that goes."""


class UnitPlan(Strict):
    """When a unit goes; what is left out comes from the table of units."""

    retire: YearBE | None
    """First year without it; null where no year is known."""
    mw: Positive | None = None
    """Gross capacity."""
    start: YearBE | None = None
    """First year with it."""
    counted: bool | None = None
    """Whether its capacity counts; by default only units that run or ran."""
    confidence: Confidence
    """How far the year can be trusted."""
    basis: str
    """The decision behind the year, or ASSUMPTION with the reason."""


class Timeline(Strict):
    """Units by year of retirement, and what that moves."""

    layer: Name
    """Table of units: id, names, capacity, technology, first and last year."""
    reference_year: YearBE
    """Last year as observed: water and jobs are counted from it, later years rest on plans."""
    units: dict[UnitName, UnitPlan] = {}
    """Years by unit; units of the table that are not named here keep the table's."""
    coefficients: Coefficients
    """What a megawatt stands for."""


class ZoneDocument(Strict):
    """A document that settles needs of a zone."""

    title: Words
    """What it is and who issued it."""
    date: DateBE
    """When it was issued."""
    covers: Annotated[list[Need], pydantic.Field(min_length=1)]
    """The needs it settles."""


class Zone(Strict):
    """Land that is in use until its units are gone; years settled alone never free it."""

    title: Words
    """Name for people."""
    kind: Literal["plant", "yard", "pit", "dump"]
    """What it is used for. Pits and dumps always need a geotechnical certificate."""
    layer: Name | None = None
    """Layer of its outline."""
    where: Where = {}
    """Only features with these attribute values."""
    within_m: Positive | None = None
    """Land up to this far from the features, where only points or lines are known."""
    outline: Words | None = None
    """The outline that would be needed; given instead of `layer` where none exists. The zone then
    changes no cell, and every output names it."""
    units: list[UnitName] = []
    """Units it serves: it is in use until the last of them is gone."""
    earliest_year: YearBE | None = None
    """Not before this year, whatever the units do; null where only the units decide."""
    returns_to: Words = Words(th="กรมป่าไม้", en="Royal Forest Department")
    """Who gets it back."""
    approved_after_use: list[Name] = []
    """Uses that an approved plan names for it."""
    needs: Annotated[list[Need], pydantic.Field(min_length=1)]
    """What must be on paper before it may be used again."""
    basis: list[ZoneDocument] = []
    """Documents on record; none by default."""
    held_by: list[Name] = []
    """Limits that keep it while it is in use; one of its own where none is named."""
    confidence: Confidence
    """How far the outline and the years can be trusted."""
    source: Words
    """Where outline and years come from, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _drawn_or_declared(self) -> Zone:
        declared = self.layer is None and not self.where and self.within_m is None
        if (self.layer is None) == (self.outline is None) or not (declared or self.layer):
            raise custom_error("zone_drawn_or_declared")
        if self.kind in FILLED_OR_DUG and CERTIFICATE not in self.needs:
            raise custom_error("zone_without_certificate", expected=CERTIFICATE)
        return self

    @property
    def outstanding(self) -> list[Need]:
        """List the needs no document settles."""
        settled = {need for document in self.basis for need in document.covers}
        return [need for need in self.needs if need not in settled]

    def state_from(self) -> ZoneState:
        """Give the state it takes on when it is no longer in use."""
        if CERTIFICATE in self.outstanding:
            return "closed"
        return "conditional" if self.outstanding or not self.approved_after_use else "settled"


class RailSection(Strict):
    """A stretch of railway that is to become double track."""

    title: Words
    """Name for people."""
    double_from: YearBE | None
    """First year as double track; null where no decision is known."""
    confidence: Confidence
    """How far that can be trusted."""
    basis: str
    """The decision, or ASSUMPTION with the reason."""

    def double_in(self, year_be: int) -> bool:
        """Say whether it is double track in a year."""
        return self.double_from is not None and year_be >= self.double_from
