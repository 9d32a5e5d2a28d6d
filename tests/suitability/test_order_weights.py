"""Attitudes to risk, from only the worst part to only the best."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.errors import FormatError
from maemoh_gis.suitability.order_weights import (
    orness_of,
    quantifier_of_order_weights,
    quantifier_of_orness,
    trade_off_of,
)

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


@pytest.mark.parametrize("measure", [orness_of, trade_off_of])
def test_one_order_weight_alone_has_no_attitude(measure):
    assert codes(measure, [1]) == ["order_weights_count"]


@pytest.mark.parametrize(
    ("weights", "printed"),
    [
        ([1, 0, 0, 0], 1.0),
        ([0, 0, 0, 1], 0.0),
        ([0.25, 0.25, 0.25, 0.25], 0.5),
        ([0.2, 0.2, 0.2, 0.2, 0.2], 0.5),
        ([0, 0, 1, 0, 0], 0.5),
    ],
)
def test_orness_is_that_of_yager_1988(weights, printed):
    # Yager 1988, IEEE Transactions on Systems, Man, and Cybernetics 18(1), 183-190, compared with
    # github.com/johnHostetter/fuzzy-theory, tests/test_relations/test_aggregation.py.
    assert orness_of(weights) == pytest.approx(printed)


def test_orness_can_be_worked_out_by_hand():
    # A third of 3 x 0.4 + 2 x 0.3 + 0.2.
    assert orness_of([0.4, 0.3, 0.2, 0.1]) == pytest.approx(2 / 3)


@given(order_weights)
def test_orness_and_trade_off_stay_within_0_and_1(weights):
    assert 0 <= orness_of(weights) <= 1
    assert 0 <= trade_off_of(weights) <= 1


@given(order_weights)
def test_the_quantifier_of_order_weights_rises_from_0_to_1(weights):
    steps = quantifier_of_order_weights(weights, len(weights)).steps
    assert (steps[0], steps[-1]) == (0, 1)
    assert list(steps) == sorted(steps)


@given(st.floats(0.01, 1))
def test_the_area_below_the_quantifier_is_the_orness(orness):
    assert 1 / (1 + quantifier_of_orness(orness).exponent) == pytest.approx(orness)
