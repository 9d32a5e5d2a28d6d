"""
Scoring and weighing of many cells in one pass, block by block in the processor's cache.

The same straight lines between points and the same weighted mean as `values` and `combine`, in
float32 and without arrays in between, for land of many millions of cells. Where a measure is
missing the score is: intervals are for `combine`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from maemoh_gis._types import FloatArray
from maemoh_gis.compiled import kernel

Points = Sequence[tuple[float, float]]

_BLOCK = 2_048


def score_cells(measure: FloatArray, points: Points, out: FloatArray | None = None) -> FloatArray:
    """
    Score a measure by straight lines between points, constant beyond them.

    Parameters
    ----------
    measure : float32 array
        Any shape, in the unit of the points; infinite values are beyond the last point.
    points : sequence of (measure, score)
        Measures rising.
    out : float32 array, optional
        Where to write, of the same shape; may be `measure` itself.

    Returns
    -------
    score : float32 array
        NaN where the measure is NaN. Within 1e-6 of `values.score_by_points`.

    Examples
    --------
    >>> score_cells(np.array([0, 1500, 9000], dtype=np.float32), [(1000, 1.0), (2000, 0.0)])
    array([1. , 0.5, 0. ], dtype=float32)
    """
    at, scores = np.array(points, dtype=np.float32).T
    result = np.empty(measure.shape, dtype=np.float32) if out is None else out
    widths = np.diff(at)
    slopes = np.diff(scores) / np.where(widths > 0, widths, 1.0).astype(np.float32)
    _ramps(measure.reshape(-1), at, widths, slopes, scores[0], result.reshape(-1))
    return result


def weigh_cells(scores: Sequence[FloatArray], weights: Sequence[float]) -> FloatArray:
    """
    Combine scores by the weighted mean, summed in the order given.

    Parameters
    ----------
    scores : sequence of float32 array (rows, cols)
        C-contiguous.
    weights : sequence of float
        Not negative; they are divided by their sum.

    Returns
    -------
    score : float32 array (rows, cols)
        NaN where any score is.
    """
    shares = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    result = np.zeros(scores[0].shape, dtype=np.float32)
    flat = result.reshape(-1)
    parts = [score.reshape(-1) for score in scores]
    for first in range(0, result.size, _BLOCK * 16):
        block = slice(first, first + _BLOCK * 16)
        for share, part in zip(shares.astype(np.float32), parts, strict=True):
            _add(flat[block], part[block], share)
    return result


@kernel()
def _ramps(
    measure: FloatArray,
    at: FloatArray,
    widths: FloatArray,
    slopes: FloatArray,
    base: float,
    out: FloatArray,
) -> None:
    """Add up the ramps between points, each flat before and after it."""
    zero = np.float32(0.0)
    block = np.empty(_BLOCK, dtype=np.float32)
    for first in range(0, len(measure), _BLOCK):
        size = min(_BLOCK, len(measure) - first)
        block[:size] = base
        if len(widths) == 0:
            for k in range(size):
                block[k] += measure[first + k] * zero
        for piece in range(len(widths)):
            start, width, slope = at[piece], widths[piece], slopes[piece]
            for k in range(size):
                along = measure[first + k] - start
                # Written so that NaN stays NaN.
                along = zero if along < zero else along  # noqa: FURB136
                along = width if along > width else along  # noqa: FURB136
                block[k] += slope * along
        out[first : first + size] = block[:size]


@kernel()
def _add(total: FloatArray, part: FloatArray, share: float) -> None:
    for k in range(len(total)):
        total[k] += share * part[k]
