"""What a scenario may say about the path after coal: units, coefficients, zones, papers, rails."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic

from maemoh_gis.documents.schema import (
    Confidence,
    DateBE,
    Name,
    Strict,
    UnitName,
    Words,
    YearBE,
    custom_error,
)
from maemoh_gis.scenario.settings.parts import Positive, Where

Need = Literal[
    "closure_accepted",
    "forest_return_or_permit",
    "eia_change",
    "soil_test",
    "geotechnical_certificate",
    "town_plan_or_estate_permit",
    "cabinet_waiver",
]
"""
Papers land may need before it is used again: closure accepted by the mines department; signed
return to the forest department, or its permit for a new user; approved change of EIA measures; soil
and groundwater test; geotechnical certificate; town plan, estate or factory permit; waiver by the
cabinet.
"""
ZoneState = Literal["in_use", "ended_not_returned", "closed", "conditional", "open", "restoration"]
"""
In use; use or permit at its end, land not returned; closed for want of a geotechnical certificate;
some use may be asked for, papers wanting; open for some use, all papers on record; to be restored.
"""
Level = Literal["low", "central", "high"]

CERTIFICATE: Need = "geotechnical_certificate"
RETURN: Need = "forest_return_or_permit"
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


class LorryLoad(Coefficient):
    """Tonnes a lorry carries: some, or no number of lorries would do."""

    low: Positive
    """Low value."""


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
    lorry_load_t: LorryLoad | None = None
    """Load of a lorry that carries ash and gypsum, tonnes."""


class UnitPlan(Strict):
    """How long a unit runs; its size and start come from the table of units unless given here."""

    last_year: YearBE | None
    """Last year it runs to the end of; the next is the first without it. Null where no year is
    known."""
    unsure_to: YearBE | None = None
    """Last year in which a source still has it running, where that is later than `last_year`:
    until then its capacity is told apart as not certain, after it the unit is gone."""
    never: bool = False
    """Whether it is taken as never to run, as of a plan nothing came of."""
    mw: Positive | None = None
    """Gross capacity."""
    start: YearBE | None = None
    """First year with it."""
    counted: bool | None = None
    """Whether its capacity counts; by default only units that run or ran."""
    confidence: Confidence
    """How far the year can be trusted."""
    basis: str
    """The decision behind the year, how its words are read, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _one_end(self) -> UnitPlan:
        if self.never and (self.last_year or self.unsure_to or self.counted):
            raise custom_error("unit_never_runs")
        if self.unsure_to and not (self.last_year and self.last_year < self.unsure_to):
            raise custom_error("unit_unsure_before_end")
        return self


class Observed(Strict):
    """A table of what was measured, which stands in the place of what would be modelled."""

    layer: Name
    """Table with a row a year."""
    where: Where = {}
    """Only rows with these values."""
    year_column: str
    """Column of the year, B.E."""
    value_column: str
    """Column of the amount, in tonnes."""
    months_column: str | None = None
    """Column of the months a row covers; years that are not whole are left out."""
    confidence: Confidence
    """How far it can be trusted as the amount that it stands for."""
    basis: Words
    """What was measured, and over which twelve months."""


class AshPonds(Strict):
    """Ash that may be dug from ponds for cement: an input of whoever knows the ponds."""

    stock_mt: Coefficient
    """Ash in the ponds that can be dug, million tonnes."""
    dug_mt_a_year: Coefficient
    """Ash dug a year, million tonnes."""
    from_year: YearBE
    """First year of digging."""


class Headcount(Strict):
    """People at work on a unit: an input of whoever counts them."""

    jobs: Annotated[float, pydantic.Field(ge=0)]
    """People."""
    confidence: Confidence
    """How far the count can be trusted."""
    basis: str
    """Who counted, and when."""


class Contract(Headcount):
    """People at work on a contract of the mine."""

    title: Words
    """Name for people."""
    from_year: YearBE
    """First year it is in force."""
    last_year: YearBE
    """Last year it is in force to the end of."""


class Work(Strict):
    """People at work, by unit of the plant and by contract of the mine; none by default."""

    units: dict[UnitName, Headcount] = {}
    """By unit. Each takes the place of what `jobs_per_mw` says of that unit."""
    contracts: dict[Name, Contract] = {}
    """By contract of the mine, beside the plant."""


class Timeline(Strict):
    """Units by the last year they run, and what that moves."""

    layer: Name
    """Table of units: id, names, capacity, technology, first year. Of their last years the scenario
    alone decides."""
    reference_year: YearBE
    """Last year as observed: water and jobs are counted from it, later years rest on plans."""
    units: dict[UnitName, UnitPlan] = {}
    """Last years by unit; every unit of the table must be named."""
    lignite: Observed | None = None
    """Lignite as it was measured; years without a row are modelled."""
    coefficients: Coefficients
    """What a megawatt stands for."""
    ponds: AshPonds | None = None
    """Ash that may be dug; null where nobody says how much there is."""
    work: Work = Work()
    """People at work by unit and contract."""


class AfterUse(Strict):
    """Which class of land may host which use, how long after its use has ended."""

    layer: Name
    """Table with a row a class of land and use: years, papers, confidence."""
    delay: Level = "central"
    """Whether the low, central or high years are waited for."""
    prepare_years: Coefficient | None = None
    """Years before the end of use by which its papers must be begun."""

    def layers(self) -> tuple[str, ...]:
        """List the layers it reads."""
        return (self.layer,)


class ZoneDocument(Strict):
    """A document that settles needs of a zone."""

    title: Words
    """What it is and who issued it."""
    date: DateBE
    """When it was issued."""
    until: YearBE | None = None
    """Last year it is valid in, as of a permit; null where it has no end."""
    covers: Annotated[list[Need], pydantic.Field(min_length=1)]
    """The needs it settles."""
    uses: list[Name] = []
    """Uses it names; it holds for any where none is named."""
    supposed: bool = False
    """Whether it is a supposition of the scenario and no document that exists."""

    @pydantic.model_validator(mode="after")
    def _valid_at_all(self) -> ZoneDocument:
        if self.until is not None and self.until < self.year:
            raise custom_error("document_ends_before", found=self.until, expected=self.year)
        return self

    @property
    def year(self) -> int:
        """Give the year from which it counts, B.E."""
        return int(self.date[:4])


class Permit(Strict):
    """The permit or licence under which land is used today."""

    title: Words
    """What it is and who gives it."""
    number: str | None = None
    """Its number, where it is known."""
    until: YearBE | None
    """Last year it is valid in; null where it is not known."""


class Zone(Strict):
    """Land that is in use until its units are gone; years settled alone never free it."""

    title: Words
    """Name for people."""
    kind: Literal[
        "plant", "yard", "pit", "dump", "water", "quarry", "forest", "permit_land", "homes"
    ]
    """What it is used for. Pits and dumps always need a geotechnical certificate."""
    land_class: Name | None = None
    """Class of land in the table of `after_use`, which says what may come after."""
    layer: Name | None = None
    """Layer of its outline."""
    where: Where = {}
    """Only features with these attribute values."""
    within_m: Positive | None = None
    """Land up to this far from the features, where only points or lines are known."""
    within_low_m: Positive | None = None
    """The same at the least, for the range of its area."""
    within_high_m: Positive | None = None
    """The same at the most."""
    outline: Words | None = None
    """The outline that would be needed; given instead of `layer` where none exists. The zone then
    changes no cell, and every output names it."""
    units: list[UnitName] = []
    """Units it serves: it is in use until the last of them is gone."""
    earliest_year: YearBE | None = None
    """Not before this year, whatever the units do; null where only the units decide."""
    holder: Words | None = None
    """Who holds or uses it today."""
    permit: Permit | None = None
    """Under which permit. One past its end without return leaves the land ended, not returned."""
    returns_to: Words = Words(th="กรมป่าไม้", en="Royal Forest Department")
    """Who gets it back."""
    approved_after_use: list[Name] = []
    """Uses that an approved plan names for it; where it names some, no other may be asked for."""
    needs: Annotated[list[Need], pydantic.Field(min_length=1)]
    """What must be on paper before it may be used again, beside what the table asks of a use."""
    basis: list[ZoneDocument] = []
    """Documents on record; none by default."""
    next_step: Words | None = None
    """What is to be done next; the first paper outstanding by default."""
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

    def settled_from(self, need: Need, use: str | None = None) -> int | None:
        """Give the year from which a need is on record for a use, or for any; None if never."""
        return min((document.year for document in self._settling(need, use)), default=None)

    def settled_until(self, need: Need, use: str | None = None) -> int | None:
        """Give the last year in which a need is on record; None where it is never or has no end."""
        ends = [document.until for document in self._settling(need, use)]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None

    def _settling(self, need: Need, use: str | None) -> list[ZoneDocument]:
        return [
            document
            for document in self.basis
            if need in document.covers
            and (not document.uses or use is None or use in document.uses)
        ]


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
