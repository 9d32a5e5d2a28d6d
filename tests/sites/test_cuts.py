"""Roads and streams cut land without gaps and are measured by their own length."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from maemoh_gis.core.grid import Grid
from maemoh_gis.sites.cuts import cells_crossed, metres_inside

GRID = Grid.covering((570_000, 2_010_000, 570_600, 2_010_400), crs="EPSG:32647", cell_m=20)
places = st.tuples(st.floats(1, 599), st.floats(1, 399))


@settings(max_examples=50, deadline=None)
@given(st.lists(places, min_size=2, max_size=5, unique=True))
def test_every_cell_a_line_runs_through_is_found(points):
    line = shapely.LineString([(570_000 + x, 2_010_000 + y) for x, y in points])
    crossed = cells_crossed(np.array([line]), GRID)
    for row, col in np.argwhere(~crossed):
        x, y = GRID.x[col], GRID.y[row]
        square = shapely.box(x - 10, y - 10, x + 10, y + 10)
        assert shapely.intersection(line, square).length < 1e-6


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 400), st.floats(0, 400), st.floats(0, 400))
def test_a_line_from_edge_to_edge_parts_the_land(first, middle, last):
    line = shapely.LineString(
        [
            (569_990, 2_010_000 + first),
            (570_300, 2_010_000 + middle),
            (570_610, 2_010_000 + last),
        ]
    )
    crossed = cells_crossed(np.array([line]), GRID)
    pieces, _ = ndimage.label(~crossed)
    north, south = set(pieces[0][~crossed[0]]), set(pieces[-1][~crossed[-1]])
    # Where the line runs along the edge, land on its other side may be gone altogether.
    if min(first, middle, last) > 30 and max(first, middle, last) < 370:
        assert not north & south


def test_no_lines_cross_nothing():
    assert not cells_crossed(np.array([], dtype=object), GRID).any()
    assert metres_inside(np.array([], dtype=object), [shapely.box(0, 0, 1, 1)]).tolist() == [0]


def test_length_counts_once_where_lines_lie_upon_each_other():
    road = shapely.LineString([(0, 5), (100, 5)])
    again = shapely.LineString([(20, 5), (40, 5)])
    stream = shapely.LineString([(5, 0), (5, 100)])
    outlines = [shapely.box(0, 0, 10, 10), shapely.box(15, 0, 45, 10), shapely.box(200, 0, 210, 9)]
    lengths = metres_inside(np.array([road, again, stream]), outlines)
    assert lengths == pytest.approx([20, 30, 0])
