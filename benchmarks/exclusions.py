"""
Exclusion masks with setbacks, files to boolean cells, against atlite and against a script.

Roads 300 m, rivers 200 m, settlements 1,000 m, protected areas, two land-cover classes, and one
class with 120 m around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio

from benchmarks.comparing import Comparison, Outputs, Work, run
from benchmarks.synthetic import CELL_M, CRS, FEATURES, features, land, land_cover
from maemoh_gis.grid import Grid

REACH_M = {"roads": 300.0, "rivers": 200.0, "settlements": 1_000.0, "protected": 0.0}
CODES = (1, 2)
CODE_WITH_RIM, RIM_M = 8, 120.0
# atlite's grid ends where the land does, so a rim that starts outside is lost; it also counts what
# lies outside a raster as excluded before it makes rims.
EDGE_CELLS = 6
# GEOS draws a circle as a polygon inside it: 8 segments a quarter fall short by 0.5 %.
DIFFER_SHARE = 2e-4


def make(folder: Path, shape: tuple[int, int]) -> None:
    """Write vectors and land cover as files, and the size of the grid."""
    grid = land(shape)
    for kind in FEATURES:
        gpd.GeoDataFrame(geometry=features(kind, grid)).to_file(folder / f"{kind}.gpkg")
    write_cover(folder / "cover.tif", land_cover(grid), grid)
    np.save(folder / "shape.npy", shape)


def write_cover(path: Path, cover: np.ndarray, grid: Grid) -> None:
    """Write classes as both sides will read them."""
    with rasterio.open(
        path, "w", driver="GTiff", height=grid.rows, width=grid.cols, count=1, dtype="uint8",
        crs=CRS, transform=grid.transform, tiled=True, compress="zstd", zstd_level=1,
    ) as file:  # fmt: skip
        file.write(cover, 1)


def ours(folder: Path) -> Work:
    """Time exact capsules and discs."""
    from maemoh_gis.suitability.reach import cells_near_cells, cells_within

    grid = land(tuple(np.load(folder / "shape.npy")))
    small = Grid(CRS, CELL_M, grid.col0, grid.row0, 20, 20)
    for kind in ("settlements", "protected"):
        cells_within(np.asarray(features(kind, small).array, dtype=object), small, 300.0)
    cells_near_cells(np.eye(9, dtype=bool), 4.0)
    return lambda: {"excluded": excluded(folder, grid)}


def excluded(folder: Path, grid: Grid) -> np.ndarray:
    """Do the work of this package's side."""
    from maemoh_gis import files
    from maemoh_gis.suitability.reach import cells_near_cells, cells_within

    with files.open_raster(folder / "cover.tif") as raster:
        cover = raster.read(1)
    result = cells_near_cells(cover == CODE_WITH_RIM, RIM_M / CELL_M)
    for code in CODES:
        result |= cover == code
    del cover
    for kind, reach_m in REACH_M.items():
        shapes = np.asarray(files.read_vector(folder / f"{kind}.gpkg").geometry.array, dtype=object)
        result |= cells_within(shapes, grid, reach_m)
    return result


def script(folder: Path) -> Work:
    """Time what people write: geopandas buffers, rasterio burns, scipy makes the rim."""
    from rasterio.features import rasterize
    from scipy.ndimage import distance_transform_edt

    grid = land(tuple(np.load(folder / "shape.npy")))

    def work() -> Mapping[str, Any]:
        with rasterio.open(folder / "cover.tif") as raster:
            cover = raster.read(1)
        result = np.isin(cover, CODES)
        result |= distance_transform_edt(cover != CODE_WITH_RIM) <= RIM_M / CELL_M
        for kind, reach_m in REACH_M.items():
            frame = gpd.read_file(folder / f"{kind}.gpkg")
            shapes = frame.buffer(reach_m) if reach_m else frame.geometry
            burnt = rasterize(shapes, out_shape=grid.shape, transform=grid.transform, dtype="uint8")
            result |= burnt.astype(bool)
        return {"excluded": result}

    return work


def atlite(folder: Path) -> Work:
    """Time atlite, whose purpose this is."""
    import shapely
    from atlite.gis import ExclusionContainer, shape_availability

    grid = land(tuple(np.load(folder / "shape.npy")))
    west, south, east, north = grid.bounds
    # A millimetre short, or atlite adds a row and a column.
    whole = gpd.GeoSeries([shapely.box(west, south, east - 1e-3, north - 1e-3)], crs=CRS)

    def work() -> Mapping[str, Any]:
        container = ExclusionContainer(crs=CRS, res=CELL_M)
        container.add_raster(folder / "cover.tif", codes=list(CODES))
        container.add_raster(folder / "cover.tif", codes=[CODE_WITH_RIM], buffer=RIM_M,
                             buffer_geometry="circular")  # fmt: skip
        for kind, reach_m in REACH_M.items():
            container.add_geometry(folder / f"{kind}.gpkg", buffer=reach_m)
        available, _ = shape_availability(whole, container)
        return {"excluded": ~available}

    return work


def agree(one: Outputs, other: Outputs) -> str | None:
    """Agree but for cells between a circle and the polygon GEOS draws for it."""
    inside = (slice(EDGE_CELLS, -EDGE_CELLS),) * 2
    a, b = one["excluded"][inside], other["excluded"][inside]
    share = float((a != b).mean())
    only_theirs = float((b & ~a).mean())
    if share > DIFFER_SHARE or only_theirs > 1e-5:
        return f"{share:.4%} of cells differ, {only_theirs:.4%} only the peer excludes"
    return None


if __name__ == "__main__":
    run(
        "exclusions",
        [
            Comparison("exclusions", "ours", "atlite", "atlite", agree, 7.0),
            Comparison("exclusions against geopandas + rasterio + scipy", "ours", "script",
                       "geopandas", agree, 4.0),
        ],
        pairs=3,
    )  # fmt: skip
