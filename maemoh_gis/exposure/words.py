"""How many people are near, in words: always a range, and never fewer than may be told apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, text
from maemoh_gis.core.units import number
from maemoh_gis.pages.wording import is_missing
from maemoh_gis.presentation.words import percent_of

if TYPE_CHECKING:
    from maemoh_gis.exposure.population import Near

# A share that is written as 0 %.
_NO_SHARE = 0.005
_ENDS = ("low", "central", "high")


LEAST_TOLD = 25
"""Fewer people than this are never told apart, lest an output point at single homes."""


def told(found: Near) -> tuple[int, int, int] | None:
    """
    Give low, central and high as they may be told; None where nobody was counted.

    Multiples of `LEAST_TOLD`, the low rounded down, the high up and the central to the nearest. A
    central or high of `LEAST_TOLD` may be any smaller number, so no output says that nobody lives
    somewhere.
    """
    if math.isnan(found.central):
        return None
    low = math.floor(found.low / LEAST_TOLD) * LEAST_TOLD
    central = max(1, round(found.central / LEAST_TOLD)) * LEAST_TOLD
    high = max(1, math.ceil(found.high / LEAST_TOLD)) * LEAST_TOLD
    return min(low, central), central, max(high, central)


@dataclass(frozen=True)
class PeoplePart:
    """People within a distance of a place, as they may be told; None where nobody was counted."""

    radius_m: float
    low: int | None
    central: int | None
    high: int | None
    uncounted_share: float
    """Share of the land within the distance where nobody was counted."""


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
    """Write a range of people as `told` gives it."""
    if high <= LEAST_TOLD:
        return {x: at_most(low, x) for x in LANGUAGES}
    ends = dict(zip(_ENDS, (low, central, high), strict=True))
    return {
        x: text("exposure.people", x, **{end: few(n, x) for end, n in ends.items()})
        for x in LANGUAGES
    }


def at_most(low: int, language: Language) -> str:
    """Write a range that ends at the least that may be told, be it 25 and no less or up to it."""
    if low < LEAST_TOLD:
        return text("exposure.at_most", language, least=LEAST_TOLD)
    return few(low, language)


def few(people: float, language: Language) -> str:
    """Write a number of people, or that it is smaller than may be told."""
    if people < LEAST_TOLD:
        return text("exposure.few", language, least=LEAST_TOLD)
    return text("exposure.count", language, people=number(people, 0))


def near_words(part: PeoplePart) -> Text:
    """Write how many people are within a distance of a place."""
    radius = f"{part.radius_m:g}"
    row = {f"people_{radius}_m_{end}": getattr(part, end) for end in ("low", "central", "high")}
    row[f"uncounted_land_{radius}_m"] = part.uncounted_share
    said = people_near(row, radius)
    return both("exposure.near", km=f"{part.radius_m / 1000:g}", people=said)
