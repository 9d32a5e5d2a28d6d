"""Ways so long that the layer must lack a road."""

from __future__ import annotations

import math

import pytest

from maemoh_gis.network.detours import MOST_DETOUR, detour, is_gap


def test_a_way_of_more_than_twice_the_straight_line_is_a_gap_of_the_layer() -> None:
    # From Chae Hom to Mueang Pan the drawn roads lead 106 km round for 8.9 km.
    assert is_gap(106.0, 8.9)
    assert detour(106.0, 8.9) == pytest.approx(11.91, abs=0.005)


def test_twice_the_straight_line_is_still_a_road() -> None:
    assert not is_gap(MOST_DETOUR * 10.0, 10.0)
    assert is_gap(math.nextafter(MOST_DETOUR * 10.0, math.inf), 10.0)


def test_no_way_is_no_detour() -> None:
    assert not is_gap(math.nan, 8.9)
    assert math.isnan(detour(math.nan, 8.9))


def test_a_place_is_no_detour_from_itself() -> None:
    assert not is_gap(0.0, 0.0)


def test_between_two_places_at_one_spot_no_road_is_missing() -> None:
    # 3 km there and back to the nearest road is no way round a gap.
    assert not is_gap(3.0, 0.0)
    assert not is_gap(3.0, 0.0009)
    assert is_gap(3.0, 0.0011)
