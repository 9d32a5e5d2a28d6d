"""
Value functions: from a measure to a score between 0 (bad) and 1 (good), by fixed points.

Points are fixed, never stretched to the data's own range: a score must not change because the
window did. A measure that is known only as an interval gives an interval of scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from maemoh_gis.core.types import FloatArray, IntArray

Points = Sequence[tuple[float, float]]


class Shape(Protocol):
    """A value function on numbers."""

    @property
    def last(self) -> float:
        """The greatest measure at which the score still changes."""

    def score(self, measure: FloatArray) -> FloatArray:
        """Score a float array of any shape as float32; NaN where the measure is NaN."""

    def interval(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give the least and the greatest score between two measures, `low <= high`."""


@dataclass(frozen=True)
class Piecewise:
    """
    Straight lines between points, constant beyond them.

    Examples
    --------
    >>> Piecewise(((1000, 1.0), (2000, 0.0))).score(np.array([0.0, 1500.0, 9000.0]))
    array([1. , 0.5, 0. ], dtype=float32)
    """

    points: Points
    """Pairs of measure and score, measures rising."""

    @property
    def last(self) -> float:
        """The last point."""
        return float(self.points[-1][0])

    def score(self, measure: FloatArray) -> FloatArray:
        """Score measures; see `Shape`."""
        at, scores = np.array(self.points, dtype=np.float64).T
        result = np.interp(measure, at, scores).astype(np.float32)
        result[np.isnan(measure)] = np.nan
        return np.asarray(result)

    def interval(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bound scores; exact for functions that rise and fall, a point inside counts."""
        least, greatest = _between(self.score(low), self.score(high))
        for at, score in self.points[1:-1]:
            inside = (low < at) & (at < high)
            least[inside] = np.minimum(least[inside], np.float32(score))
            greatest[inside] = np.maximum(greatest[inside], np.float32(score))
        return least, greatest


@dataclass(frozen=True)
class Sigmoid:
    """
    An S-shaped passage from 0 to 1: sin^2 of a quarter turn, level at both ends.

    References
    ----------
    The sigmoidal membership function of Eastman 1999, "Multi-criteria evaluation and GIS".

    Examples
    --------
    >>> Sigmoid(zero=2000, one=1000).score(np.array([900.0, 1500.0, 3000.0]))
    array([1. , 0.5, 0. ], dtype=float32)
    """

    zero: float
    """Measure that scores 0."""
    one: float
    """Measure that scores 1."""

    @property
    def last(self) -> float:
        """The farther end."""
        return max(self.zero, self.one)

    def score(self, measure: FloatArray) -> FloatArray:
        """Score measures; see `Shape`."""
        first, last = min(self.zero, self.one), max(self.zero, self.one)
        way = (np.clip(measure, first, last) - self.zero) / (self.one - self.zero)
        return np.asarray(np.sin(way * (np.pi / 2)) ** 2).astype(np.float32)

    def interval(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bound scores by those of the ends, because the function only rises or only falls."""
        return _between(self.score(low), self.score(high))


# exp(-4.5^2 / 2) is 4e-5: beyond this many spreads a bell is taken as level.
_BELL_REACH = 4.5


@dataclass(frozen=True)
class Gaussian:
    """
    A bell: best in the middle.

    Examples
    --------
    >>> Gaussian(best=5, spread=2).score(np.array([5.0, 7.0]))
    array([1.        , 0.60653067], dtype=float32)
    """

    best: float
    """Measure that scores 1."""
    spread: float
    """Distance from it at which the score has fallen to exp(-1/2)."""

    @property
    def last(self) -> float:
        """Where the far side is level."""
        return self.best + _BELL_REACH * self.spread

    def score(self, measure: FloatArray) -> FloatArray:
        """Score measures; see `Shape`."""
        away = (np.asarray(measure, dtype=np.float64) - self.best) / self.spread
        return np.asarray(np.exp(-0.5 * away**2)).astype(np.float32)

    def interval(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bound scores; the best counts where it lies between."""
        least, greatest = _between(self.score(low), self.score(high))
        greatest[(low < self.best) & (self.best < high)] = 1.0
        return least, greatest


def _between(one: FloatArray, other: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.minimum(one, other), np.maximum(one, other)


def score_by_class(codes: IntArray, scores: Mapping[int, float]) -> FloatArray:
    """
    Score a categorical raster by its classes, float32 in its shape.

    NaN where a code (0 to 255) has no score, such as the code for no data.
    """
    table = np.full(256, np.nan, dtype=np.float32)
    for code, score in scores.items():
        table[code] = score
    return np.asarray(table[codes])
