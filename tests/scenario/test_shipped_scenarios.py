"""The scenarios that ship: each a question in both languages, changing facts and never a weight."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maemoh_gis.commands import answers
from maemoh_gis.commands.terminal import Terminal
from maemoh_gis.phase_out.units import path_of
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.change import Change
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.resolve import read_scenario
from maemoh_gis.sites.result import land_of, sites_by_use, sites_of
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import score_of, states_of
from maemoh_gis.yards.result import yards_of
from tests.computed import compute
from tests.few_roads import on_few_roads
from tests.paths import LAYERS, SCENARIOS

YARD_AND_ESTATE = ("container_yard", "green_estate")
# MW left in the scenario's year, uses it looks for land for, and zones in each state.
EXPECTED = {
    "baseline": (2569, 2455, YARD_AND_ESTATE, {"in_use": 13}),
    "council_path_2574": (
        2575, 1255, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"ended_not_returned": 1, "in_use": 12},
    ),
    "full_phase_out_2593": (
        2593, 0, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"ended_not_returned": 6, "closed": 4, "in_use": 3},
    ),
    "accelerated_phase_out": (
        2583, 0, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"ended_not_returned": 6, "closed": 4, "in_use": 3},
    ),
    "green_estate_yard": (2580, 1255, YARD_AND_ESTATE, {"ended_not_returned": 1, "in_use": 12}),
    "solar_storage": (
        2580, 1255, (*YARD_AND_ESTATE, "solar"), {"ended_not_returned": 1, "in_use": 12}
    ),
    "digital_park": (
        2580, 1255, (*YARD_AND_ESTATE, "digital_park"), {"ended_not_returned": 1, "in_use": 12}
    ),
    "logistics_hub": (
        2580, 1255, (*YARD_AND_ESTATE, "logistics_hub"), {"ended_not_returned": 1, "in_use": 12}
    ),
    "reclamation_forest": (
        2600, 0, (*YARD_AND_ESTATE, "reclamation_forest"),
        {"ended_not_returned": 6, "closed": 4, "in_use": 3},
    ),
    "khelang_banphot_park": (2569, 2455, YARD_AND_ESTATE, {"in_use": 13}),
    "rail_future": (2580, 1255, YARD_AND_ESTATE, {"ended_not_returned": 1, "in_use": 12}),
    "solar_digital": (
        2600, 0, (*YARD_AND_ESTATE, "solar", "digital_park", "reclamation_forest"),
        {"open": 7, "closed": 2, "ended_not_returned": 1, "in_use": 3},
    ),
    "double_track_open": (2578, 1255, YARD_AND_ESTATE, {"ended_not_returned": 1, "in_use": 12}),
    "phaseout_as_stand": (
        2600, 0, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"ended_not_returned": 6, "closed": 4, "in_use": 3},
    ),
    "papers_on_time": (
        2600, 0, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"open": 7, "closed": 2, "ended_not_returned": 1, "in_use": 3},
    ),
    "papers_late": (
        2600, 0, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"open": 1, "ended_not_returned": 5, "closed": 4, "in_use": 3},
    ),
    "mine_to_forest": (
        2600, 0, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"open": 7, "restoration": 1, "closed": 1, "ended_not_returned": 1, "in_use": 3},
    ),
    "no_estate": (
        2593, 0, (*YARD_AND_ESTATE, "solar", "reclamation_forest"),
        {"ended_not_returned": 6, "closed": 4, "in_use": 3},
    ),
    "estate_500_anchor": (2580, 1255, YARD_AND_ESTATE, {"ended_not_returned": 1, "in_use": 12}),
    "estate_1000_slow": (
        2593, 0, YARD_AND_ESTATE, {"ended_not_returned": 7, "closed": 3, "in_use": 3}
    ),
    "estate_3000_fast": (2590, 1255, YARD_AND_ESTATE, {"ended_not_returned": 1, "in_use": 12}),
    "siding_first": (2574, 2455, YARD_AND_ESTATE, {"in_use": 13}),
    "villages_first": (2569, 2455, YARD_AND_ESTATE, {"in_use": 13}),
    "mae_mo_only": (2569, 2455, YARD_AND_ESTATE, {"in_use": 13}),
}  # fmt: skip
SWITCH = "double_track_open"
DOUBLE = (SWITCH, "rail_future")
BESIDE_THE_LINE = (*DOUBLE, "siding_first")
"""Scenarios whose answer asks for yards, which are looked for along the whole line."""
PAPERS = ("phaseout_as_stand", "papers_late", "papers_on_time", "mine_to_forest")

HEAD = """version: 1
id: child
extends: baseline
title: {{th: ทดสอบ, en: Test}}
question: {{th: ทดสอบ, en: Test}}
change:
  {key}: A new basis
"""


@pytest.fixture(scope="module")
def catalog():
    return Project(LAYERS, SCENARIOS).catalog()


@pytest.fixture(scope="module")
def shipped():
    return {id: Project(LAYERS, SCENARIOS).scenario(id) for id in EXPECTED}


def without_people(use):
    """Take the measure from criteria that count people."""
    criteria = {
        id: criterion.model_copy(update={"measure": None, "value": None, "needs": criterion.title})
        if criterion.measure and criterion.measure.people_within
        else criterion
        for id, criterion in use.criteria.items()
    }
    return use.model_copy(update={"criteria": criteria})


def coarse(resolved):
    """Mae Mo at 500 m on few roads; what stands beside land and score only where it matters."""
    scenario = on_few_roads(resolved.scenario)
    update = {
        "grid": scenario.grid.model_copy(update={"cell_m": 500.0}),
        "area": scenario.area.model_copy(update={"where": {"code": 5202}}),
    }
    uses = {id: without_people(use) for id, use in scenario.uses.items()}
    if scenario.id not in BESIDE_THE_LINE:
        yard = scenario.uses["container_yard"].model_copy(update={"yard": None})
        uses["container_yard"] = yard
        update |= {"choice": None}
        # People by subdistrict are put on the whole province, the same in each of them.
        update |= {} if scenario.id == "baseline" else {"exposure": None}
    update |= {"uses": uses}
    return replace(resolved, scenario=scenario.model_copy(update=update))


@pytest.fixture(scope="module")
def found(shipped, catalog, shared_store):
    """Run a scenario once on coarse cells."""
    done = {}

    def run(id):
        if id not in done:
            done[id] = compute(coarse(shipped[id]), catalog, store=shared_store)
        return done[id]

    return run


def rai(results, use, *states):
    cells = np.isin(states_of(results, use).state, states).sum()
    return cells * results.grid.cell_area_m2 / 1600


@pytest.mark.parametrize("id", EXPECTED)
def test_each_passes_the_check_and_asks_in_both_languages(id, shipped, catalog):
    resolved = shipped[id]
    assert faults_of(resolved, catalog) == []
    for words in (resolved.scenario.title, resolved.scenario.question):
        assert words.th != words.en
        assert any("ก" <= letter <= "๛" for letter in words.th)
    assert resolved.scenario.question.en.endswith("?")
    titles = [shipped[other].scenario.title.en for other in EXPECTED]
    assert titles.count(resolved.scenario.title.en) == 1


@pytest.mark.parametrize("id", EXPECTED)
def test_each_inherits_from_the_baseline_and_moves_no_weight_and_no_criterion(id, shipped):
    resolved, base = shipped[id], shipped["baseline"].written
    assert next(iter(resolved.files)) == "scenarios/baseline.yaml"
    for name, viewpoint in base.viewpoints.items():
        for use, weights in viewpoint.weights.items():
            assert resolved.written.viewpoints[name].weights[use] == weights
    assert resolved.scenario.viewpoint == base.viewpoint
    for use, definition in base.uses.items():
        assert resolved.written.uses[use].criteria == definition.criteria


@pytest.mark.parametrize("id", EXPECTED)
def test_each_says_what_its_year_leaves(id, shipped, catalog):
    year, mw, uses, zones = EXPECTED[id]
    resolved = shipped[id]
    (facts,) = path_of(resolved, catalog, [resolved.scenario.year])
    assert (facts.year, facts.mw) == (year, mw)
    assert tuple(resolved.scenario.uses) == uses
    states = list(facts.zones.values())
    assert {state: states.count(state) for state in states} == zones
    assert facts.double_track["den_chai_chiang_mai"] == (id in DOUBLE)


@pytest.mark.parametrize("id", EXPECTED)
def test_each_runs_and_finds_land_for_every_use_it_holds(id, found):
    results = found(id)
    assert tuple(results.resolved.scenario.uses) == EXPECTED[id][2]
    for use, sites in sites_by_use(results).items():
        assert len(sites) > 0, use
    if results.resolved.scenario.mix:
        uses = results.resolved.scenario.uses
        taken = sum((land_of(results, use).label > 0).astype(int) for use in uses)
        assert taken.max() == 1


@pytest.mark.parametrize("id", [id for id in EXPECTED if id != "baseline"])
def test_scores_rest_on_no_fact_that_differs(id, found):
    """
    Dates, sizes, parks and tracks are limits and needs: the score of land stays as it was.

    Papers alone open land that coal leaves, and only there the reuse of it is known to be better.
    """
    base, other = found("baseline"), found(id)
    for use in YARD_AND_ESTATE:
        was, is_now = score_of(base, use), score_of(other, use)
        moved = ~((was.value == is_now.value) | (np.isnan(was.value) & np.isnan(is_now.value)))
        if use == "green_estate" and id in {"papers_on_time", "papers_late", "solar_digital"}:
            held = states_of(base, use)
            assert moved.any()
            assert (held.state[moved] == State.REMOVED).all()
            assert (is_now.value[moved] > was.value[moved]).all()
            continue
        assert not moved.any(), use


def test_phase_out_frees_land_only_with_papers(found):
    council, full = found("council_path_2574"), found("full_phase_out_2593")
    for use in ("solar", "green_estate"):
        at_first, at_last = (
            rai(run, use, State.CONDITIONAL, State.ALLOWED) for run in (council, full)
        )
        assert at_last > at_first
        assert rai(full, use, State.ALLOWED) <= rai(council, use, State.ALLOWED)


def test_no_shipped_scenario_takes_the_5_km_of_the_mine_as_a_ban(shipped):
    """The ruling is on whom to move; what it means for land is asked, not assumed."""
    for resolved in shipped.values():
        scenario = resolved.scenario
        assert scenario.questions["resettlement_5_km"].bands_m[-1] == 5000
        near = {"mine", "power_plants"}
        assert not [
            id for id, limit in scenario.limits.items()
            if limit.layer in near and limit.test and (limit.test.within_m or 0) >= 1000
        ]  # fmt: skip


def test_an_earlier_phase_out_opens_no_land_and_lets_a_year_sooner_be_asked_for(found):
    """Units 12 and 13 stop five years before the question instead of one, so more may be asked."""
    full, sooner = found("full_phase_out_2593"), found("accelerated_phase_out")
    for use in full.resolved.scenario.uses:
        one, other = states_of(full, use).state, states_of(sooner, use).state
        moved = one != other
        assert moved.sum() < 10
        assert set(np.unique(other[moved])) <= {State.CONDITIONAL}


def test_what_papers_move_lies_in_plant_land_and_dumps(found):
    """In time, late and back to forest each leave another map, and only there."""
    stand = found("phaseout_as_stand")
    for id in ("papers_on_time", "papers_late", "mine_to_forest"):
        other, moved_at_all = found(id), 0
        for use in ("solar", "reclamation_forest"):
            was, is_now = states_of(stand, use), states_of(other, use)
            moved = was.state != is_now.state
            moved_at_all += int(moved.sum())
            held = was.removed_by[moved] | was.conditional_by[moved]
            assert (held != 0).all(), (id, use)
        assert moved_at_all > 0, id
    dumps = [rai(found(id), "reclamation_forest", State.ALLOWED) for id in PAPERS]
    assert dumps[0] < dumps[1] < dumps[2] == dumps[3]


def test_a_declared_park_removes_land_and_gives_none(found):
    base, park = found("baseline"), found("khelang_banphot_park")
    for use in YARD_AND_ESTATE:
        was, is_now = states_of(base, use).state, states_of(park, use).state
        lost = (is_now == State.REMOVED) & (was != State.REMOVED)
        assert lost.any()
        assert np.array_equal(was[~lost], is_now[~lost])


def test_reserving_solar_land_first_leaves_the_estate_no_better(found):
    alone, after = found("green_estate_yard"), found("solar_storage")
    assert len(sites_of(after, "solar")) > 4
    best = [sites_of(r, "green_estate")["score_mean"].max() for r in (alone, after)]
    assert best[1] <= best[0] + 1e-9


def test_a_wider_line_moves_the_yards_out(found):
    results = found(SWITCH)
    needs = results.resolved.scenario.uses["container_yard"].yard
    assert needs.offset_m == 15
    assert yards_of(results, "container_yard").places > 0


def test_the_change_log_gives_old_and_new_by_scenario(shipped):
    changes = shipped["accelerated_phase_out"].changes
    chain = list(dict.fromkeys(change.scenario for change in changes))
    assert chain == ["six_uses", "council_path_2574", "full_phase_out_2593",
                     "accelerated_phase_out"]  # fmt: skip
    leaves = {(leaf.scenario, leaf.key): leaf for c in changes for leaf in c.leaves()}
    unit = leaves["accelerated_phase_out", "timeline.units.MMRP1.last_year"]
    assert (unit.old, unit.new) == (2592, 2582)
    year = [(c.scenario, c.old, c.new) for c in changes if c.key == "year"]
    assert year == [("council_path_2574", 2569, 2575), ("full_phase_out_2593", 2575, 2593),
                    ("accelerated_phase_out", 2593, 2583)]  # fmt: skip
    json.dumps([change.old for change in changes] + [change.new for change in changes])


def test_the_change_log_is_read_out(shipped, capsys):
    answers.show_changes(Terminal("th"), shipped[SWITCH].changes)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{SWITCH} เปลี่ยน:"
    assert "  year: 2569 -> 2578" in said
    assert "  rail.den_chai_chiang_mai.double_from: – -> 2578" in said
    assert not any("title" in line for line in said)


def test_a_block_that_was_replaced_is_told_value_by_value():
    change = Change("a", {"b": 1, "c": {"d": 2}, "e": 3}, {"b": 1, "c": {"d": 4}, "f": 5}, "x")
    told = [(leaf.key, leaf.old, leaf.new) for leaf in change.leaves()]
    assert told == [("a.c.d", 2, 4), ("a.e", 3, None), ("a.f", None, 5)]


def leaves_of(data, above=()):
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in leaves_of(value, (*above, key))]
    return [(above, data)]


BASE = read_scenario(SCENARIOS / "baseline.yaml").document.data
TEXTS = [
    ".".join(key) for key, value in leaves_of(BASE) if key[-1] == "basis" and isinstance(value, str)
]


@settings(max_examples=6, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(key=st.sampled_from(TEXTS))
def test_overriding_one_fact_leaves_every_other_key_as_it_was(key, tmp_path):
    shutil.copy(SCENARIOS / "baseline.yaml", tmp_path)
    child = tmp_path / "child.yaml"
    child.write_text(HEAD.format(key=key), encoding="utf-8")
    resolved = read_scenario(child)
    before, after = dict(leaves_of(BASE)), dict(leaves_of(resolved.document.data))
    assert list(before) == list(after)
    differ = {".".join(name) for name in before if before[name] != after[name]}
    assert differ == {"id", "title.th", "title.en", "question.th", "question.en", key}
    (change,) = (c for c in resolved.changes if c.key == key)
    assert change.new == "A new basis"
