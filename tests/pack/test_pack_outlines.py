"""Outlines of used land and of parks: valid, in their subdistrict, claiming no more than known."""

import numpy as np
import pytest
import shapely

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import outlines as theme
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


def _metres(name):
    return files.read_vector(LAYERS / name).to_crs("EPSG:32647")


@pytest.fixture(scope="module")
def land():
    return _metres("land_use_outlines.geojson")


@pytest.fixture(scope="module")
def parks():
    return _metres("park_outline.geojson").set_index("name_en")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("outlines")
    for name in ("subdistricts", "districts", "village_points", "protected_area_points"):
        (out / f"{name}.geojson").write_bytes((LAYERS / f"{name}.geojson").read_bytes())
    return out, theme.build(SOURCES, out)


def test_outlines_are_valid_and_of_the_classes_named(land):
    assert land.is_valid.all()
    assert set(land["land_use"]) == set(theme.CLASSES.values())


def test_each_outline_touches_the_subdistrict_it_stands_with(land):
    areas = _metres("subdistricts.geojson").set_index("code")
    own = areas.geometry.loc[land["subdistrict_code"]].reset_index(drop=True)
    assert land.geometry.intersects(own, align=False).all()
    assert (areas.loc[land["subdistrict_code"], "name_th"].to_numpy()
            == land["subdistrict_name_th"].to_numpy()).all()  # fmt: skip


def test_stated_areas_are_those_of_the_outlines(land, parks):
    np.testing.assert_allclose(land["area_rai"], land.area / 1600, rtol=0.03, atol=5)
    np.testing.assert_allclose(parks["area_rai"], parks.area / 1600, rtol=0.003)


def test_outlines_of_one_class_do_not_lie_over_each_other(land):
    for _, same in land.groupby("land_use"):
        assert same.area.sum() == pytest.approx(same.union_all().area, rel=1e-3)


def test_the_power_plant_is_industrial_land(land):
    units = _metres("power_unit_points.geojson").union_all().centroid
    assert land[land["land_use"] == "industrial"].distance(units).min() < 100


def test_tham_pha_thai_is_told_to_be_larger_than_published_and_in_preparation(parks):
    park = parks.loc["Tham Pha Thai National Park"]
    assert (park["status"], park["area_rai_published"]) == ("in_preparation", 758_750)
    assert 1.2 < park["area_rai"] / park["area_rai_published"] < 1.35
    entry = read_catalog(LAYERS)["park_outline"]
    assert (entry.nature, entry.confidence, entry.complete_within) == ("indicative", "L", "none")


def test_tham_pha_thai_holds_its_headquarters_and_doi_pha_klong_is_outside(parks):
    points = _metres("protected_area_points.geojson").set_index("name_th").geometry
    outline = parks.loc["Tham Pha Thai National Park", "geometry"]
    assert outline.distance(points["อุทยานแห่งชาติถ้ำผาไท"]) < 2_000
    province = _metres("districts.geojson").union_all()
    assert not parks.loc["Doi Pha Klong National Park", "geometry"].intersects(province)


def test_neighbouring_outlines_are_one_and_small_ones_are_left_out():
    boxes = np.array([
        shapely.box(0, 0, 100, 100), shapely.box(110, 0, 200, 100), shapely.box(300, 0, 340, 40),
        shapely.box(400, 0, 500, 100),
    ])  # fmt: skip
    found = sorted(theme.joined(boxes), key=lambda part: part.bounds)
    assert [part.bounds for part in found] == [(0, 0, 200, 100), (400, 0, 500, 100)]


def test_a_small_hole_is_filled_and_a_large_one_stays():
    def with_hole(side):
        hole = shapely.box(100, 100, 100 + side, 100 + side)
        return np.array([shapely.box(0, 0, 400, 400).difference(hole)])

    assert [len(part.interiors) for part in theme.joined(with_hole(40))] == [0]
    assert [len(part.interiors) for part in theme.joined(with_hole(100))] == [1]


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    for name in ("land_use_outlines.geojson", "park_outline.geojson"):
        assert same_file(rebuilt[0] / name, LAYERS / name)


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]
