"""Finished runs compared: identical runs differ in nothing, changed ones in what is counted."""

import csv
import io
import json
import shutil
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from maemoh_gis.cli import build_app
from maemoh_gis.comparison.compare import compare
from maemoh_gis.comparison.runs import ComparedRun, groups_of
from maemoh_gis.core.errors import RunError
from maemoh_gis.files import read_csv, read_text, sha256_of, write_json
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from tests.paths import LAYERS
from tests.tiny import SIDE, SOUTH, WEST, write_project

MIDDLE = (WEST + 5000.0, SOUTH + 5000.0)
MOVED = (WEST + 8000.0, SOUTH + 5000.0)
CELL_RAI = 100 * 100 / 1600


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read_text(folder / f"{name}.csv"))))


def record_of(folder: Path):
    return json.loads(read_text(folder / "compare.json"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Run one scenario twice, once with the thing moved, and once seen by another viewpoint."""
    folder = tmp_path_factory.mktemp("compared")
    project = write_project(folder / "one", [shapely.Point(MIDDLE)], complete="extent")
    other = write_project(folder / "two", [shapely.Point(MOVED)], complete="extent")
    seen = write_project(folder / "three", [shapely.Point(MIDDLE)], complete="extent")
    file = seen.scenarios / "tiny.yaml"
    file.write_text(file.read_text("utf-8").replace("only", "others"), encoding="utf-8")
    for name, made in (("first", project), ("same", project), ("moved", other), ("seen", seen)):
        run(made, "tiny", folder / "runs" / name)
    return folder / "runs", project.catalog()


@pytest.fixture(scope="module")
def identical(runs):
    folder, catalog = runs
    return compare([folder / "first", folder / "same"], catalog, folder / "identical")


@pytest.fixture(scope="module")
def changed(runs):
    folder, catalog = runs
    names = ("first", "moved", "seen")
    return compare([folder / name for name in names], catalog, folder / "changed")


def metres(place):
    """Distance of every cell centre to a place, worked out apart from the package."""
    x = WEST + 50 + 100 * np.arange(100)
    y = SOUTH + SIDE - 50 - 100 * np.arange(100)
    return np.hypot(x[None, :] - place[0], y[:, None] - place[1])


def test_identical_runs_differ_in_nothing(identical):
    with rasterio.open(identical / "difference_estate_same.tif") as raster:
        assert (raster.read(1) == 0).all()
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    record = record_of(identical)
    assert record["differences"] == {"same": {"layer": 0, "fact": 0, "software": 0}}
    assert [one["jaccard"] for one in record["uses"]["estate"]["good_overlap"]] == [1.0]
    assert [row["jaccard"] for row in table(identical, "overlap")] == ["1.0", "1.0"]
    assert table(identical, "differences") == []


def test_identical_runs_rank_alike_and_leave_no_regret(identical):
    rows = table(identical, "pieces")
    assert {row["rank_change"] for row in rows} == {"0"}
    best = [row for row in rows if row["least_regret"]]
    assert best
    assert {row["greatest_regret"] for row in best} == {"0.0"}
    assert {row["found_by_with_rank"] for row in rows} == {"first: 1, same: 1", "first: 2, same: 2"}
    for row in table(identical, "tau"):
        assert row["tau_b"] in {"1.0", ""}  # without two different payoffs there is no order


def test_land_is_what_counting_cells_gives(changed):
    rows = {row["run"]: row for row in table(changed, "land")}
    for name, place in (("first", MIDDLE), ("moved", MOVED)):
        away = metres(place)
        assert float(rows[name]["study_rai"]) == 10_000 * CELL_RAI
        assert float(rows[name]["removed_rai"]) == (away <= 500).sum() * CELL_RAI
        assert float(rows[name]["allowed_rai"]) == (away > 500).sum() * CELL_RAI
        assert float(rows[name]["good_allowed_rai"]) == (away >= 600).sum() * CELL_RAI
        assert float(rows[name]["good_allowed_ha"]) == (away >= 600).sum()


def test_overlap_and_consensus_are_what_counting_cells_gives(changed):
    first, moved = metres(MIDDLE) >= 600, metres(MOVED) >= 600
    rows = [row for row in table(changed, "overlap") if row["what"] == "good_land"]
    (pair,) = [row for row in rows if (row["run_first"], row["run_second"]) == ("first", "moved")]
    expected = (first & moved).sum() / (first | moved).sum()
    assert float(pair["jaccard"]) == pytest.approx(expected, abs=1e-6)
    agreed = {row["group"]: row for row in table(changed, "consensus")}
    assert set(agreed) == {"all", "only"}
    assert agreed["all"]["runs"] == "3"
    assert float(agreed["only"]["good_in_all_rai"]) == (first & moved).sum() * CELL_RAI
    with rasterio.open(changed / "consensus_estate.tif") as raster:
        good, unknown = raster.read()
    assert (good == 2 * first.astype(int) + moved).all()  # "seen" sees what "first" sees
    assert not unknown.any()


def test_the_difference_is_second_minus_first(changed):
    expected = np.minimum(metres(MOVED) / 1000, 1) - np.minimum(metres(MIDDLE) / 1000, 1)
    with rasterio.open(changed / "difference_estate_moved.tif") as raster:
        assert np.allclose(raster.read(1), expected, atol=1e-4)
        assert "checked on the whole study area" in raster.tags()["caveat_en"]


def test_viewpoints_are_never_mixed(changed):
    assert record_of(changed)["groups"] == {"only": ["first", "moved"], "others": ["seen"]}
    for name in ("pieces", "tau"):
        assert {row["group"] for row in table(changed, name)} == {"only"}
        assert "seen" not in {row.get("run") or row["run_second"] for row in table(changed, name)}
    tau = [row for row in table(changed, "indicators") if row["indicator"] == "tau"]
    assert {row["run"] for row in tau} == {"moved"}


def test_another_layer_is_a_difference_not_a_fault(changed):
    rows = table(changed, "differences")
    assert [(r["run"], r["kind"], r["key"]) for r in rows] == [
        ("moved", "layer", "things"),
        ("seen", "fact", "viewpoint"),
        ("seen", "fact", "viewpoints.only"),
        ("seen", "fact", "viewpoints.others"),
    ]
    assert record_of(changed)["differences"]["moved"]["layer"] == 1


def test_what_nobody_counted_is_unknown(changed):
    farm = [row for row in table(changed, "indicators") if row["indicator"] == "farm_share"]
    assert {(row["value"], row["alert"]) for row in farm} == {("", "unknown")}


def test_the_same_comparison_gives_the_same_bytes(runs, changed):
    folder, catalog = runs
    names = ("first", "moved", "seen")
    # Beside the runs like the first one: the page leads to the reports that stand beside it.
    again = compare([folder / name for name in names], catalog, folder / "again")
    files = sorted(path.name for path in changed.iterdir())
    assert files == sorted(path.name for path in again.iterdir())
    for name in files:
        assert (again / name).read_bytes() == (changed / name).read_bytes(), name


def test_every_output_is_on_record_with_its_checksum(changed):
    outputs = record_of(changed)["outputs"]
    assert set(outputs) == {p.name for p in changed.iterdir()} - {"compare.json"}
    for name, checksum in outputs.items():
        assert sha256_of(changed / name) == checksum


def faults_of(folders, catalog, out, **options):
    with pytest.raises(RunError) as caught:
        compare(folders, catalog, out, **options)
    assert not out.exists()
    return [(fault.code, Path(fault.file or "").name) for fault in caught.value.faults]


def test_runs_that_are_not_whole_are_refused_by_name_all_at_once(runs, tmp_path):
    folder, catalog = runs
    for name in ("short", "spoiled", "unmade"):
        shutil.copytree(folder / "first", tmp_path / name)
    (tmp_path / "short" / "sites.gpkg").unlink()
    (tmp_path / "spoiled" / "removed.csv").write_text("other", encoding="utf-8")
    (tmp_path / "unmade" / "run.json").unlink()
    names = ("short", "spoiled", "unmade", "short")
    found = faults_of([tmp_path / name for name in names], catalog, tmp_path / "out")
    assert set(found) == {
        ("run_named_twice", "short"),
        ("run_not_whole", "short"),
        ("output_changed", "spoiled"),
        ("not_a_run_folder", "unmade"),
    }


def test_runs_on_different_grids_are_refused(runs, tmp_path):
    folder, catalog = runs
    shutil.copytree(folder / "first", tmp_path / "coarse")
    record = json.loads(read_text(tmp_path / "coarse" / "run.json"))
    record["grid"]["cell_m"] = 200.0
    write_json(tmp_path / "coarse" / "run.json", record)
    found = faults_of([folder / "first", tmp_path / "coarse"], catalog, tmp_path / "out")
    assert found == [("runs_on_different_grids", "coarse")]


def test_one_run_or_a_strange_score_is_refused(runs, tmp_path):
    folder, catalog = runs
    assert faults_of([folder / "first"], catalog, tmp_path / "out")[0][0] == "too_few_runs"
    pair = [folder / "first", folder / "same"]
    for score in (0.0, 1.5, float("nan")):
        assert faults_of(pair, catalog, tmp_path / "out", at_least=score)[0][0] == "bad_score"


def test_a_folder_of_something_else_is_left_alone(runs, tmp_path):
    folder, catalog = runs
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError) as caught:
        compare([folder / "first", folder / "same"], catalog, tmp_path)
    assert caught.value.faults[0].code == "not_a_comparison"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def weighed(label, viewpoint, **uses):
    record = {
        "viewpoint": viewpoint,
        "weights": {use: {"weights": weights} for use, weights in uses.items()},
        "resolved": {"uses": {use: {} for use in uses}},
    }
    return ComparedRun(label, Path(label), record, "")


def test_one_viewpoint_with_other_weights_is_another_group():
    runs = [
        weighed("a", "town", estate={"road": 0.5, "slope": 0.5}),
        weighed("b", "town", estate={"road": 0.6, "slope": 0.4}),
        weighed("c", "town", solar={"slope": 1.0}),
        weighed("d", "field", estate={"road": 0.5, "slope": 0.5}),
    ]
    assert groups_of(runs) == {"town": [0, 2], "town-2": [1], "field": [3]}


FLAT = """version: 1
id: {name}
title: {{th: ที่ราบ, en: Flat}}
question: {{th: ทดสอบ, en: A test}}
year: 2569
seed: 1
grid: {{crs: "EPSG:32647", cell_m: 400}}
area: {{layer: districts, where: {{code: 5202}}}}
view: {{layer: districts, where: {{code: 5202}}}}
limits:
  steep:
    title: {{th: ลาดชัน, en: Steep}}
    ground: physics
    basis: {{th: ทดสอบ, en: A test}}
    outcome: removed
    layer: slope
    test: {{above: {slope}, unit: percent}}
uses:
  estate:
    title: {{th: นิคม, en: Estate}}
    land: {{area_rai: 2000, least_rai: 500, least_score: 0.1, conditional: true, sites: 3,
           basis: A test}}
    criteria:
      use:
        title: {{th: การใช้ที่ดิน, en: Land use}}
        basis: A test
        confidence: L
        measure: {{class_of: land_use}}
        value: {{classes: {{paddy: 1, field_crops: 0.9, orchards: 0.8, vegetables: 0.8,
          other_agriculture: 0.8, forest: 0.7, other: 0.5, water: 0, mine: 0, dump: 0,
          built_up: 0}}}}
viewpoint: only
viewpoints:
  only:
    title: {{th: เดียว, en: Only}}
    basis: A test
    weights: {{estate: {{use: 1}}}}
"""


@pytest.fixture(scope="module")
def districts(tmp_path_factory, shared_store):
    """Mae Mo district in coarse cells, where 5 % is too steep and where 15 % is."""
    folder = tmp_path_factory.mktemp("districts")
    project = Project(LAYERS, folder / "scenarios")
    project.scenarios.mkdir()
    for name, slope in (("strict", 5), ("loose", 15)):
        text = FLAT.format(name=name, slope=slope)
        (project.scenarios / f"{name}.yaml").write_text(text, encoding="utf-8")
        scenario = str(project.scenarios / f"{name}.yaml")
        run(project, scenario, folder / name, store=shared_store, pages=False)
    return compare([folder / "strict", folder / "loose"], project.catalog(), folder / "out")


def test_subdistricts_add_up_to_their_district(districts):
    rows = [row for row in table(districts, "zones") if row["use"] == "estate"]
    for name in ("strict", "loose"):
        mine = [row for row in rows if row["run"] == name]
        (district,) = [r for r in mine if (r["level"], r["code"]) == ("district", "5202")]
        parts = [r for r in mine if r["level"] == "subdistrict" and r["code"].startswith("5202")]
        assert len(parts) == 5
        for column in ("open_rai", "good_rai", "site_rai", "farm_taken_rai"):
            total = sum(float(row[column]) for row in parts)
            assert total == pytest.approx(float(district[column]), abs=3 * 100)


def test_farm_land_is_read_from_the_land_use_layer(districts):
    runs = districts.parent
    sites = gpd.read_file(runs / "strict" / "sites.gpkg", layer="sites_estate")
    with rasterio.open(LAYERS / "land_use_2569.tif") as raster:
        x, y = np.meshgrid(np.arange(200, 100_000, 400) + 550_000, np.arange(200, 100_000, 400))
        points = shapely.points(x.ravel(), y.ravel() + 1_990_000)
        inside = points[shapely.contains(shapely.union_all(sites.geometry), points)]
        xy = shapely.get_coordinates(inside)
        codes = np.array([value[0] for value in raster.sample(xy)])
    farm = np.isin(codes, [4, 5, 6, 7, 8]).sum()
    rows = table(districts, "zones")
    found = [
        float(row["farm_taken_rai"])
        for row in rows
        if (row["level"], row["use"], row["run"]) == ("district", "estate", "strict")
    ]
    assert farm > 0
    assert sum(found) == farm * 400 * 400 / 1600


def test_people_are_those_registered_in_every_zone_of_the_province(districts):
    rows = {row["code"]: row for row in table(districts, "zones")}
    counted = read_csv(LAYERS / "subdistrict_people.csv")
    assert len(counted) == 100
    by_district = Counter()
    for one in counted:
        by_district[one["district_code"]] += int(one["population"])
        if one["code"] in rows:
            found = rows[one["code"]]
            assert (found["people"], found["people_year_be"]) == (one["population"], "2568")
            assert found["people_confidence"] == one["confidence"]
    assert len(by_district) == 13
    told = [code for code in by_district if code in rows]
    assert len(told) > 1
    assert [rows[code]["people"] for code in told] == [str(by_district[code]) for code in told]


def test_more_open_land_is_said_to_be_a_gain(districts):
    land = {r["run"]: r for r in table(districts, "land") if r["use"] == "estate"}
    assert float(land["loose"]["allowed_rai"]) > float(land["strict"]["allowed_rai"])
    rows = [r for r in table(districts, "zones") if r["use"] == "estate"]
    (gain,) = [r for r in rows if (r["code"], r["run"]) == ("5202", "loose")]
    assert gain["good_land"] == "gains"
    assert float(gain["good_change_rai"]) > 0
    assert {r["good_land"] for r in rows if r["run"] == "strict"} == {""}
    (fact,) = table(districts, "differences")
    assert (fact["key"], fact["first"], fact["second"]) == (
        "limits.steep.test.above",
        "5",
        "15",
    )


def test_the_workbook_opens_with_what_must_be_read_first(districts):
    import zipfile

    with zipfile.ZipFile(districts / "tables.xlsx") as book:
        assert b'name="read_first"' in book.read("xl/workbook.xml")
        words = book.read("xl/sharedStrings.xml").decode("utf-8")
    assert "For screening only" in words
    assert "ได้จากแบบจำลอง ไม่ใช่ข้อมูลสำรวจ" in words


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_verb_says_what_was_found(runs, tmp_path, capsys, language):
    folder, _ = runs
    pair = [str(folder / "first"), str(folder / "moved")]
    layers = str(folder.parent / "one" / "layers")
    out = str(tmp_path / "out")
    build_app(language)(
        ["compare", *pair, "--out", out, "--layers", layers, "--alert", "tau=0.5"],
        standalone_mode=False,
    )
    said = capsys.readouterr().out
    assert {"th": "เบื้องต้นเท่านั้น", "en": "For screening only"}[language] in said
    assert "Jaccard 0.9" in said
    assert record_of(tmp_path / "out")["good_score"] == 0.6
    tau = [row for row in table(tmp_path / "out", "indicators") if row["indicator"] == "tau"]
    assert {row["threshold"] for row in tau} == {"0.5"}
