"""What was found beside the line in words: what fits, what cannot be told, whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

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


def yards_found(counts: Mapping[str, int]) -> Text:
    """Say how many places fit, cannot be told, or certainly do not fit."""
    told = {
        "places": counts["places"], "holds": counts["holds"], "untold": counts["cannot_be_told"],
        "stretches": counts["stretches"], "fails": counts["fails"], "fits": counts["fits"],
    }  # fmt: skip
    values = {name: units.number(value) for name, value in told.items()}
    return both("yard.found", **values)


def _not_told(tests: Iterable[str]) -> dict[str, list[str]]:
    """Name in both languages the tests that cannot be told."""
    named = list(tests)
    return {f"not_told_{x}": [_names(one, x) for one in named] for x in LANGUAGES}


def _names(tests: str, language: Language) -> str:
    return ", ".join(text(f"yard.open.{test}", language) for test in tests.split(";") if test)


def layers_beside_line(found: Mapping[str, YardSearch]) -> dict[str, gpd.GeoDataFrame]:
    """Give what was found by layer: for each use rectangles that fit, stretches left open."""
    layers = {}
    for use, search in found.items():
        layers[f"yards_{use}"] = fits_in_words(search)
        layers[f"yards_open_{use}"] = stretches_in_words(search)
    return layers
