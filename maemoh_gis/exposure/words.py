"""How many people are near, in words: always a range, and never fewer than may be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, text
from maemoh_gis.core.units import number
from maemoh_gis.exposure.population import LEAST_TOLD
from maemoh_gis.pages.wording import is_missing
from maemoh_gis.presentation.words import percent_of

# A share that is written as 0 %.
_NO_SHARE = 0.005
_ENDS = ("low", "central", "high")


def people_near(row: Mapping[str, Any], radius: str) -> Text:
    """
    Say how many people live within a radius, from the columns of a site or yard.

    Says so where nobody was counted, and on what share of the land around that is so.
    """
    uncounted = float(row[f"uncounted_land_{radius}_m"])
    share = percent_of(uncounted)
    people: list[Any] = [row.get(f"people_{radius}_m_{end}") for end in _ENDS]
    if any(is_missing(one) or one == "" for one in people):
        return both("report.people_unknown", uncounted=share)
    low, central, high = (round(float(one)) for one in people)
    said = people_between(low, central, high)
    if uncounted < _NO_SHARE:
        return said
    return both("exposure.people_counted_part", people=said, uncounted=share)


def people_between(low: int, central: int, high: int) -> Text:
    """Write a range of people as `population.told` gives it."""
    if high <= LEAST_TOLD:
        return {x: few(high, x) for x in LANGUAGES}
    ends = dict(zip(_ENDS, (low, central, high), strict=True))
    return {
        x: text("exposure.people", x, **{end: few(n, x) for end, n in ends.items()})
        for x in LANGUAGES
    }


def few(people: float, language: Language) -> str:
    """Write a number of people, or that it is smaller than may be told."""
    if people <= LEAST_TOLD:
        return text("exposure.few", language, least=LEAST_TOLD)
    return text("exposure.count", language, people=number(people, 0))
