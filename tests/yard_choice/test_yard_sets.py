"""The best set of yards, on a case worked by hand and against every set."""

from __future__ import annotations

import itertools
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from maemoh_gis.core.errors import RunError
from maemoh_gis.yard_choice.sets import Aim, sets_of, yard_sets

NOTHING = float("nan")
# Three senders of 100, 50 and 10 TEU. Without a yard a TEU costs each 10,000 THB by road.
TEU = np.array([100.0, 50.0, 10.0])
ROAD = np.array([10_000.0, 10_000.0, 10_000.0])
# A serves the first at 8,000; B the second at 7,000; C the third at 1,000.
BY_PLACE = np.array(
    [[8_000.0, 11_000, 12_000], [12_000.0, 7_000, 12_000], [12_000.0, 12_000, 1_000]]
)


def found(numbers, by_place=BY_PLACE, otherwise=ROAD, teu=TEU):
    sets = yard_sets(["A", "B", "C"], by_place, otherwise, teu, numbers)
    return {(one.aim, one.yards): one for one in sets}


def test_the_cheapest_sets() -> None:
    # A saves 100 * 2,000 = 200,000; B 50 * 3,000 = 150,000; C 10 * 9,000 = 90,000 THB.
    sets = found([1, 2, 3])
    assert sets["median", 1].chosen == ("A",)
    assert sets["median", 1].thb_saved == pytest.approx(200_000)
    assert sets["median", 2].chosen == ("A", "B")
    assert sets["median", 2].thb_saved == pytest.approx(350_000)
    assert sets["median", 3].thb_saved == pytest.approx(440_000)
    assert sets["median", 1].thb == pytest.approx(160 * 10_000 - 200_000)
    assert {one.status for one in sets.values()} == {"optimal"}
    assert {one.gap for one in sets.values()} == {0.0}


def test_most_freight_by_rail() -> None:
    sets = found([1, 2])
    assert sets["covering", 1].chosen == ("A",)
    assert sets["covering", 1].objective == pytest.approx(100)
    assert sets["covering", 2].objective == pytest.approx(150)


def test_the_sender_worst_off_pays_the_road_until_all_are_served() -> None:
    sets = found([1, 3])
    assert sets["center", 1].objective == pytest.approx(10_000)
    assert sets["center", 3].objective == pytest.approx(8_000)


def test_what_nobody_knows_is_left_out_and_counted() -> None:
    teu = np.array([100.0, NOTHING, 10.0])
    one = found([1], teu=teu)["median", 1]
    assert (one.flows, one.left_out) == (2, 1)
    nowhere = np.array([ROAD[0], NOTHING, ROAD[2]])
    without = BY_PLACE.copy()
    without[:, 1] = NOTHING
    assert found([1], without, nowhere)["median", 1].left_out == 1


def test_no_place_or_no_freight_gives_no_set() -> None:
    assert yard_sets([], np.empty((0, 3)), ROAD, TEU, [1]) == []
    assert found([1], teu=np.zeros(3)) == {}


def test_of_sets_worth_the_same_the_one_that_saves_most_stands() -> None:
    # One yard leaves a sender at 10,000 by road, whichever it is; A saves most of the three.
    assert found([1])["center", 1].chosen == ("A",)
    turned = BY_PLACE[[2, 1, 0]]
    assert found([1], turned)["center", 1].chosen == ("C",)
    # Nobody carries the second sender: every set costs without end, and the best still stands.
    nowhere, alone = np.array([ROAD[0], NOTHING, ROAD[2]]), turned.copy()
    alone[:2, 1] = NOTHING
    assert found([1], alone[[0, 2, 0]], nowhere)["covering", 1].chosen == ("B",)


def test_of_sets_worth_the_same_the_first_in_the_order_of_the_places_stands() -> None:
    # B and C each save the one sender 1,000 THB a TEU, but for the rounding of a sum; A nothing.
    by_place = np.array([[10_000.0], [9_000.0 * (1 + 1e-15)], [9_000.0]])
    sets = found([1, 2], by_place, np.array([10_000.0]), np.array([1.0]))
    assert [sets[aim, 1].chosen for aim in get_args(Aim)] == [("B",)] * 3
    assert [sets[aim, 2].chosen for aim in get_args(Aim)] == [("A", "B")] * 3


def test_no_set_serves_everybody() -> None:
    # Each sender has one place only and no road: one yard leaves the others out.
    only = np.where(np.eye(3) > 0, 5_000.0, NOTHING)
    sets = found([1, 3], only, np.full(3, NOTHING))
    for aim in ("median", "center"):
        assert (sets[aim, 1].status, sets[aim, 1].chosen) == ("infeasible", ())
        assert np.isnan([sets[aim, 1].objective, sets[aim, 1].gap]).all()
    assert sets["covering", 1].chosen == ("A",)
    assert sets["median", 3].objective == pytest.approx(5_000 * 160)
    assert sets["median", 3].thb_saved == 0


def test_more_sets_than_can_be_tried_are_refused() -> None:
    assert len(sets_of(30, 3)) == 4_060
    with pytest.raises(RunError) as error:
        sets_of(40, 4)
    (fault,) = error.value.faults
    assert (fault.code, fault.found, fault.expected) == ("too_many_yard_sets", "91,390", "5,000")


def test_blocks_of_sets_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found([1, 2, 3])
    monkeypatch.setattr("maemoh_gis.yard_choice.sets._AT_ONCE", 1)
    assert found([1, 2, 3]) == whole


costs = hnp.arrays(
    np.float64, (4, 5), elements=st.one_of(st.integers(0, 20).map(float), st.just(NOTHING))
)
roads = hnp.arrays(
    np.float64, (5,), elements=st.one_of(st.integers(1, 20).map(float), st.just(NOTHING))
)
loads = hnp.arrays(np.float64, (5,), elements=st.integers(1, 20).map(float))


@settings(max_examples=100, deadline=None)
@given(costs, roads, loads, st.integers(1, 3))
def test_no_set_of_as_many_is_better(by_place, otherwise, teu, number) -> None:
    counted = ~(np.isnan(by_place).all(axis=0) & np.isnan(otherwise))
    ways, now, weights = by_place[:, counted], otherwise[counted], teu[counted]
    median, center, covering = {}, {}, {}
    for some in itertools.combinations(range(4), number):
        paid = np.nan_to_num(np.fmin.reduce([now, *ways[list(some)]]), nan=np.inf)
        median[some] = float(weights @ paid) if len(paid) else np.nan
        center[some] = paid.max(initial=-np.inf)
        cheaper = (ways[list(some)] < np.nan_to_num(now, nan=np.inf)).any(axis=0)
        covering[some] = -float(weights[cheaper].sum())
    for one in yard_sets(list("ABCD"), by_place, otherwise, teu, [number]):
        worth = {"median": median, "center": center, "covering": covering}[one.aim]
        least = min(worth.values())
        if np.isinf(least):
            assert (one.status, one.chosen) == ("infeasible", ())
            continue
        assert abs(one.objective) == pytest.approx(abs(least))
        best = {s: median[s] for s, value in worth.items() if value <= least + 1e-9 * abs(least)}
        cost = min(best.values())
        first = next(s for s in best if not best[s] > cost + 1e-9 * abs(cost))
        assert one.chosen == tuple("ABCD"[k] for k in first)
        assert one.thb_saved >= 0
