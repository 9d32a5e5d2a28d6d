"""
Which of several places is preferred, who comes second, and what would swap them.

Places are compared by a few indicators, each turned into a score by fixed points. An indicator may
be known only as a range, or not at all: a place then counts with the least score its facts allow,
so that nobody wins by what is not known about him. Something else may stand in for an indicator
that is not known; it counts no more than what is known allows, and leaves the range as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.network.pareto import Front, pareto_front
from maemoh_gis.suitability.score_change import (
    CriterionChange,
    CriterionReading,
    ValueShape,
    changes_to_reach,
)

# Two scores nearer than this are one score: value functions give seven digits.
_SAME = 1e-6


@dataclass(frozen=True)
class Indicator:
    """One thing places are compared by."""

    id: str
    shape: ValueShape
    """From the indicator to a score; rises or falls throughout."""
    weight: float
    """Share of the weight, above 0; all shares sum to one."""
    less_is_better: bool
    stand_in: ValueShape | None = None
    """From what stands in for it, where it is not known, to a score."""


@dataclass(frozen=True)
class Known:
    """What is known of each place, arrays (places, indicators), each in its own unit."""

    low: FloatArray
    """Least the facts allow; NaN where nothing is known."""
    central: FloatArray
    """What is thought most likely; NaN where nothing is known."""
    high: FloatArray
    """Greatest the facts allow; NaN where nothing is known."""
    stand_in: FloatArray | None = None
    """What stands in where `central` is NaN, in its own unit; NaN where nothing does."""


@dataclass(frozen=True)
class WeightSwap:
    """A weight at which the second place draws level with the first."""

    indicator: str
    share_now: float
    share_needed: float
    """Share of the weight; the others keep their proportions."""


@dataclass(frozen=True)
class Choice:
    """How the places compare, arrays (places,)."""

    scores: FloatArray
    """Score with the central values; what is not known counts 0."""
    least: FloatArray
    """Least score the facts allow."""
    greatest: FloatArray
    """Greatest score the facts allow."""
    parts: FloatArray
    """Score of each indicator at its central value, or of what stands in for it, (places,
    indicators); NaN is unknown."""
    stood_in: BoolArray
    """Whether something stands in for the indicator, (places, indicators)."""
    front: Front
    """Places that no other beats in one thing and equals in the rest."""
    order: IntArray
    """Places best first: those that may be preferred by `scores`, then the others."""
    proven: bool
    """The first place wins whatever the facts turn out to be."""
    weight_swaps: tuple[WeightSwap, ...]
    """Weights that would put the second place first, the smallest change first."""
    rises: tuple[CriterionChange, ...]
    """Single changes of the second place that would put it first, the smallest first."""
    falls: tuple[CriterionChange, ...]
    """Single changes of the first place that would put the second before it."""

    @property
    def preferred(self) -> int:
        """The place that comes first."""
        return int(self.order[0])

    @property
    def runner_up(self) -> int | None:
        """The place that comes second, if there is one."""
        return int(self.order[1]) if len(self.order) > 1 else None


def choose(known: Known, indicators: Sequence[Indicator], eligible: BoolArray) -> Choice:
    """
    Compare places and say what would swap the first two.

    Parameters
    ----------
    known : Known
        Indicators of at least one place.
    indicators : sequence of Indicator
        Columns of `known`.
    eligible : bool array (places,)
        Places that may be preferred; the others are compared and come last.

    Returns
    -------
    Choice
        Of places with equal scores one on the front comes first.
    """
    shares = np.array([indicator.weight for indicator in indicators])
    lowest, highest = _bounds(known, indicators)
    parts, stood_in = _parts(known, indicators, highest)
    scores = np.nan_to_num(parts) @ shares
    least, greatest = lowest @ shares, highest @ shares
    front = _front(known, indicators, parts, stood_in)
    order = np.lexsort((-least, ~front.on_front, -np.round(scores, 6), ~eligible))
    first, second = int(order[0]), int(order[1]) if len(order) > 1 else None
    others = eligible.copy()
    others[first] = False
    proven = bool(eligible[first] and np.all(greatest[others] < least[first] - _SAME))
    if second is None:
        return Choice(scores, least, greatest, parts, stood_in, front, order, proven, (), (), ())
    readings = [_readings(k, known, parts, stood_in, indicators) for k in (first, second)]
    return Choice(
        scores, least, greatest, parts, stood_in, front, order, proven,
        weight_swaps=_weight_swaps(np.nan_to_num(parts[[first, second]]), indicators),
        rises=changes_to_reach(readings[1], float(scores[first])).single,
        falls=changes_to_reach(readings[0], float(scores[second])).single,
    )  # fmt: skip


def _scored(values: FloatArray, indicators: Sequence[Indicator]) -> FloatArray:
    """Turn indicators into scores, float64; NaN stays NaN."""
    columns = [
        indicator.shape.score(values[:, k].copy()).astype(np.float64)
        for k, indicator in enumerate(indicators)
    ]
    return np.column_stack(columns)


def _bounds(known: Known, indicators: Sequence[Indicator]) -> tuple[FloatArray, FloatArray]:
    """Give the least and the greatest score of each indicator; one end alone may be known."""
    low, high = _scored(known.low, indicators), _scored(known.high, indicators)
    less = np.array([indicator.less_is_better for indicator in indicators])
    worst, best = np.where(less, high, low), np.where(less, low, high)
    return np.nan_to_num(worst, nan=0.0), np.nan_to_num(best, nan=1.0)


def _parts(
    known: Known, indicators: Sequence[Indicator], highest: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """Score each indicator, or what stands in for it: no better than what is known allows."""
    parts = _scored(known.central, indicators)
    stood_in = np.zeros(parts.shape, dtype=bool)
    for k, indicator in enumerate(indicators):
        if indicator.stand_in is None or known.stand_in is None:
            continue
        instead = known.stand_in[:, k]
        stood_in[:, k] = np.isnan(known.central[:, k]) & ~np.isnan(instead)
        score = indicator.stand_in.score(instead.copy()).astype(np.float64)
        parts[:, k] = np.where(stood_in[:, k], np.minimum(score, highest[:, k]), parts[:, k])
    return parts, stood_in


def _front(
    known: Known, indicators: Sequence[Indicator], parts: FloatArray, stood_in: BoolArray
) -> Front:
    """Compare places without weights; by score where one place has an indicator by a stand-in."""
    mixed: BoolArray = np.asarray(stood_in.any(axis=0))
    less = [one.less_is_better and not mixed[k] for k, one in enumerate(indicators)]
    return pareto_front(np.where(mixed, parts, known.central), less)


def _readings(
    place: int,
    known: Known,
    parts: FloatArray,
    stood_in: BoolArray,
    indicators: Sequence[Indicator],
) -> list[CriterionReading]:
    """Give what each indicator says of a place; an unknown one scores 0, as it counts."""
    found = []
    for k, indicator in enumerate(indicators):
        score, shape, measure = float(np.nan_to_num(parts[place, k])), indicator.shape, None
        if stood_in[place, k] and indicator.stand_in is not None and known.stand_in is not None:
            shape, instead = indicator.stand_in, known.stand_in[[place], k]
            # Where known people lower the score, other homes alone would not raise it.
            if abs(float(shape.score(instead.copy())[0]) - score) <= _SAME:
                measure = float(instead[0])
        elif not np.isnan(parts[place, k]):
            measure = float(known.central[place, k])
        found.append(
            CriterionReading(indicator.id, indicator.weight, score, score, score, measure, shape)
        )
    return found


def _weight_swaps(parts: FloatArray, indicators: Sequence[Indicator]) -> tuple[WeightSwap, ...]:
    """
    Find the weights at which the second place draws level.

    With share w of indicator k and the others in proportion, a place scores w p + (1 - w) r, where
    p is its part and r the mean of its other parts by weight. Two places are level where
    w (p1 - p2) = (1 - w) (r2 - r1).
    """
    swaps = []
    for k, indicator in enumerate(indicators):
        rest = [i.weight if j != k else 0.0 for j, i in enumerate(indicators)]
        if sum(rest) <= 0:
            continue
        ahead = float(parts[0, k] - parts[1, k])
        behind = float((parts[1] - parts[0]) @ np.array(rest)) / sum(rest)
        if abs(ahead + behind) <= _SAME:
            continue
        share = behind / (ahead + behind)
        # At either end one of the two sides does not count at all: no swap, only a tie.
        if _SAME < share < 1 - _SAME:
            swaps.append(WeightSwap(indicator.id, indicator.weight, share))
    return tuple(sorted(swaps, key=lambda s: abs(s.share_needed - s.share_now)))
