"""
Land within reach of features or of cells, as a mask, without measuring every distance.

Around segments the reach is a union of true capsules, found tile by tile: a tile wholly inside or
outside is settled at once and only the edge is measured. Around cells it is a union of true discs
between cell centres, in whole numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis._types import BoolArray, IntArray
from maemoh_gis.compiled import kernel
from maemoh_gis.suitability.bands import in_bands
from maemoh_gis.suitability.distance import cells_inside, present, within_reach
from maemoh_gis.suitability.segments import cells_near_segments, segments_of

if TYPE_CHECKING:
    from maemoh_gis.grid import Grid

_FAR = 255
# Beyond this a distance transform is cheaper, and distances no longer fit into a byte.
LARGEST_DISC_CELLS = 200


def cells_within(shapes: np.ndarray, grid: Grid, reach_m: float) -> BoolArray:
    """
    Find the cells whose centre is up to `reach_m` from a feature.

    Parameters
    ----------
    shapes : object array of shapely geometries (n,)
        Points, lines or polygons in the CRS of the grid; land inside a polygon is within.
    grid : Grid
        Where to look.
    reach_m : float
        Reach in metres, not negative; a centre exactly there is within.

    Returns
    -------
    within : bool array (rows, cols)
        Bit for bit `metres_to_features(shapes, grid, cap) <= reach_m` for any larger cap.
    """
    near = within_reach(kept, grid, reach_m) if len(kept := present(shapes)) else kept
    if len(near) == 0:
        return np.zeros(grid.shape, dtype=np.bool_)
    within = cells_near_segments(segments_of(near), grid, reach_m)
    within |= cells_inside(near, grid)
    return within


def cells_near_cells(wanted: BoolArray, reach_cells: float) -> BoolArray:
    """
    Find the cells whose centre is up to `reach_cells` from the centre of a wanted cell.

    Parameters
    ----------
    wanted : bool array (rows, cols)
        Cells to reach out from; cells outside the array count as not wanted, so give a margin.
    reach_cells : float
        Reach in cells, up to `LARGEST_DISC_CELLS`.

    Returns
    -------
    near : bool array (rows, cols)
        Exact: centres are whole numbers of cells apart.

    Examples
    --------
    >>> cells_near_cells(np.array([[True, False, False, False]]), 2.0)
    array([[ True,  True,  True, False]])
    """
    assert 0 <= reach_cells <= LARGEST_DISC_CELLS
    reach = math.floor(reach_cells)
    square = math.floor(reach_cells * reach_cells + 1e-9)
    half_widths = np.array([math.isqrt(square - d * d) for d in range(reach + 1)], dtype=np.uint8)
    wanted = np.ascontiguousarray(wanted, dtype=np.bool_)
    near = np.zeros(wanted.shape, dtype=np.bool_)
    in_bands(lambda top, end: _spread(wanted, near, top, end, half_widths), len(wanted))
    return near


@kernel()
def _spread(wanted: BoolArray, near: BoolArray, top: int, end: int, half_widths: IntArray) -> None:
    """Set rows `top` to `end` of `near` from the rows around them."""
    rows, cols = wanted.shape
    reach = len(half_widths) - 1
    aside = np.empty(cols, dtype=np.uint8)
    for source in range(max(top - reach, 0), min(end + reach, rows)):
        if not _cells_aside(wanted[source], aside):
            continue
        for row in range(max(source - reach, top), min(source + reach + 1, end)):
            width = half_widths[abs(row - source)]
            for col in range(cols):
                near[row, col] |= aside[col] <= width


@kernel()
def _cells_aside(wanted: BoolArray, aside: IntArray) -> bool:
    """Give the cells to the nearest wanted cell of a row, at most `_FAR`; False if none."""
    found, gap = False, _FAR
    for col in range(len(wanted)):
        gap = 0 if wanted[col] else min(gap + 1, _FAR)
        found |= wanted[col]
        aside[col] = gap
    gap = _FAR
    for col in range(len(wanted) - 1, -1, -1):
        gap = 0 if wanted[col] else min(gap + 1, _FAR)
        aside[col] = min(gap, aside[col])
    return found
