"""
What a scenario file may say.

A scenario is one question with a year. It declares the limits (law and physics: they remove land),
the uses with their criteria (preferences: they score land), the land each use needs, and the
viewpoints (named sets of weights). Everything is keyed by name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic

from maemoh_gis.documents.schema import (
    Crs,
    FolderName,
    Name,
    Strict,
    Words,
    YearBE,
    custom_error,
    error_of,
)
from maemoh_gis.scenario.contradictions import contradictions
from maemoh_gis.scenario.settings.choice import YardChoice
from maemoh_gis.scenario.settings.criterion import Criterion
from maemoh_gis.scenario.settings.estate import Estate
from maemoh_gis.scenario.settings.exposure import Exposure
from maemoh_gis.scenario.settings.freight import Freight
from maemoh_gis.scenario.settings.gate import Gates
from maemoh_gis.scenario.settings.leads import LeadsTo
from maemoh_gis.scenario.settings.learnt import Learnt
from maemoh_gis.scenario.settings.limit import Inclusion, Limit
from maemoh_gis.scenario.settings.links import Links
from maemoh_gis.scenario.settings.network import Network
from maemoh_gis.scenario.settings.parts import Positive, Selection, Share
from maemoh_gis.scenario.settings.phase_out import AfterUse, RailSection, Timeline, Zone
from maemoh_gis.scenario.settings.programme import Programme
from maemoh_gis.scenario.settings.question import Question
from maemoh_gis.scenario.settings.switches import Switches
from maemoh_gis.scenario.settings.weights import Viewpoint
from maemoh_gis.scenario.settings.yard import Yard


class GridSpec(Strict):
    """The grid everything is computed on."""

    crs: Crs
    """Projected CRS in metres."""
    cell_m: Annotated[float, pydantic.Field(ge=1, le=10_000)]
    """Side of a cell in metres."""


class View(Selection):
    """What the map opens on."""

    margin_km: Annotated[float, pydantic.Field(ge=0, le=200)] = 0
    """Land to show around the selected features."""
    sites: bool = True
    """Whether every site that was found is shown too."""


class Land(Strict):
    """The land a use needs."""

    area_rai: Positive
    """Contiguous land of a site, in rai."""
    least_rai: Positive
    """Least contiguous land that is worth naming; smaller pieces are never shown as sites."""
    least_score: Share
    """No cell of a site scores below this."""
    conditional: bool
    """Whether land that needs a permit may be part of a site; such sites say so."""
    sites: Annotated[int, pydantic.Field(ge=1, le=200)]
    """How many sites to show."""
    spacing_m: Annotated[float, pydantic.Field(ge=0)] = 0
    """Least gap between two sites."""
    least_width_m: Annotated[float, pydantic.Field(ge=0)] = 0
    """Least width everywhere: a circle this wide reaches all of a site without leaving it."""
    least_compactness: Share = 0
    """Least compactness: a circle is 1, a square about 0.8."""
    roundness: Annotated[float, pydantic.Field(ge=0, le=10)] = 0.15
    """Score given up for one radius of distance from the middle, so that sites stay round."""
    fill_holes_rai: Annotated[float, pydantic.Field(ge=0)] = 0
    """Holes up to this are filled into a site and flagged."""
    fill_removed_by: list[Name] = []
    """Limits whose land may lie in a filled hole; law only where it is named here."""
    cut_by: list[Selection] = []
    """Roads and streams no site may reach across."""
    report_cuts: list[Selection] = []
    """Lines whose length inside a site is reported."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _least_below_area(self) -> Land:
        if self.least_rai > self.area_rai:
            raise custom_error("least_above_area", least=self.least_rai, area=self.area_rai)
        faults = contradictions(
            self.area_rai, self.least_rai, self.least_width_m, self.fill_holes_rai
        )
        for fault in faults:
            raise error_of(fault)
        return self


class Combine(Strict):
    """How the criteria of a use become one score at a cell."""

    method: Literal["weighted_sum", "weighted_product", "owa", "fuzzy_gamma"] = "weighted_sum"
    """Weighted mean; weighted product; ordered weighted average; fuzzy gamma."""
    orness: Share | None = None
    """For owa: 0 counts the worst criterion only, 0.5 is the mean, 1 the best only."""
    order_weights: list[Annotated[float, pydantic.Field(ge=0)]] | None = None
    """For owa, instead of orness: weights from the best criterion of a cell to its worst."""
    gamma: Share | None = None
    """For fuzzy_gamma: 0 is the product, 1 the sum."""

    @pydantic.model_validator(mode="after")
    def _what_the_method_needs(self) -> Combine:
        given = {n for n in ("orness", "order_weights", "gamma") if getattr(self, n) is not None}
        needed = {"owa": ({"orness"}, {"order_weights"}), "fuzzy_gamma": ({"gamma"},)}
        if given not in needed.get(self.method, (set(),)):
            choices = " / ".join(sorted(x for s in needed.get(self.method, ()) for x in s)) or "–"
            raise custom_error("combine_needs", method=self.method, choices=choices)
        return self


class Use(Strict):
    """A use that looks for land."""

    title: Words
    """Name for people."""
    land: Land
    """What it needs."""
    criteria: Annotated[dict[Name, Criterion], pydantic.Field(min_length=1)]
    """What makes land better or worse for it."""
    priority: Annotated[int, pydantic.Field(ge=1)] = 1
    """Where uses share the land: lower numbers choose first, equal ones are weighed together."""
    yard: Yard | None = None
    """A rail yard that must fit beside the line."""
    combine: Combine = Combine()
    """How the criteria become one score."""


class Scenario(Strict):
    """A scenario after inheritance: everything a run needs beside the layers."""

    version: Literal[1]
    """Version of this format."""
    id: FolderName
    """Short name, the same as the file's."""
    title: Words
    """Name for people."""
    question: Words
    """The question it answers."""
    leads_to: LeadsTo | None = None
    """The sentence that answers it; none where nobody says which."""
    year: YearBE
    """Year it is asked for; decides which limits are in force."""
    grid: GridSpec
    """Grid."""
    area: Selection
    """Polygons of the study area."""
    view: View
    """What the map opens on."""
    limits: dict[Name, Limit]
    """Limits by id."""
    inclusions: dict[Name, Inclusion] = {}
    """Land on which named limits are lifted, with the reason."""
    questions: dict[Name, Question] = {}
    """Open legal questions by id: told with distances, never removing land."""
    networks: dict[Name, Network] = {}
    """Roads and rail by id; a criterion asks for minutes by the id of a network with origins."""
    timeline: Timeline | None = None
    """Generating units by the last year they run, and what a megawatt stands for."""
    zones: dict[Name, Zone] = {}
    """Land in use until its units are gone."""
    after_use: AfterUse | None = None
    """What may come after on which class of land, how long after, with which papers."""
    rail: dict[Name, RailSection] = {}
    """Sections of railway that are to become double track."""
    exposure: Exposure | None = None
    """From which layers people, farm land, jobs and water near sites are told."""
    learnt: dict[Name, Learnt] = {}
    """By use, where it stands today: land is told by its likeness, beside the score."""
    uses: Annotated[dict[Name, Use], pydantic.Field(min_length=1)]
    """Uses by id."""
    holds: Annotated[list[Name], pydantic.Field(min_length=1)] | None = None
    """The uses this scenario looks for land for; all by default."""
    mix: bool = False
    """Whether the uses share the land, no cell going to two of them."""
    choice: YardChoice | None = None
    """Which places compete for the yard, and by what they are compared."""
    estate: Estate | None = None
    """An industrial estate: how its land fills, what that needs and sends, steps to a yard."""
    freight: Freight | None = None
    """Freight by road and rail, and what a new yard would bring."""
    links: Links | None = None
    """Rails, road and power to a place, for `maemoh-gis links`."""
    gates: dict[Name, Gates] = {}
    """By use, what must be passed before anything is built; uses that look for no land too."""
    programme: Programme | None = None
    """Prices and years of works for `maemoh-gis programme`."""
    switches: Switches | None = None
    """Facts of the future that are tried against each other, by `maemoh-gis switches`."""
    viewpoint: Name
    """The viewpoint this run takes."""
    viewpoints: Annotated[dict[Name, Viewpoint], pydantic.Field(min_length=1)]
    """Weights by viewpoint."""
    seed: Annotated[int, pydantic.Field(ge=0)]
    """Seed of everything random."""

    def weights(self, use: str) -> dict[str, float]:
        """Give the weights of a use under the scenario's viewpoint, summing to one."""
        return self.viewpoints[self.viewpoint].weights[use].resolved()

    def limits_of(self, use: str) -> dict[str, Limit]:
        """Give the limits in force for a use in the scenario's year."""
        return {
            id: limit
            for id, limit in self.limits.items()
            if limit.in_force(self.year) and (limit.uses is None or use in limit.uses)
        }

    def inclusions_of(self, use: str) -> dict[str, Inclusion]:
        """Give the inclusions of a use, in force in the scenario's year or not."""
        return {
            id: inclusion
            for id, inclusion in self.inclusions.items()
            if inclusion.uses is None or use in inclusion.uses
        }

    def conditions_of(self, use: str) -> dict[str, Inclusion]:
        """Give the inclusions of a use that leave land conditional, in the order of their bits."""
        found = self.inclusions_of(use).items()
        return {id: inclusion for id, inclusion in found if inclusion.becomes == "conditional"}


class ScenarioFile(Strict):
    """What stands in a file that inherits: only what differs from the base."""

    version: Literal[1]
    """Version of this format."""
    id: FolderName
    """Short name, the same as the file's."""
    extends: Name
    """The scenario it starts from, a file of the same folder."""
    title: Words
    """Name for people."""
    question: Words
    """The question it answers."""
    leads_to: LeadsTo | None = None
    """The sentence that answers it; the base's by default."""
    year: YearBE | None = None
    """Year it is asked for; the base's by default."""
    change: dict[str, Any] = {}
    """New values by dotted key; every key must exist in the base."""
    add: dict[str, Any] = {}
    """New entries by dotted key; no key may exist in the base."""
