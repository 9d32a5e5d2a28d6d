"""What stands against a yard at a station in words: verdict, what is short, what would help."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, has_text, joined
from maemoh_gis.near_misses.relaxation import PARAMETERS, Relaxation, Step
from maemoh_gis.near_misses.stations import WITHIN_M, StationMiss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maemoh_gis.scenario.settings.limit import Limit

_DECIMALS = {"grade": 2, "straight": 1}
_LEAST_SIGMA_M = 0.01


def verdict_words(miss: StationMiss) -> Text:
    """Say whether a yard fits at a station, as far as is known."""
    return both(
        f"near_miss.verdict.{miss.verdict}",
        station=miss.title,
        places=units.number(miss.places),
        holds=units.number(miss.holds),
        untold=units.number(miss.untold),
        as_read=units.number(miss.as_read),
        km=f"{WITHIN_M / 1000:g}",
    )


def place_words(km: float, side: str, post: float | None = None) -> Text:
    """Name a place by its side of the line, the kilometre along it, and about which post it is."""
    where = {"side": both(f"yard.side.{side}"), "km": f"{km:.2f}"}
    if post is None:
        return both("near_miss.place", **where)
    return both("near_miss.place_post", **where, post=f"{post:.1f}")


def side_of(side: int) -> str:
    """Name a side of the line, forward as chainage grows."""
    return "left" if side > 0 else "right"


def relaxation_words(relaxation: Relaxation) -> Text:
    """Say which needs give way, and by how much."""
    first, *more = (step_words(step) for step in relaxation.steps)
    for other in more:
        first = both("near_miss.and", one=first, other=other)
    return first


def step_words(step: Step) -> Text:
    """Say of one need what it is and by how much it gives way."""
    assert step.parameter in PARAMETERS
    if step.parameter == "roads":
        return both("near_miss.relax.roads", road=_road(step.road_class))
    decimals = _DECIMALS.get(step.parameter, 0)
    numbers = {"was": step.was, "to": step.to, "by": abs(step.to - step.was)}
    told = {name: units.number(value, decimals) for name, value in numbers.items()}
    return both(f"near_miss.relax.{step.parameter}", **told)


def survey_words(miss: StationMiss, post: float | None = None) -> Text:
    """
    Name the one survey that would settle most at the place, and how sure levels must be.

    `post` is about which kilometre post the place is.
    """
    half_km = miss.siding_m / 2000.0
    ends = {"first": f"{miss.place_km - half_km:.2f}", "last": f"{miss.place_km + half_km:.2f}"}
    stretch = both("near_miss.stretch", **ends)
    if post is not None:
        posts = {"from_post": f"{post - half_km:.1f}", "to_post": f"{post + half_km:.1f}"}
        stretch = both("near_miss.stretch_posts", **ends, **posts)
    survey = both(f"near_miss.survey.{miss.survey}", stretch=stretch)
    if miss.survey != "levels" or math.isnan(miss.levels_within_m):
        return survey
    least = max(math.floor(miss.levels_within_m * 100.0) / 100.0, _LEAST_SIGMA_M)
    return both("near_miss.levels_within", survey=survey, metres=f"{least:.2f}")


def test_title(test: str, limits: Mapping[str, Limit]) -> Text:
    """Name a test, or the limit it holds against the land."""
    kind, _, limit = test.partition(":")
    return limits[limit].title.both() if limit else both(f"near_miss.test.{kind}")


def _road(kind: str) -> Text:
    id = f"near_miss.road.{kind}"
    return both(id) if has_text(id, LANGUAGES[0]) else dict.fromkeys(LANGUAGES, kind)


def roads_words(classes: str, language: Language) -> str:
    """Name the classes of road that cross, joined by commas."""
    return ", ".join(_road(one)[language] for one in classes.split(";") if one)


def listed(titles: list[Text]) -> Text:
    """Name several things in a row."""
    return joined(titles, ", ")
