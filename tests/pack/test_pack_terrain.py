"""Elevation and slope: what they say, how wrong they are, and that they can be rebuilt."""

import numpy as np
import pytest
from pyproj import Transformer
from scipy.ndimage import map_coordinates

from maemoh_gis import files
from maemoh_gis.core.grid import Grid
from maemoh_gis.layers.catalog import read_catalog
from pack import terrain
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


def _band(name):
    with files.open_raster(LAYERS / name) as dataset:
        transform, shape = dataset.transform, dataset.shape
        grid = Grid(
            dataset.crs.to_string(),
            transform.a,
            round(transform.c / transform.a),
            -round(transform.f / transform.a),
            *shape,
        )
        return dataset.read(1), dataset.nodata, grid


@pytest.fixture(scope="module")
def elevation():
    return _band("elevation.tif")


@pytest.fixture(scope="module")
def slope():
    return _band("slope.tif")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("terrain")
    return out, terrain.build(SOURCES, out)


def test_both_rasters_stand_on_the_same_500_m_cells(elevation, slope):
    assert elevation[2] == slope[2]
    assert (elevation[2].crs, elevation[2].cell_m) == ("EPSG:32647", 500.0)


def test_elevation_knows_every_cell(elevation):
    heights, nodata, _ = elevation
    assert heights.dtype == np.int16
    assert nodata == -32768
    assert not (heights == nodata).any()


def test_elevation_surrounds_the_province_by_at_least_7_km(elevation):
    west, south, east, north = (
        files.read_vector(LAYERS / "districts.geojson").to_crs("EPSG:32647").total_bounds
    )
    grid_west, grid_south, grid_east, grid_north = elevation[2].bounds
    margins = west - grid_west, south - grid_south, grid_east - east, grid_north - north
    assert min(margins) > 7_000


@pytest.mark.parametrize(
    ("place", "lon", "lat", "lowest", "highest"),
    [
        ("Lampang airport, 247 m", 99.5042, 18.2709, 230, 265),
        ("Mae Chang reservoir, 352 m", 99.8140, 18.3330, 345, 365),
        ("Mae Moh pit, below its rim", 99.7250, 18.3350, 100, 300),
    ],
)
def test_known_places_have_their_height(elevation, place, lon, lat, lowest, highest):
    heights, _, grid = elevation
    assert lowest <= heights[grid.cell_at(lon, lat)] <= highest, place


def test_slope_is_horns_slope_of_the_bundled_elevation(elevation, slope):
    heights, _, grid = elevation
    expected = terrain.whole_percent(terrain.horn_slope(heights.astype(float), grid.cell_m))
    np.testing.assert_array_equal(slope[0], expected)


def test_slope_is_unknown_only_on_the_outermost_cells(slope):
    values, nodata, _ = slope
    unknown = values == nodata
    assert not unknown[1:-1, 1:-1].any()
    assert unknown[0].all()
    assert unknown[:, -1].all()


def test_a_plane_has_the_slope_it_was_made_with():
    rows, cols = np.mgrid[0:5, 0:6]
    plane = 3.0 * cols - 4.0 * rows
    slope = terrain.horn_slope(plane, cell_m=100.0)
    np.testing.assert_allclose(slope[1:-1, 1:-1], 5.0)
    assert np.isnan(slope[0]).all()


def test_slope_is_unknown_on_and_beside_an_unknown_height():
    heights = np.zeros((5, 5))
    heights[2, 1] = np.nan
    slope = terrain.whole_percent(terrain.horn_slope(heights, cell_m=500.0))
    assert (slope[1:4, 1:3] == terrain.UNKNOWN_PERCENT).all()
    assert slope[2, 3] == 0


def test_the_grid_never_reaches_past_the_source():
    grid = terrain.pack_grid((500_000, 1_900_000, 520_000, 1_950_000), (499_400, 0, 9e6, 9e6))
    assert grid.bounds == (499_500, 1_885_000, 535_000, 1_965_000)


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    out, _ = rebuilt
    for path in sorted(out.iterdir()):
        assert same_file(path, LAYERS / path.name), path.name


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]


@needs_sources
def test_elevation_misses_the_rail_heights_by_24_m(elevation):
    heights, _, grid = elevation
    rail = terrain.rail_heights(SOURCES)
    error = terrain.height_at(heights, rail.x, rail.y, grid) - rail.height_m
    assert np.sqrt(np.mean(error**2)) == pytest.approx(24.1, abs=0.1)
    assert error.mean() == pytest.approx(14.6, abs=0.1)


@needs_sources
def test_cells_are_placed_exactly_and_not_by_gdals_approximation(elevation):
    heights, _, grid = elevation
    with files.open_raster(SOURCES / "reference" / "elevation_0p005deg.tif") as dataset:
        source, transform = dataset.read(1).astype(float), dataset.transform
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*np.meshgrid(grid.x, grid.y))
    rows = (lat - transform.f) / transform.e - 0.5
    cols = (lon - transform.c) / transform.a - 0.5
    exact = map_coordinates(source, [rows, cols], order=1)
    assert np.abs(heights - exact).max() <= 1.0
