"""Shapes are measured on cells, and widths with true circles."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from maemoh_gis.sites.shape import (
    cells_across,
    compactness,
    covered_by_circles,
    disc_rows,
    enclosed,
    perimeter,
    shape_of,
    where_circles_fit,
    wide_enough,
    widest_circle,
)

lands = hnp.arrays(bool, st.tuples(st.integers(3, 14), st.integers(3, 14)))


def disc(radius, margin=3):
    span = np.arange(-radius - margin, radius + margin + 1)
    return np.add.outer(span**2, span**2) <= radius**2


def as_polygon(land):
    rows, cols = np.nonzero(land)
    return shapely.union_all(shapely.box(cols, rows, cols + 1, rows + 1))


@pytest.mark.parametrize("across", range(1, 16))
def test_a_disc_is_the_cells_a_circle_touches(across):
    middle = 0.5 if across % 2 else 1.0
    circle = shapely.Point(middle, middle).buffer(across / 2, quad_segs=256)
    cells = {(r, c) for r, first, last in disc_rows(across) for c in range(first, last + 1)}
    for r in range(-across, across + 2):
        for c in range(-across, across + 2):
            near = shapely.box(c, r, c + 1, r + 1).distance(shapely.Point(middle, middle))
            assert ((r, c) in cells) == (near < across / 2)
    assert as_polygon_of(cells).covers(circle)


def as_polygon_of(cells):
    return shapely.union_all([shapely.box(c, r, c + 1, r + 1) for r, c in cells])


@settings(max_examples=40, deadline=None)
@given(lands, st.integers(1, 6))
def test_a_circle_that_fits_stays_on_the_land(land, across):
    middles = where_circles_fit(land, across)
    polygon = as_polygon(land).buffer(1e-6)
    offset = 0.5 if across % 2 else 1.0
    for row, col in np.argwhere(middles):
        circle = shapely.Point(col + offset, row + offset).buffer(across / 2)
        assert polygon.covers(circle)


@settings(max_examples=40, deadline=None)
@given(lands, st.integers(1, 6))
def test_fitting_and_covering_are_erosion_and_dilation_by_the_disc(land, across):
    element = np.zeros((2 * across + 1, 2 * across + 1), dtype=bool)
    for r, first, last in disc_rows(across):
        element[across + r, across + first : across + last + 1] = True
    fits = where_circles_fit(land, across)
    assert (fits == ndimage.binary_erosion(land, element)).all()
    assert (covered_by_circles(fits, across) == ndimage.binary_dilation(fits, element)).all()


@settings(max_examples=40, deadline=None)
@given(lands, st.integers(1, 6))
def test_wide_land_is_land_and_stays_wide(land, across):
    wide = wide_enough(land, across)
    assert not (wide & ~land).any()
    assert (wide_enough(wide, across) == wide).all()
    assert (np.rot90(wide) == wide_enough(np.rot90(land).copy(), across)).all()


@pytest.mark.parametrize(("corridor", "across", "passes"), [(4, 4, True), (4, 5, False)])
def test_a_corridor_passes_a_circle_as_wide_as_itself(corridor, across, passes):
    land = np.zeros((12, 30), dtype=bool)
    land[3 : 3 + corridor] = True
    assert wide_enough(land, across).any() == passes


@pytest.mark.parametrize(("width_m", "cells"), [(0, 1), (30, 1), (31, 2), (60, 2), (200, 7)])
def test_a_width_is_rounded_up_to_cells(width_m, cells):
    assert cells_across(width_m, 30) == cells


@pytest.mark.parametrize("radius", [10, 25, 60])
def test_the_perimeter_of_a_circle_is_right(radius):
    assert perimeter(disc(radius)) == pytest.approx(2 * math.pi * radius, rel=0.06)
    assert compactness(disc(radius)) > 0.93


def test_the_perimeter_of_a_square_reads_five_percent_short():
    square = np.pad(np.ones((200, 200), dtype=bool), 2)
    assert perimeter(square) == pytest.approx(0.948 * 800, rel=0.003)


def test_a_strip_is_less_compact_than_a_square():
    square = np.ones((20, 20), dtype=bool)
    strip = np.ones((4, 100), dtype=bool)
    assert compactness(strip) < 0.2 < 0.8 < compactness(square)


def test_a_hole_makes_land_less_compact():
    whole = disc(12)
    holed = whole.copy()
    holed[13:18, 13:18] = False
    assert compactness(holed) < compactness(whole)


def test_what_touches_the_edge_is_no_hole():
    land = np.ones((7, 7), dtype=bool)
    land[3, 3] = False
    land[0, 2] = False
    assert np.argwhere(enclosed(land)).tolist() == [[3, 3]]


def test_a_hole_that_opens_by_a_corner_is_no_hole():
    land = np.ones((5, 5), dtype=bool)
    land[1, 1] = land[0, 0] = False
    assert not enclosed(land).any()


@pytest.mark.parametrize(("rows", "cols", "widest"), [(1, 9, 1), (4, 9, 4), (7, 7, 7)])
def test_the_widest_circle_of_a_rectangle_is_as_wide_as_its_short_side(rows, cols, widest):
    assert widest_circle(np.ones((rows, cols), dtype=bool)) == widest


@settings(max_examples=40, deadline=None)
@given(lands)
def test_the_widest_circle_stays_on_the_land(land):
    diameter = widest_circle(land)
    inside = as_polygon(land).buffer(-diameter / 2 + 1e-3) if land.any() else shapely.Polygon()
    assert inside.is_empty == (diameter == 0)


def test_shapes_count_holes_and_cuts():
    label = np.zeros((12, 12), dtype=np.int32)
    label[1:9, 1:9] = 1
    label[4, 4] = 0
    filled, cuts = np.zeros((2, 12, 12), dtype=bool)
    filled[2, 2] = True
    cuts[:, 3] = True
    shape = shape_of(1, label == 1, filled, cuts)
    assert (shape.number, shape.cells, shape.hole_cells) == (1, 63, 1)
    assert (shape.open_hole_cells, shape.cut_cells) == (1, 8)
