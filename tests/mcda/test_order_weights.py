"""Attitudes to risk, from only the worst part to only the best."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.errors import FormatError
from maemoh_gis.mcda.order_weights import quantifier_of_order_weights, quantifier_of_orness

order_weights = st.lists(st.floats(0.01, 10), min_size=2, max_size=8)


def codes(make, *arguments):
    with pytest.raises(FormatError) as error:
        make(*arguments)
    return [fault.code for fault in error.value.faults]


@pytest.mark.parametrize("orness", [-0.1, 1.1, float("nan")])
def test_orness_is_between_0_and_1(orness):
    assert codes(quantifier_of_orness, orness) == ["wrong_value"]


def test_there_is_one_order_weight_for_each_criterion():
    assert codes(quantifier_of_order_weights, [0.5, 0.5], 3) == ["order_weights_count"]


def test_order_weights_that_sum_to_nothing_are_refused():
    assert codes(quantifier_of_order_weights, [0, 0], 2) == ["weights_sum_to_nothing"]


@given(order_weights)
def test_the_quantifier_of_order_weights_rises_from_0_to_1(weights):
    steps = quantifier_of_order_weights(weights, len(weights)).steps
    assert (steps[0], steps[-1]) == (0, 1)
    assert list(steps) == sorted(steps)


@given(st.floats(0.01, 1))
def test_the_area_below_the_quantifier_is_the_orness(orness):
    assert 1 / (1 + quantifier_of_orness(orness).exponent) == pytest.approx(orness)


@pytest.mark.parametrize(
    ("weights", "orness"),
    [
        ([1, 0, 0, 0], 1.0),
        ([0, 0, 0, 1], 0.0),
        ([0.25, 0.25, 0.25, 0.25], 0.5),
        ([0, 0, 1, 0, 0], 0.5),
        # A third of 3 x 0.4 + 2 x 0.3 + 0.2.
        ([0.4, 0.3, 0.2, 0.1], 2 / 3),
    ],
)
def test_the_area_below_the_steps_is_that_of_yager_1988(weights, orness):
    # Yager 1988, IEEE Transactions on Systems, Man, and Cybernetics 18(1), 183-190: orness is the
    # mean of the values between the ends, so the area of the trapezia below the steps is
    # ((n - 1) orness + 1 / 2) / n.
    count = len(weights)
    steps = quantifier_of_order_weights(weights, count).steps
    area = math.fsum((one + next_) / 2 for one, next_ in pairwise(steps)) / count
    assert area == pytest.approx(((count - 1) * orness + 0.5) / count)
