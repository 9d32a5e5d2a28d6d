"""
Pairwise judgements as people write them, checked and made into one reciprocal matrix.

Each pair of criteria is compared once on Saaty's scale: 1 means equally important, 9 means far
more important, 1/9 far less. Judgements are keyed by the names of the criteria.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.errors import FormatError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray

Judgement = float | str
"""A number, or a fraction written as in "1/3"."""

MOST_CRITERIA = 15
"""Saaty's table of random consistency ends here."""
ROUNDED = 0.025
"""How far a pair given both ways may be from reciprocal: people write 0.33 for 1/3, 0.17 for
1/6, 0.14 for 1/7."""

_FRACTION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:/\s*(\d+(?:\.\d+)?)\s*)?")
_ENDS = 1 + ROUNDED


@dataclass(frozen=True)
class Judgements:
    """What one respondent says about every pair of criteria."""

    criteria: tuple[str, ...]
    """Names, in the order of the matrix."""
    matrix: FloatArray
    """How many times the row is as important as the column, float64 (n, n), reciprocal."""

    def in_order(self, criteria: Sequence[str]) -> Judgements:
        """Give the same judgements with the criteria in another order."""
        at = [self.criteria.index(criterion) for criterion in criteria]
        return Judgements(tuple(criteria), _locked(self.matrix[np.ix_(at, at)].copy()))


def judgements_from_rows(rows: Mapping[str, Sequence[Judgement]]) -> Judgements:
    """
    Read the upper triangle: each criterion against all that follow it in the order of the keys.

    The last criterion has an empty row.

    Examples
    --------
    >>> judgements_from_rows({"rail": [2, 4], "road": ["1/2"], "water": []}).matrix[1]
    array([0.5, 1. , 0.5])
    """
    criteria = tuple(rows)
    faults = _count_faults(criteria)
    pairs: dict[tuple[str, str], Judgement] = {}
    for i, (first, row) in enumerate(rows.items()):
        following = criteria[i + 1 :]
        if len(row) != len(following):
            expected = str(len(following))
            faults.append(
                Fault("judgement_row_length", key=first, found=str(len(row)), expected=expected)
            )
            continue
        pairs |= {(first, second): row[k] for k, second in enumerate(following)}
    return _judgements(criteria, pairs, faults)


def judgements_from_pairs(pairs: Mapping[str, Mapping[str, Judgement]]) -> Judgements:
    """
    Read judgements by name: criterion, then the criterion it is compared with.

    Examples
    --------
    >>> judgements_from_pairs({"rail": {"road": 3}}).matrix[0]
    array([1., 3.])
    """
    criteria: dict[str, None] = {}
    for first, row in pairs.items():
        criteria |= dict.fromkeys((first, *row))
    flat = {(first, second): row[second] for first, row in pairs.items() for second in row}
    return _judgements(tuple(criteria), flat, _count_faults(tuple(criteria)))


def shown(judgement: float) -> str:
    """
    Write a judgement as people do.

    Examples
    --------
    >>> shown(1 / 3), shown(4.0), shown(2.5)
    ('1/3', '4', '2.5')
    """
    inverse = 1 / judgement
    if judgement < 1 and math.isclose(inverse, round(inverse), rel_tol=1e-9):
        return f"1/{round(inverse)}"
    return f"{judgement:.3g}"


def _judgements(
    criteria: tuple[str, ...], pairs: Mapping[tuple[str, str], Judgement], faults: list[Fault]
) -> Judgements:
    """Check each pair and fill the matrix; stop with every fault."""
    rows_faulty = bool(faults)
    read: dict[tuple[str, str], float] = {}
    for (first, second), judgement in pairs.items():
        number = _number(judgement)
        if number is None or not (1 / 9 / _ENDS <= number <= 9 * _ENDS):
            faults.append(_pair_fault("judgement_off_scale", first, second, found=str(judgement)))
        elif first != second:
            read[first, second] = number
        elif number != 1:
            faults.append(Fault("judgement_of_itself", key=first, found=str(judgement)))
    matrix = np.eye(len(criteria))
    for i, first in enumerate(criteria):
        for j, second in enumerate(criteria[i + 1 :], start=i + 1):
            there, back = read.get((first, second)), read.get((second, first))
            if there is not None and back is not None and abs(there * back - 1) > ROUNDED:
                faults.append(_not_reciprocal(first, second, there, back))
            elif there is None and back is None:
                # A row of the wrong length is one fault, not one for each of its pairs.
                if not rows_faulty and not {(first, second), (second, first)} & pairs.keys():
                    faults.append(_pair_fault("judgement_missing", first, second))
            else:
                matrix[i, j], matrix[j, i] = _both_ways(there, back)
    raise_if_blocked(faults, FormatError)
    return Judgements(criteria, _locked(matrix))


def _both_ways(there: float | None, back: float | None) -> tuple[float, float]:
    """Fill in the way that is missing; given both, trust the one above 1, which is not rounded."""
    if there is None or (back is not None and back > there):
        assert back is not None
        return 1 / back, back
    return there, 1 / there


def _number(judgement: Judgement) -> float | None:
    if isinstance(judgement, str):
        match = _FRACTION.fullmatch(judgement)
        if not match or float(match[2] or 1) == 0:
            return None
        return float(match[1]) / float(match[2] or 1)
    return float(judgement) if math.isfinite(judgement) else None


def _count_faults(criteria: tuple[str, ...]) -> list[Fault]:
    if not criteria:
        return [Fault("weights_sum_to_nothing")]
    if len(criteria) > MOST_CRITERIA:
        return [
            Fault("too_many_criteria", found=str(len(criteria)), expected=str(MOST_CRITERIA)),
        ]
    return []


def _not_reciprocal(first: str, second: str, there: float, back: float) -> Fault:
    return Fault(
        "not_reciprocal",
        key=f"{first}.{second}",
        found=shown(there),
        expected=shown(1 / there),
        values={"first": first, "second": second, "back": shown(back)},
    )


def _pair_fault(code: str, first: str, second: str, found: str | None = None) -> Fault:
    names = {"first": first, "second": second}
    return Fault(code, key=f"{first}.{second}", found=found, values=names)


def _locked(matrix: FloatArray) -> FloatArray:
    matrix.setflags(write=False)
    return matrix
