"""
The Northern Line through Mae Moh: its course, its stations, its heights and the projects on paper.

The course of a railway is a fact and is drawn anew here from points at even spacing. Distances are
the railway's own: kilometre posts counted from Bangkok, known at some stations and estimated at the
others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from maemoh_gis import files
from pack.lines import as_line, joined, metres_along, piece
from pack.rail_projects import RAIL_PROJECTS
from pack.stations import (
    DEN_CHAI_KM,
    FIRST_STATION,
    KM_PER_CHAINAGE_KM,
    NORTHERN_STATIONS,
    along_the_line,
    measure_stations,
    place_stations,
    station_point,
)
from pack.tables import write_rows
from pack.traces import METRES

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.core.types import FloatArray

SPACING_M = 120.0
"""Distance of the points the line is drawn through."""

TOLERANCE_M = 12.0
"""How far the drawing may leave those points."""

HEIGHT_STEP_KM = 0.5
GRADE_WINDOW_KM = 2.0
"""Length over which a grade must hold to rule a train."""


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write railway, stations, heights along the line and planned projects.

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
    course = read_course(sources)
    line = shapely.force_2d(course)
    to_khun_tan = read_tail(sources, line)
    beyond = read_beyond(sources, to_khun_tan)
    whole = shapely.LineString([*line.coords, *to_khun_tan.coords, *beyond.coords])
    stations = place_stations(sources, whole)
    heights = smooth_heights(course)
    railway = draw_sections(whole, stations[stations["on_line"]], heights)
    files.write_geojson(out / "railway.geojson", railway)
    written = along_the_line(stations).drop(columns="chainage_km")
    files.write_geojson(out / "stations.geojson", written)
    files.write_csv(
        out / "railway_heights.csv", list(heights.columns), heights.itertuples(index=False)
    )
    write_rows(out / "rail_projects.csv", RAIL_PROJECTS)
    return {
        "railway": measure_course(railway, line, stations),
        "stations": measure_stations(stations, railway),
        "railway_heights": measure_heights(course, heights),
        "rail_projects": {"rows": len(RAIL_PROJECTS)},
    }


def read_course(sources: Path) -> shapely.LineString:
    """
    Read the reference course with its heights, cut to begin at Den Chai station.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.

    Returns
    -------
    shapely.LineString
        Vertices x, y, height in metres, EPSG:32647, from Den Chai northward.
    """
    path = sources / "reference" / "northern_line_denchai_maetannoi.geojson"
    line = as_line(files.read_vector(path).to_crs(METRES).geometry.iloc[0])
    return piece(line, metres_along(line, station_point(sources, FIRST_STATION)), line.length)


def read_tail(sources: Path, line: shapely.LineString) -> shapely.LineString:
    """
    Read the piece from the end of the reference course to Khun Tan, so that the province is whole.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    line : shapely.LineString
        Course up to beyond Mae Tan Noi, EPSG:32647.

    Returns
    -------
    shapely.LineString
        What follows the end of `line`, to Khun Tan station, EPSG:32647.
    """
    ways = files.read_vector(sources / "reference" / "osm_rail_ways_partial.geojson").to_crs(METRES)
    last = station_point(sources, NORTHERN_STATIONS[0])
    end = shapely.Point(line.coords[-1])
    area = shapely.box(end.x - 3000, end.y - 3000, end.x + 3000, last.y)
    # Side tracks leave the main track inside a way, so the longest chain of ways is the main track.
    near = [as_line(way) for way in ways[ways.intersects(area)].geometry]
    track = max(joined(near), key=lambda part: part.length)
    if track.coords[0][1] > track.coords[-1][1]:
        track = track.reverse()
    return piece(track, metres_along(track, end) + SPACING_M, metres_along(track, last))


def read_beyond(sources: Path, line: shapely.LineString) -> shapely.LineString:
    """
    Read the course from Khun Tan to Tha Chomphu and on to Sala Mae Tha.

    It is straight where no way is known, and drawn so that no railway is missing within 5 km of the
    province.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    line : shapely.LineString
        Course that ends at Khun Tan, EPSG:32647.

    Returns
    -------
    shapely.LineString
        What follows the end of `line`, EPSG:32647.
    """
    ways = files.read_vector(sources / "reference" / "osm_rail_ways_partial.geojson").to_crs(METRES)
    start = shapely.Point(line.coords[-1])
    near, far = (station_point(sources, name) for name in NORTHERN_STATIONS[1:])
    area = shapely.box(near.x - 500, start.y - 200, start.x, start.y + 3000)
    track = max(
        joined([as_line(way) for way in ways[ways.intersects(area)].geometry]),
        key=lambda part: part.length,
    )
    if track.coords[0][0] < track.coords[-1][0]:
        track = track.reverse()
    known = piece(track, metres_along(track, start) + SPACING_M, track.length)
    return shapely.LineString([*known.coords, far.coords[0]])


def smooth_heights(course: shapely.LineString) -> pd.DataFrame:
    """
    Smooth the heights along the line and give them every half kilometre.

    The heights are those of the ground in a public elevation model, which jumps in cuttings and on
    embankments; a mean over 1 km to either side, weighted by nearness, is what a track can follow.

    Parameters
    ----------
    course : shapely.LineString
        Vertices x, y, height, EPSG:32647.

    Returns
    -------
    pandas.DataFrame
        Columns chainage_km, km_post, height_m, lon, lat.
    """
    xyz = np.asarray(course.coords)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xyz[:, :2], axis=0).T))]) / 1000
    fine = np.arange(0.0, along[-1], 0.05)
    ground = np.interp(fine, along, xyz[:, 2])
    half = round(1.0 / 0.05)
    weights = 1.0 - np.abs(np.arange(-half, half + 1)) / (half + 1)
    padded = np.pad(ground, half, mode="edge")
    smooth = np.convolve(padded, weights / weights.sum(), mode="valid")
    chainage = np.arange(0.0, along[-1], HEIGHT_STEP_KM)
    points = gpd.GeoSeries(
        shapely.line_interpolate_point(shapely.force_2d(course), chainage * 1000), crs=METRES
    ).to_crs("EPSG:4326")
    return pd.DataFrame(
        {
            "chainage_km": chainage.round(1),
            "km_post": (DEN_CHAI_KM + KM_PER_CHAINAGE_KM * chainage).round(2),
            "height_m": np.interp(chainage, fine, smooth).round(1),
            "lon": points.x.round(4),
            "lat": points.y.round(4),
        }
    )


def draw_sections(
    line: shapely.LineString, stations: gpd.GeoDataFrame, heights: pd.DataFrame
) -> gpd.GeoDataFrame:
    """
    Draw the line section by section, from station to station.

    Parameters
    ----------
    line : shapely.LineString
        Whole course, EPSG:32647.
    stations : geopandas.GeoDataFrame
        Stations on the line with `chainage_km`, EPSG:32647.
    heights : pandas.DataFrame
        Smoothed heights by `chainage_km`.

    Returns
    -------
    geopandas.GeoDataFrame
        One line a section, EPSG:32647; neighbours share their end point.
    """
    ordered = stations.sort_values("chainage_km").reset_index(drop=True)
    rows, shapes = [], []
    for (_, start), (_, end) in zip(ordered[:-1].iterrows(), ordered[1:].iterrows(), strict=True):
        from_km, to_km = float(start["chainage_km"]), float(end["chainage_km"])
        north, south = ruling_grades(heights, from_km, to_km)
        surveyed = north is not None
        rows.append(
            {
                "name_th": "ทางรถไฟสายเหนือ",
                "name_en": "Northern Line",
                "from_station": start["name_en"],
                "to_station": end["name_en"],
                "gauge_mm": 1000,
                "tracks": 1,
                "status": "operating",
                "double_from_be": None,
                "length_m": round((to_km - from_km) * KM_PER_CHAINAGE_KM * 1000),
                "chainage_start_km": round(from_km, 2),
                "chainage_end_km": round(to_km, 2),
                "km_post_start": round(DEN_CHAI_KM + KM_PER_CHAINAGE_KM * from_km, 2),
                "km_post_end": round(DEN_CHAI_KM + KM_PER_CHAINAGE_KM * to_km, 2),
                "ruling_grade_northbound_per_mille": north,
                "ruling_grade_southbound_per_mille": south,
                "grade_confidence": "L" if surveyed else None,
                "open_year_be": None,
                "confidence": _section_confidence(surveyed=surveyed, to_station=end["name_en"]),
            }
        )
        shapes.append(redraw(piece(line, from_km * 1000, to_km * 1000)))
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=METRES)


def _section_confidence(*, surveyed: bool, to_station: str) -> str:
    """Grade a section: drawn from the reference, from single ways, or partly a straight line."""
    if surveyed:
        return "H"
    return "L" if to_station == NORTHERN_STATIONS[-1] else "M"


def redraw(line: shapely.LineString) -> shapely.LineString:
    """
    Draw a line anew through evenly spaced, lightly smoothed points between its two ends.

    Parameters
    ----------
    line : shapely.LineString
        Course in metres.

    Returns
    -------
    shapely.LineString
        The drawing; it starts and ends where `line` does.
    """
    pieces = max(2, round(line.length / SPACING_M))
    points = np.asarray(
        [
            point.coords[0]
            for point in shapely.line_interpolate_point(
                line, np.linspace(0.0, line.length, pieces + 1)
            )
        ]
    )
    inner = 0.1 * points[:-2] + 0.8 * points[1:-1] + 0.1 * points[2:]
    drawn = shapely.LineString(np.vstack([points[:1], inner, points[-1:]]))
    return as_line(drawn.simplify(TOLERANCE_M))


def ruling_grades(
    heights: pd.DataFrame, from_km: float, to_km: float
) -> tuple[float | None, float | None]:
    """
    Find the steepest climb of a section in each direction, over 2 km or the section if shorter.

    Parameters
    ----------
    heights : pandas.DataFrame
        `height_m` by `chainage_km`.
    from_km, to_km : float
        Chainage of the section's ends.

    Returns
    -------
    tuple of float or None
        Per mille away from and toward Den Chai; 0 where the way is downhill throughout, None where
        no heights are known.

    Examples
    --------
    >>> table = pd.DataFrame({"chainage_km": [0.0, 2.0, 4.0], "height_m": [100.0, 120.0, 116.0]})
    >>> ruling_grades(table, 0.0, 4.0)
    (10.0, 2.0)
    """
    if to_km > float(heights["chainage_km"].iloc[-1]) + HEIGHT_STEP_KM:
        return None, None
    window = min(GRADE_WINDOW_KM, to_km - from_km)
    starts = np.append(np.arange(from_km, to_km - window, 0.1), to_km - window)

    def height_at(km: FloatArray) -> FloatArray:
        return np.asarray(np.interp(km, heights["chainage_km"], heights["height_m"]))

    climbs = (height_at(starts + window) - height_at(starts)) / window
    steepest_up, steepest_down = max(float(climbs.max()), 0.0), max(float((-climbs).max()), 0.0)
    return round(steepest_up, 1), round(steepest_down, 1)


def measure_course(
    railway: gpd.GeoDataFrame, line: shapely.LineString, stations: gpd.GeoDataFrame
) -> dict[str, float | int]:
    """
    Measure how far the drawing lies from the reference course.

    Parameters
    ----------
    railway : geopandas.GeoDataFrame
        The drawn sections, EPSG:32647.
    line : shapely.LineString
        Reference course, EPSG:32647; beyond its end nothing is measured.
    stations : geopandas.GeoDataFrame
        Stations with `km_post`.

    Returns
    -------
    dict
        Median and largest offset (from points every 50 m), change of length and error of the
        estimated kilometre posts at the official ones.
    """
    drawn = railway.geometry.union_all()
    along = np.arange(0.0, line.length, 50.0)
    offsets = shapely.distance(shapely.line_interpolate_point(line, along), drawn)
    measured = railway[railway["grade_confidence"].notna()]
    ends = measured["chainage_end_km"].iloc[-1] - measured["chainage_start_km"].iloc[0]
    official = stations[stations["km_post_confidence"] == "H"]
    error = DEN_CHAI_KM + KM_PER_CHAINAGE_KM * official["chainage_km"] - official["km_post"]
    return {
        "sections": len(railway),
        "median_offset_m": round(float(np.median(offsets)), 1),
        "max_offset_m": round(float(offsets.max()), 1),
        "length_change_percent": round(float(100 * (measured.length.sum() / 1000 / ends - 1)), 2),
        "km_post_max_error_km": round(float(error.abs().max()), 2),
    }


def measure_heights(course: shapely.LineString, heights: pd.DataFrame) -> dict[str, float | int]:
    """
    Measure how much smoothing moved the heights, in metres.

    Both are of one source, so this is no accuracy of either.
    """
    xyz = np.asarray(course.coords)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xyz[:, :2], axis=0).T))]) / 1000
    inside = along <= float(heights["chainage_km"].iloc[-1])
    smooth = np.interp(along[inside], heights["chainage_km"], heights["height_m"])
    return {
        "rows": len(heights),
        "smoothing_rms_m": round(float(np.sqrt(np.mean((smooth - xyz[inside, 2]) ** 2))), 1),
    }
