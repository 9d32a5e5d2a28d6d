"""What the data say about the criteria, beside the weights people give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from maemoh_gis.core.errors import FormatError
from maemoh_gis.mcda.information_weights import critic_weights, entropy_weights

FIRMS = {
    "profitability": [61, 20.7, 16.3, 9, 5.4, 4, -6.1, -34.6],
    "market_share": [1.08, 0.26, 1.98, 3.29, 2.77, 4.12, 3.52, 3.31],
    "productivity": [4.33, 4.34, 2.53, 1.65, 2.33, 1.21, 2.10, 0.98],
}
"""
Eight firms: Diakoulaki, Mavrotas and Papayannakis 1995, Computers and Operations Research 22,
763-770; compared with github.com/quatrope/scikit-criteria, tests/preprocessing/test_weighters.py,
whose eight digits of the weights these are.
"""


def columns(table):
    return {name: np.array(values, dtype=float) for name, values in table.items()}


def faults_of(weigh, *arguments):
    with pytest.raises(FormatError) as error:
        weigh(*arguments)
    return [(fault.code, fault.key) for fault in error.value.faults]


def test_critic_weights_are_those_of_diakoulaki_1995():
    weights = critic_weights(columns(FIRMS)).weights
    assert list(weights.values()) == pytest.approx([0.20222554, 0.48090173, 0.31687273], abs=1e-8)


def test_entropy_of_two_places_can_be_worked_out_by_hand():
    # Shares 3/4 and 1/4 have 0.811278 of the entropy of equal shares; an even criterion has all.
    table = columns({"rail": [0.9, 0.3], "road": [0.5, 0.5], "water": [1.0, 0.0]})
    weights = entropy_weights(table).weights
    contrast = 1 - 0.8112781
    assert weights["rail"] == pytest.approx(contrast / (contrast + 1), abs=1e-6)
    assert weights["road"] == 0
    assert weights["water"] == pytest.approx(1 / (contrast + 1), abs=1e-6)


@pytest.mark.parametrize("weigh", [entropy_weights, critic_weights])
def test_a_place_that_is_not_scored_on_everything_is_left_out_and_counted(weigh):
    table = columns({"rail": [0.9, 0.3, np.nan], "road": [0.2, 0.5, 0.1]})
    whole = {name: values[:2] for name, values in table.items()}
    found = weigh(table)
    assert (found.places, found.left_out) == (2, 1)
    assert found.weights == weigh(whole).weights


@pytest.mark.parametrize("weigh", [entropy_weights, critic_weights])
def test_a_criterion_that_is_the_same_everywhere_tells_nothing(weigh):
    found = weigh(columns({"rail": [0.9, 0.3, 0.1], "road": [0.5, 0.5, 0.5]}))
    assert found.weights == {"rail": 1.0, "road": 0.0}


@pytest.mark.parametrize("weigh", [entropy_weights, critic_weights])
def test_where_nothing_varies_there_are_no_weights(weigh):
    assert faults_of(weigh, columns({"rail": [0.5, 0.5]})) == [("nothing_varies", None)]


@pytest.mark.parametrize("weigh", [entropy_weights, critic_weights])
@pytest.mark.parametrize("table", [{}, {"rail": [0.5]}, {"rail": [0.5, np.nan]}])
def test_one_place_alone_cannot_be_compared(weigh, table):
    assert faults_of(weigh, columns(table)) == [("too_few_places", None)]


def test_criteria_of_different_places_are_refused():
    table = columns({"rail": [0.5, 0.2], "road": [0.1, 0.2, 0.3]})
    assert faults_of(critic_weights, table) == [("wrong_shape", "road")]


def test_entropy_refuses_values_below_zero():
    table = columns({"rail": [-0.5, 0.2]})
    assert faults_of(entropy_weights, table) == [("value_below_zero", "rail")]


def test_criteria_that_repeat_one_another_are_weighed_by_contrast_alone():
    weights = critic_weights(columns({"rail": [0.1, 0.9, 0.4], "road": [0.1, 0.9, 0.4]})).weights
    assert weights == {"rail": 0.5, "road": 0.5}


def test_turning_a_criterion_round_is_the_same_as_saying_that_it_falls():
    table = columns(FIRMS)
    turned = table | {"market_share": -table["market_share"]}
    assert critic_weights(turned).weights == pytest.approx(
        critic_weights(table, falling=["market_share"]).weights
    )


@given(arrays(np.float32, (6, 3), elements=st.floats(0, 1, width=32)))
def test_weights_are_shares(table):
    if (np.ptp(table, axis=0) == 0).all():
        return
    for weigh in (entropy_weights, critic_weights):
        weights = weigh({f"c{k}": table[:, k] for k in range(3)}).weights.values()
        assert sum(weights) == pytest.approx(1)
        assert min(weights) >= 0


def test_pymcdm_finds_the_same_weights():
    theirs = pytest.importorskip("pymcdm.weights")
    table = np.random.default_rng(0).uniform(0.05, 1, (40, 5))
    ours = {f"c{k}": table[:, k] for k in range(5)}
    assert list(entropy_weights(ours).weights.values()) == pytest.approx(
        list(theirs.entropy_weights(table)), abs=1e-9
    )
    assert list(critic_weights(ours).weights.values()) == pytest.approx(
        list(theirs.critic_weights(table)), abs=1e-9
    )
