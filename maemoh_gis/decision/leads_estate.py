"""What a run leads to where the question is of an estate: its work, its size, its way to a yard."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.decision.gates import passed
from maemoh_gis.decision.ladder import first_reached
from maemoh_gis.decision.result import ladder_of
from maemoh_gis.decision.words import box_words, main_prices, step_range, turn_words
from maemoh_gis.estate.growth import in_year, water_open, when_full
from maemoh_gis.phase_out.path import Amount
from maemoh_gis.phase_out.units import path_of
from maemoh_gis.presentation.run_files import land, range_of
from maemoh_gis.sites.result import sites_by_use

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.estate.growth import EstateYear
    from maemoh_gis.phase_out.path import YearFacts
    from maemoh_gis.scenario.settings.estate import Estate

_PHASE_YEARS = 10
"""Years after the first tenant that a first phase is built for. ASSUMPTION: a term of loans."""


def work(results: Results) -> Text | None:
    """Say how many of the jobs that coal takes an estate gives back."""
    scenario = results.resolved.scenario
    if scenario.timeline is None:
        return None
    (now,) = path_of(results.resolved, results.catalog, [scenario.year])
    lost = now.amounts["jobs_exposed"]
    told: dict[str, object] = {
        "year": scenario.year,
        "lost": both("leads.figure_unknown") if lost is None else _range(lost),
    }
    estate = scenario.estate
    if estate is None or not in_year(estate, scenario.year).needs["jobs"].high:
        return both("leads.no_work", **told)
    return both("leads.work", **told, given=_range(in_year(estate, scenario.year).needs["jobs"]))


def smallest_estate(results: Results) -> Text | None:
    """Say what must be committed before an estate is begun, and which step that carries."""
    scenario, found = results.resolved.scenario, ladder_of(results)
    asked = {use for use, of in scenario.gates.items() if of.demand_rai is not None}
    counted = [
        one.committed for one in passed(scenario) if one.use in asked and one.committed is not None
    ]
    if not counted or found is None or scenario.estate is None:
        return None
    bound, least = counted[0]
    id = "leads.may_begin" if bound >= least else "leads.may_not_begin"
    return both(
        id,
        bound=land(bound),
        least=land(least),
        year=scenario.year,
        step=step_range(scenario.estate, found[0].now),
    )


def first_phase(results: Results) -> Text | None:
    """Say what fills in the first years, and when a yard would have a reason."""
    scenario, found = results.resolved.scenario, ladder_of(results)
    estate, step = scenario.estate, _yard_step(results)
    if estate is None or found is None or step is None:
        return None
    last = estate.first_year + _PHASE_YEARS - 1
    rai = in_year(estate, last).occupied_rai
    told: dict[str, object] = {
        "rai": _range(rai),
        "planned": land(estate.rai),
        "last": last,
        "n": list(estate.steps).index(step),
        "title": estate.steps[step].title.both(),
    }
    years = first_reached(estate, step, found[0].rail_share)
    known = [year for year in years.values() if year is not None]
    if not known:
        return both("leads.phase_no_yard", **told)
    if years["central"] is None:
        return both("leads.phase_perhaps", **told, year=min(known))
    return both("leads.phase_yard", **told, year=years["central"], first=min(known))


def _yard_step(results: Results) -> str | None:
    """Name the step that the gate of a yard asks for."""
    steps = [of.demand_step for of in results.resolved.scenario.gates.values()]
    return next((step for step in steps if step is not None), None)


Need = Literal["labour", "water", "land"]


@dataclass(frozen=True)
class _Supply:
    """What an estate takes of something in a year, and what there is of it."""

    taken: Callable[[EstateYear], Amount]
    there: Callable[[YearFacts | None], Amount | None]


def binds_first(results: Results) -> Text | None:
    """Say what an estate lacks first and in which year, and of what nobody knows how much there is.

    The earliest year sets the most it may take against the least there may be, the latest the
    other way round.
    """
    scenario = results.resolved.scenario
    estate = scenario.estate
    if estate is None or not estate.rai:
        return None
    years = range(estate.first_year, when_full(estate) + 1)
    coal = (
        {one.year: one for one in path_of(results.resolved, results.catalog, years)}
        if scenario.timeline
        else {}
    )
    grown = [in_year(estate, year) for year in years]
    first: dict[Need, tuple[int | None, int, int | None]] = {}
    unknown: list[Text] = [both("leads.unknown_power")]
    for need, supply in _supplies(results, estate).items():
        there = {one.year: supply.there(coal.get(one.year)) for one in grown}
        if any(one is None for one in there.values()):
            unknown.append(both(f"leads.unknown_{need}"))
            continue
        found = [
            _first(grown, supply, there, *ends)
            for ends in (("high", "low"), ("central", "central"), ("low", "high"))
        ]
        if found[1] is not None:
            first[need] = (found[0], found[1], found[2])
    told: dict[str, object] = {"rai": land(estate.rai), "unknown": joined(unknown, ", ")}
    if not first:
        return both("leads.nothing_binds", **told)
    need = min(first, key=lambda one: first[one][1])
    early, year, late = first[need]
    never = both("leads.never")
    return both(
        "leads.binds_first",
        **told,
        need=both(f"leads.need_{need}"),
        year=year,
        early=early or year,
        late=never if late is None else late,
    )


_End = Literal["low", "central", "high"]


def _first(
    grown: list[EstateYear],
    supply: _Supply,
    there: Mapping[int, Amount | None],
    takes: _End,
    has: _End,
) -> int | None:
    for one in grown:
        found = there[one.year]
        if found is not None and getattr(supply.taken(one), takes) > getattr(found, has):
            return one.year
    return None


def _supplies(results: Results, estate: Estate) -> dict[Need, _Supply]:
    """Say of work, water and land what an estate takes of it and what there is."""
    sites = sites_by_use(results)
    asked = [
        use
        for use, of in results.resolved.scenario.gates.items()
        if of.demand_rai is not None and use in sites
    ]
    rai = math.fsum(float(sites[use]["area_rai"].sum()) for use in asked)
    gross = Amount(rai, rai, rai, "L") if asked else None

    def labour(coal: YearFacts | None) -> Amount | None:
        seek = estate.work_seekers
        lost = None if coal is None else coal.amounts["jobs_exposed"]
        if seek is None or lost is None:
            return None
        return Amount(seek.low + lost.low, seek.central + lost.central, seek.high + lost.high, "L")

    def water(coal: YearFacts | None) -> Amount | None:
        return None if coal is None else water_open(estate, coal.amounts["water_freed_mm3"])

    def planned(one: EstateYear) -> Amount:
        rai, share = one.occupied_rai, estate.sold_share
        return Amount(rai.low / share.high, rai.central / share.central, rai.high / share.low, "L")

    return {
        "labour": _Supply(lambda one: one.needs["jobs"], labour),
        "water": _Supply(lambda one: one.needs["water_mm3"], water),
        "land": _Supply(planned, lambda _: gross),
    }


def siding(results: Results) -> Text | None:
    """Say whether loading can begin at a loop that stands, with no yard built."""
    scenario, found = results.resolved.scenario, ladder_of(results)
    estate = scenario.estate
    if estate is None or found is None:
        return None
    steps, report = found
    order = list(estate.steps)
    wanted = next((id for id, step in estate.steps.items() if step.pairs_a_week), None)
    priced = main_prices(report)
    if wanted is None or not priced:
        return None
    reached = {level: order.index(id) >= order.index(wanted) for level, id in steps.now.items()}
    state = "can" if all(reached.values()) else "perhaps" if any(reached.values()) else "cannot"
    price, part = priced[0]
    return both(
        f"leads.siding_{state}",
        year=scenario.year,
        station=report.names[price.yard],
        pairs=f"{estate.steps[wanted].pairs_a_week:g}",
        box=box_words(price, part),
        turns=turn_words(price),
        step=step_range(estate, steps.now),
    )


def switch(results: Results) -> Text | None:
    """Say what would turn the yard, and which railhead would take its boxes all the same."""
    scenario, found = results.resolved.scenario, ladder_of(results)
    if scenario.estate is None or found is None:
        return None
    steps, report = found
    priced = main_prices(report)
    if not priced:
        return None
    price, part = priced[0]
    told: dict[str, object] = {
        "box": box_words(price, part),
        "turns": turn_words(price),
        "step": step_range(scenario.estate, steps.full),
    }
    if price.by_rail:
        said = both("leads.switch_turned", **told)
    elif price.yard_thb < price.road_thb:
        return both("leads.switch_rival", **told, rival=report.names[price.rival])
    else:
        said = both("leads.switch", **told)
    if math.isnan(price.rival_thb) or price.rival_thb > price.yard_thb:
        return said
    return joined([said, both("leads.rival_takes", rival=report.names[price.rival])], " ")


def _range(amount: Amount) -> Text:
    return range_of(amount.low, amount.central, amount.high)
