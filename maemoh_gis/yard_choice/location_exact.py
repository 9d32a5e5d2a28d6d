"""
The exact choice of places, by HiGHS, as sparse mixed-integer models.

What HiGHS did not prove is not called proven: a run that its limit stopped is `stopped`, whatever
it holds by then.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import coo_array

# Greatest coefficient of the objective: HiGHS has absolute tolerances, costs may have any unit.
_GREATEST = 1e4
_LEAST_SECONDS = 0.01


@dataclass(frozen=True)
class Answer:
    """What HiGHS says."""

    outcome: Literal["optimal", "infeasible", "stopped"]
    """`optimal` and `infeasible` only where it is proven."""
    chosen: IntArray | None
    """Rows of the chosen places, rising; None without a solution."""
    served_by: IntArray | None
    """Row of the place that serves each demand, -1 for none; None without a solution."""
    bound: float
    """No choice costs less (covering: covers more); infinite where nothing is proven."""

    def of_rows(self, kept: IntArray) -> Answer:
        """Give the same answer in the rows of the table that these were kept from."""
        chosen = None if self.chosen is None else kept[self.chosen]
        served_by = None if self.served_by is None else kept[self.served_by]
        return Answer(self.outcome, chosen, served_by, self.bound)


def assign(
    serving: FloatArray,
    places: int,
    limit_s: float,
    *,
    needed: BoolArray | None = None,
    loads: FloatArray | None = None,
    capacities: FloatArray | None = None,
) -> Answer:
    """
    Choose places and who serves whom at the least cost.

    Parameters
    ----------
    serving : float array (candidates, demands)
        Cost of serving a demand from a place, NaN where it cannot be.
    places : int
        How many places to choose.
    limit_s : float
        Seconds after which HiGHS stops.
    needed : bool array (candidates,), optional
        Places that must be chosen.
    loads, capacities : float array (demands,) and (candidates,), optional
        What each demand asks for and each place can give; a demand is served by one place.

    References
    ----------
    ReVelle and Swain 1970, Geographical Analysis 2.
    """
    from scipy.sparse import coo_array

    candidates, demands = serving.shape
    who, whom = np.nonzero(_worth_a_column(serving, places, needed, limited=loads is not None))
    pairs = len(who)
    column = candidates + np.arange(pairs)
    ones = np.ones(pairs)
    rows = [whom, demands + np.arange(pairs), demands + np.arange(pairs),
            np.full(candidates, demands + pairs)]  # fmt: skip
    columns = [column, column, who, np.arange(candidates)]
    values: list[FloatArray] = [ones, ones, -ones, np.ones(candidates)]
    low: FloatArray = np.r_[np.ones(demands), np.full(pairs, -np.inf), places]
    high = np.r_[np.ones(demands), np.zeros(pairs), places]
    if loads is not None and capacities is not None:
        # Loads and capacities in shares of the greatest, for the same reason as costs.
        unit = max(float(loads.max(initial=0.0)), float(capacities.max(initial=0.0))) or 1.0
        rows += [demands + pairs + 1 + who, demands + pairs + 1 + np.arange(candidates)]
        columns += [column, np.arange(candidates)]
        values += [loads[whom] / unit, -capacities / unit]
        low = np.r_[low, np.full(candidates, -np.inf)]
        high = np.r_[high, np.zeros(candidates)]
    matrix = coo_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(low), candidates + pairs),
    )
    least = np.zeros(candidates + pairs)
    if needed is not None:
        least[:candidates] = needed
    cost = np.r_[np.zeros(candidates), serving[who, whom]]
    whole = np.ones(len(cost), dtype=np.int64)
    if loads is None:
        # With the places fixed, the nearest one is best: shares come out whole by themselves.
        whole[candidates:] = 0
    x, outcome, bound = _solve(cost, matrix, (low, high), least, whole, limit_s)
    if x is None:
        return Answer(outcome, None, None, bound)
    served_by = np.full(demands, -1)
    best = np.lexsort((x[candidates:], whom))
    served_by[whom[best]] = who[best]  # the greatest share is written last
    return Answer(outcome, np.flatnonzero(x[:candidates] > 0.5), served_by, bound)


def cover(covers: BoolArray, weights: FloatArray, places: int, limit_s: float) -> Answer:
    """
    Choose places that cover the greatest weight.

    Parameters
    ----------
    covers : bool array (candidates, demands)
        Whether a place covers a demand.
    weights : float array (demands,)
        Weight of each demand.
    places : int
        How many places to choose.
    limit_s : float
        Seconds after which HiGHS stops.

    References
    ----------
    Church and ReVelle 1974, Papers of the Regional Science Association 32.
    """
    from scipy.sparse import coo_array

    candidates, demands = covers.shape
    who, whom = np.nonzero(covers)
    rows = np.r_[whom, np.arange(demands), np.full(candidates, demands)]
    columns = np.r_[who, candidates + np.arange(demands), np.arange(candidates)]
    values = np.r_[np.ones(len(who)), -np.ones(demands), np.ones(candidates)]
    matrix = coo_array((values, (rows, columns)), shape=(demands + 1, candidates + demands))
    low, high = np.r_[np.zeros(demands), places], np.r_[np.full(demands, np.inf), places]
    whole = np.r_[np.ones(candidates, dtype=np.int64), np.zeros(demands, dtype=np.int64)]
    cost = np.r_[np.zeros(candidates), -weights]
    x, outcome, bound = _solve(cost, matrix, (low, high), np.zeros(len(cost)), whole, limit_s)
    chosen = None if x is None else np.flatnonzero(x[:candidates] > 0.5)
    return Answer(outcome, chosen, None, -bound)


def cover_all(covers: BoolArray, places: int, limit_s: float) -> Answer:
    """
    Choose places that cover every demand, if there are any such.

    Parameters
    ----------
    covers : bool array (candidates, demands)
        Whether a place covers a demand.
    places : int
        How many places to choose.
    limit_s : float
        Seconds after which HiGHS stops.
    """
    from scipy.sparse import coo_array

    candidates, demands = covers.shape
    who, whom = np.nonzero(covers)
    rows = np.r_[whom, np.full(candidates, demands)]
    columns = np.r_[who, np.arange(candidates)]
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(demands + 1, candidates))
    low, high = np.r_[np.ones(demands), places], np.r_[np.full(demands, np.inf), places]
    nothing = np.zeros(candidates)
    x, outcome, bound = _solve(
        nothing, matrix, (low, high), nothing, np.ones(candidates, dtype=np.int64), limit_s
    )
    return Answer(outcome, None if x is None else np.flatnonzero(x > 0.5), None, bound)


def halve_reach(cost: FloatArray, chosen: IntArray, until: float) -> tuple[IntArray, float, bool]:
    """
    Choose places so that the greatest cost of serving any demand is least.

    Of the costs that occur, those that are still possible are halved again and again: HiGHS says
    whether so many places can cover every demand within the middle one.

    Parameters
    ----------
    cost : float array (candidates, demands)
        Cost of serving a demand from a place, NaN where it cannot be.
    chosen : int array (places,)
        A choice to begin with; it serves every demand.
    until : float
        When to stop, on the clock of `time.perf_counter`.

    Returns
    -------
    chosen : int array (places,)
        The best choice found.
    bound : float
        No choice has a lesser greatest cost.
    proven : bool
        Whether the choice meets the bound.
    """

    def greatest(choice: IntArray) -> int:
        return int(np.searchsorted(radii, np.nanmin(cost[choice], axis=0).max()))

    radii = np.unique(cost[~np.isnan(cost)])
    low = int(np.searchsorted(radii, np.nanmin(cost, axis=0).max()))
    high = greatest(chosen)
    while low < high:
        if (left := until - time.perf_counter()) <= 0:
            break
        middle = (low + high) // 2
        answer = cover_all(cost <= radii[middle], len(chosen), left)
        if answer.chosen is not None:
            chosen = answer.chosen
            high = greatest(chosen)
        elif answer.outcome == "infeasible":
            low = middle + 1
        else:
            break
    return chosen, float(radii[low]), low >= high


def _worth_a_column(
    serving: FloatArray, places: int, needed: BoolArray | None, *, limited: bool
) -> BoolArray:
    """Find the pairs of a place and a demand that some best choice may use."""
    able = ~np.isnan(serving)
    if limited:
        return np.asarray(able)
    # One of the nearest (candidates - places + 1) is always chosen, and so are the needed ones.
    costs = np.where(able, serving, np.inf)
    farthest = np.sort(costs, axis=0)[serving.shape[0] - places]
    if needed is not None and needed.any():
        farthest = np.minimum(farthest, costs[needed].min(axis=0))
    return np.asarray(able & (costs <= farthest))


def _solve(
    cost: FloatArray,
    matrix: coo_array,
    between: tuple[FloatArray, FloatArray],
    least: FloatArray,
    whole: IntArray,
    limit_s: float,
) -> tuple[FloatArray | None, Literal["optimal", "infeasible", "stopped"], float]:
    """Run HiGHS over shares from `least` to 1; give the solution, the outcome and the bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    unit = float(np.abs(cost).max(initial=0.0)) / _GREATEST or 1.0
    answer = milp(
        cost / unit,
        integrality=whole,
        bounds=Bounds(least, 1.0),
        constraints=LinearConstraint(matrix.tocsr(), *between),
        options={"mip_rel_gap": 0.0, "time_limit": max(limit_s, _LEAST_SECONDS)},
    )
    if answer.status == 0:
        assert answer.x is not None
        return answer.x, "optimal", float(answer.fun) * unit
    # Shares are bounded, so "infeasible or unbounded" can only be infeasible.
    if answer.status == 2 or (answer.status == 4 and "infeasible" in answer.message.lower()):
        return None, "infeasible", np.inf
    bound = getattr(answer, "mip_dual_bound", None)
    return answer.x, "stopped", -np.inf if bound is None else float(bound) * unit
