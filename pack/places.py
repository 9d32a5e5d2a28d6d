"""
Places people live, work and are protected in: settlements, offices, parks, faults and hazards.

All of these are short lists of known points, never a census of their kind. Where a list is silent a
planner must not read safety: each layer says that it is complete nowhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis import files
from maemoh_gis.core.units import M2_PER_KM2, rai_from_m2
from pack.known_points import confidence_grade, near_province, number_before, points_from
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

FAULT_TOLERANCE_M = 500.0
"""Faults are drawn on national maps; bends finer than this are not knowledge."""

RESETTLED_HOUSEHOLDS = 1458

_FACILITY_KINDS = {
    "health centre": "health_centre",
    "waterworks": "waterworks",
    "government office": "government_office",
    "teak plantation": "research_site",
    "airport": "airport",
    "national park HQ": "national_park_office",
}
_PARK_POINTS = {"national park HQ point": "headquarters", "national park point": "listed_point"}

# Distance to the position another list gives, or what a remark says of the point, in metres.
_PARK_UNCERTAINTY_M = {"อุทยานแห่งชาติแจ้ซ้อน": 500, "อุทยานแห่งชาติแม่วะ": 6000}
_ROUNDED_TO_HALF_A_MINUTE_M = 900

_VILLAGE_COLUMNS = (
    "moo",
    "subdistrict_name_th",
    "subdistrict_name_en",
    "name_th",
    "name_en",
    "households_of_all",
    "moved",
    "lon",
    "lat",
    "confidence",
    "basis_th",
    "basis_en",
)
_BASIS_TH = "มติ ครม. 15 ต.ค. 2556; ศาลปกครองสูงสุดอ่านคำพิพากษา 10 ก.พ. 2558 (ราษฎรในรัศมี 5 กม.)"
_BASIS_EN = (
    "cabinet resolution of 15 Oct 2556; ruling of the Supreme Administrative Court read on "
    "10 Feb 2558 (residents within 5 km)"
)
# Moo, tambon, village. The sources name only Huai Khing and place only moo 2 of Ban Dong; that Huai
# Khing lies in tambon Mae Mo is inferred, because the others are said to be of Ban Dong.
_VILLAGES = (
    (6, "แม่เมาะ", "Mae Mo", "บ้านห้วยคิง", "Ban Huai Khing", "M"),
    (1, "บ้านดง", "Ban Dong", None, None, "H"),
    (2, "บ้านดง", "Ban Dong", "บ้านดง", "Ban Dong", "H"),
    (7, "บ้านดง", "Ban Dong", None, None, "H"),
    (8, "บ้านดง", "Ban Dong", None, None, "H"),
)

_HAZARD_COLUMNS = ("date_be", "kind", "what_th", "what_en", "mapped", "confidence", "note")
_HAZARDS = (
    (
        "2561-03-18",
        "dump_slope_failure",
        "ที่ทิ้งดินสไลด์ ปิดถนนบ้านดง–อำเภอ ยาวประมาณ 1 กม.",
        "A dump slope failed and blocked about 1 km of the road from Ban Dong to the district town",
        "false",
        "M",
        "about 100 m high, of a pile of roughly 300 m; no position given",
    ),
    (
        "2568-11",
        "dump_slope_failure",
        "ที่ทิ้งดินด้านตะวันตกเฉียงใต้สไลด์ ปิดพื้นที่ประมาณ 1 ตร.กม.",
        "The south-west dump failed and about 1 km2 was closed",
        "false",
        "L",
        "a list places it at Ban Klang, 29 km north of the mine: doubtful, not to be mapped as is",
    ),
)


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write district seats, settlements, facilities, park points, faults and two tables.

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
    facts = sources / "facts"
    seats = files.read_csv(facts / "district_seats.csv")
    files.write_geojson(out / "district_seats.geojson", points_from(seats, _seats(seats)))

    villages = [r for r in files.read_csv(facts / "settlements.csv") if r["kind"] == "village"]
    settlements = points_from(villages, [_settlement(row) for row in villages])
    files.write_geojson(out / "settlements.geojson", settlements)
    files.write_csv(
        out / "resettlement_villages.csv", _VILLAGE_COLUMNS, resettlement_rows(settlements)
    )

    facilities = files.read_csv(facts / "facilities.csv")
    files.write_geojson(
        out / "facilities.geojson",
        points_from(facilities, [_facility(row) for row in facilities]),
    )
    parks = files.read_csv(facts / "protected_areas_points.csv")
    files.write_geojson(
        out / "protected_area_points.geojson", points_from(parks, [_park(row) for row in parks])
    )
    files.write_csv(out / "hazard_reports.csv", _HAZARD_COLUMNS, _HAZARDS)

    traced = files.read_vector(sources / "reference" / "gem_active_faults_clip.geojson")
    near = near_province(sources)
    faults = draw_faults(traced, near)
    files.write_geojson(out / "faults.geojson", faults)
    return {
        "district_seats": {"seats": len(seats)},
        "settlements": {"settlements": len(settlements)},
        "facilities": {"facilities": len(facilities)},
        "protected_area_points": {"points": len(parks)},
        "faults": measure_faults(traced, faults, near),
    }


def draw_faults(traces: gpd.GeoDataFrame, near: BaseGeometry) -> gpd.GeoDataFrame:
    """
    Thin the fault traces and keep those in and near the province.

    Parameters
    ----------
    traces : geopandas.GeoDataFrame
        Active faults, EPSG:4326.
    near : shapely.Polygon
        Area to keep, EPSG:32647; traces are cut at its edge.

    Returns
    -------
    geopandas.GeoDataFrame
        One line a row, in EPSG:32647, from west to east.
    """
    thinned = traces.to_crs(METRES).geometry.simplify(FAULT_TOLERANCE_M)
    parts = shapely.get_parts(shapely.intersection(thinned.to_numpy(), near))
    # A cut at the edge can leave a stub too short to mean anything.
    parts = parts[shapely.length(parts) > 2 * FAULT_TOLERANCE_M]
    kept = parts[np.argsort(shapely.bounds(parts)[:, 0], kind="stable")]
    return gpd.GeoDataFrame(
        {"length_km": [round(line.length / 1000) for line in kept], "confidence": "M"},
        geometry=list(kept),
        crs=METRES,
    )


def measure_faults(
    traces: gpd.GeoDataFrame, faults: gpd.GeoDataFrame, near: BaseGeometry
) -> dict[str, float | int]:
    """
    Compare the drawn faults with the traces.

    Parameters
    ----------
    traces, faults : geopandas.GeoDataFrame
        Before and after thinning.
    near : shapely.Polygon
        Area that was kept, EPSG:32647.

    Returns
    -------
    dict
        Number of lines, largest distance of the drawn lines from the traces in metres, and the
        share of the length that is left, in percent.
    """
    before = traces.to_crs(METRES).geometry.intersection(near)
    after = faults.to_crs(METRES)
    offset = shapely.hausdorff_distance(after.union_all(), before.union_all(), densify=0.02)
    return {
        "faults": len(after),
        "largest_offset_m": round(float(offset)),
        "length_kept_percent": round(100.0 * float(after.length.sum() / before.length.sum()), 1),
    }


def resettlement_rows(settlements: gpd.GeoDataFrame) -> list[tuple[object, ...]]:
    """
    List the villages that the cabinet resolved to resettle.

    Parameters
    ----------
    settlements : geopandas.GeoDataFrame
        Known settlements, EPSG:4326, from which a village takes its position where it is known.

    Returns
    -------
    list of tuple
        Rows in the order of the resolution. `moved` is false until a steward records the move:
        until then they are settlements, and a vacated home never raises a score.
    """
    rows: list[tuple[object, ...]] = []
    for moo, tambon_th, tambon_en, name_th, name_en, confidence in _VILLAGES:
        known = settlements[
            (settlements["moo"] == moo) & (settlements["subdistrict_name_th"] == tambon_th)
        ]
        lon, lat = next(zip(known.geometry.x, known.geometry.y, strict=True), (None, None))
        rows.append(
            (
                moo,
                tambon_th,
                tambon_en,
                name_th,
                name_en,
                RESETTLED_HOUSEHOLDS,
                "false",
                None if lon is None else round(lon, 5),
                None if lat is None else round(lat, 5),
                confidence,
                _BASIS_TH,
                _BASIS_EN,
            )
        )
    return rows


def _seats(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    return [
        {
            "code": int(row["dopa_code"]),
            "name_th": row["name_th"],
            "name_en": row["name_en"],
            "uncertainty_m": int(row["uncertainty_m"]),
            "confidence": confidence_grade(row["confidence"]),
        }
        for row in rows
    ]


def _settlement(row: Mapping[str, str]) -> dict[str, object]:
    moo = re.search(r"moo (\d+)", row["note"])
    return {
        "name_th": row["name_th"],
        "name_en": row["name_en"],
        "moo": int(moo[1]) if moo else None,
        "subdistrict_name_th": row["in_tambon"],
        "district_name_th": row["in_amphoe"],
        "uncertainty_m": 1000 if "error up to 1 km" in row["note"] else None,
        "confidence": confidence_grade(row["confidence"]),
    }


def _facility(row: Mapping[str, str]) -> dict[str, object]:
    kind = next(key for start, key in _FACILITY_KINDS.items() if row["kind"].startswith(start))
    station = re.search(r"PM station (\w+)", row["kind"])
    rounded = "+-0.9 km" in row["note"]
    return {
        "name_th": row["name_th"],
        "name_en": re.sub(r", elev.*$| \(preparatory\)$", "", row["name_en"]),
        "kind": kind,
        "air_station": station[1] if station else None,
        "subdistrict_name_th": row["in_tambon"],
        "district_name_th": row["in_amphoe"],
        "uncertainty_m": _ROUNDED_TO_HALF_A_MINUTE_M if rounded else None,
        "confidence": confidence_grade(row["confidence"]),
    }


def _park(row: Mapping[str, str]) -> dict[str, object]:
    area_km2 = number_before("km2", row["note"])
    preparing = "preparatory" in row["name_en"]
    return {
        "name_th": row["name_th"],
        "name_en": re.sub(r" \(preparatory.*\)$", "", row["name_en"]),
        "kind": "national_park",
        "status": "in_preparation" if preparing else None,
        "point": "centroid" if "centroid" in row["note"] else _PARK_POINTS[row["kind"]],
        "area_rai": None if area_km2 is None else round(rai_from_m2(area_km2 * M2_PER_KM2)),
        "uncertainty_m": _PARK_UNCERTAINTY_M.get(row["name_th"]),
        "confidence": confidence_grade(row["confidence"]),
    }
