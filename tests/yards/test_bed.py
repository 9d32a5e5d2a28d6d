"""Earth beneath a yard: volumes worked out by hand, ranges by the error, nothing told unseen."""

import dataclasses
import math

import numpy as np
import pytest

import maemoh_gis as mm
from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.earthworks.stages import rectangle_of
from maemoh_gis.yards.bed import Bed, earth_class, platform_on, platforms
from maemoh_gis.yards.fit import LineSearch, find_yards
from maemoh_gis.yards.shapes import polygons_of
from tests.near_misses.beside_line import CRS, NEEDS, world

LENGTH, WIDTH = 1000.0, 250.0
# A yard turned off the axes, so that cells do not line up with it.
TURNED = np.array([[500_000.0, 2_000_000.0, math.cos(0.5), math.sin(0.5), LENGTH / 2, WIDTH / 2]])


def ground(along=0.0, across=0.0, *, error=0.1, level=300.0):
    """A plane that rises along and across the turned yard, in metres a metre."""

    def read(grid):
        east, north = grid.x[np.newaxis, :] - 500_000.0, grid.y[:, np.newaxis] - 2_000_000.0
        ux, uy = TURNED[0, 2:4]
        heights = level + along * (east * ux + north * uy) + across * (north * ux - east * uy)
        return heights, np.full(heights.shape, error)

    return read


def laid(read, most_permille=2.5):
    (one,) = platforms(Bed(read, most_permille, 0.0, 0.5), TURNED, CRS, 2.0)
    return one


def test_a_slope_across_the_yard_moves_the_wedge_it_should():
    one = laid(ground(across=0.04))
    # Two wedges over half the width: length x slope x width^2 / 8 each.
    wedge = LENGTH * 0.04 * WIDTH**2 / 8
    assert one.cut_m3[1] == pytest.approx(wedge, rel=0.01)
    assert one.fill_m3[1] == pytest.approx(wedge, rel=0.01)
    assert one.moved_m3[1] == pytest.approx(2 * wedge, rel=0.01)
    assert one.permille == pytest.approx(0.0, abs=0.2)
    assert one.level_m == pytest.approx(300.0, abs=0.05)


def test_a_bed_rises_no_more_than_a_yard_may_and_the_rest_is_moved():
    one = laid(ground(along=0.010))
    assert one.permille == 2.5
    wedge = WIDTH * (0.010 - 0.0025) * LENGTH**2 / 8
    assert one.cut_m3[1] == pytest.approx(wedge, rel=0.01)
    gentle = laid(ground(along=0.001))
    assert gentle.permille == pytest.approx(1.0, rel=0.01)
    assert gentle.moved_m3[1] == pytest.approx(0.0, abs=LENGTH * WIDTH * 1e-3)


def test_level_land_moves_nothing_but_what_the_error_leaves_open():
    one = laid(ground(error=3.0))
    assert one.moved_m3[:2] == pytest.approx((0.0, 0.0), abs=1e-3)
    # Three metres of error over all of 156 rai, twice.
    assert one.moved_m3[2] == pytest.approx(6.0 * LENGTH * WIDTH, rel=0.01)
    assert earth_class(one, 0.5, 2.0) == "cannot_be_told"


@pytest.mark.parametrize(
    ("across", "error", "kind"),
    [
        (0.0, 0.1, "light"),
        (0.02, 0.1, "medium"),
        (0.06, 0.1, "heavy"),
        (0.06, 24.0, "cannot_be_told"),
        (0.0, math.nan, "cannot_be_told"),
        (0.008, 0.2, "cannot_be_told"),
    ],
)
def test_a_class_is_told_only_where_the_whole_range_lies_in_it(across, error, kind):
    assert earth_class(laid(ground(across=across, error=error)), 0.5, 2.0) == kind


def test_heights_missing_anywhere_beneath_tell_nothing():
    along = np.array([-1.0, 0.0, 1.0])
    one = platform_on(along, np.array([1.0, np.nan, 1.0]), np.full(3, 0.1), 4.0, 2.5)
    assert math.isnan(one.level_m)
    assert all(math.isnan(volume) for volume in one.moved_m3)


def test_a_rectangle_is_the_one_it_was_drawn_from():
    assert rectangle_of(polygons_of(TURNED)[0]) == pytest.approx(TURNED)


def flat(grid, error=0.05):
    return np.full(grid.shape, 100.0), np.full(grid.shape, error)


def with_bed(search, bed):
    around = dataclasses.replace(search.around, bed=bed)
    return LineSearch(search.line, search.land, search.needs, search.heights, around)


def fits_of(search):
    return find_yards(
        search.line, search.land, search.needs, heights=search.heights, around=search.around
    ).fits


def test_a_bed_without_earth_fits_where_a_flat_world_does():
    level = fits_of(world())
    on_bed = fits_of(with_bed(world(permille=9.0), Bed(flat, 2.5, 0.0, 0.5)))
    assert not len(fits_of(world(permille=9.0)))
    assert on_bed["chainage_km"].tolist() == level["chainage_km"].tolist()
    assert on_bed["side"].tolist() == level["side"].tolist()


def test_more_earth_than_is_allowed_does_not_help_and_what_is_unknown_is_a_question():
    def sloping(grid):
        rise = 0.04 * np.broadcast_to(grid.y[:, np.newaxis], grid.shape)
        return rise, np.full(grid.shape, 0.05)

    steep = world(permille=9.0)
    # The slope moves 0.04 x 250 / 4 = 2.5 m over the whole yard.
    for most, found in ((2.3, False), (2.6, True)):
        assert bool(len(fits_of(with_bed(steep, Bed(sloping, 2.5, most, 0.5))))) is found
    unknown = with_bed(steep, Bed(lambda grid: flat(grid, math.nan), 2.5, 0.0, 0.5))
    middles, sides = unknown.places()
    verdicts = unknown.judge(middles, sides)
    assert NEEDS.greatest_grade_permille < 9.0
    assert verdicts.has(verdicts.open, "grade").all()
    assert not verdicts.holds.any()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"heights": "slope"}, "bed_not_metres"),
        ({"heights": "highways"}, "wrong_layer_kind"),
        ({"heights": "nowhere"}, "unknown_layer"),
        ({"light_m": 3.0}, "wrong_value"),
    ],
)
def test_a_bed_that_cannot_be_told_is_refused(small_project, values, code):
    own = "uses.container_yard.yard.own_bed"
    with pytest.raises(MaeMohError) as refused:
        mm.load_scenario(
            "small",
            {f"{own}.{key}": value for key, value in values.items()},
            layers=small_project.layers,
            scenarios=small_project.scenarios,
        )
    assert code in {fault.code for fault in refused.value.faults}
