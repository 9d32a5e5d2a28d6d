"""
Land cover of 2569, observed from space, on the grid of the province.

A classification of a median image of January to July 2569 in cells of 73 m is brought onto the
100 m grid that the modelled land use stands on. The image says what covers the ground, never what
it is used for or who owns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import files
from maemoh_gis.core.crs import lattice_between, transformer_between
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.units import M2_PER_KM2
from pack.land_use.drivers import number_cells

if TYPE_CHECKING:
    from pathlib import Path

    from affine import Affine

    from maemoh_gis.core.types import BoolArray, IntArray

CRS = "EPSG:32647"
CELL_M = 100.0
OUTSIDE = 0
CODES: Mapping[str, int] = {
    "water": 1,
    "tree_cover": 2,
    "open_land": 3,
    "built_up": 4,
    "bare": 5,
}

# The middle of a cell and 24 points around it say what covers most of the cell.
_POINTS_A_SIDE = 5

# Agreement with labels of OpenStreetMap in blocks of 11 km that the classifier had not seen, before
# clean-up: of all land labelled so in percent, of bare ground 75 points. Not measured again here.
_HELD_OUT: Mapping[str, int] = {
    "held_out_tree_cover_percent": 93,
    "held_out_open_land_percent": 80,
    "held_out_built_up_percent": 87,
    "held_out_water_percent": 98,
    "held_out_bare_percent": 59,
}
_MAE_MO = 5202
_SETTLED = ("hamlet", "village", "town")


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `land_cover.tif`.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the layers; the districts and the published land use are read from it.

    Returns
    -------
    dict of str to dict
        Measured accuracy by layer id.
    """
    observed = sources / "reference" / "observed"
    districts = files.read_vector(out / "districts.geojson").to_crs(CRS).sort_values("code")
    west, south, east, north = map(float, districts.total_bounds)
    grid = Grid.covering((west, south, east, north), crs=CRS, cell_m=CELL_M)
    owner = number_cells(
        zip(districts.geometry, districts["code"].astype(int), strict=True), grid, nothing=OUTSIDE
    )
    with files.open_raster(observed / "landcover_s2_2026.tif") as source:
        counts = class_counts(source.read(1), source.transform, grid)
    counts[:, owner == OUTSIDE] = 0
    cover = majority(counts)
    _write(out / "land_cover.tif", cover, grid)
    measured = {
        **_HELD_OUT,
        **_places(files.read_csv(observed / "osm2021_places.csv"), cover, grid),
        **_areas(cover, counts, owner == _MAE_MO),
        **_published(files.read_csv(out / "province_statistics.csv")),
    }
    return {"land_cover": measured}


def class_counts(codes: IntArray, transform: Affine, grid: Grid) -> IntArray:
    """
    Count the classes at points spread over each cell.

    Parameters
    ----------
    codes : uint8 array (rows, cols), EPSG:4326
        Class codes of the classification; 0 unknown.
    transform : affine.Affine
        Where its cells are.
    grid : Grid
        Cells to fill.

    Returns
    -------
    uint8 array (5, rows, cols)
        Points of each class; the point in the middle counts thrice, so that few ties are left.
    """
    counts = np.zeros((len(CODES), *grid.shape), dtype=np.uint8)
    middle = _POINTS_A_SIDE // 2
    for row in range(_POINTS_A_SIDE):
        found = _codes_along(codes, transform, grid, row)
        for col in range(_POINTS_A_SIDE):
            weight = np.uint8(3 if row == col == middle else 1)
            for band, code in enumerate(CODES.values()):
                counts[band] += weight * (found[:, col::_POINTS_A_SIDE] == code)
    return counts


def majority(counts: IntArray) -> IntArray:
    """
    Give each cell the class of most of its points; of equal ones the first.

    Parameters
    ----------
    counts : uint8 array (5, rows, cols)
        Points of each class.

    Returns
    -------
    uint8 array (rows, cols)
        Class codes, `OUTSIDE` where no point has a class.
    """
    codes = np.array(list(CODES.values()), dtype=np.uint8)
    most: IntArray = codes[counts.argmax(axis=0)]
    most[counts.max(axis=0) == 0] = OUTSIDE
    return most


def _codes_along(codes: IntArray, transform: Affine, grid: Grid, row: int) -> IntArray:
    """Look codes up along one row of points in every row of cells, (rows, 5 * cols)."""
    west, _, _, north = grid.bounds
    step = grid.cell_m / _POINTS_A_SIDE
    x = west + step * (np.arange(grid.cols * _POINTS_A_SIDE) + 0.5)
    y = north - step * (row + 0.5) - grid.cell_m * np.arange(grid.rows)
    lon, lat = lattice_between(grid.crs, "EPSG:4326", x, y)(slice(None))
    at_col = np.floor((lon - transform.c) / transform.a).astype(np.int32)
    at_row = np.floor((lat - transform.f) / transform.e).astype(np.int32)
    height, width = codes.shape
    found: IntArray = codes[np.clip(at_row, 0, height - 1), np.clip(at_col, 0, width - 1)]
    return found


def _write(path: Path, cover: IntArray, grid: Grid) -> None:
    tags = {"nature": "observed", "confidence": "M"}
    tags["classes"] = ", ".join(f"{code} {name}" for name, code in CODES.items())
    files.write_raster(
        path, {"land_cover": cover}, grid, nodata=OUTSIDE, tags=tags, categorical=True
    )


def _places(rows: list[dict[str, str]], cover: IntArray, grid: Grid) -> dict[str, float | int]:
    """Say what covers the cells where mappers placed hamlets, villages and towns."""
    places = [row for row in rows if row["class"] in _SETTLED and row["subdistrict_pcode"]]
    found = cover_at(
        [float(row["lon"]) for row in places], [float(row["lat"]) for row in places], cover, grid
    )
    share = {
        f"settlement_points_{name}_percent": round(100 * float((found == CODES[name]).mean()))
        for name in ("built_up", "open_land", "tree_cover")
    }
    return {"settlement_points": len(places), **share}


def cover_at(lon: list[float], lat: list[float], cover: IntArray, grid: Grid) -> IntArray:
    """Give the codes of the cells that points in EPSG:4326 lie in, all of them on the grid."""
    x, y = transformer_between("EPSG:4326", grid.crs).transform(lon, lat)
    west, _, _, north = grid.bounds
    rows = np.floor((north - np.asarray(y)) / grid.cell_m).astype(int)
    cols = np.floor((np.asarray(x) - west) / grid.cell_m).astype(int)
    found: IntArray = cover[rows, cols]
    return found


def _areas(cover: IntArray, counts: IntArray, mae_mo: BoolArray) -> dict[str, float | int]:
    """Tell areas of the classes, and how much choosing one class a cell changed them."""
    inside = int((cover != OUTSIDE).sum())
    points = counts.sum(axis=(1, 2), dtype=np.int64)
    shares = {name: float((cover == code).sum()) / inside for name, code in CODES.items()}
    before = dict(zip(CODES, points / points.sum(), strict=True))
    measured: dict[str, float | int] = {
        f"{name}_percent": round(100 * share, 1) for name, share in shares.items()
    }
    for name, code in CODES.items():
        km2 = float((cover[mae_mo] == code).sum()) * CELL_M**2 / M2_PER_KM2
        measured[f"mae_mo_{name}_km2"] = round(km2)
    change = max(abs(float(shares[name] / before[name] - 1)) for name in CODES)
    return {**measured, "largest_area_change_percent": round(100 * change, 1)}


def _published(rows: list[dict[str, str]]) -> dict[str, float | int]:
    """Give the shares that the land use map of 2561 has of what can be set beside the classes."""
    rai = {r["item"]: float(r["value"]) for r in rows if r["topic"] == "land_cover_2561"}
    whole = sum(rai.values())
    return {
        f"published_{name}_of_2561_percent": round(100 * rai[name] / whole, 1)
        for name in ("forest", "built_up", "water")
    }
