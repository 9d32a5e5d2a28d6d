"""
Registered people of all 100 subdistricts, brought to the register of December 2568.

The register by subdistrict that is at hand ends in 2564; that of December 2568 counts districts and
municipalities. So the subdistricts of a district keep the shares they had, and are scaled to what
the district has now. Whole people are dealt out by largest remainder, so a district's subdistricts
add up to it exactly.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import files
from pack.known_points import subdistrict_names
from pack.tables import write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pack.tables import Cell

YEAR_BE = 2568
SHARES_YEAR_BE = 2564

_SOURCE = "DOPA register, Dec 2568, by district; shares of the subdistricts of 2564"

Register = dict[str, dict[str, int]]
"""People, men and households by district code."""


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `subdistrict_people.csv`.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the layers; the names of the subdistricts are read from it.

    Returns
    -------
    dict of str to dict
        Totals, and how far the districts moved from 2564 to 2568, by layer id and measure.
    """
    observed = sources / "reference" / "observed"
    register = read_register(observed / "lampang_population_dopa_2025_registers.csv")
    before = files.read_csv(observed / "lampang_subdistrict_population_dopa_1993_2021.csv")
    named = subdistrict_names(out)
    rows = [
        _cells(row, now, named[row["geocode"]])
        for row, now in zip(before, brought_to(register, before), strict=True)
    ]
    write_rows(out / "subdistrict_people.csv", rows)
    return {"subdistrict_people": _accuracy(register, before)}


def read_register(path: Path) -> Register:
    """Add the registers outside municipalities and of municipalities up by district."""
    districts: Register = defaultdict(lambda: {"people": 0, "men": 0, "households": 0})
    for row in files.read_csv(path):
        if row["area_type"] == "province":
            continue
        counted = districts[row["parent_district"]]
        counted["people"] += int(row["population"])
        counted["men"] += int(row["male"])
        counted["households"] += int(row["households"])
    return dict(districts)


def brought_to(register: Register, before: Sequence[Mapping[str, str]]) -> list[dict[str, int]]:
    """
    Scale the subdistricts of 2564 to what their districts have now.

    Parameters
    ----------
    register : mapping
        People, men and households by district code.
    before : sequence of mapping
        Subdistricts with `geocode`, `pop_2021`, `male_2021` and `households_2021`.

    Returns
    -------
    list of dict
        People, men, women and households in the order of `before`; each adds up by district.
    """
    now: list[dict[str, int]] = [{} for _ in before]
    old = {"people": "pop_2021", "men": "male_2021", "households": "households_2021"}
    for district, counted in register.items():
        own = [i for i, row in enumerate(before) if row["geocode"].startswith(district)]
        for name, column in old.items():
            dealt = dealt_out(counted[name], [int(before[i][column]) for i in own])
            for i, number in zip(own, dealt, strict=True):
                now[i][name] = number
    return [{**row, "women": row["people"] - row["men"]} for row in now]


def dealt_out(whole: int, shares: Sequence[int]) -> list[int]:
    """
    Deal a whole number out in proportion, by largest remainder.

    Parameters
    ----------
    whole : int
        What is dealt out.
    shares : sequence of int
        In proportion to what; of equal remainders the earlier is served first.

    Returns
    -------
    list of int
        Whole numbers that add up to `whole`.

    Examples
    --------
    >>> dealt_out(10, [1, 1, 1])
    [4, 3, 3]
    """
    total = sum(shares)
    parts = [whole * share // total for share in shares]
    left = [whole * share % total for share in shares]
    for i in sorted(range(len(shares)), key=lambda i: -left[i])[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def _cells(
    row: Mapping[str, str], now: Mapping[str, int], named: Mapping[str, str]
) -> dict[str, Cell]:
    return {
        "code": int(named["code"]),
        "name_th": named["name_th"],
        "name_en": named["name_en"],
        "district_code": int(named["district_code"]),
        "district_name_th": named["district_name_th"],
        "district_name_en": named["district_name_en"],
        "year_be": YEAR_BE,
        "population": now["people"],
        "men": now["men"],
        "women": now["women"],
        "households": now["households"],
        "population_2564": int(row["pop_2021"]),
        "households_2564": int(row["households_2021"]),
        "confidence": "M",
        "source": _SOURCE,
    }


def _accuracy(register: Register, before: Sequence[Mapping[str, str]]) -> dict[str, float | int]:
    old: dict[str, int] = defaultdict(int)
    for row in before:
        old[row["geocode"][:4]] += int(row["pop_2021"])
    factors = np.array([register[code]["people"] / old[code] for code in sorted(old)])
    return {
        "subdistricts": len(before),
        "population": sum(counted["people"] for counted in register.values()),
        "population_2564": sum(old.values()),
        "district_change_least_percent": round(100 * float(factors.max() - 1), 1),
        "district_change_most_percent": round(100 * float(factors.min() - 1), 1),
        **_misplaced(before),
    }


def _misplaced(before: Sequence[Mapping[str, str]]) -> dict[str, float | int]:
    """Bring 2017 to 2021 (four years, as 2564 to 2568) the same way, and compare with 2021."""
    register: Register = defaultdict(lambda: {"people": 0, "men": 0, "households": 0})
    for row in before:
        register[row["geocode"][:4]]["people"] += int(row["pop_2021"])
    off: list[float] = []
    for district, counted in register.items():
        own = [row for row in before if row["geocode"].startswith(district)]
        told = dealt_out(counted["people"], [int(row["pop_2017"]) for row in own])
        off += [100 * abs(t / int(row["pop_2021"]) - 1) for t, row in zip(told, own, strict=True)]
    return {
        "tried_on_2560_to_2564_median_percent": round(float(np.median(off)), 1),
        "tried_on_2560_to_2564_largest_percent": round(max(off), 1),
    }
