"""
Where to put a few places so that they serve many: p-median, p-center, covering, capacities.

Every answer says how good it is: a bound that no choice can pass, the gap to it, and a status that
says `optimal` only where that is proven. A demand that no candidate can reach is left out and
counted (`unreachable`); every other demand must be served, and where the places cannot do that the
answer is `infeasible` instead of a choice that leaves somebody out unsaid.
"""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from maemoh_gis.core.errors import RunError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray
from maemoh_gis.yard_choice.location_capacity import search_within_capacities
from maemoh_gis.yard_choice.location_exact import Answer, assign, cover, halve_reach
from maemoh_gis.yard_choice.location_result import (
    Placement,
    answered,
    costs_of,
    covering,
    joined,
    measured,
    nearest_of,
    nothing_placed,
)
from maemoh_gis.yard_choice.location_search import search, search_all_served

Method = Literal["auto", "exact", "search"]

# Pairs of a place and a demand that HiGHS gets after a search: about a second's work, or hopeless.
# Measured at 200 x 500; ASSUMPTION elsewhere.
_MOST_PAIRS = 40_000
# The same where places have capacities and nothing can be ruled out before.
_MOST_WITH_CAPACITIES = 200_000


def p_median(
    cost: FloatArray,
    weights: FloatArray,
    places: int,
    *,
    method: Method = "auto",
    starts: int = 60,
    seed: int = 0,
    time_limit_s: float = 60.0,
) -> Placement:
    """
    Choose places so that the weighted cost of serving every demand from its nearest is least.

    Parameters
    ----------
    cost : float array (candidates, demands)
        Cost of serving a demand from a candidate, 0 or more, in any unit; NaN is unreachable.
    weights : float array (demands,)
        Weight of each demand, 0 or more.
    places : int
        How many places to choose.
    method : {"auto", "exact", "search"}
        `search` exchanges places and proves a bound; `auto` then gives HiGHS what the bound could
        not rule out, if that is little; `exact` is HiGHS alone.
    starts, seed : int
        Random starts of the search and their seed.
    time_limit_s : float
        Seconds after which it stops. Only an answer that was not stopped is the same every time.

    Examples
    --------
    >>> found = p_median(np.array([[0.0, 9.0, 8.0], [9.0, 0.0, 1.0]]), np.ones(3), 1)
    >>> found.chosen, found.objective, found.status
    (array([1]), 10.0, 'optimal')
    """
    cost, weights = _checked(cost, weights, places)
    until = time.perf_counter() + time_limit_s
    reached = ~np.isnan(cost).all(axis=0)
    if not reached.any():
        return nothing_placed(cost, "infeasible")
    serving = cost[:, reached] * weights[reached]
    if method == "exact":
        return answered(cost, weights, assign(serving, places, time_limit_s))
    found, status = search_all_served(serving, places, starts, seed, until)
    if found is None:
        return nothing_placed(cost, status)
    nearest = nearest_of(cost, found.chosen)
    placed = measured(cost, weights, found.chosen, nearest, found.bound, finished=found.finished)
    kept = np.flatnonzero(found.possible)
    if placed.status != "feasible" or method == "search" or kept.size * len(weights) > _MOST_PAIRS:
        return placed
    left = until - time.perf_counter()
    answer = assign(serving[kept], places, left, needed=found.needed[kept])
    return joined(placed, answered(cost, weights, answer.of_rows(kept)), 1)


def capacitated_p_median(
    cost: FloatArray,
    weights: FloatArray,
    capacities: FloatArray,
    places: int,
    *,
    starts: int = 20,
    seed: int = 0,
    time_limit_s: float = 60.0,
) -> Placement:
    """
    Choose places of limited capacity so that the weighted cost of serving every demand is least.

    A demand is served whole by one place, not always its nearest. What exchange and the bound
    without capacities leave open, HiGHS decides, if the table is not too large for that.

    Parameters
    ----------
    cost : float array (candidates, demands)
        Cost of serving a demand from a candidate, 0 or more, in any unit; NaN is unreachable.
    weights : float array (demands,)
        Weight of each demand, 0 or more: what it adds to the cost and takes of the capacity.
    capacities : float array (candidates,)
        Weight that each candidate can serve, 0 or more.
    places : int
        How many places to choose.
    starts, seed : int
        Random starts of the search and their seed.
    time_limit_s : float
        Seconds after which it stops. Only an answer that was not stopped is the same every time.
    """
    cost, weights = _checked(cost, weights, places)
    capacities = _amounts("capacities", capacities, len(cost))
    until = time.perf_counter() + time_limit_s
    reached = ~np.isnan(cost).all(axis=0)
    if not reached.any():
        return nothing_placed(cost, "infeasible")
    serving = cost[:, reached] * weights[reached]
    free, status = search_all_served(serving, places, starts, seed, until)
    if free is None:
        return nothing_placed(cost, status)
    loads, placed = weights[reached], nothing_placed(cost, "stopped", free.bound)
    filled = search_within_capacities(serving, loads, capacities, free.chosen, until)
    if filled is not None:
        within = Answer("stopped", *filled, free.bound)
        placed = answered(cost, weights, within, finished=time.perf_counter() <= until)
    if placed.status == "optimal" or (filled and serving.size > _MOST_WITH_CAPACITIES):
        return placed
    left = until - time.perf_counter()
    answer = assign(serving, places, left, loads=loads, capacities=capacities)
    return joined(placed, answered(cost, weights, answer), 1)


def maximal_covering(
    cost: FloatArray,
    weights: FloatArray,
    places: int,
    reach: float,
    *,
    method: Method = "auto",
    starts: int = 60,
    seed: int = 0,
    time_limit_s: float = 60.0,
) -> Placement:
    """
    Choose places so that the weight of the demands within reach of one is greatest.

    Parameters
    ----------
    cost : float array (candidates, demands)
        Cost of serving a demand from a candidate, 0 or more, in any unit; NaN is unreachable.
    weights : float array (demands,)
        Weight of each demand, 0 or more.
    places : int
        How many places to choose.
    reach : float
        Greatest cost at which a demand counts as covered, in the unit of `cost`.
    method : {"auto", "exact", "search"}
        As for `p_median`.
    starts, seed : int
        Random starts of the search and their seed.
    time_limit_s : float
        Seconds after which it stops. Only an answer that was not stopped is the same every time.
    """
    cost, weights = _checked(cost, weights, places)
    until = time.perf_counter() + time_limit_s
    within = cost <= reach
    cost = np.where(within, cost, np.nan)
    if method == "exact":
        return covering(cost, weights, cover(within, weights, places, time_limit_s))
    # The least uncovered weight is a p-median whose costs are 0 or the weight.
    found = search(np.where(within, 0.0, weights), places, starts=starts, seed=seed, until=until)
    most = float(weights.sum()) - found.bound
    nearest = nearest_of(cost, found.chosen)
    placed = measured(cost, weights, found.chosen, nearest, most,
                      finished=found.finished, covered=True)  # fmt: skip
    kept = np.flatnonzero(found.possible)
    if placed.status != "feasible" or method == "search" or within[kept].sum() > _MOST_PAIRS:
        return placed
    answer = cover(within[kept], weights, places, until - time.perf_counter())
    return joined(placed, covering(cost, weights, answer.of_rows(kept)), -1)


def p_center(
    cost: FloatArray, places: int, *, seed: int = 0, time_limit_s: float = 60.0
) -> Placement:
    """
    Choose places so that the greatest cost of serving any demand from its nearest is least.

    The costs that occur are halved again and again: HiGHS says of each whether so many places can
    cover every demand within it.

    Parameters
    ----------
    cost : float array (candidates, demands)
        Cost of serving a demand from a candidate, 0 or more, in any unit; NaN is unreachable.
    places : int
        How many places to choose.
    seed : int
        Seed of the search for a first choice.
    time_limit_s : float
        Seconds after which it stops. Only an answer that was not stopped is the same every time.

    References
    ----------
    Minieka 1970, SIAM Review 12.
    """
    cost, _ = _checked(cost, np.ones(np.shape(cost)[-1:]), places)
    until = time.perf_counter() + time_limit_s
    reached = ~np.isnan(cost).all(axis=0)
    if not reached.any():
        return nothing_placed(cost, "infeasible")
    near = cost[:, reached]
    first, status = search_all_served(near, places, 4, seed, until)
    if first is None:
        return nothing_placed(cost, status)
    chosen, bound, proven = halve_reach(near, first.chosen, until)
    nearest = nearest_of(cost, chosen)
    served = costs_of(cost, nearest)
    return Placement(
        chosen, nearest, served, float(np.nanmax(served)), bound,
        "optimal" if proven else "stopped", int((~reached).sum()),
    )  # fmt: skip


def _checked(cost: FloatArray, weights: FloatArray, places: int) -> tuple[FloatArray, FloatArray]:
    """Check what all problems share; give the numbers in double precision."""
    cost = np.asarray(cost, dtype=np.float64)
    if cost.ndim != 2 or 0 in cost.shape:
        raise RunError(Fault("costs_not_a_table", key="cost", found=str(cost.shape),
                             expected="(candidates, demands)"))  # fmt: skip
    faults = []
    if wrong := int(((cost < 0) | np.isinf(cost)).sum()):
        faults.append(Fault("costs_not_costs", key="cost", found=str(wrong)))
    if not 1 <= places <= len(cost):
        faults.append(Fault("places_out_of_range", key="places", found=str(places),
                            expected=str(len(cost))))  # fmt: skip
    raise_if_blocked(faults, RunError)
    return cost, _amounts("weights", weights, cost.shape[1])


def _amounts(key: str, amounts: FloatArray, count: int) -> FloatArray:
    amounts = np.asarray(amounts, dtype=np.float64)
    if amounts.shape != (count,):
        raise RunError(Fault("amounts_do_not_fit", key=key, found=str(amounts.shape),
                             expected=str(count)))  # fmt: skip
    if wrong := int((~(amounts >= 0) | np.isinf(amounts)).sum()):
        raise RunError(Fault("amounts_not_amounts", key=key, found=str(wrong)))
    return amounts
