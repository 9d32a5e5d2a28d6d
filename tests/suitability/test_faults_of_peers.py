"""Mistakes measured in other tools, and that they are not made here."""

import numpy as np
import pytest
import shapely
from scipy import ndimage

from maemoh_gis.grid import Grid
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.suitability.distance import metres_to_features
from maemoh_gis.suitability.reach import cells_near_cells
from tests.paths import LAYERS

GRID = Grid.covering((0, 0, 16_000, 16_000), crs="EPSG:32647", cell_m=100)


def test_a_reach_of_5_km_is_a_disc_and_not_a_diamond():
    """
    Growing a mask cell by cell with a cross gives a diamond.

    atlite 0.7.0 does so by default: of the cells within 5 km it misses about a third.
    """
    point = np.array([shapely.Point(GRID.x[80], GRID.y[80])], dtype=object)
    disc = metres_to_features(point, GRID, 6_000) <= 5_000
    start = np.zeros(GRID.shape, dtype=bool)
    start[80, 80] = True
    diamond = ndimage.binary_dilation(start, iterations=50)
    assert abs(disc.sum() * GRID.cell_area_m2 / (np.pi * 5_000**2) - 1) < 0.005
    assert 1 - diamond[disc].mean() == pytest.approx(0.36, abs=0.03)
    assert np.array_equal(cells_near_cells(start, 5_000 / 100), disc)


def test_cells_outside_a_raster_are_unknown_and_never_0():
    """
    Land beyond the edge of a raster has no value.

    rasterstats 0.21 counts it as 0 for zones that cross the edge, which pulls every mean down.
    """
    layers = Layers(read_catalog(LAYERS))
    beyond = Grid("EPSG:32647", 500.0, 0, -4_300, 40, 1_100)
    values = layers.numbers("elevation", beyond)
    assert np.isnan(values).any()
    assert not np.isnan(values).all()
    assert not (values == 0).any()
