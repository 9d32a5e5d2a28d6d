"""
Bare ground of the Mae Moh mine in 2569, drawn from what a satellite image shows.

Red light tells bare from green ground, and three thresholds give an inner, a best and an outer
outline. The outline is the extent of disturbance: dumps that were replanted lie outside it, and it
is no boundary of a licence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from maemoh_gis import files
from maemoh_gis.core.units import M2_PER_KM2, m2_from_rai
from pack.traces import METRES, rounded_rai, smooth_outline

if TYPE_CHECKING:
    from pathlib import Path

CELL_M = 76.0
YEAR_BE = 2569
VARIANTS = ("inner", "best", "outer")
_NAMES = ("พื้นที่เปิดหน้าดินของเหมืองแม่เมาะ", "Bare ground of the Mae Moh mine")


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `mine_2026.geojson`.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the layers; the outlines of 2543 and the published figures are read from it.

    Returns
    -------
    dict of str to dict
        Measured accuracy by layer id.
    """
    traces = files.read_vector(
        sources / "reference" / "observed" / "mine_bare_ground_s2_2026.geojson"
    )
    mine = draw_bare_ground(traces)
    files.write_geojson(out / "mine_2026.geojson", mine, decimals=4)
    written = files.read_vector(out / "mine_2026.geojson")
    return {"mine_2026": {**_generalised(traces, written), **_compared(out, written)}}


def draw_bare_ground(traces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Draw smooth outlines of the bare ground.

    Parameters
    ----------
    traces : geopandas.GeoDataFrame
        Outlines along cells of the image by `variant`, EPSG:4326.

    Returns
    -------
    geopandas.GeoDataFrame
        Outlines in EPSG:32647 from inner to outer; each lies in the next, so they must not be added
        up. `area_rai` is that of the trace.
    """
    by_variant = traces.to_crs(METRES).set_index("variant").geometry
    shapes: list[shapely.Geometry] = []
    for name in VARIANTS:
        smooth = smooth_outline(by_variant[name], cell_m=CELL_M, tolerance_m=CELL_M / 2)
        shapes.append(shapely.union_all([smooth, *shapes[-1:]]))
    return gpd.GeoDataFrame(
        {
            "part": "bare_ground",
            "variant": list(VARIANTS),
            "name_th": _NAMES[0],
            "name_en": _NAMES[1],
            "area_rai": [rounded_rai(by_variant[name].area) for name in VARIANTS],
            "year_be": YEAR_BE,
            "confidence": ["M", "M", "L"],
        },
        geometry=shapes,
        crs=METRES,
    )


def _generalised(traces: gpd.GeoDataFrame, mine: gpd.GeoDataFrame) -> dict[str, float | int]:
    """Compare the outlines as written with the traces: area in percent, edges in metres."""
    before = traces.to_crs(METRES).set_index("variant").loc[list(VARIANTS)]
    after = mine.to_crs(METRES).set_index("variant").loc[list(VARIANTS)]
    change = (after.area / before.area - 1.0).abs()
    shift = shapely.hausdorff_distance(
        before.geometry.to_numpy(), after.geometry.to_numpy(), densify=0.1
    )
    areas = {
        f"{name}_km2": round(float(after.geometry[name].area) / M2_PER_KM2, 1) for name in VARIANTS
    }
    return {
        **areas,
        "area_change_percent": round(100.0 * float(change.max()), 1),
        "outline_shift_m": round(float(shift.max())),
    }


def _compared(out: Path, mine: gpd.GeoDataFrame) -> dict[str, float | int]:
    """Say how much of the outlines of 2543 is bare today, and set the area against printed ones."""
    best = mine.to_crs(METRES).set_index("variant").geometry["best"]
    then = files.read_vector(out / "mine.geojson").to_crs(METRES)
    held = {
        f"holds_{name}_of_2543_percent": round(
            100.0 * then[rows].intersection(best).area.sum() / then[rows].area.sum()
        )
        for name, rows in (
            ("pit", (then["part"] == "pit") & (then["variant"] == "best")),
            ("west_dump", then["name_en"].str.startswith("West")),
            ("east_dump", then["name_en"].str.startswith("East")),
        )
    }
    printed = {
        row["item"]: m2_from_rai(float(row["area_rai"]))
        for row in files.read_csv(out / "mine_figures.csv")
    }
    share = round(100.0 * best.area / printed["mining_area"])
    return {**held, "of_published_mining_area_percent": share}
