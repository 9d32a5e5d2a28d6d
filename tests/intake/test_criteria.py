"""A criterion that waits for its map is scored by a layer as whoever brings it says."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.core.errors import FormatError, LayerError
from maemoh_gis.files import read_text, write_text
from maemoh_gis.intake.effect import sites_moved
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.run import compute
from maemoh_gis.suitability.result import score_of
from tests.tiny import SIDE, SOUTH, UTM, WEST, write_project

DECLARED = """      tenure:
        title: {th: การถือครอง, en: Tenure}
        basis: A condition to resolve
        confidence: L
        needs: {th: แผนที่, en: A map}
viewpoint: only
"""
HALF = SIDE / 2
LAND = [
    shapely.box(WEST, SOUTH, WEST + HALF, SOUTH + HALF),
    shapely.box(WEST + HALF, SOUTH, WEST + SIDE, SOUTH + HALF),
]
ASKED = {"complete": "unknown", "as_of": 2568, "made_by": "An office", "licence": "own",
         "confidence": "M", "scenario": "tiny"}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    made = write_project(tmp_path, [shapely.Point(WEST, SOUTH)], complete="extent")
    path = made.scenarios / "tiny.yaml"
    content = read_text(path).replace("viewpoint: only\n", DECLARED)
    content = content.replace("{estate: {far: 1}}", "{estate: {far: 1, tenure: 1}}")
    write_text(path, content)
    return made


def parcels(**columns):
    return gpd.GeoDataFrame(columns, geometry=LAND, crs=UTM)


def added(project, frame, score, **said):
    return mm.add_layer(frame, "tenure", score=score, layers=project.layers,
                        scenarios=project.scenarios, **{**ASKED, **said})  # fmt: skip


def thirds(project):
    """Give the interval of the score in the two parcels and in the land without one."""
    results = compute(*prepare(project, "tiny"))
    score, rows = score_of(results, "estate"), results.grid.shape[0]
    quarter = rows // 4
    spots = [(3 * quarter, quarter), (3 * quarter, 3 * quarter), (quarter, quarter)]
    return [
        tuple(round(float(band[spot]), 3) for band in (score.low, score.high)) for spot in spots
    ]


WAYS = [
    ("kind deed=1 reform=0.25", {"kind": ["deed", "reform"]}, (1, 0.25)),
    ('"kind of land" "old deed"=0.5 reform=0', {"kind of land": ["old deed", "reform"]}, (0.5, 0)),
    ("share", {"share": [0.75, 0.5]}, (0.75, 0.5)),
    ("volume 0=0 200=1", {"volume": [100, 300]}, (0.5, 1)),
]


@pytest.mark.parametrize(("score", "columns", "expected"), WAYS)
def test_inside_a_parcel_the_score_is_what_was_said_and_elsewhere_it_stays_unknown(
    project, score, columns, expected
):
    """All land lies far from the one thing there is, so the other half of the weight scores 1."""
    before = thirds(project)
    assert [round(high - low, 3) for low, high in before] == [0.5, 0.5, 0.5]
    layer = added(project, parcels(**columns), score)
    halves = [round((1 + one) / 2, 3) for one in expected]
    assert thirds(project) == [(halves[0],) * 2, (halves[1],) * 2, before[2]]
    criterion = prepare(project, "tiny")[0].scenario.uses["estate"].criteria["tenure"]
    assert (criterion.confidence, criterion.needs) == ("M", None)
    layer.undo()
    assert thirds(project) == before


def test_a_word_that_nobody_scored_stays_unknown(project):
    added(project, parcels(kind=["deed", "other"]), "kind deed=1")
    found = thirds(project)
    assert found[0] == (1, 1)
    assert found[1] == found[2]


def test_distance_scores_all_land_only_where_the_map_is_complete(project):
    """In metres to the nearest parcel; where others may be missing nearer is possible."""
    added(project, parcels(n=[1, 2]), "distance 1000=1 2000=0", complete="province")
    found = thirds(project)
    assert found[:2] == [(1, 1)] * 2
    assert found[2] == (0.5, 0.5)


def test_what_it_moves_is_told_by_share_of_the_weight(project):
    layer = added(project, parcels(kind=["deed", "reform"]), "kind deed=1 reform=0.25")
    (sites,) = sites_moved(layer.added.before, layer.added.after)
    assert sites.scored_before == pytest.approx(0.5)
    assert sites.scored_after == pytest.approx(0.75, abs=0.01)
    assert sites.allowed_before_rai == sites.allowed_after_rai
    assert layer.known.empty


@pytest.mark.parametrize(
    ("score", "columns"),
    [
        ("owner", {"kind": ["deed", "reform"]}),
        ("kind", {"kind": ["deed", "reform"]}),
        ("kind deed=1 crown=0", {"kind": ["deed", "reform"]}),
        ("kind deed=2", {"kind": ["deed", "reform"]}),
        ("kind deed=", {"kind": ["deed", "reform"]}),
        ("volume", {"volume": [100, 300]}),
        ("volume 100=0 50=1", {"volume": [100, 300]}),
        ("volume 100=nan 200=1", {"volume": [100, 300]}),
        ("distance 100=1", {"kind": ["deed", "reform"]}),
        ("distance near=1 far=0", {"kind": ["deed", "reform"]}),
        ('"', {"kind": ["deed", "reform"]}),
        ("", {"kind": ["deed", "reform"]}),
    ],
)
def test_a_score_that_cannot_be_is_refused_with_what_may_stand_there(project, score, columns):
    before = read_text(project.layers / "catalog.yaml")
    with pytest.raises(FormatError) as refused:
        added(project, parcels(**columns), score)
    assert [(one.code, one.key) for one in refused.value.faults] == [("intake_choice", "score")]
    assert refused.value.faults[0].expected
    assert read_text(project.layers / "catalog.yaml") == before


def test_nobody_guesses_how_a_map_scores(project):
    with pytest.raises(FormatError) as refused:
        added(project, parcels(kind=["deed", "reform"]), None, cautious=True)
    assert [(one.code, one.key) for one in refused.value.faults] == [("intake_missing", "score")]


def test_points_score_by_distance_only(project):
    wells = gpd.GeoDataFrame(
        {"volume": [1.0]}, geometry=[shapely.Point(WEST + HALF, SOUTH)], crs=UTM
    )
    with pytest.raises(FormatError):
        added(project, wells, "volume 0=0 1=1")
    added(project, wells, "distance 0=1 1000=0")


def test_a_criterion_that_is_scored_waits_for_no_other_map(project):
    added(project, parcels(share=[0.5, 0.5]), "share")
    with pytest.raises(FormatError) as refused:
        added(project, parcels(share=[0.1, 0.1]), "share")
    assert ("intake_choice", "limit") in [(one.code, one.key) for one in refused.value.faults]


def test_an_entry_written_by_hand_must_say_how_it_scores(project):
    path = project.layers / "catalog.yaml"
    write_text(path, read_text(path).replace("  things:\n", "  things:\n    answers: tenure\n"))
    with pytest.raises(LayerError) as refused:
        prepare(project, "tiny")
    (fault,) = refused.value.faults
    assert (fault.code, fault.found) == ("answers_without_scores", "tenure")


def test_the_command_line_says_the_same(project, tmp_path, maemoh):
    file = tmp_path / "tenure.gpkg"
    parcels(ประเภท=["โฉนด", "ส.ป.ก."]).to_file(file)
    code, out, err = maemoh(
        "layers", "add", file, "--as", "tenure", "--score", "ประเภท โฉนด=1 ส.ป.ก.=0.2", "--as-of",
        2568, "--yes", "--scenario", "tiny", "--layers", project.layers, "--scenarios",
        project.scenarios, "--lang", "th",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "การถือครอง: มีคะแนนในบริเวณที่แผนที่บอก" in out
    assert "เดิมร้อยละ 50 ขณะนี้ร้อยละ 75" in out
    layer = read_catalog(project.layers)["own_tenure"]
    assert layer.scores.column == "score"
    assert layer.columns["score"].th == "คะแนนตาม ประเภท: โฉนด = 1; ส.ป.ก. = 0.2"
    frame = mm.open_catalog(project.layers).read("own_tenure")
    assert np.allclose(frame["score"], [1, 0.2])
