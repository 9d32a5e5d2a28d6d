"""What lies around a cell, against shapely and counting by hand."""

import numpy as np
import pytest
import shapely
from scipy import ndimage

from maemoh_gis.cells.around import density, gravity, share_around, zone_figure
from maemoh_gis.core.grid import Grid

UTM = "EPSG:32647"
GRID = Grid.covering((0, 0, 4_000, 3_000), crs=UTM, cell_m=100)
X, Y = np.meshgrid(GRID.x, GRID.y)


def array(*shapes):
    return np.array(shapes, dtype=object)


def test_gravity_is_tonnes_over_minutes():
    mine = shapely.Point(GRID.x[10], GRID.y[10])
    found = gravity(array(mine), np.array([600.0]), GRID, kph=60, within_m=5_000)
    assert found[10, 30] == pytest.approx(600 / 2)  # 2 km at 60 km/h is 2 minutes
    assert found[10, 10] == 600.0  # at the doorstep, one minute


def test_gravity_adds_up_and_ends_at_its_reach():
    points = array(shapely.Point(0, 0), shapely.Point(4_000, 3_000))
    both = gravity(points, np.array([1.0, 2.0]), GRID, kph=30, within_m=2_500)
    each = [
        gravity(points[k : k + 1], np.array([w]), GRID, kph=30, within_m=2_500)
        for k, w in enumerate((1.0, 2.0))
    ]
    assert both == pytest.approx(each[0] + each[1])
    assert (each[0][np.hypot(X, Y) > 2_500] == 0).all()


def test_density_of_points_counts_those_in_the_disc():
    rng = np.random.default_rng(2)
    points = shapely.points(rng.uniform(-500, 4_500, (60, 2)))
    found = density(points, GRID, 800)
    xy = shapely.get_coordinates(points)
    counted = (np.hypot(X[..., None] - xy[:, 0], Y[..., None] - xy[:, 1]) <= 800).sum(-1)
    assert found == pytest.approx(counted / (np.pi * 0.64), rel=1e-6)


def test_density_of_lines_measures_the_length_inside_the_disc():
    line = shapely.LineString([(-300, 500), (1_800, 900), (2_000, 3_300), (4_400, 100)])
    found = density(array(line), GRID, 700)
    for row, col in ((3, 5), (15, 20), (28, 39), (0, 0)):
        disc = shapely.Point(X[row, col], Y[row, col]).buffer(700, quad_segs=512)
        inside = line.intersection(disc).length / 1000
        assert found[row, col] == pytest.approx(inside / (np.pi * 0.49), abs=1e-4)


def test_what_lies_outside_the_grid_counts_too():
    outside = shapely.Point(-50, 1_550)
    assert density(array(outside), GRID, 300)[14, 0] > 0
    assert gravity(array(outside), np.array([1.0]), GRID, kph=60, within_m=300)[14, 0] > 0


@pytest.mark.parametrize("radius", [1.0, 3.5, 6.0])
def test_shares_equal_those_counted_with_a_disc(radius):
    rng = np.random.default_rng(3)
    margin = 7
    holds = rng.random((34, 44)) < 0.3
    known = rng.random((34, 44)) < 0.9
    found = share_around(holds, known, radius, margin)
    steps = np.arange(-margin, margin + 1)
    disc = np.hypot(*np.meshgrid(steps, steps)) <= radius
    inner = (slice(margin, -margin), slice(margin, -margin))
    of = ndimage.correlate(known.astype(int), disc.astype(int), mode="constant")[inner]
    have = ndimage.correlate((holds & known).astype(int), disc.astype(int), mode="constant")[inner]
    assert found == pytest.approx(have / of, rel=1e-6)


def test_a_share_of_nothing_known_is_unknown():
    nothing = np.zeros((5, 5), dtype=bool)
    assert np.isnan(share_around(nothing, nothing, 1.0, 2)).all()


def test_a_cell_takes_the_figure_of_the_zone_its_centre_lies_in():
    zones = array(shapely.box(0, 0, 2_000, 3_000), shapely.box(2_000, 0, 3_000, 3_000))
    found = zone_figure(zones, np.array([7.0, np.nan]), GRID)
    assert (found[:, :20] == 7).all()
    assert np.isnan(found[:, 20:]).all()


@pytest.mark.parametrize("window", [(3, 4, 10, 12), (0, 30, 30, 10)])
def test_a_window_has_the_same_bits_as_the_whole(window):
    row, col, rows, cols = window
    part = Grid(UTM, 100.0, GRID.col0 + col, GRID.row0 + row, rows, cols)
    rng = np.random.default_rng(4)
    points = shapely.points(rng.uniform(0, 4_000, (40, 2)))
    line = shapely.LineString(rng.uniform(0, 4_000, (30, 2)))
    weights = rng.random(40)
    at = GRID.window_of(part)
    for measure in (
        lambda g: gravity(points, weights, g, kph=40, within_m=1_500),
        lambda g: density(array(line), g, 600),
        lambda g: density(points, g, 600),
    ):
        assert np.array_equal(measure(GRID)[at], measure(part))
