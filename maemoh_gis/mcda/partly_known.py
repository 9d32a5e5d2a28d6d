"""
Scores of measures that a layer knows only in part.

One rule for all: whatever the facts allow is gone through, and least and greatest score over it are
the ends of the interval. Where the layer is complete around the cell, the least counts: land must
not gain by lying where less is known. Where it is not complete at all, the criterion is scored only
if nothing that may be true would change the score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.mcda.combine import CriterionScore

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, FloatArray
    from maemoh_gis.mcda.values import Shape


def score_of_distance(metres: FloatArray, depth: FloatArray, shape: Shape) -> CriterionScore:
    """
    Score a distance that is only an upper bound where unrecorded features may be nearer.

    Parameters
    ----------
    metres : float array (rows, cols), m
        Distance to the nearest recorded feature.
    depth : float array (rows, cols), m
        How deep the cell lies inside the land where the layer is complete, 0 outside it.
    shape : Shape
        The value function.
    """
    low, high = shape.interval(np.minimum(metres, depth), metres)
    return _counted(low, high, depth > 0)


def score_of_count(
    counted: FloatArray, depth: FloatArray, reach_m: float, shape: Shape
) -> CriterionScore:
    """
    Score what is counted around a cell, a lower bound where unrecorded features may add to it.

    Parameters
    ----------
    counted : float array (rows, cols)
        A gravity or density of the recorded features.
    depth : float array (rows, cols), m
        How deep the cell lies inside the land where the layer is complete, 0 outside it.
    reach_m : float
        How far around a cell is counted, in metres.
    shape : Shape
        The value function.
    """
    low, high = shape.interval(counted, np.where(depth >= reach_m, counted, np.inf))
    return _counted(low, high, depth > 0)


def score_of_share(
    share: FloatArray, known: FloatArray, error: FloatArray, shape: Shape
) -> CriterionScore:
    """
    Score a share of the land around a cell of which a part is not known.

    Parameters
    ----------
    share : float array (rows, cols)
        Share of the known land, 0 to 1; NaN where none is known.
    known : float array (rows, cols)
        Share of the land around that is known, 0 to 1.
    error : float array (rows, cols)
        Standard error of the share.
    shape : Shape
        The value function.
    """
    least, most = share * known, share * known + (1 - known)
    low, high = shape.interval(least, most)
    widest = shape.interval(least - error, most + error)
    return CriterionScore(low, np.minimum(low, widest[0]), np.maximum(high, widest[1]))


def score_in_parcels(figure: FloatArray, shape: Shape) -> CriterionScore:
    """
    Score a figure that is told of some parcels and may be anything where nothing is told.

    Parameters
    ----------
    figure : float array (rows, cols)
        Figure of the parcel, NaN outside all of them and where it is missing.
    shape : Shape
        The value function.
    """
    told = ~np.isnan(figure)
    infinite = np.float32(np.inf)
    low, high = shape.interval(np.where(told, figure, -infinite), np.where(told, figure, infinite))
    return CriterionScore(np.where(told, low, np.float32(np.nan)), low, high)


def where_settled(score: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Keep a score where all that may be true gives the same, NaN elsewhere; (rows, cols)."""
    return np.where(low == high, score, np.float32(np.nan))


def _counted(low: FloatArray, high: FloatArray, complete: BoolArray) -> CriterionScore:
    return CriterionScore(np.where(complete, low, where_settled(low, low, high)), low, high)
