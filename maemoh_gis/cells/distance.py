"""
Straight-line distance from cell centres to features, exact to the metre and beyond.

Around a line the reach is a true capsule and around a point a true disc: distances are measured to
the segments themselves, not to cells that were burnt from them, and features outside the grid
count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.interiors import cells_inside_polygons
from maemoh_gis.cells.segments import metres_to_segments, segments_of
from maemoh_gis.core.types import BoolArray, FloatArray

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid


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
    """
    shapes = present(shapes)
    if shapes.size == 0:
        return np.full(grid.shape, np.nan, dtype=np.float32)
    near = within_reach(shapes, grid, cap_m)
    distance = metres_to_segments(segments_of(near), grid, cap_m)
    distance[cells_inside(near, grid)] = 0.0
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
    shapes = np.asarray(shapes, dtype=object)
    return cells_inside_polygons(shapes[shapely.get_dimensions(shapes) == 2], grid)


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
    whole = polygons[0] if len(polygons) == 1 else shapely.union_all(polygons)
    depth = metres_to_features(np.array([shapely.boundary(whole)]), grid, cap_m)
    depth[~cells_inside(np.array([whole]), grid)] = 0.0
    return depth


def present(shapes: np.ndarray) -> np.ndarray:
    """Leave out missing and empty shapes; an object array (n,)."""
    shapes = np.asarray(shapes, dtype=object)
    if shapes.size == 0:
        return shapes
    return np.asarray(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))])


def within_reach(shapes: np.ndarray, grid: Grid, reach_m: float) -> np.ndarray:
    """Leave out shapes that no cell of the grid can see; an object array (n,)."""
    west, south, east, north = grid.bounds
    box = (west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    bounds = shapely.bounds(shapes)
    meets = (bounds[:, :2] <= box[2:]).all(axis=1) & (bounds[:, 2:] >= box[:2]).all(axis=1)
    return np.asarray(shapes[meets])
