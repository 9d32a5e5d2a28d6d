"""Roads and streams that cut land: which cells they cross, and how long they run through a site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.types import BoolArray, FloatArray

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.grid import Grid


def cells_crossed(lines: np.ndarray, grid: Grid) -> BoolArray:
    """
    Find the cells that lines run through.

    Parameters
    ----------
    lines : object array of shapely geometries (n,)
        Roads or streams in the CRS of the grid; polygons count with their inside.
    grid : Grid
        Where to look.

    Returns
    -------
    crossed : bool array (rows, cols)
        Without gaps along a line, so that nothing that moves by the edges of cells passes it.
    """
    from rasterio.features import rasterize

    lines = np.asarray(lines, dtype=object)
    lines = lines[~shapely.is_empty(lines)] if lines.size else lines
    if lines.size == 0:
        return np.zeros(grid.shape, dtype=bool)
    burnt = rasterize(
        [(line, 1) for line in lines], out_shape=grid.shape, transform=grid.transform,
        all_touched=True, dtype=np.uint8,
    )  # fmt: skip
    return np.asarray(burnt == 1)


def metres_inside(lines: np.ndarray, outlines: Sequence[BaseGeometry]) -> FloatArray:
    """
    Measure how far lines run inside each outline, float64 (sites,), m, all in one metric CRS.

    Where lines lie upon each other, they count once.
    """
    lines = np.asarray(lines, dtype=object)
    tree = shapely.STRtree(lines)
    lengths = np.zeros(len(outlines))
    for k, outline in enumerate(outlines):
        near = lines[np.sort(tree.query(outline, predicate="intersects"))]
        if near.size:
            lengths[k] = shapely.length(shapely.union_all(shapely.intersection(near, outline)))
    return lengths
