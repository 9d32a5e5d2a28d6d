"""A programme in every world that runs stand for, and what recurs from one to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from maemoh_gis.comparison.runs import labels_of
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.estate.growth import LEVELS, Level
from maemoh_gis.phasing.parcels import Parcel, conflicts_of, named_alike, parcels_of
from maemoh_gis.phasing.solve import Lot, Programme, Terms, solve

if TYPE_CHECKING:
    from maemoh_gis.runs.finished import Run
    from maemoh_gis.scenario.settings.estate import Estate
    from maemoh_gis.scenario.settings.phase_out import Coefficient

Objective = Literal["job_years", "rai_years", "teu"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
"""Jobs, land and loaded boxes of occupied land, added up over the years."""
_OTHER_END: Mapping[Level, Level] = {"low": "high", "central": "central", "high": "low"}


@dataclass(frozen=True)
class Asked:
    """What whoever asks decides."""

    budget: float
    """A year, million THB of constant value."""
    objective: Objective = "job_years"
    discount: float | None = None
    """A year; that of the scenario where None."""
    sites_from: int | None = None
    """Year from which land of sites is supposed to be usable where nobody says; None supposes
    nothing."""
    yard_first: bool = True


@dataclass(frozen=True)
class World:
    """A programme under the retirement and papers of one run."""

    label: str
    """Name of its run folder, counted where several have one name."""
    run: Run
    parcels: Sequence[Parcel]
    programme: Programme
    """At central rates."""
    value: Mapping[Level, float]
    """What is worth most at low, central and high rates, in the unit of the objective."""
    terms: Terms

    def begins(self, key: str) -> int | None:
        """Give the first year of works on a parcel; None where it is in no programme."""
        if self.programme.yard is not None and self.programme.yard[0] == key:
            return self.programme.yard[1]
        return min(self.programme.estate[key]) if key in self.programme.estate else None


@dataclass(frozen=True)
class Study:
    """All worlds."""

    asked: Asked
    worlds: Sequence[World]

    @property
    def taken(self) -> dict[str, Parcel]:
        """Give the parcels that some programme takes, those of most worlds first."""
        known = {one.key: one for world in self.worlds for one in world.parcels}
        counts = {key: sum(w.begins(key) is not None for w in self.worlds) for key in known}
        order = sorted((key for key in known if counts[key]), key=lambda key: -counts[key])
        return {key: known[key] for key in order}


def require_asked(asked: Asked) -> None:
    """Refuse a budget, rate or year that cannot be, all at once."""
    faults = []
    if not (math.isfinite(asked.budget) and asked.budget > 0):
        faults.append(Fault("bad_budget", key="--budget", found=f"{asked.budget:g}"))
    if asked.objective not in OBJECTIVES:
        expected = ", ".join(OBJECTIVES)
        faults.append(
            Fault("bad_objective", key="--objective", found=asked.objective, expected=expected)
        )
    if asked.discount is not None and not 0 <= asked.discount < 1:
        faults.append(Fault("bad_discount", key="--discount", found=f"{asked.discount:g}"))
    if asked.sites_from is not None and not 2500 <= asked.sites_from <= 2700:
        faults.append(Fault("bad_sites_from", key="--sites-from", found=str(asked.sites_from)))
    if faults:
        raise RunError(faults)


def study(runs: Sequence[Run], asked: Asked) -> Study:
    """Solve the programme of every run."""
    require_asked(asked)
    if not runs:
        raise RunError(Fault("no_runs"))
    faults = [
        Fault("run_without", str(run.folder), key=part, found=part)
        for run in runs
        for part in ("programme", "estate")
        if getattr(run.scenario, part) is None
    ]
    if faults:
        raise RunError(faults)
    named = named_alike([parcels_of(run, asked.sites_from) for run in runs])
    # Of programmes that are worth the same each world takes that of parcels taken before, so that a
    # parcel recurs wherever it can.
    order = list(dict.fromkeys(one.key for found in named for one in found))
    worlds: list[World] = []
    labels = labels_of([run.folder for run in runs])
    for label, run, found in zip(labels, runs, named, strict=True):
        world = _world(label, run, found, asked, order)
        taken = {key for key in order if world.begins(key) is not None}
        order = [*(key for key in order if key in taken), *(k for k in order if k not in taken)]
        worlds.append(world)
    return Study(asked, worlds)


def _world(
    label: str, run: Run, parcels: Sequence[Parcel], asked: Asked, order: Sequence[str]
) -> World:
    programme = run.scenario.programme
    assert programme is not None
    places = {key: place for place, key in enumerate(order)}
    free = [one for one in parcels if one.why_not is None]
    free.sort(key=lambda one: places[one.key])
    conflicts = conflicts_of(free)
    lots: dict[str, list[Lot]] = {programme.estate_use: [], programme.yard_use: []}
    for one in free:
        assert one.rai is not None
        assert one.from_year is not None
        lots[one.use].append(Lot(one.key, one.rai, one.from_year))
    found = {
        level: solve(
            lots[programme.estate_use],
            lots[programme.yard_use],
            conflicts,
            terms_of(run, asked, level),
        )
        for level in LEVELS
    }
    values = {level: one.value for level, one in found.items()}
    return World(label, run, parcels, found["central"], values, terms_of(run, asked, "central"))


def terms_of(run: Run, asked: Asked, level: Level) -> Terms:
    """Take what a programme must keep to; low rates go with dear works."""
    scenario = run.scenario
    programme, estate = scenario.programme, scenario.estate
    assert programme is not None
    assert estate is not None
    cost = {use: _at(one, _OTHER_END[level]) for use, one in programme.m_thb_per_rai.items()}
    return Terms(
        years=range(programme.first_year, programme.last_year + 1),
        budget=asked.budget,
        estate_cost=cost[programme.estate_use],
        yard_cost=cost[programme.yard_use] * programme.yard_rai,
        works_years=programme.works_years,
        sold=_at(estate.sold_share, level),
        pace=_at(estate.take_up_rai, level),
        first_tenants=estate.first_year,
        per_rai=_per_rai(estate, asked.objective, level),
        discount=programme.discount if asked.discount is None else asked.discount,
        least_rai=scenario.uses[programme.estate_use].land.least_rai,
        yard_first=asked.yard_first,
    )


def _per_rai(estate: Estate, objective: Objective, level: Level) -> float:
    if objective == "rai_years":
        return 1.0
    return math.fsum(
        one.share * _at(one.jobs_per_rai if objective == "job_years" else one.teu_per_rai, level)
        for one in estate.industries.values()
    )


def _at(number: Coefficient, level: Level) -> float:
    return float(getattr(number, level))
