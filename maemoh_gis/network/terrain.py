"""
Minutes by the ground a road climbs over.

A class of road tells how fast traffic goes on level ground. Here each stretch takes longer by the
steepness of the ground under it, looked up once in each square of a lattice that it crosses. The
lattice lies still, so a road takes the same minutes in one piece or in many, however it is drawn;
`pace` says where along an edge they are spent. The slope of the ground
is not the grade of the road: a road may follow a valley between steep sides. It stands for curves
and climbs together, as the flat, rolling and mountainous terrain of highway manuals does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.network.edges import pieces_of, same_way
from maemoh_gis.network.pace import PACE, turned

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray, IntArray
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
        Side of the squares the ground is looked up in, m.

    Returns
    -------
    networkx.MultiDiGraph
        A copy. Every edge carries `level_minutes`, what it takes on level ground;
        `ground_slope_percent`, the mean where it is known; and `slope_known_share`, the share of
        its length on which it is; and `pace`, where minutes are not spread evenly. Unknown ground
        slows nothing down.
    """
    slopes, shares = np.array(speed_share, dtype=np.float64).T
    pieces = pieces_of(graph)
    steps = _steps([shapely.get_coordinates(piece.line) for piece in pieces], step_m)
    slope = np.asarray(slope_at(steps.x, steps.y), dtype=np.float64)
    known = ~np.isnan(slope)
    slower = np.where(known, 1.0 / np.interp(np.where(known, slope, 0.0), slopes, shares), 1.0)
    out: Graph = graph.copy()
    ends = np.searchsorted(steps.piece, np.arange(len(pieces) + 1))
    for piece, start, end in zip(pieces, ends[:-1], ends[1:], strict=True):
        here = slice(start, end)
        metres, known_m = steps.metres[here], steps.metres[here] * known[here]
        # Times add up, so it is the inverse of the shares that is averaged.
        longer = float(metres @ slower[here] / metres.sum())
        pace = _pace(metres, slower[here])
        for key in piece.edges:
            held = out.edges[key]
            held["level_minutes"] = float(held["minutes"])
            held["minutes"] = held["level_minutes"] * longer
            held["slope_known_share"] = float(known_m.sum() / metres.sum())
            if pace is not None:
                held[PACE] = pace if same_way(out, key, piece.line) else turned(pace)
            if known_m.any():
                held["ground_slope_percent"] = _mean(slope[here], known_m)
    return out


def _mean(slope: FloatArray, known_m: FloatArray) -> float:
    """Give the mean slope by length; the same slope everywhere is exactly itself."""
    first = slope[np.argmax(known_m > 0)]
    off = np.where(known_m > 0, slope - first, 0.0)
    return float(first + known_m @ off / known_m.sum())


def _pace(metres: FloatArray, slower: FloatArray) -> FloatArray | None:
    """Say how the minutes are spread along a course; None where they are spread evenly."""
    changes = np.flatnonzero(np.diff(slower) != 0)
    if not changes.size:
        return None
    gone = np.column_stack([np.cumsum(metres), np.cumsum(metres * slower)])
    return np.asarray(np.vstack([[0.0, 0.0], gone[changes] / gone[-1], [1.0, 1.0]]))


@dataclass(frozen=True)
class _Steps:
    """Courses cut where they cross from one square of the ground to the next."""

    piece: IntArray
    """Position of the course, rising, (n,)."""
    metres: FloatArray
    """Length of each step, (n,)."""
    x: FloatArray
    """Middle of the square it lies in, (n,)."""
    y: FloatArray


def _steps(courses: Sequence[FloatArray], step_m: float) -> _Steps:
    """Cut courses at the lines of a lattice that is counted from the origin of the CRS."""
    piece = np.repeat(np.arange(len(courses)), [len(course) - 1 for course in courses])
    first = np.vstack([course[:-1] for course in courses])
    last = np.vstack([course[1:] for course in courses])
    across = [_crossings(first[:, axis], last[:, axis], step_m) for axis in (0, 1)]
    every = np.arange(len(first))
    segment = np.concatenate([every, *(at for at, _ in across)])
    share = np.concatenate([np.zeros(len(first)), *(t for _, t in across)])
    order = np.lexsort((share, segment))
    segment, share = segment[order], share[order]
    following = np.append(share[1:], 1.0)
    following[np.append(segment[1:] != segment[:-1], True)] = 1.0
    metres = (following - share) * np.hypot(*(last - first).T)[segment]
    kept = metres > 0
    segment, share, following = segment[kept], share[kept], following[kept]
    middle = first[segment] + ((share + following) / 2)[:, None] * (last - first)[segment]
    square = (np.floor(middle / step_m) + 0.5) * step_m
    return _Steps(piece[segment], metres[kept], square[:, 0], square[:, 1])


def _crossings(first: FloatArray, last: FloatArray, step_m: float) -> tuple[IntArray, FloatArray]:
    """List where segments cross lines of a lattice: the segment, and its share up to there."""
    low = np.floor(np.minimum(first, last) / step_m).astype(np.int64) + 1
    high = np.ceil(np.maximum(first, last) / step_m).astype(np.int64) - 1
    counts = np.maximum(high - low + 1, 0)
    segment = np.repeat(np.arange(len(first)), counts)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    line = (low[segment] + number) * step_m
    return segment, (line - first[segment]) / (last - first)[segment]
