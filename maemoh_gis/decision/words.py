"""What is said of the steps to a yard: where an estate stands, and what would turn it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.decision.assumed import share_words
from maemoh_gis.estate.growth import Level, in_year
from maemoh_gis.presentation.run_files import land

if TYPE_CHECKING:
    from maemoh_gis.decision.assumed import Counted
    from maemoh_gis.decision.ladder import Ladder, Trigger
    from maemoh_gis.freight.estate import EstateFreight, EstatePrice
    from maemoh_gis.freight.result import FreightReport
    from maemoh_gis.phase_out.path import Amount
    from maemoh_gis.scenario.settings.estate import Estate
    from maemoh_gis.scenario.settings.scenario import Scenario

_SHARE = 100.0


def findings(
    scenario: Scenario, found: Ladder, report: FreightReport, behind: Counted
) -> list[Text]:
    """
    Say where the estate stands, what turns it, what each step asks for, and on what it rests.

    `behind` counts the numbers behind it, and of them those assumed.
    """
    estate = scenario.estate
    assert estate is not None
    said = [verdict(scenario, found), *_hinges(report)]
    said += [trigger_words(estate, one) for one in found.triggers]
    return [*said, *beyond_precedent(estate), rests_on(behind)]


def first_words(scenario: Scenario, found: Ladder, report: FreightReport) -> list[Text]:
    """Say where the estate stands and what would turn it, for a page that has no room for more."""
    return [verdict(scenario, found), *_hinges(report)[:1]]


def headline(scenario: Scenario, found: Ladder, report: FreightReport) -> list[Text]:
    """Say in two short sentences which step is reached and what it hinges on, both sides of it."""
    estate = scenario.estate
    assert estate is not None
    order = list(estate.steps)
    steps = sorted(order.index(id) for id in found.now.values())
    told = {"year": scenario.year, "least": steps[0], "most": steps[-1],
            "full": step_range(estate, found.full)}  # fmt: skip
    return [both("ladder.short", **told), *_short_hinge(scenario, found, report)]


def in_short(scenario: Scenario, found: Ladder, report: FreightReport) -> dict[str, Any]:
    """Give the parts of the headline by themselves: steps once full, steps now, hinge."""
    estate = scenario.estate
    assert estate is not None
    order = list(estate.steps)
    now = sorted(order.index(id) for id in found.now.values())
    return {
        "full": step_range(estate, found.full),
        "now": [now[0], now[-1]],
        "hinge": _short_hinge(scenario, found, report),
    }


def _short_hinge(scenario: Scenario, found: Ladder, report: FreightReport) -> list[Text]:
    """Say without a price what decides about the box the estate has most of over the yard."""
    assert report.estate is not None
    priced = main_prices(report)
    if not priced:
        return []
    price, part = priced[0]
    told: dict[str, object] = {"box": box_words(price, part)}
    if price.by_rail:
        return [both("ladder.short_rail", **told)]
    if price.yard_thb < price.road_thb:
        return [both("ladder.short_rival", **told, rival=report.names[price.rival])]
    dearer = both("ladder.short_dearer", **told, turns=turn_words(price))
    return [joined([dearer, _sides(scenario, found), *_even_then(price, report)], " ")]


def _even_then(price: EstatePrice, report: FreightReport) -> list[Text]:
    """Name the railhead that stands where it is no dearer than the yard: a dear lorry fills it."""
    if math.isnan(price.rival_thb) or price.rival_thb > price.yard_thb:
        return []
    return [both("ladder.even_then", rival=report.names[price.rival])]


def unpriced(scenario: Scenario, found: Ladder, report: FreightReport) -> list[Text]:
    """Say where the estate stands and what would turn it, for a head that carries no sum."""
    said = [verdict(scenario, found)]
    for price, part in main_prices(report)[:1]:
        told: dict[str, object] = {"box": box_words(price, part),
                                   "gateway": report.names[price.gateway]}  # fmt: skip
        if price.by_rail:
            said.append(both("ladder.unpriced_rail", **told))
        elif price.yard_thb < price.road_thb:
            rival = report.names[price.rival]
            said.append(both("ladder.unpriced_rival", **told, rival=rival))
        else:
            dearer = both("ladder.unpriced_dearer", **told, turns=turn_words(price))
            said.append(joined([dearer, *_even_then(price, report)], " "))
    return said


def _sides(scenario: Scenario, found: Ladder) -> Text:
    """Give the step of a full estate on either side of the hinge, by number."""
    assert scenario.estate is not None
    order = list(scenario.estate.steps)
    low, turned, high = (order.index(found.by_boxes[x]) for x in ("low", "central", "high"))
    stays = order.index(found.full["central"])
    return both("ladder.sides", stays=stays, turned=turned, low=low, high=high)


def verdict(scenario: Scenario, found: Ladder) -> Text:
    """Give the step of the year with its range, and the step of a full estate."""
    estate = scenario.estate
    assert estate is not None
    rai = in_year(estate, scenario.year).occupied_rai
    return both(
        "ladder.verdict",
        year=scenario.year,
        occupied=_occupied(estate, rai),
        now=step_range(estate, found.now),
        full=step_range(estate, found.full),
        by_boxes=step_range(estate, found.by_boxes),
    )


def _occupied(estate: Estate, rai: Amount) -> Text:
    """Say how much land tenants work on, or that none has come."""
    if not rai.high:
        return both("ladder.none_yet", planned=land(estate.rai))
    numbers = f"{rai.low:,.0f}–{rai.high:,.0f}"
    return both("ladder.occupied", occupied=numbers, planned=land(estate.rai))


def step_range(estate: Estate, steps: Mapping[Level, str]) -> Text:
    """Name the central step with its number, and the numbers it may be anywhere between."""
    order = list(estate.steps)
    numbers = sorted(order.index(id) for id in steps.values())
    central = both(
        "ladder.step", n=order.index(steps["central"]), title=_title(estate, steps["central"])
    )
    if numbers[0] == numbers[-1]:
        return central
    return both("ladder.range", central=central, least=numbers[0], most=numbers[-1])


def _title(estate: Estate, id: str) -> Text:
    return estate.steps[id].title.both()


def _hinges(report: FreightReport) -> list[Text]:
    """Say for the main box of each size what it pays, and what would make the yard the cheapest."""
    return [price_words(price, report, part) for price, part in main_prices(report)]


def main_prices(report: FreightReport) -> list[tuple[EstatePrice, float]]:
    """
    Give the central price of the main box of each size over a yard, and its share of the TEU.

    The box that would turn first comes first: the one for which a lorry need get dearer by least.
    """
    assert report.estate is not None
    by_box: dict[str, EstatePrice] = {}
    for one in report.estate.prices:
        if one.case == "central" and (one.box not in by_box or one.teu > by_box[one.box].teu):
            by_box[one.box] = one
    teu = {box: _teu_of(report.estate, box) for box in by_box}
    whole = sum(teu.values())
    priced = [(one, teu[box] / whole) for box, one in by_box.items() if one.yard]
    return sorted(
        priced, key=lambda one: (math.isnan(one[0].even_lorry_factor), one[0].even_lorry_factor)
    )


def _teu_of(found: EstateFreight, box: str) -> float:
    """Give the TEU a year a full estate sends and takes in boxes of one class."""
    return math.fsum(one.teu for one in found.prices if (one.case, one.box) == ("central", box))


def price_words(price: EstatePrice, report: FreightReport, part: float) -> Text:
    """
    Set a box by lorry beside the same box over the best new yard, with what would turn it.

    `part` is the share of such boxes among those of the estate.
    """
    told: dict[str, object] = {
        "box": box_words(price, part),
        "gateway": report.names[price.gateway],
        "yard": report.names[price.yard],
        "road": f"{price.road_thb:,.0f}",
        "rail": f"{price.yard_thb:,.0f}",
    }
    if price.by_rail:
        return both("ladder.rail_cheaper", **told)
    if price.yard_thb < price.road_thb:
        thb = f"{price.rival_thb:,.0f}"
        return both("ladder.behind_rival", **told, rival=report.names[price.rival], thb=thb)
    words = both("ladder.rail_dearer", **told, turns=turn_words(price))
    if math.isnan(price.rival_thb) or price.rival_thb > price.yard_thb:
        return words
    rival = report.names[price.rival]
    beside = both("ladder.rival_cheaper", rival=rival, thb=f"{price.rival_thb:,.0f}")
    return joined([words, beside], " ")


def box_words(price: EstatePrice, part: float) -> Text:
    """Name a box and its share among those of the estate."""
    box = both(f"ladder.box.{price.box}")
    return both("ladder.part", box=box, part=f"{part * _SHARE:.0f}")


def turn_words(price: EstatePrice) -> Text:
    """Say what would make the yard no dearer, either of two where there are two."""
    found = _turns(price)
    if len(found) < 2 or math.isnan(price.even_loaded_back):
        return joined(found, "; ")
    return both("ladder.either", one=found[0], other=found[1])


def _turns(price: EstatePrice) -> list[Text]:
    found = []
    if not math.isnan(price.even_lorry_factor) and price.even_lorry_factor > 1:
        more = f"{(price.even_lorry_factor - 1) * _SHARE:,.0f}"
        found.append(both("ladder.turn_lorry", more=more))
    if math.isnan(price.even_loaded_back):
        found.append(both("ladder.turn_no_share"))
    elif price.even_loaded_back > 0:
        found.append(both("ladder.turn_back", share=f"{price.even_loaded_back * _SHARE:,.0f}"))
    return found


def trigger_words(estate: Estate, trigger: Trigger) -> Text:
    """Say what a step asks for in TEU, trains, rai and years."""
    step = estate.steps[trigger.step]
    rai = [
        both("ladder.rai_at", rai=land(rai), rate=f"{rate:g}", years=_years(trigger, rate))
        for rate, rai in trigger.rai.items()
    ]
    return both(
        "ladder.trigger",
        title=_title(estate, trigger.step),
        n=list(estate.steps).index(trigger.step),
        pairs=f"{step.pairs_a_week:g}",
        low=f"{trigger.teu.low:,.0f}",
        high=f"{trigger.teu.high:,.0f}",
        rai=joined(rai, "; "),
    )


def _years(trigger: Trigger, rate: float) -> Text:
    """Say in which years so much land is occupied, by the pace of tenants."""
    told = [
        both("ladder.in_year", year=year, pace=f"{pace:g}")
        for (at, pace), year in trigger.years.items()
        if at == rate and year is not None
    ]
    return joined(told, ", ") if told else both("ladder.not_enough_land")


def beyond_precedent(estate: Estate) -> list[Text]:
    """Say that a plan is beyond what is known to have happened; nothing where it is not."""
    known = estate.precedent
    if known is None:
        return []
    pace = estate.take_up_rai.central
    if estate.rai <= known.rai and pace <= known.take_up_rai:
        return []
    told = {"rai": land(estate.rai), "pace": f"{pace:g}", "most": land(known.rai),
            "fastest": f"{known.take_up_rai:g}"}  # fmt: skip
    return [both("ladder.beyond_precedent", **told)]


def rests_on(found: Counted) -> Text:
    """Count the numbers behind the steps that are assumed."""
    return both("ladder.rests_on", **share_words(found))
