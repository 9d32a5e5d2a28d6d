"""Why no yard fits at a station: files and record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.files import write_csv, write_geopackage
from maemoh_gis.near_misses.result import told_of
from maemoh_gis.near_misses.tables import (
    RELAXATION_COLUMNS,
    STATION_COLUMNS,
    TEST_COLUMNS,
    Told,
    as_tuples,
    relaxation_rows,
    station_rows,
    test_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.near_misses.tables import Row

PLACES = "why.gpkg"
"""Rectangles that come nearest to a yard, a layer a use."""
STATIONS, TESTS, RELAXATIONS = "why.csv", "why_tests.csv", "why_relaxations.csv"
TABLES: dict[str, tuple[Sequence[str], Callable[[Told], Iterable[Row]]]] = {
    STATIONS: (STATION_COLUMNS, station_rows),
    TESTS: (TEST_COLUMNS, test_rows),
    RELAXATIONS: (RELAXATION_COLUMNS, relaxation_rows),
}
"""Files by name: their columns, and what makes their rows."""

_DRAWN = ("use", "station_th", "station_en", "station_km", "verdict", "place_km", "side",
          "place_th", "place_en", "verdict_th", "verdict_en")  # fmt: skip


def told_in(results: Results) -> list[Told]:
    """Give what a run found at the stations."""
    return list(told_of(results.resolved.scenario, results.layers, results.grid.crs, results.found))


def write_misses(results: Results, folder: Path) -> dict[str, str]:
    """Write stations, tests and relaxations; nothing where no use asks for a yard."""
    told = told_in(results)
    if not told:
        return {}
    written = {}
    for name, (columns, rows_of) in TABLES.items():
        rows = [row for one in told for row in rows_of(one)]
        written[name] = write_csv(folder / name, columns, as_tuples(columns, rows), for_excel=True)
    drawn = {f"stations_{one.use}": _places(one, results.grid.crs) for one in told}
    return {**written, PLACES: write_geopackage(folder / PLACES, drawn)}


def _places(told: Told, crs: str) -> gpd.GeoDataFrame:
    """Draw the place of each station, in the order of its rows."""
    import geopandas as gpd

    rows = [{name: row[name] for name in _DRAWN} for row in station_rows(told)]
    return gpd.GeoDataFrame(rows, geometry=[miss.shape for miss in told.in_order], crs=crs)


def misses_on_record(results: Results) -> dict[str, Any]:
    """Put the verdict of each station on record, with what would have to give way."""
    told = told_in(results)
    if not told:
        return {}
    return {
        "near_misses": {
            one.use: {
                miss.title["en"]: {
                    "verdict": miss.verdict,
                    "relaxed": {}
                    if miss.least is None
                    else {step.parameter: step.to for step in miss.least.steps},
                    "survey": miss.survey,
                }
                for miss in one.in_order
            }
            for one in told
        }
    }
