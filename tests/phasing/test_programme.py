"""A programme in the world of each run: papers, units, files, page and faults."""

import csv
import re
import shutil
from dataclasses import replace

import pytest
from shapely.geometry import box
from typer.testing import CliRunner

from maemoh_gis.cli import build_app
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.messages import same
from maemoh_gis.files import read_json, read_text
from maemoh_gis.phasing.freight_value import freight_values
from maemoh_gis.phasing.outputs import (
    FREIGHT,
    PAGE,
    RECORD,
    TABLE,
    YEARS,
    require_place,
    write_study,
)
from maemoh_gis.phasing.parcels import Parcel, conflicts_of, named_alike, parcels_of
from maemoh_gis.phasing.study import Asked, Study, require_asked, study
from maemoh_gis.phasing.words import findings
from maemoh_gis.runs.finished import open_run, open_runs
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.run import run

SCENARIO = """version: 1
id: {id}
extends: small
title: {{th: แผนที่ปลูกไว้ {id}, en: Planted {id}}}
question: {{th: ทดสอบ, en: A test}}
change:
  freight: null
  choice: null
  uses.green_estate.land.least_rai: 40
  uses.container_yard.land.least_rai: 40
  estate.take_up_rai: {{low: 100, central: 5000, high: 5000, confidence: ASSUMPTION, basis: A test}}
  estate.first_year: 2569
  zones.units_8_11.basis: {papers}
  zones.units_12_13.basis: {papers}
{units}"""
PAPERS = """
    - title: {th: เอกสาร, en: Papers}
      date: "2577-01-01"
      supposed: true
      covers:
        [closure_accepted, forest_return_or_permit, eia_change, soil_test,
         town_plan_or_estate_permit]"""
LATER = "".join(
    f"  timeline.units.MM-{n}: {{last_year: 2584, confidence: ASSUMPTION, basis: A test}}\n"
    for n in (8, 9, 10, 11)
)
ASKED = Asked(budget=100_000.0, sites_from=2570, yard_first=False)
MOVED = "green_estate:units_8_11"


@pytest.fixture(scope="module")
def runs(small_project, shared_store, tmp_path_factory):
    """One run without papers, one with, and one with those of which one unit goes later."""
    folder = tmp_path_factory.mktemp("programme")
    found = {}
    for id, papers, units in (
        ("papers", PAPERS, ""),
        ("units_later", PAPERS, LATER),
        ("no_papers", "[]", ""),
    ):
        path = small_project.scenarios / f"{id}.yaml"
        path.write_text(SCENARIO.format(id=id, papers=papers, units=units), encoding="utf-8")
        run(small_project, id, folder / id, store=shared_store, pages=False)
        found[id] = open_run(folder / id, prepare(small_project, id)[1])
    return found


@pytest.fixture(scope="module")
def found(runs):
    return study([runs["papers"], runs["units_later"], runs["no_papers"]], ASKED)


def test_land_of_the_register_waits_for_its_units_and_every_paper(runs):
    years = {id: {p.key: p for p in parcels_of(one, None)} for id, one in runs.items()}
    assert years["no_papers"][MOVED].why_not == "papers"
    # Units gone from 2575, five years by the table.
    assert years["papers"][MOVED].from_year == 2580
    assert years["units_later"][MOVED].from_year == 2590


def test_moving_the_year_of_units_moves_their_land_alone(found):
    before, after, _ = found.worlds
    moved = {
        parcel.key: (before.begins(parcel.key), after.begins(parcel.key))
        for parcel in before.parcels
        if before.begins(parcel.key) != after.begins(parcel.key)
    }
    assert moved == {MOVED: (2580, 2590)}
    assert sum(before.begins(parcel.key) is not None for parcel in before.parcels) > 2


def test_a_site_whose_right_nobody_knows_is_in_no_programme_unless_supposed(runs):
    waiting = [p for p in parcels_of(runs["papers"], None) if ":" not in p.key]
    assert waiting
    assert {p.why_not for p in waiting} == {"land_right"}
    supposed = [p for p in parcels_of(runs["papers"], 2570) if ":" not in p.key]
    assert {(p.why_not, p.from_year) for p in supposed} == {(None, 2570)}
    nothing = study([runs["no_papers"]], Asked(budget=500.0))
    assert nothing.worlds[0].programme.estate == {}
    assert "Nothing can be programmed" in findings(nothing)[0]["en"]


def test_what_recurs_is_told_before_what_does_not(found):
    said = [one["en"] for one in findings(found)]
    assert said[0].startswith("In all 3 worlds: ")
    assert "Plant land of units 8 to 11" in said[1]
    assert said[1].startswith("In some worlds only: ")
    alone = findings(Study(found.asked, found.worlds[:1]))
    assert alone[0]["en"].startswith("In this world: ")


def test_tables_page_and_record_say_the_same(found, tmp_path):
    out = write_study(found, tmp_path / "programme")
    with (out / TABLE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(world.parcels) for world in found.worlds)
    told = {(row["world"], row["parcel"]): row["begins_be"] for row in rows}
    for world in found.worlds:
        for parcel in world.parcels:
            year = world.begins(parcel.key)
            assert told[world.label, parcel.key] == ("" if year is None else str(year))
    with (out / YEARS).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 32 * len(found.worlds)
    record = read_json(out / RECORD)
    for world in record["worlds"]:
        assert world["value"]["low"] <= world["value"]["central"] <= world["value"]["high"]
        assert world["bound"] >= world["value"]["central"]
        assert 0 <= world["gap"] < 1e-3
    page = read_text(out / PAGE)
    assert not re.search(r"\boptimal\b|เหมาะสมที่สุด|ดีที่สุด", page)
    assert not re.search(r"https?://(?!www\.w3\.org)", page)


def test_a_programme_is_written_over_only_by_itself_unless_asked(found, runs, tmp_path):
    opened = [runs[id] for id in ("papers", "units_later", "no_papers")]
    out = write_study(found, tmp_path / "programme")
    require_place(out, opened, ASKED, replace=False)
    other = replace(ASKED, budget=300.0)
    require_place(out, opened, other, replace=True)
    with pytest.raises(RunError) as refused:
        require_place(out, opened, other, replace=False)
    assert refused.value.faults[0].code == "another_run_there"
    with pytest.raises(RunError) as refused:
        require_place(runs["papers"].folder, opened, ASKED, replace=True)
    assert refused.value.faults[0].code == "not_own_folder"


def test_sites_that_the_run_did_not_write_are_refused(runs, tmp_path):
    one = runs["papers"]
    shutil.copytree(one.folder, tmp_path / "copy")
    copy = replace(one, folder=tmp_path / "copy")
    assert parcels_of(copy, 2570)
    (copy.folder / "sites.gpkg").write_bytes(b"edited by hand")
    with pytest.raises(RunError) as refused:
        parcels_of(copy, 2570)
    assert refused.value.faults[0].code == "output_changed"


def test_every_run_that_cannot_be_read_is_named_and_so_is_one_named_twice(runs, tmp_path):
    one = runs["papers"]
    with pytest.raises(RunError) as refused:
        open_runs([one.folder, tmp_path / "a", one.folder, tmp_path / "b"], one.catalog)
    told = [(fault.code, fault.file) for fault in refused.value.faults]
    assert told == [
        ("run_named_twice", str(one.folder)),
        ("not_a_run_folder", str(tmp_path / "a")),
        ("not_a_run_folder", str(tmp_path / "b")),
    ]
    with pytest.raises(RunError) as refused:
        study([], ASKED)
    assert refused.value.faults[0].code == "no_runs"


def test_runs_of_one_name_are_told_apart(runs, tmp_path):
    one = runs["papers"]
    shutil.copytree(one.folder, tmp_path / one.folder.name)
    both = study([one, replace(one, folder=tmp_path / one.folder.name)], ASKED)
    assert [world.label for world in both.worlds] == ["papers", "papers-2"]


def parcel(key, shape, use="green_estate"):
    return Parcel(key, use, same(key), 1.0, 2570, None, shape)


def test_sites_on_the_same_land_are_one_parcel_and_others_are_not():
    here, near, far = box(0, 0, 100, 100), box(10, 0, 110, 100), box(90, 0, 190, 100)
    first, second = named_alike(
        [[parcel("estate-1", here)], [parcel("estate-1", far), parcel("estate-2", near)]]
    )
    assert [one.key for one in first] == ["estate-1"]
    assert [one.key for one in second] == ["estate-1.2", "estate-1"]


def test_land_in_common_is_a_conflict_and_a_shared_edge_is_none():
    a, b, c = box(0, 0, 100, 100), box(100, 0, 200, 100), box(50, 0, 150, 100)
    found = conflicts_of([parcel("a", a), parcel("b", b), parcel("c", c, "container_yard")])
    assert found == [("a", "c"), ("b", "c")]


def test_every_bad_input_is_told_at_once():
    with pytest.raises(RunError) as caught:
        require_asked(Asked(0.0, "profit", 1.5, 75))  # type: ignore[arg-type]
    codes = {fault.code: fault.key for fault in caught.value.faults}
    assert codes == {
        "bad_budget": "--budget",
        "bad_objective": "--objective",
        "bad_discount": "--discount",
        "bad_sites_from": "--sites-from",
    }


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_help_of_programme_teaches(language):
    shown = CliRunner().invoke(build_app(language), ["programme", "--help"]).output
    assert "--sites-from 2575" in " ".join(shown.replace("\u200b", "").split())


def test_freight_is_tabulated_by_size_and_place_of_the_estate(
    small_project, shared_store, tmp_path
):
    body = SCENARIO.format(id="with_freight", papers="[]", units="")
    body = body.replace("  freight: null\n  choice: null\n", "")
    path = small_project.scenarios / "with_freight.yaml"
    path.write_text(body, encoding="utf-8")
    folder = tmp_path / "with_freight"
    run(small_project, "with_freight", folder, store=shared_store, pages=False)
    one = open_run(folder, prepare(small_project, "with_freight")[1])
    found = study([one], Asked(budget=100_000.0, sites_from=2570))
    assert found.worlds[0].programme.yard is not None
    values = freight_values(found)
    assert {value.parcel.key for value in values} == {
        key for key, parcel in found.taken.items() if parcel.use == "green_estate"
    }
    sizes = [value.rai for value in values if value.parcel.key == values[0].parcel.key]
    assert sizes == sorted(sizes)
    assert len(sizes) >= 2
    sent = [value.brought["high"].teu_estate for value in values if value.brought]
    assert sent == [] or max(sent) > 0
    out = write_study(found, tmp_path / "programme")
    with (out / FREIGHT).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["parcel"] for row in rows] == [value.parcel.key for value in values]
    for row, value in zip(rows, values, strict=True):
        told = value.brought.get("high")
        assert row["teu_high"] == "" if told is None else float(row["teu_high"]) >= 0
