"""
Value functions: from a measure to a score between 0 (bad) and 1 (good), by fixed points.

Points are fixed, never stretched to the data's own range: a score must not change because the
window did. A measure that is known only as an interval gives an interval of scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from maemoh_gis._types import FloatArray, IntArray

Points = Sequence[tuple[float, float]]


def score_by_points(measure: FloatArray, points: Points) -> FloatArray:
    """
    Score a measure by straight lines between points, constant beyond them.

    Parameters
    ----------
    measure : float array
        Any shape, in the unit of the points; infinite values are beyond the last point.
    points : sequence of (measure, score)
        Measures rising.

    Returns
    -------
    score : float32 array
        Same shape; NaN where the measure is NaN.

    Examples
    --------
    >>> score_by_points(np.array([0.0, 1500.0, 9000.0]), [(1000, 1.0), (2000, 0.0)])
    array([1. , 0.5, 0. ], dtype=float32)
    """
    at, scores = np.array(points, dtype=np.float64).T
    result = np.interp(np.clip(measure, at[0], at[-1]), at, scores).astype(np.float32)
    result[np.isnan(measure)] = np.nan
    return np.asarray(result)


def score_interval_by_points(
    low: FloatArray, high: FloatArray, points: Points
) -> tuple[FloatArray, FloatArray]:
    """
    Give the least and the greatest score of a measure known only as an interval.

    Parameters
    ----------
    low, high : float array
        Ends of the interval, `low <= high`, in the unit of the points.
    points : sequence of (measure, score)
        Measures rising.

    Returns
    -------
    least, greatest : float32 array
        Exact for functions that rise and fall: a point inside the interval counts.
    """
    at_low, at_high = score_by_points(low, points), score_by_points(high, points)
    least, greatest = np.minimum(at_low, at_high), np.maximum(at_low, at_high)
    for at, score in points[1:-1]:
        inside = (low < at) & (at < high)
        least[inside] = np.minimum(least[inside], np.float32(score))
        greatest[inside] = np.maximum(greatest[inside], np.float32(score))
    return least, greatest


def score_by_class(codes: IntArray, scores: Mapping[int, float]) -> FloatArray:
    """
    Score a categorical raster by its classes.

    Parameters
    ----------
    codes : integer array
        Class codes from 0 to 255.
    scores : mapping of int to float
        Score of each code.

    Returns
    -------
    score : float32 array
        NaN where a code has no score, such as the code for no data.
    """
    table = np.full(256, np.nan, dtype=np.float32)
    for code, score in scores.items():
        table[code] = score
    return np.asarray(table[codes])
