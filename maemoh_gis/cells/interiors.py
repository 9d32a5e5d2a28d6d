"""
Cells inside polygons, by counting the edges west of a cell centre.

Every edge is met at the latitude of a row of centres by one formula from absolute coordinates,
from its southern end, so a cell has one answer in every window, and of two polygons that share an
edge exactly one holds a centre beside it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.bands import in_bands
from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid


def cells_inside_polygons(polygons: np.ndarray, grid: Grid) -> BoolArray:
    """
    Find the cells whose centre lies inside a polygon.

    Parameters
    ----------
    polygons : object array of shapely polygons (n,)
        Valid polygons in the CRS of the grid; they may overlap.
    grid : Grid
        Where to look.

    Returns
    -------
    inside : bool array (rows, cols)
        True where the centre is inside at least one polygon.

    References
    ----------
    Winding number: shells run one way and holes the other, so it counts the polygons around a
    centre.
    """
    inside = np.zeros(grid.shape, dtype=np.bool_)
    edges = _edges(polygons)
    x, y = grid.x, grid.y

    def fill(top: int, end: int) -> None:
        near = edges[(edges[:, 1] <= y[top]) & (edges[:, 3] > y[end - 1])]
        if len(near):
            turns = np.zeros((end - top, grid.cols), dtype=np.int16)
            _fill(inside[top:end], turns, x, y[top:end], near)

    in_bands(fill, grid.rows)
    return inside


def _edges(polygons: np.ndarray) -> FloatArray:
    """List edges as x, y of the southern end, x, y of the northern, and +1 or -1 by direction."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(polygons)))
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    joined = owner[1:] == owner[:-1]
    start, stop = xy[:-1][joined], xy[1:][joined]
    up = start[:, 1] < stop[:, 1]
    south, north = np.where(up[:, None], start, stop), np.where(up[:, None], stop, start)
    edges = np.column_stack([south, north, np.where(up, 1.0, -1.0)])
    return np.ascontiguousarray(edges[south[:, 1] < north[:, 1]])


@kernel()
def _fill(
    inside: BoolArray, turns: IntArray, x: FloatArray, y: FloatArray, edges: FloatArray
) -> None:
    """Set `inside` (rows, cols) where the edges to the west do not cancel out; `turns` are 0."""
    rows, cols = inside.shape
    step = x[1] - x[0] if cols > 1 else 1.0
    drop = y[0] - y[1] if rows > 1 else 1.0
    for k in range(len(edges)):
        ax, ay, bx, by = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        first = max(math.floor((y[0] - by) / drop) - 1, 0)
        last = min(math.ceil((y[0] - ay) / drop) + 1, rows - 1)
        for row in range(first, last + 1):
            # Half open, so an edge's end is met once by the two edges that share it.
            if not ay <= y[row] < by:
                continue
            crossing = ax + (y[row] - ay) * ((bx - ax) / (by - ay))
            col = min(max(math.floor((crossing - x[0]) / step) - 1, 0), cols)
            while col < cols and x[col] <= crossing:
                col += 1
            if col < cols:
                turns[row, col] += np.int16(edges[k, 4])
    for row in range(rows):
        total = 0
        for col in range(cols):
            total += turns[row, col]
            inside[row, col] = total != 0
