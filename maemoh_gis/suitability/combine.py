"""
Combining criteria into one score, with what is not known kept beside it.

The score is the weighted mean over what could be scored. What could not counts as anything between
0 and 1 and widens the interval; where a partial fact already settles a bound, the score is held
inside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from maemoh_gis._types import FloatArray


@dataclass(frozen=True)
class CriterionScore:
    """What one criterion says at every cell."""

    value: FloatArray | None
    """Score, float32 (rows, cols); NaN where the criterion cannot be scored. None: nowhere
    scored."""
    low: FloatArray | None = None
    """Least score the facts allow; the value itself, or 0 where it is NaN, if not given."""
    high: FloatArray | None = None
    """Greatest score the facts allow; the value itself, or 1 where it is NaN, if not given."""


@dataclass(frozen=True)
class Score:
    """A combined score, float32 arrays (rows, cols)."""

    value: FloatArray
    """Weighted mean over what is scored; NaN where nothing is."""
    low: FloatArray
    """Least weighted mean over everything."""
    high: FloatArray
    """Greatest weighted mean over everything."""
    scored_share: FloatArray
    """Share of the weight that is scored."""


def weighted_mean(
    criteria: Iterable[tuple[float, CriterionScore]], shape: tuple[int, int]
) -> Score:
    """
    Combine criteria by the weighted mean over what is scored.

    Parameters
    ----------
    criteria : iterable of (weight, CriterionScore)
        Weights not negative; they are divided by their sum.
    shape : tuple of int
        Rows, cols.

    Returns
    -------
    Score
        `low <= value <= high` wherever anything is scored. Sums run in the order given, in float64.
    """
    pairs = list(criteria)
    total = sum(weight for weight, _ in pairs)
    sums = np.zeros(shape)
    scored = np.zeros(shape)
    low, high = np.zeros(shape), np.zeros(shape)
    for weight, criterion in pairs:
        share = weight / total
        if criterion.value is None:
            known = np.zeros(shape, dtype=bool)
        else:
            known = ~np.isnan(criterion.value)
            np.add(sums, share * np.where(known, criterion.value, 0.0), out=sums)
            np.add(scored, share, out=scored, where=known)
        low += share * _or_else(criterion.low, criterion.value, 0.0, shape)
        high += share * _or_else(criterion.high, criterion.value, 1.0, shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(scored > 0, sums / scored, np.nan)
    return Score(
        np.clip(mean, low, high).astype(np.float32),
        low.astype(np.float32),
        high.astype(np.float32),
        scored.astype(np.float32),
    )


def _or_else(
    bound: FloatArray | None, value: FloatArray | None, otherwise: float, shape: tuple[int, int]
) -> FloatArray:
    """Take the bound that is given, else the value where it is scored, else the widest bound."""
    given = bound if bound is not None else value
    if given is None:
        return np.full(shape, otherwise)
    return np.where(np.isnan(given), otherwise, given)
