"""Scores stay between 0 and 1, intervals hold the truth, and what is unknown never credits land."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.mcda.aggregate import weighted_sum
from maemoh_gis.mcda.combine import CriterionScore
from maemoh_gis.mcda.values import Gaussian, Piecewise, Sigmoid, score_by_class

HILL = Piecewise(((0.0, 0.0), (1_000.0, 1.0), (3_000.0, 0.2)))
SHAPES = [HILL, Sigmoid(2_000, 500), Sigmoid(500, 2_000), Gaussian(1_500, 400)]
shares = st.floats(0, 1, width=32)


def cell(value):
    return np.array([[value]], dtype=np.float32)


def test_scores_are_straight_between_points_and_constant_beyond():
    measured = np.array([-50.0, 0.0, 500.0, 1_000.0, 2_000.0, 1e9, np.inf])
    assert HILL.score(measured) == pytest.approx([0, 0, 0.5, 1, 0.6, 0.2, 0.2])


@pytest.mark.parametrize("shape", SHAPES)
def test_an_unknown_measure_has_no_score(shape):
    assert np.isnan(shape.score(np.array([np.nan]))).all()


def test_an_interval_that_holds_the_summit_reaches_the_summit():
    low, high = HILL.interval(np.array([500.0]), np.array([2_000.0]))
    assert (low[0], high[0]) == (pytest.approx(0.5), 1.0)


@given(st.sampled_from(SHAPES), st.floats(0, 4_000), st.floats(0, 4_000), st.floats(0, 1))
def test_an_interval_holds_the_score_of_everything_inside_it(shape, a, b, share):
    low, high = min(a, b), max(a, b)
    least, greatest = shape.interval(np.array([low]), np.array([high]))
    inside = shape.score(np.array([low + share * (high - low)]))
    assert least[0] - 1e-6 <= inside[0] <= greatest[0] + 1e-6


@pytest.mark.parametrize("shape", SHAPES)
def test_beyond_the_last_measure_that_matters_the_score_is_level(shape):
    far = shape.score(np.array([shape.last, shape.last * 10, np.inf]))
    assert np.ptp(far) < 1e-4


def test_a_curve_is_half_way_in_the_middle_and_level_at_both_ends():
    curve = Sigmoid(zero=1_000, one=3_000)
    scores = curve.score(np.array([500.0, 1_000.0, 1_010.0, 2_000.0, 2_990.0, 3_000.0, 9_000.0]))
    assert scores == pytest.approx([0, 0, 0, 0.5, 1, 1, 1], abs=1e-4)


def test_a_class_without_score_is_not_a_number():
    scores = score_by_class(np.array([0, 1, 2], dtype=np.uint8), {1: 0.3})
    assert np.isnan(scores[[0, 2]]).all()
    assert scores[1] == np.float32(0.3)


def test_the_score_is_the_mean_over_what_is_scored():
    score = weighted_sum(
        [(2, CriterionScore(cell(0.9))), (1, CriterionScore(cell(0.3))), (1, CriterionScore(None))],
        (1, 1),
    )
    assert score.value[0, 0] == pytest.approx(0.7)
    assert score.low[0, 0] == pytest.approx(0.525)
    assert score.high[0, 0] == pytest.approx(0.775)
    assert score.scored_share[0, 0] == pytest.approx(0.75)


def test_nothing_scored_is_not_a_number_and_anything_is_possible():
    score = weighted_sum([(1, CriterionScore(None))], (1, 1))
    assert np.isnan(score.value).all()
    assert (score.low[0, 0], score.high[0, 0]) == (0.0, 1.0)


def test_a_partial_fact_holds_the_score_below_its_bound():
    near_a_known_village = CriterionScore(cell(np.nan), cell(0.0), cell(0.1))
    score = weighted_sum([(1, CriterionScore(cell(0.9))), (1, near_a_known_village)], (1, 1))
    assert score.value[0, 0] == pytest.approx(0.5)


@given(st.lists(st.tuples(st.floats(0.01, 10), shares), min_size=1, max_size=6), st.floats(0.1, 9))
def test_scaling_all_weights_changes_nothing(parts, factor):
    once = weighted_sum([(w, CriterionScore(cell(s))) for w, s in parts], (1, 1))
    scaled = weighted_sum([(w * factor, CriterionScore(cell(s))) for w, s in parts], (1, 1))
    assert scaled.value[0, 0] == pytest.approx(once.value[0, 0], abs=1e-6)


@given(st.lists(st.tuples(st.floats(0.01, 10), shares), min_size=1, max_size=6))
def test_the_score_lies_between_the_lowest_and_the_highest_part(parts):
    score = weighted_sum([(w, CriterionScore(cell(s))) for w, s in parts], (1, 1)).value[0, 0]
    scores = [s for _, s in parts]
    assert min(scores) - 1e-6 <= score <= max(scores) + 1e-6


@given(shares, shares, shares)
def test_learning_of_a_nearer_village_never_raises_the_score(other, bound, nearer):
    def at(high):
        known = CriterionScore(cell(np.nan), cell(0.0), cell(high))
        return weighted_sum([(3, CriterionScore(cell(other))), (1, known)], (1, 1)).value[0, 0]

    assert at(min(bound, nearer)) <= at(bound)
