"""
Scores of criteria and of uses, with what is not known kept beside them.

A use's score is combined over what could be scored. What could not counts as anything between 0
and 1 and widens the interval; where a partial fact already settles a bound, the score is held
inside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from maemoh_gis.core.types import FloatArray


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
