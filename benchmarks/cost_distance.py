"""Accumulated cost against scikit-image and xarray-spatial: 8 neighbours, 5 sources, 1 to 20."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.comparing import Comparison, Work, close, run
from benchmarks.synthetic import CELL_M, land, smooth


def make(folder: Path, shape: tuple[int, int]) -> None:
    """Make friction and sources."""
    random = np.random.default_rng(8)
    friction = 1 + 19 * smooth(land(shape), 5, 300.0) * random.random(shape, dtype=np.float32)
    np.save(folder / "friction.npy", friction.astype(np.float32))
    np.save(folder / "sources.npy", random.integers((0, 0), shape, (5, 2)))


def inputs(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read friction and sources (row, col)."""
    return np.load(folder / "friction.npy"), np.load(folder / "sources.npy")


def mask(sources: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Mark the source cells."""
    marked = np.zeros(shape, dtype=bool)
    marked[tuple(sources.T)] = True
    return marked


def ours(folder: Path) -> Work:
    """Time the bucket queue."""
    from maemoh_gis.cells.cost_distance import accumulated_cost

    friction, sources = inputs(folder)
    accumulated_cost(np.eye(50, dtype=bool), friction[:50, :50], CELL_M)
    begin = mask(sources, friction.shape)
    return lambda: {"cost": accumulated_cost(begin, friction, CELL_M)}


def scikit_image(folder: Path) -> Work:
    """Time the heap of scikit-image."""
    from skimage.graph import MCP_Geometric

    friction, sources = inputs(folder)

    def work() -> dict[str, np.ndarray]:
        costs, _ = MCP_Geometric(friction, sampling=(CELL_M, CELL_M)).find_costs(sources)
        return {"cost": costs.astype(np.float32)}

    return work


def xarray_spatial(folder: Path) -> Work:
    """Time xarray-spatial."""
    import xarray as xr
    from xrspatial import cost_distance

    friction, sources = inputs(folder)

    def rasters(cells: np.ndarray, begin: np.ndarray) -> tuple[xr.DataArray, xr.DataArray]:
        rows, cols = cells.shape
        at = {"y": np.arange(rows, 0, -1) * CELL_M, "x": np.arange(cols) * CELL_M}
        start = begin.astype(np.float32)
        return tuple(xr.DataArray(a, dims=("y", "x"), coords=at) for a in (start, cells))

    cost_distance(*rasters(friction[:50, :50], np.eye(50, dtype=bool)))
    begin, cells = rasters(friction, mask(sources, friction.shape))
    return lambda: {"cost": cost_distance(begin, cells).to_numpy()}


if __name__ == "__main__":
    equal = close("cost", relative=1e-5)
    run(
        "cost_distance",
        [
            Comparison("cost distance", "ours", "scikit_image", "skimage", equal, 6.0),
            Comparison("cost distance", "ours", "xarray_spatial", "xrspatial", equal, 3.0),
        ],
        pairs=3,
    )
