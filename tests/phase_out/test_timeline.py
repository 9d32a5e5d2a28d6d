"""The path after coal, worked out by hand, and what a file may not say about it."""

import csv
import io
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.errors import FormatError
from maemoh_gis.files import read_text
from maemoh_gis.phase_out.path import path
from maemoh_gis.phase_out.units import path_of, units_of
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.after_use import NEEDS
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.in_year import free_year, zone_state
from maemoh_gis.scenario.resolve import read_scenario
from tests.paths import LAYERS, SCENARIOS

HEAD = """version: 1
id: child
extends: baseline
title: {th: ทดสอบ, en: Test}
question: {th: ทดสอบ, en: Test}
"""
PAPER = {"title": {"th": "เอกสาร", "en": "A document"}, "date": "2580-01-01", "supposed": True}


@pytest.fixture(scope="module")
def baseline():
    project = Project(LAYERS, SCENARIOS)
    resolved = project.scenario("baseline")
    return resolved.scenario, units_of(resolved, project.catalog())


@pytest.fixture(scope="module")
def rules():
    return Project(LAYERS, SCENARIOS).scenario("baseline").rules


@pytest.fixture(scope="module")
def measured():
    project = Project(LAYERS, SCENARIOS)
    facts = path_of(project.scenario("baseline"), project.catalog())
    return {year.year: year for year in facts}


@pytest.fixture
def child(tmp_path):
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")
    project = Project(LAYERS, tmp_path / "scenarios")

    def write(body, base="baseline"):
        text = HEAD.replace("baseline", base) + body
        (project.scenarios / "child.yaml").write_text(text, encoding="utf-8")
        return project.scenario("child")

    write.project = project
    return write


def one(scenario, units, year):
    (facts,) = path(scenario, units, [year])
    return facts


def table(name):
    return list(csv.DictReader(io.StringIO(read_text(LAYERS / name))))


def test_the_scenario_reads_every_stated_end_one_of_two_ways(baseline):
    """Kept to a year is through it; stopped in a year, or ended by it, is not to its end."""
    scenario, _ = baseline
    rows = {r["id"]: r for r in table("coal_units.csv")}
    assert set(rows) == set(scenario.timeline.units)
    through = {"MM-8", "MM-9", "MM-10", "MM-11", "MM-12", "MM-13"}
    for id, plan in scenario.timeline.units.items():
        assert id == "MM-4" or plan.confidence == rows[id]["stated_end_confidence"]
        if id not in {"MM-4", "MMRP2"}:  # no source states when those end
            stated = int(rows[id]["stated_end_year_be"])
            assert plan.last_year == (stated if id in through else stated - 1), id
    assert scenario.timeline.units["MMRP2"].never


def test_the_scenario_and_the_provinces_figures_name_one_last_year(baseline):
    scenario, _ = baseline
    stated = {r["item"]: int(r["value"]) for r in table("province_statistics.csv")
              if r["topic"] == "coal_phase_out"}  # fmt: skip
    units = scenario.timeline.units
    for item, ids in (("units_8_11", ("MM-8", "MM-11")), ("units_12_13", ("MM-12", "MM-13"))):
        assert {units[id].last_year for id in ids} == {stated[f"{item}_last_year"]}


def test_megawatts_left_year_by_year(baseline):
    """
    Units 4 to 13: 4 x 150 + 6 x 300 = 2,400 to 2561; then 655 for units 4 to 7, which is 2,455.

    2574 is the last year of units 8 to 11, 2591 that of 12 and 13; no coal in 2593.
    """
    facts = {year.year: year for year in path(*baseline)}
    assert list(facts) == list(range(2560, 2601))
    years = (2560, 2561, 2562, 2569, 2574, 2575, 2591, 2592, 2593, 2600)
    assert {y: facts[y].mw for y in years} == {
        2560: 2400, 2561: 2400, 2562: 2455, 2569: 2455, 2574: 2455, 2575: 1255, 2591: 1255,
        2592: 655, 2593: 0, 2600: 0,
    }  # fmt: skip


def test_a_doubt_about_a_unit_ends(baseline):
    """Unit 4 may have run to 2567 by one source; later, and of a unit never built, no doubt."""
    unsure = {year.year: year.mw_unsure for year in path(*baseline)}
    assert unsure == {y: 150 if 2562 <= y <= 2567 else 0 for y in range(2560, 2601)}
    assert "MM-4" in one(*baseline, 2561).mw_by_unit
    assert "MM-4" not in one(*baseline, 2562).mw_by_unit
    assert one(*baseline, 2562).confidence == "L"  # of the years with a doubt


def test_a_plan_somebody_trusts_is_told_apart_from_what_runs(child):
    """The unit of 660 MW that the baseline takes as never built, as planned for 2569."""
    resolved = child(
        "change:\n  timeline.units.MMRP2: {last_year: 2592, confidence: L, basis: ASSUMPTION}\n"
    )
    units = units_of(resolved, child.project.catalog())
    assert [one(resolved.scenario, units, y).mw_unsure for y in (2568, 2569, 2592, 2593)] == [
        0, 660, 660, 0]  # fmt: skip
    assert one(resolved.scenario, units, 2570).mw == 2455


def test_measured_years_show_what_was_mined(measured):
    """Industry action plan B.E. 2570: million tonnes of the fiscal years 2565 to 2568."""
    mined = {2565: 14.34167098, 2566: 13.25045686, 2567: 12.51313, 2568: 13.12}
    for year, tonnes in mined.items():
        lignite = measured[year].amounts["lignite_mt"]
        assert lignite.observed
        assert lignite.low == lignite.central == lignite.high == pytest.approx(tonnes)
        assert lignite.confidence == "M"
        ash = measured[year].amounts["fly_ash_mt"]
        # What follows from it is still modelled, from the measured tonnes: 0.16, 0.2, 0.24 of them.
        assert not ash.observed
        assert (ash.low, ash.central, ash.high) == pytest.approx(
            (0.16 * tonnes, 0.2 * tonnes, 0.24 * tonnes)
        )
    for year in (2564, 2569):  # no row; seven months only
        lignite = measured[year].amounts["lignite_mt"]
        assert not lignite.observed
        assert lignite.low < lignite.central < lignite.high


def test_amounts_by_hand(baseline):
    """
    In 2568: 1,800 MW and 655 MW at 0.8 burn 2,324 x 5,645 h x 1 t = 13.119 million tonnes.

    Fly ash 0.2 of that, gypsum 0.13; carried 0.7 of the ash and 0.3 of the gypsum. From 2575 on
    1,200 MW are gone: 1,200 x 0.0254 = 30.48 million m3 and 1,200 x 1.667 = 2,000 jobs.
    """
    now = one(*baseline, 2568).amounts
    assert now["lignite_mt"].central == pytest.approx(13.11898)
    assert now["fly_ash_mt"].central == pytest.approx(2.623796)
    assert now["gypsum_mt"].central == pytest.approx(1.7054674)
    assert now["freight_mt"].central == pytest.approx(2.623796 * 0.7 + 1.7054674 * 0.3)
    assert now["water_freed_mm3"].central == now["jobs_exposed"].central == 0
    later = one(*baseline, 2575).amounts
    assert later["water_freed_mm3"].central == pytest.approx(30.48)
    assert later["jobs_exposed"].central == pytest.approx(2000.4)
    assert later["lignite_mt"].central == pytest.approx((600 + 524) * 5645 / 1e6)


def test_burnt_lignite_lies_near_what_was_mined(baseline):
    """13.12 million tonnes were mined in 2568 (industry action plan B.E. 2570)."""
    burnt = one(*baseline, 2568).amounts["lignite_mt"]
    assert burnt.central == pytest.approx(13.12, rel=0.001)
    assert burnt.low < 12.51 < 14.34 < burnt.high
    # The span of the hours alone, and of the share that the newest unit burns: 0.75 to 0.9.
    assert burnt.low == pytest.approx((1800 + 0.75 * 655) * 5384 / 1e6)
    assert burnt.high == pytest.approx((1800 + 0.9 * 655) * 6171 / 1e6)


def test_water_and_jobs_are_not_told_before_the_reference_year(baseline):
    assert one(*baseline, 2567).amounts["jobs_exposed"] is None
    assert one(*baseline, 2567).amounts["lignite_mt"] is not None


def test_no_amount_is_surer_than_what_it_rests_on(baseline):
    """Units 9 and 10 have a year of low confidence, so every later year has."""
    assert one(*baseline, 2568).confidence == "H"
    assert one(*baseline, 2569).confidence == "L"
    assert one(*baseline, 2575).amounts["water_freed_mm3"].confidence == "L"
    assert one(*baseline, 2568).amounts["water_freed_mm3"].confidence == "M"
    assert one(*baseline, 2568).amounts["lignite_mt"].confidence == "ASSUMPTION"


@given(year=st.integers(2560, 2600), moved=st.integers(2560, 2600))
def test_ranges_are_in_order_and_a_later_year_never_leaves_fewer_megawatts(baseline, year, moved):
    scenario, units = baseline
    for amount in one(scenario, units, year).amounts.values():
        assert amount is None or amount.low <= amount.central <= amount.high

    def with_unit_8(last_year):
        return [replace(u, last_year=last_year) if u.id == "MM-8" else u for u in units]

    early, late = sorted((moved, 2574))
    assert one(scenario, with_unit_8(early), year).mw <= one(scenario, with_unit_8(late), year).mw


def test_a_zone_is_in_use_until_its_last_unit_is_gone(baseline, rules):
    scenario, _ = baseline
    zone = scenario.zones["units_8_11"]
    assert free_year(zone, scenario) == 2575
    assert zone_state(zone, scenario, rules, 2574) == "in_use"
    assert zone_state(zone, scenario, rules, 2575) == "ended_not_returned"
    later = zone.model_copy(update={"earliest_year": 2580})
    assert free_year(later, scenario) == 2580


def test_a_unit_without_a_year_keeps_its_zone_in_use(child):
    resolved = child("change:\n  timeline.units.MM-8.last_year: null\n")
    scenario = resolved.scenario
    assert free_year(scenario.zones["units_8_11"], scenario) is None
    zone = scenario.zones["units_8_11"]
    assert zone_state(zone, scenario, resolved.rules, 2600) == "in_use"


def test_years_alone_never_free_a_dump_or_the_pit(baseline, rules):
    scenario, units = baseline
    for year in path(scenario, units, rules=rules):
        for id in ("west_dump", "east_dump", "pit"):
            assert year.zones[id] in {"in_use", "closed"}


def test_without_a_document_no_zone_is_ever_open(baseline, rules):
    for year in path(*baseline, rules=rules):
        assert set(year.zones.values()) <= {"in_use", "closed", "ended_not_returned"}


BOTH = ["geotechnical_certificate", "forest_return_or_permit"]


@pytest.mark.parametrize(
    ("covers", "expected"),
    [
        (["closure_accepted"], "closed"),
        (["forest_return_or_permit", "closure_accepted"], "closed"),
        (["geotechnical_certificate"], "ended_not_returned"),
        (BOTH, "conditional"),
        ([*BOTH, "closure_accepted"], "open"),
    ],
)
def test_a_dump_opens_for_forest_with_all_papers(child, covers, expected):
    """It ends with 2593, and forest may be asked for on a dump that slid five years later."""
    resolved = child(papers("west_dump", "2594-01-01", covers), base="six_uses")
    zone = resolved.scenario.zones["west_dump"]
    states = [
        zone_state(zone, resolved.scenario, resolved.rules, year) for year in (2592, 2597, 2598)
    ]
    later = {"conditional": "restoration", "open": "restoration"}.get(expected, expected)
    assert states == ["in_use", later, expected]


def papers(zone, date, covers, *more):
    lines = [
        f"  zones.{zone}.basis:",
        "    - title: {th: เอกสาร, en: A document}",
        f'      date: "{date}"',
        "      supposed: true",
        f"      covers: [{', '.join(covers)}]",
        *more,
    ]
    return "\n".join(["change:", *lines]) + "\n"


def test_a_zone_becomes_a_limit_and_inclusions_by_use_from_their_years(baseline):
    """Plant land: a yard may be asked for four years after 2575, an estate five."""
    scenario, _ = baseline
    assert scenario.limits["zone_units_8_11"].outcome == "removed"
    yard = scenario.inclusions["zone_units_8_11_container_yard"]
    assert (yard.since, yard.becomes, yard.uses) == (2579, "conditional", ["container_yard"])
    assert yard.limits == ["zone_units_8_11"]
    assert scenario.inclusions["zone_units_8_11_green_estate"].since == 2580
    assert not {id for id in scenario.inclusions if "dump" in id or "reservoirs" in id}
    assert "zone_coal_and_ash_yards" not in scenario.limits  # no outline is known


def test_papers_on_record_turn_a_use_from_conditional_to_allowed(child):
    """Solar may be asked for from 2578; with its papers of 2590 it is allowed from 2590."""
    covers = ["closure_accepted", "forest_return_or_permit", "eia_change", "soil_test"]
    resolved = child(papers("units_8_11", "2590-06-30", covers), base="six_uses")
    solar = resolved.scenario.inclusions_of("solar")
    asked, opened = solar["zone_units_8_11_solar"], solar["zone_units_8_11_solar_open"]
    assert (asked.since, asked.until, asked.becomes) == (2578, 2589, "conditional")
    assert (opened.since, opened.until, opened.becomes) == (2590, None, "allowed")
    yard = resolved.scenario.inclusions_of("container_yard")
    assert "zone_units_8_11_container_yard_open" not in yard  # the town plan is wanting


def test_a_paper_that_names_a_use_settles_it_for_no_other(child):
    covers = ["closure_accepted", "forest_return_or_permit", "eia_change", "soil_test"]
    body = papers("units_8_11", "2570-01-01", covers, "      uses: [reclamation_forest]")
    found = child(body, base="six_uses").scenario.inclusions
    assert found["zone_units_8_11_reclamation_forest_open"].since == 2579
    assert "zone_units_8_11_solar_open" not in found


def test_where_a_plan_names_uses_no_other_may_be_asked_for(child):
    body = "change:\n  zones.units_8_11.approved_after_use: [reclamation_forest]\n"
    found = child(body, base="six_uses").scenario.inclusions
    assert {id for id in found if "units_8_11" in id} == {"zone_units_8_11_reclamation_forest"}


def test_a_yard_on_a_dump_is_offered_only_where_a_plan_names_it(child):
    assert not child("").scenario.inclusions_of("container_yard").keys() & {
        "zone_east_dump_container_yard"
    }
    named = child("change:\n  zones.east_dump.approved_after_use: [container_yard]\n").scenario
    assert "zone_east_dump_container_yard" in named.inclusions


def test_a_permit_past_its_end_leaves_land_ended_and_not_returned(child):
    """With no other change: in use through 2575, not in 2576, though the plant still stands."""
    resolved = child("change:\n  zones.units_12_13.permit.until: 2575\n")
    zone = resolved.scenario.zones["units_12_13"]
    found = [zone_state(zone, resolved.scenario, resolved.rules, y) for y in (2575, 2576, 2592)]
    assert found == ["in_use", "ended_not_returned", "ended_not_returned"]
    assert resolved.scenario.inclusions["zone_units_12_13_green_estate"].since == 2597


@pytest.mark.parametrize(("delay", "since"), [("low", 2578), ("central", 2580), ("high", 2585)])
def test_the_scenario_chooses_how_long_is_waited(child, delay, since):
    scenario = child(f"change:\n  after_use.delay: {delay}\n").scenario
    assert scenario.inclusions["zone_units_8_11_green_estate"].since == since


def test_without_a_table_no_class_of_land_offers_anything(child):
    assert read_scenario(SCENARIOS / "baseline.yaml").scenario.inclusions == {}


def test_the_railway_is_single_track_until_a_year_is_set(child):
    before = child("").scenario.rail["den_chai_chiang_mai"]
    assert not any(before.double_in(year) for year in range(2560, 2601))
    after = child("change:\n  rail.den_chai_chiang_mai.double_from: 2578\n").scenario
    section = after.rail["den_chai_chiang_mai"]
    assert [section.double_in(year) for year in (2577, 2578)] == [False, True]


def test_every_unit_of_the_table_needs_an_end_in_the_scenario(child):
    """Of ends the table decides nothing, so a unit nobody speaks of would run for ever."""
    resolved = child("")
    timeline = resolved.written.timeline
    left = {id: plan for id, plan in timeline.units.items() if id != "MM-5"}
    silent = resolved.written.model_copy(
        update={"timeline": timeline.model_copy(update={"units": left})}
    )
    with pytest.raises(FormatError) as caught:
        units_of(replace(resolved, written=silent), child.project.catalog())
    (fault,) = caught.value.faults
    assert (fault.code, fault.found) == ("unit_without_end", "MM-5")


@pytest.mark.parametrize(
    ("body", "code", "line", "expected"),
    [
        ("change:\n  timeline.units.MM-8.last_year: 2031\n", "year_in_ce", 7, None),
        ("change:\n  zones.units_8_11.earliest_year: 2031\n", "year_in_ce", 7, None),
        ("change:\n  rail.den_chai_chiang_mai.double_from: 2035\n", "year_in_ce", 7, None),
        ("change:\n  timeline.units.MM-88.last_year: 2574\n", "unknown_change", 7,
         "timeline.units.MM-8"),
        ("change:\n  zones.unit_8_11.earliest_year: 2574\n", "unknown_change", 7,
         "zones.units_8_11"),
        ("change:\n  timelin.units.MM-8.last_year: 2574\n", "unknown_change", 7, "timeline"),
        ("change:\n  zones.pit.needs: [eia_change]\n", "zone_without_certificate", None, None),
        ("change:\n  zones.pit.needs: [geotechnical_certificates]\n", "wrong_value", 7,
         ", ".join(NEEDS)),
        ("change:\n  timeline.coefficients.fly_ash_t_per_t.low: 0.5\n", "range_out_of_order", None,
         None),
        ("add:\n  timeline.units.MM-8.never: true\n",
         "unit_never_runs", None, None),
        ("add:\n  timeline.units.MM-8.unsure_to: 2570\n",
         "unit_unsure_before_end", None, None),
        ("add:\n  zones.pit.outline: {th: ก, en: a}\n", "zone_drawn_or_declared", None, None),
    ],
)  # fmt: skip
def test_what_a_file_may_not_say(child, body, code, line, expected):
    with pytest.raises(FormatError) as caught:
        child(body)
    (fault,) = caught.value.faults
    assert fault.code == code
    assert line is None or (fault.file, fault.line) == ("scenarios/child.yaml", line)
    assert expected is None or fault.expected == expected


@pytest.mark.parametrize(
    ("body", "code", "expected"),
    [
        ("change:\n  zones.pit.units: [MM-99]\n", "unknown_unit", "MM-9"),
        ("change:\n  zones.pit.held_by: [mine_pits]\n", "unknown_limit", "mine_pit"),
        ("change:\n  zones.pit.approved_after_use: [solar_]\n", "unknown_use", None),
        ("change:\n  zones.pit.layer: mines\n", "unknown_layer", "mine"),
        ("change:\n  zones.pit.land_class: pit_lakes\n", "unknown_land_class", "pit_lake"),
        ("change:\n  after_use.layer: land_after_uses\n", "unknown_layer", "land_after_use"),
        (
            papers("pit", "2580-01-01", ["eia_change"], "      uses: [green_estates]"),
            "unknown_use",
            "green_estate",
        ),
        (
            papers("pit", "2580-01-01", ["eia_change"]).replace(
                "supposed: true", "supposed: false"
            ),
            "document_to_come",
            "2569",
        ),
        ("change:\n  timeline.layer: coal_unit\n", "unknown_layer", "coal_units"),
        ("change:\n  timeline.layer: rail_projects\n", "unknown_column", None),
        ("change:\n  timeline.lignite.layer: mineral_outputs\n", "unknown_layer", "mineral_output"),
        ("change:\n  timeline.lignite.value_column: output\n", "unknown_column", None),
        ("add:\n  holds: [green_estates]\n", "unknown_use", "green_estate"),
    ],
)
def test_names_nothing_stands_behind(child, body, code, expected):
    faults = faults_of(child(body), child.project.catalog())
    assert {fault.code for fault in faults} == {code}
    assert expected is None or faults[0].expected.split(", ")[0] == expected
    assert faults[0].file == "scenarios/child.yaml"


def test_a_new_unit_needs_its_capacity_and_first_year(child):
    body = "add:\n  timeline.units.MM-80: {last_year: 2580, confidence: L, basis: ASSUMPTION}\n"
    with pytest.raises(FormatError) as caught:
        units_of(child(body), child.project.catalog())
    (fault,) = caught.value.faults
    assert (fault.code, fault.expected) == ("unit_without_facts", "MM-8")
    given_both = body.replace("last_year: 2580", "last_year: 2580, mw: 100, start: 2570")
    units = units_of(child(given_both), child.project.catalog())
    assert next(u for u in units if u.id == "MM-80").mw == 100


def test_a_scenario_holds_only_the_uses_it_names(child):
    resolved = child("add:\n  holds: [green_estate]\n")
    assert list(resolved.scenario.uses) == ["green_estate"]
    assert list(resolved.written.uses) == ["container_yard", "green_estate"]
    again = read_scenario(child.project.scenarios / "child.yaml", child.project.catalog())
    assert again.scenario == resolved.scenario


def test_a_table_with_a_paper_or_years_that_are_none_is_refused_by_row(tmp_path):
    shutil.copytree(LAYERS, tmp_path / "layers")
    table = tmp_path / "layers" / "land_after_use.csv"
    rows = table.read_text(encoding="utf-8").split("\n")
    rows[1] = rows[1].replace("soil_test", "soil_tests").replace(",2,4,8,", ",8,4,2,")
    table.write_text("\n".join(rows), encoding="utf-8")
    project = Project(tmp_path / "layers", SCENARIOS)
    found = {
        fault.code: fault for fault in faults_of(project.scenario("baseline"), project.catalog())
    }
    assert (found["unknown_paper"].line, found["unknown_paper"].expected) == (2, "soil_test")
