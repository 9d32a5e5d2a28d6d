"""
Districts and subdistricts of Lampang, generalised together so that they still fit each other.

The subdistricts are thinned as one coverage: a border is simplified once for both its neighbours.
The districts are then dissolved from the thinned subdistricts, so both layers share every border.
Codes and Thai names are those of the Department of Provincial Administration (DOPA).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis import files
from maemoh_gis.core import units
from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from maemoh_gis.core.types import FloatArray

    Shapes = NDArray[np.object_]

METRES = "EPSG:32647"
DEGREES = "EPSG:4326"
DECIMALS = 5

# Corners whose triangle is smaller than the square of this are dropped. At 60 m both layers weigh
# about 0.6 MB, no border moves by more than about 110 m and no district's area by more than 0.01 %.
_TOLERANCE_M = 60.0

# Area of the province in the industry action plan B.E. 2570: 12,533.961 km2.
OFFICIAL_PROVINCE_RAI = 7_833_726.0

# The list of codes has วังทรายคำ in Thai beside "Wang Sai Thong"; the Thai name reads Kham.
_ENGLISH_NAMES: Mapping[str, str] = {"520708": "Wang Sai Kham"}


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write the district and subdistrict polygons.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the bundled layers.

    Returns
    -------
    dict of str to dict
        Accuracy against the full polygons, by layer id and measure.

    Raises
    ------
    LayerError
        If the full polygons do not fit each other, or the thinned ones no longer do.
    """
    full = files.read_vector(sources / "reference" / "lampang_tambon_codab.geojson")
    full = full.sort_values("ADM3_PCODE", ignore_index=True).to_crs(METRES)
    names = {
        row["subdistrictCode"]: row
        for row in files.read_csv(sources / "facts" / "lampang_tambon_codes_postcodes.csv")
    }
    published = {
        row["dopa_code"]: float(row["area_rai"])
        for row in files.read_csv(sources / "facts" / "districts.csv")
    }
    codes = [str(code).removeprefix("TH") for code in full["ADM3_PCODE"]]
    shapes = generalised(np.asarray(full.geometry.values), _TOLERANCE_M)
    subdistricts = _subdistricts(codes, shapes, names)
    districts = _districts(subdistricts, published)
    files.write_geojson(out / "subdistricts.geojson", subdistricts, decimals=DECIMALS)
    files.write_geojson(out / "districts.geojson", districts, decimals=DECIMALS)
    return _accuracy(full, subdistricts, districts)


def generalised(shapes: Shapes, tolerance_m: float) -> Shapes:
    """
    Thin polygons that tile an area, keeping their shared borders identical.

    Parameters
    ----------
    shapes : array of shapely polygons (n,), EPSG:32647
        Polygons without gaps or overlaps between them.
    tolerance_m : float
        A corner goes where the triangle it makes is smaller than the square of this, in metres.

    Returns
    -------
    array of shapely polygons (n,), EPSG:4326
        Still without gaps or overlaps, corners at whole multiples of 0.00001 degree.

    Raises
    ------
    LayerError
        If the polygons do not tile the area before or after.

    References
    ----------
    Visvalingam and Whyatt (1993), applied to each shared border once: GEOS coverage simplification.
    """
    _require_coverage(shapes)
    back = transformer_between(METRES, DEGREES)

    def rounded(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        # A shared corner has equal coordinates in every polygon, so it rounds to the same place.
        lonlat = np.column_stack(back.transform(xy[:, 0], xy[:, 1]))
        return np.round(lonlat, DECIMALS)

    thin = shapely.transform(shapely.coverage_simplify(shapes, tolerance_m), rounded)
    thin = shapely.orient_polygons(shapely.remove_repeated_points(thin))
    _require_coverage(thin)
    return np.asarray(thin)


def area_difference_percent(polygon_rai: float, published_rai: float) -> float:
    """
    Compare the area of a polygon with the published area.

    Parameters
    ----------
    polygon_rai, published_rai : float
        Areas in rai.

    Returns
    -------
    float
        Percent by which the polygon is larger; negative where it is smaller.
    """
    return 100.0 * (polygon_rai / published_rai - 1.0)


def _require_coverage(shapes: Shapes) -> None:
    """Refuse polygons that are invalid, empty, overlap or leave gaps along their borders."""
    sound = shapely.is_valid(shapes) & ~shapely.is_empty(shapes)
    if not sound.all() or not shapely.coverage_is_valid(shapes):
        broken = shapely.coverage_invalid_edges(shapes)
        count = int((~shapely.is_empty(broken) | ~sound).sum())
        raise LayerError(Fault("not_a_coverage", key="subdistricts", found=str(count)))


def _subdistricts(
    codes: Sequence[str], shapes: Shapes, names: Mapping[str, Mapping[str, str]]
) -> gpd.GeoDataFrame:
    rows = [names[code] for code in codes]
    columns = {
        "code": [int(code) for code in codes],
        "name_th": [row["subdistrictNameTh"] for row in rows],
        "name_en": [
            _ENGLISH_NAMES.get(c, r["subdistrictNameEn"]) for c, r in zip(codes, rows, strict=True)
        ],
        "district_code": [int(row["districtCode"]) for row in rows],
        "district_name_th": [row["districtNameTh"] for row in rows],
        "district_name_en": [row["districtNameEn"] for row in rows],
        "postcode": [int(row["postalCode"]) for row in rows],
    }
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=DEGREES)
    frame.insert(6, "area_rai_polygon", _rai(frame).round().astype(int))
    return frame


def _districts(subdistricts: gpd.GeoDataFrame, published: Mapping[str, float]) -> gpd.GeoDataFrame:
    groups = [
        (int(str(code)), group) for code, group in subdistricts.groupby("district_code", sort=True)
    ]
    shapes = [
        shapely.orient_polygons(shapely.coverage_union_all(np.asarray(group.geometry.values)))
        for _, group in groups
    ]
    frame = gpd.GeoDataFrame(
        {
            "code": [code for code, _ in groups],
            "name_th": [group["district_name_th"].iloc[0] for _, group in groups],
            "name_en": [group["district_name_en"].iloc[0] for _, group in groups],
            "subdistricts": [len(group) for _, group in groups],
        },
        geometry=shapes,
        crs=DEGREES,
    )
    area = _rai(frame)
    printed = np.array([published[str(code)] for code, _ in groups])
    difference = [area_difference_percent(a, p) for a, p in zip(area, printed, strict=True)]
    frame.insert(4, "area_rai_polygon", area.round().astype(int))
    frame.insert(5, "area_rai_published", printed.astype(int))
    frame.insert(6, "area_difference_percent", np.round(difference, 1))
    return frame


def _rai(frame: gpd.GeoDataFrame) -> FloatArray:
    return np.asarray(frame.to_crs(METRES).area) / units.M2_PER_RAI


def _accuracy(
    full: gpd.GeoDataFrame, subdistricts: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> dict[str, dict[str, float | int]]:
    """Measure how far the thinned borders and areas are from the full ones (`full` in metres)."""
    offset = _border_offset_m(full, subdistricts)
    before = np.asarray(full.area) / units.M2_PER_RAI
    owner = subdistricts["district_code"].to_numpy()
    before_by_district = np.array([before[owner == code].sum() for code in districts["code"]])
    shared: dict[str, float | int] = {
        "border_offset_median_m": round(float(np.median(offset)), 1),
        "border_offset_p95_m": round(float(np.percentile(offset, 95)), 1),
        "border_offset_max_m": round(float(offset.max()), 1),
    }
    total = float(_rai(districts).sum())
    province = area_difference_percent(total, OFFICIAL_PROVINCE_RAI)
    return {
        "districts": {
            **shared,
            "largest_area_change_percent": _largest_change(_rai(districts), before_by_district),
            "province_area_difference_percent": round(province, 2),
        },
        "subdistricts": {
            **shared,
            "largest_area_change_percent": _largest_change(_rai(subdistricts), before),
        },
    }


def _border_offset_m(full: gpd.GeoDataFrame, thin: gpd.GeoDataFrame) -> FloatArray:
    """Distance of every corner of the full borders from the thinned border of the same polygon."""
    borders = np.asarray(thin.to_crs(METRES).boundary.values)
    shapely.prepare(borders)
    distances = [
        shapely.distance(border, shapely.points(shapely.get_coordinates(shape)))
        for border, shape in zip(borders, full.geometry, strict=True)
    ]
    return np.concatenate(distances)


def _largest_change(after: FloatArray, before: FloatArray) -> float:
    return round(100.0 * float(np.abs(after / before - 1.0).max()), 3)
