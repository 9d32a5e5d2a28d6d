"""The other side of the pipeline benchmark: what people write, with care for speed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.features import rasterize
from rasterio.shutil import copy
from scipy import ndimage

from benchmarks import exclusions
from benchmarks.comparing import Work
from benchmarks.pipeline_job import (
    CRITERIA,
    LEAST_CELLS,
    LEAST_SCORE,
    PICTURE_PX,
    POINTS,
    WEIGHTS,
    table_of,
)
from benchmarks.synthetic import CELL_M, CRS, land
from maemoh_gis.grid import Grid


def script(folder: Path) -> Work:
    """Time the script."""
    rows, cols = np.load(folder / "shape.npy")
    return lambda: chain(folder, land((int(rows), int(cols))))


def chain(folder: Path, grid: Grid) -> dict[str, Any]:
    """Go from files to files."""
    with rasterio.open(folder / "cover.tif") as file:
        cover = file.read(1)
    excluded = np.isin(cover, exclusions.CODES)
    rim = ndimage.distance_transform_edt(cover != exclusions.CODE_WITH_RIM)
    excluded |= rim <= exclusions.RIM_M / CELL_M
    del cover, rim
    frames = {kind: gpd.read_file(folder / f"{kind}.gpkg") for kind in exclusions.REACH_M}
    for kind, reach_m in exclusions.REACH_M.items():
        shapes = frames[kind].buffer(reach_m) if reach_m else frames[kind].geometry
        excluded |= burnt(shapes, grid)
    score = np.zeros(grid.shape, dtype=np.float32)
    parts = []
    for name, points in POINTS.items():
        measure = distance(frames[name], grid) if name in frames else read(folder, name)
        # np.interp works in float64, four times the bytes; float32 for what is kept.
        part = np.interp(measure, *np.array(points).T).astype(np.float32)
        del measure
        score += np.float32(WEIGHTS[name]) * part
        parts.append(part)
    score[excluded] = np.nan
    label, _ = ndimage.label(score >= LEAST_SCORE)
    cells = np.bincount(label.ravel())
    cells[0] = 0
    large = np.flatnonzero(cells >= LEAST_CELLS)
    usable = label > 0
    where = label[usable]
    sums = [
        np.bincount(where, weights=part[usable], minlength=len(cells)) for part in (score, *parts)
    ]
    means = np.column_stack([total[large] / cells[large] for total in sums])
    columns, rows = table_of(cells[large], means[:, 0], means[:, 1:])
    with Path(folder, "script.csv").open("w", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    write(folder, score, grid)
    return {"score": score, "cells": cells[large], "means": means}


def burnt(shapes: gpd.GeoSeries, grid: Grid) -> np.ndarray:
    """Burn shapes into cells."""
    return rasterize(shapes, out_shape=grid.shape, transform=grid.transform,
                     dtype="uint8").astype(bool)  # fmt: skip


def distance(frame: gpd.GeoDataFrame, grid: Grid) -> np.ndarray:
    """Measure to burnt cells, as everyone does."""
    return ndimage.distance_transform_edt(~burnt(frame.geometry, grid), sampling=CELL_M)


def read(folder: Path, name: str) -> np.ndarray:
    """Read a criterion with both cores."""
    with rasterio.open(folder / f"{name}.tif", num_threads=2) as file:
        return file.read(1)


def write(folder: Path, score: np.ndarray, grid: Grid) -> None:
    """Write COG and PNG with the same options as the other side."""
    profile = {"driver": "GTiff", "height": grid.rows, "width": grid.cols, "count": 1,
               "dtype": "float32", "crs": CRS, "transform": grid.transform,
               "nodata": np.nan}  # fmt: skip
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile) as file:
            file.write(score, 1)
        with memory.open() as file, rasterio.Env(GDAL_NUM_THREADS="2"):
            copy(file, folder / "script.tif", driver="COG", compress="ZSTD", level=1,
                 predictor="YES", overview_resampling="average", blocksize=512)  # fmt: skip
    step = max(-(-max(score.shape) // PICTURE_PX), 1)
    rows, cols = (side // step * step for side in score.shape)
    blocks = score[:rows, :cols].reshape(rows // step, step, cols // step, step)
    with np.errstate(all="ignore"):
        total = np.nansum(blocks, axis=(1, 3)) / (~np.isnan(blocks)).sum(axis=(1, 3))
        grey = np.nan_to_num(total * 254 + 1).astype(np.uint8)
    with rasterio.open(folder / "script.png", "w", driver="PNG", height=grey.shape[0],
                       width=grey.shape[1], count=1, dtype="uint8") as file:  # fmt: skip
        file.write(grey, 1)


assert set(POINTS) == {"roads", "settlements", *CRITERIA}
