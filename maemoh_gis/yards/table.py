"""The table of yards whose readings fit, and beside each what its readings cannot prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.core.units import rai_from_m2
from maemoh_gis.scenario.settings.yard_needs import YardNeeds
from maemoh_gis.yards.land_under import ZonalSums
from maemoh_gis.yards.shapes import Chords
from maemoh_gis.yards.track_grade import Grades, grade_score
from maemoh_gis.yards.verdicts import TESTS, Verdicts

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.grid import Grid

# A station stands at the line it belongs to; farther away it is one of another line.
_AT_LINE_M = 500.0

StationsAtLine = tuple["gpd.GeoDataFrame | None", FloatArray]
"""Stations that stand at a line, in its order, None if none does; and their chainage in metres."""


@dataclass(frozen=True)
class Chosen:
    """Places whose readings fit, arrays (n,) best first."""

    middles_m: FloatArray
    sides: IntArray
    """+1 left, -1 right."""
    chords: Chords
    polygons: np.ndarray
    beneath: ZonalSums
    expansion: ZonalSums
    expansion_crossed: BoolArray
    verdicts: Verdicts
    grades: Grades
    """Over the required siding."""
    longest_m: FloatArray
    """Longest declared siding whose readings fit."""
    longest_grades: dict[float, Grades]
    """Grades over each declared siding."""
    stray_error_m: float
    """How far the true stray may be from the drawn one; infinite is unknown."""
    line: shapely.LineString
    stations: gpd.GeoDataFrame | None


def fits_table(chosen: Chosen, needs: YardNeeds, grid: Grid) -> gpd.GeoDataFrame:
    """
    Write the yards as a table.

    Returns
    -------
    geopandas.GeoDataFrame
        In the CRS of the grid, one yard a row, best first. `outcome` says whether all tests
        certainly hold, or which cannot be told (`not_told`, ids of `yard_verdicts.TESTS`).
        `siding_m` is the required siding; over it are measured `grade_permille`, with two standard
        errors in `grade_error_permille`, and `straight_stray_m` with its error (missing where the
        error is unknown). `longest_siding_m` is the longest declared siding whose readings fit,
        with its own grade and error beside it. `grade_proven`, `straight_proven` and `roads_proven`
        are True only where the data settle it. `land_cell_m` is the cell the land was known on:
        when larger than `needs.cell_m` the edges of the yard are no finer than that.
    """
    import geopandas as gpd

    n = len(chosen.middles_m)
    verdicts = chosen.verdicts
    along = chosen.chords.along
    own = at_line(chosen.line, chosen.stations)
    free = (chosen.expansion.unusable == 0) & ~chosen.expansion_crossed
    cells = np.maximum(chosen.expansion.cells, 1)
    columns = {
        "rank": np.arange(1, n + 1),
        "side": np.where(chosen.sides > 0, "left", "right").astype(object),
        "chainage_km": np.round(chosen.middles_m / 1000.0, 3),
        **nearest_stations(own, chosen.middles_m),
        **_at_own_station(own, chosen.middles_m, needs.sidings_m[0] / 2),
        "length_m": np.full(n, needs.length_m),
        "width_m": np.full(n, needs.width_m),
        "area_rai": np.round(np.full(n, rai_from_m2(needs.length_m * needs.width_m)), 2),
        "outcome": np.where(verdicts.holds, "holds", "cannot_be_told").astype(object),
        "not_told": tests_named(verdicts),
        "siding_m": np.full(n, needs.sidings_m[0]),
        "tracks": np.full(n, needs.least_tracks),
        "score_mean": np.round(chosen.beneath.mean_score, 6),
        "conditional_share": np.round(chosen.beneath.conditional_share, 6),
        "grade_permille": np.round(chosen.grades.permille, 3),
        "grade_steepest_permille": np.round(chosen.grades.steepest_permille, 3),
        "grade_error_permille": np.full(n, error_of(chosen.grades.error_permille, 3)),
        "grade_score": np.round(
            grade_score(
                chosen.grades.permille,
                needs.full_score_grade_permille,
                needs.greatest_grade_permille,
            ),
            6,
        ),
        "grade_proven": chosen.grades.proven,
        "straight_stray_m": np.round(chosen.chords.stray_m, 2),
        "straight_error_m": np.full(n, error_of(chosen.stray_error_m, 2)),
        "straight_proven": ~verdicts.has(verdicts.open | verdicts.failed, "straight"),
        "roads_proven": ~verdicts.has(verdicts.open | verdicts.failed, "roads"),
        **_longest(chosen),
        "expansion_m": np.full(n, needs.expansion_m),
        "expansion_free": free & (needs.expansion_m > 0),
        "expansion_share": np.round(1.0 - chosen.expansion.unusable / cells, 4),
        "bearing_deg": np.round(np.degrees(np.arctan2(along[:, 0], along[:, 1])) % 360.0, 1),
        "land_cell_m": np.full(n, grid.cell_m),
    }
    return gpd.GeoDataFrame(columns, geometry=chosen.polygons, crs=grid.crs)


def _longest(chosen: Chosen) -> dict[str, FloatArray]:
    """Tell the grade and its error over the longest siding that fits, each over its own length."""
    n = len(chosen.longest_m)
    permille, error = np.full(n, np.nan), np.full(n, np.nan)
    for siding_m, grades in chosen.longest_grades.items():
        here = chosen.longest_m == siding_m
        permille[here] = np.round(grades.permille[here], 3)
        error[here] = error_of(grades.error_permille, 3)
    return {
        "longest_siding_m": chosen.longest_m,
        "longest_siding_grade_permille": permille,
        "longest_siding_grade_error_permille": error,
    }


def _at_own_station(
    own: StationsAtLine, middles_m: FloatArray, reach_m: float
) -> dict[str, np.ndarray]:
    """Name the stations whose tracks each required siding would lie along."""
    named = [stations_along(own, at - reach_m, at + reach_m) for at in middles_m.tolist()]
    return {
        f"at_station_{x}": np.array([one[x] for one in named], dtype=object) for x in ("th", "en")
    }


def stations_along(own: StationsAtLine, first_m: float, last_m: float) -> dict[str, str]:
    """
    Name the stations that stand at a stretch of a line, between two chainages.

    Names by language, joined by commas; empty where none does.
    """
    stations, chainage = own
    if stations is None:
        return {"th": "", "en": ""}
    along = (chainage >= first_m) & (chainage <= last_m)
    return {x: ", ".join(stations.loc[along, f"name_{x}"]) for x in ("th", "en")}


def tests_named(verdicts: Verdicts) -> np.ndarray:
    """Name the tests that cannot be told at each place: ids of `TESTS` joined by semicolons."""
    named = np.full(len(verdicts.open), "", dtype=object)
    for test in TESTS:
        here = verdicts.has(verdicts.open, test)
        named[here] = [f"{one};{test}" if one else test for one in named[here]]
    return named


def error_of(error: float, decimals: int) -> float:
    """Round an error for a table; an infinite one, which is unknown, becomes NaN."""
    return round(error, decimals) if np.isfinite(error) else np.nan


def at_line(line: shapely.LineString, stations: gpd.GeoDataFrame | None) -> StationsAtLine:
    """Keep the stations that stand at a line, in its order, and their chainage in metres."""
    if stations is None or stations.empty:
        return None, np.empty(0)
    points = np.asarray(stations.geometry.array, dtype=object)
    near = np.flatnonzero(shapely.distance(points, line) <= _AT_LINE_M)
    if len(near) == 0:
        return None, np.empty(0)
    chainage = np.atleast_1d(shapely.line_locate_point(line, points[near]))
    order = np.argsort(chainage, kind="stable")
    return stations.iloc[near[order]], chainage[order]


def nearest_stations(own: StationsAtLine, middles_m: FloatArray) -> dict[str, np.ndarray]:
    """
    Name the station of a line that is nearest along it to each place, given by chainage.

    `station_th`, `station_en` and the distance along the line `station_km`, arrays (n,); None and
    NaN where no station stands at the line. Those far from the line are not its own.
    """
    n, (stations, chainage) = len(middles_m), own
    if stations is None:
        return {
            "station_th": np.full(n, None, dtype=object),
            "station_en": np.full(n, None, dtype=object),
            "station_km": np.full(n, np.nan),
        }
    away = np.abs(middles_m[:, np.newaxis] - chainage[np.newaxis, :])
    nearest = away.argmin(axis=1)
    return {
        "station_th": stations["name_th"].to_numpy(dtype=object)[nearest],
        "station_en": stations["name_en"].to_numpy(dtype=object)[nearest],
        "station_km": np.round(away[np.arange(n), nearest] / 1000.0, 2),
    }
