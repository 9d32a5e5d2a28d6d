"""Stated distances of a scenario, read from their tables into what a network can join."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from maemoh_gis.layers.table_schemas import DISTANCES
from maemoh_gis.network.linehaul import Beyond, Carrier, Join, Statement, Terms

if TYPE_CHECKING:
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.network import Linehaul

_CARRIERS = ("rail", "road")
_YEARS = ("open_year_be", "rail_open_year_be")

Doubled = Mapping[str, int | None]
"""First year as double track by section of railway; None where no decision is known."""


def statements_of(linehaul: Linehaul, layers: Layers) -> list[Statement]:
    """Read the stated distances by rail and by road; rows of other modes are left out."""
    rows = layers.table(linehaul.distances, DISTANCES)
    return [
        Statement(
            row["from_place"],
            row["to_place"],
            cast("Carrier", row["mode"]),
            row["km_central"],
            _number(row["km_low"]),
            _number(row["km_high"]),
            row["route"],
            row["open_year_be"],
            row["confidence"],
            row["source"],
        )
        for row in rows
        if row["mode"] in _CARRIERS
    ]


def beyond_of(linehaul: Linehaul, layers: Layers, crs: str) -> dict[str, Beyond]:
    """Read the places the distances lead to."""
    found = {}
    for id in linehaul.places:
        frame = layers.features(id, crs)
        places = zip(frame.to_dict("records"), frame.geometry.x, frame.geometry.y, strict=True)
        for row, x, y in places:
            held = {str(key): value for key, value in row.items()}
            years = [held[name] for name in _YEARS if _known(held.get(name))]
            year = int(years[0]) if years else None
            place = Beyond(float(x), float(y), str(held["role"]), year)
            found[str(held["name_en"])] = place
    return found


def terms_of(linehaul: Linehaul, year_be: int, doubled: Doubled) -> Terms:
    """Say how the distances join a network in a year."""
    links = [
        Statement(
            link.start,
            link.end,
            "rail",
            link.km,
            math.nan if link.km_low is None else link.km_low,
            math.nan if link.km_high is None else link.km_high,
            open_year_be=link.open_year,
            confidence=link.confidence,
            source=link.basis,
            tracks=_tracks(link.double, year_be, doubled),
        )
        for link in linehaul.links.values()
    ]
    joins = {
        name: Join(join.rail, "rail") if join.rail else Join(str(join.road), "road")
        for name, join in linehaul.joins.items()
    }
    return Terms(
        joins, linehaul.leaves_by, links, linehaul.rail_kph, linehaul.road_kph, linehaul.transfers
    )


def _tracks(section: str | None, year_be: int, doubled: Doubled) -> int | None:
    """Give the tracks of a section that is single until it is doubled; None where not said."""
    if section is None:
        return None
    year = doubled.get(section)
    return 2 if year is not None and year <= year_be else 1


def _number(km: float | None) -> float:
    return math.nan if km is None else km


def _known(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))
