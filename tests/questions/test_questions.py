"""Open legal questions are told with distances and never take land away."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.ask.explain import assess, explain_at
from maemoh_gis.batch.run import is_finished
from maemoh_gis.cache.store import Store
from maemoh_gis.core.errors import FormatError
from maemoh_gis.files import read_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.questions.questions import (
    band_words,
    features_of,
    questions_on_record,
    with_questions,
)
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.run import run
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.settings.question import Question
from maemoh_gis.sites.result import described_by, sites_of
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import states_of
from tests.computed import compute
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS

WORDS = {"th": "ก", "en": "a"}
ASKED = {
    "title": WORDS, "asks": WORDS, "basis": WORDS, "ask": WORDS, "concerns": WORDS,
    "distance_to": [{"layer": "mine"}], "bands_m": [1000, 3000, 5000], "bands_basis": "ASSUMPTION",
}  # fmt: skip
HEAD = """version: 1
id: {id}
extends: {base}
title: {{th: ทดสอบ, en: Test}}
question: {{th: ทดสอบ, en: Test}}
"""
# Mae Mo subdistrict, where pit and plant are, in cells of 200 m.
SMALL = """change:
  area: {layer: subdistricts, where: {code: 520204}}
  grid: {crs: "EPSG:32647", cell_m: 200}
  freight: null
  choice: null
add:
  holds: [green_estate]
"""
BANNED = """add:
  limits.mine_5_km:
    title: {th: ระยะจากเหมือง, en: Distance from the mine}
    ground: planning
    basis: {th: ข้อสมมติ, en: "ASSUMPTION: the condition read as a ban"}
    outcome: removed
    layer: mine
    where: {part: [pit, dump]}
    test: {within_m: 5000}
  limits.bare_ground_5_km:
    title: {th: ระยะจากพื้นที่เปิดหน้าดิน, en: Distance from bare ground}
    ground: planning
    basis: {th: ข้อสมมติ, en: "ASSUMPTION: the condition read as a ban"}
    outcome: removed
    layer: mine_ground
    where: {variant: outer}
    test: {within_m: 5000}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project") / "scenarios"
    copy_scenarios(folder)
    for id, base, body in (("asked", "baseline", SMALL), ("banned", "asked", BANNED)):
        text = HEAD.format(id=id, base=base) + body
        (folder / f"{id}.yaml").write_text(text, encoding="utf-8")
    return Project(LAYERS, folder)


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Give each scenario a store of its own, so that none takes what another computed."""
    return {id: Store(tmp_path_factory.mktemp(f"kept_of_{id}")) for id in ("asked", "banned")}


@pytest.fixture(scope="module")
def results(project, stores):
    return {id: compute(*prepare(project, id), store=store) for id, store in stores.items()}


@pytest.fixture(scope="module")
def folder(project, stores, tmp_path_factory):
    return run(project, "asked", tmp_path_factory.mktemp("run") / "asked", store=stores["asked"])


@pytest.fixture(scope="module")
def rows(folder):
    return list(csv.DictReader(io.StringIO(read_text(folder / "questions.csv"))))


def distances(results):
    """Measure from every cell of the study area to bare ground, pit and dumps, without the code on
    trial.
    """
    import geopandas as gpd

    grid = results.grid
    mine = gpd.read_file(LAYERS / "mine.geojson").to_crs(grid.crs)
    outer = (mine.part == "pit") & (mine.variant == "outer")
    seen = gpd.read_file(LAYERS / "mine_2026.geojson").to_crs(grid.crs)
    shapes = [*mine[outer | (mine.part == "dump")].geometry]
    shapes += [*seen[seen.variant == "outer"].geometry]
    x, y = np.meshgrid(grid.x, grid.y)
    return np.min([shapely.distance(shapely.points(x, y), one) for one in shapes], axis=0)


@given(metres=st.floats(0, 1e5))
def test_every_distance_lies_in_one_band(metres):
    question = Question(**ASKED)
    low, high = question.band_of(metres)
    assert (low, high) in question.bands()
    assert low <= metres
    assert high is None or metres <= high


def test_bands_by_hand():
    question = Question(**ASKED)
    assert question.band_of(0) == (0, 1000)
    assert question.band_of(1000) == (0, 1000)
    assert question.band_of(1000.1) == (1000, 3000)
    assert question.band_of(5000.1) == (5000, None)
    assert [band_words(band, "en") for band in question.bands()] == [
        "up to 1 km", "over 1 to 3 km", "over 3 to 5 km", "over 5 km",
    ]  # fmt: skip
    assert band_words((5000, None), "th") == "เกิน 5 กม."


def test_bands_must_rise(project):
    body = "change:\n  questions.resettlement_5_km.bands_m: [3000, 1000]\n"
    file = project.scenarios / "falling.yaml"
    file.write_text(HEAD.format(id="falling", base="baseline") + body, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        project.scenario("falling")
    file.unlink()
    assert [fault.code for fault in caught.value.faults] == ["bands_not_rising"]


@pytest.mark.parametrize(
    ("line", "code", "expected"),
    [
        ("distance_to: [{layer: mines}]", "unknown_layer", "mine"),
        ("villages: resettlement_village", "unknown_layer", "resettlement_villages"),
        ("villages: coal_units", "unknown_column", None),
        ("distance_to: [{layer: slope}]", "wrong_layer_kind", "lines / points / polygons"),
    ],
)
def test_names_nothing_stands_behind(project, line, code, expected):
    file = project.scenarios / "wrong.yaml"
    body = f"change:\n  questions.resettlement_5_km.{line}\n"
    file.write_text(HEAD.format(id="wrong", base="baseline") + body, encoding="utf-8")
    try:
        faults = faults_of(project.scenario("wrong"), project.catalog())
    finally:
        file.unlink()
    assert {fault.code for fault in faults} == {code}
    assert expected is None or faults[0].expected == expected


def test_a_question_takes_no_land_and_a_limit_that_states_it_does(results):
    asked = results["asked"]
    near = (distances(asked) <= 5000) & asked.study
    states = {id: states_of(r, "green_estate").state for id, r in results.items()}
    assert (states["asked"][near] != State.REMOVED).any()
    assert (states["banned"][near] == State.REMOVED).all()
    assert np.array_equal(states["asked"][~near], states["banned"][~near])


def test_the_ruling_is_no_limit_and_never_checked(folder):
    record = json.loads(read_text(folder / "run.json"))
    told = record["questions"]["resettlement_5_km"]
    assert told["status"] == "not_located"
    of_law = record["legal_limits"]
    named = [*of_law["checked"], *of_law["partly"], *of_law["not_checked"]]
    assert of_law["of"] == len(named) == 8
    assert "resettlement_5_km" not in named
    assert told["people"] == {"villages": 5, "moved": 0, "households": 1458}
    said = [caveat["en"] for caveat in record["caveats"]]
    assert sum("Open legal question: Moving people" in line for line in said) == 1
    assert {"mine", "mine_2026", "resettlement_villages"} <= set(record["inputs"]["layers"])


def test_land_by_band_adds_up_and_is_what_cells_say(folder, results):
    """Cells of 200 m (25 rai) on the other hand; an edge of 5 km cuts a few hundred of them."""
    (told,) = json.loads(read_text(folder / "run.json"))["questions"].values()
    metres = distances(results["asked"])[results["asked"].study]
    total = 0.0
    for band in told["bands"]:
        high = np.inf if band["to_m"] is None else band["to_m"]
        inside = (metres > band["from_m"]) & (metres <= high)
        if band["from_m"] == 0:
            inside = metres <= high
        assert band["land_rai"] == pytest.approx(inside.sum() * 25, rel=0.02, abs=100)
        total += band["land_rai"]
    assert total == pytest.approx(metres.size * 25, rel=0.01)


def test_every_site_says_how_far_it_lies(folder, rows, project):
    import geopandas as gpd

    frame = gpd.read_file(folder / "sites.gpkg", layer="sites_green_estate")
    scenario, catalog = project.scenario("asked").scenario, project.catalog()
    question = scenario.questions["resettlement_5_km"]
    mine = features_of(question, Layers(catalog), scenario.grid.crs)
    sites = [row for row in rows if row["kind"] == "site"]
    assert len(sites) == len(frame) > 0
    for (_, site), row in zip(frame.iterrows(), sites, strict=True):
        metres = site.geometry.distance(mine)
        assert abs(float(row["distance_m"]) - metres) <= 0.5
        assert site["resettlement_5_km_m"] == round(metres)
        assert site["resettlement_5_km_band_en"] == row["band_en"]
        assert float(row["band_from_m"]) <= metres
    villages = [row for row in rows if row["kind"] == "village"]
    assert [row["households_of_all"] for row in villages] == ["1458"] * 5
    assert villages[0]["name_th"] == "บ้านห้วยคิง (หมู่ 6 ตำบลแม่เมาะ)"
    assert villages[1]["name_en"] == "moo 1, Ban Dong"  # a village whose name is not known


def test_a_site_just_beyond_a_band_is_counted_where_it_says_it_lies(results):
    """At 1,000.3 m, which rounds to the end of the first band."""
    asked = results["asked"]
    question = asked.resolved.scenario.questions["resettlement_5_km"]
    mine = features_of(question, asked.layers, asked.grid.crs)
    places = shapely.get_coordinates(mine)
    x, y = places[places[:, 0].argmax()] + (1000.3, 0.0)
    site = shapely.box(x, y - 200, x + 400, y + 200)
    moved = sites_of(asked, "green_estate").iloc[:1].set_geometry([site], crs=asked.grid.crs)
    told = with_questions(described_by(asked, {"green_estate": moved}))
    assert sites_of(told, "green_estate")["resettlement_5_km_m"].tolist() == [1000]
    (record,) = questions_on_record(told).values()
    assert [band["sites"]["green_estate"] for band in record["bands"]] == [0, 1, 0, 0]


def test_a_run_is_not_finished_where_its_villages_are_read_otherwise_now(folder, project):
    """No stage reads them, so no key of a stage says so."""
    resolved, catalog = prepare(project, "asked")
    assert is_finished(folder, resolved, Layers(catalog))
    villages = catalog["resettlement_villages"].model_copy(update={"encoding": "cp874"})
    other = replace(catalog, layers={**catalog.layers, "resettlement_villages": villages})
    assert not is_finished(folder, resolved, Layers(other))


def test_the_report_the_sheets_and_the_map_ask(folder):
    report = read_text(folder / "report.html")
    assert "Open legal questions" in report
    assert "O.749-764/2557" in report
    assert "1,458" in report
    for page in ("site_sheets.html", "map.html"):
        assert "Moving people affected by the Mae Moh mine" in read_text(folder / page)
    assert "Record of the resettlement" in read_text(folder / "site_sheets.html")


def test_a_cell_and_a_piece_of_land_are_told_their_distance(folder, project, tmp_path):
    import geopandas as gpd

    finished = open_run(folder, project.catalog())
    (in_pit,) = explain_at(finished, 18.335, 99.735)
    (part,) = in_pit.questions
    assert (part.id, part.metres, part.band_m) == ("resettlement_5_km", 0, (0, 1000))
    pit = gpd.read_file(LAYERS / "mine.geojson").to_crs("EPSG:32647")
    middle = pit[(pit.part == "pit") & (pit.variant == "outer")].union_all()
    # A square whose west edge is 2,000 m east of the easternmost point of all pit and dumps.
    whole = pit[(pit.part == "dump") | ((pit.part == "pit") & (pit.variant == "outer"))].union_all()
    east = whole.bounds[2] + 2000
    square = shapely.box(east, middle.centroid.y, east + 400, middle.centroid.y + 400)
    file = tmp_path / "land.geojson"
    gpd.GeoDataFrame({"name": ["land"]}, geometry=[square], crs="EPSG:32647").to_file(file)
    ((_, (answer,)),) = assess(finished, file)
    (part,) = answer.questions
    assert part.metres == pytest.approx(square.distance(whole), abs=1)
    assert part.metres >= 2000
