"""Weights that people give directly: only proportions and order count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.errors import FormatError
from maemoh_gis.mcda.weights import rank_order_centroid, weights_from_points

points = st.lists(st.floats(0.01, 100), min_size=1, max_size=8)
ranks = st.lists(st.integers(1, 6), min_size=1, max_size=10)


def named(values):
    return {f"c{k}": value for k, value in enumerate(values)}


def codes(error):
    return [fault.code for fault in error.value.faults]


@given(points, st.floats(1e-6, 1e6))
def test_scaling_all_points_changes_nothing(values, factor):
    scaled = weights_from_points(named(value * factor for value in values))
    assert scaled == pytest.approx(weights_from_points(named(values)), rel=1e-12)


@given(points)
def test_shares_sum_to_one(values):
    assert sum(weights_from_points(named(values)).values()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("huge_or_tiny", [1e308, 5e-324])
def test_the_scale_of_points_may_be_extreme(huge_or_tiny):
    assert weights_from_points(named([huge_or_tiny, huge_or_tiny])) == {"c0": 0.5, "c1": 0.5}


@pytest.mark.parametrize("points", [{}, {"rail": 0}, {"rail": 0.0, "road": 0}])
def test_weights_that_sum_to_nothing_are_refused(points):
    with pytest.raises(FormatError) as error:
        weights_from_points(points)
    assert codes(error) == ["weights_sum_to_nothing"]


def test_every_impossible_weight_is_named_at_once():
    with pytest.raises(FormatError) as error:
        weights_from_points({"rail": -1, "road": 2, "water": float("nan"), "slope": float("inf")})
    assert [fault.key for fault in error.value.faults] == ["rail", "water", "slope"]
    assert set(codes(error)) == {"weight_negative"}


@pytest.mark.parametrize(
    ("count", "published"),
    [
        (3, [0.6111, 0.2778, 0.1111]),
        (4, [0.5208, 0.2708, 0.1458, 0.0625]),
    ],
)
def test_rank_order_centroid_weights_are_those_of_barron_and_barrett_1996(count, published):
    weights = rank_order_centroid(named(range(1, count + 1)))
    assert list(weights.values()) == pytest.approx(published, abs=1e-4)


def test_criteria_of_equal_rank_share_the_weights_of_their_places():
    weights = rank_order_centroid({"rail": 1, "road": 2, "water": 2})
    assert weights["road"] == weights["water"] == pytest.approx((0.2778 + 0.1111) / 2, abs=1e-4)


@given(ranks)
def test_a_better_rank_never_weighs_less(order):
    weights = list(rank_order_centroid(named(order)).values())
    assert sum(weights) == pytest.approx(1)
    for rank, weight in zip(order, weights, strict=True):
        assert all(weight >= w for r, w in zip(order, weights, strict=True) if rank <= r)


def test_gaps_between_ranks_do_no_harm():
    assert rank_order_centroid({"rail": 1, "road": 5}) == {"rail": 0.75, "road": 0.25}


def test_a_rank_below_one_is_refused():
    with pytest.raises(FormatError) as error:
        rank_order_centroid({"rail": 0, "road": 1})
    assert [(fault.code, fault.key) for fault in error.value.faults] == [("wrong_value", "rail")]


def test_no_ranks_at_all_are_refused():
    with pytest.raises(FormatError):
        rank_order_centroid({})
