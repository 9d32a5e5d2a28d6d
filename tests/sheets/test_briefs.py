"""The three briefs: what they say is what the other outputs say, and villagers read no score."""

import copy
import re

import pytest

from maemoh_gis.core.messages import both, same
from maemoh_gis.files import read_csv, read_json, read_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.presentation.run_files import RunFiles
from maemoh_gis.sheets.briefs import brief

BRIEFS = ("committee", "egat", "villagers")


def words(run, id):
    text = read_text(run / f"brief_{id}.html")
    body = text[text.index("<body") : text.index("</body>")]
    return re.sub(r"\s+", " ", re.sub(r"<(svg|script|style)\b.*?</\1>|<[^>]+>", " ", body,
                                      flags=re.DOTALL))  # fmt: skip


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("id", BRIEFS)
def test_each_is_there_in_both_languages(id, small_run):
    said = words(small_run, id)
    assert re.search("[\u0e00-\u0e7f]{20}", said)
    assert re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", said)


def test_the_committee_reads_what_the_record_answers(small_run):
    said = squeezed(words(small_run, "committee"))
    answers = read_json(small_run / "run.json")["answers"]
    assert {"step", "hinge", "rai", "years"} <= {one["id"] for one in answers}
    for one in answers:
        assert (squeezed(one["told"]["th"]) in said) == (one["id"] != "ask")


def test_the_gates_are_those_of_the_table(small_run):
    said = squeezed(words(small_run, "committee"))
    for row in read_csv(small_run / "gates.csv"):
        if row["use"] == "green_estate":
            assert squeezed(row["office_th"]) in said


def test_figures_by_year_are_those_of_the_tables(small_run):
    said = words(small_run, "committee")
    mw = {row["year_be"]: row for row in read_csv(small_run / "timeline.csv") if row["id"] == "mw"}
    assert f"{float(mw['2575']['central']):,.0f}" in said
    jobs = [row for row in read_csv(small_run / "estate.csv") if row["quantity"] == "jobs"]
    in_2593 = next(row for row in jobs if row["year_be"] == "2593")
    assert f"{float(in_2593['central']):,.0f}" in said


def test_land_without_an_outline_is_named_too(small_run):
    said = squeezed(words(small_run, "egat"))
    zones = read_csv(small_run / "land_register.csv")
    assert any(not row["rai"] for row in zones)
    assert [row["zone"] for row in zones if squeezed(row["title_th"]) not in said] == []


def test_villagers_read_no_score_no_rank_and_no_outline(small_run):
    said = words(small_run, "villagers")
    assert "คะแนน" not in said
    assert "score" not in said.lower()
    assert "class A" not in said
    assert "<path" not in read_text(small_run / "brief_villagers.html").split("</style>")[1]


def test_nobody_is_told_that_something_is_decided(small_run):
    assert "ยังไม่มีการอนุมัติโครงการ" in words(small_run, "villagers")
    assert "มิใช่การขออนุมัติโครงการ" in words(small_run, "committee")


@pytest.fixture
def written(small_run, small_project):
    """Give a brief of the run as if its record were another, as text in both languages."""
    layers = Layers(small_project.catalog())

    def write(id, change=lambda record: None, missing=()):
        record = copy.deepcopy(read_json(small_run / "run.json"))
        change(record)
        return repr(brief(RunFiles(small_run, record, layers, missing), id, same("")))

    return write


def no_estate(record):
    record["ladder"] = None
    record["estate"]["planned_rai"] = 0.0


def test_a_run_that_compares_no_places_has_its_briefs(written):
    assert "Pang Puai" in written("egat", lambda record: record["resolved"].update(choice=None))


@pytest.mark.parametrize("id", ["committee", "egat"])
def test_no_saving_of_a_yard_is_told_while_its_right_to_land_is_not_met(id, written, small_run):
    saved = read_json(small_run / "run.json")["freight"]["findings"][0]["en"]
    assert "million THB" in saved
    assert saved not in written(id, no_estate)

    def granted(record):
        no_estate(record)
        record["gates"]["container_yard"]["land_right"] = "met"

    assert saved in written(id, granted)


def test_a_path_without_an_estate_promises_no_work_and_proposes_none(written):
    assert both("brief.no_estate")["th"] in written("villagers", no_estate)
    said = written("committee", no_estate)
    assert "0.0 rai" not in said
    assert "numbers behind the step" not in said


def test_what_a_lost_file_told_is_not_said_to_be_nothing(written):
    assert "no candidate land was found" not in written("committee", missing=("sites.gpkg",))
    said = written("villagers", missing=("estate.csv",))
    assert both("brief.no_estate")["en"] not in said
    assert both("brief.lost")["th"] in said


def test_every_use_beside_a_gate_has_its_office_named(written, small_run):
    said = written("committee")
    for row in read_csv(small_run / "gates.csv"):
        if row["use"] in ("container_yard", "green_estate"):
            assert row["office_th"] in said
            assert row["office_en"] in said


def test_what_is_asked_of_an_office_is_named_and_asked_once(written, small_run):
    limits = read_json(small_run / "run.json")["resolved"]["limits"]
    said = written("committee")
    for id in ("protected_areas", "reserved_forest"):
        assert said.count(limits[id]["needs"]["en"]) == 1
    # Who may lift a limit is no office to write to for a map.
    assert "Write to the Cabinet" not in said


def test_sites_of_several_classes_are_not_said_to_be_one(written, monkeypatch):
    from maemoh_gis.sheets import briefs

    told = briefs.sites_of

    def classed(*classes):
        def of(run, use):
            few = told(run, use).head(len(classes)).copy()
            few["class"] = list(classes)
            return few

        monkeypatch.setattr(briefs, "sites_of", of)
        return written("committee")

    assert "2 candidate sites, none told apart by the facts" in classed("A", "A")
    said = classed("A", "B")
    assert "none told apart" not in said
    assert "1 of them" in said
    assert "one candidate site" in classed("A")
