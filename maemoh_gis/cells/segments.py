"""
Distance from cell centres to the nearest of many segments, without asking every segment.

A tile of cells is halved until few segments can be the nearest of any of its cells. A segment is
dropped only on proof, so every cell gets the least distance over all segments, bit for bit, in
whatever window or strip it is asked for.

The proof: distance to a segment is convex. At a tile's corners let `a` be the distance to the
segment nearest to its middle, and `b` the plane that touches, at the middle, the distance to
another. If `a < b` at all four corners, then inside the tile the first stays below its corners'
plane, the second above its own, and the second is never nearest.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.bands import in_bands
from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import FloatArray, IntArray

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid

Tile = tuple[int, int, int, int]

# A tile this small is measured, not halved again: halving costs more than it saves.
_LEAF_ROWS, _LEAF_COLS = 8, 32
# Rounding of coordinates of some 1e6 m is below 1e-9 m; a segment this near to being the nearest is
# kept.
_SLACK_M = 1e-4


def segments_of(shapes: np.ndarray) -> FloatArray:
    """
    Take shapes apart into segments.

    Parameters
    ----------
    shapes : object array of shapely geometries (n,)
        Points, lines and polygons; of polygons the rings are taken.

    Returns
    -------
    segments : float64 array (m, 4)
        Ends x0, y0, x1, y1; a point becomes a segment of no length.
    """
    parts = [np.empty((0, 4))]
    points = shapely.get_parts(shapes[shapely.get_dimensions(shapes) == 0])
    if len(points):
        xy = shapely.get_coordinates(points)
        parts.append(np.hstack([xy, xy]))
    lines = shapes[shapely.get_dimensions(shapes) == 1]
    rings = shapely.get_rings(shapely.get_parts(shapes[shapely.get_dimensions(shapes) == 2]))
    for part in (shapely.get_parts(lines), rings):
        xy, owner = shapely.get_coordinates(part, return_index=True)
        joined = owner[1:] == owner[:-1]
        parts.append(np.hstack([xy[:-1], xy[1:]])[joined])
    return np.ascontiguousarray(np.vstack(parts), dtype=np.float64)


def metres_to_segments(segments: FloatArray, grid: Grid, cap_m: float) -> FloatArray:
    """
    Measure how far each cell centre is from the nearest segment.

    Parameters
    ----------
    segments : float64 array (m, 4)
        x0, y0, x1, y1 in the CRS of the grid.
    grid : Grid
        Where to measure.
    cap_m : float
        Distances beyond this are not told apart, in metres.

    Returns
    -------
    distance : float32 array (rows, cols), m
        Infinite beyond `cap_m`.

    References
    ----------
    Point-to-segment distance by projection onto the segment, clamped to its ends.
    """
    distance = np.full(grid.shape, np.inf, dtype=np.float32)
    x, y = grid.x, grid.y
    in_bands(
        lambda top, end: _measure(
            distance[top:end], x, y[top:end], _in_reach(segments, y[top:end], cap_m), cap_m
        ),
        grid.rows,
    )
    return distance


def _in_reach(segments: FloatArray, y: FloatArray, cap_m: float) -> FloatArray:
    """Keep the segments that can reach a band of rows."""
    north, south = y[0] + cap_m + 1.0, y[-1] - cap_m - 1.0
    low = np.minimum(segments[:, 1], segments[:, 3])
    high = np.maximum(segments[:, 1], segments[:, 3])
    return np.asarray(segments[(low <= north) & (high >= south)])


@kernel()
def _distance(px: float, py: float, s: FloatArray) -> tuple[float, float, float]:
    """Give the distance from a point to a segment and the unit vector from the segment to it."""
    dx, dy = s[2] - s[0], s[3] - s[1]
    wx, wy = px - s[0], py - s[1]
    length2 = dx * dx + dy * dy
    t = 0.0
    if length2 > 0.0:
        t = min(max((wx * dx + wy * dy) / length2, 0.0), 1.0)
    ex, ey = wx - t * dx, wy - t * dy
    d = math.sqrt(ex * ex + ey * ey)
    if d == 0.0:
        return 0.0, 0.0, 0.0
    return d, ex / d, ey / d


@kernel()
def _keep_possible(
    segments: FloatArray,
    ids: IntArray,
    box: tuple[float, float, float, float],
    cap: float,
    kept: IntArray,
    scratch: FloatArray,
) -> int:
    """
    Keep the segments that may be nearest to, and within `cap` of, some point of a box.

    Returns how many were written to `kept`.
    """
    west, south, east, north = box
    mx, my = 0.5 * (west + east), 0.5 * (south + north)
    hx, hy = 0.5 * (east - west), 0.5 * (north - south)
    nearest, least = -1, np.inf
    for k in range(len(ids)):
        d, gx, gy = _distance(mx, my, segments[ids[k]])
        scratch[0, k], scratch[1, k], scratch[2, k] = d, gx * hx, gy * hy
        if d < least:
            nearest, least = k, d
    if nearest < 0:
        return 0
    best = segments[ids[nearest]]
    nw = _distance(west, north, best)[0]
    ne = _distance(east, north, best)[0]
    sw = _distance(west, south, best)[0]
    se = _distance(east, south, best)[0]
    farthest = max(nw, ne, sw, se)
    half = math.sqrt(hx * hx + hy * hy) + _SLACK_M
    count = 0
    for k in range(len(ids)):
        d, ax, ay = scratch[0, k] - _SLACK_M, scratch[1, k], scratch[2, k]
        if d - half > cap or d - half > farthest:
            continue
        # The last test alone would do; those above cost less.
        if k != nearest and (
            nw < d - ax + ay and ne < d + ax + ay and sw < d - ax - ay and se < d + ax - ay
        ):
            continue
        kept[count] = ids[k]
        count += 1
    return count


@kernel(error_model="numpy")
def _least_squares_of_row(
    row: FloatArray, x: FloatArray, y: float, segments: FloatArray, ids: IntArray
) -> None:
    """Set `row` to the least squared distance of points (x, y) over the segments in `ids`."""
    for col in range(len(row)):
        row[col] = np.inf
    for k in ids:
        ax, ay = segments[k, 0], segments[k, 1]
        dx, dy = segments[k, 2] - ax, segments[k, 3] - ay
        length2 = dx * dx + dy * dy
        py = y - ay
        if length2 > 0.0:
            for col in range(len(x)):
                px = x[col] - ax
                t = (px * dx + py * dy) / length2
                t = max(t, 0.0)
                t = min(t, 1.0)
                ex, ey = px - t * dx, py - t * dy
                d2 = ex * ex + ey * ey
                row[col] = min(row[col], d2)
        else:
            for col in range(len(x)):
                px = x[col] - ax
                d2 = px * px + py * py
                row[col] = min(row[col], d2)


@kernel()
def _halves(tile: Tile) -> tuple[Tile, Tile]:
    """Cut a tile (top, end, left, right) across its longer side."""
    top, end, left, right = tile
    if right - left > 2 * (end - top):
        middle = left + (right - left) // 2
        return (top, end, left, middle), (top, end, middle, right)
    middle = top + (end - top) // 2
    return (top, middle, left, right), (middle, end, left, right)


@kernel()
def _measure(
    out: FloatArray, x: FloatArray, y: FloatArray, segments: FloatArray, cap: float
) -> None:
    """Write distances up to `cap` into `out` (rows, cols)."""
    if len(segments) == 0:
        return
    limit = np.float32(cap)
    row_best = np.empty(len(x))
    scratch = np.empty((3, len(segments)))
    lists = np.empty(4 * len(segments) + 64, dtype=np.int32)
    # One by one: an array put into a slice would bring the compiling of numpy's complaints along.
    for k in range(len(segments)):
        lists[k] = k
    todo = [(0, out.shape[0], 0, out.shape[1], 0, len(segments))]
    while len(todo) > 0:
        top, end, left, right, first, last = todo.pop()
        if 2 * last - first > len(lists):
            longer = np.empty(2 * len(lists), dtype=np.int32)
            for k in range(last):
                longer[k] = lists[k]
            lists = longer
        box = (x[left], y[end - 1], x[right - 1], y[top])
        count = _keep_possible(segments, lists[first:last], box, cap, lists[last:], scratch)
        if count == 0:
            continue
        if count > 1 and (end - top > _LEAF_ROWS or right - left > _LEAF_COLS):
            one, other = _halves((top, end, left, right))
            todo.append((*other, last, last + count))
            todo.append((*one, last, last + count))
            continue
        ids = lists[last : last + count]
        for row in range(top, end):
            best = row_best[left:right]
            _least_squares_of_row(best, x[left:right], y[row], segments, ids)
            for col in range(right - left):
                metres = np.float32(math.sqrt(best[col]))
                out[row, left + col] = metres if metres <= limit else np.float32(np.inf)
