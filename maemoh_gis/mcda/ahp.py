"""
The analytic hierarchy process: weights from pairwise judgements, and how far they agree.

Weights are the principal eigenvector of the judgements. Where the consistency ratio is above 0.1
the judgement to look at again is named, with the value that would mend it; nothing is changed
silently, because only the respondent can say what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray
from maemoh_gis.mcda.judgements import Judgements, shown

RANDOM_INDEX = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
)  # fmt: skip
"""Mean consistency index of random judgements on 1 to 15 criteria: Saaty 1980, The Analytic
Hierarchy Process, McGraw-Hill."""
CONSISTENT = 0.1
"""Greatest consistency ratio that is taken as it stands: Saaty 1980."""
SCALE = tuple(1 / k for k in range(9, 1, -1)) + tuple(float(k) for k in range(1, 10))
"""Saaty's scale, from 1/9 to 9."""

_STEPS = 1000
_SETTLED = 1e-15


@dataclass(frozen=True)
class Priorities:
    """Weights and how far the judgements behind them agree."""

    weights: dict[str, float]
    """Shares that sum to one, by criterion."""
    largest_eigenvalue: float
    """The number of criteria if the judgements agree fully, else more."""
    consistency_index: float
    """Excess of the eigenvalue, per criterion beyond the first."""
    consistency_ratio: float
    """The index as a share of what random judgements give; 0 for one or two criteria."""

    @property
    def consistent(self) -> bool:
        """True if the ratio is at most 0.1."""
        return self.consistency_ratio <= CONSISTENT


@dataclass(frozen=True)
class Repair:
    """The one judgement whose change does most for consistency."""

    first: str
    """Criterion of the row."""
    second: str
    """Criterion it is compared with."""
    judgement: float
    """What the respondent said."""
    value: float
    """Where one change is enough: the value on Saaty's scale nearest to what was said that brings
    the ratio to 0.1 or less. Else the value that brings it lowest."""
    ratio: float
    """Consistency ratio with that value."""
    best_value: float
    """Value on the scale that brings the ratio lowest."""
    best_ratio: float
    """The ratio it brings."""

    @property
    def mends(self) -> bool:
        """True if this one change is enough."""
        return self.ratio <= CONSISTENT


def priorities(judgements: Judgements) -> Priorities:
    """
    Derive weights from pairwise judgements.

    Returns
    -------
    Priorities
        Principal eigenvector by power iteration in float64, summed in a fixed order, so the same
        judgements give the same bits everywhere.

    References
    ----------
    Saaty 1977, A scaling method for priorities in hierarchical structures, Journal of Mathematical
    Psychology 15, 234-281; the ratio by the table of Saaty 1980.

    Examples
    --------
    >>> from maemoh_gis.mcda.judgements import judgements_from_rows
    >>> judgements = judgements_from_rows({"rail": [2, 4], "road": [2], "water": []})
    >>> round(priorities(judgements).weights["road"], 4)
    0.2857
    """
    vectors, eigenvalues = _principal(judgements.matrix[np.newaxis])
    count, eigenvalue = len(judgements.criteria), float(eigenvalues[0])
    index = max(eigenvalue - count, 0.0) / max(count - 1, 1)
    weights = dict(zip(judgements.criteria, map(float, vectors[0]), strict=True))
    return Priorities(weights, eigenvalue, index, float(_ratio(eigenvalues, count)[0]))


def judgement_to_revisit(judgements: Judgements) -> Repair | None:
    """
    Find the judgement to look at again, and the value that would mend it.

    None if the judgements are consistent as they stand. Every pair is tried with every value of
    Saaty's scale; the pair named is the one whose best value brings the ratio lowest.

    Notes
    -----
    Saaty 2003 (European Journal of Operational Research 145, 85-91) names the pair that strays
    furthest from the ratio of its weights. Trying every change finds that pair too in his example,
    and is sure that no other single change does better.
    """
    if priorities(judgements).consistent:
        return None
    count = len(judgements.criteria)
    pairs = list(combinations(range(count), 2))
    changed = np.stack([matrix for i, j in pairs for matrix in _with_each(judgements, i, j)])
    ratios = _ratio(_principal(changed)[1], count).reshape(len(pairs), len(SCALE))
    # Rounded, so that equally good pairs are told apart by their order and not by the last bit.
    pair = int(np.argmin(ratios.min(axis=1).round(12)))
    i, j = pairs[pair]
    said = float(judgements.matrix[i, j])
    best = int(np.argmin(ratios[pair].round(12)))
    enough = [k for k in range(len(SCALE)) if ratios[pair, k] <= CONSISTENT]
    nearest = min(enough, key=lambda k: round(abs(np.log(SCALE[k] / said)), 12), default=best)
    return Repair(
        judgements.criteria[i],
        judgements.criteria[j],
        said,
        SCALE[nearest],
        float(ratios[pair, nearest]),
        SCALE[best],
        float(ratios[pair, best]),
    )


def consistency_warning(judgements: Judgements) -> Fault | None:
    """Say in a fault what to look at again, or None if the judgements are consistent."""
    repair = judgement_to_revisit(judgements)
    if repair is None:
        return None
    return Fault(
        "judgements_inconsistent" if repair.mends else "judgements_inconsistent_throughout",
        key=f"{repair.first}.{repair.second}",
        found=f"{priorities(judgements).consistency_ratio:.3f}",
        expected=f"{CONSISTENT:g}",
        values={
            "first": repair.first,
            "second": repair.second,
            "judgement": shown(repair.judgement),
            "value": shown(repair.value),
            "ratio": f"{repair.ratio:.3f}",
        },
        severity="warns",
    )


def _with_each(judgements: Judgements, i: int, j: int) -> Iterator[FloatArray]:
    """Give the matrix with one pair set to each value of the scale."""
    for value in SCALE:
        matrix = judgements.matrix.copy()
        matrix[i, j], matrix[j, i] = value, 1 / value
        yield matrix


def _principal(matrices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """
    Give the principal eigenvectors (m, n), summing to one, and eigenvalues (m,) of positive
    matrices (m, n, n), by power iteration. Sums run in index order: BLAS would not promise that.
    """
    several, count = matrices.shape[:2]
    vectors = np.full((several, count), 1 / count)
    eigenvalues = np.full(several, float(count))
    for _ in range(_STEPS):
        product = np.zeros_like(vectors)
        for j in range(count):
            product += matrices[:, :, j] * vectors[:, j, np.newaxis]
        eigenvalues = np.zeros(several)
        for i in range(count):
            eigenvalues += product[:, i]
        following = product / eigenvalues[:, np.newaxis]
        moved = float(np.abs(following - vectors).max())
        vectors = following
        if moved <= _SETTLED:
            break
    return vectors, eigenvalues


def _ratio(eigenvalues: FloatArray, count: int) -> FloatArray:
    random = RANDOM_INDEX[count - 1]
    if random == 0:
        return np.zeros_like(eigenvalues)
    # A consistent matrix may come out a last bit below its count.
    return np.maximum(eigenvalues - count, 0.0) / (count - 1) / random
