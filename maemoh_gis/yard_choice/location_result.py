"""What a choice of places is worth: measured from the costs themselves, with what is proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.yard_choice.location_exact import Answer

Status = Literal["optimal", "feasible", "infeasible", "stopped"]

# Relative gap below which a bound proves the choice the best: rounding of sums.
_PROVEN = 1e-9


@dataclass(frozen=True)
class Placement:
    """Places chosen, who serves whom, and how near to the best it is."""

    chosen: IntArray
    """Rows of the chosen candidates, rising, int (places,); empty without a solution."""
    assignment: IntArray
    """Row of the candidate that serves each demand, int (demands,); -1 where none does."""
    cost: FloatArray
    """Cost of that, without the weight, float (demands,); NaN where none serves it."""
    objective: float
    """Weighted cost, greatest cost or covered weight; NaN without a solution."""
    bound: float
    """What no choice can pass; NaN where nothing is proven or nothing is possible."""
    status: Status
    """`optimal` is proven; `feasible` has a gap; `infeasible` is proven; `stopped` met its time
    limit, with or without a solution."""
    unreachable: int
    """Demands that no candidate reaches; they are left out."""

    @property
    def gap(self) -> float:
        """Give the distance to the bound as a share of the objective; NaN without both."""
        if self.objective == self.bound:
            return 0.0
        off = abs(self.objective - self.bound)
        return off / abs(self.objective) if self.objective else off / abs(self.bound)

    @property
    def unserved(self) -> int:
        """Count the demands that no chosen place serves, the unreachable ones among them."""
        return int((self.assignment < 0).sum())


def answered(
    cost: FloatArray, weights: FloatArray, answer: Answer, *, finished: bool = False
) -> Placement:
    """Put HiGHS's answer over the reached demands among all of them."""
    if answer.chosen is None or answer.served_by is None:
        return nothing_placed(cost, answer.outcome, answer.bound)
    served_by = np.full(cost.shape[1], -1)
    served_by[~np.isnan(cost).all(axis=0)] = answer.served_by
    proven = answer.outcome == "optimal"
    return measured(cost, weights, answer.chosen, served_by, answer.bound,
                    finished=finished or proven, optimal=proven)  # fmt: skip


def covering(cost: FloatArray, weights: FloatArray, answer: Answer) -> Placement:
    """Measure what HiGHS's choice covers."""
    if answer.chosen is None:
        return nothing_placed(cost, "stopped", answer.bound)
    proven = answer.outcome == "optimal"
    served_by = nearest_of(cost, answer.chosen)
    return measured(cost, weights, answer.chosen, served_by, answer.bound,
                    finished=proven, optimal=proven, covered=True)  # fmt: skip


def measured(
    cost: FloatArray,
    weights: FloatArray,
    chosen: IntArray,
    served_by: IntArray,
    bound: float,
    *,
    finished: bool,
    optimal: bool = False,
    covered: bool = False,
) -> Placement:
    """Measure a choice anew, from the costs themselves, and say what the bound proves."""
    taken = costs_of(cost, served_by)
    served = served_by >= 0
    objective = float((weights if covered else weights * taken)[served].sum())
    bound = max(bound, objective) if covered else min(bound, objective)
    status: Status = "feasible" if finished else "stopped"
    if finished and (optimal or abs(objective - bound) <= _PROVEN * abs(objective)):
        status, bound = "optimal", objective
    return Placement(
        chosen, served_by, taken, objective, bound if np.isfinite(bound) else np.nan, status,
        int(np.isnan(cost).all(axis=0).sum()),
    )  # fmt: skip


def nothing_placed(cost: FloatArray, status: Status, bound: float = np.nan) -> Placement:
    """Say that there is no solution, and why."""
    demands = cost.shape[1]
    return Placement(
        np.zeros(0, dtype=np.int64), np.full(demands, -1), np.full(demands, np.nan), np.nan,
        bound if np.isfinite(bound) else np.nan, status, int(np.isnan(cost).all(axis=0).sum()),
    )  # fmt: skip


def joined(first: Placement, second: Placement, sign: int) -> Placement:
    """Join what the search found with what HiGHS proved about all choices better than that."""
    if second.status == "infeasible" and not first.chosen.size:
        return second
    best = first
    if second.chosen.size and not sign * second.objective >= sign * first.objective:
        best = second
    if second.status == "optimal":
        return replace(best, bound=best.objective, status="optimal")
    bound = sign * float(np.fmax(sign * first.bound, sign * second.bound))
    if best.chosen.size:
        bound = sign * min(sign * bound, sign * best.objective)
    return replace(best, bound=bound, status="stopped")


def nearest_of(cost: FloatArray, chosen: IntArray) -> IntArray:
    """Give the nearest chosen candidate of each demand, -1 where none reaches it."""
    able = np.where(np.isnan(cost[chosen]), np.inf, cost[chosen])
    return np.where(np.isinf(able).all(axis=0), -1, chosen[able.argmin(axis=0)])


def costs_of(cost: FloatArray, served_by: IntArray) -> FloatArray:
    """Give what serving each demand costs, NaN where nobody serves it."""
    taken = cost[served_by, np.arange(cost.shape[1])]
    return np.where(served_by < 0, np.nan, taken)
