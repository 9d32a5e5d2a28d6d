"""A run tells what was learnt beside its score, declines where it must, and changes nothing."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio

import maemoh_gis as mm
from maemoh_gis.cache.store import Store
from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.grid import Grid
from maemoh_gis.learnt.beside import laid_beside, scale_of
from maemoh_gis.learnt.curves import Curve, Model
from maemoh_gis.learnt.places import measures_of
from maemoh_gis.runs.run import run
from tests.learnt import made_project
from tests.learnt.made_project import works

NEAR_M, ANYWHERE_M = 500, 4_800


def ran(folder, places, **asked):
    project = made_project.write(folder, places, **asked)
    pages = asked.get("learnt", True)
    return run(project, "tiny", folder / "runs" / "tiny", pages=pages)


@pytest.fixture(scope="module")
def told_and_again(tmp_path_factory):
    """Run a project twice from one store, empty at first; the second run writes no pages."""
    return twice(tmp_path_factory.mktemp("told"), works(30, NEAR_M))


@pytest.fixture(scope="module")
def told(told_and_again):
    return told_and_again[0]


def twice(root, places):
    project, store = made_project.write(root, places), Store(root)
    first, again, events = root / "runs" / "tiny", root / "again" / "tiny", []
    run(project, "tiny", first, store=store)
    run(project, "tiny", again, store=store, watch=events.append, pages=False)
    return first, again, {event.stage: event.kept for event in events if event.seconds is not None}


def record_of(folder):
    return json.loads((folder / "run.json").read_text("utf-8"))


def rows(folder, kind):
    with (folder / "learnt.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] == kind]


def bands(folder):
    with rasterio.open(folder / "learnt_estate.tif") as raster:
        return dict(zip(raster.descriptions, raster.read(), strict=True)), raster.tags()


def test_works_along_a_line_make_land_along_it_alike(told):
    found = record_of(told)["learnt"]["estate"]
    assert found["verdict"] == "told"
    assert found["auc"] > 0.85
    assert max(found["auc_elsewhere"]) < found["auc"]
    lost = {row["name"]: float(row["figure"]) for row in rows(told, "importance")}
    assert max(lost, key=lost.get) == "line"
    rank, _ = bands(told)
    assert rank["learnt"][45:55].mean() > 0.8
    assert rank["learnt"][:20].mean() < 0.4


def test_land_that_scores_for_another_reason_is_told_to_differ_and_which_measure_pushes(told):
    """The score asks for the farm first; works stand along the line, whatever the farm."""
    found, (values, tags) = record_of(told)["learnt"]["estate"], bands(told)
    assert found["above_rai"] > 0
    assert found["below_rai"] > 0
    numbers = dict(one.split(" ") for one in tags["measures"].split(","))
    east_on_the_line, at_the_farm = (50, 90), (10, 20)
    assert values["difference"][east_on_the_line] > 0.4
    assert numbers[f"{values['push'][east_on_the_line]:g}"] == "line"
    assert values["difference"][at_the_farm] < -0.4
    assert numbers[f"{-values['push'][at_the_farm]:g}"] == "line"
    patches = rows(told, "patch")
    assert "Line" in {row["note_en"].split(", ")[0] for row in patches}
    # Every piece is told with its land, and the land of all adds up.
    area = sum(float(row["land_rai"]) for row in patches)
    assert area == pytest.approx(found["above_rai"] + found["below_rai"], abs=0.1)


def test_a_raster_says_that_it_is_modelled_and_no_ranking(told):
    tags = bands(told)[1]
    assert tags["nature"] == "modelled"
    assert "never the ranking" in tags["caveat_en"]


def test_map_and_report_show_it_with_its_bias(told):
    for page in ("map.html", "report.html"):
        assert "past choices come back as a pattern" in (told / page).read_text("utf-8"), page
    assert "Less alike than its score has it" in (told / "report.html").read_text("utf-8")


def test_nothing_else_of_a_run_changes(told, tmp_path):
    """Scores, limits, sites with their order and classes: byte for byte as without it."""
    without = record_of(ran(tmp_path, works(30, NEAR_M), learnt=False))["outputs"]
    asked = record_of(told)["outputs"]
    assert {name for name, sha in without.items() if asked[name] != sha} == set()
    assert {"sites.gpkg", "score_estate.tif", "tables.xlsx"} <= set(without)


@pytest.mark.slow
def test_two_runs_give_the_same_bytes_with_other_threads_too(told, tmp_path):
    project = made_project.write(tmp_path, works(30, NEAR_M))
    code = (
        "from pathlib import Path; from maemoh_gis.runs.project import Project; "
        "from maemoh_gis.runs.run import run; "
        f"run(Project(Path({str(project.layers)!r}), Path({str(project.scenarios)!r})), 'tiny', "
        f"Path({str(tmp_path / 'runs' / 'tiny')!r}), pages=False)"
    )
    more = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": ""}
    subprocess.run([sys.executable, "-c", code], check=True, env=more)
    for name in ("learnt.csv", "learnt_estate.tif"):
        assert (tmp_path / "runs" / "tiny" / name).read_bytes() == (told / name).read_bytes(), name


def test_what_was_learnt_is_kept_as_plain_data_and_taken_again(told_and_again):
    """A second run learns nothing and writes the same."""
    _taken_again(*told_and_again)


@pytest.mark.slow
def test_what_was_declined_is_kept_and_taken_again(tmp_path):
    _taken_again(*twice(tmp_path, works(12, NEAR_M)))


def _taken_again(first, again, kept):
    assert kept["learnt:estate"]
    assert kept["beside:estate"]
    before, after = (record_of(folder)["outputs"] for folder in (first, again))
    assert after == {name: before[name] for name in after}
    assert {Path(name).suffix for name in set(before) - set(after)} == {".html"}


DECLINED = {
    "too_few_places": (works(12, NEAR_M), {}, "there are 12 places"),
    "too_few_blocks": (works(16, NEAR_M), {"least_blocks": 99}, "in fewer than 99 blocks"),
    "chance": (works(30, ANYWHERE_M, seed=8), {}, "no better than chance"),
}


@pytest.mark.parametrize("verdict", DECLINED)
def test_it_declines_and_says_with_which_numbers(verdict, tmp_path):
    places, asked, words = DECLINED[verdict]
    folder = ran(tmp_path, places, **asked)
    found = record_of(folder)["learnt"]["estate"]
    assert found["verdict"] == verdict
    assert words in found["says"]["en"]
    assert not (folder / "learnt_estate.tif").exists()
    assert [row["name"] for row in rows(folder, "verdict")] == [verdict]
    assert words in (folder / "report.html").read_text("utf-8")


def test_python_gives_the_same_without_a_run(told, tmp_path):
    project = made_project.write(tmp_path, works(30, NEAR_M), learnt=False)
    folders = {"layers": project.layers, "scenarios": project.scenarios}
    scenario = mm.load_scenario("tiny", **folders)
    asked = {"block_km": 1, "least_places": 15, "least_blocks": 5, "land_cells": 1500}
    found = mm.learn(scenario, "estate", "works", **asked)
    of_run = record_of(told)["learnt"]["estate"]
    assert {k: v for k, v in found.figures.items() if k != "basis"} == {
        k: v for k, v in of_run.items() if k != "basis"
    }
    for name, band in bands(told)[0].items():
        np.testing.assert_array_equal(found.rasters()[name], band)
    land = found.disagreement()
    assert land[land["above"]]["land_rai"].sum() == pytest.approx(of_run["above_rai"], abs=0.1)
    assert found.table("importance")["figure"].tolist() == [
        float(row["figure"]) for row in rows(told, "importance")
    ]
    assert "never the ranking" in found._repr_html_()


def test_python_refuses_what_a_scenario_would_be_refused_for(tmp_path):
    project = made_project.write(tmp_path, works(12, NEAR_M), learnt=False)
    scenario = mm.load_scenario("tiny", layers=project.layers, scenarios=project.scenarios)
    wrong = {
        "unknown_layer": ("factories", {}),
        "wrong_layer_kind": ("line", {}),
        "unknown_criterion": ("works", {"leave_out": ["slope"]}),
        "too_little_to_learn": ("works", {"leave_out": ["far", "farm"]}),
        "unknown_key": ("works", {"blocks_km": 5}),
    }
    for code, (layer, asked) in wrong.items():
        with pytest.raises(FormatError) as refused:
            mm.learn(scenario, "estate", layer, **asked)
        assert [fault.code for fault in refused.value.faults] == [code]


def test_the_library_is_loaded_only_where_something_is_learnt(tmp_path):
    project = made_project.write(tmp_path, works(12, NEAR_M), learnt=False)
    code = (
        "import sys; from pathlib import Path; from maemoh_gis.runs.project import Project; "
        "from maemoh_gis.runs.run import run; "
        f"run(Project(Path({str(project.layers)!r}), Path({str(project.scenarios)!r})), 'tiny', "
        f"Path({str(tmp_path / 'runs' / 'tiny')!r}), pages=False); "
        "print('sklearn.linear_model' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_nothing_is_told_of_land_on_which_a_measure_is_unknown():
    grid = Grid("EPSG:32647", 100.0, 5000, -20000, 1, 4)
    far = np.array([[0.0, 50.0, np.nan, 100.0]], dtype=np.float32)
    cover = np.array([[1, 1, 1, 0]], dtype=np.uint8)
    measures = measures_of({"far": False, "cover": True}, [far, cover])
    falls, level = (Curve(one, (0.0, 100.0), (1.0, -1.0)) for one in measures.of)
    model = Model("straight", (falls, level))
    land = np.linspace(-1, 1, 200)
    scale = scale_of(land, np.linspace(0, 1, 200), np.ones(200, dtype=bool))
    score, state = np.full((1, 4), 0.5, np.float32), np.ones((1, 4), np.uint8)
    study = np.ones((1, 4), dtype=bool)
    rank, apart, push = laid_beside(model, measures, score, state, study, scale, grid)
    np.testing.assert_array_equal(np.isnan(rank), [[False, False, True, True]])
    np.testing.assert_array_equal(np.isnan(apart), [[False, False, True, True]])
    np.testing.assert_array_equal(np.isnan(push), [[False, False, True, True]])
