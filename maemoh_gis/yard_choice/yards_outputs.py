"""Files of the yards: rectangles whose readings fit, stretches that cannot be told, stations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, text
from maemoh_gis.files import write_csv, write_geopackage
from maemoh_gis.yard_choice.outputs import candidates_table
from maemoh_gis.yard_choice.result import contest_of
from maemoh_gis.yards.result import yards_by_use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.yards.fit import YardSearch


def fits_in_words(search: YardSearch) -> gpd.GeoDataFrame:
    """Give the rectangles with what cannot be told of them in words."""
    fits = search.fits
    outcomes = {
        f"outcome_{x}": [text(f"yard.outcome.{one}", x) for one in fits["outcome"]]
        for x in LANGUAGES
    }
    return fits.assign(**outcomes, **_not_told(fits["not_told"]))


def stretches_in_words(search: YardSearch) -> gpd.GeoDataFrame:
    """Give the stretches with what cannot be told of them, and what to ask, in words."""
    stretches = search.stretches
    outcome = {f"outcome_{x}": text("yard.outcome.cannot_be_told", x) for x in LANGUAGES}
    ask: dict[str, Any] = {
        f"ask_{x}": [
            text("yard.ask.station", x, station=name) if name else text("yard.ask.line", x)
            for name in stretches[f"at_station_{x}"]
        ]
        for x in LANGUAGES
    }
    return stretches.assign(**outcome, **_not_told(stretches["not_told"]), **ask)


def yards_on_record(search: YardSearch) -> dict[str, int]:
    """Count what was found, for the record of a run."""
    return {
        "places": search.places,
        "holds": search.holds,
        "cannot_be_told": search.untold,
        "fails": search.places - search.holds - search.untold,
        "stretches": len(search.stretches),
        "fits": len(search.fits),
    }


def yards_found(counts: Mapping[str, int]) -> Text:
    """Say how many places fit, cannot be told, or certainly do not fit."""
    told = {
        "places": counts["places"], "holds": counts["holds"], "untold": counts["cannot_be_told"],
        "stretches": counts["stretches"], "fails": counts["fails"], "fits": counts["fits"],
    }  # fmt: skip
    values = {name: units.number(value) for name, value in told.items()}
    return both("yard.found", **values)


def write_yards(results: Results, folder: Path) -> dict[str, str]:
    """
    Write what was found beside the line.

    Checksum of each file; empty where no use asks for a yard.
    """
    found = yards_by_use(results)
    if not found:
        return {}
    layers = {}
    for use, search in found.items():
        layers[f"yards_{use}"] = fits_in_words(search)
        layers[f"yards_open_{use}"] = stretches_in_words(search)
    if contest_of(results) is not None:
        layers["yard_choice"] = candidates_table(results)
    return {
        "yards.gpkg": write_geopackage(folder / "yards.gpkg", layers),
        "yards_open.csv": _write_frames(
            folder / "yards_open.csv", {u: stretches_in_words(s) for u, s in found.items()}
        ),
        "yards_stations.csv": _write_frames(
            folder / "yards_stations.csv", {u: _stations(s) for u, s in found.items()}
        ),
        "yards_turned_down.csv": _write_tests(folder / "yards_turned_down.csv", found),
    }


def _write_tests(path: Path, found: dict[str, Any]) -> str:
    rows = [
        (use, test.test, text(f"yard.test.{test.test}", "th"), text(f"yard.test.{test.test}", "en"),
         search.places, test.at_all, test.alone, test.untold, test.beyond)
        for use, search in found.items()
        for test in search.tests
    ]  # fmt: skip
    columns = ("use", "test", "title_th", "title_en", "places", "at_all", "alone",
               "cannot_be_told", "read_beyond")  # fmt: skip
    return write_csv(path, columns, rows, for_excel=True)


def _stations(search: YardSearch) -> pd.DataFrame:
    """Add the reason of most failures in words."""
    stations = search.stations
    words = {
        f"reason_{x}": [
            text(f"yard.test.{test}", x) if test else "" for test in stations["fails_most_by"]
        ]
        for x in LANGUAGES
    }
    return stations.assign(**words)


def _write_frames(path: Path, frames: dict[str, Any]) -> str:
    """Write tables of several uses as one; what is not known stays empty."""
    columns: list[str] = []
    rows: list[tuple[object, ...]] = []
    for use, frame in frames.items():
        columns = [str(column) for column in frame.columns if column != "geometry"]
        rows += [
            (use, *("" if _missing(value) else value for value in row))
            for row in frame[columns].itertuples(index=False, name=None)
        ]
    return write_csv(path, ["use", *columns], rows, for_excel=True)


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _not_told(tests: Iterable[str]) -> dict[str, list[str]]:
    """Name in both languages the tests that cannot be told."""
    named = list(tests)
    return {f"not_told_{x}": [_names(one, x) for one in named] for x in LANGUAGES}


def _names(tests: str, language: Language) -> str:
    return ", ".join(text(f"yard.open.{test}", language) for test in tests.split(";") if test)
