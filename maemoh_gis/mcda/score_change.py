"""
The smallest change of a score that would alter a verdict, in numbers.

Land that scores too low is raised by one measure, found by turning its value function round; land
that is in falls out by the measure with the least room. Any way of combining criteria will do that
rises with every part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from maemoh_gis.mcda.aggregate import Weighted
from maemoh_gis.mcda.combine import CriterionScore, Score
from maemoh_gis.mcda.values import Gaussian, Piecewise, Sigmoid

_ROUNDING = 1e-9
# Rasters of scores hold seven digits.
_SCORE_ROUNDING = 1e-6
# Halvings of the span from 0 to 1, more than a double can tell apart.
_HALVINGS = 54


ValueShape = Piecewise | Sigmoid | Gaussian


@dataclass(frozen=True)
class CriterionReading:
    """What one criterion says at one place."""

    id: str
    weight: float
    score: float | None = None
    """None where it cannot be scored."""
    low: float = 0.0
    high: float = 1.0
    """What the facts allow; the score itself where nothing else is known."""
    measure: float | None = None
    shape: ValueShape | None = None
    """The value function on numbers; None for classes."""
    classes: Mapping[str, float] | None = None
    """The value function by classes."""


Combiner = Callable[[Sequence[CriterionReading]], float | None]
"""From what the criteria say at a place to its score; None where nothing is scored."""


@dataclass(frozen=True)
class CriterionChange:
    """How one criterion alone would bring the score to a target."""

    id: str
    score: float | None
    """Score of the criterion now."""
    score_needed: float
    """Score of the criterion that brings the whole to the target."""
    measure: float | None
    measure_needed: float | None
    """The nearest measure with that score; None where it is not a number, or not known now."""
    amount: float | None
    """`measure_needed` less `measure`."""
    classes: tuple[str, ...]
    """Classes that would do."""
    span_share: float | None
    """Size of the amount as a share of the span over which the score changes: what makes changes in
    different units comparable."""


@dataclass(frozen=True)
class ScoreChange:
    """What would bring the score of a place to a target."""

    score: float | None
    target: float
    single: tuple[CriterionChange, ...]
    """Criteria that can do it alone, the smallest change first."""
    together: tuple[str, ...]
    """Where none can alone: few criteria that could at their best, or at their worst where the
    score must fall, the one that helps most first; empty where one alone can, or where even all
    together cannot."""


def weighted_mean(readings: Sequence[CriterionReading]) -> float | None:
    """
    Combine criteria by the weighted mean over what is scored, held inside what the facts allow.

    None where nothing is scored.
    """
    total = sum(r.weight for r in readings)
    scored = [(r.weight, r.score) for r in readings if r.score is not None]
    known = sum(weight for weight, _ in scored)
    if known <= 0:
        return None
    mean = sum(weight * score for weight, score in scored) / known
    low = sum(r.weight * r.low for r in readings) / total
    high = sum(r.weight * r.high for r in readings) / total
    return min(max(mean, low), high)


def combiner_of(aggregate: Callable[[Weighted, tuple[int, int]], Score]) -> Combiner:
    """Make a way of combining one place out of one for rasters, as those of `aggregate`."""

    def cell(value: float | None) -> np.ndarray:
        return np.full((1, 1), np.nan if value is None else value, dtype=np.float32)

    def combine(readings: Sequence[CriterionReading]) -> float | None:
        pairs = [
            (r.weight, CriterionScore(cell(r.score), cell(r.low), cell(r.high))) for r in readings
        ]
        value = float(aggregate(pairs, (1, 1)).value[0, 0])
        return None if math.isnan(value) else value

    return combine


def changes_to_reach(
    readings: Sequence[CriterionReading], target: float, combine: Combiner = weighted_mean
) -> ScoreChange:
    """Find what would bring the score of a place to a target, up or down."""
    now = combine(readings)
    rising = now is None or now < target
    single = [
        change
        for k in range(len(readings))
        if (change := _change_of(readings, k, target, combine, rising=rising)) is not None
    ]
    single.sort(key=lambda c: (_infinite_if_none(c.span_share), _score_step(c), c.id))
    together = () if single else _fewest_together(readings, target, combine, rising=rising)
    return ScoreChange(now, target, tuple(single), together)


def measure_for_score(shape: ValueShape, measure: float, score: float) -> float | None:
    """
    Turn a value function round: the nearest measure with a score on the other side.

    At least the score if the measure scores less now, else at most it. None where no measure has
    that score; one that has it already is given back. An infinite one is beyond the last point.

    Examples
    --------
    >>> measure_for_score(Piecewise(((1000, 1.0), (2000, 0.0))), 1800.0, 0.5)
    1500.0
    """
    now = float(shape.score(np.array([measure]))[0])
    # Value functions give seven digits.
    if abs(now - score) <= _SCORE_ROUNDING:
        return measure
    found = _measures_with(shape, score, rising=now < score)
    here = min(measure, shape.last)
    return min(found, key=lambda m: (abs(m - here), m)) if found else None


def _measures_with(shape: ValueShape, score: float, *, rising: bool) -> list[float]:
    """List measures among which is the nearest that scores at least, or at most, so much."""
    if isinstance(shape, Sigmoid):
        if not 0 <= score <= 1:
            return []
        way = math.asin(math.sqrt(score)) / (math.pi / 2)
        return [shape.zero + way * (shape.one - shape.zero)]
    if isinstance(shape, Gaussian):
        # A bell never comes down to 0.
        if not 0 < score <= 1:
            return []
        away = shape.spread * math.sqrt(-2 * math.log(score))
        return [shape.best - away, shape.best + away]
    at, scores = np.array(shape.points, dtype=np.float64).T
    good = (scores >= score - _ROUNDING) if rising else (scores <= score + _ROUNDING)
    found = [float(measure) for measure in at[good]]
    for (a, b), (s, t) in zip(pairwise(at), pairwise(scores), strict=True):
        if min(s, t) < score < max(s, t):
            found.append(float(a + (score - s) / (t - s) * (b - a)))
    return found


def _span(shape: ValueShape) -> float:
    """Give the span of measures over which the score changes."""
    if isinstance(shape, Sigmoid):
        return abs(shape.one - shape.zero)
    if isinstance(shape, Gaussian):
        return 2 * (shape.last - shape.best)
    return float(shape.points[-1][0] - shape.points[0][0])


def _change_of(
    readings: Sequence[CriterionReading], k: int, target: float, combine: Combiner, *, rising: bool
) -> CriterionChange | None:
    """Find how one criterion alone reaches the target; None where it cannot."""
    reading = readings[k]
    if reading.weight <= 0:
        return None
    needed = _score_needed(readings, k, target, combine, rising=rising)
    if needed is None:
        return None
    measure_needed = amount = span_share = None
    classes: tuple[str, ...] = ()
    if reading.shape is not None:
        if reading.measure is not None and not math.isnan(reading.measure):
            measure_needed = measure_for_score(reading.shape, reading.measure, needed)
        if reading.measure is not None and measure_needed is not None:
            amount = measure_needed - reading.measure
            span_share = abs(amount) / _span(reading.shape)
    elif reading.classes is not None:
        classes = tuple(
            name
            for name, score in reading.classes.items()
            if (score >= needed - _ROUNDING if rising else score <= needed + _ROUNDING)
        )
    return CriterionChange(
        reading.id, reading.score, needed, reading.measure, measure_needed, amount, classes,
        span_share,
    )  # fmt: skip


def _score_needed(
    readings: Sequence[CriterionReading], k: int, target: float, combine: Combiner, *, rising: bool
) -> float | None:
    """Find the score of one criterion that just reaches the target, by halving the span."""

    def reaches(score: float) -> bool:
        return _reaches(combine(_with_scores(readings, {k: score})), target, rising=rising)

    # From the end that does not reach the target, if any does not, to the one that does.
    short, enough = _ends(readings[k])[:: 1 if rising else -1]
    if not reaches(enough):
        return None
    if reaches(short):
        return short
    for _ in range(_HALVINGS):
        middle = (short + enough) / 2
        if reaches(middle):
            enough = middle
        else:
            short = middle
    return enough


def _fewest_together(
    readings: Sequence[CriterionReading], target: float, combine: Combiner, *, rising: bool
) -> tuple[str, ...]:
    """Add the criterion that helps most at its best, or worst, until the target is reached."""
    best = {k: _ends(r)[1 if rising else 0] for k, r in enumerate(readings) if r.weight > 0}
    chosen: dict[int, float] = {}

    def with_also(k: int) -> float:
        score = combine(_with_scores(readings, {**chosen, k: best[k]}))
        return 0.0 if score is None else score

    while left := [k for k in best if k not in chosen]:
        sign = -1 if rising else 1
        k = min(left, key=lambda k: (sign * round(with_also(k), 9), readings[k].id))
        score = with_also(k)
        chosen[k] = best[k]
        if _reaches(score, target, rising=rising):
            return tuple(readings[k].id for k in chosen)
    return ()


def _with_scores(
    readings: Sequence[CriterionReading], scores: Mapping[int, float]
) -> list[CriterionReading]:
    """Give some criteria scores that are known exactly."""
    return [
        replace(r, score=scores[k], low=scores[k], high=scores[k]) if k in scores else r
        for k, r in enumerate(readings)
    ]


def _reaches(score: float | None, target: float, *, rising: bool) -> bool:
    if score is None:
        return False
    return score >= target - _SCORE_ROUNDING if rising else score <= target + _SCORE_ROUNDING


def _ends(reading: CriterionReading) -> tuple[float, float]:
    """Give the least and the greatest score of a criterion."""
    if isinstance(reading.shape, Sigmoid | Gaussian):
        return 0.0, 1.0
    if reading.shape is not None:
        scores = [score for _, score in reading.shape.points]
    else:
        scores = list((reading.classes or {"none": 0.0, "full": 1.0}).values())
    return min(scores), max(scores)


def _score_step(change: CriterionChange) -> float:
    return abs(change.score_needed - (change.score or 0.0))


def _infinite_if_none(value: float | None) -> float:
    return math.inf if value is None else value
