"""
Who goes by rail: the cheapest way, or shares by logit, and trains that run only when they fill.

A railhead that cannot fill its least service to a gateway has no train there, and its boxes choose
again. Which railheads run together is found over all their combinations, so the answer does not
depend on the order in which they are tried: one more railhead never raises the cost, and closing
one never lowers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, FloatArray

Choice = Literal["least", "logit"]

MOST_RAILHEADS = 14
"""Railheads whose combinations are still tried out, 16,384 of them."""


@dataclass(frozen=True)
class Chosen:
    """How freight spreads over the ways to one gateway."""

    served: BoolArray
    """Railheads with trains, (railheads,)."""
    shares: FloatArray
    """Of each flow (row) by road and by each railhead (columns); NaN where there is no way."""
    each: FloatArray
    """Generalised cost of a TEU of each flow, THB; NaN where there is no way."""
    unreached: float
    """TEU without any way."""
    cost: float
    """Generalised cost of the rest, THB a year."""


def shares_of(cost: FloatArray, *, choice: Choice, scale: float) -> FloatArray:
    """
    Share flows out among ways by their cost.

    Parameters
    ----------
    cost : float array (flows, ways), THB per TEU
        NaN where a way does not exist.
    choice : {"least", "logit"}
        All by the cheapest way (the first of equals), or by logit.
    scale : float
        For logit, per THB per TEU.

    Returns
    -------
    float64 array (flows, ways)
        Each row sums to 1; NaN where no way exists.

    Examples
    --------
    >>> shares_of(np.array([[900.0, 800.0, np.nan]]), choice="least", scale=0.0)
    array([[0., 1., 0.]])
    """
    none = np.isnan(cost).all(axis=1)
    filled = np.where(np.isnan(cost), np.inf, cost)
    least = np.where(none, 0.0, filled.min(axis=1, initial=np.inf))[:, None]
    if choice == "least":
        shares = np.zeros(cost.shape)
        shares[np.arange(len(cost)), filled.argmin(axis=1)] = 1.0
    else:
        weight = np.exp(-scale * (filled - least))
        shares = weight / np.where(none, 1.0, weight.sum(axis=1))[:, None]
    shares[none] = np.nan
    return shares


def generalised(cost: FloatArray, *, choice: Choice, scale: float) -> FloatArray:
    """
    Give what a TEU costs when its sender chooses, float64 (flows,), THB; see `shares_of`.

    The least cost; for logit its logsum, which is lower than any mean since a choice is worth
    something. NaN where no way exists.
    """
    none = np.isnan(cost).all(axis=1)
    filled = np.where(np.isnan(cost), np.inf, cost)
    least = np.where(none, 0.0, filled.min(axis=1, initial=np.inf))
    if choice == "logit":
        summed = np.exp(-scale * (filled - least[:, None])).sum(axis=1)
        least -= np.log(np.where(none, 1.0, summed)) / scale
    return np.where(none, np.nan, least)


def choose(
    cost: FloatArray,
    teu_out: FloatArray,
    teu_in: FloatArray,
    *,
    least_teu: float,
    other_teu: FloatArray,
    choice: Choice,
    scale: float,
) -> Chosen:
    """
    Find which railheads run trains to a gateway, and who uses them.

    Parameters
    ----------
    cost : float array (flows, 1 + railheads), THB per TEU
        By road first; NaN where a way does not exist.
    teu_out, teu_in : float array (flows,)
        TEU a year to and from the gateway; NaN is unknown and weighs nothing.
    least_teu : float
        TEU a year in the fuller direction that keep the least service going; 0 for none.
    other_teu : float array (railheads,)
        Other freight in their trains.
    choice : {"least", "logit"}
        As for `shares_of`.
    scale : float
        As for `shares_of`.

    Returns
    -------
    Chosen
        Of all combinations in which every railhead fills its trains, the one with the fewest TEU
        without a way, then of least cost, then with the fewest railheads.
    """
    if choice == "logit" and not scale > 0:
        raise RunError(Fault("logit_scale", found=f"{scale:g}"))
    usable = np.flatnonzero(~np.isnan(cost[:, 1:]).all(axis=0))
    if len(usable) > MOST_RAILHEADS:
        raise RunError(
            Fault("too_many_railheads", found=str(len(usable)), expected=str(MOST_RAILHEADS))
        )
    known = [np.nan_to_num(teu)[:, None] for teu in (teu_out, teu_in)]
    weight = np.nan_to_num(teu_out) + np.nan_to_num(teu_in)
    best: Chosen | None = None

    def fill(found: Chosen) -> BoolArray:
        by_rail = np.where(np.isnan(found.shares[:, 1:]), 0.0, found.shares[:, 1:])
        out, back = ((by_rail * teu).sum(axis=0) for teu in known)
        return np.asarray(np.maximum(out, back) + other_teu >= least_teu)

    n = cost.shape[1] - 1
    if least_teu > 0:
        # Rivals only take from a railhead: one that cannot fill its trains alone never does.
        alone = {one: _outcome(cost, weight, np.arange(n) == one, choice, scale) for one in usable}
        usable = np.array([one for one, found in alone.items() if fill(found)[one]], dtype=int)
    for served in _combinations(usable, n, every=least_teu > 0):
        found = _outcome(cost, weight, served, choice, scale)
        if not fill(found)[served].all():
            continue
        if best is None or _better(found, best):
            best = found
    assert best is not None
    return best


def _combinations(usable: np.ndarray, n: int, *, every: bool) -> list[BoolArray]:
    """List sets of railheads, smaller ones first; only the whole one if all may always run."""
    numbers = sorted(range(1 << len(usable)), key=lambda k: (k.bit_count(), k))
    chosen = numbers if every else numbers[-1:]
    sets = []
    for number in chosen:
        served = np.zeros(n, dtype=bool)
        served[[railhead for bit, railhead in enumerate(usable) if number >> bit & 1]] = True
        sets.append(served)
    return sets


def _outcome(
    cost: FloatArray, weight: FloatArray, served: BoolArray, choice: Choice, scale: float
) -> Chosen:
    open_ways = np.where(np.concatenate([[True], served]), cost, np.nan)
    each = generalised(open_ways, choice=choice, scale=scale)
    return Chosen(
        served,
        shares_of(open_ways, choice=choice, scale=scale),
        each,
        float(weight[np.isnan(each)].sum()),
        float(np.nansum(each * weight)),
    )


def _better(one: Chosen, other: Chosen) -> bool:
    return (one.unreached, one.cost) < (other.unreached, other.cost)
