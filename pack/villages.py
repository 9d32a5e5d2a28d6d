"""
Villages of the province by name, and where a few of them lie.

The list of names gives no place. A village is placed only where a settlement on the map bears its
name in its subdistrict and no other village there does, so most stay without a place, and which
ones says nothing of where people live.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis import files
from pack.known_points import points_from, subdistrict_names
from pack.place_names import name_key
from pack.tables import write_rows
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from pack.tables import Cell

    Row = Mapping[str, str]

YEAR_BE = 2564

# The map calls centres of subdistricts towns: they bear a village's name but need not lie in it.
_VILLAGE_CLASSES = ("hamlet", "village", "suburb", "neighbourhood")
_NEAR_DUPLICATE_M = 300.0

# A temple or school that bears the village's name stands in or near it; one this far away says that
# the settlement on the map is another.
_INSTITUTIONS = ("วัด", "โรงเรียน")
_DOUBTED_M, _TURNED_DOWN_M = 1000.0, 2000.0


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `village_names.csv`, `village_points.geojson` and `village_coverage.csv`.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the layers; subdistricts, their statistics and known settlements are read from it.

    Returns
    -------
    dict of str to dict
        Measured accuracy by layer id.
    """
    observed = sources / "reference" / "observed"
    villages = files.read_csv(observed / "lampang_villages_names.csv")
    mapped = files.read_csv(observed / "osm2021_places.csv")
    areas = {f"TH{code}": row for code, row in subdistrict_names(out).items()}
    named_alike = locate(villages, [row for row in mapped if row["class"] in _VILLAGE_CLASSES])
    apart = metres_from_institutions(
        villages, named_alike, files.read_csv(observed / "osm2021_poi.csv")
    )
    located = {
        code: row
        for code, row in named_alike.items()
        if max(apart[code], default=0.0) <= _TURNED_DOWN_M
    }
    names = [_name_cells(row, areas[row["adm3_pcode"]], located) for row in villages]
    write_rows(out / "village_names.csv", names)
    points = _points(villages, areas, located, apart)
    files.write_geojson(out / "village_points.geojson", points, decimals=4)
    coverage = _coverage(villages, areas, located)
    write_rows(out / "village_coverage.csv", coverage)
    return {
        "village_names": _counted(villages, files.read_csv(out / "district_statistics.csv")),
        "village_points": {
            "villages": len(points),
            "subdistricts_with_any": sum(int(str(row["located"])) > 0 for row in coverage),
            "turned_down": len(named_alike) - len(located),
            **_spread([metres for code in located for metres in apart[code]]),
            **_beside_settlements(points, files.read_vector(out / "settlements.geojson")),
        },
        "village_coverage": {},
    }


def locate(villages: Sequence[Row], mapped: Sequence[Row]) -> dict[str, Row]:
    """
    Find the settlement on the map that is a village of the list.

    Parameters
    ----------
    villages : sequence of mapping
        `village_code`, `adm3_pcode`, `name_th` and `name_en`; several names stand with commas.
    mapped : sequence of mapping
        Settlements with `name`, `subdistrict_pcode`, `lon` and `lat`.

    Returns
    -------
    dict of str to mapping
        Settlement by village code: where just one village of the subdistrict bears the name, and
        settlements of the village's names lie in one place.
    """
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in villages:
        for name in _names(row):
            bearers[row["adm3_pcode"], name_key(name)].add(row["village_code"])
    found: dict[str, list[Row]] = defaultdict(list)
    for row in mapped:
        if not row["name"]:
            continue
        codes = bearers.get((row["subdistrict_pcode"], name_key(row["name"])), set())
        if len(codes) == 1:
            found[next(iter(codes))].append(row)
    return {code: rows[0] for code, rows in found.items() if _in_one_place(rows)}


def metres_from_institutions(
    villages: Sequence[Row], located: Mapping[str, Row], poi: Sequence[Row]
) -> dict[str, list[float]]:
    """
    Measure how far villages lie from the temples and schools of their name in the subdistrict.

    Parameters
    ----------
    villages : sequence of mapping
        As in `locate`.
    located : mapping
        Settlement by village code.
    poi : sequence of mapping
        Places with `name`, `subdistrict_pcode`, `lon` and `lat`.

    Returns
    -------
    dict of str to list of float
        Metres by village code; an empty list where nothing bears the name.
    """
    bearers: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in poi:
        for word in _INSTITUTIONS:
            if row["name"].startswith(word):
                named = name_key(row["name"].removeprefix(word).strip())
                bearers[row["subdistrict_pcode"], named].append(row)
    return {
        row["village_code"]: [
            metres
            for name in _names(row)
            for metres in _metres(
                located[row["village_code"]],
                bearers.get((row["adm3_pcode"], name_key(name)), []),
            )
        ]
        for row in villages
        if row["village_code"] in located
    }


def _metres(one: Row, others: Sequence[Row]) -> list[float]:
    rows = [one, *others]
    here, *there = points_from(rows, [{} for _ in rows]).to_crs(METRES).geometry.tolist()
    return [float(shapely.distance(here, place)) for place in there]


def _names(row: Row) -> list[str]:
    return [name for key in ("name_th", "name_en") for name in row[key].split(",") if name.strip()]


def _in_one_place(rows: Sequence[Row]) -> bool:
    """Say whether settlements lie so near each other that they are one."""
    return all(metres <= _NEAR_DUPLICATE_M for metres in _metres(rows[0], rows[1:]))


def _name_cells(row: Row, area: Row, located: Mapping[str, Row]) -> dict[str, Cell]:
    return {
        "code": int(row["village_code"]),
        "moo": int(row["moo"]),
        "name_th": row["name_th"],
        "name_en": row["name_en"],
        "subdistrict_code": int(row["adm3_pcode"].removeprefix("TH")),
        "subdistrict_name_th": area["name_th"],
        "located": "yes" if row["village_code"] in located else "no",
    }


def _points(
    villages: Sequence[Row],
    areas: Mapping[str, Row],
    located: Mapping[str, Row],
    apart: Mapping[str, Sequence[float]],
) -> gpd.GeoDataFrame:
    placed = [row for row in villages if row["village_code"] in located]
    attributes = [
        {
            **_name_cells(row, areas[row["adm3_pcode"]], located),
            "district_name_th": areas[row["adm3_pcode"]]["district_name_th"],
            "confidence": "L" if max(apart[row["village_code"]], default=0.0) > _DOUBTED_M else "M",
        }
        for row in placed
    ]
    points = points_from([located[row["village_code"]] for row in placed], attributes)
    return points.drop(columns="located")


def _coverage(
    villages: Sequence[Row], areas: Mapping[str, Row], located: Mapping[str, Row]
) -> list[dict[str, Cell]]:
    """Count, for every subdistrict, the villages named and those placed."""
    named = Counter(row["adm3_pcode"] for row in villages)
    placed = Counter(row["adm3_pcode"] for row in villages if row["village_code"] in located)
    return [
        {
            "code": int(area["code"]),
            "name_th": area["name_th"],
            "name_en": area["name_en"],
            "district_code": int(area["district_code"]),
            "named": named[code],
            "located": placed[code],
        }
        for code, area in areas.items()
    ]


def _counted(villages: Sequence[Row], districts: Sequence[Row]) -> dict[str, float | int]:
    """Set the number of names against the printed number of villages, district by district."""
    named = Counter(row["village_code"][:4] for row in villages)
    more = [named[row["code"]] - int(row["villages"]) for row in districts]
    return {
        "names": len(villages),
        "villages_published": sum(int(row["villages"]) for row in districts),
        "districts_as_published": sum(gap == 0 for gap in more),
        "largest_surplus": max(more),
        "largest_shortfall": max(-gap for gap in more),
    }


def _spread(apart: Sequence[float]) -> dict[str, float | int]:
    return {
        "temples_and_schools_of_the_name": len(apart),
        "median_from_them_m": round(float(np.median(apart))),
        "largest_from_them_m": round(max(apart)),
    }


def _beside_settlements(
    points: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame
) -> dict[str, float | int]:
    """Compare with the settlements whose place another list gives."""
    mine = _by_name(points.to_crs(METRES))
    other = _by_name(settlements.to_crs(METRES))
    apart = [shapely.distance(mine[key], place) for key, place in other.items() if key in mine]
    return {"also_in_settlements": len(apart), "largest_from_settlements_m": round(max(apart))}


def _by_name(frame: gpd.GeoDataFrame) -> dict[tuple[str, str], BaseGeometry]:
    names = zip(frame["name_th"], frame["subdistrict_name_th"], strict=True)
    return dict(zip(names, frame.geometry, strict=True))
