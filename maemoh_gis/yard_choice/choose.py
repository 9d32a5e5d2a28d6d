"""
Which of several places the facts tell apart, who heads the list, and what would have to be known.

Places are compared by a few indicators, each turned into a score by fixed points. An indicator may
be known only as a range, or not at all: nobody gains by what is not known about him. A place is
better than another for certain only if it scores more in every state of the facts; what is the same
for both in a state, such as prices, is the same state for both. Places that nobody beats for
certain are the first class, and so on down; a list goes by the least score the facts allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.mcda.classes import SAME, Cases, classes_of, least_leads, listing
from maemoh_gis.mcda.score_change import (
    CriterionChange,
    CriterionReading,
    ValueShape,
    changes_to_reach,
)
from maemoh_gis.yard_choice.pareto import Front, pareto_front


@dataclass(frozen=True)
class Indicator:
    """One thing places are compared by."""

    id: str
    shape: ValueShape
    """From the indicator to a score; rises or falls throughout."""
    weight: float
    """Share of the weight, above 0; all shares sum to one."""
    less_is_better: bool


@dataclass(frozen=True)
class Known:
    """What is known of each place, arrays (places, indicators), each in its own unit."""

    low: FloatArray
    """Least the facts allow; NaN where nothing is known."""
    central: FloatArray
    """What is thought most likely; NaN where nothing is known."""
    high: FloatArray
    """Greatest the facts allow; NaN where nothing is known."""
    by_case: Mapping[str, FloatArray] = field(default_factory=dict)
    """Indicators that hang together: values in each of some cases, the same case for all places,
    (places, cases); NaN where not known. All have the same cases."""


@dataclass(frozen=True)
class WeightSwap:
    """A weight at which the second place draws level with the first."""

    indicator: str
    share_now: float
    share_needed: float
    """Share of the weight; the others keep their proportions."""


@dataclass(frozen=True)
class Unsettled:
    """How much of the difference between two places an indicator leaves open."""

    indicator: str
    width: float
    """From the least to the greatest it may add to the difference of their scores."""


@dataclass(frozen=True)
class Choice:
    """How the places compare, arrays (places,)."""

    scores: FloatArray
    """Score with the central values; what is not known counts 0. No finding by itself."""
    least: FloatArray
    """Least score the facts allow."""
    greatest: FloatArray
    """Greatest score the facts allow."""
    parts: FloatArray
    """Score of each indicator at its central value, (places, indicators); NaN is unknown."""
    least_parts: FloatArray
    """Least score of each indicator the facts allow, (places, indicators)."""
    greatest_parts: FloatArray
    """Greatest score of each indicator the facts allow, (places, indicators)."""
    front: Front
    """Places that no other beats in one thing and equals in the rest, by the indicators of which
    something is known at any place."""
    classes: IntArray
    """1 where no other place is better for certain, 2 and on below; 0 where a place may not be
    preferred."""
    leads: FloatArray
    """Least that the place of the row is ahead of that of the column, (places, places)."""
    order: IntArray
    """Places in the order of the list: those that may be preferred by `least`, then the others."""
    weight_swaps: tuple[WeightSwap, ...]
    """Weights that would put the second place first, the smallest change first; empty where its
    central score is no lower."""
    rises: tuple[CriterionChange, ...]
    """Single changes of the second place that would put it first, the smallest first."""
    falls: tuple[CriterionChange, ...]
    """Single changes of the first place that would put the second before it."""
    unsettled: tuple[Unsettled, ...]
    """What keeps the first two from being told apart, the most first; empty where they are."""

    @property
    def preferred(self) -> int:
        """The place that heads the list."""
        return int(self.order[0])

    @property
    def runner_up(self) -> int | None:
        """The place that comes second, if there is one."""
        return int(self.order[1]) if len(self.order) > 1 else None

    @property
    def first_class(self) -> tuple[int, ...]:
        """List the places that no other one beats for certain, in their order."""
        return tuple(int(k) for k in self.order if self.classes[k] == 1)

    @property
    def proven(self) -> bool:
        """Tell whether the first place is better than every other for certain."""
        return len(self.first_class) == 1


def choose(
    known: Known,
    indicators: Sequence[Indicator],
    eligible: BoolArray,
    names: Sequence[str] | None = None,
) -> Choice:
    """
    Compare places, and say what the facts do not settle or what would swap the first two.

    Parameters
    ----------
    known : Known
        Indicators of at least one place.
    indicators : sequence of Indicator
        Columns of `known`.
    eligible : bool array (places,)
        Places that may be preferred; the others are compared and come last.
    names : sequence of str, optional
        Neutral key that orders places of which equally much is certain; else their own order.
    """
    shares = np.array([indicator.weight for indicator in indicators])
    ends = _bounds(known, indicators)
    parts = _scored(known.central, indicators)
    scores = np.nan_to_num(parts) @ shares
    least, greatest = (end @ shares for end in ends)
    leads = _leads(known, indicators, ends)
    classes = np.zeros(len(least), dtype=np.int64)
    classes[eligible] = classes_of(leads[np.ix_(eligible, eligible)])
    keys = np.arange(len(least)) if names is None else np.argsort(np.argsort(np.array(names)))
    order = listing(np.where(eligible, least, least - 2.0), keys)
    found = Choice(
        scores, least, greatest, parts, *ends, _front(known, indicators), classes, leads, order,
        weight_swaps=(), rises=(), falls=(), unsettled=(),
    )  # fmt: skip
    return _between_first_two(found, known, indicators, ends)


def _between_first_two(
    found: Choice,
    known: Known,
    indicators: Sequence[Indicator],
    ends: tuple[FloatArray, FloatArray],
) -> Choice:
    """Add what would swap the first two of the list, and what keeps them together."""
    first, second = found.preferred, found.runner_up
    if second is None:
        return found
    apart = found.leads[first, second] > SAME
    widths = [] if apart else _widths(known, indicators, ends, first, second)
    found = replace(found, unsettled=tuple(widths))
    # What would swap two places is asked of their likely scores; it must be the first that leads.
    if found.scores[second] > found.scores[first] + SAME:
        return found
    readings = [_readings(k, known, found.parts, indicators) for k in (first, second)]
    return replace(
        found,
        weight_swaps=_weight_swaps(np.nan_to_num(found.parts[[first, second]]), indicators),
        rises=changes_to_reach(readings[1], float(found.scores[first])).single,
        falls=changes_to_reach(readings[0], float(found.scores[second])).single,
    )


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


def _leads(
    known: Known, indicators: Sequence[Indicator], ends: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Find by how much each place leads each other one at least, case by case where they share."""
    alone = np.array([0.0 if i.id in known.by_case else i.weight for i in indicators])
    low: FloatArray = np.zeros(1)
    high: FloatArray = np.zeros(1)
    for indicator in indicators:
        if indicator.id in known.by_case:
            worst, best = _case_ends(known, indicator)
            low, high = low + indicator.weight * worst, high + indicator.weight * best
    cases = Cases(low, high) if known.by_case else None
    return least_leads(ends[0] @ alone, ends[1] @ alone, cases)


def _case_ends(known: Known, indicator: Indicator) -> tuple[FloatArray, FloatArray]:
    """Score an indicator in each case; where it is not known it may be anything."""
    values = known.by_case[indicator.id]
    scores = indicator.shape.score(values.ravel().copy()).astype(np.float64).reshape(values.shape)
    return np.nan_to_num(scores, nan=0.0), np.nan_to_num(scores, nan=1.0)


def _widths(
    known: Known,
    indicators: Sequence[Indicator],
    ends: tuple[FloatArray, FloatArray],
    first: int,
    second: int,
) -> list[Unsettled]:
    """Say how much each indicator leaves open of the difference of two places, the most first."""
    found = []
    for k, indicator in enumerate(indicators):
        if indicator.id in known.by_case:
            low, high = _case_ends(known, indicator)
            width = (high[first] - low[second]).max() - (low[first] - high[second]).min()
        else:
            width = (ends[1] - ends[0])[[first, second], k].sum()
        if width * indicator.weight > SAME:
            found.append(Unsettled(indicator.id, float(width * indicator.weight)))
    return sorted(found, key=lambda one: -one.width)


def _front(known: Known, indicators: Sequence[Indicator]) -> Front:
    """Compare places without weights, by the indicators of which anything is known."""
    told: BoolArray = np.asarray(~np.isnan(known.central).all(axis=0))
    if not told.any():
        nobody = np.zeros(len(known.central), dtype=bool)
        return Front(nobody, ~nobody)
    less = [one.less_is_better for one, is_told in zip(indicators, told, strict=True) if is_told]
    return pareto_front(known.central[:, told], less)


def _readings(
    place: int, known: Known, parts: FloatArray, indicators: Sequence[Indicator]
) -> list[CriterionReading]:
    """Give what each indicator says of a place; an unknown one scores 0, as it counts."""
    found = []
    for k, indicator in enumerate(indicators):
        score = float(np.nan_to_num(parts[place, k]))
        measure = None if np.isnan(parts[place, k]) else float(known.central[place, k])
        found.append(
            CriterionReading(
                indicator.id, indicator.weight, score, score, score, measure, indicator.shape
            )
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
        upstream_of = float((parts[1] - parts[0]) @ np.array(rest)) / sum(rest)
        if abs(ahead + upstream_of) <= SAME:
            continue
        share = upstream_of / (ahead + upstream_of)
        # At either end one of the two sides does not count at all: no swap, only a tie.
        if SAME < share < 1 - SAME:
            swaps.append(WeightSwap(indicator.id, indicator.weight, share))
    return tuple(sorted(swaps, key=lambda s: abs(s.share_needed - s.share_now)))
