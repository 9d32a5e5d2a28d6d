"""Where to put places: against brute force, against published optima, and honest about limits."""

from __future__ import annotations

import csv
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import shortest_path

from maemoh_gis.core.errors import RunError
from maemoh_gis.yard_choice.location import (
    capacitated_p_median,
    maximal_covering,
    p_center,
    p_median,
)
from maemoh_gis.yard_choice.location_exact import Answer
from tests.paths import SOURCES

ORLIB = SOURCES / "reference" / "orlib" if SOURCES is not None else None
needs_orlib = pytest.mark.skipif(
    ORLIB is None or not ORLIB.is_dir(), reason="the OR-Library instances are not here"
)
SOLVERS = {
    "p_median": p_median,
    "p_center": lambda c, _, p, **more: p_center(c, p, **more),
    "covering": lambda c, w, p, **more: maximal_covering(c, w, p, 30.0, **more),
    "capacities": lambda c, w, p, **more: capacitated_p_median(
        c, w, np.full(len(c), w.sum() / p * 1.3), p, **more
    ),
}


@st.composite
def problems(draw, candidates=6, demands=6):
    n, m = draw(st.integers(1, candidates)), draw(st.integers(1, demands))
    numbers = st.one_of(st.integers(0, 20).map(float), st.floats(0, 100), st.just(np.nan))
    cost = np.array(
        draw(st.lists(st.lists(numbers, min_size=m, max_size=m), min_size=n, max_size=n))
    )
    weights = np.array(draw(st.lists(st.integers(0, 9), min_size=m, max_size=m)), dtype=float)
    return cost, weights, draw(st.integers(1, n))


def best_of(cost, places, worth, least=True):
    """Try every choice; `worth` gives NaN where it does not serve everybody."""
    found = [worth(list(choice)) for choice in combinations(range(len(cost)), places)]
    found = [value for value in found if not np.isnan(value)]
    return (min(found) if least else max(found)) if found else np.nan


def nearest(cost, choice):
    return np.where(np.isnan(cost[choice]), np.inf, cost[choice]).min(axis=0)


def without_unreachable(cost):
    return cost[:, ~np.isnan(cost).all(axis=0)]


def agrees(found, expected):
    if np.isnan(expected):
        assert found.status == "infeasible"
        assert np.isnan(found.objective)
        assert found.chosen.size == 0
    else:
        assert found.status == "optimal"
        assert found.gap == 0
        assert found.objective == pytest.approx(expected, rel=1e-6, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(problems(), st.sampled_from(["auto", "exact"]))
def test_p_median_is_what_trying_every_choice_finds(problem, method):
    cost, weights, places = problem
    reached = ~np.isnan(cost).all(axis=0)

    def worth(choice):
        costs = nearest(cost[:, reached], choice)
        return np.nan if np.isinf(costs).any() else float((costs * weights[reached]).sum())

    expected = best_of(cost, places, worth) if reached.any() else np.nan
    agrees(p_median(cost, weights, places, method=method, starts=4), expected)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_p_center_is_what_trying_every_choice_finds(problem):
    cost, _, places = problem
    near = without_unreachable(cost)

    def worth(choice):
        greatest = nearest(near, choice).max()
        return np.nan if np.isinf(greatest) else float(greatest)

    agrees(p_center(cost, places), best_of(cost, places, worth) if near.size else np.nan)


@settings(max_examples=60, deadline=None)
@given(problems(), st.sampled_from(["auto", "exact"]), st.floats(0, 60))
def test_maximal_covering_is_what_trying_every_choice_finds(problem, method, reach):
    cost, weights, places = problem

    def worth(choice):
        return float(weights[nearest(cost, choice) <= reach].sum())

    found = maximal_covering(cost, weights, places, reach, method=method, starts=4)
    agrees(found, best_of(cost, places, worth, least=False))


@settings(max_examples=40, deadline=None)
@given(problems(candidates=4, demands=4), st.lists(st.integers(0, 20), min_size=4, max_size=4))
def test_capacities_give_what_trying_every_assignment_finds(problem, amounts):
    cost, weights, places = problem
    capacities = np.array(amounts[: len(cost)], dtype=float)
    reached = ~np.isnan(cost).all(axis=0)
    near, loads = cost[:, reached], weights[reached]

    def worth(choice):
        totals = []
        for by in product(choice, repeat=near.shape[1]):
            held = np.bincount(by, weights=loads, minlength=len(cost))
            total = (near[list(by), np.arange(len(by))] * loads).sum()
            if (held <= capacities).all() and not np.isnan(total):
                totals.append(total)
        return float(min(totals)) if totals else np.nan

    expected = best_of(cost, places, worth) if reached.any() else np.nan
    agrees(capacitated_p_median(cost, weights, capacities, places, starts=4), expected)


def random_places(candidates=200, demands=500, seed=1):
    random = np.random.default_rng(seed)
    one, other = random.random((candidates, 2)), random.random((demands, 2))
    cost = 100 * np.hypot(*(one[:, None] - other[None]).transpose(2, 0, 1))
    return cost, random.integers(1, 100, demands).astype(float)


def read_orlib(text):
    numbers = np.array(text.split(), dtype=np.int64)
    vertices, edges, places = numbers[:3]
    length = np.full((vertices, vertices), np.inf)
    for i, j, cost in numbers[3 : 3 + 3 * edges].reshape(-1, 3):
        length[i - 1, j - 1] = length[j - 1, i - 1] = cost
    return shortest_path(length, directed=False), int(places)


@needs_orlib
@pytest.mark.parametrize("number", range(1, 11))
def test_published_optima_of_the_or_library_are_met(number):
    with (ORLIB / "optima.csv").open(encoding="utf-8") as stream:
        known = {row["instance"]: float(row["optimum"]) for row in csv.DictReader(stream)}
    optimum = known[f"pmed{number}"]
    cost, places = read_orlib((ORLIB / f"pmed{number}.txt").read_text(encoding="utf-8"))
    found = p_median(cost, np.ones(len(cost)), places)
    assert found.bound <= optimum * (1 + 1e-9)
    assert optimum <= found.objective <= optimum + found.gap * found.objective + 1e-6
    assert found.status == "optimal"
    assert found.objective == optimum


@pytest.mark.parametrize("seed", [1, 2])
def test_a_search_over_200_by_500_is_proven_to_a_five_hundredth(seed):
    cost, weights = random_places(seed=seed)
    found = p_median(cost, weights, 10, method="search")
    assert found.status in {"feasible", "optimal"}
    assert found.gap <= 0.002
    assert found.bound <= found.objective


@settings(max_examples=30, deadline=None)
@given(problems(), st.sampled_from(["p_median", "p_center", "covering"]))
def test_one_more_candidate_never_makes_it_worse(problem, name):
    cost, weights, places = problem
    cost = np.nan_to_num(cost, nan=50.0)
    before = SOLVERS[name](cost[1:], weights, min(places, len(cost) - 1)) if len(cost) > 1 else None
    if before is None:
        return
    after = SOLVERS[name](cost, weights, min(places, len(cost) - 1))
    worse = before.objective - after.objective
    assert (-worse if name == "covering" else worse) >= -1e-6


@pytest.mark.parametrize("name", SOLVERS)
def test_a_demand_nobody_reaches_is_counted_and_has_no_cost(name):
    cost = np.array([[1.0, np.nan, 3.0], [2.0, np.nan, 1.0]])
    found = SOLVERS[name](cost, np.ones(3), 2)
    assert found.status == "optimal"
    assert (found.unreachable, found.unserved) == (1, 1)
    assert found.assignment.tolist() == [0, -1, 1]
    np.testing.assert_array_equal(found.cost, [1.0, np.nan, 1.0])
    assert found.objective == {"p_center": 1.0}.get(name, 2.0)


@pytest.mark.parametrize("name", ["p_median", "p_center", "capacities"])
def test_places_that_cannot_serve_all_who_can_be_reached_are_infeasible(name):
    cost = np.array([[1.0, np.nan], [np.nan, 1.0]])
    found = SOLVERS[name](cost, np.ones(2), 1)
    assert found.status == "infeasible"
    assert np.isnan(found.objective)
    assert np.isnan(found.gap)
    assert found.unserved == 2
    assert found.unreachable == 0


def test_the_few_choices_that_serve_everybody_are_found():
    """Exchange alone would have to pass through choices that leave somebody out."""
    groups = np.repeat(np.arange(12), 3)
    cost = np.where(groups[:, None] == np.arange(12)[None], 1.0 + np.arange(36)[:, None], np.nan)
    found = p_median(cost, np.ones(12), 12, starts=1)
    assert found.status == "optimal"
    assert found.chosen.tolist() == list(range(0, 36, 3))


@pytest.mark.parametrize("name", SOLVERS)
def test_a_run_its_limit_stopped_is_never_called_optimal(name):
    cost, weights = random_places(80, 150)
    found = SOLVERS[name](cost, weights, 8, time_limit_s=0.0)
    assert found.status == "stopped"
    if found.chosen.size:
        assert found.gap >= 0


def test_an_exact_run_its_limit_stopped_is_never_called_optimal():
    cost, weights = random_places()
    found = p_median(cost, weights, 10, method="exact", time_limit_s=0.2)
    assert found.status == "stopped"


def test_highs_stopped_after_a_whole_search_leaves_the_better_choice_unproven(monkeypatch):
    monkeypatch.setattr(
        "maemoh_gis.yard_choice.location.assign",
        lambda serving, *_, **__: Answer("stopped", None, None, -np.inf),
    )
    cost, weights = random_places()
    found = p_median(cost, weights, 10)
    assert found.status == "stopped"
    assert len(found.chosen) == 10
    assert 0 < found.gap <= 0.002


def test_a_stopped_search_has_a_choice_and_a_bound_that_hold():
    cost, weights = random_places()
    stopped = p_median(cost, weights, 10, time_limit_s=0.0)
    whole = p_median(cost, weights, 10, method="search")
    assert len(stopped.chosen) == 10
    assert stopped.bound <= whole.objective <= stopped.objective * (1 + 1e-12)


def test_capacities_are_kept_where_exchange_alone_answers(monkeypatch):
    monkeypatch.setattr("maemoh_gis.yard_choice.location._MOST_WITH_CAPACITIES", 0)
    cost, weights = random_places(60, 120)
    capacities = np.full(60, weights.sum() / 6 * 1.15)
    found = capacitated_p_median(cost, weights, capacities, 6)
    held = np.bincount(found.assignment, weights=weights, minlength=60)
    assert found.status == "feasible"
    assert (held <= capacities).all()
    assert set(found.assignment) <= set(found.chosen)
    assert 0 < found.gap < 0.2


def test_a_place_serves_its_demand_at_the_cost_that_is_told():
    cost, weights = random_places(30, 60)
    found = p_median(cost, weights, 4)
    np.testing.assert_array_equal(found.cost, cost[found.chosen].min(axis=0))
    np.testing.assert_array_equal(found.cost, cost[found.assignment, np.arange(60)])
    assert found.objective == pytest.approx((weights * found.cost).sum())


def test_the_unit_of_costs_changes_no_choice():
    cost, weights = random_places(30, 60)
    choices = {tuple(p_median(cost * u, weights, 4).chosen) for u in (1e-9, 1.0, 1e9)}
    assert len(choices) == 1


def test_two_runs_give_the_same_choice():
    cost, weights = random_places(60, 100)
    assert p_median(cost, weights, 7).chosen.tolist() == p_median(cost, weights, 7).chosen.tolist()


@pytest.mark.parametrize(
    ("cost", "weights", "places", "code"),
    [
        ([1.0, 2.0], [1.0, 1.0], 1, "costs_not_a_table"),
        ([[1.0, -2.0]], [1.0, 1.0], 1, "costs_not_costs"),
        ([[1.0, np.inf]], [1.0, 1.0], 1, "costs_not_costs"),
        ([[1.0, 2.0]], [1.0, 1.0], 2, "places_out_of_range"),
        ([[1.0, 2.0]], [1.0, 1.0], 0, "places_out_of_range"),
        ([[1.0, 2.0]], [1.0], 1, "amounts_do_not_fit"),
        ([[1.0, 2.0]], [1.0, np.nan], 1, "amounts_not_amounts"),
    ],
)
def test_what_is_not_usable_is_refused(cost, weights, places, code):
    with pytest.raises(RunError) as caught:
        p_median(np.array(cost), np.array(weights), places)
    assert [fault.code for fault in caught.value.faults] == [code]
