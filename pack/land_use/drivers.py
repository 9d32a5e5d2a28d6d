"""
What the land use model asks of each cell: slope, height above drainage and distances.

Everything is measured on a wider grid first, so that a road just outside the study area counts
inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

REACH_M = 15_000.0
"""Margin around the study area. Distances are cut off here, where the odds curves are nearly
flat."""


def cells_of(shapes: Iterable[BaseGeometry], grid: Grid, *, touched: bool = False) -> BoolArray:
    """
    Find the cells of shapes.

    Parameters
    ----------
    shapes : iterable of shapely geometry
        Shapes in the CRS of the grid; empty ones are passed over.
    grid : Grid
        Where the cells are.
    touched : bool
        True for every cell a shape touches (lines, points), False for cells whose centre is inside.

    Returns
    -------
    bool array (rows, cols)
        True in the cells of any shape.
    """
    numbers = number_cells([(shape, 1) for shape in shapes], grid, touched=touched, nothing=0)
    inside: BoolArray = numbers == 1
    return inside


def number_cells(
    shapes: Iterable[tuple[BaseGeometry, int]],
    grid: Grid,
    *,
    nothing: int,
    touched: bool = False,
) -> IntArray:
    """
    Give the cells of each shape its number.

    Parameters
    ----------
    shapes : iterable of (shapely geometry, int)
        Shapes in the CRS of the grid and their numbers; where two overlap the later one stands.
    grid : Grid
        Where the cells are.
    nothing : int
        Number of cells that no shape has.
    touched : bool
        As in `cells_of`.

    Returns
    -------
    int32 array (rows, cols)
        Numbers of the shapes.
    """
    from rasterio.features import rasterize

    drawn = [(shape, number) for shape, number in shapes if not shape.is_empty]
    if not drawn:
        return np.full(grid.shape, nothing, dtype=np.int32)
    numbers: IntArray = rasterize(
        drawn,
        out_shape=grid.shape,
        transform=grid.transform,
        fill=nothing,
        all_touched=touched,
        dtype="int32",
    )
    return numbers


def metres_to(targets: BoolArray, cell_m: float) -> FloatArray:
    """
    Measure how far each cell centre is from the nearest target cell centre, up to `REACH_M`.

    Parameters
    ----------
    targets : bool array (rows, cols)
        True where the feature is.
    cell_m : float
        Side of a cell in metres.

    Returns
    -------
    float array (rows, cols), m
        NaN everywhere if there is no target, for the exact transform gives ordinary numbers then.
    """
    from scipy.ndimage import distance_transform_edt

    if not targets.any():
        return np.full(targets.shape, np.nan)
    metres: FloatArray = distance_transform_edt(~targets, sampling=cell_m)
    return np.minimum(metres, REACH_M)


def height_above_nearest(elevation_m: FloatArray, drainage: BoolArray) -> FloatArray:
    """
    Measure how high each cell lies above the nearest drainage cell in a straight line.

    A stand-in for height above nearest drainage along the flow (HAND; Renno et al. 2008), which
    an elevation of about 550 m cells cannot give. Below the drainage counts as 0.

    Parameters
    ----------
    elevation_m : float array (rows, cols), m
        Ground height; NaN where unknown.
    drainage : bool array (rows, cols)
        True in cells of streams and reservoirs.

    Returns
    -------
    float array (rows, cols), m
        NaN where a height is unknown, and everywhere if there is no drainage of known height.
    """
    from scipy.ndimage import distance_transform_edt

    known = drainage & np.isfinite(elevation_m)
    if not known.any():
        return np.full(elevation_m.shape, np.nan)
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    height: FloatArray = np.maximum(elevation_m - elevation_m[tuple(nearest)], 0.0)
    return height


def measure_drivers(
    grid: Grid,
    features: Mapping[str, gpd.GeoDataFrame],
    elevation_m: FloatArray,
    slope_percent: FloatArray,
) -> dict[str, FloatArray]:
    """
    Measure the drivers of the land use model on a grid.

    Parameters
    ----------
    grid : Grid
        Where the drivers are wanted.
    features : mapping of str to geopandas.GeoDataFrame
        Features with a CRS by what they are: water, road, rail, settlement, town. What has none
        gives a driver that is NaN throughout.
    elevation_m, slope_percent : float arrays (rows, cols)
        Ground height in metres and slope in percent on `grid.padded(REACH_M)`; NaN where unknown.

    Returns
    -------
    dict of str to float array (rows, cols)
        Drivers by name, as `odds.DRIVERS` lists them.
    """
    wide = grid.padded(REACH_M)
    window = wide.window_of(grid)
    drivers = {"slope_percent": slope_percent[window]}
    for name, frame in sorted(features.items()):
        cells = cells_of(frame.to_crs(grid.crs).geometry, wide, touched=True)
        drivers[f"{name}_m"] = metres_to(cells, grid.cell_m)[window]
        if name == "water":
            drivers["height_above_drainage_m"] = height_above_nearest(elevation_m, cells)[window]
    return drivers
