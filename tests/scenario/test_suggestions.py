"""What a fault proposes works when it is written so."""

import re
import shutil

import pytest

import maemoh_gis as mm
from maemoh_gis.batch.plan import Asked, plan, prepared
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES, describe
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.resolve import read_scenario
from tests.paths import LAYERS, SCENARIOS

HEAD = """version: 1
id: mine
extends: baseline
title: {th: ทดสอบ, en: Test}
question: {th: ทดสอบ, en: Test}
"""


@pytest.fixture
def write(tmp_path):
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")

    def written(body):
        path = tmp_path / "scenarios" / "mine.yaml"
        path.write_text(HEAD + body, encoding="utf-8")
        return path

    return written


def fault_of(path):
    with pytest.raises(FormatError) as caught:
        read_scenario(path)
    (fault,) = caught.value.faults
    return fault


def test_what_the_base_leaves_out_is_added_as_proposed(write):
    fault = fault_of(write("change: {limits.mine_pit.until: 2590}\n"))
    assert (fault.code, fault.found) == ("change_of_absent", "limits.mine_pit.until")
    proposed = fault.expected.replace("…", "2590")
    assert read_scenario(write(proposed + "\n")).written.limits["mine_pit"].until == 2590


def test_what_a_zone_with_papers_leaves_out_is_added_as_proposed(write):
    body = "change: {zones.units_8_11.next_step: {th: ทดสอบ, en: Test}}\n"
    proposed = fault_of(write(body)).expected.replace("…", "{th: ทดสอบ, en: Test}")
    zone = read_scenario(write(proposed + "\n")).written.zones["units_8_11"]
    assert zone.next_step.en == "Test"
    assert zone.needs


def test_what_the_base_leaves_out_at_its_top_is_added_as_proposed(write):
    proposed = fault_of(write("change: {holds: [green_estate]}\n")).expected
    written = read_scenario(write(proposed.replace("…", "[green_estate]") + "\n")).written
    assert written.holds == ["green_estate"]


def test_a_limit_that_only_names_what_it_needs_is_written_again_as_proposed(write):
    fault = fault_of(write("change: {limits.reserved_forest.layer: districts}\n"))
    assert fault.code == "change_of_declared"
    values = {"title": "{th: ป่า, en: Forest}", "ground": "law", "basis": "{th: ทดสอบ, en: Test}",
              "outcome": "removed", "layer": "districts", "test": "{inside: true}"}  # fmt: skip
    names = re.findall(r"(\w+): …", fault.expected)
    assert "needs" not in names
    proposed = fault.expected
    for name in names:
        proposed = proposed.replace(f"{name}: …", f"{name}: {values.get(name, 'null')}")
    limit = read_scenario(write(proposed + "\n")).written.limits["reserved_forest"]
    assert (limit.layer, limit.needs) == ("districts", None)


def test_inclusions_are_added_one_by_one_though_the_base_has_none(write):
    body = """add:
  inclusions.moved:
    title: {th: พื้นที่ย้ายแล้ว, en: Moved}
    basis: {th: ทดสอบ, en: Test}
    limits: [mine_pit]
    layer: districts
    where: {code: "5202"}
"""
    try:
        read_scenario(write(body))
    except FormatError as error:
        codes = {fault.code for fault in error.faults}
        assert codes <= {"missing_key", "unknown_key"}  # of the entry, never of its place


def test_a_district_asked_for_by_name_is_answered_with_how_to_write_it(write):
    fault = fault_of(write("change: {area.district: แม่เมาะ}\n"))
    assert fault.code == "unknown_area"
    for language in LANGUAGES:
        proposed = re.search("change: {.*", describe(fault, language))[0]
        area = read_scenario(write(proposed + "\n")).written.area
        assert (area.layer, area.where) == ("districts", {"code": 5202})


@pytest.mark.parametrize("test", ["{inside: false}", "{outside: true}", "{outside: 5}"])
def test_land_outside_is_asked_for_with_another_test(write, test):
    fault = fault_of(write(f"change: {{limits.mine_pit.test: {test}}}\n"))
    assert fault.code == "no_test_outside"
    assert "beyond_m: 1" in describe(fault, "th")
    limits = read_scenario(write("change: {limits.mine_pit.test: {beyond_m: 1}}\n")).written.limits
    assert limits["mine_pit"].test.beyond_m == 1


def test_an_unknown_scenario_use_or_viewpoint_lists_all_that_there_are(write):
    with pytest.raises(RunError) as caught:
        mm.load_scenario("basline")
    listed = caught.value.faults[0].expected.split(", ")
    assert listed[0] == "baseline"
    assert sorted(listed) == sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
    resolved = read_scenario(
        write("change: {viewpoint: vilagers}\nadd: {holds: [container_yrd]}\n")
    )
    told = {fault.code: fault for fault in faults_of(resolved, read_catalog(LAYERS))}
    views = told["unknown_viewpoint"].expected.split(", ")
    assert (views[0], set(views)) == ("villagers", set(resolved.written.viewpoints))
    uses = told["unknown_use"].expected.split(", ")
    assert (uses[0], set(uses)) == ("container_yard", set(resolved.written.uses))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    ["unknown_change", "unknown_class", "unknown_column", "unknown_key", "unknown_layer",
     "unknown_limit", "unknown_use", "unknown_viewpoint", "unknown_network", "column_not_in_file"],
)  # fmt: skip
def test_one_name_is_asked_for_and_several_are_listed_and_nothing_is_never_proposed(code, language):
    asks = {"en": "Did you mean", "th": "ใช่หรือไม่"}[language]
    assert asks in describe(Fault(code, found="x", expected="one"), language)
    assert asks not in describe(Fault(code, found="x", expected="one, two"), language)
    for nothing in (None, "", "–"):
        said = describe(Fault(code, found="x", expected=nothing), language)
        assert asks not in said
        assert "–" not in said


def test_a_fault_of_a_table_of_runs_names_its_row_and_column(tmp_path):
    table = tmp_path / "runs.csv"
    table.write_text(
        "scenario,year,respondent,weights.road_access\n"
        "baseline,2569,,0.3\n"
        "basline,2569,,0.3\n"
        "baseline,569,,0.3\n"
        "baseline,2569,somebody,1.5\n"
        "baseline,2569,nobody,0.2\n",
        encoding="utf-8",
    )
    planned = plan(Asked(["baseline"], matrix=table))
    project = Project(LAYERS, SCENARIOS)
    with pytest.raises(RunError) as caught:
        prepared(planned, project, project.catalog())
    told = {(f.file, f.line, f.key) for f in caught.value.faults}
    assert told == {
        (str(table), 3, "scenario"),
        (str(table), 4, "year"),
        (str(table), 5, "weights.road_access"),
        (str(table), 1, "respondent"),
    }
