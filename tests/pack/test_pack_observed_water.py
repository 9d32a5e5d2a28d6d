"""Observed water: outlines, those of the large reservoirs with names, and courses that meet."""

import geopandas as gpd
import pytest
import shapely

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import observed_water
from pack.noding import Way, crossing_pairs, on_grid
from pack.observed_water import CourseFacts, draw_bodies
from pack.traces import METRES
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")

LAYER_IDS = ("water_bodies", "rivers")


@pytest.fixture(scope="module")
def layers():
    return {id: files.read_vector(LAYERS / f"{id}.geojson") for id in LAYER_IDS}


@pytest.fixture(scope="module")
def catalog():
    return read_catalog(LAYERS)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("observed_water")
    for name in ("reservoirs.geojson", "hydro_points.geojson"):
        (out / name).write_bytes((LAYERS / name).read_bytes())
    return out, observed_water.build(SOURCES, out)


def outlines(*shapes, names=None):
    named = names or [None] * len(shapes)
    return gpd.GeoDataFrame({"class": "lake", "name": named}, geometry=list(shapes), crs=METRES)


def known(name, shape):
    return gpd.GeoDataFrame({"name_th": [name], "name_en": [name]}, geometry=[shape], crs=METRES)


LAKE = shapely.box(0, 0, 2000, 1000)
FAR = known("far", shapely.box(9000, 9000, 9100, 9100))


def test_pieces_that_touch_are_one_body_and_small_water_is_left_out():
    read = outlines(LAKE, shapely.box(2000, 0, 2500, 1000), shapely.box(5000, 0, 5040, 40))
    drawn = draw_bodies(read, FAR)
    assert drawn["area_rai"].tolist() == [1562.5]


def test_water_is_named_by_the_rough_outline_it_covers():
    assert (
        draw_bodies(outlines(LAKE), known("a", shapely.box(0, 0, 1000, 1000)))["name_en"][0] == "a"
    )
    poor = known("a", shapely.box(-9000, 0, 500, 1000))
    assert draw_bodies(outlines(LAKE), poor)["name_en"][0] is None


def test_large_water_is_named_by_the_dam_on_its_shore_and_a_pond_is_not():
    dam = known("a", shapely.Point(2100, 500))
    assert draw_bodies(outlines(LAKE), dam)["name_en"][0] == "a"
    assert draw_bodies(outlines(shapely.box(1900, 400, 2000, 600)), dam)["name_en"][0] is None


def test_the_name_of_the_source_goes_first():
    drawn = draw_bodies(outlines(LAKE, names=["หนองหลวง"]), known("a", LAKE))
    assert drawn["name_th"][0] == "หนองหลวง"
    assert drawn["name_en"][0] is None


@pytest.mark.parametrize("id", LAYER_IDS)
def test_every_column_is_described(layers, catalog, id):
    assert set(catalog[id].columns) == set(layers[id].columns) - {"geometry"}


def test_the_four_large_reservoirs_have_their_names(layers):
    bodies = layers["water_bodies"]
    assert set(bodies["name_en"].dropna()) == {
        "Mae Chang reservoir", "Kiu Kho Ma reservoir", "Kiu Lom reservoir", "Mae Kham reservoir",
    }  # fmt: skip
    assert bodies["name_en"].dropna().is_unique


def test_outlines_are_sound_apart_and_as_large_as_stated(layers, catalog):
    bodies = layers["water_bodies"].to_crs(METRES)
    assert bodies.is_valid.all()
    assert abs(bodies.area / 1600 - bodies["area_rai"]).max() < 10
    assert bodies["area_rai"].min() >= 1.2
    assert bodies.area.sum() / 1e6 == pytest.approx(
        catalog["water_bodies"].accuracy["area_km2"], abs=0.2
    )


def test_mae_chang_is_about_as_large_as_the_older_outline(layers):
    bodies = layers["water_bodies"].set_index("name_en")
    older = files.read_vector(LAYERS / "reservoirs.geojson").set_index("name_en")
    new, old = (frame.loc["Mae Chang reservoir", "area_rai"] for frame in (bodies, older))
    assert 1.0 < new / old < 1.25


def test_courses_meet_at_their_ends_alone(layers):
    rivers = layers["rivers"]
    level = rivers["bridge"].notna().astype(int) - rivers["underground"].notna().astype(int)
    ways = [
        Way(on_grid(line), CourseFacts("river", level=int(at)))
        for line, at in zip(rivers.geometry, level, strict=True)
    ]
    assert crossing_pairs(ways).tolist() == []


def test_lengths_by_kind_are_those_the_catalog_states(layers, catalog):
    km = layers["rivers"].groupby("kind")["length_m"].sum() / 1000
    for kind in ("river", "stream", "canal", "drain"):
        assert km[kind] == pytest.approx(catalog["rivers"].accuracy[f"{kind}_km"], abs=2)


def test_the_wang_is_there_by_name_and_its_gauges_stand_beside_a_river(layers):
    rivers = layers["rivers"].to_crs(METRES)
    assert rivers.loc[rivers["name_th"] == "แม่น้ำวัง", "length_m"].sum() > 200_000
    gauges = files.read_vector(LAYERS / "hydro_points.geojson").to_crs(METRES)
    wang = gauges[(gauges["kind"] == "river_gauge") & (gauges["river"] == "Wang")]
    province = files.read_vector(LAYERS / "districts.geojson").to_crs(METRES).union_all()
    away = wang[wang.within(province)].distance(rivers.union_all())
    assert away.median() < 100


def test_they_lie_within_the_stated_metres_of_their_source(catalog):
    for id in LAYER_IDS:
        assert catalog[id].accuracy["offset_median_m"] <= 3
        assert catalog[id].accuracy["offset_p95_m"] <= 15
    assert catalog["rivers"].accuracy["mae_mo_offset_max_m"] <= 5


@needs_sources
@pytest.mark.parametrize("id", LAYER_IDS)
def test_rebuilding_gives_the_committed_bytes(rebuilt, id):
    assert same_file(rebuilt[0] / f"{id}.geojson", LAYERS / f"{id}.geojson")


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt, catalog):
    assert rebuilt[1] == {id: dict(catalog[id].accuracy) for id in LAYER_IDS}
