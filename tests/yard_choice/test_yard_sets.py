"""The best set of yards, on a case worked by hand and against every set."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from maemoh_gis.yard_choice.sets import yard_sets

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


costs = hnp.arrays(np.float64, (4, 5), elements=st.integers(0, 20).map(float))
rows = hnp.arrays(np.float64, (5,), elements=st.integers(1, 20).map(float))


@settings(max_examples=40)
@given(costs, rows, rows, st.integers(1, 3))
def test_no_set_of_as_many_saves_more(by_place, otherwise, teu, number) -> None:
    sets = yard_sets(list("ABCD"), by_place, otherwise, teu, [number])
    median = next(one for one in sets if one.aim == "median")
    best = max(
        float((teu * (otherwise - np.minimum(otherwise, by_place[list(some)].min(axis=0)))).sum())
        for some in itertools.combinations(range(4), number)
    )
    assert median.thb_saved == pytest.approx(best)
    assert median.thb_saved >= 0
