"""How much of points, lines and polygons lies in each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.distance import cells_inside, present
from maemoh_gis.cells.segments import segments_of
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# A line is cut into pieces no longer than this share of a cell, each counted at its middle.
_PIECE = 0.1


def amount_in_cells(shapes: np.ndarray, grid: Grid) -> FloatArray:
    """
    Measure how much of some features lies in each cell.

    Parameters
    ----------
    shapes : object array of shapely geometries (n,)
        Points, lines or polygons in the CRS of the grid, of one dimension; parts of a shape count
        like shapes of their own.
    grid : Grid
        Where to measure; what lies outside counts nowhere.

    Returns
    -------
    amount : float64 array (rows, cols)
        Points, metres of line, or cells of polygon: a polygon larger than a cell counts where it
        holds cell centres, or by its area in each cell if it holds none; a smaller one by its area
        at one point inside.
    """
    # Twice, for collections hold shapes of many parts.
    shapes = present(shapely.get_parts(shapely.get_parts(present(shapes))))
    if not shapes.size:
        return np.zeros(grid.shape)
    dimension = int(shapely.get_dimensions(shapes).max())
    if dimension == 0:
        xy = shapely.get_coordinates(shapes)
        return _summed(xy, np.ones(len(xy)), grid)
    if dimension == 1:
        return _metres(segments_of(shapes), grid)
    return _cells(shapes[shapely.get_dimensions(shapes) == dimension], grid)


def _cells(polygons: np.ndarray, grid: Grid) -> FloatArray:
    small = shapely.area(polygons) < grid.cell_area_m2
    inside = shapely.get_coordinates(shapely.point_on_surface(polygons[small]))
    parts = shapely.area(polygons[small]) / grid.cell_area_m2
    amount = _summed(inside, parts, grid) + cells_inside(polygons[~small], grid)
    for polygon in polygons[~small]:
        window = _window(polygon, grid)
        if window and not cells_inside(np.array([polygon]), window).any():
            amount[grid.window_of(window)] += _shares(polygon, window)
    return amount


def _window(shape: BaseGeometry, grid: Grid) -> Grid | None:
    """Cut out the cells that the bounds of a shape meet; None where they meet none."""
    reach = Grid.covering(shape.bounds, crs=grid.crs, cell_m=grid.cell_m)
    row0, col0 = max(reach.row0, grid.row0), max(reach.col0, grid.col0)
    row1 = min(reach.row0 + reach.rows, grid.row0 + grid.rows)
    col1 = min(reach.col0 + reach.cols, grid.col0 + grid.cols)
    if row0 >= row1 or col0 >= col1:
        return None
    return Grid(grid.crs, grid.cell_m, col0, row0, row1 - row0, col1 - col0)


def _shares(polygon: BaseGeometry, grid: Grid) -> FloatArray:
    """Measure the share of each cell that a polygon covers."""
    half = grid.cell_m / 2
    x, y = np.meshgrid(grid.x, grid.y)
    cells = shapely.box(x - half, y - half, x + half, y + half)
    shapely.prepare(polygon)
    met = shapely.intersects(polygon, cells)
    shares = np.zeros(grid.shape)
    shares[met] = shapely.area(shapely.intersection(polygon, cells[met])) / grid.cell_area_m2
    return shares


def _metres(segments: FloatArray, grid: Grid) -> FloatArray:
    start, end = segments[:, :2], segments[:, 2:4]
    metres = np.hypot(*(end - start).T)
    pieces = np.maximum(1, np.ceil(metres / (_PIECE * grid.cell_m))).astype(np.int64)
    of = np.repeat(np.arange(len(segments)), pieces)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    along = (np.arange(len(of)) - first + 0.5) / pieces[of]
    middles = start[of] + along[:, None] * (end - start)[of]
    return _summed(middles, (metres / pieces)[of], grid)


def _summed(xy: FloatArray, amounts: FloatArray, grid: Grid) -> FloatArray:
    """Add amounts at points up by cell."""
    west, _, _, north = grid.bounds
    col = np.floor((xy[:, 0] - west) / grid.cell_m)
    row = np.floor((north - xy[:, 1]) / grid.cell_m)
    there = (row >= 0) & (row < grid.rows) & (col >= 0) & (col < grid.cols)
    cell = (row[there] * grid.cols + col[there]).astype(np.int64)
    sums = np.bincount(cell, weights=amounts[there], minlength=grid.rows * grid.cols)
    return np.asarray(sums, dtype=np.float64).reshape(grid.shape)
