"""A feature that is put into the list is computed, written, recorded, drawn and told."""

import json

import geopandas as gpd
import pytest
import shapely

from maemoh_gis.engine.results import Place
from maemoh_gis.engine.stages import Stage
from maemoh_gis.files import sha256_of, write_text
from maemoh_gis.pages.content import ContextLayer, Style
from maemoh_gis.pages.report_content import Paragraph, Section
from maemoh_gis.presentation.feature import Feature, in_order
from maemoh_gis.runs import features
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.run import run
from maemoh_gis.runs.stage_table import stage_table
from tests.tiny import SOUTH, UTM, WEST, write_project

WATER = shapely.Point(WEST + 4_000, SOUTH + 4_000)
TITLE = {"th": "น้ำท่วม", "en": "Flooding of the toy"}


def flooded(results):
    found = results.found_as("flood", float)
    assert found is not None
    return found


def write(results, folder):
    return {"flood.csv": write_text(folder / "flood.csv", f"m2,{flooded(results)}\n")}


def layer(results):
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[WATER], crs=UTM)
    return [ContextLayer("flood", TITLE, frame, Style("#000000", "#000000", 1.0, 1.0), "L", TITLE,
                         "CC0-1.0", "toy")]  # fmt: skip


def told(run):
    m2 = f"{run.record['flood']['m2']:g} m2"
    return Section("flood", TITLE, [Paragraph({"th": m2, "en": m2})])


def near(results):
    places = [place for place in results.places if place.kind == "flood"]
    return results.describing({"near": float(len(places))})


FLOOD = Feature(
    stages=lambda _, __: [
        Stage("flood", lambda context, _: float(context.grid.cell_area_m2), "global", whole=True)
    ],
    places=lambda results: [Place("flood", "estate", 1, WATER)],
    tell_near=near,
    layers=lambda _: ["water"],
    cautions=lambda _: ["gauges"],
    write=write,
    record={
        95: lambda results: {
            "flood": {"m2": flooded(results), "places": results.described_as("near", float)}
        }
    },
    map_layers={70: layer},
    sections={135: told},
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(
        tmp_path_factory.mktemp("toy"), [WATER], complete="extent", water=[WATER], gauges=[WATER]
    )


@pytest.fixture(scope="module")
def without(project, tmp_path_factory):
    return run(project, "tiny", tmp_path_factory.mktemp("without") / "tiny")


@pytest.fixture(scope="module")
def folder(project, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "FEATURES", (*features.FEATURES, FLOOD))
        return run(project, "tiny", tmp_path_factory.mktemp("with") / "tiny")


def record_of(folder):
    return json.loads((folder / "run.json").read_text("utf-8"))


def test_its_stage_stands_in_the_table(project, monkeypatch):
    monkeypatch.setattr(features, "FEATURES", (*features.FEATURES, FLOOD))
    resolved, catalog = prepare(project, "tiny")
    assert "flood" in [stage.id for stage in stage_table(resolved.scenario, catalog)]


def test_its_cautions_are_asked_for(project, monkeypatch):
    monkeypatch.setattr(features, "FEATURES", (*features.FEATURES, FLOOD))
    assert features.cautions(prepare(project, "tiny")[0].scenario) == ["gauges"]


def test_its_file_is_written_and_its_checksum_recorded(folder):
    assert record_of(folder)["outputs"]["flood.csv"] == sha256_of(folder / "flood.csv")


def test_it_speaks_on_the_record_of_the_places_of_all(folder):
    assert record_of(folder)["flood"]["places"] == 1.0


def test_a_layer_no_stage_reads_is_on_record_with_its_checksum(folder, project):
    on_record = record_of(folder)["inputs"]["layers"]["water"]
    assert on_record["sha256"] == sha256_of(project.layers / "water.geojson")


def test_its_layer_is_drawn_and_its_section_told(folder):
    assert TITLE["en"] in (folder / "map.html").read_text("utf-8")
    assert TITLE["en"] in (folder / "report.html").read_text("utf-8")


def test_a_run_without_it_says_nothing_of_it(folder, without):
    ours, theirs = record_of(folder), record_of(without)
    assert set(ours) - set(theirs) == {"flood"}
    assert set(ours["outputs"]) - set(theirs["outputs"]) == {"flood.csv"}
    assert set(ours["stages"]) - set(theirs["stages"]) == {"flood"}


def test_every_other_file_stays_as_it_was(folder, without):
    ours, theirs = record_of(folder)["outputs"], record_of(without)["outputs"]
    told = {"map.html", "report.html"}
    assert {name for name in theirs if ours[name] != theirs[name]} <= told


def test_parts_stand_by_their_numbers_whatever_the_order_of_features():
    one, other = Feature(record={20: "b", 10: "a"}), Feature(record={15: "between"})
    for both in ((one, other), (other, one)):
        assert in_order(feature.record for feature in both) == ["a", "between", "b"]


def test_no_two_features_claim_one_number():
    for part in ("record", "map_layers", "sections"):
        numbers = [n for feature in features.FEATURES for n in getattr(feature, part)]
        assert len(numbers) == len(set(numbers)), part
