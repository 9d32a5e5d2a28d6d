"""The sentence each shipped scenario leads to: its figures are those of the run's own tables."""

import re

import pytest

from maemoh_gis.decision.leads import leads_to
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.resolve import read_scenario
from maemoh_gis.sites.result import sites_by_use
from tests.paths import LAYERS, SCENARIOS
from tests.scenario.test_shipped_scenarios import EXPECTED

PROJECT = Project(LAYERS, SCENARIOS)
CATALOG = PROJECT.catalog()
IN_USE = {"in_use"}
WAITING = {"ended_not_returned", "closed", "restoration", "conditional"}


def rai(area):
    return f"{area:,.0f} rai" if area >= 100 else f"{area:,.1f} rai"


def numbers(words):
    return re.findall(r"\d[\d,.]*\d|\d", words.replace("m3", ""))


@pytest.mark.parametrize("id", EXPECTED)
def test_each_says_its_sentence_with_the_same_figures_in_both_languages(id, told):
    said = told(id).said
    assert said["th"] != said["en"]
    for words in said.values():
        assert "{" not in words
        assert "cannot be answered" not in words
        assert "ยังตอบคำถาม" not in words
    thai, english = (set(numbers(said[x])) for x in ("th", "en"))
    assert thai == english


def test_today_the_mine_is_open_for_nothing_and_land_lies_outside(told):
    one = told("baseline")
    assert all(row["state"] != "open" for row in one.rows("land_register.csv"))
    assert "no land of the mine and the plant can yet" in one.said["en"]
    assert "lies outside what is drawn of them" in one.said["en"]
    mine = one.shape(one.rows("land_register.csv"))
    assert mine.area > 0
    for sites in sites_by_use(one.results).values():
        assert sites.geometry.intersection(mine).area.sum() == 0


def test_work_and_water_move_before_land(told):
    one = told("council_path_2574")
    assert one.amount("timeline.csv", "id", "jobs_exposed", 2575) in one.said["en"]
    assert one.amount("timeline.csv", "id", "water_freed_mm3", 2575, 1) in one.said["en"]
    assert rai(one.drawn_rai(lambda row: row["state"] in WAITING, IN_USE)) in one.said["en"]


def test_papers_are_begun_as_long_before_the_end_of_use_as_closure_takes(told):
    one = told("accelerated_phase_out")
    ends = [
        int(row["no_longer_in_use_from_be"])
        for row in one.rows("land_register.csv")
        if row["no_longer_in_use_from_be"]
    ]
    ahead = one.scenario.after_use.prepare_years
    for year in (min(ends), max(ends)):
        span = f"{year - ahead.central:.0f} ({year - ahead.high:.0f}–{year - ahead.low:.0f})"
        assert span in one.said["en"]


@pytest.mark.parametrize("id", ["full_phase_out_2593", "phaseout_as_stand"])
def test_ended_land_is_measured_once_and_what_is_not_drawn_is_counted(id, told):
    one = told(id)
    assert rai(one.drawn_rai(lambda row: row["state"] in WAITING, IN_USE)) in one.said["en"]
    undrawn = [row for row in one.rows("land_register.csv") if not row["rai"]]
    assert f"({len(undrawn)} more areas" in one.said["en"]


def test_papers_in_time_open_plant_land_and_dumps_from_the_years_of_their_papers(told):
    one = told("papers_on_time")
    for dump in (False, True):
        mine = {id for id, zone in one.scenario.zones.items() if (zone.kind == "dump") == dump}
        area = one.drawn_rai(
            lambda row, mine=mine: row["zone"] in mine and row["state"] == "open", IN_USE | WAITING
        )
        assert rai(area) in one.said["en"]
        dates = [doc.year for id in mine for doc in one.scenario.zones[id].basis]
        assert f"from B.E. {min(dates)} on" in one.said["en"]
    assert "supposes" in one.said["en"]


def test_the_gap_runs_from_asking_to_the_papers(told):
    one, spans = told("papers_late"), []
    for row in one.rows("land_register.csv"):
        dates = [doc.year for doc in one.scenario.zones[row["zone"]].basis]
        for use in one.scenario.uses:
            asked = row.get(f"{use}_from_central")
            if dates and asked:
                spans.append(max(0, min(dates) - int(asked)))
    assert f"lie {min(spans)}–{max(spans)} years" in one.said["en"]
    assert one.amount("timeline.csv", "id", "jobs_exposed", 2600) in one.said["en"]


def test_what_goes_back_to_forest_and_what_waits_are_told_apart(told):
    one = told("mine_to_forest")
    forest = one.drawn_rai(
        lambda row: "reclamation_forest" in row["open_for"].split(), IN_USE | WAITING
    )
    assert rai(forest) in one.said["en"]
    assert one.places("green_estate")[0] in one.said["en"]


@pytest.mark.parametrize("id", ["villages_first", "khelang_banphot_park"])
def test_what_a_limit_keeps_alone_is_that_of_the_table_of_removed_land(id, told):
    one = told(id)
    for use in one.scenario.uses:
        alone = sum(
            float(row["alone_rai"])
            for limit in one.scenario.leads_to.limits
            for row in one.rows("removed.csv", use=use, limit=limit)
        )
        assert rai(alone) in one.said["en"]


def test_work_lost_stands_beside_work_given_back(told):
    one = told("no_estate")
    assert one.amount("timeline.csv", "id", "jobs_exposed", 2593) in one.said["en"]
    assert one.said["en"].endswith(": 0.")


def test_the_least_estate_is_what_the_gate_of_demand_asks(told):
    one = told("estate_500_anchor")
    (gate,) = one.rows("gates.csv", use="green_estate", gate="demand")
    assert gate["state"] == "met"
    assert one.said["en"].count(rai(float(gate["asked"]))) == 2


def test_a_first_phase_is_what_ten_years_fill(told):
    one = told("estate_1000_slow")
    last = one.scenario.estate.first_year + 9
    amount = one.amount("estate.csv", "quantity", "occupied_rai", last)
    assert f"the {amount} rai that fill by B.E. {last}" in one.said["en"]


def test_what_binds_first_is_the_first_year_jobs_outrun_the_people(told):
    one = told("estate_3000_fast")
    seek = one.scenario.estate.work_seekers.central
    for year in range(2577, 2600):
        (jobs,) = one.rows("estate.csv", year_be=year, quantity="jobs")
        (lost,) = one.rows("timeline.csv", year_be=year, id="jobs_exposed")
        if float(jobs["central"]) > seek + float(lost["central"]):
            break
    assert f"in B.E. {year} " in one.said["en"]
    assert "work force" in one.said["en"]


def test_a_switch_and_a_siding_name_the_price_of_their_own_table(told):
    for id in ("siding_first", "rail_future"):
        one = told(id)
        prices = [row for row in one.rows("estate_prices.csv", case="central") if row["yard"]]
        assert prices, id
        main = {}
        for row in prices:
            best = main.setdefault(row["box_class"], row)
            if float(row["teu_full_central"]) > float(best["teu_full_central"]):
                main[row["box_class"]] = row
        first = min(main.values(), key=lambda row: float(row["even_lorry_factor"] or "inf"))
        if first["cheapest"] == "road":
            more = f"{(float(first['even_lorry_factor']) - 1) * 100:,.0f} %"
            assert more in one.said["en"], id


def test_megawatts_follow_from_the_land_of_the_register(told):
    one = told("solar_digital")
    per_mw = one.scenario.gates["solar"].rai_per_mw
    area = one.drawn_rai(lambda row: row["class"] == "plant_block", IN_USE | WAITING)
    low, central, high = (area / n for n in (per_mw.high, per_mw.central, per_mw.low))
    assert f"{central:,.0f} ({low:,.0f}–{high:,.0f}) MW on Plant block" in one.said["en"]


@pytest.mark.parametrize("id", ["green_estate_yard", "solar_storage"])
def test_where_uses_share_the_land_each_is_told_with_its_sites(id, told):
    one = told(id)
    for use, sites in sites_by_use(one.results).items():
        title = one.scenario.uses[use].title.en
        assert (
            f"{title}: {len(sites)} candidate sites, {rai(sites['area_rai'].sum())}"
            in (one.said["en"])
        )


CHILD = """version: 1
id: child
extends: baseline
title: {th: ลูก, en: Child}
question: {th: ถาม, en: Question}
leads_to: {answer: land_left, limits: [no_such_limit]}
"""


def test_a_sentence_about_a_limit_that_is_not_there_is_refused(tmp_path):
    (tmp_path / "baseline.yaml").write_bytes((SCENARIOS / "baseline.yaml").read_bytes())
    path = tmp_path / "child.yaml"
    path.write_text(CHILD, encoding="utf-8")
    found = faults_of(read_scenario(path), CATALOG)
    assert [fault.code for fault in found if fault.blocks] == ["unknown_limit"]


def test_what_the_scenario_does_not_give_is_said(told):
    results = told("no_estate").results
    scenario = results.resolved.scenario.model_copy(update={"timeline": None})
    without = results.__class__(
        **{
            **vars(results),
            "resolved": results.resolved.__class__(
                **{**vars(results.resolved), "scenario": scenario}
            ),
        }
    )
    assert "cannot be answered" in leads_to(without)["en"]
