"""
A choice of places by exchange, with a lower bound that says how far from the best it can be.

Everything here works on *serving costs*: what it costs a place to serve a demand, weight times
cost. Where a place cannot serve a demand the search takes more than any choice that serves
everybody can cost, so that it never decides between two such choices.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.yard_choice.location_exact import cover_all

# An exchange must save this share of the whole; less is rounding, and could go round in circles.
_LEAST_SAVING = 1e-10
# Starts and steps between two looks at the clock.
_STARTS_AT_ONCE, _STEPS_AT_ONCE = 8, 100
# Steps of the bound; its step is halved after so many without a better bound, until it is so small.
_MOST_STEPS, _PATIENCE, _FIRST_STEP, _LAST_STEP = 2_000, 30, 2.0, 1e-3
# Share of the cost by which a bound must pass it before a place is ruled out.
_RULED_OUT = 1e-7


@dataclass(frozen=True)
class Found:
    """What the search found and what the bound proves."""

    chosen: IntArray
    """Rows of the chosen places, rising."""
    total: float
    """Their serving cost."""
    bound: float
    """No choice costs less."""
    possible: BoolArray
    """Places that a better choice than this one may hold, bool (candidates,)."""
    needed: BoolArray
    """Places that every better choice holds, bool (candidates,)."""
    finished: bool
    """False if the clock stopped it before its last start or step."""


def search_all_served(
    serving: FloatArray, places: int, starts: int, seed: int, until: float
) -> tuple[Found | None, Literal["feasible", "infeasible", "stopped"]]:
    """
    Search among the choices that serve every demand.

    What was found; None if nothing was. Why not: there is proven to be no such choice, or the clock
    stopped it.

    Parameters
    ----------
    serving : float array (candidates, demands)
        Serving costs, NaN where a place cannot serve a demand; no column is all NaN.
    places : int
        How many places to choose.
    starts, seed : int
        Random starts of the search and their seed.
    until : float
        When to stop, on the clock of `time.perf_counter`.
    """
    able = ~np.isnan(serving)
    penalty = 1.0 + 2.0 * float(np.nanmax(serving, axis=0).sum())
    filled = np.where(able, serving, penalty)
    found = search(filled, places, starts=starts, seed=seed, until=until)
    if found.total < penalty:
        return found, "feasible"
    # Exchange may miss the few choices that serve everybody; HiGHS finds one or proves that there
    # is none.
    answer = cover_all(able, places, until - time.perf_counter())
    if answer.chosen is None:
        return None, "infeasible" if answer.outcome == "infeasible" else "stopped"
    again = search(filled, places, starts=starts, seed=seed, until=until, first=answer.chosen)
    return again, "feasible"


def search(
    serving: FloatArray,
    places: int,
    *,
    starts: int,
    seed: int,
    until: float,
    first: IntArray | None = None,
) -> Found:
    """
    Exchange places while that saves cost, from many starts, then prove a lower bound.

    Parameters
    ----------
    serving : float array (candidates, demands)
        Serving costs, all finite.
    places : int
        How many places to choose.
    starts, seed : int
        Random starts, 1 or more, and their seed.
    until : float
        When to stop, on the clock of `time.perf_counter`. The first few starts are always made.
    first : int array (places,), optional
        A choice to start from besides the random ones.

    References
    ----------
    Teitz and Bart 1968, Operations Research 16; Whitaker 1983, INFOR 21 (fast interchange);
    Resende and Werneck 2007, European Journal of Operational Research 177. The bound is the
    Lagrangian of Cornuejols, Fisher and Nemhauser 1977, Management Science 23, by subgradients.
    """
    serving = np.ascontiguousarray(serving, dtype=np.float64)
    candidates = serving.shape[0]
    random = np.random.default_rng(seed)
    rows = [np.asarray(first, dtype=np.int64)] if first is not None else []
    rows += [random.permutation(candidates)[:places] for _ in range(starts)]
    tries = np.stack(rows).astype(np.int64)
    offsets = random.integers(0, candidates, len(tries))
    chosen, total = _best_of(serving, tries[:_STARTS_AT_ONCE], offsets[:_STARTS_AT_ONCE])
    for k in range(_STARTS_AT_ONCE, len(tries), _STARTS_AT_ONCE):
        if time.perf_counter() > until:
            break
        part = slice(k, k + _STARTS_AT_ONCE)
        other, its_total = _best_of(serving, tries[part], offsets[part])
        if its_total < total:
            chosen, total = other, its_total
    by_demand = np.ascontiguousarray(serving.T)
    prices = _first_prices(serving, chosen)
    bound, prices = _raise_bound(by_demand, places, prices, total, until)
    better, its_total = _best_of(serving, _cheapest(by_demand, prices, places), offsets[:1])
    if its_total < total:
        chosen, total = better, its_total
    possible, needed = _rule_out(by_demand, places, prices, total)
    finished = time.perf_counter() <= until
    return Found(np.sort(chosen), float(total), float(bound), possible, needed, finished)


def _first_prices(serving: FloatArray, chosen: IntArray) -> FloatArray:
    """Price every demand between its nearest and its second nearest chosen place."""
    if len(chosen) == 1:
        return np.asarray(serving[chosen[0]], dtype=np.float64)
    nearest = np.partition(serving[chosen], 1, axis=0)[:2]
    typical = serving.mean(axis=0)
    return np.asarray(nearest[0] + 0.5 * (np.minimum(nearest[1], typical) - nearest[0]).clip(0.0))


def _raise_bound(
    by_demand: FloatArray, places: int, prices: FloatArray, total: float, until: float
) -> tuple[float, FloatArray]:
    best, best_prices, step = -np.inf, prices, _FIRST_STEP
    stale = 0
    for _ in range(0, _MOST_STEPS, _STEPS_AT_ONCE):
        best, best_prices, prices, step, stale = _steps(
            by_demand, places, prices, total, best, best_prices, step, stale
        )
        if step < _LAST_STEP or time.perf_counter() > until:
            break
    return float(best), best_prices


def _savings(by_demand: FloatArray, prices: FloatArray) -> FloatArray:
    return np.asarray(np.minimum(by_demand - prices[:, None], 0.0).sum(axis=0))


def _cheapest(by_demand: FloatArray, prices: FloatArray, places: int) -> IntArray:
    order = np.argsort(_savings(by_demand, prices), kind="stable")
    return np.asarray(order[None, :places], dtype=np.int64)


def _rule_out(
    by_demand: FloatArray, places: int, prices: FloatArray, total: float
) -> tuple[BoolArray, BoolArray]:
    """Find the places that no better choice can hold and those that it must hold."""
    savings = _savings(by_demand, prices)
    order = np.argsort(savings, kind="stable")
    bound = prices.sum() + savings[order[:places]].sum()
    least = total + _RULED_OUT * abs(total)
    inside = np.zeros(len(savings), dtype=bool)
    inside[order[:places]] = True
    # The bound if an outside place takes the last seat, or if an inside one gives its seat up.
    with_it = bound - savings[order[places - 1]] + savings
    next_one = savings[order[places]] if places < len(savings) else np.inf
    without_it = bound - savings + next_one
    return inside | (with_it <= least), inside & (without_it > least)


@kernel()
def _best_of(serving: FloatArray, tries: IntArray, offsets: IntArray) -> tuple[IntArray, float]:
    best, least = tries[0].copy(), np.inf
    for k in range(tries.shape[0]):
        chosen, total = _descend(serving, tries[k], offsets[k])
        if total < least:
            best, least = chosen, total
    return best, least


@kernel()
def _descend(serving: FloatArray, start: IntArray, offset: int) -> tuple[IntArray, float]:
    """Exchange one place at a time, the first that saves cost, until none does."""
    candidates, demands = serving.shape
    chosen = start.copy()
    is_chosen = np.zeros(candidates, dtype=np.bool_)
    is_chosen[chosen] = True
    seat = np.empty(demands, dtype=np.int64)
    nearest, second = np.empty(demands), np.empty(demands)
    total = _serve(serving, chosen, seat, nearest, second)
    loss = np.empty(chosen.size)
    in_vain, k = 0, offset
    while in_vain < candidates:
        in_vain += 1
        if not is_chosen[k]:
            saving, leaves = _best_exchange(serving[k], seat, nearest, second, loss)
            if saving > _LEAST_SAVING * total:
                was, chosen[leaves] = chosen[leaves], k
                new_total = _serve(serving, chosen, seat, nearest, second)
                if new_total >= total:  # rounding
                    chosen[leaves] = was
                    break
                is_chosen[was], is_chosen[k] = False, True
                total, in_vain = new_total, 0
        k = (k + 1) % candidates
    return chosen, total


@kernel()
def _serve(
    serving: FloatArray, chosen: IntArray, seat: IntArray, nearest: FloatArray, second: FloatArray
) -> float:
    """Fill in the nearest seat of each demand, its cost and that of the second; sum the costs."""
    nearest[:] = np.inf
    second[:] = np.inf
    for s in range(chosen.size):
        row = serving[chosen[s]]
        for j in range(row.size):
            if row[j] < nearest[j]:
                second[j], nearest[j], seat[j] = nearest[j], row[j], s
            elif row[j] < second[j]:
                second[j] = row[j]
    total = 0.0
    for j in range(nearest.size):
        total += nearest[j]
    return total


@kernel()
def _best_exchange(
    row: FloatArray, seat: IntArray, nearest: FloatArray, second: FloatArray, loss: FloatArray
) -> tuple[float, int]:
    """Say what a new place saves if the seat that is missed least goes, and which that is."""
    gain = 0.0
    loss[:] = 0.0
    for j in range(row.size):
        if row[j] < nearest[j]:
            gain += nearest[j] - row[j]
        else:
            loss[seat[j]] += min(row[j], second[j]) - nearest[j]
    leaves = int(np.argmin(loss))
    return gain - loss[leaves], leaves


@kernel()
def _steps(
    by_demand: FloatArray,
    places: int,
    prices: FloatArray,
    total: float,
    best: float,
    best_prices: FloatArray,
    step: float,
    stale: int,
) -> tuple[float, FloatArray, FloatArray, float, int]:
    """Move the prices along the subgradient some steps; a step of 0 says that all is proven."""
    demands, candidates = by_demand.shape
    prices, best_prices = prices.copy(), best_prices.copy()
    missing = np.empty(demands)
    for _ in range(_STEPS_AT_ONCE):
        savings = np.zeros(candidates)
        for j in range(demands):
            price = prices[j]
            for i in range(candidates):
                savings[i] += min(by_demand[j, i] - price, 0.0)
        seats = np.argsort(savings)[:places]
        value = prices.sum() + savings[seats].sum()
        stale += 1
        if value > best:
            best, stale = value, 0
            best_prices[:] = prices
        elif stale >= _PATIENCE:
            step, stale = step / 2, 0
            prices[:] = best_prices
            continue
        norm = 0.0
        for j in range(demands):
            missing[j] = 1.0
            for s in seats:
                if by_demand[j, s] < prices[j]:
                    missing[j] -= 1.0
            norm += missing[j] ** 2
        if norm == 0.0 or step < _LAST_STEP or total - best <= _LEAST_SAVING * total:
            return best, best_prices, prices, 0.0, stale
        prices += step * (total - value) / norm * missing
    return best, best_prices, prices, step, stale
