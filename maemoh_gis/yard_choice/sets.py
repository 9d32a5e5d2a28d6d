"""
The best set of several yards: least cost of all freight, best for the worst off, most by rail.

The road and the rival railheads stay open to every sender, so a set never costs more than having no
yard. That trains fill is not asked here: what one yard alone must bring is
`freight_yards.freight_indicators`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.yard_choice.location import maximal_covering, p_center, p_median
from maemoh_gis.yard_choice.location_result import Placement, Status

Aim = Literal["median", "center", "covering"]
"""Least cost of all freight; least cost of the sender worst off; most freight that rail serves
cheaper than any way there is now."""
AIMS: tuple[Aim, ...] = ("median", "center", "covering")


@dataclass(frozen=True)
class YardSet:
    """The best places for some number of yards."""

    aim: Aim
    yards: int
    chosen: tuple[str, ...]
    """Keys of the places; empty without a solution."""
    objective: float
    """THB a year (median), THB per TEU (center) or TEU a year (covering)."""
    bound: float
    """What no set can pass."""
    gap: float
    """Distance to the bound as a share; NaN where nothing is proven."""
    status: Status
    """`optimal` only where proven."""
    thb: float
    """Cost of all freight with the set, THB a year."""
    thb_saved: float
    """Against none of the places, THB a year."""
    flows: int
    """Flows that count."""
    left_out: int
    """Flows of unknown size or without any way; they count for nothing."""


def yard_sets(
    keys: Sequence[str],
    by_place: FloatArray,
    otherwise: FloatArray,
    teu: FloatArray,
    numbers: Sequence[int],
    *,
    seed: int = 0,
    time_limit_s: float = 600.0,
) -> list[YardSet]:
    """
    Find the best places for one yard, for two, and so on.

    Parameters
    ----------
    keys : sequence of str
        The places.
    by_place : float array (places, flows)
        Cost of each flow through each place, THB per TEU; NaN where there is no way.
    otherwise : float array (flows,)
        Cost of each flow without any of the places, by road or a rival; NaN where there is no way.
    teu : float array (flows,)
        TEU a year; NaN is unknown.
    numbers : sequence of int
        Numbers of yards; those above the number of places are left out.
    seed : int
        Seed of the search.
    time_limit_s : float
        Seconds for each set; generous, so that a slow machine finds the same as a fast one.
    """
    reached = ~(np.isnan(by_place).all(axis=0) & np.isnan(otherwise))
    counted: BoolArray = np.asarray(reached & (np.nan_to_num(teu) > 0))
    if not counted.any() or not keys:
        return []
    weights, now = teu[counted], otherwise[counted]
    through = np.fmin(by_place[:, counted], now)
    cheaper = np.where(by_place[:, counted] < np.nan_to_num(now, nan=np.inf), 0.0, np.nan)
    solve: Mapping[Aim, Callable[[int], Placement]] = {
        "median": lambda p: p_median(through, weights, p, seed=seed, time_limit_s=time_limit_s),
        "center": lambda p: p_center(through, p, seed=seed, time_limit_s=time_limit_s),
        "covering": lambda p: maximal_covering(
            cheaper, weights, p, 0.0, seed=seed, time_limit_s=time_limit_s
        ),
    }
    left_out = int(len(teu) - counted.sum())
    found = []
    for number in [n for n in numbers if n <= len(keys)]:
        for aim in AIMS:
            placed = solve[aim](number)
            with_set = np.fmin(now, np.nanmin(through[placed.chosen], axis=0)) if len(
                placed.chosen
            ) else now  # fmt: skip
            thb = float(np.nansum(weights * with_set))
            # A flow that only a place of the set can carry saves nothing: it did not move before.
            saved = float(np.nansum(weights * (now - with_set)))
            found.append(
                YardSet(aim, number, tuple(keys[k] for k in placed.chosen), placed.objective,
                        placed.bound, placed.gap, placed.status, thb, saved, int(counted.sum()),
                        left_out)
            )  # fmt: skip
    return found
