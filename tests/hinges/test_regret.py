"""What a choice made now costs where the world turns out otherwise, worked out by hand."""

import pytest

from maemoh_gis.hinges.regret import Span, regrets

SPAN = Span(now=2569, last=2572, works_years=1, interest=0.0)
"""Built now a yard works in 2570, 2571 and 2572."""


def never(_):
    return False


def always(_):
    return True


def test_a_yard_whose_trains_never_fill_is_regretted_by_its_cost():
    found = regrets(SPAN, never, lambda _: 50.0, 10.0, None)
    assert found == {"build": 30.0, "reserve": 0.0, "wait": 0.0}


def test_where_it_pays_from_the_first_year_waiting_is_regretted():
    found = regrets(SPAN, always, lambda _: 50.0, 10.0, None)
    assert found == {"build": 0.0, "reserve": 0.0, "wait": 120.0}


def test_who_reserves_pays_for_no_empty_year_and_misses_those_of_the_works():
    found = regrets(SPAN, lambda year: year >= 2571, lambda _: 50.0, 10.0, None)
    # Built now: an empty year at 10, two at 40. Reserved: works in 2571, the one year at 40.
    assert found == {"build": 0.0, "reserve": 30.0, "wait": 70.0}
    dear = regrets(SPAN, lambda year: year >= 2571, lambda _: 50.0, 45.0, None)
    # Built now: -45 + 5 + 5. Reserved: 5.
    assert dear == {"build": 40.0, "reserve": 0.0, "wait": 5.0}


def test_what_keeping_the_land_costs_counts_where_somebody_has_said_it():
    found = regrets(SPAN, lambda year: year >= 2571, lambda _: 50.0, 45.0, 1.0)
    # Reserved: 5 in 2572 less 1 in each of three years before.
    assert found == {"build": 37.0, "reserve": 0.0, "wait": 2.0}
    assert regrets(SPAN, never, lambda _: 50.0, 10.0, 1.0)["reserve"] == pytest.approx(4.0)


def test_nobody_builds_on_reserved_land_what_does_not_pay():
    found = regrets(SPAN, always, lambda _: 4.0, 10.0, None)
    assert found == {"build": 18.0, "reserve": 0.0, "wait": 0.0}


def test_later_years_count_less_by_the_interest():
    span = Span(now=2569, last=2571, works_years=1, interest=0.25)
    found = regrets(span, never, lambda _: 0.0, 10.0, None)
    assert found["build"] == pytest.approx(10 / 1.25 + 10 / 1.25**2)
