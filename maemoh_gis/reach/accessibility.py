"""
How much can be reached: gravity, cumulative opportunities, two-step floating catchments.

All work on a table of costs from places (rows) to opportunities (columns), as `least_costs` gives
it. What cannot be reached is NaN there and never counts as far. A place that reaches nothing at all
has no figure: the network says nothing about it, and a local road may well exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

# An opportunity at the doorstep is not infinitely attractive. ASSUMPTION, in minutes.
LEAST_COST = 1.0


@dataclass(frozen=True)
class Accessibility:
    """How much each place reaches."""

    values: FloatArray
    """One figure a place, float64 (places,); NaN where nothing can be reached, or the figure has
    no meaning."""
    counted: IntArray
    """How many opportunities stand in each figure, (places,)."""
    without_way: IntArray
    """How many opportunities each place has no way to, (places,)."""

    @property
    def unreachable(self) -> int:
        """Number of pairs without a way."""
        return int(self.without_way.sum())


def gravity(
    cost: FloatArray,
    amounts: FloatArray,
    *,
    decay: Literal["power", "exponential"] = "power",
    rate: float = 1.0,
    least: float = LEAST_COST,
) -> Accessibility:
    """
    Sum opportunities, each the less the more it costs to reach.

    Parameters
    ----------
    cost : float array (places, opportunities)
        Cost of each way, 0 or more, such as minutes; NaN is unreachable.
    amounts : float array (opportunities,)
        What each offers, such as tonnes a year or jobs; not negative.
    decay : {"power", "exponential"}
        An amount counts `cost ** -rate`, or `exp(-rate * cost)`.
    rate : float
        Above 0; with `exponential`, by one unit of cost.
    least : float
        With `power`, less cost than this counts as this; above 0.

    References
    ----------
    W. G. Hansen: How Accessibility Shapes Land Use (1959), Journal of the American Institute of
    Planners 25, 73-76.

    Examples
    --------
    >>> gravity(np.array([[10.0, 20.0]]), np.array([100.0, 100.0])).values
    array([15.])
    """
    _above_zero(rate=rate, least=least)
    cost, amounts = _checked(cost, amounts, "amounts")
    share = np.maximum(cost, least) ** -rate if decay == "power" else np.exp(-rate * cost)
    return _figures(cost, ~np.isnan(cost), share * amounts)


def cumulative(cost: FloatArray, amounts: FloatArray, within: float) -> Accessibility:
    """
    Sum the opportunities within reach: the amounts (opportunities,) that cost at most so much.

    The cost (places, opportunities) is 0 or more, NaN unreachable. Ones count opportunities.

    Examples
    --------
    >>> cumulative(np.array([[10.0, 40.0, np.nan]]), np.array([5.0, 7.0, 9.0]), 30.0).values
    array([5.])
    """
    _above_zero(within=within)
    cost, amounts = _checked(cost, amounts, "amounts")
    return _figures(cost, cost <= within, np.broadcast_to(amounts, cost.shape))


def supply_ratios(
    cost: FloatArray, supply: FloatArray, demand: FloatArray, within: float
) -> FloatArray:
    """
    Take the first step of two: divide each supply by the demand within reach of it.

    The cost (places, supplies), from those who ask, is 0 or more, NaN unreachable. Supply a head,
    float64 (supplies,); NaN where nobody who asks can reach it.
    """
    _above_zero(within=within)
    cost, supply = _checked(cost, supply, "supply")
    demand = _amounts(demand, "demand", cost.shape[0])
    asked = np.where(cost <= within, demand[:, None], 0.0).sum(axis=0)
    ratios = np.full(len(supply), np.nan)
    np.divide(supply, asked, out=ratios, where=asked > 0)
    return ratios


def reached_ratios(cost: FloatArray, ratios: FloatArray, within: float) -> Accessibility:
    """
    Take the second step of two: add up the ratios of the supplies within reach.

    The places of the cost (places, supplies), NaN unreachable, need not be those who ask. A ratio
    of NaN makes the sum NaN wherever it is within reach.
    """
    return _figures(cost, cost <= within, np.broadcast_to(ratios, cost.shape))


def _figures(cost: FloatArray, counted: BoolArray, parts: FloatArray) -> Accessibility:
    """Sum the parts that count by place."""
    no_way = np.isnan(cost)
    values = np.where(counted, parts, 0.0).sum(axis=1)
    values[no_way.all(axis=1)] = np.nan
    return Accessibility(values, counted.sum(axis=1), no_way.sum(axis=1))


def _checked(cost: FloatArray, amounts: FloatArray, key: str) -> tuple[FloatArray, FloatArray]:
    cost = np.asarray(cost, dtype=np.float64)
    if cost.ndim != 2 or 0 in cost.shape:
        raise RunError(Fault("costs_not_a_table", key="cost", found=str(cost.shape),
                             expected="(places, opportunities)"))  # fmt: skip
    if wrong := int(((cost < 0) | np.isinf(cost)).sum()):
        raise RunError(Fault("costs_not_costs", key="cost", found=str(wrong)))
    return cost, _amounts(amounts, key, cost.shape[1])


def _amounts(amounts: FloatArray, key: str, count: int) -> FloatArray:
    amounts = np.asarray(amounts, dtype=np.float64)
    if amounts.shape != (count,):
        raise RunError(
            Fault("amounts_do_not_fit", key=key, found=str(amounts.shape), expected=str(count))
        )
    if wrong := int((~(amounts >= 0) | np.isinf(amounts)).sum()):
        raise RunError(Fault("amounts_not_amounts", key=key, found=str(wrong)))
    return amounts


def _above_zero(**numbers: float) -> None:
    """Refuse numbers that are not above 0 and finite."""
    faults = [
        Fault("not_above_zero", key=key, found=f"{number:g}")
        for key, number in numbers.items()
        if not 0 < number < np.inf
    ]
    if faults:
        raise RunError(faults)
