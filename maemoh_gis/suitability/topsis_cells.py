"""
TOPSIS over many alternatives, read as streams: for comparing with other tools, not for scores.

A closeness depends on which alternatives are compared, so it must not stand in for a score on a map
(a site's score would change with the window); the short list of sites has its own, in
`short_list`. Where somebody asks for the method over all cells, this is it, over the whole array at
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray
from maemoh_gis.compiled import kernel
from maemoh_gis.suitability.bands import in_bands

# Cells of a block: all criteria of it stay in the processor's nearest cache.
_BLOCK = 512
# Cells whose sums are taken together; fixed, so that the order of the sums never changes.
_BAND = 1 << 16


def closeness(values: FloatArray, weights: Sequence[float], falling: Sequence[bool]) -> FloatArray:
    """
    Say how close each alternative is to the best of each criterion and how far from the worst.

    Parameters
    ----------
    values : float32 array (criteria, alternatives)
        Each criterion in any unit; an alternative with a NaN is not compared.
    weights : sequence of float
        Weight of each criterion; they are divided by their sum.
    falling : sequence of bool
        True where less is better.

    Returns
    -------
    closeness : float32 array (alternatives,)
        0 (worst in everything) to 1 (best in everything); NaN where not compared.

    References
    ----------
    Hwang and Yoon 1981, Multiple Attribute Decision Making, Springer; vector normalisation.

    Examples
    --------
    >>> closeness(np.array([[1.0, 2.0, 3.0]], dtype=np.float32), [1.0], [False])
    array([0. , 0.5, 1. ], dtype=float32)
    """
    values = np.ascontiguousarray(values, dtype=np.float32)
    criteria, count = values.shape
    sums = np.zeros((-(-count // _BAND), 3, criteria))
    in_bands(lambda a, b: _measure(values, a, b, sums[a // _BAND]), count, band=_BAND)
    squares = sums[:, 0].sum(axis=0)
    low, high = sums[:, 1].min(axis=0), sums[:, 2].max(axis=0)
    shares = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    factors = shares / np.sqrt(np.where(squares > 0, squares, 1.0))
    down = np.asarray(falling, dtype=np.bool_)
    best, worst = np.where(down, low, high), np.where(down, high, low)
    found = np.empty(count, dtype=np.float32)
    in_bands(lambda a, b: _compare(values, a, b, factors, best, worst, found), count, band=_BAND)
    return found


@kernel()
def _complete(values: FloatArray, first: int, end: int, complete: BoolArray) -> Any:
    """Mark the alternatives of a block that have every criterion; return the block's length."""
    size = min(_BLOCK, end - first)
    complete[:size] = True
    for k in range(len(values)):
        for j in range(size):
            complete[j] &= values[k, first + j] == values[k, first + j]
    return size


@kernel(fastmath={"reassoc"})
def _measure(values: FloatArray, begin: int, end: int, sums: FloatArray) -> None:
    """Set `sums` (3, criteria) to sum of squares, least, greatest of `begin` to `end`."""
    complete = np.empty(_BLOCK, dtype=np.bool_)
    sums[1], sums[2] = np.inf, -np.inf
    for first in range(begin, end, _BLOCK):
        size = _complete(values, first, end, complete)
        for k in range(len(values)):
            square, low, high = 0.0, np.float32(np.inf), np.float32(-np.inf)
            for j in range(size):
                value = values[k, first + j]
                kept = complete[j]
                square += np.float64(value) * np.float64(value) if kept else 0.0
                low = value if kept and value < low else low
                high = value if kept and value > high else high
            sums[0, k] += square
            sums[1, k], sums[2, k] = min(sums[1, k], low), max(sums[2, k], high)


@kernel()
def _compare(
    values: FloatArray,
    begin: int,
    end: int,
    factors: FloatArray,
    best: FloatArray,
    worst: FloatArray,
    found: FloatArray,
) -> None:
    """Set `found` (alternatives,) to the closeness from `begin` to `end`."""
    complete = np.empty(_BLOCK, dtype=np.bool_)
    to_best = np.empty(_BLOCK)
    to_worst = np.empty(_BLOCK)
    for first in range(begin, end, _BLOCK):
        size = _complete(values, first, end, complete)
        to_best[:size], to_worst[:size] = 0.0, 0.0
        for k in range(len(values)):
            factor, top, bottom = factors[k], best[k], worst[k]
            for j in range(size):
                value = np.float64(values[k, first + j])
                up, down = (value - top) * factor, (value - bottom) * factor
                to_best[j] += up * up
                to_worst[j] += down * down
        for j in range(size):
            good, bad = np.sqrt(to_worst[j]), np.sqrt(to_best[j])
            # Where all alternatives are alike, each is as near to the best as to the worst.
            share = good / (good + bad) if good + bad > 0.0 else 0.5
            found[first + j] = share if complete[j] else np.nan
