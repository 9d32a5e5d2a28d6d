"""The bare ground of the mine in 2569: three outlines one in the other, beside those of 2543."""

import numpy as np
import pytest

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import bare_ground as theme
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


def _metres(name):
    return files.read_vector(LAYERS / name).to_crs("EPSG:32647")


@pytest.fixture(scope="module")
def mine():
    return _metres("mine_2026.geojson").set_index("variant")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("bare_ground")
    for name in ("mine.geojson", "mine_figures.csv"):
        (out / name).write_bytes((LAYERS / name).read_bytes())
    return out, theme.build(SOURCES, out)


def test_the_outline_grows_from_inner_to_best_to_outer(mine):
    assert mine.index.tolist() == ["inner", "best", "outer"]
    assert mine.is_valid.all()
    inner, best, outer = mine.geometry
    assert inner.difference(best).area < 0.01 * inner.area
    assert best.difference(outer).area < 0.01 * best.area
    assert inner.area < best.area < outer.area


def test_stated_areas_are_those_of_the_outlines(mine):
    np.testing.assert_allclose(mine["area_rai"], mine.area / 1600, rtol=0.002)
    assert mine.loc["best", "area_rai"] == 28_230


def test_it_holds_the_pit_of_2543_and_the_plant_stands_outside(mine):
    pit = _metres("mine.geojson").query("part == 'pit' and variant == 'best'").geometry.iloc[0]
    best = mine.loc["best", "geometry"]
    assert 0.8 < pit.intersection(best).area / pit.area < 0.9
    units = _metres("power_unit_points.geojson")
    assert not units.within(best).any()


def test_it_has_the_columns_of_the_older_outlines():
    assert list(files.read_vector(LAYERS / "mine_2026.geojson")) == list(
        files.read_vector(LAYERS / "mine.geojson")
    )


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    assert same_file(rebuilt[0] / "mine_2026.geojson", LAYERS / "mine_2026.geojson")


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]


@needs_sources
def test_outlines_keep_the_area_and_stay_within_a_cell_of_the_image(rebuilt):
    measured = rebuilt[1]["mine_2026"]
    assert measured["area_change_percent"] <= 0.5
    assert measured["outline_shift_m"] <= theme.CELL_M
