"""Figures that are watched: each indicator of each run and use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from maemoh_gis.comparison.alerts import Reading, change_percent, share
from maemoh_gis.comparison.choice_tables import Choice, choices

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison

_NAN = float("nan")


def readings(found: Comparison) -> Iterator[tuple[str, str, Reading]]:
    """Read every indicator."""
    ranked = {(c.use, c.group): c for c in choices(found) if c.kind == "site"}
    changed = {run.label: 0 for run in found.runs}
    for one in found.differences:
        changed[one.run] += one.kind == "layer"
    for use, compared in found.uses.items():
        for number in compared.land.runs:
            values = _alone(found, use, number) | {
                "layers_changed": float(changed[found.runs[number].label])
            }
            first = compared.land.runs[0]
            if number == first:
                values.pop("layers_changed")
            else:
                values |= _against_first(found, use, number, ranked)
            for indicator in found.indicators:
                if indicator.id in values:
                    yield found.runs[number].label, use, Reading(indicator, values[indicator.id])


def _alone(found: Comparison, use: str, number: int) -> dict[str, float]:
    """Read what needs no other run."""
    land, record = found.uses[use].land.areas[number], found.runs[number].record
    level = found.zones.sizes()[0][0]
    taking = found.takings[number][use][level][0]
    return {
        "good_not_sure": share(land.good - land.good_surely, land.good),
        "unknown_land": share(land.unknown, land.study),
        "farm_share": _NAN if taking.unknown else share(taking.farm, taking.site),
        "unscored_weight": float(record["confidence"][use]["unscored"]),
        "laws_not_checked": float(len(record["legal_limits"]["not_checked"])),
    }


def _against_first(
    found: Comparison, use: str, number: int, ranked: Mapping[tuple[str, str], Choice]
) -> dict[str, float]:
    compared = found.uses[use]
    first = compared.land.runs[0]
    before, after = compared.land.areas[first], compared.land.areas[number]
    values = {
        "open_change": change_percent(before.open, after.open),
        "good_change": change_percent(before.good, after.good),
        "good_overlap": compared.land.overlaps[first, number].jaccard,
        "site_overlap": compared.site_overlaps[first, number].jaccard,
    }
    choice = ranked.get((use, found.group_of(number)))
    if choice is not None and first in choice.runs and number in choice.runs:
        values["tau"] = choice.tau(choice.runs.index(first), choice.runs.index(number)).tau
    return values
