"""How much of points, lines and polygons lies in each cell."""

import numpy as np
import pytest
import shapely

from maemoh_gis.cells.amounts import amount_in_cells
from maemoh_gis.core.grid import Grid

GRID = Grid("EPSG:32647", 100.0, 0, -3, 3, 4)
"""From 0 to 400 m east and 0 to 300 m north."""


def test_points_are_counted_and_those_outside_are_not():
    points = shapely.points([[50, 250], [60, 240], [399, 1], [401, 1], [-1, 1]])
    amount = amount_in_cells(points, GRID)
    assert amount[0, 0] == 2
    assert amount[2, 3] == 1
    assert amount.sum() == 3


def test_metres_of_a_line_are_shared_out_among_its_cells():
    """100 m from x = 50 to 150: half in each of two cells; a diagonal through one cell."""
    lines = np.array([shapely.LineString([(50, 150), (150, 150)])])
    amount = amount_in_cells(lines, GRID)
    assert amount[1, :2] == pytest.approx([50, 50])
    diagonal = np.array([shapely.LineString([(200, 200), (300, 300)])])
    assert amount_in_cells(diagonal, GRID)[0, 2] == pytest.approx(100 * np.sqrt(2))


def test_metres_inside_do_not_depend_on_what_lies_outside():
    line = np.array([shapely.LineString([(-5000, 150), (5000, 150)])])
    amount = amount_in_cells(line, GRID)
    assert amount[1] == pytest.approx([100] * 4)
    assert amount.sum() == pytest.approx(400)


def test_large_polygons_hold_cells_and_small_ones_their_share_of_one():
    shapes = np.array([shapely.box(0, 0, 200, 100), shapely.box(310, 210, 330, 230)])
    amount = amount_in_cells(shapes, GRID)
    assert amount[2].tolist() == [1, 1, 0, 0]
    assert amount[0, 3] == pytest.approx(0.04)
    assert amount.sum() == pytest.approx(2.04)


HOUSES = np.array(
    [shapely.box(x, y, x + 30, y + 30) for x in (10, 110, 210, 310) for y in (5, 45, 105, 205)]
)
STRIP = shapely.box(-300, 155, 700, 167)
"""1,000 x 12 m, of which 400 m lie on the grid, beside the centres of all its cells."""


@pytest.mark.parametrize("parts", [HOUSES, np.array([STRIP]), np.array([*HOUSES, STRIP])])
def test_parts_of_one_feature_count_like_features_of_their_own(parts):
    alone = amount_in_cells(parts, GRID)
    together = amount_in_cells(np.array([shapely.MultiPolygon(list(parts))]), GRID)
    nested = np.array([shapely.GeometryCollection([shapely.MultiPolygon(list(parts))])])
    assert alone.sum() > 0.4
    assert np.array_equal(together, alone)
    assert np.array_equal(amount_in_cells(nested, GRID), alone)


def test_sixteen_houses_have_their_area_as_one_feature_too():
    together = np.array([shapely.MultiPolygon(list(HOUSES))])
    assert amount_in_cells(together, GRID).sum() == pytest.approx(16 * 0.09)


def test_a_long_polygon_beside_all_centres_has_its_area_in_the_cells_it_crosses():
    amount = amount_in_cells(np.array([STRIP]), GRID)
    assert amount[1] == pytest.approx([0.12] * 4)
    assert amount.sum() == pytest.approx(0.48)
    beside = shapely.transform(STRIP, lambda xy: xy + np.array([0.0, 1000.0]))
    assert not amount_in_cells(np.array([beside]), GRID).any()


def test_nothing_lies_nowhere():
    assert not amount_in_cells(np.empty(0, dtype=object), GRID).any()
