"""Distances to many segments: none is dropped wrongly, and a mask is the distance compared."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.grid import Grid
from maemoh_gis.suitability.distance import cells_inside, metres_to_features
from maemoh_gis.suitability.reach import cells_near_cells, cells_within
from maemoh_gis.suitability.segments import cells_near_segments, metres_to_segments

UTM = "EPSG:32647"
SEEDS = st.integers(0, 2**32 - 1)


def grid(rows=180, cols=230, cell=30.0):
    return Grid(UTM, cell, 18_900, -68_000, rows, cols)


def some_segments(seed, around, count=60):
    """Short and long segments, points, doubles and parallels, inside the grid and beyond it."""
    random = np.random.default_rng(seed)
    west, south, east, north = around.bounds
    start = random.uniform((west - 900, south - 900), (east + 900, north + 900), (count, 2))
    run = random.normal(0, random.choice([5.0, 200.0, 5_000.0], (count, 1)), (count, 2))
    run[: count // 6] = 0.0
    found = np.hstack([start, start + run])
    return np.vstack([found, found[:5], found[5:10] + 0.001, np.round(found[10:20], -2)])


def asked_one_by_one(segments, around, cap):
    """The same distances by asking every segment, with the same formula."""
    x, y = np.meshgrid(around.x, around.y)
    least = np.full(around.shape, np.inf)
    for ax, ay, bx, by in segments:
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy
        t = ((x - ax) * dx + (y - ay) * dy) / length2 if length2 > 0 else 0.0
        t = np.clip(t, 0.0, 1.0)
        ex, ey = (x - ax) - t * dx, (y - ay) - t * dy
        least = np.minimum(least, ex * ex + ey * ey)
    metres = np.sqrt(least).astype(np.float32)
    metres[metres > np.float32(cap)] = np.inf
    return metres


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from([100.0, 700.0, 20_000.0]))
def test_no_segment_is_dropped_that_is_nearest_somewhere(seed, cap):
    segments = some_segments(seed, grid())
    found = metres_to_segments(segments, grid(), cap)
    assert np.array_equal(found, asked_one_by_one(segments, grid(), cap))


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from([0.0, 30.0, 299.5, 1_000.0, 5_000.0]))
def test_cells_near_are_those_whose_distance_is_up_to_the_reach(seed, reach):
    segments = some_segments(seed, grid())
    near = cells_near_segments(segments, grid(), reach)
    assert np.array_equal(near, metres_to_segments(segments, grid(), 30_000.0) <= reach)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(0, 100), st.integers(0, 100), st.integers(1, 80), st.integers(1, 80))
def test_a_window_has_the_bits_of_the_whole(seed, row, col, rows, cols):
    whole, segments = grid(), some_segments(seed, grid())
    part = Grid(UTM, whole.cell_m, whole.col0 + col, whole.row0 + row, rows, cols)
    at = whole.window_of(part)
    full = metres_to_segments(segments, whole, 2_500.0)
    assert np.array_equal(metres_to_segments(segments, part, 2_500.0), full[at])
    near = cells_near_segments(segments, whole, 400.0)
    assert np.array_equal(cells_near_segments(segments, part, 400.0), near[at])


def test_a_cell_exactly_at_the_reach_is_near():
    around = grid()
    x, y = around.x[100], around.y[100]
    segments = np.array([[x - 3_000.0, y, x + 3_000.0, y]])
    near = cells_near_segments(segments, around, 300.0)
    assert near[90, 100]
    assert not near[89, 100]


def test_distances_far_from_everything_are_exact_too():
    around = grid()
    wavy = 2e6 + 40.0 * np.sin(np.arange(4_000))
    line = shapely.LineString(np.column_stack([np.linspace(3e5, 8e5, 4_000), wavy]))
    found = metres_to_features(np.array([line]), around, 1e5)
    x, y = np.meshgrid(around.x, around.y)
    sample = np.random.default_rng(1).integers(0, around.rows * around.cols, 300)
    expected = shapely.distance(line, shapely.points(x.ravel()[sample], y.ravel()[sample]))
    np.testing.assert_allclose(found.ravel()[sample], expected, atol=0.01)


def blobs(seed, around):
    """Overlapping polygons with holes."""
    random = np.random.default_rng(seed)
    west, south, east, north = around.bounds
    centres = random.uniform((west, south), (east, north), (6, 2))
    rings = shapely.buffer(shapely.points(centres), random.uniform(60, 1_500, 6))
    holes = shapely.buffer(shapely.points(centres), random.uniform(0, 50, 6))
    return shapely.difference(rings, holes)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_a_centre_is_inside_where_geos_says_so(seed):
    polygons = blobs(seed, grid())
    x, y = np.meshgrid(grid().x, grid().y)
    expected = shapely.contains_xy(shapely.union_all(polygons), x, y)
    assert np.array_equal(cells_inside(polygons, grid()), expected)


def test_of_two_polygons_that_share_an_edge_exactly_one_holds_a_centre_on_it():
    around = grid()
    middle = around.x[50]
    west, south, east, north = around.bounds
    left = shapely.box(west, south, middle, north)
    right = shapely.box(middle, south, east, north)
    times = cells_inside(np.array([left]), around).astype(int)
    times += cells_inside(np.array([right]), around)
    assert (times == 1).all()


def test_the_way_a_polygon_is_drawn_does_not_matter():
    ring = shapely.box(570_000, 2_035_000, 572_000, 2_036_000)
    both = np.array([ring, shapely.reverse(ring)])
    assert np.array_equal(cells_inside(both, grid()), cells_inside(both[:1], grid()))


def test_within_reach_of_a_polygon_is_its_inside_and_a_rim():
    polygons = blobs(3, grid())
    distance = metres_to_features(polygons, grid(), 5_000)
    assert np.array_equal(cells_within(polygons, grid(), 450.0), distance <= 450.0)


def test_within_reach_of_nothing_there_is_nothing():
    assert not cells_within(np.empty(0, dtype=object), grid(), 450.0).any()
    assert not cells_within(np.array([shapely.Point(0, 0)]), grid(), 450.0).any()


@pytest.mark.parametrize("reach", [0.0, 1.0, 1.5, 4.0, 33.4, 200.0])
def test_the_disc_around_a_cell_is_a_disc(reach):
    wanted = np.random.default_rng(5).random((310, 270)) < 0.0005
    rows, cols = np.nonzero(wanted)
    y, x = np.indices(wanted.shape)
    expected = np.zeros(wanted.shape, dtype=bool)
    for row, col in zip(rows, cols, strict=True):
        expected |= (y - row) ** 2 + (x - col) ** 2 <= reach * reach
    assert np.array_equal(cells_near_cells(wanted, reach), expected)
