"""Ranks, Kendall's tau and minimax regret against worked examples."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from maemoh_gis.mcda.rankings import kendall_tau, minimax_regret, ranks

NAN = np.nan
tenths = st.integers(0, 10).map(lambda n: n / 10)


def test_ties_share_the_better_rank_and_unknown_has_none():
    assert ranks(np.array([0.5, 0.9, NAN, 0.5, 0.1])).tolist() == [2, 1, 0, 2, 4]


def test_tau_b_by_hand():
    # Pairs of (1,1) (2,3) (2,2) (4,4): 5 agree, 0 disagree, 1 tied in the first ranking only.
    # tau-b = 5 / sqrt((6 - 1) * 6) = 0.91287
    found = kendall_tau(np.array([1.0, 2.0, 2.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0]))
    assert found.pieces == 4
    assert found.tau == pytest.approx(5 / math.sqrt(30))


def test_tau_leaves_out_what_either_does_not_know():
    found = kendall_tau(np.array([1.0, 2.0, NAN, 3.0]), np.array([1.0, 2.0, 9.0, NAN]))
    assert (found.tau, found.pieces) == (1.0, 2)


@pytest.mark.parametrize(("one", "two"), [([0.5], [0.5]), ([1.0, 1.0], [0.1, 0.2]), ([], [])])
def test_tau_is_not_defined_without_an_order(one, two):
    assert math.isnan(kendall_tau(np.array(one), np.array(two)).tau)


@given(arrays(float, 6, elements=tenths), arrays(float, 6, elements=tenths))
def test_tau_is_what_counting_pairs_gives(one, two):
    signs = [
        (np.sign(one[i] - one[j]), np.sign(two[i] - two[j])) for i, j in combinations(range(6), 2)
    ]
    untied = [sum(a != 0 for a, _ in signs), sum(b != 0 for _, b in signs)]
    found = kendall_tau(one, two).tau
    if 0 in untied:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(sum(a * b for a, b in signs) / math.sqrt(math.prod(untied)))


@given(arrays(float, 5, elements=tenths, unique=True))
def test_the_same_order_is_one_and_the_opposite_minus_one(payoffs):
    assert kendall_tau(payoffs, payoffs).tau == 1
    assert kendall_tau(payoffs, -payoffs).tau == -1


def test_minimax_regret_by_hand():
    # Best by run: 0.9, 0.8. Regrets: first (0, 0.6), second (0.3, 0.1), third (0.7, 0).
    # Greatest: 0.6, 0.3, 0.7, so the second, though it is best nowhere.
    found = minimax_regret(np.array([[0.9, 0.2], [0.6, 0.7], [0.2, 0.8]]))
    assert found.regret == pytest.approx(np.array([[0, 0.6], [0.3, 0.1], [0.7, 0]]))
    assert found.greatest == pytest.approx([0.6, 0.3, 0.7])
    assert found.chosen == (1,)
    assert found.least == pytest.approx(0.3)


def test_an_option_that_is_unknown_somewhere_is_not_chosen():
    found = minimax_regret(np.array([[0.9, NAN], [0.5, 0.5]]))
    assert math.isnan(found.greatest[0])
    assert (found.chosen, found.least) == ((1,), 0.4)


@pytest.mark.parametrize("payoffs", [np.empty((0, 2)), np.full((2, 2), NAN)])
def test_nothing_known_is_no_choice(payoffs):
    found = minimax_regret(payoffs)
    assert found.chosen == ()
    assert math.isnan(found.least)


@given(arrays(float, 4, elements=tenths))
def test_identical_runs_leave_no_regret_for_the_best(payoffs):
    found = minimax_regret(np.column_stack([payoffs, payoffs, payoffs]))
    assert found.least == 0
    assert found.chosen == tuple(np.flatnonzero(payoffs == payoffs.max()))
