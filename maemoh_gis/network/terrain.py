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

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.network.edges import held_by, same_way
from maemoh_gis.network.pace import PACE, turned

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
    from maemoh_gis.network.places import Ground

_STEP_M = 250.0


def over_terrain(
    ground: Ground,
    slope_at: Callable[[FloatArray, FloatArray], FloatArray],
    speed_share: Sequence[tuple[float, float]],
    *,
    step_m: float = _STEP_M,
) -> None:
    """
    Lengthen the minutes of roads, in place, by the steepness of the ground under them.

    `slope_at` takes x and y, float64 (n,) in the CRS of the network, and gives the slope in
    percent, NaN where it is not known; it is looked up in squares of `step_m`. `speed_share` pairs
    slope, rising, and share of the speed that is kept; straight lines between, constant beyond.
    Every edge carries `level_minutes`, what it takes on level ground; `ground_slope_percent`, the
    mean where it is known; `slope_known_share`, the share of its length on which it is; and `pace`,
    where minutes are not spread evenly. Unknown ground slows nothing down.
    """
    slopes, shares = np.array(speed_share, dtype=np.float64).T
    graph, pieces = ground.graph, ground.pieces
    steps = _steps([shapely.get_coordinates(piece.line) for piece in pieces], step_m)
    slope = np.asarray(slope_at(steps.x, steps.y), dtype=np.float64)
    metres = steps.by_piece(steps.metres)
    known = ~np.isnan(slope)
    slower = np.where(known, 1.0 / np.interp(np.where(known, slope, 0.0), slopes, shares), 1.0)
    known_m = steps.by_piece(steps.metres * known)
    # Times add up, so it is the inverse of the shares that is averaged.
    longer = steps.by_piece(steps.metres * slower) / metres
    mean = _means(slope, known, steps)
    told = zip(longer.tolist(), (known_m / metres).tolist(), mean.tolist(), strict=True)
    paces = dict(_paces(slower, steps))
    for index, (piece, (more, share, mean_)) in enumerate(zip(pieces, told, strict=True)):
        own = {"slope_known_share": share} | ({"ground_slope_percent": mean_} if share else {})
        for key in piece.edges:
            held = held_by(graph, key)
            held["level_minutes"] = float(held["minutes"])
            held["minutes"] = held["level_minutes"] * more
            held.update(own)
            if index in paces:
                ahead = same_way(graph, key, piece.line)
                held[PACE] = paces[index] if ahead else turned(paces[index])


def _means(slope: FloatArray, known: BoolArray, steps: _Steps) -> FloatArray:
    """Give the mean slope of each course by length; the same slope everywhere is exactly itself."""
    at = np.where(known, np.arange(len(slope)), len(slope) - 1)
    first = slope[np.minimum.reduceat(at, steps.starts)]
    known_m = np.where(known, steps.metres, 0.0)
    off = np.where(known, slope - first[steps.piece], 0.0) * known_m
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(first + steps.by_piece(off) / steps.by_piece(known_m))


def _paces(slower: FloatArray, steps: _Steps) -> Iterator[tuple[int, FloatArray]]:
    """Say how the minutes are spread along courses; not of those on which they are even."""
    uneven = np.flatnonzero((np.diff(slower) != 0) & (np.diff(steps.piece) == 0))
    ends = np.append(steps.starts[1:], len(slower))
    for piece in np.unique(steps.piece[uneven]).tolist():
        here = slice(steps.starts[piece], ends[piece])
        metres, slow = steps.metres[here], slower[here]
        changes = np.flatnonzero(np.diff(slow) != 0)
        gone = np.column_stack([np.cumsum(metres), np.cumsum(metres * slow)])
        yield piece, np.vstack([[0.0, 0.0], gone[changes] / gone[-1], [1.0, 1.0]])


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

    @cached_property
    def starts(self) -> IntArray:
        """First step of each course; none is without a step."""
        return np.flatnonzero(np.append(True, np.diff(self.piece) > 0))

    def by_piece(self, values: FloatArray) -> FloatArray:
        """Add up values of steps by course."""
        return np.asarray(np.add.reduceat(values, self.starts))


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
