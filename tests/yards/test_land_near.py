"""Land around a place, on grids small enough to count by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from maemoh_gis.core.grid import Grid
from maemoh_gis.yards.nearby_land import around, best_score_near, within

GRID = Grid("EPSG:32647", 100.0, 0, -10, 10, 10)
MIDDLE = (500.0, 500.0)


def test_a_disc_has_the_area_of_a_circle() -> None:
    fine = Grid("EPSG:32647", 1.0, 0, -1000, 1000, 1000)
    disc = within(fine, MIDDLE, 400.0)
    assert disc.sum() == pytest.approx(math.pi * 400.0**2, rel=1e-3)
    assert around(GRID, MIDDLE, 250.0).bounds == (200.0, 200.0, 800.0, 800.0)


def test_the_best_usable_cells_count() -> None:
    # Four cell centres lie 70.7 m from the middle, the next ones 158 m.
    score = np.zeros((10, 10), dtype=np.float32)
    score[4:6, 4:6] = [[0.9, 0.8], [0.7, 1.0]]
    usable = np.ones((10, 10), dtype=bool)
    usable[5, 5] = False
    assert best_score_near(score, usable, GRID, MIDDLE, 100.0, 2) == pytest.approx(0.85)
    assert best_score_near(score, usable, GRID, MIDDLE, 100.0, 4) == pytest.approx(2.4 / 4)


def test_unknown_land_is_no_land() -> None:
    score = np.full((10, 10), np.nan, dtype=np.float32)
    usable = np.ones((10, 10), dtype=bool)
    assert best_score_near(score, usable, GRID, MIDDLE, 100.0, 4) == 0.0


def test_a_disc_that_leaves_the_grid_is_not_known() -> None:
    score = np.ones((10, 10), dtype=np.float32)
    usable = np.ones((10, 10), dtype=bool)
    assert math.isnan(best_score_near(score, usable, GRID, (50.0, 500.0), 200.0, 4))
    assert best_score_near(score, usable, GRID, (250.0, 500.0), 200.0, 4) == 1.0
