"""The front is what comparing everybody with everybody finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.errors import RunError
from maemoh_gis.yard_choice.pareto import pareto_front

numbers = st.one_of(st.integers(-3, 3).map(float), st.floats(-5, 5), st.just(np.nan))


@st.composite
def tables(draw):
    columns = draw(st.integers(1, 4))
    row = st.lists(numbers, min_size=columns, max_size=columns)
    rows = draw(st.lists(row, max_size=12))
    less = draw(st.lists(st.booleans(), min_size=columns, max_size=columns))
    return np.array(rows, dtype=float).reshape(-1, columns), less


def beats(one, other, less):
    signs = np.where(less, 1.0, -1.0)
    return bool((one * signs <= other * signs).all() and (one * signs < other * signs).any())


@given(tables())
def test_the_front_is_what_comparing_all_pairs_finds(given_table):
    table, less = given_table
    known = ~np.isnan(table).any(axis=1)
    expected = [
        bool(known[i]) and not any(beats(b, a, less) for b in table[known])
        for i, a in enumerate(table)
    ]
    front = pareto_front(table, less)
    assert front.on_front.tolist() == expected
    assert front.unknown.tolist() == (~known).tolist()


@given(tables())
def test_the_order_of_the_alternatives_does_not_matter(given_table):
    table, less = given_table
    one, other = pareto_front(table, less), pareto_front(table[::-1], less)
    assert one.on_front.tolist() == other.on_front[::-1].tolist()


def test_equal_alternatives_stand_on_the_front_together():
    front = pareto_front(np.array([[1.0, 5.0], [1.0, 5.0], [2.0, 5.0]]), [True, False])
    assert front.on_front.tolist() == [True, True, False]


def test_zero_and_minus_zero_are_equal():
    front = pareto_front(np.array([[0.0, 1.0], [-0.0, 1.0]]), [True, True])
    assert front.on_front.tolist() == [True, True]


def test_a_score_rises_and_a_cost_falls():
    score_and_cost = np.array([[0.9, 10.0], [0.8, 12.0], [0.7, 8.0]])
    assert pareto_front(score_and_cost, [False, True]).on_front.tolist() == [True, False, True]


def test_an_unknown_indicator_beats_nobody_and_is_shown_apart():
    front = pareto_front(np.array([[np.nan, 0.0], [1.0, 1.0]]), [True, True])
    assert front.on_front.tolist() == [False, True]
    assert front.unknown.tolist() == [True, False]


def test_a_direction_for_each_indicator_is_needed():
    with pytest.raises(RunError):
        pareto_front(np.zeros((2, 3)), [True, True])
