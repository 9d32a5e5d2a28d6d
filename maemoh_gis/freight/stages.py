"""
The stage that sends freight by road and rail and says what a yard at each place would bring.

It stands beside the land: places come from the choice of a yard where the scenario asks for one.
Everything is computed for all cases of prices and levels of demand, since most rates are assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.freight.area import cost_rows, market_areas
from maemoh_gis.freight.boxes import BOXES, ONE_WAY, WayBack, break_even_km, waiting_of
from maemoh_gis.freight.emissions import emissions_of
from maemoh_gis.freight.engine import FreightResult, Terms, move
from maemoh_gis.freight.estate import EstateFreight, estate_prices, full_world
from maemoh_gis.freight.inputs import candidates, freight_world, on_line
from maemoh_gis.freight.layers import (
    ESTATE,
    FreightLayers,
    Place,
    RoadDistances,
    fleet_of,
    new_yard,
    yard_key,
)
from maemoh_gis.freight.lines import flow_lines
from maemoh_gis.freight.result import STAGE, BreakEven, FreightReport
from maemoh_gis.freight.tariffs import CASES, Case
from maemoh_gis.freight.yard_worth import (
    YardCosts,
    YardIndicators,
    freight_indicators,
    within_wagons,
)
from maemoh_gis.freight.year import estate_in_key, freight_year_stage, in_freight_year

if TYPE_CHECKING:
    from maemoh_gis.freight.world import Railhead, World
    from maemoh_gis.scenario.settings.freight import Freight
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.measure_stages import Inputs
    from maemoh_gis.yards.candidates import CandidatePlace

_UNNAMED = "flows"
FLOW_CASES: tuple[Case, ...] = ("central", "favours_rail", "favours_road")
"""Cases of prices whose flows are written, at central demand."""


def freight_stages(scenario: Scenario) -> list[Stage]:
    """Send freight its way, and try a yard at every place that competes."""
    freight = scenario.freight
    if freight is None:
        return []

    def run(context: StageContext, inputs: Inputs) -> FreightReport:
        return freight_report(in_freight_year(context, inputs), inputs.get("places", ()))

    def named(_: StageContext, inputs: Inputs) -> FreightReport:
        report: FreightReport = inputs[_UNNAMED]
        names = _names_of_yards(freight, inputs["contestants"])
        known = {key: name for key, name in report.names.items() if any(name.values())}
        return replace(report, names=names | known)

    params: dict[str, Any] = {
        "freight": freight.model_dump(exclude={"basis"}),
        "double_from": {id: section.double_from for id, section in scenario.rail.items()},
        "estate": estate_in_key(scenario),
    }
    layers = freight.layers()
    first = freight_year_stage(scenario)
    if scenario.choice is None:
        return [
            first,
            Stage(STAGE, run, "global", (first.id,), layers=layers, params=params, whole=True),
        ]
    places = ("places", first.id)
    return [
        first,
        Stage(_UNNAMED, run, "global", places, layers=layers, params=params, by_content=True),
        Stage(STAGE, named, "global", (_UNNAMED, "contestants"), whole=True),
    ]


def freight_report(context: StageContext, places: Sequence[CandidatePlace]) -> FreightReport:
    """Work out everything about freight."""
    source = FreightLayers.of(context)
    terms = terms_of(source.freight, source.year_be)
    planned = _planned(source, places)
    wanted = source.reached(list(planned.values()))
    ways = RoadDistances(source, wanted)
    world = freight_world(source, wanted, ways)
    yards = {one.key: one for one in candidates(source, wanted)}
    brought = {one.key: one for one in _brought(source, world, list(yards.values()), terms)}
    found = {id: brought[place.key] for id, place in planned.items() if place.key in brought}
    lines = on_line(source, list(planned.values()))
    on_rail = [id for id, place in planned.items() if place.key in lines]
    best = _best(found)
    yard = None if best is None else yards[found[best].key]
    built = world if yard is None else world.with_railheads([*world.railheads, yard])
    wagons = fleet_of(source)
    flows: dict[tuple[str, Case], FreightResult] = {}
    every = world.with_railheads([*world.railheads, *yards.values()])
    for case in FLOW_CASES:
        at = replace(terms, case=case)
        flows["", case] = within_wagons(move(world, source.tariffs, at), wagons)
        if best is not None:
            flows[best, case] = within_wagons(move(built, source.tariffs, at), wagons)
    gaps = ways.gaps(one.key for one in every.railheads)
    return FreightReport(
        found,
        tuple(one.id for one in places if one.id not in on_rail),
        tuple(id for id in on_rail if id not in found),
        best,
        None if yard is None else _alone(source, world, yard, terms),
        None
        if yard is None or terms.empties == "none"
        else _alone(source, world, yard, replace(terms, empties="none")),
        flows,
        _names(source, places),
        tuple(_break_evens(source, terms)),
        market_areas(source, ways, built, terms, context.grid),
        flow_lines(source, ways, wanted, flows),
        emissions_of(flows, source.tariffs),
        tuple(cost_rows(source, every, _origins(source.freight), terms, gaps)),
        wagons,
        gaps,
        _of_estate(source, world, list(yards.values()), terms),
    )


def _of_estate(
    source: FreightLayers, world: World, yards: Sequence[Railhead], terms: Terms
) -> EstateFreight | None:
    full = full_world(source, world)
    if full is None:
        return None
    return EstateFreight(estate_prices(source, full, yards, terms))


def saved_by_case(indicators: Mapping[str, YardIndicators]) -> dict[str, tuple[float, ...]]:
    """Give the THB a year each yard saves, by case of prices and demand, the central one first."""
    return {key: tuple(case.thb_saved for case in one.cases) for key, one in indicators.items()}


def terms_of(freight: Freight, year_be: int) -> Terms:
    """Take what a scenario assumes about freight."""
    return Terms(
        year_be,
        choice=freight.choice,
        empties=freight.empties,
        match_back=freight.match_back,
        departures_a_week=freight.departures_a_week,
        faster_kph=freight.double_track_kph,
    )


def _best(found: Mapping[str, YardIndicators]) -> str | None:
    """Find the place whose yard saves most where prices favour rail; None where none saves."""
    saved = {id: one.at("central", "favours_rail").thb_saved for id, one in found.items()}
    best = max(saved, key=lambda id: saved[id], default=None)
    return best if best is not None and saved[best] > 0 else None


def _alone(source: FreightLayers, world: World, yard: Railhead, terms: Terms) -> YardIndicators:
    return _brought(source, world.with_railheads([]), [yard], terms)[0]


def _brought(
    source: FreightLayers, world: World, yards: Sequence[Railhead], terms: Terms
) -> list[YardIndicators]:
    costs = YardCosts(**source.freight.yard.model_dump(exclude={"basis"}))
    return freight_indicators(
        yards, world, source.tariffs, terms, costs=costs, wagons=fleet_of(source)
    )


def _origins(freight: Freight) -> list[str]:
    """List the origins whose distances are published themselves."""
    return list(dict.fromkeys([freight.anchor.origin, *freight.own_distances]))


def _planned(source: FreightLayers, places: Sequence[CandidatePlace]) -> dict[str, Place]:
    """Plan a new yard at each place beside a railway, by the id of the place."""
    return {
        one.id: new_yard(source, one.id, one.place, one.open_year)
        for one in places
        if "off_rail" not in one.to_settle
    }


def _break_evens(source: FreightLayers, terms: Terms) -> list[BreakEven]:
    """Solve for the break-even distance by class and case, rail as long as from the anchor."""
    ratio = terms.stated_rail_km / terms.stated_road_km
    found = []
    for box in BOXES.values():
        for case in CASES:
            prices = source.tariffs.prices(case)
            waiting = waiting_of(prices, terms.stated_road_km, terms.stated_rail_km)
            one_way, balanced = (
                break_even_km(box, prices, back, waiting, rail_per_road_km=ratio)
                for back in (ONE_WAY, WayBack(1.0))
            )
            found.append(BreakEven(box.key, case, one_way, balanced))
    return found


def _names_of_yards(freight: Freight, places: Iterable[CandidatePlace]) -> dict[str, Text]:
    """Name a yard by its place; beside a railhead of the same name it is said to be a new one."""
    found = {}
    for one in places:
        key, title = yard_key(freight, one.id), one.title
        if key != one.id and all(title.values()):
            title = both("freight.new_yard", name=title)
        found[key] = title
    return found


def _names(source: FreightLayers, places: Sequence[CandidatePlace]) -> dict[str, Text]:
    names = _names_of_yards(source.freight, places)
    for row in source.demand_rows:
        names[row["commodity"]] = {"th": row["commodity_th"], "en": row["commodity_en"]}
    if source.estate is not None:
        industries = source.estate.industries.items()
        names |= {f"{ESTATE}_{id}": one.title.both() for id, one in industries}
    for frame in (source.origins, source.gateways, source.railheads):
        names |= {
            key: {"th": th, "en": en}
            for key, th, en in zip(frame["key"], frame["name_th"], frame["name_en"], strict=True)
        }
    return names
