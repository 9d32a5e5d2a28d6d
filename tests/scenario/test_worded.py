"""Titles and reasons that hold a number are built from the value in force."""

import csv
import io
import re

import pytest

from maemoh_gis.core.errors import FormatError
from maemoh_gis.documents.yaml import Document
from maemoh_gis.files import read_text
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run_resolved
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.vary import varied
from maemoh_gis.scenario.worded import worded, written
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS, SCENARIOS

HEAD = """version: 1
id: child
extends: baseline
title: {th: ทดสอบ, en: Test}
question: {th: ทดสอบ, en: Test}
"""


@pytest.fixture
def child(tmp_path):
    copy_scenarios(tmp_path / "scenarios")
    project = Project(LAYERS, tmp_path / "scenarios")

    def write(body):
        (project.scenarios / "child.yaml").write_text(HEAD + body, encoding="utf-8")
        return project.scenario("child")

    write.project = project
    return write


def told(resolved, id):
    return resolved.scenario.limits[id].title


def test_a_title_follows_the_value_in_force(child):
    before, after = child(""), child("change:\n  limits.settlement_core.test.within_m: 1000\n")
    assert told(before, "settlement_core").en == "Within 500 m of a village of known position"
    assert told(after, "settlement_core").en == "Within 1,000 m of a village of known position"
    assert told(after, "settlement_core").th == "ภายใน 1,000 เมตรจากหมู่บ้านที่ทราบตำแหน่ง"
    assert told(after, "fault_zone") == told(before, "fault_zone")


def test_it_follows_a_sweep_twice(child):
    """A value set over a value that was set: the words still know their key."""
    once = varied(child(""), {"limits.far_from_rail.test.beyond_m": 2000})
    twice = varied(once, {"limits.far_from_rail.test.beyond_m": 2500})
    assert told(once, "far_from_rail").en == "More than 2 km from the railway"
    assert told(twice, "far_from_rail").en == "More than 2.5 km from the railway"
    assert twice.document.data["limits"]["far_from_rail"]["title"]["th"].count("2.5") == 1
    percent = varied(child(""), {"limits.steep_land.test.above": 12})
    assert told(percent, "steep_land").en == "Slope above 12 %"


def test_zones_and_the_choice_of_a_yard_follow_too(child):
    body = "change:\n  zones.units_8_11.within_m: 200\n  choice.homes.within_m: 1500\n"
    scenario = child(body).scenario
    assert "200 m around" in scenario.zones["units_8_11"].source.en
    assert "200 m around" in scenario.limits["zone_units_8_11"].basis.en
    assert "within 1.5 km" in scenario.choice.homes.title.en
    assert scenario.choice.indicators["people"].title.en == "People within 1.5 km"


def test_a_number_is_written_as_titles_write_it():
    assert [written(v) for v in (500, 1000.0, 1.5, 15, 12500)] == [
        "500", "1,000", "1.5", "15", "12,500"]  # fmt: skip


def test_a_name_no_number_stands_behind_is_refused_with_its_line(child):
    body = 'change:\n  limits.fault_zone.title: {th: "ก {within_m}", en: "a {with_m}"}\n'
    with pytest.raises(FormatError) as caught:
        child(body)
    (fault,) = caught.value.faults
    assert (fault.code, fault.line) == ("no_number_of_that_name", 7)
    assert fault.found == "{with_m}"
    assert "{within_m}" in fault.expected


def test_the_nearest_block_gives_the_number():
    data = {"a": {"x_m": 2000, "b": {"x_m": 500, "title": "{x_m}", "c": {"title": "{x_km}"}},
                  "title": {"th": "{x_km}", "en": "{b.x_m}"}}}  # fmt: skip
    filled = worded(Document(data, {}, "f")).data["a"]
    assert filled["b"]["title"] == "500"
    assert filled["b"]["c"]["title"] == "0.5"
    assert filled["title"] == {"th": "2", "en": "500"}
    assert data["a"]["b"]["title"] == "{x_m}"


def test_a_title_that_keeps_the_old_number_is_refused(child):
    """Written by hand without its key, then changed by a scenario above it."""
    (child.project.scenarios / "hand.yaml").write_text(
        HEAD.replace("child", "hand")
        + "change:\n  limits.fault_zone.title: {th: ภายใน 500 เมตร, en: Within 0.5 km}\n",
        encoding="utf-8",
    )
    body = "change:\n  limits.fault_zone.test.within_m: 800\n"
    (child.project.scenarios / "over.yaml").write_text(
        HEAD.replace("child", "over").replace("baseline", "hand") + body, encoding="utf-8"
    )
    found = faults_of(child.project.scenario("over"), child.project.catalog())
    assert {(f.code, f.key, f.expected) for f in found} == {
        ("words_hold_old_number", "limits.fault_zone.title", "{within_m}")
    }
    assert found[0].blocks


def test_no_title_or_reason_of_a_shipped_limit_repeats_its_number():
    """Each number of a title that equals the value of its test stands there by its key."""
    for file in sorted(SCENARIOS.glob("*.yaml")):
        resolved = Project(LAYERS, SCENARIOS).scenario(file.stem)
        for id, limit in resolved.raw["limits"].items():
            values = [v for v in limit.get("test", {}).values() if isinstance(v, int | float)]
            forms = {str(v) for v in values} | {f"{v / 1000:g}" for v in values}
            texts = " ".join([*limit["title"].values(), *limit["basis"].values()])
            numbers = set(re.findall(r"\d+(?:\.\d+)?", texts))
            assert not numbers & forms, (file.stem, id)


def test_map_report_and_table_hold_the_value_in_force_only(child, tmp_path):
    body = (
        "change:\n  limits.settlement_core.test.within_m: 1000\n  freight: null\n  choice: null\n"
        "  exposure: null\n  uses.container_yard.yard: null\n"
        "  uses.green_estate.criteria.labour_services: {title: {th: ก, en: a}, basis"
        ": A test, confidence: L, needs: {th: ก, en: a}}\n"
        '  grid: {crs: "EPSG:32647", cell_m: 500}\n'
        "  area: {layer: subdistricts, where: {code: 520204}}\n"
    )
    resolved = child(body)
    folder = tmp_path / "run"
    run_resolved(resolved, child.project.catalog(), folder)
    rows = csv.DictReader(io.StringIO(read_text(folder / "removed.csv")))
    titles = {row["title_en"] for row in rows if row["limit"] == "settlement_core"}
    assert titles == {"Within 1,000 m of a village of known position"}
    for page in ("map.html", "report.html"):
        text = read_text(folder / page)
        assert "ภายใน 1,000 เมตรจากหมู่บ้าน" in text
        assert "ภายใน 500 เมตรจากหมู่บ้าน" not in text
        assert "{within_m}" not in text
