"""Land cover of 2569: one class a cell, inside the province only, agreeing with what is known."""

import numpy as np
import pytest
from affine import Affine

from maemoh_gis import files
from maemoh_gis.core.grid import Grid
from maemoh_gis.layers.catalog import read_catalog
from pack import land_cover as theme
from pack.land_use.drivers import cells_of
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


@pytest.fixture(scope="module")
def cover():
    with files.open_raster(LAYERS / "land_cover.tif") as source:
        return source.read(1)


@pytest.fixture(scope="module")
def grid():
    districts = files.read_vector(LAYERS / "districts.geojson").to_crs(theme.CRS)
    bounds = tuple(float(v) for v in districts.total_bounds)
    return Grid.covering(bounds, crs=theme.CRS, cell_m=theme.CELL_M)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("land_cover")
    for name in ("districts.geojson", "province_statistics.csv"):
        (out / name).write_bytes((LAYERS / name).read_bytes())
    return out, theme.build(SOURCES, out)


def _cells(name, grid, **where):
    frame = files.read_vector(LAYERS / name).to_crs(theme.CRS)
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return cells_of(frame.geometry, grid)


def test_it_stands_on_the_grid_of_the_modelled_land_use(cover):
    with (
        files.open_raster(LAYERS / "land_cover.tif") as one,
        files.open_raster(LAYERS / "land_use.tif") as other,
    ):
        assert (one.crs, one.transform, one.shape) == (other.crs, other.transform, other.shape)
    assert cover.dtype == np.uint8


def test_every_cell_of_the_province_has_a_class_and_no_other_cell(cover, grid):
    inside = _cells("districts.geojson", grid)
    assert set(np.unique(cover[inside])) == set(theme.CODES.values())
    assert (cover[~inside] == theme.OUTSIDE).all()


def test_the_catalog_names_its_classes():
    classes = read_catalog(LAYERS)["land_cover"].classes
    assert {c.key: int(code) for code, c in classes.items()} == theme.CODES


def test_bare_ground_lies_where_the_mine_is_and_water_in_the_reservoir(cover, grid):
    pit = _cells("mine.geojson", grid, part="pit", variant="best")
    assert (cover[pit] == theme.CODES["bare"]).mean() > 0.7
    assert (cover == theme.CODES["bare"]).mean() < 0.01
    mae_chang = _cells("reservoirs.geojson", grid, name_en="Mae Chang reservoir")
    assert (cover[mae_chang] == theme.CODES["water"]).mean() > 0.6


def test_the_stated_shares_are_those_of_the_raster(cover):
    accuracy = read_catalog(LAYERS)["land_cover"].accuracy
    inside = cover[cover != theme.OUTSIDE]
    shares = {name: 100 * (inside == code).mean() for name, code in theme.CODES.items()}
    assert {name: accuracy[f"{name}_percent"] for name in shares} == pytest.approx(shares, abs=0.05)
    assert sum(shares.values()) == pytest.approx(100)


def test_what_the_land_use_map_of_2561_has_stands_beside():
    accuracy = read_catalog(LAYERS)["land_cover"].accuracy
    assert accuracy["published_forest_of_2561_percent"] == pytest.approx(69.96, abs=0.05)
    assert accuracy["built_up_percent"] < accuracy["published_built_up_of_2561_percent"]
    assert accuracy["water_percent"] < accuracy["published_water_of_2561_percent"]


def test_a_cell_takes_the_class_that_covers_most_of_it():
    counts = np.zeros((5, 1, 3), dtype=np.uint8)
    counts[:, 0, 0] = [0, 13, 14, 0, 0]
    counts[:, 0, 1] = [0, 0, 0, 9, 9]
    assert theme.majority(counts).tolist() == [[3, 4, 0]]


def test_classes_are_counted_at_25_points_the_middle_one_thrice():
    grid = Grid.covering((600_000, 2_000_000, 600_100, 2_000_100), crs=theme.CRS, cell_m=100.0)
    west_half = Affine(0.0004, 0, 99.945 - 0.0004, 0, -0.0004, 18.1)
    codes = np.full((40, 40), theme.CODES["built_up"], dtype=np.uint8)
    counts = theme.class_counts(codes, west_half, grid)
    assert counts[:, 0, 0].tolist() == [0, 0, 0, 27, 0]


@needs_sources
def test_rebuilding_gives_the_committed_cells(rebuilt):
    assert same_file(rebuilt[0] / "land_cover.tif", LAYERS / "land_cover.tif")


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]


@needs_sources
def test_settlements_that_mappers_placed_are_built_up_or_open_land(rebuilt):
    measured = rebuilt[1]["land_cover"]
    settled = (
        measured["settlement_points_built_up_percent"]
        + measured["settlement_points_open_land_percent"]
    )
    assert settled >= 90
    assert measured["largest_area_change_percent"] <= 3
