"""What is told of each station as rows: the station, its tests, what would have to give way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Text, text
from maemoh_gis.near_misses.relaxation import Relaxation
from maemoh_gis.near_misses.stations import StationMiss
from maemoh_gis.near_misses.words import (
    relaxation_words,
    roads_words,
    side_of,
    step_words,
    survey_words,
    test_title,
    verdict_words,
)
from maemoh_gis.yards.tracks import COLUMNS as TRACKS

if TYPE_CHECKING:
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.scenario.settings.limit import Limit

Row = dict[str, object]
_NAMED = ("use", "station_th", "station_en", "in_view")
STATION_COLUMNS = (
    *_NAMED,
    "station_km",
    "verdict",
    "places",
    "holds",
    "cannot_be_told",
    "as_read",
    "place_km",
    "place_km_post",
    "side",
    "place_th",
    "place_en",
    "near_th",
    "near_en",
    "lat",
    "lon",
    "survey",
    "levels_within_m",
    *(f"{name}_{x}" for name in ("verdict", "least", "survey") for x in LANGUAGES),
    *TRACKS,
)
TEST_COLUMNS = (
    *_NAMED,
    "test",
    "title_th",
    "title_en",
    "value",
    "error",
    "limit",
    "margin",
    "unit",
    "outcome",
    "within",
    "outcome_th",
    "outcome_en",
    "detail_th",
    "detail_en",
)
RELAXATION_COLUMNS = (
    *_NAMED,
    "number",
    "needs",
    "parameter",
    "road_class",
    "was",
    "to",
    "by",
    "effort",
    "place_km",
    "side",
    "words_th",
    "words_en",
    "all_th",
    "all_en",
)


@dataclass(frozen=True)
class Told:
    """What was found at the stations for one use, and what names it."""

    use: str
    misses: tuple[StationMiss, ...]
    limits: Mapping[str, Limit]
    tracks: pd.DataFrame | None
    """Tracks recorded at stations, by `station_en`; None where no layer tells them."""
    in_view: Callable[[BaseGeometry], bool]
    """Whether a point lies in what the map opens on."""
    place_of: Callable[[BaseGeometry], Text]
    """Names the subdistrict and district of a shape."""
    near: Callable[[BaseGeometry], Text | None]
    """Says how far a shape lies from the nearest town; None where none is known."""
    lonlat: Callable[[BaseGeometry], tuple[float, float]]
    """Gives the middle of a shape in WGS 84 degrees."""

    posts: Mapping[str, float] = field(default_factory=dict)
    """Kilometre post by station, in English, where the layer tells it."""

    def post_of(self, miss: StationMiss) -> float | None:
        """Say about which post a place is: that of its station, and the way along the line."""
        post = self.posts.get(miss.title["en"])
        return None if post is None else post + miss.place_km - miss.km

    @property
    def in_order(self) -> list[StationMiss]:
        """Give the stations of what the map opens on first, each part along the line."""
        return sorted(self.misses, key=lambda miss: (not self.in_view(miss.point), miss.km))


def station_rows(told: Told) -> Iterator[Row]:
    """Tell each station in a row."""
    for miss in told.in_order:
        least = miss.least
        said: dict[str, Text] = {
            "verdict": verdict_words(miss),
            "least": dict.fromkeys(LANGUAGES, "") if least is None else relaxation_words(least),
            "survey": survey_words(miss, told.post_of(miss)),
            "place": told.place_of(miss.shape),
            "near": told.near(miss.shape) or dict.fromkeys(LANGUAGES, ""),
        }
        lon, lat = told.lonlat(miss.shape)
        yield {
            **_named(told, miss),
            "station_km": round(miss.km, 3),
            "verdict": miss.verdict,
            "places": miss.places,
            "holds": miss.holds,
            "cannot_be_told": miss.untold,
            "as_read": miss.as_read,
            "place_km": round(miss.place_km, 3),
            "place_km_post": "" if (post := told.post_of(miss)) is None else round(post, 1),
            "side": side_of(miss.side),
            "lat": round(lat, 5),
            "lon": round(lon, 5),
            "survey": miss.survey,
            "levels_within_m": _known(miss.levels_within_m, 3),
            **{f"{name}_{x}": words[x] for name, words in said.items() for x in LANGUAGES},
            **_tracks(told.tracks, miss),
        }


def test_rows(told: Told) -> Iterator[Row]:
    """Tell each test of each station in a row."""
    for miss in told.in_order:
        for one in miss.tests:
            title = test_title(one.test, told.limits)
            yield {
                **_named(told, miss),
                "test": one.test,
                "value": _known(one.value, 3),
                "error": _known(one.error, 3),
                "limit": one.limit,
                "margin": _known(one.margin, 3),
                "unit": one.unit,
                "outcome": one.outcome,
                "within": one.within,
                **{f"title_{x}": title[x] for x in LANGUAGES},
                **{f"outcome_{x}": text(f"near_miss.outcome.{one.outcome}", x) for x in LANGUAGES},
                **{f"detail_{x}": roads_words(one.detail, x) for x in LANGUAGES},
            }


def relaxation_rows(told: Told) -> Iterator[Row]:
    """Tell each need that gives way in a row; the needs of one relaxation share a number."""
    for miss in told.in_order:
        found = [*miss.alone, *([miss.together] if miss.together else [])]
        for number, relaxation in enumerate(found, start=1):
            yield from _steps(_named(told, miss), number, relaxation)


def _steps(named: Row, number: int, relaxation: Relaxation) -> Iterator[Row]:
    together = relaxation_words(relaxation)
    for step in relaxation.steps:
        words = step_words(step)
        yield {
            **named,
            "number": number,
            "needs": len(relaxation.steps),
            "parameter": step.parameter,
            "road_class": step.road_class,
            "was": step.was,
            "to": step.to,
            "by": round(abs(step.to - step.was), 3),
            "effort": round(relaxation.effort, 4),
            "place_km": round(relaxation.middle_m / 1000.0, 3),
            "side": side_of(relaxation.side),
            **{f"words_{x}": words[x] for x in LANGUAGES},
            **{f"all_{x}": together[x] for x in LANGUAGES},
        }


def as_tuples(columns: Iterable[str], rows: Iterable[Row]) -> list[tuple[object, ...]]:
    """Put rows into the order of columns; what is not known stays empty."""
    order = list(columns)
    return [tuple(row.get(name, "") for name in order) for row in rows]


def _named(told: Told, miss: StationMiss) -> Row:
    return {
        "use": told.use,
        **{f"station_{x}": miss.title[x] for x in LANGUAGES},
        "in_view": told.in_view(miss.point),
    }


def _tracks(tracks: pd.DataFrame | None, miss: StationMiss) -> Row:
    """Give what is recorded of the tracks at a station; empty where nothing is."""
    if tracks is None:
        return {}
    own = tracks[tracks["station_en"] == miss.title["en"]]
    if own.empty:
        return {}
    found = own.iloc[0]
    return {name: "" if _missing(found[name]) else found[name] for name in TRACKS}


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _known(value: float, decimals: int) -> float | str:
    return round(value, decimals) + 0.0 if math.isfinite(value) else ""
