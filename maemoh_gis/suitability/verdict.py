"""
The smallest change of a limit that would alter a verdict, in numbers.

Removed land is freed by lifting the fewest limits, or by moving their thresholds just past it; land
that is in is lost by the limit with the least room. What a change of score would do stands in
`score_change`. Words belong to whoever shows the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from maemoh_gis._types import FloatArray, IntArray

TestKind = Literal["inside", "within_m", "beyond_m", "above", "below", "classes"]

# Every subset of up to this many limits is tried; more never hold on one place in practice.
_MOST_SUBSETS_OF = 12


@dataclass(frozen=True)
class LimitReading:
    """What a limit compares at one place."""

    id: str
    kind: TestKind
    holds: bool
    threshold: float | None = None
    """What it compares with; None for `inside` and `classes`, which have no more or less."""
    value: float | None = None
    """What stands there, in the unit of the threshold; None where it is not known."""


@dataclass(frozen=True)
class LimitMargin:
    """How far a place is from the other side of a limit."""

    id: str
    threshold: float | None
    value: float | None
    amount: float | None
    """How far the value is from the threshold, in its unit, 0 or more; None where there is no more
    or less. To the other side, the value must move this far, or the threshold; exactly at the
    threshold `within_m` still holds and the others do not."""
    share: float | None
    """The amount as a share of the threshold; None where that is 0 or there is none."""


@dataclass(frozen=True)
class LimitChange:
    """The fewest limits that would have to give way."""

    limits: tuple[str, ...]
    """All of them together; a single one where that is enough."""
    freed_cells: int
    """Removed cells that would then be free."""
    already_free_cells: int
    """Cells that no limit removes."""


def limit_margin(reading: LimitReading) -> LimitMargin:
    """
    Measure how far a place is from the other side of a limit.

    Parameters
    ----------
    reading : LimitReading
        What the limit compares.

    Returns
    -------
    LimitMargin
        The same whether the limit holds or not: what frees the land, or what would remove it.

    Examples
    --------
    >>> limit_margin(LimitReading("school", "within_m", True, 500.0, 430.0)).amount
    70.0
    """
    value, threshold = reading.value, reading.threshold
    amount = share = None
    if value is not None and threshold is not None and not math.isnan(value):
        amount = abs(value - threshold)
        share = amount / abs(threshold) if threshold else None
    return LimitMargin(reading.id, threshold, value, amount, share)


def limits_to_free(readings: Iterable[LimitReading]) -> tuple[LimitMargin, ...]:
    """List the limits that hold at one place: all must give way, the one farthest off first."""
    margins = [limit_margin(r) for r in readings if r.holds]
    return tuple(sorted(margins, key=_farthest_first))


def nearest_limits(readings: Iterable[LimitReading]) -> tuple[LimitMargin, ...]:
    """List the limits that do not hold at one place and could, the one with least room first."""
    margins = [limit_margin(r) for r in readings if not r.holds]
    known = [m for m in margins if m.amount is not None]
    return tuple(sorted(known, key=lambda m: (_infinite_if_none(m.share), m.id)))


def fewest_limits_to_free(
    names: Sequence[str], bits: IntArray, wanted_cells: int
) -> LimitChange | None:
    """
    Find the fewest limits whose going would leave enough of a piece of land free.

    Parameters
    ----------
    names : sequence of str
        Removing limits in the order of their bits.
    bits : unsigned integer array, any shape
        Which of them hold in each cell of the piece.
    wanted_cells : int
        Cells that must be free of all limits; more than half of the piece to turn its verdict.

    Returns
    -------
    LimitChange or None
        Of equally many limits those that free more land, then those named first. None where the
        land is free already or the piece is smaller than what is wanted.
    """
    patterns, counts = np.unique(bits, return_counts=True)
    by_pattern = {int(p): int(n) for p, n in zip(patterns, counts, strict=True)}
    free = by_pattern.get(0, 0)
    if free >= wanted_cells or sum(by_pattern.values()) < wanted_cells:
        return None
    hold = [k for k in range(len(names)) if any(p >> k & 1 for p in by_pattern)]
    sizes = range(1, len(hold) + 1) if len(hold) <= _MOST_SUBSETS_OF else (len(hold),)
    for size in sizes:
        # More land first; `combinations` runs in the order of the names, and max keeps the first.
        best = max(combinations(hold, size), key=lambda chosen: _freed(by_pattern, chosen))
        freed = _freed(by_pattern, best)
        if free + freed >= wanted_cells:
            return LimitChange(tuple(names[k] for k in best), freed, free)
    return None


def threshold_to_free(
    values: FloatArray, kind: TestKind, threshold: float, wanted_cells: int
) -> float | None:
    """
    Find the threshold at which a limit would leave so many cells free.

    Parameters
    ----------
    values : float array, any shape
        What the limit compares in the cells that it removes alone.
    kind : str
        `within_m`, `beyond_m`, `above` or `below`.
    threshold : float
        Where it stands now.
    wanted_cells : int
        Cells to free, at least 1.

    Returns
    -------
    float or None
        The value of the last of those cells, the easiest taken first: a reach `within_m` must end
        just short of it, the other thresholds may stand at it. None where there are too few cells.
    """
    known = np.sort(values[~np.isnan(values)].ravel())
    if len(known) < wanted_cells:
        return None
    # A reach and a floor free the greatest values first; a ceiling and a far reach the least.
    at = known[-wanted_cells] if kind in {"within_m", "below"} else known[wanted_cells - 1]
    falling = kind in {"within_m", "below"}
    return float(min(at, threshold) if falling else max(at, threshold))


def _freed(by_pattern: Mapping[int, int], chosen: Sequence[int]) -> int:
    lifted = sum(1 << k for k in chosen)
    return sum(n for pattern, n in by_pattern.items() if pattern and not pattern & ~lifted)


def _farthest_first(margin: LimitMargin) -> tuple[float, str]:
    return (-_infinite_if_none(margin.share), margin.id)


def _infinite_if_none(value: float | None) -> float:
    return math.inf if value is None else value
