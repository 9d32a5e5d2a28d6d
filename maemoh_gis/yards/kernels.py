"""Compiled loops of the yard fit: how far a line strays from a chord, which cells lie beneath."""

from __future__ import annotations

import math

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import FloatArray, IntArray

# Rectangles are shrunk by this much, so a cell centre exactly on an edge is outside on every side.
_EDGE_M = 1e-6


# That of numpy takes longer to compile than all else here.
@kernel()
def _after(rising: FloatArray, at: float) -> int:
    """Give the number of the first value beyond a place, by halving."""
    low, high = 0, rising.shape[0]
    while low < high:
        middle = (low + high) // 2
        if at < rising[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@kernel()
def _read(rising: FloatArray, values: FloatArray, at: float) -> float:
    """Read values between their places, straight from one to the next."""
    k = min(max(_after(rising, at), 1), rising.shape[0] - 1)
    share = (at - rising[k - 1]) / (rising[k] - rising[k - 1])
    return float(values[k - 1] + share * (values[k] - values[k - 1]))


@kernel()
def chord_geometry(
    xy: FloatArray, chainage: FloatArray, middles: FloatArray, length: float
) -> FloatArray:
    """
    Lay a chord along the line around each position.

    Parameters
    ----------
    xy : float64 array (v, 2), m
        Vertices of the line.
    chainage : float64 array (v,), m
        Distance of each vertex along the line, rising.
    middles : float64 array (n,), m
        Chainage of each position.
    length : float
        Length of line under the chord, half of it on either side, in metres.

    Returns
    -------
    chords : float64 array (n, 5)
        Middle of the chord x, y, unit vector x, y, and the most the line strays from the chord, all
        in metres; infinite where the line ends too early. The last is exact: the farthest point of
        a polyline from a straight line is a vertex.
    """
    n = middles.shape[0]
    result = np.zeros((n, 5))
    for k in range(n):
        start, end = middles[k] - length / 2, middles[k] + length / 2
        if start < chainage[0] or end > chainage[-1]:
            result[k, 2], result[k, 4] = 1.0, np.inf
            continue
        ax = _read(chainage, xy[:, 0], start)
        ay = _read(chainage, xy[:, 1], start)
        bx = _read(chainage, xy[:, 0], end)
        by = _read(chainage, xy[:, 1], end)
        span = math.hypot(bx - ax, by - ay)
        result[k, 0], result[k, 1] = (ax + bx) / 2, (ay + by) / 2
        if span == 0.0:
            result[k, 2], result[k, 4] = 1.0, np.inf
            continue
        ux, uy = (bx - ax) / span, (by - ay) / span
        stray = 0.0
        i = _after(chainage, start)
        while i < chainage.shape[0] and chainage[i] < end:
            across = (xy[i, 1] - ay) * ux - (xy[i, 0] - ax) * uy
            stray = max(stray, abs(across))
            i += 1
        result[k, 2], result[k, 3], result[k, 4] = ux, uy, stray
    return result


@kernel()
def sums_beneath(
    rectangles: FloatArray, layers: IntArray, west: float, north: float, cell: float
) -> IntArray:
    """
    Count cells beneath rectangles, and sum rasters over them.

    Parameters
    ----------
    rectangles : float64 array (n, 6), m
        Centre x, y, unit vector x, y, half length, half width; they lie inside the rasters.
    layers : int64 array (k, rows, cols + 1)
        Running sums along rows of k whole-number rasters.
    west, north, cell : float
        Corner of the rasters and side of a cell, in metres.

    Returns
    -------
    sums : int64 array (n, k + 1)
        Cells whose centre lies inside the rectangle, then the sum of each raster over them.
    """
    n, k = rectangles.shape[0], layers.shape[0]
    rows, cols = layers.shape[1], layers.shape[2] - 1
    result = np.zeros((n, k + 1), np.int64)
    for i in range(n):
        x, y, ux, uy = rectangles[i, 0], rectangles[i, 1], rectangles[i, 2], rectangles[i, 3]
        half_l, half_w = rectangles[i, 4] - _EDGE_M, rectangles[i, 5] - _EDGE_M
        reach = half_l * abs(uy) + half_w * abs(ux)
        row0 = max(math.ceil((north - y - reach) / cell - 0.5), 0)
        row1 = min(math.floor((north - y + reach) / cell - 0.5), rows - 1)
        for r in range(row0, row1 + 1):
            dy = north - (r + 0.5) * cell - y
            # Along: |dx ux + dy uy| <= half_l; across: |dy ux - dx uy| <= half_w.
            low, high = -np.inf, np.inf
            if ux != 0.0:
                a, b = (-half_l - dy * uy) / ux, (half_l - dy * uy) / ux
                low, high = max(low, min(a, b)), min(high, max(a, b))
            elif abs(dy * uy) > half_l:
                continue
            if uy != 0.0:
                a, b = (dy * ux - half_w) / uy, (dy * ux + half_w) / uy
                low, high = max(low, min(a, b)), min(high, max(a, b))
            elif abs(dy * ux) > half_w:
                continue
            if low > high:
                continue
            col0 = max(math.ceil((x + low - west) / cell - 0.5), 0)
            col1 = min(math.floor((x + high - west) / cell - 0.5), cols - 1)
            if col1 < col0:
                continue
            result[i, 0] += col1 - col0 + 1
            for j in range(k):
                result[i, j + 1] += layers[j, r, col1 + 1] - layers[j, r, col0]
    return result


@kernel()
def heights_over(
    chainage: FloatArray, height: FloatArray, starts: FloatArray, ends: FloatArray
) -> FloatArray:
    """
    Find the lowest and highest height and the steepest stretch between two chainages.

    Parameters
    ----------
    chainage, height : float64 arrays (v,), m
        Heights of the line, chainage rising; straight between them.
    starts, ends : float64 arrays (n,), m
        Both ends of each stretch.

    Returns
    -------
    found : float64 array (n, 3)
        Lowest and highest height in metres, steepest grade between neighbouring heights (a ratio);
        NaN where the heights do not reach.
    """
    n = starts.shape[0]
    result = np.full((n, 3), np.nan)
    for k in range(n):
        start, end = starts[k], ends[k]
        if start < chainage[0] or end > chainage[-1]:
            continue
        x0, z0 = start, _read(chainage, height, start)
        low, high, steepest = z0, z0, 0.0
        i = _after(chainage, start)
        while x0 < end:
            x1 = min(chainage[i], end) if i < chainage.shape[0] else end
            z1 = _read(chainage, height, x1)
            if x1 > x0:
                steepest = max(steepest, abs(z1 - z0) / (x1 - x0))
            low, high = min(low, z1), max(high, z1)
            x0, z0 = x1, z1
            i += 1
        result[k, 0], result[k, 1], result[k, 2] = low, high, steepest
    return result


@kernel()
def stretch_starts(rectangles: FloatArray, longest: float) -> IntArray:
    """
    Cut rectangles, in their order, where the box around their corners would grow too long.

    Parameters
    ----------
    rectangles : float64 array (n, 6), m
        See `yard_shapes.beside`; the first two numbers are counted.
    longest : float
        Longest side of the box, m.

    Returns
    -------
    int64 array (k,)
        Number of the first rectangle of each stretch.
    """
    cuts = np.zeros(rectangles.shape[0] + 1, dtype=np.int64)
    found = 1
    west = east = south = north = 0.0
    for k in range(rectangles.shape[0]):
        x, y = rectangles[k, 0], rectangles[k, 1]
        if k > 0:
            west, east = min(west, x), max(east, x)
            south, north = min(south, y), max(north, y)
        if k == 0 or east - west > longest or north - south > longest:
            west = east = x
            south = north = y
            if k > 0:
                cuts[found] = k
                found += 1
    return cuts[:found]
