"""The best set of yards of limited capacity, on a case worked by hand and against no limit."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from maemoh_gis.core.errors import RunError
from maemoh_gis.yard_choice import capacity as capacities
from maemoh_gis.yard_choice.capacity import sets_within_room
from maemoh_gis.yard_choice.sets import yard_sets

NOTHING = float("nan")
# Three senders of 100, 50 and 10 TEU. Without a yard a TEU costs each 10,000 THB by road.
TEU = np.array([100.0, 50.0, 10.0])
ROAD = np.array([10_000.0, 10_000.0, 10_000.0])
# A serves the first at 8,000 and the second at 9,000; B the second at 7,000; C the third at 1,000.
BY_PLACE = np.array(
    [[8_000.0, 9_000, 12_000], [12_000.0, 7_000, 12_000], [12_000.0, 12_000, 1_000]]
)


def found(capacity, numbers, otherwise=ROAD):
    sets = sets_within_room(list("ABC"), BY_PLACE, otherwise, TEU, np.array(capacity), numbers)
    return {one.yards: one for one in sets}


def test_room_for_all_changes_nothing() -> None:
    # A saves 100 * 2,000 + 50 * 1,000 = 250,000 THB.
    one = found([1e6, 1e6, 1e6], [1])[1]
    assert (one.chosen, one.status, one.gap) == (("A",), "optimal", 0.0)
    assert one.thb_saved == pytest.approx(250_000)
    assert one.handled_teu == (150.0,)
    assert (one.turned_away_teu, one.missing_teu) == (0.0, 0.0)


def test_what_finds_no_room_stays_on_the_road_and_is_counted() -> None:
    # A has room for its first sender only: 200,000 saved; the second is turned away.
    one = found([120.0, 1e6, 1e6], [1])[1]
    assert (one.chosen, one.handled_teu, one.capacity_teu) == (("A",), (100.0,), (120.0,))
    assert one.thb_saved == pytest.approx(200_000)
    assert one.turned_away_teu == 50
    # With B beside it nobody is: 200,000 + 50 * 3,000.
    two = found([120.0, 1e6, 1e6], [2])[2]
    assert two.chosen == ("A", "B")
    assert two.thb_saved == pytest.approx(350_000)
    assert two.turned_away_teu == 0


def test_a_flow_goes_whole() -> None:
    # A's room of 60 takes the second sender, not part of the first: 50 * 1,000 = 50,000 THB.
    one = found([60.0, 0.0, 0.0], [1])[1]
    assert (one.chosen, one.handled_teu, one.turned_away_teu) == (("A",), (50.0,), 100.0)
    assert one.thb_saved == pytest.approx(50_000)


def test_too_little_room_where_no_road_leads_is_said_with_what_is_missing() -> None:
    cut_off = np.array([NOTHING, NOTHING, 10_000.0])
    sets = found([60.0, 50.0, 10.0], [1, 2], cut_off)
    # 150 TEU have no other way; one yard takes 60 at most, two take 110.
    assert [(one.status, one.missing_teu) for one in sets.values()] == [
        ("infeasible", 90.0), ("infeasible", 40.0),
    ]  # fmt: skip
    assert sets[1].chosen == ()
    assert np.isnan(sets[1].thb_saved)
    enough = found([100.0, 50.0, 10.0], [2], cut_off)[2]
    assert (enough.status, enough.chosen, enough.missing_teu) == ("optimal", ("A", "B"), 0.0)


def test_a_negative_capacity_is_refused() -> None:
    with pytest.raises(RunError) as error:
        found([-1.0, 1.0, 1.0], [1])
    assert error.value.faults[0].code == "amounts_not_amounts"


def test_of_sets_worth_the_same_the_first_in_the_order_of_the_places_stands() -> None:
    # Nothing is cheaper by any place: all sets cost what the road does, also those without room.
    dear = np.full((3, 3), 20_000.0)
    for room in ([1e6] * 3, [0.0] * 3):
        one, two = sets_within_room(list("ABC"), dear, ROAD, TEU, np.array(room), [1, 2])
        assert (one.chosen, two.chosen) == (("A",), ("A", "B"))
        assert (one.status, one.handled_teu, one.turned_away_teu) == ("optimal", (0.0,), 0.0)
    # A and B save the same, A only by sharing its room out well: it is tried last, and stands.
    by_place = np.array([[9_000.0, 8_000.0], [9_000.0, 10_000.0]])
    room = np.array([60.0, 60.0])
    (one,) = sets_within_room(["A", "B"], by_place, ROAD[:2], np.array([60.0, 30.0]), room, [1])
    assert one.chosen == ("A",)
    assert one.thb_saved == pytest.approx(60_000)


def test_what_time_stopped_is_never_called_optimal() -> None:
    random = np.random.default_rng(1)
    by_place = random.uniform(5e3, 2e4, (12, 200))
    road, teu = random.uniform(8e3, 2e4, 200), random.lognormal(4, 1, 200)
    room = np.full(12, teu.sum() / 30)
    keys = [f"{k}" for k in range(12)]
    one = sets_within_room(keys, by_place, road, teu, room, [3], time_limit_s=0.0)[0]
    assert one.status == "stopped"
    assert not one.chosen or one.gap > 0
    assert one.bound <= float(teu @ road)


def test_few_sets_are_left_to_decide_where_room_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = []
    filled = capacities._filled

    def counted(*asked, **how):
        whole.append(how["whole"])
        return filled(*asked, **how)

    monkeypatch.setattr(capacities, "_filled", counted)
    random = np.random.default_rng(1)
    by_place = random.uniform(5e3, 2e4, (8, 60))
    road, teu = random.uniform(8e3, 2e4, 60), random.lognormal(4, 1, 60)
    room = np.full(8, teu.sum() / 15)
    (one,) = sets_within_room(list("ABCDEFGH"), by_place, road, teu, room, [3])
    assert (one.status, one.gap) == ("optimal", 0.0)
    assert sum(whole) <= 10 < len(whole) <= 56 + 10
    for handled, taken in zip(one.handled_teu, one.capacity_teu, strict=True):
        assert handled <= taken * (1 + 1e-6)


costs = hnp.arrays(np.float64, (3, 4), elements=st.integers(0, 20).map(float))
rows = hnp.arrays(np.float64, (4,), elements=st.integers(1, 9).map(float))
rooms = hnp.arrays(np.float64, (3,), elements=st.integers(0, 25).map(float))


@settings(max_examples=25, deadline=None)
@given(costs, rows, rows, rooms, st.integers(1, 2))
def test_no_set_within_the_room_saves_more(by_place, otherwise, teu, room, number) -> None:
    one = sets_within_room(list("ABC"), by_place, otherwise, teu, room, [number])[0]
    least = np.inf
    for some in itertools.combinations(range(3), number):
        for to in itertools.product((*some, -1), repeat=4):
            taken = np.array(to)
            if all(teu[taken == k].sum() <= room[k] for k in some):
                cost = [otherwise[j] if k < 0 else by_place[k, j] for j, k in enumerate(to)]
                least = min(least, float(teu @ np.array(cost)))
    assert one.status == "optimal"
    assert one.objective == pytest.approx(least)
    for handled, capacity in zip(one.handled_teu, one.capacity_teu, strict=True):
        assert handled <= capacity
    free = yard_sets(list("ABC"), by_place, otherwise, teu, [number])
    assert one.thb_saved <= next(s for s in free if s.aim == "median").thb_saved + 1e-9
