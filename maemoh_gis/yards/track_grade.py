"""
The grade of the line over a siding, from the line's own heights, and what they cannot prove.

A yard asks for about 1 in 1,000 and at most 1 in 400: 1.25 m over 500 m. Heights of the ground
every few hundred metres, smoothed and metres in error, screen such grades; only a survey of rail
levels proves them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.yards.kernels import heights_over

_TWO_SIGMA = 2.0


@dataclass(frozen=True)
class LineHeights:
    """Heights along a line, float64 arrays (v,)."""

    chainage_m: FloatArray
    """Distance along the line, rising, metres."""
    height_m: FloatArray
    """Height, metres."""
    error_m: float | None = None
    """Standard error of one height in metres; None is unknown."""
    surveyed: bool = False
    """True only for surveyed rail levels: heights read off terrain never prove a grade."""

    @property
    def spacing_m(self) -> float:
        """Usual distance between neighbouring heights, metres."""
        return float(np.median(np.diff(self.chainage_m)))


@dataclass(frozen=True)
class Grades:
    """Grade of the line over stretches, arrays (n,)."""

    permille: FloatArray
    """From the lowest to the highest point of the stretch over its whole length; NaN where no
    heights reach."""
    steepest_permille: FloatArray
    """Steepest between neighbouring heights."""
    error_permille: float
    """Two standard errors of the first; infinite where the error of the heights is unknown."""
    proven: BoolArray
    """Certainly within the greatest grade; never for heights that were not surveyed."""


def heights_along(
    line: shapely.LineString,
    x: FloatArray,
    y: FloatArray,
    height_m: FloatArray,
    *,
    error_m: float | None = None,
    surveyed: bool = False,
) -> LineHeights:
    """
    Put measured heights (v,), m, onto a line in their CRS; NaN is left out.

    `error_m` is the standard error of one height; `surveyed` ones are rail levels.
    """
    height = np.asarray(height_m, dtype=np.float64)
    known = ~np.isnan(height)
    points = shapely.points(np.asarray(x)[known], np.asarray(y)[known])
    chainage = np.atleast_1d(shapely.line_locate_point(line, points))
    chainage, first = np.unique(np.round(chainage, 3), return_index=True)
    if len(chainage) < 2:
        raise LayerError(Fault("too_few_heights", found=str(len(chainage)), expected="2"))
    return LineHeights(chainage, height[known][first], error_m, surveyed)


def grade_over(
    heights: LineHeights | None, middles: FloatArray, length_m: float, greatest_permille: float
) -> Grades:
    """
    Measure the grade over a siding around each middle, given by chainage, m.

    Without heights it is unknown everywhere; `greatest_permille` is not to be passed, for `proven`.
    """
    if heights is None:
        nothing = np.full(len(middles), np.nan)
        return Grades(nothing, nothing, math.inf, np.zeros(len(middles), dtype=bool))
    found = heights_over(
        heights.chainage_m, heights.height_m, middles - length_m / 2, middles + length_m / 2
    )
    permille = (found[:, 1] - found[:, 0]) / length_m * 1000.0
    error = math.inf
    if heights.error_m is not None:
        # A difference of two heights of equal, independent error.
        error = _TWO_SIGMA * math.sqrt(2.0) * heights.error_m / length_m * 1000.0
    proven = np.full(len(middles), heights.surveyed) & (permille + error <= greatest_permille)
    return Grades(permille, found[:, 2] * 1000.0, error, proven)


def grade_score(permille: FloatArray, full_permille: float, greatest_permille: float) -> FloatArray:
    """
    Score grades by fixed points: 1 up to `full_permille`, 0 from `greatest_permille` on.

    Parameters
    ----------
    permille : float array (n,)
        Grades.
    full_permille, greatest_permille : float
        The two points, rising.

    Returns
    -------
    score : float array (n,)
        0 to 1; NaN stays NaN.
    """
    share = (greatest_permille - permille) / (greatest_permille - full_permille)
    return np.asarray(np.clip(share, 0.0, 1.0))
