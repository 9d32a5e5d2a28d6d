"""Hillshade: flat land, slopes towards and away from the light, unknown heights."""

import base64
import math

import numpy as np
import pytest

from maemoh_gis.core.grid import Grid
from maemoh_gis.pages.relief import hillshade, relief


def test_flat_land_is_lit_by_the_sine_of_the_altitude():
    assert hillshade(np.zeros((3, 4), dtype=np.float32), 250.0) == pytest.approx(
        math.sin(math.radians(45))
    )


def test_a_slope_that_faces_north_west_is_bright_and_its_back_dark():
    row, col = np.mgrid[:5, :5]
    falls_to_north_west = (row + col) * 250.0 / 6
    # Heights are drawn three times as high: 0.5 to the east and -0.5 to the north. Towards the
    # light they fall by 0.5 * sqrt(2), so by Lambert (1 + 0.5 * sqrt(2)) / sqrt(2) / sqrt(1.5).
    facing = hillshade(falls_to_north_west, 250.0)[2, 2]
    assert facing == pytest.approx((1 + math.sqrt(0.5)) / math.sqrt(2) / math.sqrt(1.5))
    away = hillshade(-falls_to_north_west, 250.0)[2, 2]
    assert away == pytest.approx((1 - math.sqrt(0.5)) / math.sqrt(2) / math.sqrt(1.5))


def test_unknown_heights_are_left_out_of_the_picture():
    grid = Grid("EPSG:32647", 250.0, 2248, -8160, 12, 10)
    height = np.zeros(grid.shape, dtype=np.float32)
    known = relief(height, grid)
    height[4:8] = np.nan
    assert np.isnan(hillshade(height, 250.0)[5]).all()
    drawn = relief(height, grid)
    assert drawn.uri != known.uri
    assert base64.b64decode(drawn.uri.partition(",")[2]).startswith(b"\x89PNG")
    assert drawn.bounds_lonlat == known.bounds_lonlat
