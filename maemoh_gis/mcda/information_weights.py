"""
What the land itself says about the criteria: how much each one tells places apart.

These are for information beside the weights people give, never in their place: a criterion that
hardly varies over the study area is not thereby unimportant, and the numbers change with the area.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray

_NO_CONFLICT = 1e-12


@dataclass(frozen=True)
class InformationWeights:
    """Weights by contrast in the data."""

    weights: dict[str, float]
    """Shares that sum to one; 0 for a criterion that is the same everywhere."""
    places: int
    """Places that every criterion scores, which the weights rest on."""
    left_out: int
    """Places left out because a criterion is not scored there."""


def entropy_weights(scores: Mapping[str, FloatArray]) -> InformationWeights:
    """
    Weigh criteria by how unevenly they are spread over the places.

    Parameters
    ----------
    scores : mapping of str to float array
        By criterion, arrays of one shape, none below 0, NaN where not scored; at least two places
        must be scored by all.

    References
    ----------
    Hwang and Yoon 1981, Multiple Attribute Decision Making, Springer, section 2.3.
    """
    table, left_out = _complete(scores)
    faults = [
        Fault("value_below_zero", key=name, found=f"{float(column.min()):g}")
        for name, column in table.items()
        if column.min() < 0
    ]
    if faults:
        raise FormatError(faults)
    contrast = {name: _one_minus_entropy(column) for name, column in table.items()}
    return _weights(contrast, table, left_out)


def critic_weights(
    scores: Mapping[str, FloatArray], falling: Collection[str] = ()
) -> InformationWeights:
    """
    Weigh criteria by their contrast and by how little they repeat one another (CRITIC).

    Parameters
    ----------
    scores : mapping of str to float array
        By criterion, arrays of one shape, NaN where not scored; at least two places must be scored
        by all. Each is stretched from its least to its greatest value first.
    falling : collection of str
        Criteria of which less is better; none of ours, whose scores all rise.

    References
    ----------
    Diakoulaki, Mavrotas and Papayannakis 1995, Computers and Operations Research 22(7), 763-770.
    """
    table, left_out = _complete(scores)
    centred, deviation = {}, {}
    for name, column in table.items():
        stretched = _stretched(column, falls=name in falling)
        centred[name] = stretched - stretched.mean()
        deviation[name] = math.sqrt(float((centred[name] ** 2).mean()))
    varying = [name for name in table if deviation[name] > 0]
    contrast = dict.fromkeys(table, 0.0)
    for name in varying:
        conflict = 0.0
        for other in varying:
            covariance = float((centred[name] * centred[other]).mean())
            conflict += 1 - covariance / (deviation[name] * deviation[other])
        contrast[name] = deviation[name] * max(conflict, 0.0)
    if max(contrast.values()) < _NO_CONFLICT:
        # They all say the same, or one stands alone: only the contrast is left to go by.
        contrast = deviation
    return _weights(contrast, table, left_out)


def _complete(scores: Mapping[str, FloatArray]) -> tuple[dict[str, FloatArray], int]:
    """Take the places that every criterion scores, as float64 columns."""
    if not scores:
        raise FormatError(Fault("too_few_places", found="0", expected="2"))
    columns = {name: np.ravel(array) for name, array in scores.items()}
    shapes = [array.shape for array in scores.values()]
    for name, array in scores.items():
        if array.shape != shapes[0]:
            found, expected = str(array.shape), str(shapes[0])
            raise FormatError(Fault("wrong_shape", key=name, found=found, expected=expected))
    complete = np.ones(columns[next(iter(columns))].shape, dtype=bool)
    for column in columns.values():
        complete &= np.isfinite(column)
    places = int(complete.sum())
    if places < 2:
        raise FormatError(Fault("too_few_places", found=str(places), expected="2"))
    table: dict[str, FloatArray] = {
        name: column[complete].astype(np.float64) for name, column in columns.items()
    }
    return table, len(complete) - places


def _one_minus_entropy(column: FloatArray) -> float:
    total = float(column.sum())
    if total == 0 or column.min() == column.max():
        return 0.0
    shares = column[column > 0] / total
    entropy = -float((shares * np.log(shares)).sum()) / math.log(len(column))
    return max(1 - entropy, 0.0)


def _stretched(column: FloatArray, *, falls: bool) -> FloatArray:
    low, high = float(column.min()), float(column.max())
    if low == high:
        return np.zeros_like(column)
    return np.asarray((high - column if falls else column - low) / (high - low))


def _weights(
    contrast: Mapping[str, float], table: Mapping[str, FloatArray], left_out: int
) -> InformationWeights:
    total = math.fsum(contrast.values())
    if total == 0:
        raise FormatError(Fault("nothing_varies"))
    shares = {name: value / total for name, value in contrast.items()}
    return InformationWeights(shares, len(next(iter(table.values()))), left_out)
