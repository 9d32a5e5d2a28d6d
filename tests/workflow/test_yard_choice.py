"""The first place, the second, and what would swap them; the numbers are worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from maemoh_gis.suitability.values import Piecewise
from maemoh_gis.workflow.yard_choice import Choice, Indicator, Known, choose

RISING = Piecewise(((0.0, 0.0), (10.0, 1.0)))
FALLING = Piecewise(((0.0, 1.0), (10.0, 0.0)))
PEOPLE = Indicator("people", FALLING, 0.5, less_is_better=True, stand_in=FALLING)
LAND = Indicator("land", RISING, 0.5, less_is_better=False)
HOMES = Indicator("homes", FALLING, 0.5, less_is_better=True)


def exactly(values: list[list[float]]) -> Known:
    table = np.array(values, dtype=float)
    return Known(table, table, table)


def chosen(known: Known, *indicators: Indicator) -> Choice:
    return choose(known, indicators, np.ones(len(known.central), dtype=bool))


def test_the_first_the_second_and_their_scores() -> None:
    # 0.5 * 0.8 + 0.5 * (1 - 0.2) = 0.8; 0.5 * 0.6 + 0.5 * (1 - 0.1) = 0.75; 0.5 * 0.1 + 0.5 * 0.
    found = chosen(exactly([[1, 10], [8, 2], [6, 1]]), LAND, HOMES)
    assert found.scores == pytest.approx([0.05, 0.8, 0.75])
    assert found.order.tolist() == [1, 2, 0]
    assert (found.preferred, found.runner_up) == (1, 2)
    assert found.front.on_front.tolist() == [False, True, True]
    assert found.proven


def test_a_weight_that_swaps_them_puts_them_level() -> None:
    # Level where w (0.8 - 0.6) = (1 - w) (0.9 - 0.8), so w = 0.1 / 0.3 for land.
    found = chosen(exactly([[8, 2], [6, 1]]), LAND, HOMES)
    swaps = {s.indicator: s.share_needed for s in found.weight_swaps}
    assert swaps == pytest.approx({"land": 1 / 3, "homes": 2 / 3})
    for name, share in swaps.items():
        weights = [share if i.id == name else 1 - share for i in (LAND, HOMES)]
        assert found.parts @ np.array(weights) == pytest.approx([found.parts[0] @ weights] * 2)


def test_a_value_that_swaps_them() -> None:
    # The second lacks 0.05: half the weight, so 0.1 of the land score, which is 1 of its unit.
    # A score is reached to a millionth, so a measure to 1e-6 / 0.5 * 10 = 2e-5 of its unit.
    found = chosen(exactly([[8, 2], [6, 1]]), LAND, HOMES)
    rises = {c.id: c.measure_needed for c in found.rises}
    assert rises == pytest.approx({"land": 7.0, "homes": 0.0}, abs=3e-5)
    falls = {c.id: c.measure_needed for c in found.falls}
    assert falls == pytest.approx({"land": 7.0, "homes": 3.0}, abs=3e-5)


def test_what_is_not_known_is_never_credited() -> None:
    nothing = float("nan")
    found = chosen(exactly([[9, nothing], [5, 5]]), LAND, HOMES)
    assert found.scores == pytest.approx([0.45, 0.5])
    assert found.preferred == 1
    assert not found.proven
    assert found.greatest[0] == pytest.approx(0.95)
    assert found.front.unknown.tolist() == [True, False]


def test_a_range_that_overlaps_is_not_proven() -> None:
    low = np.array([[6.0, 2.0], [6.0, 1.0]])
    high = np.array([[9.0, 2.0], [6.0, 1.0]])
    central = np.array([[8.0, 2.0], [6.0, 1.0]])
    found = choose(Known(low, central, high), (LAND, HOMES), np.array([True, True]))
    assert found.preferred == 0
    assert found.least == pytest.approx([0.7, 0.75])
    assert not found.proven


def test_a_place_that_may_not_be_preferred_comes_last() -> None:
    found = choose(exactly([[9, 0], [5, 5]]), (LAND, HOMES), np.array([False, True]))
    assert found.order.tolist() == [1, 0]


def test_a_single_place_has_no_rival() -> None:
    found = chosen(exactly([[5, 5]]), LAND, HOMES)
    assert found.runner_up is None
    assert found.weight_swaps == ()


tables = hnp.arrays(
    np.float64, st.tuples(st.integers(2, 8), st.just(2)), elements=st.floats(0, 10, width=16)
)


@given(tables)
def test_the_first_place_is_on_the_front(values: np.ndarray) -> None:
    found = chosen(Known(values, values, values), LAND, HOMES)
    assert found.front.on_front[found.preferred]


@given(tables, st.floats(1, 10))
def test_a_beaten_place_changes_no_order(values: np.ndarray, worse: float) -> None:
    beaten = np.array([[values[:, 0].min() - worse, values[:, 1].max() + worse]])
    more = np.vstack([values, beaten])
    before = chosen(Known(values, values, values), LAND, HOMES)
    after = chosen(Known(more, more, more), LAND, HOMES)
    assert [k for k in after.order if k < len(values)] == before.order.tolist()


@given(tables)
def test_a_change_that_is_said_to_swap_them_does(values: np.ndarray) -> None:
    found = chosen(Known(values, values, values), LAND, HOMES)
    for change in found.rises:
        if change.measure_needed is None:
            continue
        column = [LAND.id, HOMES.id].index(change.id)
        changed = values.copy()
        changed[found.order[1], column] = change.measure_needed
        again = chosen(Known(changed, changed, changed), LAND, HOMES)
        assert again.scores[found.order[1]] >= found.scores[found.order[0]] - 1e-5


def test_something_else_stands_in_for_what_is_not_known() -> None:
    # Homes of 4 of 10 stand in: 0.6 of half the weight; the range stays 0 to 1 of that half.
    nan = np.nan
    central = np.array([[5.0, 2.0], [5.0, nan], [5.0, nan]])
    low = np.array([[5.0, 2.0], [5.0, nan], [5.0, 7.0]])
    instead = np.column_stack([np.full(3, nan), [9.0, 4.0, 4.0]])
    found = choose(Known(low, central, central, instead), (LAND, PEOPLE), np.ones(3, dtype=bool))
    assert found.stood_in[:, 1].tolist() == [False, True, True]
    half = 0.5 * float(found.parts[0, 0])
    # The third has at least 7 people, so its homes give no more than 0.3.
    assert found.scores - half == pytest.approx([0.4, 0.3, 0.15])
    assert found.least - half == pytest.approx([0.4, 0.0, 0.0])
    assert found.greatest - half == pytest.approx([0.4, 0.5, 0.15])
    # One stand-in makes the column comparable by score; nobody is left out of the front.
    assert not found.front.unknown.any()
    assert found.front.on_front.tolist() == [True, False, False]
