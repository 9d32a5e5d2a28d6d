"""Scores stay between 0 and 1, intervals hold the truth, and what is unknown never credits land."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.suitability.aggregate import weighted_sum
from maemoh_gis.suitability.combine import CriterionScore
from maemoh_gis.suitability.values import (
    score_by_class,
    score_by_points,
    score_interval_by_points,
)

HILL = [(0.0, 0.0), (1_000.0, 1.0), (3_000.0, 0.2)]
shares = st.floats(0, 1, width=32)


def cell(value):
    return np.array([[value]], dtype=np.float32)


def test_scores_are_straight_between_points_and_constant_beyond():
    measured = np.array([-50.0, 0.0, 500.0, 1_000.0, 2_000.0, 1e9, np.inf])
    assert score_by_points(measured, HILL) == pytest.approx([0, 0, 0.5, 1, 0.6, 0.2, 0.2])


def test_an_unknown_measure_has_no_score():
    assert np.isnan(score_by_points(np.array([np.nan]), HILL)).all()


def test_an_interval_that_holds_the_summit_reaches_the_summit():
    low, high = score_interval_by_points(np.array([500.0]), np.array([2_000.0]), HILL)
    assert (low[0], high[0]) == (pytest.approx(0.5), 1.0)


@given(st.floats(0, 4_000), st.floats(0, 4_000), st.floats(0, 1))
def test_an_interval_holds_the_score_of_everything_inside_it(a, b, share):
    low, high = min(a, b), max(a, b)
    least, greatest = score_interval_by_points(np.array([low]), np.array([high]), HILL)
    inside = score_by_points(np.array([low + share * (high - low)]), HILL)
    assert least[0] - 1e-6 <= inside[0] <= greatest[0] + 1e-6


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
