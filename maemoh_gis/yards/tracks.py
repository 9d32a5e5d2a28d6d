"""Tracks recorded at the stations of a line: how long, on which side, how far short of a siding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.types import BoolArray
from maemoh_gis.yards.table import at_line

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from maemoh_gis.core.grid import Grid

KINDS = ("loop", "siding", "yard", "spur")
"""Kinds of track beside the main line."""
_MAIN = "main"
_OF_KIND = ("pieces", "longest_m", "total_m", "side")
COLUMNS = (
    "in_study_area",
    *(f"{kind}_{column}" for kind in KINDS for column in _OF_KIND),
    "loop_short_of_siding_m",
)
"""What is told of each station."""

# Tracks side by side lie 4 m apart or more and are drawn to a metre, so a piece nearer to the main
# line crosses or leaves it; a main line farther off than a yard is wide is another one, or has a
# gap here.
_NEAREST_M, _FARTHEST_M = 2.0, 150.0
# The main line points where it runs over so much to either side of a place.
_REACH_M = 10.0


def tracks_at_stations(
    line: shapely.LineString,
    stations: gpd.GeoDataFrame,
    tracks: gpd.GeoDataFrame,
    siding_m: float,
    inside: BoolArray,
) -> pd.DataFrame:
    """
    Tell the tracks recorded at each station of a line, in its order.

    Parameters
    ----------
    line : shapely.LineString
        The line whose stations are asked for, in metres; it says which way is forward.
    stations, tracks : geopandas.GeoDataFrame
        In the CRS of the line. Tracks with `kind`, `station_en` and `length_m` from switch to
        switch.
    siding_m : float
        Clear length of the shortest siding a yard needs.
    inside : bool array (stations,)
        Whether each station lies in the study area.

    Returns
    -------
    pandas.DataFrame
        `station_en` and `COLUMNS`. NaN and empty where nothing is recorded, which proves nothing;
        a longest piece or total is NaN where the length of a piece is.
    """
    import pandas as pd

    own, _ = at_line(line, stations.assign(inside=inside))
    if own is None:
        return pd.DataFrame(columns=["station_en", *COLUMNS])
    beside = tracks[tracks["kind"].isin(KINDS)]
    main = _shapes(tracks[tracks["kind"] == _MAIN])
    beside = beside.assign(side=sides_of(_shapes(beside), main, line))
    rows = [
        {
            "station_en": name,
            "in_study_area": bool(within),
            **_of_station(beside[beside["station_en"] == name], siding_m),
        }
        for name, within in zip(own["name_en"], own["inside"], strict=True)
    ]
    # Objects, as a count beside an empty cell would become a fraction.
    return pd.DataFrame(rows, columns=["station_en", *COLUMNS], dtype=object)


def sides_of(pieces: np.ndarray, main: np.ndarray, line: shapely.LineString) -> np.ndarray:
    """
    Say on which side of the nearest main track the middle of each piece lies: left, right, or "".

    Forward is the way of `line`. It is not told at the main track itself, far from any, or where
    the main track does not run along the line, as beyond its end.
    """
    if len(main) == 0 or len(pieces) == 0:
        return np.full(len(pieces), "", dtype=object)
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    beneath = main[shapely.STRtree(main).nearest(middle)]
    at = shapely.line_locate_point(beneath, middle)
    ends = [np.clip(at + d, 0.0, shapely.length(beneath)) for d in (-_REACH_M, _REACH_M)]
    back, ahead = (shapely.line_interpolate_point(beneath, end) for end in ends)
    foot = shapely.line_interpolate_point(beneath, at)
    gain = shapely.line_locate_point(line, ahead) - shapely.line_locate_point(line, back)
    along, across = _between(back, ahead), _between(foot, middle)
    turn = (along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]) * np.sign(gain)
    away, run = np.hypot(*across.T), np.hypot(*along.T)
    told = (away >= _NEAREST_M) & (away <= _FARTHEST_M) & (run > 0) & (np.abs(gain) >= run / 2)
    return np.where(told, np.where(turn > 0, "left", "right"), "").astype(object)


def shortfall_m(longest_m: float, siding_m: float) -> float:
    """Say by how much a loop is shorter than a siding; NaN where its length is."""
    return max(siding_m - longest_m, 0.0) if np.isfinite(longest_m) else np.nan


def stations_inside(stations: gpd.GeoDataFrame, study: BoolArray, grid: Grid) -> BoolArray:
    """Say which stations stand in a cell of the study area."""
    x, y = stations.geometry.x.to_numpy(), stations.geometry.y.to_numpy()
    west, _, _, north = grid.bounds
    col = np.floor((x - west) / grid.cell_m).astype(np.int64)
    row = np.floor((north - y) / grid.cell_m).astype(np.int64)
    on = (row >= 0) & (row < grid.rows) & (col >= 0) & (col < grid.cols)
    inside: BoolArray = np.zeros(len(x), dtype=np.bool_)
    inside[on] = study[row[on], col[on]]
    return inside


def with_tracks(stations: pd.DataFrame, tracks: pd.DataFrame | None) -> pd.DataFrame:
    """Add what is recorded to the table of the same stations; empty where no layer tells it."""
    if tracks is None:
        return stations.assign(**dict.fromkeys(COLUMNS))
    return stations.assign(**{column: tracks[column].to_numpy() for column in COLUMNS})


def _of_station(pieces: gpd.GeoDataFrame, siding_m: float) -> dict[str, Any]:
    """Describe the tracks of one station by kind."""
    told: dict[str, Any] = {}
    for kind in KINDS:
        told |= _of_kind(kind, pieces[pieces["kind"] == kind])
    short = shortfall_m(told.get("loop_longest_m", np.nan), siding_m)
    return {**told, "loop_short_of_siding_m": short}


def _of_kind(kind: str, pieces: gpd.GeoDataFrame) -> dict[str, Any]:
    """Describe tracks of one kind; nothing where none is recorded."""
    if pieces.empty:
        return {}
    lengths = pieces["length_m"].to_numpy(dtype=np.float64)
    sides = sorted(set(pieces["side"]) - {""})
    return {
        f"{kind}_pieces": len(pieces),
        f"{kind}_longest_m": float(lengths.max()),
        f"{kind}_total_m": float(lengths.sum()),
        f"{kind}_side": "both" if len(sides) == 2 else "".join(sides),
    }


def _shapes(frame: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(frame.geometry.array, dtype=object)


def _between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Give the vectors (n, 2) from points to others."""
    return shapely.get_coordinates(other) - shapely.get_coordinates(one)
