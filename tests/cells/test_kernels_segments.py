"""Distances to many segments: none is dropped wrongly."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.cells.distance import cells_inside, metres_to_features
from maemoh_gis.cells.segments import metres_to_segments
from maemoh_gis.core.grid import Grid

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
@given(SEEDS, st.integers(0, 100), st.integers(0, 100), st.integers(1, 80), st.integers(1, 80))
def test_a_window_has_the_bits_of_the_whole(seed, row, col, rows, cols):
    whole, segments = grid(), some_segments(seed, grid())
    part = Grid(UTM, whole.cell_m, whole.col0 + col, whole.row0 + row, rows, cols)
    at = whole.window_of(part)
    full = metres_to_segments(segments, whole, 2_500.0)
    assert np.array_equal(metres_to_segments(segments, part, 2_500.0), full[at])


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
