"""A programme over the years, against every choice tried one by one."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.phasing.solve import Lot, Terms, solve

TERMS = Terms(
    years=range(2569, 2575),
    budget=30.0,
    estate_cost=0.5,
    yard_cost=20.0,
    works_years=2,
    sold=0.5,
    pace=20.0,
    first_tenants=2569,
    per_rai=10.0,
    discount=0.0,
    least_rai=0.0,
)


def by_hand(estates, yards, conflicts, terms):
    """Try every set of parcels and every yard; all land costs the same, so early is best."""
    best = 0.0
    begins = [None, *((lot, y) for lot in yards for y in terms.years if y >= lot.from_year)]
    for n in range(len(estates) + 1):
        for taken in itertools.combinations(estates, n):
            for yard in begins:
                keys = {lot.key for lot in taken} | ({yard[0].key} if yard else set())
                if not any(set(pair) <= keys for pair in conflicts):
                    best = max(best, worth(taken, yard, terms))
    return best


def worth(taken, yard, terms):
    laid = occupied = total = 0.0
    for year in terms.years:
        if year >= terms.first_tenants:
            occupied = min(occupied + terms.pace, terms.sold * laid)
        total += occupied * terms.per_rai / (1 + terms.discount) ** (year - terms.years[0])
        left = terms.budget
        if yard and yard[1] <= year < yard[1] + terms.works_years:
            left -= terms.yard_cost / terms.works_years
            if left < 0:
                return -math.inf
        if terms.yard_first and (yard is None or year < yard[1]):
            continue
        there = sum(lot.rai for lot in taken if lot.from_year <= year)
        laid = max(laid, min(there, laid + left / terms.estate_cost))
    return total


lots = st.builds(
    lambda rai, year: (float(rai), year), st.integers(10, 120), st.integers(2569, 2576)
)


@settings(max_examples=40)
@given(
    st.lists(lots, min_size=1, max_size=3),
    st.lists(lots, min_size=0, max_size=2),
    st.integers(5, 60),
    st.sampled_from([0.0, 0.05]),
    st.booleans(),
    st.booleans(),
)
def test_it_is_worth_as_much_as_the_best_of_all_choices(e, y, budget, discount, first, clash):
    estates = [Lot(f"e{n}", *one) for n, one in enumerate(e)]
    yards = [Lot(f"y{n}", *one) for n, one in enumerate(y)]
    conflicts = [("e0", "y0")] if clash and yards else []
    terms = replace(TERMS, budget=float(budget), discount=discount, yard_first=first)
    found = solve(estates, yards, conflicts, terms)
    assert found.value == pytest.approx(by_hand(estates, yards, conflicts, terms), abs=1e-2)
    assert found.bound >= found.value - 1e-9
    assert found.gap <= 1e-4
    assert all(spent <= budget + 1e-5 for spent in found.spent.values())


def test_no_parcel_is_taken_before_its_year_and_none_before_the_yard():
    found = solve([Lot("e", 60.0, 2570)], [Lot("y", 100.0, 2571)], [], TERMS)
    assert found.yard == ("y", 2571)
    assert min(found.estate["e"]) == 2571
    alone = solve([Lot("e", 60.0, 2570)], [], [], replace(TERMS, yard_first=False))
    assert min(alone.estate["e"]) == 2570


def test_parcels_that_overlap_are_not_both_taken():
    both = [Lot("a", 60.0, 2569), Lot("b", 60.0, 2569)]
    terms = replace(TERMS, yard_first=False, budget=1000.0, pace=1000.0)
    assert set(solve(both, [], [], terms).estate) == {"a", "b"}
    assert set(solve(both, [], [("a", "b")], terms).estate) == {"a"}


def test_moving_the_year_of_one_parcel_moves_that_parcel_alone():
    terms = replace(TERMS, yard_first=False, budget=1000.0, pace=1000.0)
    lots = [Lot(key, 50.0, 2569) for key in "abc"]
    before = solve(lots, [], [], terms)
    after = solve([lots[0], replace(lots[1], from_year=2571), lots[2]], [], [], terms)
    assert min(before.estate["b"]) == 2569
    assert min(after.estate["b"]) == 2571
    for key in "ac":
        assert after.estate[key] == pytest.approx(before.estate[key])


def test_where_no_parcel_has_its_papers_nothing_is_programmed():
    found = solve([], [Lot("y", 100.0, 2569)], [], TERMS)
    assert (found.value, found.estate, found.yard) == (0.0, {}, None)


def test_an_estate_that_is_begun_reaches_its_least_land():
    terms = replace(TERMS, yard_first=False, budget=5.0, least_rai=50.0)
    found = solve([Lot("e", 200.0, 2569)], [], [], terms)
    assert sum(found.estate["e"].values()) >= 50.0 - 1e-6
    short = replace(terms, years=range(2569, 2572))
    assert solve([Lot("e", 200.0, 2569)], [], [], short).estate == {}
