"""
Outlines of used land and of two parks, as mappers drew them, generalised.

Neighbouring outlines of one class are one, corners are thinned, and what is smaller than a fifth of
a hectare is left out. The outlines of parks follow no survey: they say where to ask, not where a
boundary runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis import files
from maemoh_gis.core.units import M2_PER_KM2
from pack.traces import METRES, rounded_rai

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

YEAR_BE = 2564
CLASSES: Mapping[str, str] = {
    "residential": "residential",
    "industrial": "industrial",
    "commercial": "commercial",
    "retail": "commercial",
    "school": "school",
    "college": "college",
    "university": "college",
    "hospital": "hospital",
    "military": "military",
}
"""Class of the layer by class of the map; pitches, stadiums and zoos are left out."""

DECIMALS = 4
"""Digits of a degree that are written, about 11 m."""

# Outlines nearer than this to each other are one; tiles of the map cut outlines in two.
_GAP_M = 15.0
_TOLERANCE_M = 15.0
_SMALLEST_M2 = 2000.0
_PARK_TOLERANCE_M = 150.0

_PARKS: Mapping[str, tuple[str, str, str | None]] = {
    "Tham Patham national park": (
        "อุทยานแห่งชาติถ้ำผาไท", "Tham Pha Thai National Park", "in_preparation",
    ),
    "อุทยานแห่งชาติดอยผากลอง": ("อุทยานแห่งชาติดอยผากลอง", "Doi Pha Klong National Park", None),
}  # fmt: skip
"""Names in both languages and status, by the name on the map."""
_MAE_MO = 5202


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `land_use_outlines.geojson` and `park_outline.geojson`.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the layers; districts, subdistricts, villages of known place and park points are
        read from it.

    Returns
    -------
    dict of str to dict
        Measured accuracy by layer id.
    """
    observed = sources / "reference" / "observed"
    mapped = files.read_vector(observed / "osm2021_landuse.geojson").to_crs(METRES)
    areas = files.read_vector(out / "subdistricts.geojson").to_crs(METRES)
    mapped = mapped[mapped.intersects(areas.union_all())]
    outlines = on_the_written_lattice(draw_land_use(mapped, areas))
    files.write_geojson(out / "land_use_outlines.geojson", outlines, decimals=DECIMALS)

    drawn = files.read_vector(observed / "osm2021_parks.geojson").to_crs(METRES)
    published = files.read_vector(out / "protected_area_points.geojson")
    printed = dict(zip(published["name_th"], published["area_rai"], strict=True))
    parks = on_the_written_lattice(draw_parks(drawn, printed))
    files.write_geojson(out / "park_outline.geojson", parks, decimals=DECIMALS)
    villages = files.read_vector(out / "village_points.geojson").to_crs(METRES)
    return {
        "land_use_outlines": {
            **_generalised(mapped, outlines.to_crs(METRES)),
            **_settled(outlines.to_crs(METRES), villages),
        },
        "park_outline": _parks_measured(
            drawn, parks.to_crs(METRES), files.read_vector(out / "districts.geojson").to_crs(METRES)
        ),
    }


def draw_land_use(mapped: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Join and thin the outlines of used land.

    Parameters
    ----------
    mapped : geopandas.GeoDataFrame
        Outlines with their `class` on the map, EPSG:32647.
    areas : geopandas.GeoDataFrame
        Subdistricts, EPSG:32647.

    Returns
    -------
    geopandas.GeoDataFrame
        Outlines by class and subdistrict, EPSG:32647; each stands with the subdistrict that holds
        most of it.
    """
    kinds = mapped["class"].map(CLASSES)
    rows = [
        {"land_use": kind, "geometry": part}
        for kind, group in mapped.groupby(kinds, sort=True)
        for part in joined(np.asarray(group.geometry.values))
    ]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=METRES)
    owner = [_holder(part, areas) for part in frame.geometry]
    frame["subdistrict_code"] = areas["code"].iloc[owner].to_numpy()
    frame["subdistrict_name_th"] = areas["name_th"].iloc[owner].to_numpy()
    frame["district_name_th"] = areas["district_name_th"].iloc[owner].to_numpy()
    frame["area_rai"] = [rounded_rai(part.area, 1) for part in frame.geometry]
    frame["year_be"] = YEAR_BE
    frame["confidence"] = "M"
    west = frame.geometry.bounds["minx"]
    return (
        frame.assign(west=west)
        .sort_values(["land_use", "subdistrict_code", "west"], ignore_index=True)
        .drop(columns="west")
    )


def joined(shapes: NDArray[np.object_]) -> list[BaseGeometry]:
    """
    Make one outline of those nearer than `_GAP_M` to each other, and thin it.

    Parameters
    ----------
    shapes : array of shapely polygons (n,), EPSG:32647
        Outlines of one class.

    Returns
    -------
    list of shapely polygons
        Outlines of 2,000 m2 and more, without holes smaller than that.
    """
    half = _GAP_M / 2
    closed = shapely.buffer(shapely.union_all(shapely.buffer(shapes, half, join_style="mitre")),
                            -half, join_style="mitre")  # fmt: skip
    thin = shapely.simplify(shapely.get_parts(closed), _TOLERANCE_M)
    filled = [shapely.Polygon(part.exterior, _large_holes(part)) for part in thin.tolist()]
    return [part for part in filled if part.area >= _SMALLEST_M2]


def draw_parks(drawn: gpd.GeoDataFrame, published: Mapping[str, float]) -> gpd.GeoDataFrame:
    """
    Thin the outlines of the parks and name them.

    Parameters
    ----------
    drawn : geopandas.GeoDataFrame
        Outlines with the `name` on the map, EPSG:32647.
    published : mapping of str to float
        Published area in rai by Thai name.

    Returns
    -------
    geopandas.GeoDataFrame
        Outlines in EPSG:32647, `area_rai` that of the outline.
    """
    names = [_PARKS[name] for name in drawn["name"]]
    shapes = shapely.simplify(np.asarray(drawn.geometry.values), _PARK_TOLERANCE_M)
    printed = [published.get(thai) for thai, _, _ in names]
    return gpd.GeoDataFrame(
        {
            "name_th": [thai for thai, _, _ in names],
            "name_en": [english for _, english, _ in names],
            "kind": "national_park",
            "status": [status for _, _, status in names],
            "area_rai": [rounded_rai(shape.area, 100) for shape in shapes.tolist()],
            "area_rai_published": printed,
            "year_be": YEAR_BE,
            "confidence": "L",
        },
        geometry=shapes,
        crs=METRES,
    )


def on_the_written_lattice(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Bring shapes to EPSG:4326 and the digits that are written, so that they stay valid there."""
    lonlat = frame.to_crs("EPSG:4326")
    rounded = shapely.set_precision(np.asarray(lonlat.geometry.values), 10.0**-DECIMALS)
    return lonlat.set_geometry(gpd.GeoSeries(rounded, crs="EPSG:4326", index=lonlat.index))


def _large_holes(part: shapely.Polygon) -> list[shapely.LinearRing]:
    return [ring for ring in part.interiors if shapely.Polygon(ring).area >= _SMALLEST_M2]


def _holder(part: BaseGeometry, areas: gpd.GeoDataFrame) -> int:
    """Find the row of the area that holds most of a shape."""
    return int(np.argmax(np.asarray(areas.intersection(part).area)))


def _generalised(mapped: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame) -> dict[str, float | int]:
    """Count outlines and compare areas with those of the map, class by class."""
    kinds = mapped["class"].map(CLASSES)
    before = mapped.dissolve(kinds).area
    after = outlines.dissolve("land_use").area
    change = (after / before - 1.0).abs()
    counts = outlines["land_use"].value_counts()
    return {
        "outlines": len(outlines),
        **{str(kind): int(counts[kind]) for kind in sorted(counts.index)},
        "residential_rai": rounded_rai(float(after["residential"]), 10),
        "largest_area_change_percent": round(100.0 * float(change.max()), 1),
    }


def _settled(outlines: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> dict[str, int]:
    """Say how many of the villages of known place lie in or at residential land."""
    homes = outlines[outlines["land_use"] == "residential"].union_all()
    metres = villages.distance(homes)
    return {
        "villages_within_residential_percent": round(100 * float((metres == 0).mean())),
        "villages_over_500_m_from_it_percent": round(100 * float((metres > 500).mean())),
    }


def _parks_measured(
    drawn: gpd.GeoDataFrame, parks: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> dict[str, float | int]:
    """Compare with the full outlines and the published area; areas in Mae Mo in km2."""
    before, after = (np.asarray(frame.geometry.values) for frame in (drawn, parks))
    mae_mo = districts.set_index("code").geometry[_MAE_MO]
    first = parks.iloc[0]
    surplus = float(first["area_rai"]) / float(first["area_rai_published"]) - 1.0
    return {
        "area_change_percent": round(
            100.0 * float(np.abs(shapely.area(after) / shapely.area(before) - 1.0).max()), 2
        ),
        "outline_shift_m": round(float(shapely.hausdorff_distance(before, after).max())),
        "tham_pha_thai_over_published_percent": round(100.0 * surplus, 1),
        "tham_pha_thai_in_mae_mo_km2": round(
            shapely.area(shapely.intersection(after[0], mae_mo)) / M2_PER_KM2
        ),
    }
