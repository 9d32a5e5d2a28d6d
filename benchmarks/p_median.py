"""
The p-median of 200 candidates and 500 demands against spopt with HiGHS.

spopt proves the optimum; ours searches and proves a gap, which its cost must stay within.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.comparing import Comparison, Outputs, Work, run

CANDIDATES, DEMANDS, PLACES = 200, 500, 10


def make(folder: Path, shape: tuple[int, int]) -> None:
    """Make random points; the size is the same whatever is asked for."""
    del shape
    random = np.random.default_rng(1)
    one, other = random.random((CANDIDATES, 2)), random.random((DEMANDS, 2))
    np.save(folder / "cost.npy", np.hypot(*(one[:, None] - other[None]).transpose(2, 0, 1)))
    np.save(folder / "weights.npy", random.integers(1, 100, DEMANDS).astype(np.float64))


def read(folder: Path) -> tuple[Any, Any]:
    return np.load(folder / "cost.npy"), np.load(folder / "weights.npy")


def ours(folder: Path) -> Work:
    """Time the search with its bound."""
    from maemoh_gis.yard_choice.location import p_median

    cost, weights = read(folder)
    p_median(cost[:20, :50], weights[:50], 3, method="search")

    def work() -> Outputs:
        found = p_median(cost, weights, PLACES, method="search")
        return {"objective": found.objective, "bound": found.bound}

    return work


def spopt(folder: Path) -> Work:
    """Time spopt's model and HiGHS."""
    import pulp
    from spopt.locate import PMedian

    cost, weights = read(folder)

    def solve(cost: Any, weights: Any, places: int) -> Outputs:
        model = PMedian.from_cost_matrix(cost.T, weights, p_facilities=places)
        model = model.solve(pulp.HiGHS(msg=False), results=False)
        return {"objective": float(pulp.value(model.problem.objective))}

    solve(cost[:20, :50], weights[:50], 3)
    return lambda: solve(cost, weights, PLACES)


def within_the_gap(one: Outputs, other: Outputs) -> str | None:
    """Check that the optimum lies between our bound and our cost, and within 0.2 %."""
    optimum, low, high = float(other["objective"]), float(one["bound"]), float(one["objective"])
    if not low <= optimum * (1 + 1e-6) or not optimum <= high * (1 + 1e-6):
        return f"the optimum {optimum:g} is not between {low:g} and {high:g}"
    return None if high <= optimum * 1.002 else f"{high / optimum - 1:.2%} above the optimum"


if __name__ == "__main__":
    run(
        "p_median",
        [Comparison("p-median 200 x 500, p = 10", "ours", "spopt", "spopt", within_the_gap, 20.0)],
        pairs=1,
    )
