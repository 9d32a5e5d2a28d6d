"""
Turning traces made of raster cells into generalised outlines and lines.

A trace of a coarse raster follows the sides of its cells. Drawn as it is, the staircase looks like
a survey of right angles; smoothed, it looks like what it is, an outline known to about a cell. The
area is kept, because areas are compared with published figures.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import affinity

from maemoh_gis.core.units import rai_from_m2

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import FloatArray

METRES = "EPSG:32647"
"""CRS in which everything here is measured: WGS 84 / UTM zone 47N."""


def smooth_outline(
    shape: BaseGeometry, *, cell_m: float, rounds: int = 2, tolerance_m: float = 25.0
) -> BaseGeometry:
    """
    Draw a smooth outline through a staircase of cells and keep its area.

    Each ring is cut to sides of one cell, the middles of the sides are joined, which turns a
    diagonal staircase into a straight line, and the corners are cut off. Each part is then scaled
    about its centroid to the area it had.

    Parameters
    ----------
    shape : shapely.Polygon or shapely.MultiPolygon
        Trace in a projected CRS, metres.
    cell_m : float
        Side of the cells that were traced, in metres.
    rounds : int
        How often the corners are cut.
    tolerance_m : float
        Vertices nearer than this to the line through their neighbours are dropped.

    Returns
    -------
    shapely.Polygon or shapely.MultiPolygon
        Outline of the same area (to rounding) in the same CRS.

    References
    ----------
    Chaikin, G. M. (1974). An algorithm for high-speed curve generation. Computer Graphics and Image
    Processing 3, 346-349.
    """
    parts = [
        _smooth_part(part, cell_m, rounds, tolerance_m)
        for part in shapely.get_parts(shape).tolist()
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def smooth_line(
    line: BaseGeometry, *, rounds: int = 2, tolerance_m: float = 50.0
) -> shapely.LineString:
    """
    Cut the corners of a line and drop what is finer than the tolerance; both ends stay.

    Parameters
    ----------
    line : shapely.LineString
        Line in a projected CRS, metres.
    rounds : int
        How often the corners are cut.
    tolerance_m : float
        Vertices nearer than this to the line through their neighbours are dropped.

    Returns
    -------
    shapely.LineString
        The smoother line, with the same first and last vertex.
    """
    points = shapely.get_coordinates(line)
    for _ in range(rounds):
        points = np.vstack([points[:1], _quarter_points(points), points[-1:]])
    return shapely.simplify(shapely.LineString(points), tolerance_m)


def rounded_rai(area_m2: float, to_rai: int = 10) -> int:
    """Give an area in rai, rounded to a step that does not pretend to more than the trace knows."""
    return round(rai_from_m2(area_m2) / to_rai) * to_rai


def _smooth_part(
    part: shapely.Polygon, cell_m: float, rounds: int, tolerance_m: float
) -> shapely.Polygon:
    rings = [_smooth_ring(ring, cell_m, rounds) for ring in (part.exterior, *part.interiors)]
    smooth = shapely.simplify(shapely.Polygon(rings[0], rings[1:]), tolerance_m)
    factor = math.sqrt(part.area / smooth.area)
    return affinity.scale(smooth, factor, factor, origin=smooth.centroid)


def _smooth_ring(ring: shapely.LinearRing, cell_m: float, rounds: int) -> FloatArray:
    # A tenth more than a cell, because the sides of a cell given in degrees differ by that much.
    sides = shapely.get_coordinates(shapely.segmentize(ring, cell_m * 1.1))
    points: FloatArray = (sides[:-1] + sides[1:]) / 2
    for _ in range(rounds):
        points = _quarter_points(np.vstack([points, points[:1]]))
    return points


def _quarter_points(points: FloatArray) -> FloatArray:
    """Give the points at one and three quarters of each side, array (2 * sides, 2)."""
    start, end = points[:-1], points[1:]
    cut: FloatArray = np.stack([0.75 * start + 0.25 * end, 0.25 * start + 0.75 * end], axis=1)
    return cut.reshape(-1, 2)
