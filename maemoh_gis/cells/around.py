"""
Measures of what lies around a cell: gravity, density, shares of classes, figures of zones.

Each looks at exact discs around cell centres and counts what lies outside the grid, and none
depends on the window it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.segments import segments_of
from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid

# A feature at the doorstep is not infinitely attractive. ASSUMPTION.
LEAST_MINUTES = 1.0


def gravity(
    shapes: np.ndarray, weights: FloatArray, grid: Grid, *, kph: float, within_m: float
) -> FloatArray:
    """
    Sum the weights of features over the minutes to each of them.

    Parameters
    ----------
    shapes : object array of shapely geometries (n,)
        Features in the CRS of the grid; lines and polygons count at a point on them.
    weights : float array (n,)
        What each weighs, such as tonnes a year; not negative.
    grid : Grid
        Where to measure.
    kph : float
        Speed in a straight line, kilometres an hour.
    within_m : float
        Features farther than this do not count.

    Returns
    -------
    gravity : float32 array (rows, cols)
        Weight per minute; a feature nearer than one minute counts as one minute away.

    References
    ----------
    Potential accessibility of Hansen 1959, Journal of the American Institute of Planners 25,
    73-76, with an exponent of 1.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(np.asarray(shapes, dtype=object)))
    sums = np.zeros(grid.shape)
    _add_gravity(
        sums, grid.x, grid.y, points, np.asarray(weights, dtype=np.float64),
        60.0 / (kph * 1000.0), within_m,
    )  # fmt: skip
    return sums.astype(np.float32)


def density(shapes: np.ndarray, grid: Grid, within_m: float) -> FloatArray:
    """
    Measure features per square kilometre in the disc around each cell centre.

    Parameters
    ----------
    shapes : object array of shapely geometries (n,)
        Points, counted, or lines, whose length inside the disc is measured; in the CRS of the grid.
    grid : Grid
        Where to measure.
    within_m : float
        Radius of the disc.

    Returns
    -------
    density : float32 array (rows, cols)
        Points, or kilometres of line, a square kilometre.
    """
    sums = np.zeros(grid.shape)
    _add_lengths(sums, grid.x, grid.y, segments_of(shapes), within_m)
    return (sums / (np.pi * (within_m / 1000.0) ** 2)).astype(np.float32)


def share_around(
    holds: BoolArray, known: BoolArray, radius_cells: float, margin: int
) -> FloatArray:
    """
    Give the share of known cells in the disc around each cell that hold something.

    Parameters
    ----------
    holds, known : bool array (rows + 2 margin, cols + 2 margin)
        Cells that hold it, and cells of which it is known; a margin around the wanted ones.
    radius_cells : float
        Radius of the disc in cells; a cell counts if its centre is inside.
    margin : int
        Width of the margin, at least the radius.

    Returns
    -------
    share : float32 array (rows, cols)
        0 to 1; NaN where nothing around is known. Counts are whole numbers, so sums are exact.
    """
    counted = _disc_count(holds & known, radius_cells, margin)
    of = _disc_count(known, radius_cells, margin)
    with np.errstate(invalid="ignore"):
        return np.where(of > 0, counted / of, np.nan).astype(np.float32)


def zone_figure(shapes: np.ndarray, figures: FloatArray, grid: Grid) -> FloatArray:
    """
    Give each cell the figure of the zone its centre lies in.

    Parameters
    ----------
    shapes : object array of shapely polygons (n,)
        Zones in the CRS of the grid; where they overlap, the later one counts.
    figures : float array (n,)
        Figure of each zone.
    grid : Grid
        Where to read.

    Returns
    -------
    figure : float32 array (rows, cols)
        NaN outside every zone and where the figure is missing.
    """
    from rasterio.features import rasterize

    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    left, bottom, right, top = grid.bounds
    # What lies elsewhere would be drawn for nothing, which for a small window is most of the time.
    here = (west <= right) & (east >= left) & (south <= top) & (north >= bottom)
    pairs = [(shapes[k], k + 1) for k in np.flatnonzero(here).tolist()]
    zone = np.zeros(grid.shape, dtype=np.int32)
    if pairs:
        zone = rasterize(pairs, out_shape=grid.shape, transform=grid.transform, dtype=np.int32)
    table = np.concatenate([[np.nan], figures]).astype(np.float32)
    return np.asarray(table[zone])


def _disc_count(mask: BoolArray, radius: float, margin: int) -> FloatArray:
    """Count the True cells in the disc around each inner cell, by running sums along rows."""
    rows, cols = mask.shape[0] - 2 * margin, mask.shape[1] - 2 * margin
    running = np.zeros((mask.shape[0], mask.shape[1] + 1), dtype=np.int64)
    np.cumsum(mask, axis=1, out=running[:, 1:])
    count = np.zeros((rows, cols), dtype=np.int64)
    for down in range(-int(radius), int(radius) + 1):
        half = int(np.sqrt(radius * radius - down * down))
        band = running[margin + down : margin + down + rows]
        left, right = margin - half, margin + half + 1
        count += band[:, right : right + cols] - band[:, left : left + cols]
    return count.astype(np.float64)


# Features are the outer loop, so every cell adds them in one order whatever its window.


@kernel()
def _reached(centres: FloatArray, low: float, high: float) -> tuple[int, int]:
    """Give the range of evenly spaced centres that may lie between two coordinates."""
    if centres.size == 1:
        return 0, 1
    step = centres[1] - centres[0]
    first, last = (low - centres[0]) / step, (high - centres[0]) / step
    if step < 0:
        first, last = last, first
    return max(int(np.floor(first)), 0), min(int(np.ceil(last)) + 1, centres.size)


@kernel()
def _add_gravity(
    sums: FloatArray, x: FloatArray, y: FloatArray, points: FloatArray, weights: FloatArray,
    minutes_per_m: float, within: float,
) -> None:  # fmt: skip
    for k in range(points.shape[0]):
        px, py = points[k, 0], points[k, 1]
        row0, row1 = _reached(y, py - within, py + within)
        col0, col1 = _reached(x, px - within, px + within)
        for row in range(row0, row1):
            for col in range(col0, col1):
                dx, dy = x[col] - px, y[row] - py
                metres = np.sqrt(dx * dx + dy * dy)
                if metres <= within:
                    sums[row, col] += weights[k] / max(metres * minutes_per_m, LEAST_MINUTES)


@kernel()
def _add_lengths(
    sums: FloatArray, x: FloatArray, y: FloatArray, segments: FloatArray, radius: float
) -> None:
    """Add the kilometres of each segment inside the disc; a segment of no length counts 1."""
    for k in range(segments.shape[0]):
        x0, y0, x1, y1 = segments[k, 0], segments[k, 1], segments[k, 2], segments[k, 3]
        row0, row1 = _reached(y, min(y0, y1) - radius, max(y0, y1) + radius)
        col0, col1 = _reached(x, min(x0, x1) - radius, max(x0, x1) + radius)
        dx, dy = x1 - x0, y1 - y0
        length2 = dx * dx + dy * dy
        for row in range(row0, row1):
            for col in range(col0, col1):
                ax, ay = x0 - x[col], y0 - y[row]
                distance2 = ax * ax + ay * ay
                if length2 == 0.0:
                    if distance2 <= radius * radius:
                        sums[row, col] += 1.0
                    continue
                along = -(ax * dx + ay * dy) / length2
                off2 = distance2 - along * along * length2
                if off2 >= radius * radius:
                    continue
                half = np.sqrt((radius * radius - off2) / length2)
                start, end = max(along - half, 0.0), min(along + half, 1.0)
                if end > start:
                    sums[row, col] += (end - start) * np.sqrt(length2) / 1000.0
