"""The stations of the railway: where they stand, their kilometre posts and their districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from maemoh_gis import files
from pack.lines import as_point, metres_along
from pack.traces import METRES

if TYPE_CHECKING:
    from pathlib import Path

    import shapely

DEN_CHAI_KM = 533.94
"""Kilometre post of Den Chai (public station page)."""

KM_PER_CHAINAGE_KM = 1.0080
"""Kilometre posts per kilometre of drawn line; fitted, at most 0.13 km off the official posts."""

FIRST_STATION = "Den Chai"
"""Southern end of the drawn line."""

NORTHERN_STATIONS = ("Khun Tan", "Tha Chomphu", "Sala Mae Tha")
"""
Stations beyond the reference course, northward: the first ends the province, the others continue
the line until it is more than 5 km away from it.
"""

# These four stand in no list; they were interpolated between the posts of Den Chai and Sala Pha
# Lat and are right to about 0.3 km.
_ESTIMATED_KM = {"Pang Puai": 590.9, "Mae Chang": 600.1, "Mae Mo": 609.1, "Huai Rak Mai": 614.8}


def place_stations(sources: Path, line: shapely.LineString) -> gpd.GeoDataFrame:
    """
    Place the stations, with their kilometre posts and districts.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    line : shapely.LineString
        Course from Den Chai northward, EPSG:32647.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:32647; `chainage_km` is the distance along `line` where the station is on it.
    """
    rows = files.read_csv(sources / "facts" / "stations.csv")
    points = _station_points(rows)
    on_line = [
        bool(row["km_from_den_chai_on_line"]) or row["name_en"] in NORTHERN_STATIONS for row in rows
    ]
    chainage = [
        metres_along(line, point) / 1000 if on else np.nan
        for point, on in zip(points, on_line, strict=True)
    ]
    posts = [_km_post(row, km) for row, km in zip(rows, chainage, strict=True)]
    offsets = points.distance(line)
    frame = gpd.GeoDataFrame(
        {
            "name_th": [row["name_th"] for row in rows],
            "name_en": [row["name_en"] for row in rows],
            "code": [row["code"] or None for row in rows],
            "km_post": [post for post, _ in posts],
            "km_post_confidence": [grade for _, grade in posts],
            "on_line": on_line,
            "offset_m": [
                round(value, 1) if on else None for value, on in zip(offsets, on_line, strict=True)
            ],
            "source": [_station_source(row["source"]) for row in rows],
            "confidence": ["H" if "OpenStreetMap" in row["source"] else "M" for row in rows],
            "chainage_km": chainage,
        },
        geometry=points,
        crs=METRES,
    )
    return _with_districts(sources, frame)


def along_the_line(stations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Order stations along the line from Den Chai, then the others by name."""
    return stations.sort_values(["chainage_km", "name_en"]).reset_index(drop=True)


def measure_stations(
    stations: gpd.GeoDataFrame, railway: gpd.GeoDataFrame
) -> dict[str, float | int]:
    """Count the stations and measure how far those on the line stand from the drawing."""
    on_line = stations[stations["on_line"]]
    drawn = railway.geometry.union_all()
    offsets = on_line.distance(drawn)
    return {
        "stations": len(stations),
        "stations_on_line": len(on_line),
        "max_offset_m": round(float(offsets.max()), 1),
        "official_km_posts": int((stations["km_post_confidence"] == "H").sum()),
    }


def station_point(sources: Path, name_en: str) -> shapely.Point:
    """
    Find one station in the fact table.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    name_en : str
        Its English name.

    Returns
    -------
    shapely.Point
        Its place, EPSG:32647.
    """
    rows = files.read_csv(sources / "facts" / "stations.csv")
    named = [row for row in rows if row["name_en"] == name_en]
    return as_point(_station_points(named).iloc[0])


def _station_points(rows: list[dict[str, str]]) -> gpd.GeoSeries:
    lon, lat = [float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows]
    return gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs(METRES)


def _km_post(row: dict[str, str], chainage_km: float) -> tuple[float | None, str | None]:
    if row["km_post_official"]:
        return float(row["km_post_official"]), "H"
    if row["name_en"] in _ESTIMATED_KM:
        return _ESTIMATED_KM[row["name_en"]], "M"
    if np.isnan(chainage_km):
        return None, None
    return round(DEN_CHAI_KM + KM_PER_CHAINAGE_KM * chainage_km, 1), "M"


def _station_source(written: str) -> str:
    return "OpenStreetMap" if "OpenStreetMap" in written else "public station list"


def _with_districts(sources: Path, stations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the district and province each station stands in; outside the polygons they are empty."""
    folder = sources / "reference"
    areas = pd.concat(
        [
            files.read_vector(folder / name).to_crs(METRES)
            for name in (
                "lampang_amphoe_codab.geojson",
                "neighbour_amphoe_codab_simplified.geojson",
            )
        ],
        ignore_index=True,
    )
    found: list[tuple[str | None, str | None, str | None]] = []
    for point in stations.geometry:
        # Districts of the province stand first, so a sloppy neighbour never takes their ground.
        inside = areas[areas.contains(point)].head(1)
        found.append(
            next(
                iter(inside[["ADM2_TH", "ADM2_EN", "ADM1_EN"]].itertuples(index=False, name=None)),
                (None, None, None),
            )
        )
    columns = dict(
        zip(("district_th", "district_en", "province_en"), zip(*found, strict=True), strict=True)
    )
    return stations.assign(**{name: list(values) for name, values in columns.items()})
