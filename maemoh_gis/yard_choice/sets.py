"""
The best set of several yards: least cost of all freight, best for the worst off, most by rail.

Every set there is gets its value, so the best is proven by having tried them all. Of sets that are
worth the same, but for the rounding of sums, the one with which all freight costs least stands,
and of those the first in the order of the places: the one whose first place stands first in the
list of places, then whose second does, and so on.

The road and the rival railheads stay open to every sender, so a set never costs more than having no
yard. That trains fill is not asked here: what one yard alone must bring is
`freight_yards.freight_indicators`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.scenario.settings.choice import MOST_SETS

Aim = Literal["median", "center", "covering"]
"""Least cost of all freight; least cost of the sender worst off; most freight that rail serves
cheaper than any way there is now."""
Status = Literal["optimal", "infeasible", "stopped"]

SAME = 1e-9
"""Two values nearer than this share of them are the same: sums are rounded."""
# Numbers held at a time: sets, times places, times flows.
_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class YardSet:
    """The best places for some number of yards."""

    aim: Aim
    yards: int
    chosen: tuple[str, ...]
    """Keys of the places; empty where no set serves everybody."""
    objective: float
    """THB a year (median), THB per TEU (center) or TEU a year (covering); NaN without a set."""
    thb: float
    """Cost of all freight with the set, THB a year."""
    thb_saved: float
    """Against none of the places, THB a year."""
    flows: int
    """Flows that count."""
    left_out: int
    """Flows of unknown size or without any way; they count for nothing."""

    @property
    def status(self) -> Status:
        """Say whether there is a set that serves everybody; it is the best then."""
        return "optimal" if self.chosen else "infeasible"

    @property
    def gap(self) -> float:
        """Give the distance to the best there is as a share: none."""
        return 0.0 if self.chosen else math.nan


def yard_sets(
    keys: Sequence[str],
    by_place: FloatArray,
    otherwise: FloatArray,
    teu: FloatArray,
    numbers: Sequence[int],
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
    """
    counted = counted_flows(by_place, otherwise, teu)
    if not counted.any() or not keys:
        return []
    weights, now, ways = teu[counted], otherwise[counted], by_place[:, counted]
    known = {"flows": int(counted.sum()), "left_out": int(len(teu) - counted.sum())}
    found = []
    for number in [n for n in numbers if n <= len(keys)]:
        sets = sets_of(len(keys), number)
        valued = _values(ways, now, weights, sets)
        for aim, values in valued.items():
            first = first_of_best(values, valued["median"])
            chosen = sets[first] if np.isfinite(values[first]) else sets[first][:0]
            with_set = np.fmin.reduce([now, *ways[chosen]])
            thb = float(np.nansum(weights * with_set))
            # A flow that only a place of the set can carry saves nothing: it did not move before.
            saved = float(np.nansum(weights * (now - with_set)))
            objective = thb if aim == "median" else abs(float(values[first]))
            found.append(
                YardSet(aim, number, tuple(keys[k] for k in chosen),
                        objective if len(chosen) else math.nan, thb, saved, **known)
            )  # fmt: skip
    return found


def _values(
    ways: FloatArray, now: FloatArray, weights: FloatArray, sets: IntArray
) -> dict[Aim, FloatArray]:
    """Give the value of each set by aim, the less the better; infinite where a flow has no way."""
    cheaper = ways < np.nan_to_num(now, nan=np.inf)
    greatest = [costs.max(axis=1) for costs in _costs(ways, now, sets)]
    covered = [(weights * cheaper[part].any(axis=1)).sum(axis=1) for part in _parts(sets, len(now))]
    return {
        "median": weighted_costs(ways, now, weights, sets),
        "center": np.concatenate(greatest),
        "covering": -np.concatenate(covered),
    }


def counted_flows(by_place: FloatArray, otherwise: FloatArray, teu: FloatArray) -> BoolArray:
    """Find the flows that count: of known size, and with any way at all."""
    reached = ~(np.isnan(by_place).all(axis=0) & np.isnan(otherwise))
    return np.asarray(reached & (np.nan_to_num(teu) > 0))


def sets_of(places: int, number: int) -> IntArray:
    """List every set of so many places, int (sets, number), in the order of the places."""
    if (count := math.comb(places, number)) > MOST_SETS:
        raise RunError(Fault("too_many_yard_sets", found=f"{count:,}", expected=f"{MOST_SETS:,}",
                             values={"places": places, "yards": number}))  # fmt: skip
    return np.array(list(combinations(range(places), number)), dtype=np.int64)


def weighted_costs(
    by_place: FloatArray, otherwise: FloatArray, weights: FloatArray, sets: IntArray
) -> FloatArray:
    """Sum what all flows cost with each set, float (sets,); infinite where one has no way."""
    return np.concatenate([costs @ weights for costs in _costs(by_place, otherwise, sets)])


def first_of_best(values: FloatArray, costs: FloatArray | None = None) -> int:
    """Give the first of the least values; of equal ones, where costs are given, the cheapest."""
    least = float(values.min())
    best = values <= least + SAME * abs(least)
    if costs is not None and np.isfinite(costs[best]).any():
        return first_of_best(np.where(best, costs, np.inf))
    return int(np.argmax(best))


def _costs(by_place: FloatArray, otherwise: FloatArray, sets: IntArray) -> Iterator[FloatArray]:
    """Give what each flow costs with each set, a block of sets at a time; infinite is no way."""
    ways, now = (np.nan_to_num(one, nan=np.inf) for one in (by_place, otherwise))
    for part in _parts(sets, len(now)):
        yield np.minimum(ways[part].min(axis=1), now)


def _parts(sets: IntArray, flows: int) -> Iterator[IntArray]:
    step = max(1, _AT_ONCE // max(1, sets.shape[1] * flows))
    return (sets[k : k + step] for k in range(0, len(sets), step))
