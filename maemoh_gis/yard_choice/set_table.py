"""The best sets of yards as a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.files import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.core.messages import Language
    from maemoh_gis.yard_choice.set_stage import FoundSets
    from maemoh_gis.yard_choice.sets import Aim
    from maemoh_gis.yard_choice.stages import YardComparison

COLUMNS = (
    "prices", "aim", "yards", "places_th", "places_en", "objective", "unit", "bound", "gap",
    "status", "thb_saved", "handled_teu", "room_teu", "turned_away_teu", "missing_teu",
    "confidence",
)  # fmt: skip
_UNITS: Mapping[Aim, str] = {
    "median": "THB per year",
    "center": "THB per TEU",
    "covering": "TEU per year",
}


def write_sets(sets: FoundSets, contest: YardComparison, path: Path) -> str:
    """Write the sets, a row each; those within the room of the yards have the aim `within_room`."""
    names = {place.id: place.title for place in contest.contestants}
    return write_csv(path, COLUMNS, list(_rows(sets, names)), for_excel=True)


def _rows(
    sets: FoundSets, names: Mapping[str, Mapping[Language, str]]
) -> Iterator[tuple[object, ...]]:
    for case, several in sets.free.items():
        for one in several:
            yield (
                case, one.aim, one.yards, *_joined(one.chosen, names), _cell(one.objective),
                _UNITS[one.aim], _cell(one.objective), _cell(one.gap, 6), one.status,
                _cell(one.thb_saved), "", "", "", "", "ASSUMPTION",
            )  # fmt: skip
    for case, within in sets.within_room.items():
        for room in within:
            yield (
                case, "within_room", room.yards, *_joined(room.chosen, names),
                _cell(room.objective), _UNITS["median"], _cell(room.bound), _cell(room.gap, 6),
                room.status, _cell(room.thb_saved),
                "; ".join(f"{teu:.0f}" for teu in room.handled_teu),
                "; ".join(f"{teu:.0f}" for teu in room.capacity_teu),
                _cell(room.turned_away_teu), _cell(room.missing_teu), "ASSUMPTION",
            )  # fmt: skip


def _joined(keys: tuple[str, ...], names: Mapping[str, Mapping[Language, str]]) -> list[str]:
    return ["; ".join(names[key][language] for key in keys) for language in LANGUAGES]


def _cell(value: float, decimals: int = 1) -> object:
    """Leave unknown numbers empty."""
    return "" if math.isnan(value) else round(value, decimals) + 0.0
