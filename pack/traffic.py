"""
Daily traffic on the highways of Lampang and its neighbours, as the Department of Highways counted.

Counts stand by kilometre post, without coordinates, one row a counting point with the years beside
each other. Shares of heavy vehicles are kept only where the counts by kind of vehicle can be
believed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import files
from pack.tables import write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pack.tables import Cell

    Row = Mapping[str, str]
    Counts = dict[tuple[str, str, str], dict[str, Row]]

YEARS_BE = ("2560", "2563", "2564", "2566")
_TO_VEHICLES = 10

# In highway district Lampang 2 the counts of the kinds of lorries are nearly equal to each other
# and from year to year; elsewhere outside Lampang 1 they were not looked at.
_SHARES_FROM = "ลำปางที่ 1"
_DOUBTED_DISTRICT = "ลำปางที่ 2"

# On route 1 these kilometres jump by factors of 3 to 7 against the points beside them.
_DOUBTED_ROUTE, _DOUBTED_KM = "1", (697.0, 702.0)


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `traffic_counts.csv`.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the layers.

    Returns
    -------
    dict of str to dict
        Number of points and how steady they are, by layer id and measure.
    """
    counted = files.read_csv(
        sources / "reference" / "observed" / "doh_aadt_lampang_neighbours_2017_2023.csv"
    )
    points = by_point(counted)
    rows = [
        point_row(points[key])
        for key in sorted(points, key=lambda key: (int(key[0]), int(key[1]), kilometres(key[2])))
    ]
    write_rows(out / "traffic_counts.csv", rows)
    return {"traffic_counts": _accuracy(rows)}


def by_point(counted: Sequence[Row]) -> Counts:
    """Group the counts of the years by route, control section and kilometre post."""
    points: Counts = {}
    for row in counted:
        key = row["route"], row["control_section"], row["survey_km"]
        points.setdefault(key, {})[row["year_be"]] = row
    return points


def point_row(years: Mapping[str, Row]) -> dict[str, Cell]:
    """
    Give one counting point with all its years.

    Parameters
    ----------
    years : mapping of str to mapping
        Counts by year, B.E.

    Returns
    -------
    dict
        Vehicles a day without bicycles and motorcycles, rounded to 10; `heavy_percent` of the last
        year counted, empty where it cannot be believed.
    """
    last = years[max(years)]
    district = re.sub(r"ที่\s*(\d)", r"ที่ \1", last["highway_office"].removeprefix("ขท."))
    km = kilometres(last["survey_km"])
    low, high = _DOUBTED_KM
    doubted = last["route"] == _DOUBTED_ROUTE and low <= km <= high
    believed = district == _SHARES_FROM and not doubted
    return {
        "route": int(last["route"]),
        "control_section": int(last["control_section"]),
        "section_th": " – ".join(part.strip() for part in last["section_th"].split("-")),
        "km": km,
        "province_th": last["province"],
        "highway_district_th": district,
        **{f"vehicles_{year}": _vehicles(years.get(year)) for year in YEARS_BE},
        "heavy_percent": round(float(last["heavy_pct"])) if believed else None,
        "confidence": "L" if doubted or district == _DOUBTED_DISTRICT else "M",
    }


def _vehicles(row: Row | None) -> int | None:
    if row is None:
        return None
    return round(float(row["aadt"]) / _TO_VEHICLES) * _TO_VEHICLES


def kilometres(post: str) -> float:
    """
    Read a kilometre post, rounded to 0.1 km.

    Parameters
    ----------
    post : str
        As `720+367`.

    Examples
    --------
    >>> kilometres("720+367")
    720.4
    """
    km, _, metres = post.partition("+")
    return round(int(km) + int(metres) / 1000, 1)


def _accuracy(rows: Sequence[Mapping[str, Cell]]) -> dict[str, float | int]:
    """Measure how much the counts of a point differ from year to year."""
    ratios = []
    for row in rows:
        counts = [float(cell) for year in YEARS_BE if (cell := row[f"vehicles_{year}"])]
        if len(counts) == len(YEARS_BE):
            ratios.append(max(counts) / min(counts))
    return {
        "points": len(rows),
        "points_in_lampang": sum(row["province_th"] == "ลำปาง" for row in rows),
        "points_of_all_four_years": len(ratios),
        "highest_over_lowest_year_median": round(float(np.median(ratios)), 2),
        "highest_over_lowest_year_largest": round(max(ratios), 1),
    }
