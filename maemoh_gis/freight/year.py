"""
The stage that says from which year on freight is as it is in the year of a scenario.

Railways open, fleets grow and shares shift from one year to the next, and between such years
nothing of freight changes. Scenarios of 2580 and 2593 may so send the same freight, which is then
computed once. Whatever freight looks up by year must be among the years gathered here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.estate.growth import changes
from maemoh_gis.freight.layers import FreightLayers

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.measure_stages import Inputs
    from maemoh_gis.yards.candidates import CandidatePlace

STAGE = "freight_year"
_BEFORE_ALL = 0


def freight_year_stage(scenario: Scenario) -> Stage:
    """Make the stage that finds the year."""
    freight = scenario.freight
    assert freight is not None

    def run(context: StageContext, inputs: Inputs) -> int:
        return freight_year(context, inputs.get("places", ()))

    params: dict[str, Any] = {
        "freight": freight.model_dump(exclude={"basis"}),
        "year": scenario.year,
        "double_from": {id: section.double_from for id, section in scenario.rail.items()},
        "estate": estate_in_key(scenario),
    }
    inputs = () if scenario.choice is None else ("places",)
    layers = freight.layers()
    return Stage(STAGE, run, "global", inputs, layers=layers, params=params)


def estate_in_key(scenario: Scenario) -> dict[str, Any] | None:
    """Give what of an estate decides freight."""
    estate = scenario.estate
    return None if estate is None else estate.model_dump(exclude={"basis", "sweep", "steps"})


def freight_year(context: StageContext, places: Sequence[CandidatePlace] = ()) -> int:
    """Find the year from which on freight is as it is in the year of a scenario."""
    changes = years_of_change(FreightLayers.of(context), places)
    return max((year for year in changes if year <= context.scenario.year), default=_BEFORE_ALL)


def in_freight_year(context: StageContext, inputs: Inputs) -> StageContext:
    """Look at freight in the year from which it is as in the scenario's."""
    scenario = context.scenario.model_copy(update={"year": inputs[STAGE]})
    return replace(context, scenario=scenario)


def years_of_change(source: FreightLayers, places: Sequence[CandidatePlace]) -> set[int]:
    """Gather every year from which something of freight is another."""
    freight, gateways, railheads = source.freight, source.gateways, source.railheads
    rows = [freight.fleet.wagons, *(gateway.share for gateway in freight.gateways.values())]
    opened = [
        *zip(gateways["key"], gateways["rail_open_year_be"], strict=True),
        *zip(railheads["key"], railheads["open_year_be"], strict=True),
    ]
    years = [
        *(int(year) for row in rows for year in row),
        *(source.opening(key, planned) for key, planned in opened),
        *(one.opens_be for one in source.distances),
        *(more.from_year for more in freight.more_demand.values()),
        *(section.double_from for section in source.rail.values()),
        *(place.open_year for place in places),
        *(changes(source.estate) if source.estate else ()),
    ]
    return {year for year in years if year is not None}
