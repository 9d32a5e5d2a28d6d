"""
Reservoirs, a sketch of the streams, and the dams and gauges of the Wang and the Yom.

No open survey of the water of Mae Moh exists in the sources: the reservoirs are flats of one height
in a 550 m elevation raster and the streams are the paths water would take over it. Both say so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis import files
from pack.known_points import confidence_grade, number_before, points_from
from pack.traces import METRES, rounded_rai, smooth_line, smooth_outline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

TRACE_CELL_M = 550.0
"""North-south side of the cells the reservoirs were traced from (0.005 degree)."""

CATCHMENT_CLASSES_KM2 = (40, 100, 300, 1000, 3000)
"""Lower ends of the classes of catchment; the paths were followed from 40 km2 on."""

MAE_CHANG_NORMAL_LEVEL_M = 352.5
"""Height above mean sea level that the operator (EGAT, 2560) gives for the full reservoir."""

# Normal storage in million m3: the operator of the mine (EGAT, 2560) for the first two, where Mae
# Kham is only known as active storage; the list of large dams for Kiu Lom.
_STORAGE_MM3: dict[str, tuple[float | None, float | None]] = {
    "Mae Chang reservoir": (102.1, 92.7),
    "Mae Kham reservoir": (None, 33.28),
    "Kiu Lom reservoir (part)": (106.22, None),
}


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write reservoirs, drainage and hydrological points.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        The layers folder.

    Returns
    -------
    dict
        Measured accuracy by layer id, then by measure.
    """
    traces = files.read_vector(sources / "reference" / "reservoirs_dem_flat.geojson")
    reservoirs = draw_reservoirs(traces)
    files.write_geojson(out / "reservoirs.geojson", reservoirs)

    streams = draw_drainage(
        files.read_vector(sources / "reference" / "drainage_dem_indicative.geojson"),
        _traced_pit(sources),
    )
    files.write_geojson(out / "drainage.geojson", streams)

    hydro = files.read_csv(sources / "facts" / "hydro_points.csv")
    points = draw_hydro_points(hydro)
    files.write_geojson(out / "hydro_points.geojson", points)
    return {
        "reservoirs": measure_reservoirs(traces, reservoirs),
        "drainage": measure_drainage(streams, points),
        "hydro_points": {"points": len(points)},
    }


def draw_reservoirs(traces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Draw generalised reservoirs from flats of one height.

    Parameters
    ----------
    traces : geopandas.GeoDataFrame
        Cells of equal height, EPSG:4326.

    Returns
    -------
    geopandas.GeoDataFrame
        Outlines in EPSG:32647 with level, area of the drawn outline and published storage.
    """
    metres = traces.to_crs(METRES)
    shapes = [smooth_outline(shape, cell_m=TRACE_CELL_M) for shape in metres.geometry]
    storage = [_STORAGE_MM3[name] for name in traces["name_en"]]
    return gpd.GeoDataFrame(
        {
            "name_th": traces["name_th"],
            "name_en": traces["name_en"],
            "level_m": traces["level_m"],
            "area_rai": [rounded_rai(shape.area) for shape in shapes],
            "storage_mm3": [total for total, _ in storage],
            "active_storage_mm3": [active for _, active in storage],
            "complete": ["part" not in name for name in traces["name_en"]],
            "confidence": [confidence_grade(word) for word in traces["confidence"]],
        },
        geometry=shapes,
        crs=METRES,
    )


def draw_drainage(paths: gpd.GeoDataFrame, pit: BaseGeometry) -> gpd.GeoDataFrame:
    """
    Draw smooth streams from paths over cells.

    Parameters
    ----------
    paths : geopandas.GeoDataFrame
        Lines from cell centre to cell centre, EPSG:4326, with the area above them in km2.
    pit : shapely.Polygon
        Traced pit, EPSG:32647.

    Returns
    -------
    geopandas.GeoDataFrame
        Lines in EPSG:32647; lines that met still meet. `through_pit` marks paths that run through
        the pit, where the real creek is diverted round it.
    """
    lines = [smooth_line(line) for line in paths.to_crs(METRES).geometry]
    through = [bool(line.intersects(pit)) for line in lines]
    return gpd.GeoDataFrame(
        {
            "upstream_km2_min": [_catchment_class(area) for area in paths["upstream_km2"]],
            "through_pit": through,
            "confidence": "L",
        },
        geometry=lines,
        crs=METRES,
    )


def draw_hydro_points(rows: list[dict[str, str]]) -> gpd.GeoDataFrame:
    """
    Place gauges and dam crests.

    Parameters
    ----------
    rows : list of dict
        `hydro_points.csv`.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326. `order_downstream` counts the gauges of the Wang from its head.
    """
    return points_from(rows, [_hydro_attributes(row) for row in rows])


def measure_reservoirs(
    traces: gpd.GeoDataFrame, reservoirs: gpd.GeoDataFrame
) -> dict[str, float | int]:
    """
    Compare the drawn outlines with the traces, and the level of Mae Chang with its operator's.

    Parameters
    ----------
    traces, reservoirs : geopandas.GeoDataFrame
        The same reservoirs in the same order.

    Returns
    -------
    dict
        Largest change of area in percent, largest distance between an outline and its trace in
        metres, and error of the level of Mae Chang in metres.
    """
    before, after = traces.to_crs(METRES), reservoirs.to_crs(METRES)
    change = np.abs(after.area.to_numpy() / before.area.to_numpy() - 1.0)
    shift = shapely.hausdorff_distance(
        before.geometry.to_numpy(), after.geometry.to_numpy(), densify=0.1
    )
    level = reservoirs.loc[reservoirs["name_en"] == "Mae Chang reservoir", "level_m"].iloc[0]
    return {
        "area_change_percent": round(100.0 * float(change.max()), 1),
        "outline_shift_m": round(float(np.max(shift))),
        "mae_chang_level_error_m": round(abs(float(level) - MAE_CHANG_NORMAL_LEVEL_M), 1),
    }


def measure_drainage(streams: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> dict[str, float | int]:
    """
    Measure how far the gauges on the Wang stand from the sketched streams.

    Parameters
    ----------
    streams, points : geopandas.GeoDataFrame
        The drawn layers.

    Returns
    -------
    dict
        Median and largest offset in metres, over the gauges inside the box of the sketch; the gauge
        stands on the river, so the offset is the error of the sketch.
    """
    large = streams[streams["upstream_km2_min"] >= 1000].to_crs(METRES)
    gauges = points[points["kind"] == "river_gauge"]
    wang = gauges[gauges["river"] == "Wang"].to_crs(METRES)
    inside = wang[wang.within(shapely.box(*streams.to_crs(METRES).total_bounds))]
    offsets = inside.distance(large.union_all()).to_numpy()
    return {
        "wang_gauges": len(offsets),
        "median_offset_m": round(float(np.median(offsets))),
        "largest_offset_m": round(float(offsets.max())),
    }


def _hydro_attributes(row: Mapping[str, str]) -> dict[str, object]:
    is_dam = row["kind"] == "dam crest"
    code = None if is_dam else row["name_en"].split(" ")[0]
    river = None if is_dam else row["name_en"].split(" ")[2]
    order = re.search(r"order downstream (\d+)", row["note"])
    return {
        "name_th": row["name_th"],
        "name_en": row["name_en"] if is_dam else f"{river} river gauge {code}",
        "kind": "dam" if is_dam else "river_gauge",
        "code": code,
        "river": "Wang" if is_dam else river,
        "order_downstream": int(order[1]) if order else None,
        "storage_mm3": number_before("Mm3", row["note"]),
        "confidence": confidence_grade(row["confidence"]),
    }


def _catchment_class(area_km2: float) -> int:
    return max(lower for lower in CATCHMENT_CLASSES_KM2 if lower <= area_km2)


def _traced_pit(sources: Path) -> BaseGeometry:
    traces = files.read_vector(sources / "reference" / "mine_dem_trace.geojson").to_crs(METRES)
    best = traces[(traces["kind"] == "open_pit_trace") & (traces["variant"] == "best")]
    pit: BaseGeometry = best.geometry.iloc[0]
    return pit
