"""
Build the modelled land use map and the table of how its quotas came out.

No observed land cover map is among the sources, so the map is **modelled** (`layers.land_use`) from
layers the pack already holds and from published totals. The amounts are facts; the places are not.

Province totals do not all come from one list. Farm land per district is what registered growers
hold (965,032 rai); the Land Development Department mapped 1,777,886 rai under crops in B.E. 2561.
Forest is about 69 % of the province in both. So about 1.1 million rai are neither registered farm
land, built-up, water nor forest: crops outside the register, fallow, scrub, and what the department
calls miscellaneous (153,734 rai). They form the class *other*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import files
from maemoh_gis.core.grid import Grid
from maemoh_gis.layers.resample import Band, sample
from pack.land_use import model
from pack.land_use.drivers import REACH_M, cells_of, measure_drivers, number_cells
from pack.land_use.quotas import read_province, read_quotas

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import FloatArray, IntArray

CRS = "EPSG:32647"
CELL_M = 100.0
SEED = 2569
PROVINCE = "52"
FEATURES: Mapping[str, tuple[str, ...]] = {
    "water": ("drainage", "reservoirs"),
    "road": ("roads",),
    "rail": ("railway",),
    "settlement": ("settlements", "facilities", "stations", "district_seats"),
    "town": ("district_seats",),
}
"""Layers of the pack that each distance is measured to."""

QUOTA_COLUMNS = (
    "district_code",
    "land_use",
    "basis",
    "quota_rai",
    "quota_cells",
    "modelled_cells",
    "difference_cells",
    "modelled_rai",
    "difference_rai",
)


@dataclass(frozen=True)
class Ground:
    """What the model works on."""

    grid: Grid
    district: IntArray
    """Number of the district in the order of `quotas`, -1 outside; (rows, cols)."""
    fixed: IntArray
    """Code of reservoirs, pit and dumps, 0 elsewhere; (rows, cols)."""
    drivers: Mapping[str, FloatArray]
    """Slope, heights and distances, as `measure_drivers` gives them."""
    quotas: model.Quotas
    """Rai by class, by district code."""
    province_rai: Mapping[str, float]
    """Rai of built-up land and forest in the province."""

    def modelled(self, seed: int) -> IntArray:
        """Model the land use with one seed; uint8 array (rows, cols) of class codes."""
        return model.allocate(
            model.class_scores(self.grid, self.drivers, seed=seed),
            self.district,
            self.fixed,
            self.quotas,
            forest_rai=self.province_rai["forest"],
            cell_m=self.grid.cell_m,
        )


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:  # noqa: ARG001
    """
    Write `land_use.tif` and `land_use_quotas.csv`.

    Parameters
    ----------
    sources : Path
        Not read: everything comes from layers built before.
    out : Path
        Folder of the layers: districts, statistics, elevation, slope, water, mine, roads, railway
        and settlements are read from it.

    Returns
    -------
    dict
        Measured accuracy by layer id.

    Raises
    ------
    FileError
        If a layer is absent.
    LayerError
        If a district has no figures, or the quotas do not fit.
    """
    ground = read_ground(out)
    land_use, another = ground.modelled(SEED), ground.modelled(SEED + 1)
    report = model.quota_report(
        land_use,
        ground.district,
        ground.quotas,
        whole=PROVINCE,
        whole_rai=ground.province_rai,
        cell_m=CELL_M,
    )
    _write_map(out / "land_use.tif", land_use, ground.grid)
    files.write_csv(out / "land_use_quotas.csv", QUOTA_COLUMNS, map(_quota_cells, report))
    return {"land_use": _accuracy(report, land_use, another), "land_use_quotas": {}}


def read_ground(out: Path, *, cell_m: float = CELL_M) -> Ground:
    """
    Read what the model needs from the layers of the pack.

    Parameters
    ----------
    out : Path
        Folder of the layers.
    cell_m : float
        Side of a cell in metres.

    Returns
    -------
    Ground
        The province on its grid.

    Raises
    ------
    FileError
        If a layer is absent.
    LayerError
        If a figure is absent.
    """
    districts = files.read_vector(out / "districts.geojson").to_crs(CRS).sort_values("code")
    codes = [str(code) for code in districts["code"]]
    west, south, east, north = map(float, districts.total_bounds)
    grid = Grid.covering((west, south, east, north), crs=CRS, cell_m=cell_m)
    numbered = zip(districts.geometry, range(len(codes)), strict=True)
    province_rai = read_province(out)
    return Ground(
        grid,
        number_cells(numbered, grid, nothing=-1),
        _fixed_cells(out, grid),
        _drivers(out, grid),
        read_quotas(out, codes, province_rai["built_up"]),
        province_rai,
    )


def _fixed_cells(out: Path, grid: Grid) -> IntArray:
    """Give reservoirs, pit and dumps their codes; water stands over pit, pit over dump."""
    mine = files.read_vector(out / "mine.geojson").to_crs(CRS)
    outlines = {
        "dump": mine[mine["part"] == "dump"].geometry,
        "mine": mine[(mine["part"] == "pit") & (mine["variant"] == "best")].geometry,
        "water": files.read_vector(out / "reservoirs.geojson").to_crs(CRS).geometry,
    }
    fixed = np.zeros(grid.shape, dtype=np.int32)
    for name, shapes in outlines.items():
        fixed[cells_of(shapes, grid)] = model.CODES[name]
    return fixed


def _drivers(out: Path, grid: Grid) -> dict[str, FloatArray]:
    wide = grid.padded(REACH_M)
    elevation_m = _read_on(wide, out / "elevation.tif")
    slope_percent = _read_on(wide, out / "slope.tif")
    return measure_drivers(grid, _features(out), elevation_m, slope_percent)


def _features(out: Path) -> dict[str, gpd.GeoDataFrame]:
    """Read the layers distances are measured to, only their shapes."""
    import geopandas as gpd
    import pandas as pd

    return {
        name: gpd.GeoDataFrame(
            geometry=pd.concat([_shapes(out, layer) for layer in layers], ignore_index=True)
        )
        for name, layers in FEATURES.items()
    }


def _shapes(out: Path, layer: str) -> gpd.GeoSeries:
    """Read the shapes of a layer; a stream drawn through the pit is led around it in truth."""
    frame = files.read_vector(out / f"{layer}.geojson")
    if layer == "drainage":
        frame = frame[~frame["through_pit"]]
    return frame.geometry


def _read_on(grid: Grid, path: Path) -> FloatArray:
    """Read a raster onto a grid by bilinear interpolation; NaN where it does not reach."""
    with files.open_raster(path) as source:
        return sample(Band(source, str(source.crs)), grid, "bilinear")


def _write_map(path: Path, land_use: IntArray, grid: Grid) -> None:
    tags = {"nature": "modelled", "confidence": "L", "seed": str(SEED)}
    tags["classes"] = ", ".join(f"{code} {name}" for name, code in model.CODES.items())
    files.write_raster(
        path, {"land_use": land_use}, grid, nodata=model.OUTSIDE, tags=tags, categorical=True
    )


def _quota_cells(row: model.QuotaRow) -> tuple[object, ...]:
    return (
        row.district,
        row.land_use,
        _basis(row),
        None if row.quota_rai is None else round(row.quota_rai, 2),
        row.quota_cells,
        row.modelled_cells,
        row.difference_cells,
        row.modelled_rai,
        None if row.difference_rai is None else round(row.difference_rai, 2),
    )


def _basis(row: model.QuotaRow) -> str:
    """Say where the area of a row comes from."""
    if row.district != PROVINCE:
        return "assumed" if row.land_use == "built_up" else "corrected"
    if row.quota_rai is not None:
        return "published"
    if row.land_use in model.FIXED:
        return "outline"
    return "sum" if row.land_use in model.FARM else "residual"


def _accuracy(
    report: list[model.QuotaRow], land_use: IntArray, another: IntArray
) -> dict[str, float | int]:
    """Measure how well quotas are met, and how much of the map hangs on the seed."""
    farm = [abs(row.difference_cells or 0) for row in report if row.land_use in model.FARM]
    whole = {row.land_use: row for row in report if row.district == PROVINCE}
    inside = sum(row.modelled_cells for row in whole.values())
    built_up = whole["built_up"]
    measures: dict[str, float | int] = {
        "farm_quota_largest_difference_cells": max(farm),
        "built_up_total_difference_percent": round(
            100 * abs(built_up.difference_rai or 0.0) / (built_up.quota_rai or 1.0), 4
        ),
        "forest_percent": round(100 * whole["forest"].modelled_cells / inside, 2),
        "other_percent": round(100 * whole["other"].modelled_cells / inside, 2),
    }
    for name in (*model.FARM, "built_up", "forest", "other"):
        first, second = land_use == model.CODES[name], another == model.CODES[name]
        measures[f"{name}_same_with_another_seed_percent"] = round(
            100 * float((first & second).sum()) / max(int(first.sum()), 1), 1
        )
    return measures
