"""What the change means for people, run by run: jobs by place, and the totals of every run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.phase_out.path import least

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison

Row = tuple[Any, ...]

_LEVELS = ("low", "central", "high")
_JOBS = ("jobs_at_stake", "jobs_gained")
_AMOUNTS = (*_JOBS, "water_freed_mm3", "water_demand_mm3", "water_balance_mm3")
_SINGLE = ("area_rai", "farm_rai",
           "households_without_title", "uses_without_jobs_figure",
           "uses_without_water_figure")  # fmt: skip
_FREIGHT = ("without_a_new_yard", "with_best_yard")

JOB_COLUMNS = (
    "level", "code", "name_th", "name_en", "run",
    *(f"{name}_{part}" for name in _JOBS for part in (*_LEVELS, "confidence")),
    "jobs_at_stake_change", "jobs_gained_change", "jobs",
)  # fmt: skip
TRANSITION_COLUMNS = (
    "run", "year_be", *_SINGLE,
    *(f"{name}_{part}" for name in _AMOUNTS for part in (*_LEVELS, "confidence")),
    *(f"freight_co2_t_{side}_{part}" for side in _FREIGHT for part in (*_LEVELS, "confidence")),
)  # fmt: skip


def job_rows(found: Comparison) -> Iterator[Row]:
    """List jobs at stake and gained by place and run, and how they differ from the first run."""
    told = {run.label: _by_code(run.record) for run in found.runs}
    codes = sorted({code for held in told.values() for code in held})
    names = {code: one for held in told.values() for code, one in held.items()}
    zones = {str(zone.code): zone.name for each in found.zones.zones.values() for zone in each}
    for code in codes:
        name = (names[code]["name_th"], names[code]["name_en"])
        rows = {run: held.get(code, {}) for run, held in told.items() if held}
        yield from _job_rows("subdistrict", code, name, rows)
    for district in sorted({code // 100 for code in codes}):
        known = zones.get(str(district), {"th": "", "en": ""})
        rows = {
            run: _sum([one for code, one in held.items() if code // 100 == district])
            for run, held in told.items()
            if held
        }
        yield from _job_rows("district", district, (known["th"], known["en"]), rows)


def transition_rows(found: Comparison) -> Iterator[Row]:
    """List what the first-ranked sites of every run touch together, need and give."""
    for run in found.runs:
        whole = (run.record.get("exposure") or {}).get("first_of_each_use") or {}
        freight = run.record.get("freight_emissions") or {}
        boxes = [freight.get(side, {}).get("all", {}) for side in _FREIGHT]
        yield (
            run.label, run.record["year"], *(whole.get(name) for name in _SINGLE),
            *(whole.get(f"{name}_{part}") for name in _AMOUNTS for part in (*_LEVELS,
                                                                            "confidence")),
            *(value for one in boxes for value in (*(one.get(f"co2_t_{x}") for x in _LEVELS),
                                                   one.get("confidence"))),
        )  # fmt: skip


def _by_code(record: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    exposure = record.get("exposure") or {}
    return {int(one["code"]): one for one in exposure.get("subdistricts", [])}


def _sum(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Add what is known; the confidence is the least of its parts."""
    total: dict[str, Any] = {}
    for name in _JOBS:
        known = [one for one in parts if one.get(f"{name}_central") is not None]
        if not known:
            continue
        for level in _LEVELS:
            total[f"{name}_{level}"] = round(sum(one[f"{name}_{level}"] for one in known), 1)
        total[f"{name}_confidence"] = least([one[f"{name}_confidence"] for one in known])
    return total


def _job_rows(
    level: str, code: int, name: tuple[str, str], rows: Mapping[str, Mapping[str, Any]]
) -> Iterator[Row]:
    first: Mapping[str, Any] | None = None
    for run, row in rows.items():
        changes: list[float | None] = [None, None]
        if first is not None:
            changes = [_change(row.get(f"{x}_central"), first.get(f"{x}_central")) for x in _JOBS]
        yield (
            level, code, *name, run,
            *(row.get(f"{x}_{part}") for x in _JOBS for part in (*_LEVELS, "confidence")),
            *changes, "" if first is None else _word(*changes),
        )  # fmt: skip
        first = row if first is None else first


def _change(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else round(after - before, 1)


def _word(at_stake: float | None, gained: float | None) -> str:
    better = {(x > 0) for x in (None if at_stake is None else -at_stake, gained) if x}
    if not better:
        return "" if at_stake is None and gained is None else "same"
    return "mixed" if len(better) == 2 else "gains" if True in better else "loses"
