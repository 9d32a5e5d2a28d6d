"""
Minutes by the ground a road climbs over.

A class of road tells how fast traffic goes on level ground. Here each stretch takes longer by the
steepness of the ground under it, looked up at even steps along its course. The slope of the ground
is not the grade of the road: a road may follow a valley between steep sides. It stands for curves
and climbs together, as the flat, rolling and mountainous terrain of highway manuals does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.network.edges import pieces_of

if TYPE_CHECKING:
    from maemoh_gis._types import FloatArray
    from maemoh_gis.network.edges import Graph

_STEP_M = 250.0


def over_terrain(
    graph: Graph,
    slope_at: Callable[[FloatArray, FloatArray], FloatArray],
    speed_share: Sequence[tuple[float, float]],
    *,
    step_m: float = _STEP_M,
) -> Graph:
    """
    Lengthen the minutes of roads by the steepness of the ground under them.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Roads with `minutes` on level ground; the graph stays as it is.
    slope_at : callable
        From x and y, float64 (n,) in the CRS of the network, to the slope of the ground in percent,
        NaN where it is not known.
    speed_share : sequence of tuple of float
        Pairs of slope in percent, rising, and share of the speed that is kept; straight lines
        between, constant beyond.
    step_m : float
        About how far apart the ground is looked up, m.

    Returns
    -------
    networkx.MultiDiGraph
        A copy. Every edge carries `level_minutes`, what it takes on level ground;
        `ground_slope_percent`, the mean where it is known; and `slope_known_share`, the share of
        its length on which it is. Unknown ground slows nothing down.
    """
    slopes, shares = np.array(speed_share, dtype=np.float64).T
    pieces = pieces_of(graph)
    counts = np.array([max(int(np.ceil(p.line.length / step_m)), 1) for p in pieces])
    points = [
        shapely.line_interpolate_point(
            piece.line, (np.arange(count) + 0.5) / count, normalized=True
        )
        for piece, count in zip(pieces, counts, strict=True)
    ]
    xy = shapely.get_coordinates(np.concatenate(points))
    found = np.split(
        np.asarray(slope_at(xy[:, 0], xy[:, 1]), dtype=np.float64), np.cumsum(counts)[:-1]
    )
    out: Graph = graph.copy()
    for piece, slope in zip(pieces, found, strict=True):
        known = ~np.isnan(slope)
        kept = np.where(known, np.interp(np.where(known, slope, 0.0), slopes, shares), 1.0)
        # Equal steps take times that add up, so it is the inverse of the shares that is averaged.
        longer = float(np.mean(1.0 / kept))
        for key in piece.edges:
            held = out.edges[key]
            held["level_minutes"] = float(held["minutes"])
            held["minutes"] = held["level_minutes"] * longer
            held["slope_known_share"] = float(known.mean())
            if known.any():
                held["ground_slope_percent"] = float(slope[known].mean())
    return out
