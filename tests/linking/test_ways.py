"""Ways go round what is dear, stop at what bars them, and count what they cross."""

import dataclasses
import math

import numpy as np
import pytest
import shapely

from maemoh_gis.core.units import rai_from_m2
from maemoh_gis.linking.ground import OUTSIDE, costs_of
from maemoh_gis.linking.study import find_links
from tests.linking.flat_world import (
    CELL_M,
    PLACE_X,
    ROAD_X,
    SIDE_M,
    flat,
    found,
    frame,
    limited,
    links_of,
    place,
)

STRAIGHT_M = PLACE_X - ROAD_X


def block(west, east, south=-100.0, north=SIDE_M + 100.0):
    """Land between two lines, all the way across unless said."""
    # A centimetre short of the next cells, which would be touched by its edge.
    return shapely.box(west + 0.01, south + 0.01, east - 0.01, north - 0.01)


def cells_of(ground, shape):
    return limited(ground, here=shape).limits["here"]


def test_over_level_land_a_way_runs_straight_and_takes_its_width():
    route = found(flat()).route
    assert route.line.length == pytest.approx(STRAIGHT_M)
    # From the middle of the nearest cell of the place, which stands 50 m inside it.
    assert route.plain_km * 1000 == pytest.approx(STRAIGHT_M + 50.0)
    assert route.land_m == {"open": pytest.approx(STRAIGHT_M)}
    assert rai_from_m2(route.line.length * 40.0) == pytest.approx(73.75)
    assert route.crossings == {"water": 0}
    assert route.passes_m == {}


def test_a_planted_hill_is_gone_round():
    ground, hill = flat(), block(1000, 2000, 1000, 3000)
    slope = np.where(cells_of(ground, hill), 20.0, 0.0)
    route = found(dataclasses.replace(ground, slope=slope)).route
    assert not route.line.intersects(hill)
    # Round a corner 900 m off, no shorter than the straight lines around it and 8 % longer at most.
    least = math.hypot(PLACE_X - 2000, 900) + 1000 + math.hypot(1000 - ROAD_X, 900)
    assert least < 1000 + route.line.length < 1.09 * (least + 1000)
    assert route.line.length > STRAIGHT_M


def test_a_low_hill_is_gone_over_where_round_is_dearer():
    ground, rise = flat(), block(1000, 1200)
    slope = np.where(cells_of(ground, rise), 10.0, 0.0)
    route = found(dataclasses.replace(ground, slope=slope)).route
    assert route.line.length == pytest.approx(STRAIGHT_M)
    # Two cells at five times the cost.
    assert route.plain_km * 1000 == pytest.approx(STRAIGHT_M + 50.0 + 2 * 4 * CELL_M)


def test_a_planted_river_is_one_crossing_and_two_are_two():
    rivers = [shapely.LineString([(x, 0), (x, SIDE_M)]) for x in (1050, 2050)]
    for count in (1, 2):
        route = found(flat(rivers=rivers[:count])).route
        assert route.crossings["water"] == count
        assert route.plain_km * 1000 == pytest.approx(STRAIGHT_M + 50.0 + 300.0 * count)


def test_both_banks_of_one_river_are_one_crossing():
    water = shapely.box(1010, 0, 1090, SIDE_M)
    middle = shapely.LineString([(1050, 0), (1050, SIDE_M)])
    assert found(flat(rivers=[water, middle])).route.crossings["water"] == 1


def test_the_road_it_joins_is_not_crossed():
    links = links_of(crossing_m={"road": 100})
    assert found(flat(links), links).route.crossings == {"road": 0}


def test_land_a_law_bars_is_gone_round_through_the_gap_and_never_crossed():
    wall = block(1500, 1700, 500)
    ground = limited(flat(), park=wall)
    route = found(ground).route
    assert not route.line.intersects(wall)
    assert found(ground, links_of(passes=["park"])).route.passes_m == {
        "park": pytest.approx(200.0, abs=20.0)
    }


def test_a_place_that_is_shut_in_has_no_way_and_names_what_shuts_it_in():
    ground = limited(flat(), park=block(1500, 1700), pond=block(100, 200, 0, 200))
    link = found(ground)
    assert link.route is None
    assert link.barriers[0] == "park"
    assert "pond" not in link.barriers


def test_a_place_on_barred_land_names_that_limit():
    ground = limited(flat(), pit=block(2800, 3400, 1700, 2300))
    link = found(ground)
    assert (link.route, link.barriers) == (None, ("pit",))


def test_where_nothing_is_to_join_no_limit_is_blamed():
    links = links_of(leads_to=[{"layer": "rivers"}])
    link = found(flat(links), links)
    assert (link.route, link.barriers) == (None, ())


def test_beyond_the_study_area_nothing_leads():
    ground = flat()
    outside = cells_of(ground, block(1500, 1700))
    link = found(dataclasses.replace(ground, limits={OUTSIDE: outside}))
    assert link.barriers == (OUTSIDE,)


def test_land_that_needs_a_permit_is_passed_and_told():
    ground = limited(flat(), forest=block(1000, 1400))
    ground = dataclasses.replace(ground, removing=(OUTSIDE,))
    route = found(ground).route
    assert route.line.length == pytest.approx(STRAIGHT_M)
    assert route.passes_m == {"forest": pytest.approx(400.0, abs=10.0)}


def test_unknown_land_and_unknown_slope_cost_as_the_dearest():
    ground = flat()
    unknown = cells_of(ground, block(1000, 1100))
    links = links_of()
    land = np.where(unknown, 0, ground.land).astype(np.uint8)
    slope = np.where(unknown, np.nan, ground.slope)
    for changed, factor in (({"land": land}, 10), ({"slope": slope}, 50)):
        told = costs_of(links.ways["road"], links, dataclasses.replace(ground, **changed))
        assert set(told.per_m[unknown]) == {factor}
    route = found(dataclasses.replace(ground, land=land)).route
    assert route.land_m[""] == pytest.approx(100.0, abs=10.0)


def test_a_lesser_road_that_is_there_draws_the_way():
    links = links_of(along={"layer": "railway", "cost": 0.2})
    ground = flat(links)
    lane = shapely.LineString([(PLACE_X + 100, 950), (ROAD_X, 950)])
    key = next(key for key in ground.features if key.startswith("railway"))
    frames = {**ground.features, key: ground.features[key].iloc[:0]}
    frames[key] = frame(lane)
    route = found(dataclasses.replace(ground, features=frames), links, place(1900.0))[0].route
    assert route.along_m > 1500.0
    assert route.line.length > STRAIGHT_M


def test_without_a_limit_a_grade_is_of_no_account():
    links = links_of(most_permille=None)
    (link,) = find_links(links, flat(links), [place()], math.nan)
    assert link.route.grade.outcome == "not_asked"


def test_each_place_gets_its_own_way_in_the_order_of_the_places():
    told = found(flat(), None, place(500.0), place(2500.0))
    assert [link.place.shape.bounds[1] for link in told] == [500.0, 2500.0]
    assert [link.route.line.length for link in told] == [pytest.approx(STRAIGHT_M)] * 2


def test_a_place_beside_what_it_joins_is_as_far_as_it_lies():
    near = dataclasses.replace(place(), shape=shapely.box(60, 1000, 90, 1100))
    (link,) = found(flat(), None, near)
    assert link.route.line.length == pytest.approx(10.0)
    assert link.route.grade.outcome == "not_asked"


@pytest.mark.parametrize(
    ("permille", "error_m", "outcome"),
    [(20.0, 0.1, "within"), (80.0, 0.1, "beyond"), (20.0, 24.0, "cannot_be_told"),
     (59.9, 0.5, "cannot_be_told"), (20.0, math.nan, "cannot_be_told")],
)  # fmt: skip
def test_a_grade_is_told_only_where_two_errors_leave_no_doubt(permille, error_m, outcome):
    ground = flat()
    heights = np.broadcast_to(ground.grid.x * permille / 1000.0, ground.grid.shape)
    changed = {"heights": heights, "heights_error": np.full(ground.grid.shape, error_m)}
    grade = found(dataclasses.replace(ground, **changed)).route.grade
    assert grade.outcome == outcome
    if outcome == "cannot_be_told":
        assert math.isnan(grade.permille)
    else:
        assert grade.permille == pytest.approx(permille)
        assert grade.error_permille == pytest.approx(math.sqrt(2) * error_m / 0.5)
