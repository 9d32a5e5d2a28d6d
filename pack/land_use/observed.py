"""
Land use with what was seen from space first, and crops modelled only within open land.

Water, trees, built-up land and the bare ground of the mine are taken as the land cover of 2569 and
the outline of the mine show them. What was seen open within the older outlines of pit, dumps and
reservoirs stays theirs, and trees on a dump too: a dump under grass is still a dump. In the open
land that is left, each district gets the farm land that is published for it (`model.allocate`),
which open land lies in which crop being a guess. Bare ground away from the mine counts as open
land, since most of it is bright fields; built-up land and forest are what was seen and no longer
what was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import files
from pack import land_cover
from pack.land_use import model
from pack.land_use.drivers import cells_of
from pack.land_use.layer import CELL_M, CRS, SEED, Ground, read_ground

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.core.types import BoolArray, IntArray

SEEN: Mapping[str, str] = {"water": "water", "tree_cover": "forest", "built_up": "built_up"}
"""Classes of land use by the land cover that shows them; open and bare land tell no use."""
BARE_GROUND = "best"
"""Outline of the bare ground that counts as the mine; outer and inner ones are less likely."""
_MAPS = ("land_use_observed", "land_use_2569")


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:  # noqa: ARG001
    """
    Write `land_use_observed.tif` and `land_use_2569.tif`.

    Parameters
    ----------
    sources : Path
        Not read: everything comes from layers built before.
    out : Path
        Folder of the layers: land cover and mine of 2569, and all the modelled land use reads.

    Returns
    -------
    dict of str to dict
        Measured accuracy by layer id.
    """
    ground = read_ground(out)
    with files.open_raster(out / "land_cover.tif") as source:
        cover = source.read(1)
    mine = files.read_vector(out / "mine_2026.geojson").to_crs(CRS)
    bare = cells_of(mine[mine["variant"] == BARE_GROUND].geometry, ground.grid)
    seen = seen_land_use(cover, bare, ground)
    whole, another = (with_crops(ground, seen, seed) for seed in (SEED, SEED + 1))
    for name, codes, nature in zip(_MAPS, (seen, whole), ("observed", "modelled"), strict=True):
        _write(out / f"{name}.tif", name, codes, nature, ground)
    return {
        "land_use_observed": _seen_accuracy(seen, ground),
        "land_use_2569": _accuracy(seen, whole, another, ground),
    }


def seen_land_use(cover: IntArray, bare: BoolArray, ground: Ground) -> IntArray:
    """
    Give the land use of the cells in which it was seen.

    Parameters
    ----------
    cover : uint8 array (rows, cols)
        Codes of the land cover, 0 unknown.
    bare : bool array (rows, cols)
        True where the mine lies bare.
    ground : Ground
        The province on the same grid.

    Returns
    -------
    uint8 array (rows, cols)
        Class codes; 0 where the land is open, so that its use was not seen. Water stands over the
        mine, and bare ground of the mine is dump where the older outlines have a dump.
    """
    codes = np.zeros(ground.grid.shape, dtype=np.uint8)
    for shown, use in SEEN.items():
        codes[cover == land_cover.CODES[shown]] = model.CODES[use]
    dump = ground.fixed == model.CODES["dump"]
    dry = bare & (codes != model.CODES["water"])
    codes[dry] = np.where(dump, model.CODES["dump"], model.CODES["mine"])[dry]
    # Trees on a dump do not make it firm ground, and dumps are replanted.
    dug = np.isin(ground.fixed, [model.CODES["mine"], model.CODES["dump"]])
    codes[(dug & (codes == model.CODES["forest"])) | (ground.district < 0)] = model.OUTSIDE
    return codes


def with_crops(ground: Ground, seen: IntArray, seed: int) -> IntArray:
    """
    Model the farm land of each district within the land that was seen to be open.

    Parameters
    ----------
    ground : Ground
        The province.
    seen : uint8 array (rows, cols)
        As `seen_land_use` gives it.
    seed : int
        Seed of the noise.

    Returns
    -------
    uint8 array (rows, cols)
        Class codes of the whole province.

    Raises
    ------
    LayerError
        If a district has less open land than its published farm land (`quota_infeasible`).
    """
    farms = {
        code: {name: rai for name, rai in wanted.items() if name in model.FARM}
        for code, wanted in ground.quotas.items()
    }
    fixed = np.where(seen > 0, seen, ground.fixed)
    return replace(
        ground, fixed=fixed, quotas=farms, province_rai={**ground.province_rai, "forest": 0.0}
    ).modelled(seed)


def _write(path: Path, name: str, codes: IntArray, nature: str, ground: Ground) -> None:
    tags = {"nature": nature, "confidence": "M" if nature == "observed" else "L"}
    tags["classes"] = ", ".join(f"{code} {use}" for use, code in model.CODES.items())
    files.write_raster(
        path, {name: codes}, ground.grid, nodata=model.OUTSIDE, tags=tags, categorical=True
    )


def _seen_accuracy(seen: IntArray, ground: Ground) -> dict[str, float | int]:
    """Tell on how much of the province the use was seen, by class."""
    inside = int((ground.district >= 0).sum())
    shares = {
        f"{use}_percent": round(100 * float((seen == model.CODES[use]).sum()) / inside, 2)
        for use in ("water", "mine", "dump", "built_up", "forest")
    }
    return {"seen_percent": round(100 * float((seen > 0).sum()) / inside, 1), **shares}


def _accuracy(
    seen: IntArray, whole: IntArray, another: IntArray, ground: Ground
) -> dict[str, float | int]:
    """Tell which published totals are met, and how much of the crops hangs on the seed."""
    wanted = {
        name: sum(model.cells_from_rai(of[name], CELL_M) for of in ground.quotas.values())
        for name in model.FARM
    }
    published = {
        name: model.cells_from_rai(rai, CELL_M) for name, rai in ground.province_rai.items()
    }
    measures: dict[str, float | int] = {
        "farm_land_difference_cells": sum(
            abs(_cells(whole, name) - cells) for name, cells in wanted.items()
        ),
        **{
            f"{name}_of_published_percent": round(100 * _cells(whole, name) / cells, 1)
            for name, cells in published.items()
        },
        "open_land_percent": round(100 * float((seen == 0)[ground.district >= 0].mean()), 1),
        "open_land_farmed_percent": round(
            100 * sum(wanted.values()) / int((seen == 0)[ground.district >= 0].sum()), 1
        ),
    }
    for name in model.FARM:
        both = (whole == model.CODES[name]) & (another == model.CODES[name])
        measures[f"{name}_same_with_another_seed_percent"] = round(
            100 * float(both.sum()) / max(_cells(whole, name), 1), 1
        )
    return measures


def _cells(codes: IntArray, name: str) -> int:
    return int((codes == model.CODES[name]).sum())
