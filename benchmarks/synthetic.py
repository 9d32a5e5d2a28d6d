"""Synthetic land for benchmarks: fixed seeds, the size of a province."""

from __future__ import annotations

import numpy as np

from maemoh_gis.core.grid import Grid

CELL_M = 30.0
CRS = "EPSG:32647"


def land(shape: tuple[int, int]) -> Grid:
    """Give the grid of so many rows and columns."""
    return Grid(CRS, CELL_M, 16_000, -70_000, *shape)


def smooth(grid: Grid, seed: int, metres: float) -> np.ndarray:
    """Make a smooth float32 raster between 0 and 1."""
    from scipy import ndimage

    random = np.random.default_rng(seed)
    step = max(int(metres / grid.cell_m), 1)
    coarse = random.random((grid.rows // step + 3, grid.cols // step + 3)).astype(np.float32)
    fine = ndimage.zoom(coarse, step, order=1)[: grid.rows, : grid.cols]
    return np.ascontiguousarray(fine, dtype=np.float32)
