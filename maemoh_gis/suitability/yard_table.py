"""The table of yards that fit: what was found, and beside it what was not proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.suitability.track_grade import Grades, grade_score
from maemoh_gis.suitability.yard_beneath import Beneath
from maemoh_gis.suitability.yard_shapes import Chords, YardNeeds
from maemoh_gis.units import rai_from_m2

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.grid import Grid


@dataclass(frozen=True)
class Chosen:
    """Places that fit, arrays (n,) best first."""

    middles_m: FloatArray
    sides: IntArray
    """+1 left, -1 right."""
    chords: Chords
    polygons: np.ndarray
    beneath: Beneath
    expansion: Beneath
    expansion_crossed: BoolArray
    siding_m: FloatArray
    grades: Grades
    roads_proven: BoolArray
    line: shapely.LineString
    stations: gpd.GeoDataFrame | None
    line_accuracy_m: float | None


def fits_table(chosen: Chosen, needs: YardNeeds, grid: Grid) -> gpd.GeoDataFrame:
    """
    Write the yards as a table.

    Parameters
    ----------
    chosen : Chosen
        What was found.
    needs : YardNeeds
        What was asked.
    grid : Grid
        Grid of the land.

    Returns
    -------
    geopandas.GeoDataFrame
        In the CRS of the grid, one yard a row, best first. `siding_m` is the longest declared
        siding that passes every test of the tracks; `grade_permille` is measured over the required
        one, with two standard errors in `grade_error_permille` (missing where the error of the
        heights is unknown). `grade_proven`, `straight_proven` and `roads_proven` are True only
        where the data settle it. `land_cell_m` is the cell the land was known on: when larger than
        `needs.cell_m` the edges of the yard are no finer than that.
    """
    import geopandas as gpd

    n = len(chosen.middles_m)
    accuracy = chosen.line_accuracy_m
    straight = accuracy is not None and accuracy <= needs.straight_tolerance_m
    error = chosen.grades.error_permille
    along = chosen.chords.along
    free = (chosen.expansion.unusable == 0) & ~chosen.expansion_crossed
    cells = np.maximum(chosen.expansion.cells, 1)
    columns = {
        "rank": np.arange(1, n + 1),
        "side": np.where(chosen.sides > 0, "left", "right").astype(object),
        "chainage_km": np.round(chosen.middles_m / 1000.0, 3),
        **_stations(chosen),
        "length_m": np.full(n, needs.length_m),
        "width_m": np.full(n, needs.width_m),
        "area_rai": np.round(np.full(n, rai_from_m2(needs.length_m * needs.width_m)), 2),
        "siding_m": chosen.siding_m,
        "tracks": np.full(n, needs.least_tracks),
        "score_mean": np.round(chosen.beneath.mean_score, 6),
        "conditional_share": np.round(chosen.beneath.conditional_share, 6),
        "grade_permille": np.round(chosen.grades.permille, 3),
        "grade_steepest_permille": np.round(chosen.grades.steepest_permille, 3),
        "grade_error_permille": np.full(n, round(error, 3) if np.isfinite(error) else np.nan),
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
        "straight_proven": np.full(n, straight),
        "roads_proven": chosen.roads_proven,
        "expansion_m": np.full(n, needs.expansion_m),
        "expansion_free": free & (needs.expansion_m > 0),
        "expansion_share": np.round(1.0 - chosen.expansion.unusable / cells, 4),
        "bearing_deg": np.round(np.degrees(np.arctan2(along[:, 0], along[:, 1])) % 360.0, 1),
        "land_cell_m": np.full(n, grid.cell_m),
    }
    return gpd.GeoDataFrame(columns, geometry=chosen.polygons, crs=grid.crs)


def _stations(chosen: Chosen) -> dict[str, np.ndarray]:
    """Name the station that is nearest along the line."""
    n = len(chosen.middles_m)
    empty = {
        "station_th": np.full(n, None, dtype=object),
        "station_en": np.full(n, None, dtype=object),
        "station_km": np.full(n, np.nan),
    }
    stations = chosen.stations
    if stations is None or stations.empty:
        return empty
    points = np.asarray(stations.geometry.array, dtype=object)
    chainage = np.atleast_1d(shapely.line_locate_point(chosen.line, points))
    away = np.abs(chosen.middles_m[:, np.newaxis] - chainage[np.newaxis, :])
    nearest = away.argmin(axis=1)
    return {
        "station_th": stations["name_th"].to_numpy(dtype=object)[nearest],
        "station_en": stations["name_en"].to_numpy(dtype=object)[nearest],
        "station_km": np.round(away[np.arange(n), nearest] / 1000.0, 2),
    }
