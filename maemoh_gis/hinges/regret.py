"""
What a choice made now costs where the world turns out otherwise.

Three choices: build now; reserve, and begin works when trains would fill; wait, when the land has
gone to another use by then. Each is worth what senders save less what the yard costs, year by year
to the year asked for, in constant baht discounted at the interest of the yard; its regret is what
the best of the three is worth more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Choice = Literal["build", "reserve", "wait"]
CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True)
class Span:
    """The years that are looked at."""

    now: int
    """Year of the decision."""
    last: int
    """Last year that counts."""
    works_years: int
    """From a decision to the first train."""
    interest: float
    """A year."""

    def worth(self, from_year: int, thb: Callable[[int], float]) -> float:
        """Add up what each year from one on is worth, as of now."""
        return math.fsum(
            thb(year) / (1.0 + self.interest) ** (year - self.now)
            for year in range(from_year, self.last + 1)
        )


def regrets(
    span: Span,
    carried: Callable[[int], bool],
    saved_thb: Callable[[int], float],
    fixed_thb: float,
    reserve_thb: float | None,
) -> Mapping[Choice, float]:
    """
    Give the regret of each choice, THB.

    Keeping the land costs nothing where nobody has said what it costs: that of reserving is then a
    least one.
    """
    worth = worths(span, carried, saved_thb, fixed_thb, reserve_thb)
    best = max(worth.values())
    return {choice: best - worth[choice] for choice in CHOICES}


def worths(
    span: Span,
    carried: Callable[[int], bool],
    saved_thb: Callable[[int], float],
    fixed_thb: float,
    reserve_thb: float | None,
) -> Mapping[Choice, float]:
    """Give what each choice is worth, THB as of now."""

    def of_yard(year: int) -> float:
        return (saved_thb(year) if carried(year) else 0.0) - fixed_thb

    years = range(span.now, span.last + 1)
    fills = next((year for year in years if carried(year)), None)
    begins = span.last + 1 if fills is None else fills + span.works_years
    later = span.worth(begins, of_yard)
    if later <= 0:  # Whoever has reserved builds only where that pays.
        begins, later = span.last + 1, 0.0
    kept = reserve_thb or 0.0
    held = math.fsum(kept / (1.0 + span.interest) ** (y - span.now) for y in years if y < begins)
    return {
        "build": span.worth(span.now + span.works_years, of_yard),
        "reserve": later - held,
        "wait": 0.0,
    }
