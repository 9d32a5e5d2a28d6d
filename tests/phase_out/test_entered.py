"""Ash, lorries and people at work: worked out by hand, and nothing made up where nobody says."""

import shutil

import pytest

from maemoh_gis.phase_out.entered import dug_mt, in_order, lorries_fewer
from maemoh_gis.phase_out.outputs import timeline_rows
from maemoh_gis.phase_out.units import path_of
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.settings.phase_out import AshPonds, Coefficient
from tests.paths import LAYERS, SCENARIOS

HEAD = """version: 1
id: child
extends: baseline
title: {th: ทดสอบ, en: Test}
question: {th: ทดสอบ, en: Test}
"""
COUNTED = """add:
  timeline.work:
    units:
      MM-8: {jobs: 300, confidence: M, basis: A count}
      MM-12: {jobs: 250, confidence: M, basis: A count}
    contracts:
      dig: {title: {th: สัญญา, en: A contract}, jobs: 900, from_year: 2565, last_year: 2576,
            confidence: L, basis: A count}
"""
PONDS = """add:
  timeline.ponds:
    stock_mt: {low: 10, central: 20, high: 30, confidence: L, basis: A survey}
    dug_mt_a_year: {low: 1, central: 1, high: 1, confidence: L, basis: A plan}
    from_year: 2576
"""


def number(low, central, high):
    return Coefficient(low=low, central=central, high=high, confidence="L", basis="test")


@pytest.fixture
def amounts(tmp_path):
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")
    project = Project(LAYERS, tmp_path / "scenarios")

    def of(body=""):
        (project.scenarios / "child.yaml").write_text(HEAD + body, encoding="utf-8")
        resolved = project.scenario("child")
        return {one.year: one.amounts for one in path_of(resolved, project.catalog())}

    of.project = project
    return of


def test_ash_is_dug_steadily_until_none_is_left():
    ponds = AshPonds(stock_mt=number(3, 5, 5), dug_mt_a_year=number(2, 2, 4), from_year=2576)
    assert dug_mt(ponds, 2575) == (0, 0, 0)
    assert dug_mt(ponds, 2576) == (2, 2, 4)
    # Of the least stock one is left in the second year, of the most as well: four a year were dug.
    assert dug_mt(ponds, 2577) == (1, 2, 2)
    assert dug_mt(ponds, 2579) == (0, 0, 0)


def test_a_range_is_the_widest_about_the_central_number():
    assert in_order(3, 2, 1) == (1, 2, 3)


def test_lorries_are_tonnes_over_their_load_and_ash_dug_takes_of_the_gain():
    load = number(10, 20, 40)
    # 0.73 million tonnes a year are 2,000 a day.
    assert lorries_fewer((0.73,) * 3, (0, 0, 0), load) == pytest.approx((50, 100, 200))
    assert lorries_fewer((0.73,) * 3, (0.365,) * 3, load) == pytest.approx((25, 50, 100))
    # More is dug than no longer made: more lorries, most of them where each carries least.
    assert lorries_fewer((0,) * 3, (0.73,) * 3, load) == pytest.approx((-200, -100, -50))


def test_new_ash_and_its_lorries_fall_with_the_units(amounts):
    """
    1,200 MW less from 2575: 1,200 x 5,645 h x 1 t = 6.774 million tonnes of lignite.

    A fifth is fly ash, of which 0.7 is carried; 0.13 gypsum, of which 0.3: 25 t a lorry.
    """
    found = amounts()
    assert found[2567]["ash_wanting_mt"] is None
    assert found[2574]["lorries_fewer_a_day"].central == 0
    ash, gypsum = 6.774 * 0.2 * 0.7, 6.774 * 0.13 * 0.3
    assert found[2575]["ash_wanting_mt"].central == pytest.approx(ash)
    fewer = found[2575]["lorries_fewer_a_day"]
    assert fewer.central == pytest.approx((ash + gypsum) * 1e6 / 25 / 365)
    assert fewer.low == pytest.approx(1200 * 5384 * (0.16 * 0.4 + 0.1 * 0.1) / 30 / 365)
    assert fewer.confidence == "ASSUMPTION"


def test_nothing_that_nobody_entered_is_told(amounts):
    for year in amounts().values():
        assert not {"pond_ash_mt", "plant_jobs", "mine_jobs"} & set(year)


def test_ponds_are_dug_from_their_year_and_lorries_carry_what_is_dug(amounts):
    plain, dug = amounts(), amounts(PONDS)
    assert dug[2575]["pond_ash_mt"].central == 0
    assert dug[2595]["pond_ash_mt"].central == 1
    assert dug[2596]["pond_ash_mt"].central == 0
    assert dug[2596]["pond_ash_mt"].high == 1
    fewer = [one[2580]["lorries_fewer_a_day"].central for one in (plain, dug)]
    assert fewer[0] - fewer[1] == pytest.approx(1e6 / 25 / 365)
    for year in dug.values():
        for amount in year.values():
            assert amount is None or amount.low <= amount.central <= amount.high


def test_own_headcounts_stand_for_their_units_and_the_proxy_for_the_rest(amounts):
    """
    In 2575 units 8 to 11 are gone: 300 people at unit 8, 900 MW by the proxy of 1.667 a MW.

    A contract of 900 people ends with 2576; unit 12 with its 250 runs to the end of 2591.
    """
    found = amounts(COUNTED)
    assert found[2574]["jobs_exposed"].central == 0
    assert found[2574]["plant_jobs"].central == 550
    assert found[2575]["jobs_exposed"].central == pytest.approx(300 + 900 * 1.667)
    assert found[2575]["plant_jobs"].central == 250
    assert [found[y]["mine_jobs"].central for y in (2564, 2576, 2577)] == [0, 900, 0]
    assert found[2577]["jobs_exposed"].central == pytest.approx(1200 + 900 * 1.667)
    assert found[2592]["jobs_exposed"].central == pytest.approx(1450 + 1200 * 1.667)
    assert found[2592]["plant_jobs"].central == 0


def test_a_headcount_of_no_known_unit_is_refused(amounts):
    (amounts.project.scenarios / "child.yaml").write_text(
        HEAD + COUNTED.replace("MM-12", "MM-99"), encoding="utf-8"
    )
    catalog = amounts.project.catalog()
    faults = faults_of(amounts.project.scenario("child"), catalog)
    assert [fault.code for fault in faults if fault.blocks] == ["unknown_unit"]


def test_what_is_entered_stands_in_the_table_of_years(amounts):
    amounts(COUNTED)
    rows = timeline_rows(amounts.project.scenario("child"), amounts.project.catalog())
    told = {(row[0], row[2]): row for row in rows if row[1] == "amount"}
    assert told[2575, "plant_jobs"][9] == 250
    assert told[2575, "lorries_fewer_a_day"][11] == "loaded lorries a day"
