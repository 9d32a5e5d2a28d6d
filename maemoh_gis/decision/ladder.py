"""
The steps from lorries to a yard: what each asks for, and which of them boxes carry.

A step is asked for in pairs of trains a week; trains make TEU a year of it, TEU a rai of occupied
land, and the pace of tenants a year. A step is reached by boxes that go by rail because that is
cheapest for them: where a lorry is cheaper, no number of boxes reaches any.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.estate.growth import LEVELS, Level, full_year, growth, occupied_rai, when_full
from maemoh_gis.freight.estate import EstatePrice
from maemoh_gis.phase_out.path import Amount

if TYPE_CHECKING:
    from maemoh_gis.freight.tariffs import Case
    from maemoh_gis.scenario.settings.estate import Estate
    from maemoh_gis.scenario.settings.phase_out import Coefficient

WORLDS: Mapping[Level, Case] = {
    "low": "favours_road",
    "central": "central",
    "high": "favours_rail",
}
"""Prices that go with low, central and high numbers of boxes, so that the range is the widest."""
_NOT_LEAST: tuple[Level, ...] = ("central", "high")
_BOTH_WAYS = 2.0
_OTHER_END: Mapping[Level, Level] = {"low": "high", "central": "central", "high": "low"}


@dataclass(frozen=True)
class Trigger:
    """What must come together before a step."""

    step: str
    teu: Amount
    """Loaded TEU a year, out and in together."""
    rai: Mapping[float, float]
    """Occupied land that sends them, by TEU a year of a rai."""
    years: Mapping[tuple[float, float], int | None]
    """First year in which it is occupied, by TEU a year of a rai and rai taken up a year; None
    where the estate has not as much land."""


@dataclass(frozen=True)
class Ladder:
    """Where an estate stands on the steps."""

    now: Mapping[Level, str]
    """Step in the scenario's year, by world."""
    full: Mapping[Level, str]
    """Step once the estate is full, by world."""
    by_boxes: Mapping[Level, str]
    """Step once it is full if every box went by rail over the yard."""
    rail_share: Mapping[Level, float]
    """Share of its boxes for which a yard is the cheapest way, by world."""
    triggers: tuple[Trigger, ...]


def ladder(estate: Estate, prices: Sequence[EstatePrice], year: int) -> Ladder:
    """Find the steps of an estate in a year, once it is full, and what each step asks for."""
    share = {level: rail_share(prices, case) for level, case in WORLDS.items()}
    last = max(year, _long_full(estate))
    by_boxes = {level: _step(estate, last, level, 1.0) for level in WORLDS}
    return Ladder(
        _with_prospect(estate, {lv: _step(estate, year, lv, share[lv]) for lv in WORLDS}, share),
        _with_prospect(estate, {lv: _step(estate, last, lv, share[lv]) for lv in WORLDS}, share),
        by_boxes,
        share,
        tuple(trigger(estate, id) for id in estate.steps if estate.steps[id].pairs_a_week),
    )


def rail_share(prices: Sequence[EstatePrice], case: Case) -> float:
    """Give the share of an estate's boxes for which a new yard is the cheapest way."""
    mine = [one for one in prices if one.case == case]
    whole = math.fsum(one.teu for one in mine)
    return math.fsum(one.teu for one in mine if one.by_rail) / whole if whole else 0.0


def teu_of_pairs(estate: Estate, pairs_a_week: float, level: Level = "central") -> float:
    """Give the loaded TEU a year that fill so many pairs of trains a week."""
    trains = estate.trains
    places = float(getattr(trains.teu_a_train, level))
    return pairs_a_week * _BOTH_WAYS * places * trains.weeks * trains.filled


def trigger(estate: Estate, id: str) -> Trigger:
    """Say what a step asks for."""
    step = estate.steps[id]
    low, central, high = (teu_of_pairs(estate, step.pairs_a_week, level) for level in LEVELS)
    rates, paces = _tried(estate)
    rai = {rate: central / rate for rate in rates if rate > 0}
    years = {(rate, pace): _year_of(estate, land, pace, step.years)
             for rate, land in rai.items() for pace in paces}  # fmt: skip
    confidence = estate.trains.teu_a_train.confidence
    return Trigger(id, Amount(low, central, high, confidence), rai, years)


def step_reached(estate: Estate, teu: Callable[[int], float], year: int, places: Level) -> str:
    """Find the highest step whose trains boxes fill in a year, and in the years it asks before."""
    reached = next(iter(estate.steps))
    for id, step in estate.steps.items():
        asked = teu_of_pairs(estate, step.pairs_a_week, places)
        held = all(teu(year - back) >= asked for back in range(step.years))
        if held and not step.on_prospect:
            reached = id
    return reached


def first_reached(estate: Estate, id: str, share: Mapping[Level, float]) -> dict[Level, int | None]:
    """Give by world the first year in which a step or a later one is reached; None where never."""
    order = list(estate.steps)
    later = set(order[order.index(id) :])
    span = range(estate.first_year, _long_full(estate) + 1)
    return {
        level: next((y for y in span if _step(estate, y, level, share[level]) in later), None)
        for level in WORLDS
    }


def _step(estate: Estate, year: int, level: Level, share: float) -> str:
    def teu(at: int) -> float:
        (found,) = growth(estate, [at])
        return share * float(getattr(found.needs["teu"], level))

    return step_reached(estate, teu, year, _OTHER_END[level])


def _long_full(estate: Estate) -> int:
    """Give a year in which the estate has been full for as long as any step asks."""
    return when_full(estate) + _held_years(estate)


def _held_years(estate: Estate) -> int:
    """Give how many years after the first one the step that waits longest asks for."""
    return max(step.years for step in estate.steps.values()) - 1


def _with_prospect(
    estate: Estate, found: Mapping[Level, str], share: Mapping[Level, float]
) -> dict[Level, str]:
    """Take the step kept for a prospect where the widest world reaches a later one some day."""
    order = list(estate.steps)
    some_day = _step(estate, _long_full(estate), "high", share["high"])
    kept = dict(found)
    for id, step in estate.steps.items():
        if step.on_prospect and order.index(some_day) > order.index(id):
            for level in _NOT_LEAST:
                if order.index(kept[level]) < order.index(id):
                    kept[level] = id
    return kept


def _tried(estate: Estate) -> tuple[list[float], list[float]]:
    """Give the rates of boxes and the paces that are tried; what the estate says by default."""
    if estate.sweep is not None:
        return estate.sweep.teu_per_rai, estate.sweep.take_up
    pace = estate.take_up_rai
    rates = [one.teu_per_rai for one in estate.industries.values()]
    ends = [min(one.low for one in rates), max(one.high for one in rates)]
    return ends, [pace.low, pace.central, pace.high]


def _year_of(estate: Estate, rai: float, pace: float, years: int) -> int | None:
    """Give the year in which so much has been occupied so long, committed land counted."""
    tried = estate.model_copy(update={"take_up_rai": _exactly(estate.take_up_rai, pace)})
    starts = [estate.first_year, *(one.from_year for one in estate.commitments.values())]
    span = range(min(starts), full_year(tried, "central") + 1)
    reached = (year for year in span if occupied_rai(tried, year, "central") >= rai)
    first = next(reached, None)
    return None if first is None else first + years - 1


def sweep_rows(estate: Estate, rail: Mapping[Level, float]) -> list[tuple[object, ...]]:
    """
    Try land, pace and boxes a rai against each other.

    A row each: rai planned, rai taken up a year, TEU a rai; rai occupied and TEU a year once full,
    the year it is full, pairs of trains a week, the step if every box went by rail, and the step in
    each world of prices.
    """
    if estate.sweep is None:
        return []
    rows: list[tuple[object, ...]] = []
    for rai in estate.sweep.rai:
        for pace in estate.sweep.take_up:
            for rate in estate.sweep.teu_per_rai:
                tried = _tried_as(estate, rai, pace, rate)
                full = full_year(tried, "central")
                (end,) = growth(tried, [full])
                teu = end.needs["teu"].central
                steps = [
                    _step(tried, full + _held_years(tried), "central", share)
                    for share in (1.0, *rail.values())
                ]
                rows.append((rai, pace, rate, end.occupied_rai.central, teu, full,
                             round(teu / teu_of_pairs(tried, 1.0), 2), *steps))  # fmt: skip
    return rows


def _tried_as(estate: Estate, rai: float, pace: float, rate: float) -> Estate:
    """Give the estate with one value for land, pace and boxes a rai."""
    industries = {
        id: one.model_copy(update={"teu_per_rai": _exactly(one.teu_per_rai, rate)})
        for id, one in estate.industries.items()
    }
    changed = {"rai": rai, "take_up_rai": _exactly(estate.take_up_rai, pace)}
    return estate.model_copy(update={**changed, "industries": industries})


def _exactly(number: Coefficient, value: float) -> Coefficient:
    return number.model_copy(update=dict.fromkeys(LEVELS, value))
