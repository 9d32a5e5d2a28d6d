"""Synthetic land for benchmarks: fixed seeds, the densities of a province."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis.grid import Grid

CELL_M = 30.0
CRS = "EPSG:32647"
# Cells of the largest size, for which the numbers of features below are meant.
_PROVINCE_CELLS = 5_600 * 8_500
FEATURES = {"roads": 20_000, "rivers": 3_000, "settlements": 1_500, "protected": 40}


def land(shape: tuple[int, int]) -> Grid:
    """Give the grid; its edges are whole multiples of the cell, as atlite wants them."""
    return Grid(CRS, CELL_M, 16_000, -70_000, *shape)


def features(kind: str, grid: Grid) -> gpd.GeoSeries:
    """Make features of one kind, as many as fit the area."""
    count = max(round(FEATURES[kind] * grid.rows * grid.cols / _PROVINCE_CELLS), 2)
    random = np.random.default_rng([3, *map(ord, kind)])
    west, south, east, north = grid.bounds
    at = random.uniform((west, south), (east, north), (count, 2))
    if kind == "settlements":
        shapes = shapely.points(at)
    elif kind == "protected":
        shapes = shapely.buffer(shapely.points(at), random.uniform(1_500, 6_000, count))
    else:
        steps, metres = (10, 150.0) if kind == "roads" else (40, 200.0)
        heading = random.uniform(0, 2 * np.pi, (count, 1))
        heading = heading + np.cumsum(random.normal(0, 0.25, (count, steps)), axis=1)
        way = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=2), axis=1) * metres
        shapes = shapely.linestrings(at[:, None, :] + way)
        # Peers that burn features into cells cannot see those outside the grid.
        shapes = shapely.clip_by_rect(shapes, west, south, east, north)
        shapes = shapes[~shapely.is_empty(shapes)]
    return gpd.GeoSeries(shapes, crs=CRS)


def smooth(grid: Grid, seed: int, metres: float) -> np.ndarray:
    """Make a smooth float32 raster between 0 and 1."""
    from scipy import ndimage

    random = np.random.default_rng(seed)
    step = max(int(metres / grid.cell_m), 1)
    coarse = random.random((grid.rows // step + 3, grid.cols // step + 3)).astype(np.float32)
    fine = ndimage.zoom(coarse, step, order=1)[: grid.rows, : grid.cols]
    return np.ascontiguousarray(fine, dtype=np.float32)


def land_cover(grid: Grid) -> np.ndarray:
    """Make classes 1 to 8 in patches, uint8 (rows, cols)."""
    return (1 + np.floor(smooth(grid, 11, 900.0) * 7.999)).astype(np.uint8)
