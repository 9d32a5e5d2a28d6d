"""
Coal units of the Mae Moh power plant: size, start and the year sources state for their end.

Sources say "retired in", "kept to" and "run to"; whether a stated year is the last one or the first
without the unit, the timeline of a scenario decides, and only there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis import files
from maemoh_gis.core import units
from pack.tables import Cell, number, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PLANT_TH, _PLANT_EN = "โรงไฟฟ้าแม่เมาะ", "Mae Moh power plant"

_REPLACEMENTS = {
    "MMRP1": ("ทดแทนเครื่องที่ 4-7", "replacement of units 4-7"),
    "MMRP2": ("ทดแทนเครื่องที่ 8-9", "replacement of units 8-9"),
}

# Units that stopped long ago have the year they stopped in the column of planned years.
# Unit 3: one list says 1999, another 2000; the list that names the unit's own year is followed.
_STOPPED = {"1": 2543, "2": 2543, "3": 2542, "5": 2562, "6": 2562, "7": 2562}

_STATUS = {
    "retired": "retired",
    "retired or standby": "retired_or_standby",
    "operating": "operating",
    "approved": "planned",
}

_NOTES = {
    "3": "stopped in 2542 by one list and in 2543 by another",
    "4": "replaced by MMRP1 on 29 Aug 2562, yet one list still has it running in July 2567; not in "
    "the plant's total since 2562",
    "8": "kept to 2574 by the energy policy council, 21 Aug 2568",
    "9": "start 2532 to 2538 by another list; end inferred: the decision of 21 Aug 2568 names "
    "units 8 and 11 only",
    "10": "end inferred: the decision of 21 Aug 2568 names units 8 and 11 only",
    "11": "kept to 2574 by the energy policy council, 21 Aug 2568",
    "12": "to be refurbished and run to 2591, with biomass co-firing",
    "13": "to be refurbished and run to 2591, with biomass co-firing",
    "MMRP1": "running since 29 Aug 2562; ends with coal power; net size inferred from the plant's "
    "contracted 2,220 MW",
    "MMRP2": "approved 24 May 2565; nothing seen of it after 2567",
}

# The stated end of these is less sure than the rest of their rows.
_END_CONFIDENCE = {"MMRP1": "M", "MMRP2": "L"}


def write_coal_units(sources: Path, out: Path) -> None:
    """
    Write `coal_units.csv`, one row a unit.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the bundled layers.
    """
    started = {
        row["Unit name"].removeprefix("Unit "): row["Start year"]
        for row in files.read_csv(sources / "reference" / "gem_gcpt_july2024_mae_moh_units.csv")
    }
    facts = files.read_csv(sources / "facts" / "plant_units.csv")
    write_rows(out / "coal_units.csv", [_unit(row, started) for row in facts])


def _unit(row: Mapping[str, str], started: Mapping[str, str]) -> dict[str, Cell]:
    key = row["unit"].split(" ")[0]
    confidence = row["confidence"]
    replaced_th, replaced_en = _REPLACEMENTS.get(key, ("", ""))
    return {
        "id": key if replaced_th else f"MM-{key}",
        "name_th": f"{_PLANT_TH} {replaced_th or f'เครื่องที่ {key}'}",
        "name_en": f"{_PLANT_EN} {replaced_en or f'unit {key}'}",
        "gross_mw": number(row["gross_mw"]),
        "net_mw": number(row["net_mw"]),
        "technology": row["technology"].split(" lignite")[0],
        "fuel": "lignite and biomass" if "biomass" in row["technology"] else "lignite",
        "start_year_be": _start_year(row["cod_be"], started.get(key, "")),
        "status": _STATUS[_first_words(row["status"])],
        "stated_end_year_be": _STOPPED.get(key) or _year(row["latest_known_retirement_be"]),
        "earlier_planned_retire_year_be": (
            None
            if key in _STOPPED or key in _REPLACEMENTS
            else _year(row["earlier_planned_retirement_be"])
        ),
        "confidence": confidence,
        "stated_end_confidence": _END_CONFIDENCE.get(key, confidence),
        "source": row["source"],
        "note": _NOTES.get(key),
    }


def _start_year(written_be: str, listed_ce: str) -> int | None:
    """Read the first year of operation; where only a span is known, take that of the unit list."""
    if "-" in written_be and listed_ce:
        return units.be_from_ce(int(float(listed_ce)))
    return _year(written_be)


def _year(written: str) -> int | None:
    """Read a B.E. year; a question mark marks doubt, which the confidence carries."""
    digits = written.removesuffix(" planned").removesuffix("?")
    return units.check_year_be(int(digits)) if digits else None


def _first_words(status: str) -> str:
    return next(s for s in sorted(_STATUS, key=len, reverse=True) if status.startswith(s))
