"""A grid in the raster's own metres, read by rows and columns, says what its points say."""

import numpy as np
import pytest
import rasterio

from maemoh_gis.core.grid import Grid
from maemoh_gis.layers.resample import Band, sample, sample_points

CRS = "EPSG:32647"


@pytest.fixture
def raster(tmp_path):
    """Write 9 by 11 pixels of 30 m with holes in them."""
    values = np.random.default_rng(3).uniform(0, 90, (9, 11)).astype(np.float32)
    values[2, 3:6] = values[7, 0] = np.nan
    path = tmp_path / "r.tif"
    about = {"height": 9, "width": 11, "count": 1, "dtype": "float32", "crs": CRS}
    place = rasterio.Affine(30.0, 0.0, 1_000.0, 0.0, -30.0, 2_000.0)
    with rasterio.open(path, "w", **about, transform=place, nodata=np.nan) as file:
        file.write(values, 1)
    with rasterio.open(path) as file:
        yield file


@pytest.mark.parametrize("method", ["nearest", "bilinear"])
# 50 m cells from well outside the raster on every side; the other CRS has positions in no rows.
@pytest.mark.parametrize("crs", [CRS, "EPSG:32648"])
def test_cells_read_what_their_centres_read(raster, method, crs):
    grid = Grid(CRS, 50.0, 17, -43, 13, 15)
    band = Band(raster, crs)
    x, y = np.meshgrid(grid.x, grid.y)
    points = sample_points(band, np.column_stack([x.ravel(), y.ravel()]), CRS, method)
    cells = sample(band, grid, method)
    np.testing.assert_array_equal(cells.ravel(), points)
    assert np.isnan(cells).any()
    assert np.isfinite(cells).any() == (crs == CRS)


def test_between_pixels_the_known_ones_are_weighed(raster):
    values = raster.read(1).astype(float)
    # A quarter of a pixel east and south of the centre of pixel (1, 3), above unknown ones.
    at = np.array([[1_000 + 3.75 * 30, 2_000 - 1.75 * 30]])
    known = 0.75 * 0.75 * values[1, 3] + 0.75 * 0.25 * values[1, 4]
    expected = known / (0.75 * 0.75 + 0.75 * 0.25)
    found = sample_points(Band(raster, CRS), at, CRS, "bilinear")
    assert found == pytest.approx([expected], rel=1e-12)
