"""What a layer knows only in part is scored only as far as its records go."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.mcda.partly_known import score_of_count, score_of_distance, score_of_share
from maemoh_gis.mcda.values import Gaussian, Piecewise, Sigmoid

NEAR_IS_GOOD = Piecewise(((2_000, 1.0), (10_000, 0.0)))
FAR_IS_GOOD = Piecewise(((500, 0.0), (2_000, 1.0)))
BEST_BETWEEN = Piecewise(((0, 0.0), (1_000, 1.0), (3_000, 0.2)))


def row(*numbers):
    return np.array([numbers], dtype=np.float32)


def at(shape, metres, depth):
    found = score_of_distance(row(metres), row(depth), shape)
    return tuple(None if np.isnan(v) else round(float(v), 4)
                 for v in (found.value[0, 0], found.low[0, 0], found.high[0, 0]))  # fmt: skip


def test_a_recorded_feature_that_leaves_nothing_open_scores():
    # Every distance from 0 to 1,900 m gives 1, whatever else stands nearer.
    assert at(NEAR_IS_GOOD, 1_900, 0) == (1.0, 1.0, 1.0)
    assert at(FAR_IS_GOOD, 400, 0) == (0.0, 0.0, 0.0)


def test_a_recorded_feature_that_leaves_something_open_bounds_but_does_not_score():
    # At 6 km the recorded one alone gives 0.5; a nearer one would give up to 1.
    assert at(NEAR_IS_GOOD, 6_000, 0) == (None, 0.5, 1.0)
    # A village may stand beside the cell, or none nearer than the recorded one.
    assert at(FAR_IS_GOOD, 1_250, 0) == (None, 0.0, 0.5)


def test_a_summit_between_the_ends_is_the_greatest():
    # From 0 to 2,000 m: 0 at once, 1 at 1,000 m, 0.6 at 2,000 m.
    assert at(BEST_BETWEEN, 2_000, 0) == (None, 0.0, 1.0)


def test_where_the_layer_is_complete_the_worst_of_what_may_be_counts():
    assert at(FAR_IS_GOOD, 5_000, 1_250) == (0.5, 0.5, 1.0)
    assert at(NEAR_IS_GOOD, 6_000, 4_000) == (0.5, 0.5, 0.75)
    assert at(NEAR_IS_GOOD, 6_000, 6_000) == (0.5, 0.5, 0.5)


def test_a_count_may_only_grow():
    few_is_good = Piecewise(((0, 1.0), (10, 0.0)))
    found = score_of_count(row(12, 4, 4), row(0, 0, 900), 500.0, few_is_good)
    assert np.array_equal(found.value, row(0, np.nan, 0.6), equal_nan=True)
    assert np.array_equal(found.low, row(0, 0, 0.6))
    assert np.array_equal(found.high, row(0, 0.6, 0.6))


def test_land_that_is_not_known_may_hold_all_or_nothing():
    much_is_good = Piecewise(((0, 0.0), (1, 1.0)))
    found = score_of_share(row(0.5, 0.5), row(1, 0.4), row(0, 0), much_is_good)
    # 0.5 of 40 % are known to hold it, and 60 % are not known: from 0.2 to 0.8.
    assert np.allclose(found.value, row(0.5, 0.2))
    assert np.allclose(found.low, row(0.5, 0.2))
    assert np.allclose(found.high, row(0.5, 0.8))


METRES = st.floats(0, 30_000, width=32)
SCORES = st.floats(0, 1, width=32)
SHAPES = st.one_of(
    st.lists(st.integers(0, 20_000), min_size=2, max_size=6, unique=True).flatmap(
        lambda found: st.lists(SCORES, min_size=len(found), max_size=len(found)).map(
            lambda scores: Piecewise(tuple(zip(sorted(found), scores, strict=True)))
        )
    ),
    st.tuples(st.integers(0, 9_000), st.integers(9_001, 20_000), st.booleans()).map(
        lambda p: Sigmoid(p[0], p[1]) if p[2] else Sigmoid(p[1], p[0])
    ),
    st.tuples(st.integers(0, 20_000), st.integers(100, 5_000)).map(lambda p: Gaussian(*p)),
)
# float32 scores, so a bound may stand a rounding away from another way to the same number.
ROUNDING = 1e-5


def bounds(metres, depth, shape):
    found = score_of_distance(row(metres), row(depth), shape)
    return float(found.value[0, 0]), float(found.low[0, 0]), float(found.high[0, 0])


@given(METRES, METRES, METRES, SHAPES)
def test_land_complete_to_a_greater_depth_gives_an_interval_inside_the_old_one(m, one, other, v):
    less, more = sorted((one, other))
    _, low, high = bounds(m, less, v)
    _, within_low, within_high = bounds(m, more, v)
    assert low - ROUNDING <= within_low <= within_high <= high + ROUNDING


@given(METRES, METRES, METRES, SHAPES)
def test_a_feature_found_where_one_may_be_missing_gives_an_interval_inside_the_old_one(
    m, depth, share, v
):
    # One more feature, no nearer than the depth in which none is missing, and the layer whole now.
    nearest = min(m, max(depth, m * min(share / 30_000, 1.0)))
    _, low, high = bounds(m, depth, v)
    truth = float(v.score(row(nearest))[0, 0])
    assert low - ROUNDING <= truth <= high + ROUNDING


@given(METRES, METRES, SHAPES)
def test_the_interval_holds_the_score_of_every_distance_that_may_be(m, depth, v):
    _, low, high = bounds(m, depth, v)
    tried = v.score(np.linspace(min(m, depth), m, 401))
    assert low - ROUNDING <= tried.min()
    assert tried.max() <= high + ROUNDING


@given(METRES, METRES, SHAPES)
def test_what_is_scored_never_stands_above_what_could_be_the_case(m, depth, v):
    value, low, high = bounds(m, depth, v)
    assert np.isnan(value) or value == low
    # Nothing is known around the cell: it has a score only where nothing could change it.
    value, low, high = bounds(m, 0.0, v)
    assert np.isnan(value) == (low != high)
