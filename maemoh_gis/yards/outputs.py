"""Files of the yards: stretches that cannot be told, stations, tests."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, text
from maemoh_gis.files import write_csv
from maemoh_gis.yards.result import tracks_of, yards_by_use
from maemoh_gis.yards.tracks import with_tracks
from maemoh_gis.yards.words import stretches_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.yards.fit import YardSearch


def write_yards(results: Results, folder: Path) -> dict[str, str]:
    """Write what is not proven, by stretch, station and test; nothing where no use asks."""
    found = yards_by_use(results)
    if not found:
        return {}
    path = folder / "yards_turned_down.csv"
    frames: Mapping[str, Mapping[str, pd.DataFrame]] = {
        "yards_open.csv": {use: stretches_in_words(search) for use, search in found.items()},
        "yards_stations.csv": {
            use: with_tracks(_stations(search), tracks_of(results, use))
            for use, search in found.items()
        },
    }
    written = {name: _write_frames(folder / name, tables) for name, tables in frames.items()}
    return {**written, path.name: _write_tests(path, found)}


def yards_on_record(results: Results) -> dict[str, Any]:
    """Count what was found for each use, for the record of a run."""
    return {"yards": {use: _counts(search) for use, search in yards_by_use(results).items()}}


def _counts(search: YardSearch) -> dict[str, int]:
    """Count what was found."""
    return {
        "places": search.places,
        "holds": search.holds,
        "cannot_be_told": search.untold,
        "fails": search.places - search.holds - search.untold,
        "stretches": len(search.stretches),
        "fits": len(search.fits),
    }


def _write_tests(path: Path, found: Mapping[str, YardSearch]) -> str:
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


def _write_frames(path: Path, frames: Mapping[str, pd.DataFrame]) -> str:
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
