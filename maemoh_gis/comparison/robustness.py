"""How firm an order is: what comes first in the runs of one question; the places for the yard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.comparison.pieces import KINDS
from maemoh_gis.comparison.runs import ComparedRun, differences
from maemoh_gis.core import units
from maemoh_gis.files import read_csv
from maemoh_gis.mcda.classes import class_number
from maemoh_gis.mcda.rankings import ranks
from maemoh_gis.phase_out.path import least

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison
    from maemoh_gis.core.messages import Text

Row = tuple[Any, ...]

_PLACES = "yard_choice.csv"
PLACE = "place"
"""Kind of a named place that competes for the yard, beside sites and yards."""

PLACE_COLUMNS = (
    "run", "place", "name_th", "name_en", "class", "eligible", "score", "score_least",
    "score_greatest", "order_settled", "confidence",
)  # fmt: skip
ROBUSTNESS_COLUMNS = (
    "scenario", "year_be", "varied", "runs", "use", "kind", "id", "name_th", "name_en", "lat",
    "lon", "area_rai", "area_ha", "ranked_in", "first_in", "best_rank", "worst_rank", "first_runs",
    "found_by_with_rank",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How one piece of land or place stands in the runs of one question."""

    scenario: str
    year_be: int
    varied: tuple[str, ...]
    """Keys of the scenario in which the runs differ; `viewpoint` among them."""
    runs: tuple[int, ...]
    """Numbers of the runs of the question."""
    use: str
    """Empty for a place for the yard."""
    kind: str
    id: str
    name: Text
    """In both languages."""
    where: tuple[float, float] | None
    """Latitude and longitude of a piece."""
    area_m2: float | None
    ranked: Mapping[int, int]
    """Its rank in every run that ranks it."""
    found_by: Mapping[int, int]
    """Rank it has among the run's own sites or yards, in each run that proposes it."""

    @property
    def first_in(self) -> tuple[int, ...]:
        """Give the numbers of the runs in which it comes first."""
        return tuple(number for number, rank in self.ranked.items() if rank == 1)


def families(runs: Sequence[ComparedRun]) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Find the runs that put one question in other ways: by a sweep of values, or by viewpoints."""
    asked: dict[tuple[Any, ...], list[int]] = {}
    for number, run in enumerate(runs):
        layers = {id: layer["sha256"] for id, layer in run.record["inputs"]["layers"].items()}
        key = (run.record["scenario"], run.record["year"], json.dumps(layers, sort_keys=True))
        asked.setdefault(key, []).append(number)
    found = []
    for members in asked.values():
        apart: dict[str, int] = {}
        for number in members:
            facts = json.dumps(runs[number].record["resolved"], sort_keys=True)
            apart.setdefault(facts, number)
        numbers = tuple(apart.values())
        if len(numbers) > 1:
            between = differences([runs[number] for number in numbers])
            varied = sorted({one.key for one in between if one.kind == "fact"})
            found.append((numbers, tuple(varied)))
    return found


def standings(found: Comparison) -> Iterator[Standing]:
    """Say how every piece of land and every place stands in the runs of one question."""
    for members, varied in families(found.runs):
        first = found.runs[members[0]].record
        about = (str(first["scenario"]), int(first["year"]), varied, members)
        for use in found.uses:
            for kind in KINDS:
                yield from _by_firsts(_of_pieces(found, about, use, kind))
        yield from _by_firsts(_of_places(found, about))


def _by_firsts(found: Iterator[Standing]) -> list[Standing]:
    ranked = [one for one in found if one.ranked]
    return sorted(ranked, key=lambda one: (-len(one.first_in), max(one.ranked.values())))


def _of_pieces(
    found: Comparison, about: tuple[str, int, tuple[str, ...], tuple[int, ...]], use: str, kind: str
) -> Iterator[Standing]:
    one = found.uses[use]
    at = [k for k, piece in enumerate(one.pieces) if piece.kind == kind]
    held = [number for number in about[3] if number in one.land.runs]
    ranked = {number: ranks(one.payoffs[np.array(at, dtype=int), number]) for number in held}
    for place, k in enumerate(at):
        piece = one.pieces[k]
        own = {number: int(column[place]) for number, column in ranked.items() if column[place]}
        yield Standing(
            *about, use, kind, piece.id, piece.named.name, (piece.lat, piece.lon),
            piece.area_m2, own, piece.found_by,
        )  # fmt: skip


def _of_places(
    found: Comparison, about: tuple[str, int, tuple[str, ...], tuple[int, ...]]
) -> Iterator[Standing]:
    names: dict[str, Text] = {}
    ranked: dict[str, dict[int, int]] = {}
    for number in about[3]:
        # Within a class no place comes first: who is of the first class is first with all of it.
        for row in (row for row in places_of(found.runs[number]) if row["eligible"] == "True"):
            names.setdefault(row["id"], {"th": row["name_th"], "en": row["name_en"]})
            ranked.setdefault(row["id"], {})[number] = class_number(row["class"])
    for id, own in ranked.items():
        yield Standing(*about, "", PLACE, id, names[id], None, None, own, {})


def places_of(run: ComparedRun) -> list[Mapping[str, str]]:
    """Read the places that compete for the yard in a run, best first; none where none is asked."""
    return list(read_csv(run.folder / _PLACES)) if _PLACES in run.record["outputs"] else []


def place_rows(found: Comparison) -> Iterator[Row]:
    """
    List the places for the yard in every run, with their scores and what facts allow.

    One row a run and place, after `PLACE_COLUMNS`. `order_settled` is empty where the run's facts
    leave open which place comes first.
    """
    for run in found.runs:
        choice = run.record.get("choice") or {}
        sure = least(list(choice.get("confidence", {}).values()))
        for row in places_of(run):
            scores = (float(row[name]) for name in ("score", "score_least", "score_greatest"))
            yield (
                run.label, row["id"], row["name_th"], row["name_en"], row["class"],
                "yes" if row["eligible"] == "True" else "", *scores,
                "yes" if choice.get("proven") else "", sure,
            )  # fmt: skip


def robustness_rows(found: Comparison) -> Iterator[Row]:
    """List how every piece and place stands in the runs of one question."""
    for one in standings(found):
        lat, lon = one.where or (None, None)
        areas: tuple[float | None, float | None] = (None, None)
        if one.area_m2 is not None:
            in_units = (units.rai_from_m2(one.area_m2), units.ha_from_m2(one.area_m2))
            areas = (round(in_units[0], 2), round(in_units[1], 2))
        yield (
            one.scenario, one.year_be, "; ".join(one.varied), len(one.runs), one.use, one.kind,
            one.id, one.name["th"], one.name["en"], lat, lon, *areas, len(one.ranked),
            len(one.first_in), min(one.ranked.values()), max(one.ranked.values()),
            ", ".join(found.runs[number].label for number in one.first_in),
            ", ".join(f"{found.runs[n].label}: {rank}" for n, rank in one.found_by.items()),
        )  # fmt: skip
