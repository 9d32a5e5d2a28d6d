"""
Mistakes of other tools, and that they are not made here.

Each was measured on the release that is named. Where exactly that release is installed, the
citation itself is tested too; a later one may have mended it.
"""

from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pytest
import shapely
from scipy import ndimage

from maemoh_gis.cells.around import share_around
from maemoh_gis.cells.distance import metres_to_features
from maemoh_gis.core.grid import Grid
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.mcda.aggregate import ordered_weighted_average
from maemoh_gis.mcda.combine import CriterionScore
from maemoh_gis.mcda.order_weights import quantifier_of_order_weights
from tests.paths import LAYERS

GRID = Grid.covering((0, 0, 16_000, 16_000), crs="EPSG:32647", cell_m=100)


def only_with(package, release):
    try:
        installed = version(package)
    except PackageNotFoundError:
        installed = None
    if installed != release:
        pytest.skip(f"{package} {release} is not installed")


def raster_of(values, file):
    """Write values as a GeoTIFF of 100 m cells whose lower left corner is 0, 0."""
    import rasterio

    rows, cols = values.shape
    place = rasterio.transform.from_origin(0, rows * 100, 100, 100)
    options = {"crs": "EPSG:32647", "transform": place, "dtype": values.dtype}
    with rasterio.open(file, "w", "GTiff", cols, rows, 1, **options) as raster:
        raster.write(values, 1)
    return file


def point_in_the_middle():
    start = np.zeros(GRID.shape, dtype=bool)
    start[80, 80] = True
    return start


def disc_of_5_km():
    point = np.array([shapely.Point(GRID.x[80], GRID.y[80])], dtype=object)
    return metres_to_features(point, GRID, 6_000) <= 5_000


def test_a_reach_of_5_km_is_a_disc_and_not_a_diamond():
    """
    Growing a mask cell by cell with a cross gives a diamond.

    atlite 0.7.0 does so unless told otherwise: of the cells within 5 km it misses a third. Its pull
    request 513, github.com/PyPSA/atlite/pull/513, says so and adds a disc to choose.
    """
    disc = disc_of_5_km()
    diamond = ndimage.binary_dilation(point_in_the_middle(), iterations=50)
    assert abs(disc.sum() * GRID.cell_area_m2 / (np.pi * 5_000**2) - 1) < 0.005
    assert 1 - diamond[disc].mean() == pytest.approx(0.36, abs=0.03)


@pytest.mark.filterwarnings("ignore")
def test_atlite_grows_a_diamond(tmp_path):
    only_with("atlite", "0.7.0")
    import geopandas as gpd
    from atlite.gis import ExclusionContainer

    removed = ExclusionContainer(crs=32647, res=100)
    file = raster_of(point_in_the_middle().astype(np.uint8), tmp_path / "point.tif")
    removed.add_raster(file, codes=[1], buffer=5_000)
    everywhere = gpd.GeoSeries([shapely.box(0, 0, 16_000, 16_000)], crs=32647)
    left, _ = removed.compute_shape_availability(everywhere)
    assert (~left).sum() < 0.75 * disc_of_5_km().sum()


def test_cells_outside_a_raster_are_unknown_and_never_0():
    """
    Land beyond the edge of a raster has no value.

    rasterstats 0.21.0 (github.com/perrygeo/python-rasterstats) counts it as 0 for zones that cross
    the edge of a file that names no value for no data, even where `nodata` is given.
    """
    layers = Layers(read_catalog(LAYERS))
    beyond = Grid("EPSG:32647", 500.0, 0, -4_300, 40, 1_100)
    values = layers.numbers("elevation", beyond)
    assert np.isnan(values).any()
    assert not np.isnan(values).all()
    assert not (values == 0).any()


def test_a_share_is_taken_of_the_cells_inside_only():
    # Half of what is around lies beyond the edge, and all that is known holds.
    known = np.zeros((11, 11), dtype=bool)
    known[:, :6] = True
    assert share_around(known, known, 5.0, 5)[0, 0] == 1


@pytest.mark.filterwarnings("ignore")
def test_rasterstats_counts_cells_outside_as_0(tmp_path):
    only_with("rasterstats", "0.21.0")
    import rasterstats

    file = raster_of(np.ones((10, 10), dtype=np.float32), tmp_path / "ones.tif")
    half_outside = shapely.box(500, 0, 1_500, 1_000)
    (found,) = rasterstats.zonal_stats([half_outside], file, stats="count mean min", nodata=-9999)
    assert found == {"count": 100, "mean": 0.5, "min": 0.0}


def test_owa_stays_within_the_parts_where_weights_and_order_weights_both_differ():
    """
    The ordered average of ones is one, whatever the weights.

    xarray-spatial 0.10.20 multiplies each part by its weight and the number of parts before it puts
    them in order, so that weights 0.5, 0.3 and 0.2 with only the best part counted give 1.5. The
    operator came with its pull request 1058, github.com/xarray-contrib/xarray-spatial/pull/1058.
    """
    weights, best_only = np.array([0.5, 0.3, 0.2]), np.array([1, 0, 0])
    assert (np.sort(weights * 3)[::-1] * best_only).sum() == pytest.approx(1.5)
    quantifier = quantifier_of_order_weights(best_only, 3)
    for parts in ([1.0, 1.0, 1.0], [0.9, 0.4, 0.1]):
        layers = [CriterionScore(np.full((1, 1), part, dtype=np.float32)) for part in parts]
        pairs = list(zip(weights, layers, strict=True))
        score = ordered_weighted_average(pairs, (1, 1), quantifier)
        assert score.value[0, 0] == pytest.approx(parts[0])
        assert score.value[0, 0] <= np.float32(parts[0])


@pytest.mark.filterwarnings("ignore")
def test_xarray_spatial_gives_more_than_the_best_part():
    only_with("xarray-spatial", "0.10.20")
    import xarray as xr
    from xrspatial import mcda

    ones = xr.Dataset({name: (("y", "x"), np.ones((1, 1))) for name in "abc"})
    found = mcda.owa(ones, {"a": 0.5, "b": 0.3, "c": 0.2}, [1, 0, 0])
    assert float(found[0, 0]) == pytest.approx(1.5)
