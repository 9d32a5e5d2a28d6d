"""
Ways to combine criteria at every cell, each with what is not known kept beside the score.

All four rise with every part, so a score known only as an interval is combined at both its ends.
The value is combined over what is scored and held inside the interval. Raster methods that rank
cells against one another (TOPSIS and its kind) are not here: they belong to the short list of
sites, because a score must not change when the window does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.errors import FormatError, GridError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray
from maemoh_gis.mcda.combine import CriterionScore, Score
from maemoh_gis.mcda.order_weights import Quantifier
from maemoh_gis.mcda.weights import weights_from_points

Weighted = Iterable[tuple[float, CriterionScore]]
"""Weights, none below 0, on any scale, each with the scores (0 to 1) of its criterion."""

_SUM: Final = 0
_PRODUCT: Final = 1
_ORDERED: Final = 2
_GAMMA: Final = 3
_STRIP_CELLS = 1 << 16
"""Cells worked on at once: the three stacks of a strip stay in the processor's cache."""
_BLOCK: Final = 2_048
"""Cells whose sums grow together."""


def weighted_sum(criteria: Weighted, shape: tuple[int, int]) -> Score:
    """
    Combine criteria by the weighted arithmetic mean: a good part makes up for a bad one.

    Weights, none below 0, are divided by their sum.
    """
    return _combine(criteria, shape, _SUM, 0.0, ())


def weighted_product(criteria: Weighted, shape: tuple[int, int]) -> Score:
    """
    Combine criteria by the weighted geometric mean: a part of 0 makes the whole 0.

    Weights, none below 0, are divided by their sum. A weight of 0 leaves a criterion out, even
    where it scores 0.

    References
    ----------
    Weighted product: Bridgman 1922, Dimensional Analysis; Triantaphyllou 2000, Multi-Criteria
    Decision Making Methods: A Comparative Study, Kluwer, chapter 2.
    """
    return _combine(criteria, shape, _PRODUCT, 0.0, ())


def ordered_weighted_average(
    criteria: Weighted, shape: tuple[int, int], quantifier: Quantifier
) -> Score:
    """
    Combine criteria by weight and by how well each scores at the place itself.

    Weights, none below 0, are divided by their sum; the quantifier is the attitude to risk.

    References
    ----------
    OWA: Yager 1988, IEEE Transactions on Systems, Man, and Cybernetics 18(1), 183-190; with
    importance: Yager 1996, International Journal of Intelligent Systems 11, 49-73, and Torra 1997,
    the same 12, 153-166.
    """
    return _combine(criteria, shape, _ORDERED, quantifier.exponent, quantifier.steps)


def fuzzy_gamma(criteria: Weighted, shape: tuple[int, int], gamma: float) -> Score:
    """
    Combine criteria between the fuzzy product and the fuzzy sum.

    Of weights, none below 0, only the proportions count; equal ones give the plain operator.
    `gamma` goes from 0 (algebraic product: parts weaken one another) to 1 (algebraic sum: they
    support one another).

    References
    ----------
    Zimmermann and Zysno 1980, Fuzzy Sets and Systems 4, 37-51, with weights brought to a sum of
    their number; on maps: Bonham-Carter 1994, Geographic Information Systems for Geoscientists,
    Pergamon, chapter 9.
    """
    if not 0 <= gamma <= 1:
        raise FormatError(Fault("wrong_value", key="gamma", found=f"{gamma:g}", expected="0–1"))
    return _combine(criteria, shape, _GAMMA, gamma, ())


def _combine(
    criteria: Weighted,
    shape: tuple[int, int],
    method: int,
    parameter: float,
    steps: tuple[float, ...],
) -> Score:
    """Run the cells through in strips of whole rows, so that memory does not grow with the area."""
    pairs = list(criteria)
    shares = weights_from_points(
        {f"criteria.{place}": weight for place, (weight, _) in enumerate(pairs, start=1)}
    )
    # A criterion of no weight says nothing, not even that something is unknown.
    counted = [
        (share, part) for share, (_, part) in zip(shares.values(), pairs, strict=True) if share > 0
    ]
    for _, part in counted:
        _check_shape(part, shape)
    weights = np.array([share for share, _ in counted])
    quantiles = np.array(steps, dtype=np.float64)
    rows, cols = shape
    deep = max(1, _STRIP_CELLS // max(cols, 1))
    score = Score(*(np.empty(shape, dtype=np.float32) for _ in range(4)))
    stack = np.empty((3, len(counted), deep * cols), dtype=np.float32)
    for top in range(0, rows, deep):
        strip = slice(top, min(top + deep, rows))
        cells = (strip.stop - top) * cols
        for k, (_, part) in enumerate(counted):
            _fill(stack[:, k, :cells], part, strip)
        found = (
            score.value[strip].reshape(-1), score.low[strip].reshape(-1),
            score.high[strip].reshape(-1), score.scored_share[strip].reshape(-1),
        )  # fmt: skip
        if method == _SUM:
            _sums(weights, stack, *found)
        else:
            _cells(method, parameter, quantiles, weights, stack, *found)
    return score


def _check_shape(part: CriterionScore, shape: tuple[int, int]) -> None:
    for array in (part.value, part.low, part.high):
        if array is not None and array.shape != shape:
            raise GridError(Fault("wrong_shape", found=str(array.shape), expected=str(shape)))


def _fill(stack: FloatArray, part: CriterionScore, strip: slice) -> None:
    """Lay value, low and high of one criterion into a strip (3, cells)."""
    value = np.nan if part.value is None else part.value[strip].reshape(-1)
    stack[0] = value
    for place, bound, otherwise in ((1, part.low, 0.0), (2, part.high, 1.0)):
        stack[place] = value if bound is None else bound[strip].reshape(-1)
        stack[place][np.isnan(stack[place])] = otherwise


@kernel()
def _cells(
    method: int,
    parameter: float,
    steps: FloatArray,
    shares: FloatArray,
    stack: FloatArray,
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
    scored_share: FloatArray,
) -> None:
    """Combine a stack (3, criteria, cells or more) of value, low, high into arrays (cells,)."""
    criteria, cells = stack.shape[1], value.shape[0]
    parts, weights = np.empty(criteria), np.empty(criteria)
    for cell in range(cells):
        known, scored, exact = 0, 0.0, True
        for k in range(criteria):
            part = stack[0, k, cell]
            if not np.isnan(part):
                parts[known], weights[known] = part, shares[k]
                known += 1
                scored += shares[k]
            # A value that is not a number is equal to nothing, so it is never exact.
            if stack[1, k, cell] != part or stack[2, k, cell] != part:
                exact = False
        middle = np.nan
        if known > 0:
            middle = _one(method, parameter, steps, parts, weights, known)
        least, greatest = middle, middle
        if not exact:
            for k in range(criteria):
                parts[k], weights[k] = stack[1, k, cell], shares[k]
            least = _one(method, parameter, steps, parts, weights, criteria)
            for k in range(criteria):
                parts[k], weights[k] = stack[2, k, cell], shares[k]
            greatest = _one(method, parameter, steps, parts, weights, criteria)
            if known > 0:
                middle = min(max(middle, least), greatest)
        value[cell], low[cell], high[cell] = middle, least, greatest
        scored_share[cell] = 1.0 if known == criteria else scored


@kernel()
def _sums(
    shares: FloatArray,
    stack: FloatArray,
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
    scored_share: FloatArray,
) -> None:
    """
    Combine like `_cells` by weighted means.

    A block of cells takes one criterion after the other without branches, so that the processor
    works on several cells at once; most runs combine in this way and do it again for every weight.
    """
    criteria, cells = stack.shape[1], value.shape[0]
    whole = 0.0
    for k in range(criteria):
        whole += shares[k]
    middle, least, greatest = np.empty(_BLOCK), np.empty(_BLOCK), np.empty(_BLOCK)
    scored = np.empty(_BLOCK)
    known, exact = np.empty(_BLOCK, dtype=np.int64), np.empty(_BLOCK, dtype=np.int64)
    for first in range(0, cells, _BLOCK):
        size = min(_BLOCK, cells - first)
        for i in range(size):
            middle[i] = least[i] = greatest[i] = scored[i] = 0.0
            known[i], exact[i] = 0, 1
        for k in range(criteria):
            share = shares[k]
            for i in range(size):
                part = stack[0, k, first + i]
                here = 0 if np.isnan(part) else 1
                known[i] += here
                scored[i] += share if here else 0.0
                middle[i] += share * part if here else 0.0
            for i in range(size):
                part, lowest, highest = (
                    stack[0, k, first + i], stack[1, k, first + i], stack[2, k, first + i],
                )  # fmt: skip
                # A value that is not a number is equal to nothing, so it is never exact.
                exact[i] &= 1 if lowest == part and highest == part else 0
                least[i] += share * lowest
                greatest[i] += share * highest
        for i in range(size):
            at = first + i
            mean = middle[i] / scored[i] if known[i] > 0 else np.nan
            under = mean if exact[i] else least[i] / whole
            over = mean if exact[i] else greatest[i] / whole
            if known[i] > 0 and not exact[i]:
                mean = min(max(mean, under), over)
            value[at], low[at], high[at] = mean, under, over
            scored_share[at] = 1.0 if known[i] == criteria else scored[i]


@kernel()
def _one(
    method: int,
    parameter: float,
    steps: FloatArray,
    parts: FloatArray,
    weights: FloatArray,
    count: int,
) -> float:
    """Combine the first `count` parts; their weights are brought to a sum of one."""
    total = 0.0
    for k in range(count):
        total += weights[k]
    if method == _ORDERED:
        return float(_ordered(parameter, steps, parts, weights, count, total))
    if method == _PRODUCT:
        return float(np.exp(_logarithm(parts, weights, count) / total))
    # On average every part is counted once.
    times = count / total
    product = np.exp(_logarithm(parts, weights, count) * times)
    for k in range(count):
        parts[k] = 1.0 - parts[k]
    either = 1.0 - np.exp(_logarithm(parts, weights, count) * times)
    return float(product ** (1.0 - parameter) * either**parameter)


@kernel()
def _logarithm(parts: FloatArray, weights: FloatArray, count: int) -> float:
    """Give the logarithm of the weighted product, minus infinity where a part is 0."""
    result = 0.0
    for k in range(count):
        if parts[k] <= 0.0:
            return -np.inf
        result += weights[k] * np.log(parts[k])
    return float(result)


@kernel()
def _ordered(
    exponent: float,
    steps: FloatArray,
    parts: FloatArray,
    weights: FloatArray,
    count: int,
    total: float,
) -> float:
    """Sort the parts in place, best first, and weigh each by the rise of the quantifier."""
    for k in range(1, count):
        part, weight, at = parts[k], weights[k], k
        while at > 0 and parts[at - 1] < part:
            parts[at], weights[at] = parts[at - 1], weights[at - 1]
            at -= 1
        parts[at], weights[at] = part, weight
    last = len(steps) - 1
    if last < 0 and np.isinf(exponent):
        return float(parts[count - 1])
    result, running, before = 0.0, 0.0, 0.0
    for k in range(count):
        running += weights[k] / total
        reached = 1.0
        # The last one closes the sum at exactly one, whatever was rounded on the way.
        if k < count - 1:
            if last < 0:
                reached = min(running, 1.0) ** exponent
            else:
                step = min(int(running * last), last - 1)
                within = min(running * last - step, 1.0)
                reached = steps[step] + within * (steps[step + 1] - steps[step])
        result += (reached - before) * parts[k]
        before = reached
    return float(result)
