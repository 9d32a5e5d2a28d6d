"""Lines on a grid: cut where they meet, joined where nothing branches, crossed by no others."""

from dataclasses import dataclass

import numpy as np
import pytest

from pack.generalise import generalised
from pack.loose_ends import gaps, joined_gaps
from pack.noding import Way, crossing_pairs, grid_point, in_metres, merged, noded
from pack.road_thinning import thinned

X, Y = 9_970_000, 1_830_000
"""A place in Mae Mo; a step of the grid is 1.06 m eastward and 1.11 m northward."""


@dataclass(frozen=True)
class Facts:
    name: str = ""
    directed: bool = False
    level: int = 0


def way(*points, **facts):
    return Way(tuple((X + x, Y + y) for x, y in points), Facts(**facts))


def courses(ways):
    return {tuple((x - X, y - Y) for x, y in min(w.points, w.points[::-1])) for w in ways}


def test_lines_are_cut_at_a_point_they_share():
    cut, crossed = noded([way((0, 0), (10, 0), (20, 0)), way((10, -5), (10, 0), (10, 5))])
    assert crossed == 0
    assert len(cut) == 4


def test_lines_that_cross_without_a_point_get_one():
    cut, crossed = noded([way((0, 0), (20, 0)), way((10, -5), (10, 5))])
    assert crossed == 1
    assert courses(cut) == {
        ((0, 0), (10, 0)), ((10, 0), (20, 0)), ((10, -5), (10, 0)), ((10, 0), (10, 5)),
    }  # fmt: skip


def test_a_bridge_meets_the_road_beneath_nowhere():
    both = [way((0, 0), (10, 0), (20, 0)), way((10, -5), (10, 0), (10, 5), level=1)]
    cut, crossed = noded(both)
    assert (len(cut), crossed) == (2, 0)
    assert crossing_pairs(cut).tolist() == []


def test_an_end_on_a_line_is_a_node():
    cut, _ = noded([way((0, 0), (20, 0)), way((10, 0), (10, 9))])
    assert len(cut) == 3


def test_of_lines_on_each_other_the_first_stays():
    (left,), _ = noded([way((0, 0), (9, 0), name="a"), way((9, 0), (0, 0), name="b")])
    assert left.facts.name == "a"


def test_pieces_of_equal_facts_become_one_line():
    pieces = [way((0, 0), (5, 0)), way((9, 0), (5, 0)), way((9, 0), (9, 7), name="b")]
    assert courses(merged(pieces)) == {((0, 0), (5, 0), (9, 0)), ((9, 0), (9, 7))}


def test_roads_of_one_way_that_face_each_other_stay_two():
    facing = [way((0, 0), (5, 0), directed=True), way((9, 0), (5, 0), directed=True)]
    assert len(merged(facing)) == 2
    following = [way((5, 0), (9, 0), directed=True), way((0, 0), (5, 0), directed=True)]
    (whole,) = merged(following)
    assert whole.points == way((0, 0), (5, 0), (9, 0)).points


def test_a_ring_of_two_pieces_becomes_one_line_that_ends_where_it_begins():
    (ring,) = merged([way((0, 0), (5, 5), (9, 0)), way((9, 0), (5, -5), (0, 0))])
    assert ring.is_ring
    assert len(ring.points) == 5


def test_points_are_dropped_within_the_tolerance_alone():
    bent = [way((0, 0), (50, 4), (100, 0))]
    assert len(generalised(bent, np.array([3.0]))[0].points) == 3
    assert len(generalised(bent, np.array([6.0]))[0].points) == 2


def test_what_would_cross_once_points_are_dropped_keeps_them():
    # The second road runs inside the bend of the first: straight, the first would cut it.
    bend = way((0, 0), (50, 10), (100, 0))
    inside = way((50, -20), (50, 5))
    assert generalised([bend, inside], np.array([50.0, 50.0]))[0] == bend


def test_two_roads_of_the_same_ends_do_not_fall_on_each_other():
    pair = [way((0, 0), (50, 4), (100, 0)), way((0, 0), (50, -4), (100, 0))]
    assert generalised(pair, np.array([20.0, 20.0])) == pair


def test_a_piece_in_the_air_is_led_to_the_road_it_nearly_meets():
    road, lane = way((0, 0), (100, 0)), way((40, 15), (40, 90))
    led, closed = joined_gaps([road, lane], gaps([road, lane]))
    assert [round(gap.metres) for gap in closed] == [17]
    assert len(noded(led)[0]) == 3


def test_a_piece_farther_than_25_m_is_left_alone():
    assert gaps([way((0, 0), (100, 0)), way((40, 30), (40, 90))]) == []


@pytest.mark.parametrize(("off", "joins"), [(15, 0), (4, 1)])
def test_a_cul_de_sac_meets_the_road_behind_it_only_where_it_lies_on_it(off, joins):
    ways, _ = noded([
        way((0, 0), (200, 0)), way((0, 0), (0, 100)), way((0, 100), (100, 100)),
        way((100, 100), (100, off)),
    ])  # fmt: skip
    assert len(joined_gaps(ways, gaps(ways))[1]) == joins


def test_an_end_of_a_bridge_is_led_nowhere():
    assert gaps([way((0, 0), (100, 0)), way((40, 15), (40, 90), level=1)]) == []


def test_a_short_lane_goes_and_a_long_one_stays():
    road, short, long = (
        way((0, 0), (500, 0)), way((500, 0), (500, 90)), way((500, 0), (900, 0)),
    )  # fmt: skip
    left = thinned([road, short, long], np.array([False, True, True]), 100.0)
    assert left == [road, long]


def test_a_lane_that_alone_joins_two_roads_stays():
    ends = [way((0, 0), (0, 300)), way((60, 0), (60, -300))]
    link = way((0, 0), (60, 0))
    assert link in thinned([*ends, link], np.array([False, False, True]), 100.0)


def test_what_went_keeps_a_road_beside_it_when_others_go():
    # Five lanes side by side, 80 m apart: without the check the last would go for the one before.
    rungs = [way((k * 75, 0), (k * 75, 400)) for k in range(6)]
    rails = [way((k * 75, y), (k * 75 + 75, y)) for k in range(5) for y in (0, 400)]
    ways = [*rungs, *rails]
    may_go = np.array([True] * len(rungs) + [False] * len(rails))
    left = thinned(ways, may_go, 100.0)
    kept = [k for k, rung in enumerate(rungs) if rung in left]
    assert 0 < len(kept) < len(rungs)
    assert all(min(abs(k - other) for other in kept) * 75 * 1.06 <= 100 for k in range(6))


def test_a_point_of_the_grid_comes_back_from_metres():
    import shapely

    assert grid_point(shapely.Point(in_metres([(X, Y)])[0])) == (X, Y)
