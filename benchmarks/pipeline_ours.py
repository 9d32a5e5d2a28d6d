"""This package's side of the pipeline benchmark."""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.windows import Window

from benchmarks import exclusions, synthetic
from benchmarks.comparing import Work, peak_gib
from benchmarks.pipeline_job import (
    CRITERIA,
    LEAST_CELLS,
    LEAST_SCORE,
    PICTURE_PX,
    POINTS,
    WEIGHTS,
    table_of,
)
from benchmarks.pipeline_job import make as make_inputs
from maemoh_gis import files
from maemoh_gis.grid import Grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.suitability.distance import cells_inside
from maemoh_gis.suitability.patches import Runs, joined, runs_of
from maemoh_gis.suitability.reach import cells_near_cells
from maemoh_gis.suitability.score_cells import score_cells, weigh_cells
from maemoh_gis.suitability.segments import metres_to_segments, segments_of
from maemoh_gis.workflow.stages import Bench, Stage
from maemoh_gis.workflow.strips import execute_in_strips

# As high as the tiles of the rasters, so that none is unpacked twice.
STRIP_ROWS = 512
CAPS_M = {"roads": 5_001.0, "settlements": 10_001.0}


@dataclass(frozen=True)
class Vectors:
    """Vector layers, taken apart once."""

    segments: Mapping[str, np.ndarray]
    polygons: np.ndarray


@dataclass(frozen=True)
class Land:
    """What a strip gives."""

    score: np.ndarray
    runs: Runs


def ours(folder: Path) -> Work:
    """Time the chain; compiled on a small case of the same kinds first."""
    rows, cols = np.load(folder / "shape.npy")
    with tempfile.TemporaryDirectory() as small:
        make_inputs(Path(small), (600, 60))
        chain(Path(small), synthetic.land((600, 60)))
    return lambda: chain(folder, synthetic.land((int(rows), int(cols))))


def read_vectors(folder: Path) -> Vectors:
    """Read every vector layer."""
    shapes = {
        kind: np.asarray(files.read_vector(folder / f"{kind}.gpkg").geometry.array, dtype=object)
        for kind in exclusions.REACH_M
    }
    return Vectors(
        {kind: segments_of(found) for kind, found in shapes.items() if kind != "protected"},
        shapes["protected"],
    )


def chain(folder: Path, grid: Grid) -> dict[str, Any]:
    """Go from files to files."""
    vectors = read_vectors(folder)
    score = np.empty(grid.shape, dtype=np.float32)
    runs: list[Runs] = []

    def take(strip: Grid, found: Mapping[str, Any]) -> None:
        score[grid.window_of(strip)[0]] = found["land"].score
        runs.append(found["land"].runs)

    def work(bench: Bench, _: Mapping[str, Any]) -> Land:
        cover, criteria = read_strip(folder, grid, bench.grid)
        return land_of(bench.grid, grid.row0, vectors, cover, criteria)

    stages = [Stage("land", work, "halo")]
    bench = Bench(None, Layers(None), grid)  # type: ignore[arg-type]
    execute_in_strips(stages, bench, keep=lambda _: False, show=lambda _: True, each=take,
                      rows=STRIP_ROWS)  # fmt: skip
    patches = joined(runs, LEAST_CELLS)
    means = patches.sums / patches.cells[:, None]
    columns, rows = table_of(patches.cells, means[:, 0], means[:, 1:])
    files.write_csv(folder / "ours.csv", columns, rows)
    files.write_raster(folder / "ours.tif", {"score": score}, grid, nodata=math.nan)
    picture(score, folder / "ours.png")
    return {"score": score, "cells": patches.cells, "means": means}


def read_strip(
    folder: Path, grid: Grid, strip: Grid
) -> tuple[tuple[np.ndarray, int], list[np.ndarray]]:
    """Read land cover with the rim's width around the strip, and the criteria of the strip."""
    at, _ = grid.window_of(strip)
    rim = math.ceil(exclusions.RIM_M / grid.cell_m)
    top, end = max(at.start - rim, 0), min(at.stop + rim, grid.rows)
    with rasterio.open(folder / "cover.tif") as file:
        cover = file.read(1, window=Window(0, top, grid.cols, end - top))
    criteria = []
    for name in CRITERIA:
        with rasterio.open(folder / f"{name}.tif") as file:
            criteria.append(file.read(1, window=Window(0, at.start, grid.cols, strip.rows)))
    return (cover, at.start - top), criteria


def land_of(
    strip: Grid,
    first_row: int,
    vectors: Vectors,
    cover: tuple[np.ndarray, int],
    criteria: list[np.ndarray],
) -> Land:
    """Score a strip and gather its usable runs."""
    codes, above = cover
    inner = slice(above, above + strip.rows)
    near = cells_near_cells(codes == exclusions.CODE_WITH_RIM, exclusions.RIM_M / strip.cell_m)
    excluded = near[inner]
    for code in exclusions.CODES:
        excluded |= codes[inner] == code
    excluded |= cells_inside(vectors.polygons, strip)
    measures = {}
    for kind, segments in vectors.segments.items():
        reach = exclusions.REACH_M[kind]
        metres = metres_to_segments(segments, strip, CAPS_M.get(kind, reach))
        excluded |= metres <= reach
        if kind in CAPS_M:
            measures[kind] = metres
    measures |= dict(zip(CRITERIA, criteria, strict=True))
    scores = [
        score_cells(measures[kind], points, measures[kind]) for kind, points in POINTS.items()
    ]
    score = weigh_cells(scores, list(WEIGHTS.values()))
    score[excluded] = np.nan
    usable = score >= LEAST_SCORE
    return Land(score, runs_of(usable, [score, *scores], strip.row0 - first_row))


def picture(score: np.ndarray, path: Path) -> None:
    """Write a grey picture of at most `PICTURE_PX`, from the mean of whole blocks."""
    step = max(math.ceil(max(score.shape) / PICTURE_PX), 1)
    rows, cols = (side // step * step for side in score.shape)
    total = np.zeros((rows // step, cols // step), dtype=np.float32)
    known = np.zeros_like(total)
    for down in range(step):
        for right in range(step):
            part = score[down:rows:step, right:cols:step]
            there = ~np.isnan(part)
            np.add(total, part, out=total, where=there)
            known += there
    with np.errstate(invalid="ignore", divide="ignore"):
        grey = np.nan_to_num(total / known * 254 + 1).astype(np.uint8)
    with rasterio.open(path, "w", driver="PNG", height=grey.shape[0], width=grey.shape[1],
                       count=1, dtype="uint8", zlevel=1) as file:  # fmt: skip
        file.write(grey, 1)


def billion() -> None:
    """Score 10^9 cells of made-up criteria, strip by strip into one file."""
    rows, cols = 31_250, 32_000
    grid = Grid(synthetic.CRS, synthetic.CELL_M, 1_000, -90_000, rows, cols)
    province = synthetic.land(synthetic_shape())
    kinds = ("roads", "rivers", "settlements")
    vectors = Vectors(
        {kind: segments_of(np.asarray(synthetic.features(kind, province).array, dtype=object))
         for kind in kinds},
        np.asarray(synthetic.features("protected", province).array, dtype=object),
    )  # fmt: skip
    counts = {"allowed": 0, "usable": 0, "cells": 0}
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        with rasterio.open(
            Path(folder, "score.tif"), "w", driver="GTiff", height=rows, width=cols, count=1,
            dtype="float32", crs=grid.crs, transform=grid.transform, compress="zstd", zstd_level=1,
            predictor=3, blockysize=64, num_threads=2, bigtiff="yes",
        ) as file:  # fmt: skip

            def take(strip: Grid, found: Mapping[str, Any]) -> None:
                score = found["land"].score
                file.write(score, 1, window=Window(0, strip.row0 - grid.row0, cols, strip.rows))
                counts["cells"] += score.size
                counts["allowed"] += int(np.isfinite(score).sum())
                counts["usable"] += int((score >= LEAST_SCORE).sum())
                if (strip.row0 - grid.row0) % 3_200 == 0:
                    print(f"{counts['cells']:,} cells, {time.perf_counter() - start:.0f} s, "
                          f"peak {peak_gib():.2f} GiB", flush=True)  # fmt: skip

            def work(bench: Bench, _: Mapping[str, Any]) -> Land:
                criteria = [waves(bench.grid, k) for k in range(len(CRITERIA))]
                cover = (1 + np.floor(waves(bench.grid, 9) * 7.999)).astype(np.uint8)
                return land_of(bench.grid, grid.row0, vectors, (cover, 0), criteria)

            execute_in_strips(
                [Stage("land", work, "halo")], Bench(None, Layers(None), grid),  # type: ignore[arg-type]
                keep=lambda _: False, show=lambda _: True, each=take, rows=64,
            )  # fmt: skip
        size = Path(folder, "score.tif").stat().st_size
    seconds = time.perf_counter() - start
    told = {"name": "10^9 cells", "seconds": round(seconds, 1), **counts}
    told |= {"peak_gib": round(peak_gib(), 2), "file_gib": round(size / 2**30, 2)}
    print(json.dumps(told))


def waves(strip: Grid, seed: int) -> np.ndarray:
    """Make a smooth raster from global coordinates alone."""
    x = np.sin(strip.x / (900.0 + 700.0 * seed) + seed).astype(np.float32)
    y = np.cos(strip.y / (1_100.0 + 500.0 * seed)).astype(np.float32)
    return np.float32(0.5) + np.float32(0.25) * (x[None, :] + y[:, None])


def synthetic_shape() -> tuple[int, int]:
    """Give the size of the province, where the features of the large run lie."""
    return 5_600, 8_500
