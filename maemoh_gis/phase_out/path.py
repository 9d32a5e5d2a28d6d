"""
The path after coal: what every year leaves of megawatts, lignite, ash, freight and land in use.

A unit counts in years from its first to the last it runs to the end of. Everything is proportional
to the megawatts that run, but lignite of years in which it was measured is what was measured. Low
and high take all coefficients at their low or all at their high together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from maemoh_gis.core.messages import Text
from maemoh_gis.documents.schema import Confidence
from maemoh_gis.phase_out.entered import (
    NOTHING,
    Spread,
    at_contracts,
    at_units,
    dug_mt,
    in_order,
    lorries_fewer,
    of_ended,
    trust_of,
)
from maemoh_gis.scenario.after_use import NO_RULES, Rules
from maemoh_gis.scenario.in_year import year_after, zone_state
from maemoh_gis.scenario.settings.phase_out import Coefficient, Coefficients, RailSection

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.phase_out import Timeline, ZoneState
    from maemoh_gis.scenario.settings.scenario import Scenario

FIRST_YEAR, LAST_YEAR = 2560, 2600
EFFICIENT = "ultra-supercritical"

Quantity = Literal[
    "lignite_mt",
    "fly_ash_mt",
    "gypsum_mt",
    "freight_mt",
    "ash_wanting_mt",
    "pond_ash_mt",
    "lorries_fewer_a_day",
    "water_freed_mm3",
    "jobs_exposed",
    "plant_jobs",
    "mine_jobs",
]
"""
What follows from the megawatts, or was entered; the unit stands in the name (million tonnes,
million m3). Wanting is the fly ash that left the plant in the reference year and no longer does.
"""
_Level = Literal["low", "central", "high"]
_LEVELS: tuple[_Level, ...] = ("low", "central", "high")
_DOUBT: tuple[Confidence, ...] = ("H", "M", "L", "ASSUMPTION")


@dataclass(frozen=True)
class Unit:
    """A generating unit with everything the path needs."""

    id: str
    title: Text
    mw: float
    """Gross capacity in MW."""
    start: int
    """First year with it, B.E."""
    last_year: int | None
    """Last year it runs to the end of, B.E.; None where no year is known."""
    efficient: bool
    """Whether it burns the lower, ultra-supercritical share of lignite."""
    counted: bool
    """Whether its capacity counts; else it is told apart as not certain."""
    confidence: Confidence
    """Of its last year."""
    unsure_to: int | None = None
    """Last year, after `last_year`, in which it is not certain that it is gone."""
    never: bool = False
    """Whether it is taken as never to run."""

    @property
    def gone_from(self) -> int | None:
        """First year without it, B.E."""
        return year_after(self.last_year)

    def runs(self, year_be: int) -> bool:
        """Say whether it runs in a year, for certain if it counts."""
        ended = self.last_year is not None and year_be > self.last_year
        return not self.never and self.start <= year_be and not ended

    def unsure(self, year_be: int) -> bool:
        """Say whether it is not certain that it runs in a year, or that it is gone."""
        if self.runs(year_be):
            return not self.counted
        ends = self.unsure_to
        return ends is not None and self.start <= year_be <= ends


@dataclass(frozen=True)
class Amount:
    """A number with its range."""

    low: float
    central: float
    high: float
    confidence: Confidence
    observed: bool = False
    """Measured, and not modelled from the megawatts."""


@dataclass(frozen=True)
class Measured:
    """Lignite as it was measured."""

    tonnes: Mapping[int, float]
    """By year B.E."""
    confidence: Confidence


NOTHING_MEASURED = Measured({}, "H")


@dataclass(frozen=True)
class YearFacts:
    """What one year leaves."""

    year: int
    """B.E."""
    mw: float
    """Gross MW of the units that count."""
    mw_unsure: float
    """MW of units of which it is not known whether they run; never part of `mw`."""
    mw_by_unit: Mapping[str, float]
    """MW of every unit that runs and counts."""
    confidence: Confidence
    """Of the MW: of the years it rests on."""
    amounts: Mapping[Quantity, Amount | None]
    """None where a quantity is not defined: what is counted from the reference year, before it.
    What nobody entered is not there."""
    double_track: Mapping[str, bool]
    """Whether each section of railway is double track."""
    zones: Mapping[str, ZoneState]
    """State of each zone."""


def path(
    scenario: Scenario,
    units: Sequence[Unit],
    years: Iterable[int] | None = None,
    measured: Measured = NOTHING_MEASURED,
    rules: Rules = NO_RULES,
) -> list[YearFacts]:
    """Follow a scenario through the years; `rules` say what may come after on which land."""
    timeline = scenario.timeline
    assert timeline is not None
    wanted = range(FIRST_YEAR, LAST_YEAR + 1) if years is None else years
    return [
        _year(year, units, timeline, measured, scenario.rail,
              {id: zone_state(zone, scenario, rules, year) for id, zone in scenario.zones.items()})
        for year in wanted
    ]  # fmt: skip


def _year(
    year: int,
    units: Sequence[Unit],
    timeline: Timeline,
    measured: Measured,
    rail: Mapping[str, RailSection],
    zones: Mapping[str, ZoneState],
) -> YearFacts:
    reference = timeline.reference_year
    counted = [unit for unit in units if unit.counted and unit.runs(year)]
    return YearFacts(
        year,
        mw=math.fsum(unit.mw for unit in counted),
        mw_unsure=math.fsum(unit.mw for unit in units if unit.unsure(year)),
        mw_by_unit={unit.id: unit.mw for unit in counted},
        confidence=_of_the_years(units, reference, year),
        amounts=_amounts(year, units, timeline, measured),
        double_track={id: section.double_in(year) for id, section in rail.items()},
        zones=zones,
    )


def _of_the_years(units: Sequence[Unit], reference: int, year: int) -> Confidence:
    """Give the least confidence of the years that the megawatts of a year rest on."""
    if year <= reference:
        return least([unit.confidence for unit in units if unit.unsure(year)])
    open_at_reference = [u for u in units if u.counted and u.runs(reference)]
    return least([unit.confidence for unit in open_at_reference])


def _amounts(
    year: int, units: Sequence[Unit], timeline: Timeline, measured: Measured
) -> dict[Quantity, Amount | None]:
    reference, per_mw = timeline.reference_year, timeline.coefficients
    tonnes = measured.tonnes.get(year)
    now = [unit for unit in units if unit.counted and unit.runs(year)]
    then = [unit for unit in units if unit.counted and unit.runs(reference)]
    gone = max(0.0, sum(u.mw for u in then) - sum(u.mw for u in now))
    ended = [unit for unit in then if unit not in now]
    counts, contracts = timeline.work.units, timeline.work.contracts.values()
    # A unit whose people were counted needs no proxy.
    by_proxy = max(0.0, gone - math.fsum(u.mw for u in ended if u.id in counts))
    counted = at_units(counts, (u.id for u in ended)) + of_ended(contracts, reference, year)
    trust = _of_the_years(units, reference, year)
    levels: dict[Quantity, dict[_Level, float]] = {}
    for level in _LEVELS:
        share = getattr(per_mw.ultra_supercritical_share, level)
        burning = sum(unit.mw * (share if unit.efficient else 1.0) for unit in now)
        hours, per_mwh = _at(level, per_mw.full_load_hours, per_mw.lignite_t_per_mwh)
        lignite = (burning * hours * per_mwh if tonnes is None else tonnes) / 1e6
        ash_made, ash_carried = _at(level, per_mw.fly_ash_t_per_t, per_mw.fly_ash_carried_share)
        gypsum_made, gypsum_carried = _at(level, per_mw.gypsum_t_per_t, per_mw.gypsum_carried_share)
        water, jobs = _at(level, per_mw.water_mm3_per_mw, per_mw.jobs_per_mw)
        made: dict[Quantity, float] = {
            "lignite_mt": lignite,
            "fly_ash_mt": lignite * ash_made,
            "gypsum_mt": lignite * gypsum_made,
            "freight_mt": lignite * (ash_made * ash_carried + gypsum_made * gypsum_carried),
            "water_freed_mm3": gone * water,
            "jobs_exposed": by_proxy * jobs + counted,
        }
        for quantity, value in made.items():
            levels.setdefault(quantity, {})[level] = value
    found = {
        quantity: None
        if quantity in _SINCE_REFERENCE and year < reference
        else _amount(quantity, of, trust, per_mw, None if tonnes is None else measured)
        for quantity, of in levels.items()
    }
    exposed, sure = found["jobs_exposed"], trust_of([*counts.values(), *contracts])
    if exposed is not None and sure:
        proxied = [per_mw.jobs_per_mw.confidence] if by_proxy or not counts else []
        found["jobs_exposed"] = replace(exposed, confidence=least([trust, *sure, *proxied]))
    beside = _beside(year, then, now, timeline, trust)
    told: dict[Quantity, Amount | None] = found | beside
    return {quantity: told[quantity] for quantity in get_args(Quantity) if quantity in told}


def _beside(
    year: int, then: Sequence[Unit], now: Sequence[Unit], timeline: Timeline, trust: Confidence
) -> dict[Quantity, Amount | None]:
    """Tell of what coal no longer makes, of ponds and of people at work, where anybody says."""
    per_mw, told = timeline.coefficients, dict[Quantity, Amount | None]()
    since = year >= timeline.reference_year
    # Both years by the same hours: what was measured in one of them would look like a change.
    ash, both = (_fallen(then, now, per_mw, gypsum=gypsum) for gypsum in (False, True))
    rests = [trust, *_trust(_RESTS_ON["freight_mt"], per_mw)]
    told["ash_wanting_mt"] = Amount(*ash, least(rests)) if since else None
    dug = NOTHING
    if timeline.ponds is not None:
        dug = dug_mt(timeline.ponds, year)
        known = [timeline.ponds.stock_mt.confidence, timeline.ponds.dug_mt_a_year.confidence]
        told["pond_ash_mt"] = Amount(*dug, least(known))
        rests += known
    if per_mw.lorry_load_t is not None:
        fewer = lorries_fewer(both, dug, per_mw.lorry_load_t)
        sure = least([*rests, per_mw.lorry_load_t.confidence])
        told["lorries_fewer_a_day"] = Amount(*fewer, sure) if since else None
    counts, contracts = timeline.work.units, timeline.work.contracts.values()
    if counts:
        people = at_units(counts, (unit.id for unit in now))
        told["plant_jobs"] = Amount(people, people, people, least(trust_of(counts.values())))
    if contracts:
        people = at_contracts(contracts, year)
        told["mine_jobs"] = Amount(people, people, people, least(trust_of(contracts)))
    return told


def _fallen(
    then: Sequence[Unit], now: Sequence[Unit], per_mw: Coefficients, *, gypsum: bool
) -> Spread:
    """Give the million tonnes that left the plant in the reference year and no longer do."""
    found = []
    for level in _LEVELS:
        share = getattr(per_mw.ultra_supercritical_share, level)
        burnt = [math.fsum(unit.mw * (share if unit.efficient else 1.0) for unit in units)
                 for units in (then, now)]  # fmt: skip
        hours, per_mwh, ash, out, made, carried = _at(
            level, per_mw.full_load_hours, per_mw.lignite_t_per_mwh, per_mw.fly_ash_t_per_t,
            per_mw.fly_ash_carried_share, per_mw.gypsum_t_per_t, per_mw.gypsum_carried_share,
        )  # fmt: skip
        leaves = ash * out + (made * carried if gypsum else 0.0)
        found.append((burnt[0] - burnt[1]) * hours * per_mwh * leaves / 1e6)
    return in_order(*found)


def _amount(
    quantity: Quantity,
    found: Mapping[_Level, float],
    trust: Confidence,
    per_mw: Coefficients,
    measured: Measured | None,
) -> Amount:
    """Put an amount with its confidence; where lignite was measured, nothing modelled made it."""
    rests = _RESTS_ON[quantity]
    if measured is None or not set(_LIGNITE) <= set(rests):
        sure, seen = least([trust, *_trust(rests, per_mw)]), False
        return Amount(found["low"], found["central"], found["high"], sure, seen)
    others = [name for name in rests if name not in _LIGNITE]
    sure = least([measured.confidence, *_trust(others, per_mw)])
    return Amount(found["low"], found["central"], found["high"], sure, observed=not others)


_SINCE_REFERENCE: frozenset[Quantity] = frozenset({"water_freed_mm3", "jobs_exposed"})
_LIGNITE = ("full_load_hours", "lignite_t_per_mwh", "ultra_supercritical_share")
_RESTS_ON: Mapping[Quantity, tuple[str, ...]] = {
    "lignite_mt": _LIGNITE,
    "fly_ash_mt": (*_LIGNITE, "fly_ash_t_per_t"),
    "gypsum_mt": (*_LIGNITE, "gypsum_t_per_t"),
    "freight_mt": (*_LIGNITE, "fly_ash_t_per_t", "gypsum_t_per_t", "fly_ash_carried_share",
                   "gypsum_carried_share"),
    "water_freed_mm3": ("water_mm3_per_mw",),
    "jobs_exposed": ("jobs_per_mw",),
}  # fmt: skip


def _trust(names: Iterable[str], per_mw: Coefficients) -> list[Confidence]:
    return [getattr(per_mw, name).confidence for name in names]


def _at(level: _Level, *coefficients: Coefficient) -> list[float]:
    return [float(getattr(coefficient, level)) for coefficient in coefficients]


def least(confidences: Sequence[Confidence]) -> Confidence:
    """Give the least of several confidences, H where there is none."""
    return max(confidences, key=_DOUBT.index, default="H")
