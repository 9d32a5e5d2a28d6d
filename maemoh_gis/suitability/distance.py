"""
Straight-line distance from cell centres to features, exact to the metre and beyond.

Around a line the reach is a true capsule and around a point a true disc: distances are measured to
the segments themselves, not to cells that were burnt from them, and features outside the grid
count.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numba
import numpy as np
import shapely

from maemoh_gis._types import BoolArray, FloatArray

if TYPE_CHECKING:
    from maemoh_gis.grid import Grid


def metres_to_features(shapes: np.ndarray, grid: Grid, cap_m: float) -> FloatArray:
    """
    Measure how far each cell centre is from the nearest feature.

    Parameters
    ----------
    shapes : object array of shapely geometries (n,)
        Points, lines or polygons in the CRS of the grid. Land inside a polygon is 0 m away.
    grid : Grid
        Where to measure.
    cap_m : float
        Distances beyond this are not told apart, in metres; more than the last value that matters.

    Returns
    -------
    distance : float32 array (rows, cols), m
        Infinite where the nearest feature is farther than `cap_m`; NaN everywhere when there is no
        feature at all, because a distance to nothing is not a distance.

    References
    ----------
    Point-to-segment distance by projection onto the segment, clamped to its ends.
    """
    shapes = np.asarray(shapes, dtype=object)
    shapes = shapes[~shapely.is_empty(shapes)] if shapes.size else shapes
    if shapes.size == 0:
        return np.full(grid.shape, np.nan, dtype=np.float32)
    west, south, east, north = grid.bounds
    reach = shapely.box(west - cap_m, south - cap_m, east + cap_m, north + cap_m)
    near = shapes[shapely.intersects(shapes, reach)]
    squared = np.full(grid.shape, np.inf, dtype=np.float64)
    segments = _segments(near)
    if len(segments):
        x, y = grid.x, grid.y
        workers = min(os.cpu_count() or 1, 8)
        edges = np.linspace(0, grid.rows, workers + 1).astype(int)
        with ThreadPoolExecutor(workers) as pool:
            list(
                pool.map(
                    lambda a, b: _nearest_segment(squared[a:b], x, y[a:b], segments, cap_m),
                    edges[:-1],
                    edges[1:],
                )
            )
    distance = np.sqrt(squared).astype(np.float32)
    distance[cells_inside(near, grid)] = 0.0
    distance[distance > cap_m] = np.inf
    return distance


def cells_inside(shapes: np.ndarray, grid: Grid) -> BoolArray:
    """
    Find the cells whose centre lies inside a polygon.

    Parameters
    ----------
    shapes : object array of shapely geometries (n,)
        Polygons in the CRS of the grid; other shapes hold no cell.
    grid : Grid
        Where to look.

    Returns
    -------
    inside : bool array (rows, cols)
        True where the centre is inside at least one polygon.
    """
    from rasterio.features import rasterize

    polygons = [s for s in shapes if s is not None and shapely.get_dimensions(s) == 2]
    if not polygons:
        return np.zeros(grid.shape, dtype=bool)
    burnt = rasterize(polygons, out_shape=grid.shape, transform=grid.transform, dtype=np.uint8)
    return np.asarray(burnt, dtype=bool)


def metres_to_outside(polygons: np.ndarray, grid: Grid, cap_m: float) -> FloatArray:
    """
    Measure how deep inside polygons each cell centre lies.

    Parameters
    ----------
    polygons : object array of shapely polygons (n,)
        Polygons in the CRS of the grid; borders between them do not count as an edge.
    grid : Grid
        Where to measure.
    cap_m : float
        Depths beyond this are not told apart, in metres.

    Returns
    -------
    depth : float32 array (rows, cols), m
        0 outside the polygons, infinite deeper than `cap_m`.
    """
    whole = shapely.union_all(polygons)
    depth = metres_to_features(np.array([shapely.boundary(whole)]), grid, cap_m)
    depth[~cells_inside(np.array([whole]), grid)] = 0.0
    return depth


def _segments(shapes: np.ndarray) -> FloatArray:
    """Take shapes apart into segments x0, y0, x1, y1; a point becomes a segment of no length."""
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


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _nearest_segment(
    squared: FloatArray, x: FloatArray, y: FloatArray, segments: FloatArray, cap: float
) -> None:
    """Lower `squared` (rows, cols) to the squared distance to each segment within `cap`."""
    rows, cols = squared.shape
    step = x[1] - x[0] if cols > 1 else 1.0
    drop = y[0] - y[1] if rows > 1 else 1.0
    for k in range(segments.shape[0]):
        ax, ay, bx, by = segments[k, 0], segments[k, 1], segments[k, 2], segments[k, 3]
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy
        col0 = max(int(np.floor((min(ax, bx) - cap - x[0]) / step)), 0)
        col1 = min(int(np.ceil((max(ax, bx) + cap - x[0]) / step)) + 1, cols)
        row0 = max(int(np.floor((y[0] - max(ay, by) - cap) / drop)), 0)
        row1 = min(int(np.ceil((y[0] - min(ay, by) + cap) / drop)) + 1, rows)
        for row in range(row0, row1):
            py = y[row] - ay
            for col in range(col0, col1):
                px = x[col] - ax
                t = 0.0
                if length2 > 0.0:
                    t = min(max((px * dx + py * dy) / length2, 0.0), 1.0)
                ex, ey = px - t * dx, py - t * dy
                d2 = ex * ex + ey * ey
                squared[row, col] = min(squared[row, col], d2)
