"""A run folder: whole, reproducible, and honest about what was not checked."""

import csv
import io
import json
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from maemoh_gis.ask.explain import assess, explain_at
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.files import read_json, read_text, sha256_of
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.run import run
from maemoh_gis.suitability.result import score_of, states_of
from tests.computed import compute
from tests.tiny import SOUTH, WEST, write_project


@pytest.fixture(scope="module")
def folder(small_run):
    return small_run


@pytest.fixture(scope="module")
def record(folder):
    return json.loads(read_text(folder / "run.json"))


@pytest.fixture(scope="module")
def opened(folder, small_project):
    return open_run(folder, small_project.catalog())


@pytest.fixture(scope="module")
def results(small_results):
    return small_results


def test_every_output_on_record_is_there_with_its_checksum(folder, record):
    assert set(record["outputs"]) == {
        p.name for p in folder.iterdir() if p.is_file() and p.name != "run.json"
    }
    for name, checksum in record["outputs"].items():
        assert sha256_of(folder / name) == checksum


def test_two_runs_give_the_same_bytes(folder, small_kept):
    # Each computed every stage: this one without a cache, the other from an empty one.
    again = small_kept / "cold"
    stages = (folder / "log" / "stages.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["stage"] for line in stages) == sorted(
        read_json(small_kept / "computed.json")
    )
    for path in folder.iterdir():
        if path.is_file():
            assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_every_output_says_how_many_legal_limits_were_checked(folder, record):
    line = record["caveats"][1]
    law = record["legal_limits"]
    assert law["checked"] == []
    assert line["en"].startswith(
        "This answer rests on 4 of 940 villages of the province. "
        f"Of {law['of']} legal limits none is checked on the whole study area."
    )
    assert "Mining licence areas" in line["en"]
    assert "เขตประทานบัตร" in line["th"]
    rows = list(csv.reader(io.StringIO(read_text(folder / "removed.csv"))))
    assert "checked on the whole study area" in rows[1][3]
    with rasterio.open(folder / "score_green_estate.tif") as raster:
        assert "checked on the whole study area" in raster.tags()["caveat_en"]
    sites = gpd.read_file(folder / "sites.gpkg", layer="sites_green_estate")
    assert sites["limits_checked_en"].str.contains("checked on the whole study area").all()
    assert "checked on the whole study area" in read_text(folder / "map.html")


def test_limits_of_law_that_were_not_checked_change_no_cell(results):
    for use in results.resolved.scenario.uses:
        assert not (states_of(results, use).conditional_by >> np.uint32(1)).any()


def test_sites_are_as_large_as_declared_and_subject_to_what_was_not_checked(folder, record):
    for use, definition in record["resolved"]["uses"].items():
        sites = gpd.read_file(folder / "sites.gpkg", layer=f"sites_{use}")
        assert len(sites) == record["sites"][use] > 0
        assert (sites["area_rai"] >= definition["land"]["least_rai"]).all()
        assert np.allclose(sites["area_rai"], sites.area / 1600)
        assert (sites.geom_type == "Polygon").all()
        assert sites["number"].tolist() == list(range(1, len(sites) + 1))
        # The list goes by what is certain; in a lower class is who is below what another surely is.
        assert sites["score_low"].is_monotonic_decreasing
        best = sites["score_low"].max()
        assert ((sites["class"] == "A") == (sites["score_high"] >= best)).all()
        told = record["sites_told"][use]
        assert f"{sites['score_low'].min():.2f}–{sites['score_high'].max():.2f}" in told["en"]
        assert told["th"] in read_text(folder / "report.html")
        assert sites["subject_to_en"].str.contains("National reserved forest").all()
        # The small project has no limit that was compared with known places only.
        for said in sites["subject_to_en"]:
            assert "National reserved forest" in said.split("; ")
        assert (sites["score_low"] <= sites["score_mean"] + 1e-4).all()
        assert (sites["score_mean"] <= sites["score_high"] + 1e-4).all()


def test_removed_land_adds_up_exactly(folder, results):
    rows = list(csv.DictReader(io.StringIO(read_text(folder / "removed.csv"))))
    for use in results.resolved.scenario.uses:
        removed = [r for r in rows if (r["use"], r["outcome"]) == (use, "removed")]
        mine = [r for r in removed if r["at_all_rai"]]
        total = next(r for r in mine if r["limit"] == "all")
        alone = sum(float(r["alone_rai"]) for r in mine if r["limit"] != "all")
        assert alone == pytest.approx(float(total["alone_rai"]), abs=0.01 * len(mine))
        assert float(total["alone_rai"]) + float(total["shared_rai"]) == float(total["at_all_rai"])
        cells = (states_of(results, use).removed_by > 0).sum()
        assert float(total["at_all_rai"]) == cells * results.grid.cell_area_m2 / 1600


def test_what_stands_behind_the_weights_is_on_record(record):
    for use, weights in record["weights"].items():
        assert sum(weights["weights"].values()) == pytest.approx(1.0, abs=1e-5)
        assert weights["way"] == "points"
        assert set(weights["information"]) == {"entropy", "critic"}
        assert set(weights["weights"]) == set(record["resolved"]["uses"][use]["criteria"])


def test_districts_add_up_to_the_whole(folder, results):
    whole = list(csv.DictReader(io.StringIO(read_text(folder / "removed.csv"))))
    parts = list(csv.DictReader(io.StringIO(read_text(folder / "removed_by_district.csv"))))
    for row in whole:
        if row["outcome"] == "removed" and row["at_all_rai"]:
            mine = [p for p in parts if (p["use"], p["limit"]) == (row["use"], row["limit"])]
            assert sum(float(p["at_all_rai"]) for p in mine) == float(row["at_all_rai"])


def test_every_scored_criterion_has_its_value_function_drawn(folder, record):
    for use, definition in record["resolved"]["uses"].items():
        picture = read_text(folder / f"values_{use}.svg")
        for criterion in definition["criteria"].values():
            assert (criterion["title"]["th"] in picture) == ("measure" in criterion)


def test_an_explained_cell_equals_the_raster_and_its_parts_add_up(opened, results):
    rng = np.random.default_rng(1)
    rows, cols = np.nonzero(results.study)
    from pyproj import Transformer

    to_lonlat = Transformer.from_crs(results.grid.crs, "EPSG:4326", always_xy=True)
    for pick in rng.integers(0, rows.size, 6):
        row, col = rows[pick], cols[pick]
        lon, lat = to_lonlat.transform(results.grid.x[col], results.grid.y[row])
        for explanation in explain_at(opened, lat, lon):
            score = score_of(results, explanation.use)
            if explanation.score is None:
                assert np.isnan(score.value[row, col])
                continue
            assert explanation.score == pytest.approx(float(score.value[row, col]), abs=1e-6)
            parts = [p.contribution for p in explanation.criteria if p.contribution is not None]
            assert sum(parts) + explanation.held == pytest.approx(explanation.score, abs=1e-6)
            states = states_of(results, explanation.use).state
            assert explanation.areas_m2[explanation.verdict] == 400.0**2
            assert list(explanation.areas_m2).index(explanation.verdict) == states[row, col]


def test_a_place_in_the_pit_is_removed_and_says_why(opened):
    for explanation in explain_at(opened, 18.335, 99.735):
        assert explanation.verdict == "removed"
        pit = next(limit for limit in explanation.limits if limit.id == "mine_pit")
        assert pit.area_m2 == 400.0**2


def test_a_place_outside_the_run_is_refused(opened):
    with pytest.raises(RunError) as caught:
        explain_at(opened, 13.7, 100.5)
    assert caught.value.faults[0].code == "place_outside"


def test_a_polygon_of_the_user_scores_the_mean_of_its_cells(opened, results, tmp_path):
    import shapely

    grid = results.grid
    x0, y0 = grid.x[40] - 200, grid.y[60] - 200
    square = shapely.box(x0, y0, x0 + 1_200, y0 + 1_200)
    path = tmp_path / "mine.geojson"
    gpd.GeoDataFrame({"name": ["A"]}, geometry=[square], crs=grid.crs).to_file(path)
    ((attributes, explanations),) = assess(opened, path)
    assert attributes["name"] == "A"
    assert attributes["cells"] == 9
    for explanation in explanations:
        block = score_of(results, explanation.use).value[58:61, 40:43]
        assert explanation.score == pytest.approx(float(np.nanmean(block)), abs=1e-5)
        assert sum(explanation.areas_m2.values()) == 9 * grid.cell_area_m2


def test_a_polygon_smaller_than_a_cell_is_judged_by_the_cell_it_lies_in(opened, results, tmp_path):
    import shapely

    grid = results.grid
    spot = shapely.Point(grid.x[40] + 150, grid.y[60] + 150).buffer(20)
    path = tmp_path / "spot.gpkg"
    gpd.GeoDataFrame(geometry=[spot], crs=grid.crs).to_file(path)
    ((attributes, explanations),) = assess(opened, path)
    assert attributes["cells"] == 1
    score = score_of(results, "green_estate").value[60, 40]
    assert explanations[1].score == pytest.approx(float(score), abs=1e-6)


def test_polygons_that_cannot_be_assessed_are_named_all_at_once(opened, tmp_path):
    import shapely

    bow_tie = shapely.Polygon([(99.7, 18.3), (99.8, 18.4), (99.8, 18.3), (99.7, 18.4)])
    far = shapely.box(100.5, 13.7, 100.6, 13.8)
    path = tmp_path / "bad.geojson"
    shapes = [bow_tie, far, shapely.Point(99.7, 18.3)]
    gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326").to_file(path)
    with pytest.raises(RunError) as caught:
        assess(opened, path)
    assert [f.code for f in caught.value.faults] == [
        "feature_invalid",
        "feature_outside",
        "feature_not_polygon",
    ]


def test_known_villages_never_raise_a_score(small_project, shared_store, results):
    resolved, catalog = prepare(small_project, "small")
    scenario = resolved.scenario
    blind = {}
    for use, definition in scenario.uses.items():
        criteria = {
            id: c.model_copy(update={"measure": None, "value": None, "needs": c.title})
            if c.measure and "settlements" in c.measure.layers()
            else c
            for id, c in definition.criteria.items()
        }
        blind[use] = definition.model_copy(update={"criteria": criteria})
    from dataclasses import replace

    without = replace(resolved, scenario=scenario.model_copy(update={"uses": blind}))
    worse = compute(without, catalog, store=shared_store)
    for use in blind:
        found = score_of(worse, use).value
        known = score_of(results, use).value
        both = ~np.isnan(known) & ~np.isnan(found)
        assert both.any()
        assert (known[both] <= found[both] + 1e-6).all()
        assert (known[both] < found[both] - 1e-3).any()


def test_a_run_that_fails_leaves_the_earlier_one_alone(small_project, folder, tmp_path):
    import shutil

    kept = tmp_path / "small"
    shutil.copytree(folder, kept)
    broken = tmp_path / "scenarios"
    shutil.copytree(small_project.scenarios, broken)
    text = (broken / "small.yaml").read_text(encoding="utf-8")
    (broken / "small.yaml").write_text(text + "  uses.green_estate.land.sites: many\n", "utf-8")
    with pytest.raises(FormatError):
        run(Project(small_project.layers, broken), "small", kept)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scenarios", "small"]
    assert (kept / "run.json").read_bytes() == (folder / "run.json").read_bytes()


def test_a_folder_that_is_no_run_is_never_replaced(small_project, tmp_path):
    (tmp_path / "thesis.docx").write_text("ten years of work")
    with pytest.raises(RunError) as caught:
        run(small_project, "small", tmp_path)
    assert caught.value.faults[0].code == "not_a_run_folder"
    assert (tmp_path / "thesis.docx").exists()


def test_a_scenario_nobody_wrote_is_refused_with_the_nearest(small_project, tmp_path):
    with pytest.raises(RunError) as caught:
        run(small_project, "smal", tmp_path / "x")
    assert str(caught.value.faults[0].expected).startswith("small, ")
    assert not (tmp_path / "x").exists()


def test_what_a_killed_run_left_goes_with_the_next_one(tmp_path):
    tiny = write_project(tmp_path, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")
    out = tmp_path / "runs"
    killed = (
        "import os, pathlib\n"
        "from maemoh_gis.runs import outputs, project, run\n"
        "outputs.write_all = lambda _, folder, **__: (folder / 'half').touch() or os._exit(9)\n"
        f"tiny = project.Project(pathlib.Path({str(tiny.layers)!r}),"
        f" pathlib.Path({str(tiny.scenarios)!r}))\n"
        f"run.run(tiny, 'tiny', pathlib.Path({str(out / 'tiny')!r}))"
    )
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    assert list(out.rglob("half"))
    run(tiny, "tiny", out / "tiny")
    assert [path.name for path in out.iterdir()] == ["tiny"]
