"""The right to land of a use is read from the register of land, by year and by its papers."""

import pytest

from maemoh_gis.core.messages import both
from maemoh_gis.decision.gates import passed, state_words
from maemoh_gis.decision.land_right import land_right, right_words
from maemoh_gis.decision.report import tells_money
from maemoh_gis.layers.load import Layers
from maemoh_gis.phase_out.register import open_uses
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.after_use import is_open
from maemoh_gis.scenario.in_year import free_year, in_its_year, zone_state
from tests.paths import LAYERS, SCENARIOS

PROJECT = Project(LAYERS, SCENARIOS)
CATALOG = PROJECT.catalog()
READ = Layers(CATALOG)


def right(id, use, year=None, until=None):
    """Read the right of a use in a year, its papers ending in another."""
    resolved = PROJECT.scenario(id)
    scenario = ending(resolved.scenario, until)
    if year is not None:
        scenario = scenario.model_copy(update={"year": year})
    return scenario, land_right(scenario, use, resolved.rules, READ)


def ending(scenario, until):
    if until is None:
        return scenario
    zones = {}
    for id, zone in scenario.zones.items():
        basis = [one.model_copy(update={"until": max(until, one.year)}) for one in zone.basis]
        zones[id] = zone.model_copy(update={"basis": basis})
    return scenario.model_copy(update={"zones": zones})


def test_today_it_is_not_met_and_the_first_year_is_that_of_asking():
    # Units 8 to 11 run through 2574; on a plant block a yard may be asked for four years later.
    scenario, found = right("baseline", "container_yard")
    assert (found.state, found.earliest, found.open_rai) == ("not_met", 2579, 0.0)
    assert "closure_accepted" in found.papers
    (gate,) = [
        one
        for one in passed(scenario, {"container_yard": found})
        if (one.use, one.gate) == ("container_yard", "land_right")
    ]
    assert gate.state == "not_met"


def test_what_the_register_tells_is_said_of_its_land_and_not_of_any_other():
    scenario, found = right("baseline", "green_estate")
    gates = {one.gate: one for one in passed(scenario, {"green_estate": found})
             if one.use == "green_estate"}  # fmt: skip
    assert gates["land_right"].elsewhere == "unknown"
    said = state_words(gates["land_right"])
    assert "not met on land of mine and plant" in said["en"]
    assert "not known elsewhere" in said["en"]
    assert gates["policy"].elsewhere is None
    assert state_words(gates["policy"]) == both("gate.state.unknown")


def test_the_right_rests_on_outline_delay_and_years_of_the_zone_that_opens_first():
    scenario, found = right("baseline", "container_yard")
    (zone,) = [one for one in scenario.zones.values() if one.title.both() == found.zones[0]]
    years = [scenario.timeline.units[id].confidence for id in zone.units]
    assert found.rests_on[0] == zone.confidence
    assert list(found.rests_on[2:]) == years
    assert len(found.rests_on) == 2 + len(years)


def test_dated_papers_move_the_earliest_year():
    assert right("papers_late", "green_estate", 2585)[1].earliest == 2592


def test_it_is_met_by_as_much_land_as_the_use_needs_and_no_less():
    scenario, yard = right("papers_on_time", "container_yard")
    assert (yard.state, yard.supposed) == ("met", True)
    assert yard.open_rai >= scenario.uses["container_yard"].land.least_rai
    estate = right("papers_on_time", "green_estate")[1]
    assert estate.state == "not_met"
    assert estate.open_rai == yard.open_rai < 500
    assert "less than the 500 rai" in right_words(estate, 2600)["en"]


def test_a_use_the_register_says_nothing_of_is_left_as_it_is_written():
    scenario, found = right("baseline", "wholesale_hub")
    assert found is None
    states = {one.state for one in passed(scenario) if one.gate == "land_right"}
    assert states == {"unknown"}


def test_what_the_scenario_states_itself_stands():
    scenario, found = right("baseline", "container_yard")
    of_use = scenario.gates["container_yard"]
    gate = of_use.gates["land_right"].model_copy(update={"state": "met"})
    gates = of_use.model_copy(update={"gates": of_use.gates | {"land_right": gate}})
    stated = scenario.model_copy(update={"gates": scenario.gates | {"container_yard": gates}})
    (now,) = [
        one
        for one in passed(stated, {"container_yard": found})
        if (one.use, one.gate) == ("container_yard", "land_right")
    ]
    assert (now.state, now.right) == ("met", None)


def test_years_left_are_counted_and_land_closes_after_the_last():
    scenario, found = right("papers_on_time", "container_yard", until=2609)
    assert found.until == 2609
    assert "9 years are left" in right_words(found, scenario.year)["en"]
    assert right("papers_on_time", "container_yard", 2610, until=2609)[1].state == "not_met"


@pytest.mark.parametrize(("year", "state"), [(2600, "open"), (2605, "open"), (2606, None)])
def test_a_paper_at_its_end_opens_nothing(year, state):
    resolved = PROJECT.scenario("papers_on_time")
    scenario = ending(resolved.written, 2605).model_copy(update={"year": year})
    zone, rules = scenario.zones["units_8_11"], resolved.rules
    found = zone_state(zone, scenario, rules, year)
    assert found == state if state else found == "ended_not_returned"
    assert bool(open_uses(zone, scenario, rules)) == (state == "open")
    ended = free_year(zone, scenario)
    assert is_open(zone, "solar", rules, ended, "central", year) == (state == "open")
    # The map follows: the inclusion that opens the land ends with the paper.
    opened = in_its_year(scenario, rules).inclusions["zone_units_8_11_solar_open"]
    assert opened.until == 2605


def test_supposed_papers_let_no_sum_be_told():
    uses = {"yard": {"yard": {"length_m": 1}, "title": {}}}
    record = {"resolved": {"uses": uses, "choice": None}}
    met = {"yard": {"land_right": "met", "supposed": []}}
    assert tells_money({**record, "gates": met})
    met["yard"]["supposed"] = ["land_right"]
    assert not tells_money({**record, "gates": met})
