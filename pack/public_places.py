"""
Schools, temples, hospitals, markets, police and government offices of known place.

Two lists are put together: what mappers drew, and a list of local government offices. Mappers often
draw a place as a point and as an outline; those of one kind and name within 150 m are one place.
Both lists have gaps, so that none is near proves nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from maemoh_gis import files
from maemoh_gis.core.crs import transformer_between
from pack.known_points import subdistrict_names
from pack.land_cover import CELL_M, CODES
from pack.place_names import is_latin, name_key
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SAME_PLACE_M = 150.0
"""Within this, places of one kind and name are one."""
SAME_SPOT_M = 50.0
"""Within this, places of one kind that mappers drew are one however their names are spelt."""

# The map's classes, and what a name says where it says more than the class.
_KIND_OF_CLASS = {
    ("place_of_worship", "place_of_worship"): "place_of_worship",
    ("school", "school"): "school",
    ("school", "kindergarten"): "school",
    ("college", "college"): "college",
    ("college", "university"): "college",
    ("hospital", "hospital"): "hospital",
    ("hospital", "clinic"): "health_centre",
    ("police", "police"): "police",
    ("grocery", "marketplace"): "market",
    ("shop", "market"): "market",
    ("town_hall", "townhall"): "government_office",
    ("town_hall", "courthouse"): "government_office",
    ("town_hall", "public_building"): "government_office",
}
_KIND_OF_NAME = (
    (r"^(วัด|สำนักสงฆ์|ที่พักสงฆ์|พระธาตุ|Wat\b)", "place_of_worship", "temple"),
    (r"^(ศาลเจ้า|ศาลหลักเมือง)", "place_of_worship", "shrine"),
    (r"^(โบสถ์|คริสตจักร)", "place_of_worship", "church"),
    (r"^(มหาวิทยาลัย|วิทยาลัย)", "school", "college"),
    (r"^(อนามัย|สถานีอนามัย|โรงพยาบาลส่งเสริมสุขภาพ)", "hospital", "health_centre"),
)
_NOT_OF_ITS_CLASS = re.compile(r"^(สนามกีฬา|ศูนย์อาหาร|Lampang City|.*ชมรม|ศูนย์)")
_CHILD_CENTRE = re.compile(r"^(ศูนย์|ศุนย์)พัฒนาเด็กเล็ก")

_OFFICE_NAMES = {
    ("ProvinceHall", "Changwat"): ("province", "ศาลากลางจังหวัด{}", "{} provincial hall"),
    ("PAOOffice", "Changwat"): (
        "provincial_organization",
        "องค์การบริหารส่วนจังหวัด{}",
        "{} Provincial Administrative Organization",
    ),
    ("DistrictOffice", "Amphoe"): ("district", "ที่ว่าการอำเภอ{}", "{} district office"),
    ("TAOOffice", "Tambon"): (
        "subdistrict_organization",
        "องค์การบริหารส่วนตำบล{}",
        "{} Subdistrict Administrative Organization",
    ),
    ("MunicipalityOffice", "ThesabanNakhon"): (
        "municipality", "สำนักงานเทศบาลนคร{}", "{} city municipality",
    ),
    ("MunicipalityOffice", "ThesabanMueang"): (
        "municipality", "สำนักงานเทศบาลเมือง{}", "{} town municipality",
    ),
}  # fmt: skip
_SUBDISTRICT_MUNICIPALITY = (
    "municipality",
    "สำนักงานเทศบาลตำบล{}",
    "{} subdistrict municipality",
)


@dataclass(frozen=True)
class Place:
    """A place as one of the lists has it."""

    kind: str
    name_th: str
    name_en: str
    office: str
    subdistrict: str
    """Code of the subdistrict it lies in."""
    confidence: str
    at: shapely.Point
    """EPSG:32647."""

    @property
    def keys(self) -> frozenset[str]:
        """What of its names tells it from others; empty where it has none."""
        return frozenset(name_key(name) for name in (self.name_th, self.name_en) if name)


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `public_places.geojson`.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the layers; names of subdistricts and facilities are read from it.

    Returns
    -------
    dict of str to dict
        Places by kind, how many were merged, and how far those of another list lie.
    """
    observed = sources / "reference" / "observed"
    mapped = list(mapped_places(files.read_csv(observed / "osm2021_poi.csv")))
    offices = list(
        listed_offices(files.read_csv(observed / "lampang_local_government_offices.csv"))
    )
    places = merged([*offices, *mapped])
    frame = _frame(places, subdistrict_names(out))
    files.write_geojson(out / "public_places.geojson", frame, decimals=4)
    return {
        "public_places": {
            **_by_kind(places),
            "without_name": sum(not place.keys for place in places),
            "merged": len(offices) + len(mapped) - len(places),
            **_covered(places, out),
        }
    }


def mapped_places(rows: Iterable[Mapping[str, str]]) -> Iterable[Place]:
    """
    Give the places of the map that are of a kind kept here and lie in the province.

    Parameters
    ----------
    rows : iterable of mapping
        `class`, `subclass`, `name`, `subdistrict_pcode`, `lon` and `lat`.

    Yields
    ------
    Place
        A place; what its name says goes before the class it was given.
    """
    for row in rows:
        kind = _KIND_OF_CLASS.get((row["class"], row["subclass"]))
        name = row["name"].strip()
        if kind is None or not row["subdistrict_pcode"] or _is_none(kind, name):
            continue
        for pattern, of, told in _KIND_OF_NAME:
            if kind == of and re.match(pattern, name):
                kind = told
        thai, english = ("", name) if is_latin(name) else (name, "")
        yield Place(
            kind, thai, english, "", row["subdistrict_pcode"].removeprefix("TH"),
            "M" if name else "L", _point(row),
        )  # fmt: skip


def listed_offices(rows: Iterable[Mapping[str, str]]) -> Iterable[Place]:
    """
    Give the offices of the list that lie in the province.

    Parameters
    ----------
    rows : iterable of mapping
        `office_type`, `unit_type`, `name_th`, `name_en`, `geocode`, `in_subdistrict_pcode`, `lon`
        and `lat`.

    Yields
    ------
    Place
        An office; of low confidence where it stands outside the district it serves.
    """
    for row in rows:
        within = row["in_subdistrict_pcode"].removeprefix("TH")
        if not within:
            continue
        office, thai, english = _OFFICE_NAMES.get(
            (row["office_type"], row["unit_type"]), _SUBDISTRICT_MUNICIPALITY
        )
        yield Place(
            "government_office", thai.format(row["name_th"]), english.format(row["name_en"]),
            office, within, "L" if _astray(row["geocode"], within) else "M", _point(row),
        )  # fmt: skip


def merged(places: Sequence[Place]) -> list[Place]:
    """
    Make one of places of one kind that lie within `SAME_PLACE_M` and share a name.

    Parameters
    ----------
    places : sequence of Place
        Earlier ones stand; a place without a name is one with any of its kind so near, and places
        that mappers drew within `SAME_SPOT_M` are one whatever they are called.

    Returns
    -------
    list of Place
        By kind, then subdistrict, then from west to east.
    """
    kept: list[Place] = []
    for place in sorted(places, key=lambda one: not one.keys):
        near = next((i for i, one in enumerate(kept) if _same(one, place)), None)
        if near is None:
            kept.append(place)
        else:
            kept[near] = replace(
                kept[near],
                name_th=kept[near].name_th or place.name_th,
                name_en=kept[near].name_en or place.name_en,
            )
    return sorted(kept, key=lambda one: (one.kind, one.subdistrict, one.at.x, one.at.y))


def _same(one: Place, other: Place) -> bool:
    apart = one.at.distance(other.at)
    if one.kind != other.kind or apart > SAME_PLACE_M:
        return False
    drawn = not one.office and not other.office
    return not other.keys or bool(one.keys & other.keys) or (drawn and apart <= SAME_SPOT_M)


def _is_none(kind: str, name: str) -> bool:
    """Say whether a name tells that a place is not of the kind its class says."""
    return bool(_NOT_OF_ITS_CLASS.match(name)) and not (
        kind == "school" and _CHILD_CENTRE.match(name)
    )


def _astray(served: str, within: str) -> bool:
    """Say whether an office stands outside the subdistrict or district whose code it bears."""
    if len(served) == len(within):
        return served != within
    # Codes from 5275 on are those of municipalities, 52 that of the province.
    return served.startswith(("520", "521")) and not within.startswith(served)


def _point(row: Mapping[str, str]) -> shapely.Point:
    x, y = transformer_between("EPSG:4326", METRES).transform(float(row["lon"]), float(row["lat"]))
    return shapely.Point(x, y)


def _frame(places: Sequence[Place], areas: Mapping[str, Mapping[str, str]]) -> gpd.GeoDataFrame:
    rows = [
        {
            "kind": place.kind,
            "name": place.name_th or place.name_en or None,
            "office": place.office or None,
            "subdistrict_code": int(place.subdistrict),
            "subdistrict_name_th": areas[place.subdistrict]["name_th"],
            "district_name_th": areas[place.subdistrict]["district_name_th"],
            "confidence": place.confidence,
        }
        for place in places
    ]
    return gpd.GeoDataFrame(rows, geometry=[place.at for place in places], crs=METRES)


def _by_kind(places: Sequence[Place]) -> dict[str, int]:
    counts = Counter(place.kind for place in places)
    return {"places": len(places), **{kind: counts[kind] for kind in sorted(counts)}}


def _covered(places: Sequence[Place], out: Path) -> dict[str, int]:
    """Say what the satellite shows where the places are."""
    with files.open_raster(out / "land_cover.tif") as source:
        cover = source.read(1)
        west, north = source.bounds.left, source.bounds.top
    cols = [int((place.at.x - west) // CELL_M) for place in places]
    rows = [int((north - place.at.y) // CELL_M) for place in places]
    found = cover[rows, cols]
    return {
        f"on_{name}_percent": round(100 * float((found == CODES[name]).mean()))
        for name in ("built_up", "open_land", "tree_cover")
    }
