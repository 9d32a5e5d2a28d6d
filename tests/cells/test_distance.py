"""Distances are exact, reach in from outside, and do not depend on the window."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.cells.distance import cells_inside, metres_to_features, metres_to_outside
from maemoh_gis.core.grid import Grid

UTM = "EPSG:32647"


def grid(west=0, south=0, east=20_000, north=20_000, cell=100.0):
    return Grid.covering((west, south, east, north), crs=UTM, cell_m=cell)


def shapes(*geometries):
    return np.array(geometries, dtype=object)


def test_a_5_km_disc_is_within_half_a_percent_of_pi_r_squared():
    around = grid()
    distance = metres_to_features(shapes(shapely.Point(10_020, 9_970)), around, 6_000)
    area = (distance <= 5_000).sum() * around.cell_area_m2
    assert abs(area / (math.pi * 5_000**2) - 1) < 0.005


def test_around_a_line_the_reach_is_a_capsule():
    around = grid()
    line = shapely.LineString([(5_000, 5_000), (12_345, 14_321)])
    distance = metres_to_features(shapes(line), around, 3_000)
    area = (distance <= 2_000).sum() * around.cell_area_m2
    exact = math.pi * 2_000**2 + 2 * 2_000 * line.length
    assert abs(area / exact - 1) < 0.005


def test_a_feature_outside_the_grid_reaches_in():
    inside = grid()
    just_outside = shapely.Point(-1.0, 10_000)
    distance = metres_to_features(shapes(just_outside), inside, 1_000)
    assert distance[100, 0] == pytest.approx(math.hypot(51, 50), abs=0.01)


def test_land_inside_a_polygon_is_0_m_away_and_outside_is_measured_to_its_edge():
    distance = metres_to_features(shapes(shapely.box(5_000, 5_000, 8_000, 8_000)), grid(), 10_000)
    assert distance[135, 60] == 0.0
    assert distance[135, 100] == pytest.approx(2_050.0)


def test_a_hole_in_a_polygon_is_outside_it():
    ring = shapely.box(2_000, 2_000, 8_000, 8_000) - shapely.box(4_000, 4_000, 6_000, 6_000)
    distance = metres_to_features(shapes(ring), grid(), 10_000)
    assert distance[149, 50] == pytest.approx(950.0, abs=51)


def test_distance_to_nothing_is_not_a_number():
    assert np.isnan(metres_to_features(shapes(), grid(), 1_000)).all()


def test_beyond_the_cap_is_infinite_never_a_large_number():
    distance = metres_to_features(shapes(shapely.Point(0, 0)), grid(), 1_000)
    assert np.isinf(distance).any()
    assert distance[np.isfinite(distance)].max() <= 1_000


def test_a_feature_far_beyond_the_cap_makes_everything_infinite():
    assert np.isinf(metres_to_features(shapes(shapely.Point(9e5, 9e5)), grid(), 1_000)).all()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-3_000, 23_000).map(lambda metres: round(metres, 3)),
            st.floats(-3_000, 23_000).map(lambda metres: round(metres, 3)),
        ),
        min_size=2,
        max_size=8,
    )
)
def test_distances_equal_those_of_geos(corners):
    line = shapely.LineString(corners)
    around = grid(cell=1_000.0)
    x, y = np.meshgrid(around.x, around.y)
    expected = shapely.distance(line, shapely.points(x, y))
    found = metres_to_features(shapes(line), around, 50_000)
    np.testing.assert_allclose(found, expected, atol=0.01)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 150), st.integers(0, 150), st.integers(1, 40), st.integers(1, 40))
def test_a_window_has_the_same_bits_as_the_whole(row, col, rows, cols):
    whole = grid()
    line = shapely.LineString([(1_234.5, 18_000.1), (9_876.5, 3_210.9), (15_000, 15_000)])
    part = Grid(UTM, 100.0, whole.col0 + col, whole.row0 + row, rows, cols)
    full = metres_to_features(shapes(line), whole, 4_000)
    window = metres_to_features(shapes(line), part, 4_000)
    assert np.array_equal(window, full[whole.window_of(part)])


def test_a_centre_decides_whether_a_cell_is_inside():
    square = shapely.box(0, 0, 249, 249)
    inside = cells_inside(shapes(square), grid(0, 0, 500, 500))
    assert inside[-2:, :2].all()
    assert inside.sum() == 4


def test_depth_counts_from_the_outer_edge_only():
    two_halves = shapes(shapely.box(0, 0, 10_000, 20_000), shapely.box(10_000, 0, 20_000, 20_000))
    depth = metres_to_outside(two_halves, grid(-2_000, -2_000, 22_000, 22_000), 30_000)
    assert depth[120, 119] == pytest.approx(9_950.0, abs=51)
    assert depth[0, 0] == 0.0
