"""The first place, the second, and what would swap them; the numbers are worked by hand."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from maemoh_gis.mcda.values import Piecewise
from maemoh_gis.yard_choice.choose import Choice, Indicator, Known, choose

RISING = Piecewise(((0.0, 0.0), (10.0, 1.0)))
FALLING = Piecewise(((0.0, 1.0), (10.0, 0.0)))
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
    assert found.classes.tolist() == [1, 1]


def test_a_range_that_overlaps_is_not_proven() -> None:
    low = np.array([[6.0, 2.0], [6.0, 1.0]])
    high = np.array([[9.0, 2.0], [6.0, 1.0]])
    central = np.array([[8.0, 2.0], [6.0, 1.0]])
    found = choose(Known(low, central, high), (LAND, HOMES), np.array([True, True]))
    # Of the second more is certain, so it heads the list, which is no rank.
    assert found.preferred == 1
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
def test_a_place_of_the_first_class_is_on_the_front(values: np.ndarray) -> None:
    found = chosen(Known(values, values, values), LAND, HOMES)
    assert found.front.on_front[list(found.first_class)].any()


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


def test_places_whose_ranges_overlap_are_one_class_and_the_list_goes_by_what_is_certain() -> None:
    nothing = float("nan")
    # By likely values the first leads; of the second more is certain.
    low = np.array([[2.0, 2.0], [6.0, 1.0], [0.0, 9.0]])
    high = np.array([[9.0, 2.0], [6.0, 1.0], [0.5, 9.0]])
    central = np.array([[9.0, 2.0], [6.0, 1.0], [0.2, 9.0]])
    found = choose(Known(low, central, high), (LAND, HOMES), np.ones(3, dtype=bool))
    assert found.scores[0] > found.scores[1]
    assert found.order.tolist() == [1, 0, 2]
    # The third has at most 0.5 * 0.05 + 0.5 * 0.1.
    assert found.classes.tolist() == [1, 1, 2]
    assert found.first_class == (1, 0)
    assert not found.proven
    # Only the land of the first is open: from 2 to 9 of 10, at half the weight.
    assert {one.indicator: one.width for one in found.unsettled} == pytest.approx({"land": 0.35})
    # Nothing that is asked of likely values can put the second before the first: it leads there.
    assert found.weight_swaps == found.rises == found.falls == ()
    unknown = choose(exactly([[5, nothing], [5, nothing]]), (LAND, HOMES), np.ones(2, dtype=bool))
    assert unknown.classes.tolist() == [1, 1]
    assert {one.indicator: one.width for one in unknown.unsettled} == pytest.approx({"homes": 1.0})


def test_prices_that_both_share_do_not_keep_places_together() -> None:
    # Each may save 2 to 5 or 1 to 4, but at the same prices the first always saves 1 more.
    low, high = np.array([[2.0], [1.0]]), np.array([[5.0], [4.0]])
    saved = np.array([[2.0, 5.0, 3.0], [1.0, 4.0, 2.0]])
    only = (Indicator("saved", RISING, 1.0, less_is_better=False),)
    both = np.ones(2, dtype=bool)
    apart = choose(Known(low, low, high), only, both)
    assert apart.classes.tolist() == [1, 1]
    together = choose(Known(low, low, high, {"saved": saved}), only, both)
    assert together.classes.tolist() == [1, 2]
    assert together.proven
    assert together.leads[0, 1] == pytest.approx(0.1)
    assert together.leads[1, 0] == pytest.approx(-0.1)


def test_a_place_that_may_not_be_preferred_has_no_class_and_beats_nobody() -> None:
    found = choose(exactly([[9, 0], [5, 5], [4, 5]]), (LAND, HOMES), np.array([False, True, True]))
    assert found.classes.tolist() == [0, 1, 2]
    assert found.order.tolist() == [1, 2, 0]


@given(tables, st.randoms(use_true_random=False))
def test_the_order_in_which_places_are_given_changes_nothing(
    values: np.ndarray, random: Random
) -> None:
    names = [f"place_{k}" for k in range(len(values))]
    turned = random.sample(range(len(values)), len(values))
    everybody = np.ones(len(values), dtype=bool)
    known, again = exactly(values.tolist()), exactly(values[turned].tolist())
    before = choose(known, (LAND, HOMES), everybody, names)
    after = choose(again, (LAND, HOMES), everybody, [names[k] for k in turned])
    assert [turned[k] for k in after.order] == before.order.tolist()
    assert after.classes.tolist() == before.classes[turned].tolist()
