"""What earth a yard would move: a table, and words for each station and rectangle."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Text, both
from maemoh_gis.earthworks.stages import StationBed, stage_of
from maemoh_gis.files import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.engine.results import Results

EARTHWORKS = "earthworks.csv"
_ENDS = ("low", "read", "high")
COLUMNS = (
    "use",
    "station_th",
    "station_en",
    "rectangle",
    "place_km",
    "side",
    "class",
    "surveyed",
    "heights_error_m",
    "level_m",
    "siding_m",
    "siding_permille",
    *(f"{kind}_m3_{end}" for kind in ("cut", "fill", "moved") for end in _ENDS),
    *(f"thb_{end}" for end in _ENDS),
    "words_th",
    "words_en",
)


def write_earthworks(results: Results, folder: Path) -> dict[str, str]:
    """Write the beds of all uses; nothing where no yard may stand on its own."""
    uses = results.resolved.scenario.uses
    asked = [use for use in uses if stage_of(use) in results.found]
    if not asked:
        return {}
    rows = [row for use in asked for row in _rows(use, results)]
    order = [tuple(row.get(name, "") for name in COLUMNS) for row in rows]
    return {EARTHWORKS: write_csv(folder / EARTHWORKS, COLUMNS, order, for_excel=True)}


def _rows(use: str, results: Results) -> Iterator[dict[str, object]]:
    yard = results.resolved.scenario.uses[use].yard
    assert yard is not None
    assert yard.own_bed is not None
    price = yard.own_bed.thb_per_m3
    for bed in cast("tuple[StationBed, ...]", results.found[stage_of(use)]):
        words = bed_words(bed, price)
        yield {
            "use": use,
            **{f"station_{x}": bed.title[x] for x in LANGUAGES},
            "rectangle": "" if bed.rectangle is None else bed.rectangle,
            "place_km": round(bed.place_km, 3),
            "side": "left" if bed.side > 0 else "right",
            "class": bed.kind,
            "surveyed": bed.surveyed,
            "heights_error_m": _known(bed.platform.error_m),
            **(_volumes(bed, price, yard.sidings_m[0]) if bed.surveyed else {}),
            **{f"words_{x}": words[x] for x in LANGUAGES},
        }


def _volumes(bed: StationBed, price: float | None, siding_m: float) -> dict[str, object]:
    """Give level, grade and volumes, and baht where the user gave a price."""
    laid = bed.platform
    told: dict[str, object] = {
        "level_m": round(laid.level_m, 2),
        "siding_m": siding_m,
        "siding_permille": round(laid.permille, 2),
    }
    of = {"cut": laid.cut_m3, "fill": laid.fill_m3, "moved": laid.moved_m3}
    for kind, volumes in of.items():
        ends = zip(_ENDS, volumes, strict=True)
        told |= {f"{kind}_m3_{end}": round(volume) for end, volume in ends}
    if price is not None:
        ends = zip(_ENDS, laid.moved_m3, strict=True)
        told |= {f"thb_{end}": round(volume * price) for end, volume in ends}
    return told


def bed_words(bed: StationBed, price: float | None) -> Text:
    """Say what earth a yard would move: cubic metres by a survey, else a class, else nothing."""
    laid = bed.platform
    error = units.number(laid.error_m, 1)
    if bed.surveyed:
        low, read, high = (units.number(volume) for volume in laid.moved_m3)
        said = both(
            "earthworks.surveyed",
            low=low,
            read=read,
            high=high,
            level=units.number(laid.level_m, 1),
            grade=units.number(laid.permille, 2),
            kind=both(f"earthworks.class.{bed.kind}"),
        )
        if price is None:
            return said
        cost = [units.number(volume * price / 1e6, 1) for volume in laid.moved_m3]
        return both("earthworks.with_baht", words=said, low=cost[0], high=cost[2])
    if bed.kind != "cannot_be_told":
        return both("earthworks.classed", kind=both(f"earthworks.class.{bed.kind}"), error=error)
    either_side = units.number(round(2.0 * laid.error_m * laid.area_m2, -4))
    return both("earthworks.untold", error=error, volume=either_side)


def _known(error_m: float) -> float | str:
    return round(error_m, 2) if math.isfinite(error_m) else ""
