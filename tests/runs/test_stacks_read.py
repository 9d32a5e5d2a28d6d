"""A run over stacks of layers says what it was read from, and what was not there."""

import json

import numpy as np
import pytest
import rasterio
import shapely

from maemoh_gis.ask.explain import explain_at
from maemoh_gis.batch.run import is_finished
from maemoh_gis.cli import main
from maemoh_gis.commands.answers import explanations_as_data
from maemoh_gis.core.errors import FormatError, LayerError, RunError
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.run import run
from maemoh_gis.runs.run_again import rerun, verify
from tests.stacked_heights import (
    STACK,
    SURVEY,
    WORLD,
    checksums,
    take_out,
    write_heights,
    write_stack,
)
from tests.tiny import SOUTH, WEST, write_project

THINGS = [shapely.Point(WEST + 5_000, SOUTH + 5_000)]
IN_VALLEY, OUTSIDE = (18.21463, 99.70060), (18.18, 99.68)
ABSENT = """  things:
    title: {th: สิ่ง, en: Things}
    kind: points
    best_of: [things_2568, things_2567]
    may_be_absent: true
"""


def record_of(folder):
    return json.loads((folder / "run.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    project = write_heights(folder / "project", THINGS)
    return project, run(project, "tiny", folder / "runs", pages=False)


def test_a_run_knows_every_cell_across_the_seam(made):
    _, folder = made
    rasters = list(folder.glob("*score*.tif"))
    assert rasters
    with rasterio.open(rasters[0]) as source:
        values = source.read(1, masked=True)
    assert not np.ma.getmaskarray(values).any()
    assert set(np.round(np.unique(values), 3).tolist()) == {0.0, 0.5}


def test_the_record_names_members_and_their_share_of_the_cells(made):
    _, folder = made
    inputs = record_of(folder)["inputs"]
    assert set(inputs["layers"]) == {"study", "things", "survey_dem", "elevation"}
    assert inputs["stacks"] == {
        "heights": {
            "kind": "raster", "present": ["survey_dem", "elevation"], "absent": [],
            "read": ["survey_dem", "elevation"], "as_slope": [],
            "cells": {"survey_dem": 0.0361, "elevation": 0.9639}, "cells_unknown": 0.0,
        }
    }  # fmt: skip


def test_the_weight_a_stack_scores_is_observed_where_the_observed_member_is_read(made):
    record = record_of(made[1])
    # The one criterion reads the stack; the limit around a thing on the corner of the valley takes
    # some of its cells, so that open land holds less of it than the 361 of 10,000.
    (criterion,) = record["scored"]["estate"]["criteria"].values()
    told = {nature: share for nature, share in record["nature"]["estate"].items() if share}
    assert told == criterion["nature"]
    assert set(told) == {"observed", "modelled"}
    assert 0.034 < told["observed"] < 0.0361
    assert sum(told.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("place", "member", "title", "height"),
    [
        (IN_VALLEY, "survey_dem", "Valley survey", SURVEY),
        (OUTSIDE, "elevation", "World model", WORLD),
    ],
)
def test_explain_says_which_member_the_values_of_a_cell_are(made, place, member, title, height):
    project, folder = made
    opened = open_run(folder, project.catalog())
    (why,) = explain_at(opened, *place)
    assert [(part.layer, part.member, part.share) for part in why.members] == [
        ("heights", member, 1.0)
    ]
    assert why.criteria[0].measure == height
    told = explanations_as_data(opened, [why])["uses"]["estate"]["members"]
    assert told[0]["title"]["en"] == title


def test_an_explanation_without_stacks_says_nothing_of_them(tmp_path):
    project = write_project(tmp_path, THINGS)
    folder = run(project, "tiny", tmp_path / "runs", pages=False)
    opened = open_run(folder, project.catalog())
    told = explanations_as_data(opened, explain_at(opened, *OUTSIDE))
    assert "members" not in told["uses"]["estate"]
    assert "stacks" not in record_of(folder)["inputs"]


def test_a_stack_of_one_gives_the_run_of_that_layer(tmp_path):
    project = write_heights(tmp_path / "a", THINGS, "best_of: [elevation]")
    stacked = run(project, "tiny", tmp_path / "stacked", pages=False)
    scenario = project.scenarios / "tiny.yaml"
    scenario.write_text(scenario.read_text("utf-8").replace("heights", "elevation"), "utf-8")
    alone = run(project, "tiny", tmp_path / "alone", pages=False)
    found, expected = checksums(stacked), checksums(alone)
    assert [name for name in expected if found[name] != expected[name]] == ["run.json"]
    assert len(expected) > 5


def test_a_member_taken_out_is_told_and_the_rest_is_read(tmp_path):
    project = write_heights(tmp_path / "project", THINGS)
    take_out(project, "survey_dem")
    folder = run(project, "tiny", tmp_path / "runs", pages=False)
    record = record_of(folder)
    assert record["inputs"]["stacks"]["heights"]["absent"] == ["survey_dem"]
    assert record["inputs"]["stacks"]["heights"]["cells"] == {"elevation": 1.0}
    assert any(
        "the layer survey_dem is not here; what rests on it is taken from World model" in one["en"]
        for one in record["caveats"]
    )


def test_a_run_is_not_opened_over_other_members(tmp_path):
    project = write_heights(tmp_path / "project", THINGS, survey=None)
    folder = run(project, "tiny", tmp_path / "runs", pages=False)
    resolved, catalog = prepare(project, "tiny")
    assert is_finished(folder, resolved, Layers(catalog), pages=False)
    assert [f for f in verify(folder, project, catalog) if f.blocks] == []
    assert rerun(folder, catalog, tmp_path / "again").different == ()
    take_out(project, "heights")
    write_stack(project, "best_of: [elevation]")
    open_run(folder, project.catalog())
    write_heights(tmp_path / "project", THINGS)
    resolved, catalog = prepare(project, "tiny")
    assert not is_finished(folder, resolved, Layers(catalog), pages=False)
    assert "layer_read_otherwise" in {f.code for f in verify(folder, project, catalog)}
    with pytest.raises(RunError):
        open_run(folder, catalog)


def without_things(folder, **more):
    project = write_project(folder, THINGS, **more)
    catalog = project.layers / "catalog.yaml"
    text = catalog.read_text("utf-8")
    catalog.write_text(text[: text.index("  things:\n")] + ABSENT, "utf-8")
    return project


def test_features_that_are_all_absent_earn_nothing_and_remove_nothing(tmp_path):
    project = without_things(tmp_path / "project")
    scenario = project.scenarios / "tiny.yaml"
    text = scenario.read_text("utf-8").replace("viewpoint: only\n", """      centre:
        title: {th: กลาง, en: Centre}
        basis: A test
        confidence: H
        measure: {distance_to: study}
        value: {unit: m, points: [[0, 1], [1000, 0]]}
viewpoint: only
""", 1)  # fmt: skip
    scenario.write_text(text.replace("{far: 1}", "{far: 1, centre: 3}"), "utf-8")
    folder = run(project, "tiny", tmp_path / "runs", pages=False)
    record = record_of(folder)
    assert "things" not in record["inputs"]["layers"]
    assert record["inputs"]["stacks"]["things"]["absent"] == ["things_2568", "things_2567"]
    (why,) = explain_at(open_run(folder, project.catalog()), *OUTSIDE)
    assert (why.score, why.low, why.high) == (1.0, 0.75, 1.0)
    assert why.verdict == "allowed"
    assert why.criteria[0].score is None
    assert [limit.known_m2 for limit in why.limits] == [0.0]


def test_what_more_than_limits_and_criteria_need_cannot_be_absent(tmp_path):
    project = without_things(tmp_path)
    scenario = project.scenarios / "tiny.yaml"
    text = scenario.read_text("utf-8").replace("view: {layer: study}", "view: {layer: things}")
    scenario.write_text(text, "utf-8")
    with pytest.raises(FormatError) as raised:
        prepare(project, "tiny")
    assert [fault.code for fault in raised.value.faults] == ["stack_needed"]


def test_a_page_is_written_of_stacks_too(tmp_path):
    project = write_heights(tmp_path / "project", THINGS, STACK)
    folder = run(project, "tiny", tmp_path / "runs")
    report = (folder / "report.html").read_text("utf-8")
    assert "Valley survey (3.6 %); World model (96.4 %)" in report
    assert "observed 3 %; modelled, not observed 97 %" in report
    assert "จากการสำรวจ 3 %" in report


def test_a_raster_of_several_files_is_not_read_as_one(tmp_path):
    import maemoh_gis as mm

    catalog = mm.open_catalog(write_heights(tmp_path, THINGS).layers)
    assert catalog.read("survey_dem").shape == (160, 160)
    with pytest.raises(LayerError) as raised:
        catalog.read("heights")
    assert raised.value.faults[0].code == "stack_not_one_file"


def test_a_run_over_slopes_of_stacked_heights_says_what_they_are_read_from(
    tmp_path, capsys, monkeypatch
):
    project = write_heights(tmp_path / "project", THINGS)
    catalog = project.layers / "catalog.yaml"
    entry = (
        "  steep:\n    title: {th: ความลาดชัน, en: Slope}\n    kind: raster\n    slope_of: heights\n"
    )
    catalog.write_text(catalog.read_text("utf-8") + entry, "utf-8")
    scenario = project.scenarios / "tiny.yaml"
    text = scenario.read_text("utf-8").replace("value_of: heights", "value_of: steep")
    scenario.write_text(
        text.replace("{unit: m, points: [[300", "{unit: percent, points: [[0"), "utf-8"
    )
    folder = run(project, "tiny", tmp_path / "runs", pages=False)
    stack = record_of(folder)["inputs"]["stacks"]["steep"]
    assert stack["as_slope"] == ["elevation", "survey_dem"]
    assert stack["cells"] == {"survey_dem": 0.0361, "elevation": 0.9639}
    monkeypatch.setattr(
        "sys.argv", ["x", "--lang", "en", "layers", "list", "--layers", str(project.layers)]
    )
    with pytest.raises(SystemExit):
        main()
    assert "slope of survey_dem, slope of elevation" in capsys.readouterr().out
