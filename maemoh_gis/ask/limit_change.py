"""
The smallest change of a limit that would alter a verdict, in numbers.

Removed land is freed by lifting the fewest limits, or by moving their thresholds just past it. What
a change of score would do stands in `score_change`. Words belong to whoever shows the numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from maemoh_gis.core.types import FloatArray, IntArray

TestKind = Literal["inside", "within_m", "beyond_m", "above", "below", "classes"]

# Every subset of up to this many limits is tried; more never hold on one place in practice.
_MOST_SUBSETS_OF = 12


@dataclass(frozen=True)
class LimitChange:
    """The fewest limits that would have to give way."""

    limits: tuple[str, ...]
    """All of them together; a single one where that is enough."""
    freed_cells: int
    """Removed cells that would then be free."""
    already_free_cells: int
    """Cells that no limit removes."""


def fewest_limits_to_free(
    names: Sequence[str],
    bits: IntArray,
    wanted_cells: int,
    movable: Collection[str] | None = None,
) -> LimitChange | None:
    """
    Find the fewest limits whose going would leave enough of a piece of land free.

    `bits` say which of the `names` hold in each cell of the piece; a cell that another limit than
    the `movable` ones (all by default) holds stays removed. Of equally many limits those that free
    more land, then those named first. None where the land is free already, the piece is smaller
    than what is wanted, or what may give way does not free enough.
    """
    patterns, counts = np.unique(bits, return_counts=True)
    by_pattern = {int(p): int(n) for p, n in zip(patterns, counts, strict=True)}
    free = by_pattern.get(0, 0)
    if free >= wanted_cells or sum(by_pattern.values()) < wanted_cells:
        return None
    hold = [
        k
        for k, name in enumerate(names)
        if (movable is None or name in movable) and any(p >> k & 1 for p in by_pattern)
    ]
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

    `values` are what it compares in the cells that it removes alone. The value of the last of those
    cells, the easiest taken first: a reach `within_m` must end just short of it, the other
    thresholds may stand at it. None where there are too few cells.
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
