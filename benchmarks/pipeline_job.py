"""What both sides of the pipeline benchmark are given and asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio

from benchmarks import exclusions
from benchmarks.synthetic import CRS, land, smooth

CRITERIA = tuple(f"criterion_{k}" for k in range(1, 7))
POINTS = {
    "roads": [(0.0, 0.3), (500.0, 1.0), (2_000.0, 0.8), (5_000.0, 0.0)],
    "settlements": [(1_000.0, 0.0), (3_000.0, 1.0), (10_000.0, 0.5)],
    **{name: [(0.1, 0.0), (0.5, 0.8), (0.9, 1.0)] for name in CRITERIA},
}
_SHARES = (0.2, 0.15, 0.12, 0.1, 0.08, 0.05)
WEIGHTS = {"roads": 0.2, "settlements": 0.1, **dict(zip(CRITERIA, _SHARES, strict=True))}
LEAST_SCORE = 0.62
LEAST_CELLS = 223
"""20 ha of 30 m cells."""
DRAWS, BEST_SHARE = 1_000, 0.1
PICTURE_PX = 2_048


def make(folder: Path, shape: tuple[int, int]) -> None:
    """Write the inputs of the exclusions and six criteria."""
    exclusions.make(folder, shape)
    grid = land(shape)
    for seed, name in enumerate(CRITERIA):
        values = smooth(grid, 100 + seed, (600, 900, 1_500, 2_100, 3_000, 6_000)[seed])
        with rasterio.open(
            folder / f"{name}.tif", "w", driver="GTiff", height=grid.rows, width=grid.cols, count=1,
            dtype="float32", crs=CRS, transform=grid.transform, tiled=True, blockxsize=512,
            blockysize=512, compress="zstd", zstd_level=1, predictor=3, nodata=float("nan"),
        ) as file:  # fmt: skip
            file.write(values, 1)


def stability(means: np.ndarray) -> np.ndarray:
    """
    Say how often each site is among the best tenth over draws of weights.

    Both sides use this: numpy does it well, and it takes next to no time.
    """
    if len(means) == 0:
        return np.empty(0)
    draws = np.random.default_rng(1).dirichlet(np.ones(means.shape[1]) * 8, DRAWS)
    often = np.zeros(len(means))
    best = max(int(len(means) * BEST_SHARE), 1)
    for weights in draws:
        scores = means @ weights
        often += scores >= np.partition(scores, -best)[-best]
    return often / DRAWS


def table_of(cells: np.ndarray, score: np.ndarray, means: np.ndarray) -> tuple[list[str], list]:
    """Lay out the table of sites, best first."""
    often = stability(means)
    columns = ["rank", "cells", "area_ha", "score_mean", *POINTS, "best_tenth_share"]
    order = np.lexsort((np.arange(len(cells)), -np.round(score, 6)))
    rows = [
        [rank, int(cells[k]), round(cells[k] * 0.09, 2), round(float(score[k]), 5),
         *np.round(means[k], 5).tolist(), round(float(often[k]), 3)]
        for rank, k in enumerate(order, start=1)
    ]  # fmt: skip
    return columns, rows
