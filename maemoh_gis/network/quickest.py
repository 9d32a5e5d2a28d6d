"""
The quickest way from the roads to points of the land.

A point is reached from whichever place on a road makes road and land together least, not from the
nearest: a slow track beside it may be farther in minutes than a fast road a kilometre off. Roads
are cut into straight *ramps* along which minutes grow evenly, and the best place on a ramp for a
point is found by formula, so the answer is exact and does not depend on how roads are drawn. Ramps
that cannot be best anywhere in a square of the land are passed over; which those are changes no bit
of the answer.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import FloatArray, IntArray

NO_RAMP = -1
# Squares of the land, each of whole squares of the next, m. The widest save a province most of the
# work where points lie far apart.
_SQUARES_M = (64_000.0, 16_000.0, 4_000.0, 2_000.0, 500.0, 250.0)
_LEVELS = len(_SQUARES_M)
_SPARE = 1e-9


@kernel()
def _by_ramp(ramp: FloatArray, x: float, y: float, slow: float, most_m: float) -> float:
    """
    Give the least minutes over one ramp to a point, infinite where the ramp is too far.

    Minutes over the place `s` metres along it are `a + rate * s + slow * hypot(off, s - foot)`, the
    point lying `off` metres beside the ramp. That has one least place, which the ends of the ramp
    and the reach over land may cut off.
    """
    x1, y1, x2, y2, a, b = ramp
    dx, dy = x2 - x1, y2 - y1
    length = math.sqrt(dx * dx + dy * dy)
    ux, uy = dx / length, dy / length
    px, py = x - x1, y - y1
    foot = px * ux + py * uy
    off = abs(py * ux - px * uy)
    if off > most_m:
        return math.inf
    reach = math.sqrt(most_m * most_m - off * off)
    low, high = max(0.0, foot - reach), min(length, foot + reach)
    if low > high:
        return math.inf
    rate = (b - a) / length
    if abs(rate) < slow:
        s = foot - off * rate / math.sqrt(slow * slow - rate * rate)
        s = min(max(s, low), high)
    else:
        s = low if rate > 0 else high
    along = s - foot
    return float(a + rate * s + slow * math.sqrt(off * off + along * along))


@kernel()
def _in_question(
    ramps: FloatArray, among: IntArray, x: float, y: float, half_m: float, slow: float,
    most_m: float,
) -> IntArray:  # fmt: skip
    """
    List the ramps that may be best for a point of a square around its middle.

    Within `half_m` of the middle the minutes over a ramp differ from those at the middle by at most
    what the land between takes.
    """
    spread = slow * half_m
    least = math.inf
    at_best = np.empty(among.shape[0])
    for k in range(among.shape[0]):
        ramp = ramps[among[k]]
        at_best[k] = _by_ramp(ramp, x, y, slow, most_m + half_m)
        if at_best[k] <= least and most_m > half_m:
            least = min(least, _by_ramp(ramp, x, y, slow, most_m - half_m))
    limit = least + 2.0 * spread
    limit += _SPARE * (1.0 + abs(limit)) if math.isfinite(limit) else 0.0
    kept = np.empty(among.shape[0], dtype=np.int64)
    n = 0
    for k in range(among.shape[0]):
        if at_best[k] <= limit and at_best[k] < math.inf:
            kept[n] = among[k]
            n += 1
    return kept[:n].copy()


@kernel()
def _search(
    ramps: FloatArray, x: FloatArray, y: FloatArray, order: IntArray, slow: float, most_m: float,
    minutes: FloatArray, best: IntArray,
) -> None:  # fmt: skip
    """Fill in the least minutes and the ramp of each point; points come square by square."""
    every = np.arange(ramps.shape[0])
    within = [every] * (_LEVELS + 1)
    square = np.full((_LEVELS, 2), math.nan)
    for k in range(order.shape[0]):
        point = order[k]
        px, py = x[point], y[point]
        changed = False
        for level in range(_LEVELS):
            size = _SQUARES_M[level]
            sx, sy = math.floor(px / size), math.floor(py / size)
            if changed or square[level, 0] != sx or square[level, 1] != sy:
                changed = True
                square[level, 0], square[level, 1] = sx, sy
                half_m = size * math.sqrt(0.5) + 1e-6
                within[level + 1] = _in_question(
                    ramps, within[level], (sx + 0.5) * size, (sy + 0.5) * size, half_m, slow, most_m
                )
        among = within[_LEVELS]
        for c in range(among.shape[0]):
            found = _by_ramp(ramps[among[c]], px, py, slow, most_m)
            if found < minutes[point]:
                minutes[point] = found
                best[point] = among[c]


def in_squares(x: FloatArray, y: FloatArray) -> IntArray:
    """Order points square by square, so that ramps are chosen once a square."""
    key = np.zeros(len(x), dtype=np.int64)
    inside = [int(wide / narrow) for wide, narrow in itertools.pairwise(_SQUARES_M)]
    counts = (1 << 17, *inside)
    for size, count in zip(_SQUARES_M, counts, strict=True):
        for values in (y, x):
            number = np.floor(values / size).astype(np.int64)
            key = key * count + number % count
    return np.argsort(key, kind="stable")


def quickest(
    ramps: FloatArray,
    x: FloatArray,
    y: FloatArray,
    *,
    minutes_a_metre: float,
    most_m: float,
    order: IntArray | None = None,
) -> tuple[FloatArray, IntArray]:
    """
    Find the least minutes over any place on any ramp and straight from there.

    Parameters
    ----------
    ramps : float64 array (m, 6)
        Ends x1, y1, x2, y2 of each, in metres, and the minutes at them, between which minutes grow
        evenly; none is shorter than a hair.
    x, y : float64 array (n,)
        Points, m.
    minutes_a_metre : float
        What a metre over land takes.
    most_m : float
        Farthest one goes over land, m.
    order : int64 array (n,), optional
        Of `in_squares`, where it is known.

    Returns
    -------
    minutes : float64 array (n,)
        NaN where no ramp is near enough.
    ramp : int64 array (n,)
        Position of the ramp; the first of several as quick, and -1 for none.
    """
    minutes = np.full(len(x), np.inf)
    best: IntArray = np.full(len(x), NO_RAMP, dtype=np.int64)
    if len(ramps) and len(x):
        order = in_squares(x, y) if order is None else order
        _search(np.ascontiguousarray(ramps), x, y, order, minutes_a_metre, most_m, minutes, best)
    minutes[best == NO_RAMP] = np.nan
    return minutes, best
