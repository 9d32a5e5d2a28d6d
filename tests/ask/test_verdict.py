"""The smallest change that would alter a verdict, checked by making the change."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from maemoh_gis.ask.limit_change import fewest_limits_to_free, threshold_to_free
from maemoh_gis.mcda import aggregate
from maemoh_gis.mcda.score_change import (
    CriterionReading,
    changes_to_reach,
    combiner_of,
    measure_for_score,
    weighted_mean,
)
from maemoh_gis.mcda.values import Gaussian, Piecewise, Sigmoid

FALLING = Piecewise(((1000.0, 1.0), (2000.0, 0.0)))
HUMP = Piecewise(((0.0, 0.0), (10.0, 1.0), (20.0, 1.0), (40.0, 0.2)))


def test_one_limit_is_enough_where_it_alone_holds_on_most_land():
    bits = np.array([0b01] * 6 + [0b11] * 3 + [0] * 2, dtype=np.uint32)
    change = fewest_limits_to_free(["a", "b"], bits, 6)
    assert (change.limits, change.freed_cells, change.already_free_cells) == (("a",), 6, 2)


def test_limits_that_hold_together_must_go_together():
    bits = np.array([0b101] * 6 + [0b010] * 3, dtype=np.uint32)
    assert fewest_limits_to_free(["a", "b", "c"], bits, 5).limits == ("a", "c")


def test_land_that_is_free_needs_no_change():
    assert fewest_limits_to_free(["a"], np.array([0, 0, 1], dtype=np.uint32), 2) is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 15), min_size=1, max_size=30), st.integers(1, 30))
def test_no_smaller_set_of_limits_frees_the_land(cells, wanted):
    bits = np.array(cells, dtype=np.uint32)
    change = fewest_limits_to_free("abcd", bits, wanted)

    def free_without(lifted):
        return sum(not cell & ~lifted for cell in cells)

    if change is None:
        assert free_without(0) >= wanted or len(cells) < wanted
        return
    lifted = sum(1 << "abcd".index(name) for name in change.limits)
    assert free_without(lifted) == change.freed_cells + change.already_free_cells >= wanted
    for other in range(16):
        if other.bit_count() < len(change.limits):
            assert free_without(other) < wanted


@pytest.mark.parametrize(
    ("kind", "threshold", "expected"),
    [("within_m", 500.0, 300.0), ("above", 50.0, 200.0), ("below", 500.0, 300.0)],
)
def test_the_threshold_that_frees_two_cells_of_four(kind, threshold, expected):
    values = np.array([100.0, 200.0, 300.0, 400.0])
    assert threshold_to_free(values, kind, threshold, 2) == expected
    assert threshold_to_free(values, kind, threshold, 5) is None


@pytest.mark.parametrize(
    ("shape", "measure", "score", "expected"),
    [
        (FALLING, 1800.0, 0.5, 1500.0),
        (FALLING, math.inf, 0.25, 1750.0),
        (FALLING, 500.0, 0.5, 1500.0),
        (HUMP, 2.0, 1.0, 10.0),
        (HUMP, 39.0, 1.0, 20.0),
        (HUMP, 15.0, 0.6, 6.0),
        (HUMP, 15.0, 0.1, 1.0),
        (Piecewise(((0.0, 0.1), (1.0, 0.6))), 0.0, 0.9, None),
        (Sigmoid(zero=2000.0, one=1000.0), 2400.0, 0.5, 1500.0),
        (Gaussian(best=5.0, spread=2.0), 12.0, math.exp(-0.5), 7.0),
        (Gaussian(best=5.0, spread=2.0), 4.0, math.exp(-0.5), 3.0),
        (Gaussian(best=5.0, spread=2.0), 4.0, 0.0, None),
    ],
)
def test_the_nearest_measure_with_a_score(shape, measure, score, expected):
    found = measure_for_score(shape, measure, score)
    assert found == (None if expected is None else pytest.approx(expected))


@st.composite
def places(draw):
    readings = []
    for k in range(draw(st.integers(1, 5))):
        weight = draw(st.floats(0.05, 1))
        if draw(st.booleans()):
            measure = draw(st.floats(500, 2500))
            score = float(FALLING.score(np.array([measure]))[0])
            reading = CriterionReading(f"c{k}", weight, score, score, score, measure, FALLING)
        else:
            low = draw(st.floats(0, 1))
            high = draw(st.floats(low, 1))
            reading = CriterionReading(f"c{k}", weight, None, low, high)
        readings.append(reading)
    return readings


METHODS = {
    "weighted_sum": aggregate.weighted_sum,
    "weighted_product": aggregate.weighted_product,
    "fuzzy_gamma": lambda pairs, shape: aggregate.fuzzy_gamma(pairs, shape, 0.7),
}
by_the_run = combiner_of(aggregate.weighted_sum)


@settings(max_examples=60, deadline=None)
@given(places())
def test_scores_are_combined_as_in_a_run(readings):
    score, expected = weighted_mean(readings), by_the_run(readings)
    assert score == (None if expected is None else pytest.approx(expected, abs=1e-6))


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@settings(max_examples=25, deadline=None)
@given(places(), st.floats(0.05, 0.95))
def test_making_the_change_reaches_the_target_and_a_smaller_one_does_not(method, readings, target):
    combine = combiner_of(method)
    before = combine(readings)
    assume(before is not None and abs(before - target) > 1e-3)
    for single in changes_to_reach(readings, target, combine).single:

        def after(score, changed=single.id):
            return combine(
                [
                    replace(r, score=score, low=score, high=score) if r.id == changed else r
                    for r in readings
                ]
            )

        if before < target:
            assert after(single.score_needed) >= target - 2e-6
            assert single.score_needed < 1e-3 or after(single.score_needed - 1e-3) <= target
        else:
            assert after(single.score_needed) <= target + 2e-6
            assert single.score_needed > 0.999 or after(single.score_needed + 1e-3) >= target


@settings(max_examples=50, deadline=None)
@given(places(), st.floats(0.05, 0.95))
def test_moving_the_measure_gives_the_score_that_is_needed(readings, target):
    for single in changes_to_reach(readings, target).single:
        if single.amount is None:
            continue
        score = FALLING.score(np.array([single.measure + single.amount]))[0]
        assert score == pytest.approx(single.score_needed, abs=1e-5)


def scored(id, weight, measure):
    score = float(FALLING.score(np.array([measure]))[0])
    return CriterionReading(id, weight, score, score, score, measure, FALLING)


def test_the_smallest_change_comes_first_and_says_how_much():
    change = changes_to_reach([scored("light", 1, 1500.0), scored("heavy", 4, 1500.0)], 0.6)
    heavy, light = change.single
    assert (heavy.id, light.id) == ("heavy", "light")
    assert heavy.measure_needed == pytest.approx(1375.0, abs=0.01)
    assert heavy.amount == pytest.approx(-125.0, abs=0.01)
    assert light.amount == pytest.approx(-500.0, abs=0.01)


def test_where_none_is_enough_alone_few_together_are_named():
    readings = [scored("a", 3, 2000.0), scored("b", 2, 2000.0), scored("c", 1, 2000.0)]
    change = changes_to_reach(readings, 0.7)
    assert change.single == ()
    assert change.together == ("a", "b")


def test_a_criterion_not_yet_scored_says_what_it_would_have_to_score():
    readings = [scored("a", 1, 1600.0), CriterionReading("b", 1)]
    (b,) = [c for c in changes_to_reach(readings, 0.6).single if c.id == "b"]
    assert b.score is None
    assert b.score_needed == pytest.approx(0.8, abs=1e-5)


def test_classes_that_would_do_are_listed():
    classes = {"forest": 0.0, "field": 0.7, "bare": 1.0}
    reading = CriterionReading("cover", 1.0, 0.0, 0.0, 0.0, classes=classes)
    (change,) = changes_to_reach([reading], 0.65).single
    assert change.classes == ("field", "bare")


def test_a_site_that_is_in_is_lost_by_a_small_worsening():
    change = changes_to_reach([scored("a", 1, 1200.0)], 0.5)
    assert change.score == pytest.approx(0.8)
    assert change.single[0].amount == pytest.approx(300.0, abs=0.01)
