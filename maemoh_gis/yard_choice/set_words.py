"""The best sets of several yards in words, and whether the yards have room for what they take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.messages import Text, both, joined

if TYPE_CHECKING:
    from maemoh_gis.freight.tariffs import Case
    from maemoh_gis.yard_choice.capacity import RoomSet
    from maemoh_gis.yard_choice.set_stage import FoundSets
    from maemoh_gis.yard_choice.sets import YardSet
    from maemoh_gis.yard_choice.stages import YardComparison

Names = Mapping[str, Text]


def set_words(sets: FoundSets | None, contest: YardComparison) -> list[Text]:
    """Say which several yards together would save most, and whether they have room."""
    if sets is None or not any(sets.free.values()):
        return []
    names = {place.id: place.title for place in contest.contestants}
    best = [
        (case, one)
        for case, several in sets.free.items()
        for one in several
        if one.aim == "median" and one.yards > 1 and one.thb_saved > 0
    ]
    said = [_set_line(case, one, names) for case, one in best] or [both("choice.no_set")]
    return [*said, *_room_words(sets, names)]


def _set_line(case: Case, one: YardSet, names: Names) -> Text:
    return both(
        "choice.set",
        n=one.yards,
        names=joined([names[key] for key in one.chosen], ", "),
        prices=both(f"freight.case.{case}"),
        saved=units.number(one.thb_saved / 1e6, 1),
        status=_status(one),
    )


def _room_words(sets: FoundSets, names: Names) -> list[Text]:
    """Say where room is short; where it is not, how full the fullest yard gets at the least."""
    short = [
        (case, one)
        for case, several in sets.within_room.items()
        for one in several
        if one.status == "infeasible" or one.turned_away_teu > 0
    ]
    if short:
        return [_short_line(case, one, names) for case, one in short]
    fullest = max(
        ((teu / sets.room[key].low if sets.room[key].low else math.inf, teu, key)
         for several in sets.within_room.values() for one in several
         for key, teu in zip(one.chosen, one.handled_teu, strict=True) if teu > 0),
        default=None,
    )  # fmt: skip
    if fullest is None:
        return []
    share, teu, key = fullest
    room = sets.room[key]
    id = "choice.room_enough" if share <= 1 else "choice.room_unsure"
    return [
        both(
            id, name=names[key], teu=units.number(teu, 0), low=units.number(room.low, 0),
            central=units.number(room.central, 0), share=units.number(100 * share, 0),
            confidence=both(f"confidence.{room.confidence}"),
        )
    ]  # fmt: skip


def _short_line(case: Case, one: RoomSet, names: Names) -> Text:
    id = "choice.room_infeasible" if one.status == "infeasible" else "choice.room_short"
    return both(
        id,
        n=one.yards,
        prices=both(f"freight.case.{case}"),
        names=joined([names[key] for key in one.chosen], ", "),
        away=units.number(one.turned_away_teu, 0),
        missing=units.number(one.missing_teu, 0),
        status=_status(one),
    )


def _status(one: YardSet | RoomSet) -> Text:
    if one.status == "optimal":
        return both("choice.status.optimal")
    gap = "–" if math.isnan(one.gap) else f"{100 * one.gap:.1f}"
    return both("choice.status.gap", gap=gap)
