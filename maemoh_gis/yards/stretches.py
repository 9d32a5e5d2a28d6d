"""Stretches of the line at which nobody can tell whether a yard fits, and what each station has."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.scenario.settings.yard_needs import YardNeeds
from maemoh_gis.yards.shapes import polygons_of
from maemoh_gis.yards.table import (
    StationsAtLine,
    at_line,
    error_of,
    nearest_stations,
    stations_along,
)
from maemoh_gis.yards.verdicts import TESTS, Verdicts

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_COLUMNS = (
    "stretch", "side", "from_km", "to_km", "length_m", "places", "places_as_read", "station_th",
    "station_en", "station_km", "not_told", "siding_m", "grade_permille", "grade_most_permille",
    "grade_error_permille", "grade_limit_permille", "straight_stray_m", "straight_error_m",
    "straight_limit_m", "best_km", "score_best", "score_greatest", "conditional_share",
    "at_station_th", "at_station_en", "best_x_m", "best_y_m",
)  # fmt: skip


@dataclass(frozen=True)
class Readings:
    """What is read at every place, arrays (n,); of the land only where a place cannot be told."""

    middles_m: FloatArray
    sides: IntArray
    """+1 left, -1 right."""
    verdicts: Verdicts
    untold: IntArray
    """Which places cannot be told, (m,)."""
    yards: FloatArray
    """Their rectangles, (m, 6); see `yard_shapes.beside`."""
    score: FloatArray
    """Mean score beneath them, (m,); land that is not known counts 0."""
    greatest: FloatArray
    """Greatest mean score the facts allow beneath them, (m,)."""
    conditional_share: FloatArray
    """Share of the land beneath them that needs a permit, (m,)."""
    grade_permille: FloatArray
    """Over the required siding; NaN where no heights reach."""
    grade_error_permille: float
    stray_m: FloatArray
    """Over the required siding."""
    stray_error_m: float
    line: shapely.LineString
    stations: gpd.GeoDataFrame | None


def stretches_table(readings: Readings, needs: YardNeeds, crs: str) -> gpd.GeoDataFrame:
    """
    Join neighbouring places that cannot be told into stretches of the line.

    Returns
    -------
    geopandas.GeoDataFrame
        One stretch a row, on one side, along the line; in no order of worth. `from_km` and `to_km`
        are where the middle of a yard may lie, `length_m` the land it takes along the line.
        `not_told` names the tests that cannot be told at any of its places, `places_as_read` how
        many of them read within every limit. Grade and stray are the least read and, for the grade,
        the most, over `siding_m`, with error and limit. `score_best` is the best mean score beneath
        a yard of the stretch, at `best_km` (x and y in the CRS), `score_greatest` the most the
        facts allow beneath any. `at_station_*` names stations
        whose tracks the siding would lie along. The geometry is all the land its yards take.
    """
    import geopandas as gpd

    runs, own = list(_runs(readings, needs.step_m)), at_line(readings.line, readings.stations)
    with ThreadPoolExecutor(2) as pool:
        # Joining land takes longest, and leaves the interpreter free for the rest.
        joined = pool.map(shapely.union_all, [polygons_of(readings.yards[run]) for run in runs])
        rows = [_row(readings, run, needs, own) for run in runs]
        shapes = list(joined)
    order = sorted(range(len(rows)), key=lambda k: (rows[k]["from_km"], rows[k]["side"]))
    columns: dict[str, list[Any]] = {
        name: [rows[k][name] for k in order] for name in _COLUMNS if name != "stretch"
    }
    numbered: dict[str, list[Any]] = {"stretch": list(range(1, len(rows) + 1))}
    return gpd.GeoDataFrame(numbered | columns, geometry=[shapes[k] for k in order], crs=crs)


def stations_table(readings: Readings, stretches: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say what was found nearest to each station of the line."""
    import pandas as pd

    own, chainage = at_line(readings.line, readings.stations)
    rows = []
    if own is not None:
        away = np.abs(readings.middles_m[:, np.newaxis] - chainage[np.newaxis, :])
        nearest = away.argmin(axis=1)
        in_stretch = np.abs(
            stretches["best_km"].to_numpy(dtype=np.float64)[:, np.newaxis] * 1000.0
            - chainage[np.newaxis, :]
        ).argmin(axis=1)
        rows = [
            {
                "station_th": own["name_th"].iloc[k], "station_en": own["name_en"].iloc[k],
                "station_km": round(float(chainage[k]) / 1000.0, 3),
                **_of_station(readings, nearest == k), "stretches": int((in_stretch == k).sum()),
            }
            for k in range(len(own))
        ]  # fmt: skip
    columns = ("station_th", "station_en", "station_km", "places", "holds", "cannot_be_told",
               "stretches", "places_as_read", "fails", "fails_most_by", "grade_permille",
               "grade_error_permille", "score_best")  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def _runs(readings: Readings, step_m: float) -> Iterator[IntArray]:
    """Cut the places that cannot be told into runs of neighbours on one side."""
    at, side = readings.middles_m[readings.untold], readings.sides[readings.untold]
    for one in (1, -1):
        here = np.flatnonzero(side == one)
        gaps = np.flatnonzero(np.diff(at[here]) > 1.5 * step_m) + 1
        yield from (run for run in np.split(here, gaps) if len(run))


def _row(
    readings: Readings, run: IntArray, needs: YardNeeds, own: StationsAtLine
) -> dict[str, Any]:
    """Describe one run of places; `run` counts within those that cannot be told."""
    places = readings.untold[run]
    at, verdicts = readings.middles_m[places], readings.verdicts
    open_here = np.bitwise_or.reduce(verdicts.open[places])
    best = int(run[np.argmax(readings.score[run])])
    best_at = readings.middles_m[readings.untold[best]]
    nearest = nearest_stations(own, np.array([best_at]))
    grade = readings.grade_permille[places]
    known = grade[~np.isnan(grade)]
    reach = needs.sidings_m[0] / 2
    along = stations_along(own, float(at[0]) - reach, float(at[-1]) + reach)
    return {
        "side": "left" if readings.sides[places[0]] > 0 else "right",
        "from_km": round(float(at[0]) / 1000.0, 3),
        "to_km": round(float(at[-1]) / 1000.0, 3),
        "length_m": float(at[-1] - at[0]) + needs.length_m,
        "places": len(run),
        "places_as_read": int(verdicts.as_read[places].sum()),
        **{name: values[0] for name, values in nearest.items()},
        "not_told": ";".join(t for k, t in enumerate(TESTS) if open_here >> k & 1),
        "siding_m": needs.sidings_m[0],
        "grade_permille": round(float(known.min()), 3) if len(known) else np.nan,
        "grade_most_permille": round(float(known.max()), 3) if len(known) else np.nan,
        "grade_error_permille": error_of(readings.grade_error_permille, 3),
        "grade_limit_permille": needs.greatest_grade_permille,
        "straight_stray_m": round(float(readings.stray_m[places].min()), 2),
        "straight_error_m": error_of(readings.stray_error_m, 2),
        "straight_limit_m": needs.straight_tolerance_m,
        "best_km": round(float(best_at) / 1000.0, 3),
        "score_best": float(readings.score[best]),
        "score_greatest": float(readings.greatest[run].max()),
        "conditional_share": float(readings.conditional_share[best]),
        **{f"at_station_{language}": names for language, names in along.items()},
        "best_x_m": round(float(readings.yards[best, 0]), 1),
        "best_y_m": round(float(readings.yards[best, 1]), 1),
    }


def _of_station(readings: Readings, here: BoolArray) -> dict[str, Any]:
    """Count the outcomes of some places, and say what most of those that fail fail by."""
    verdicts = readings.verdicts
    untold, failed = verdicts.untold & here, verdicts.failed[here]
    # Where land and tracks both lie on closed land, the land says it.
    turned = {test: int((failed >> TESTS.index(test) & 1).sum()) for test in ("land", *TESTS)}
    grade = readings.grade_permille[untold]
    known = grade[~np.isnan(grade)]
    score = readings.score[here[readings.untold]]
    return {
        "places": int(here.sum()),
        "holds": int((verdicts.holds & here).sum()),
        "cannot_be_told": int(untold.sum()),
        "places_as_read": int((untold & verdicts.as_read).sum()),
        "fails": int((verdicts.fails & here).sum()),
        "fails_most_by": max(turned, key=lambda t: turned[t]) if any(turned.values()) else "",
        "grade_permille": round(float(known.min()), 3) if len(known) else np.nan,
        "grade_error_permille": error_of(readings.grade_error_permille, 3),
        "score_best": float(score.max()) if len(score) else np.nan,
    }
