"""
Where freight goes and what it costs: gateways, rival railheads, long distances and tariffs.

Distances and tariffs come as low, central and high. Most rates are this project's own assumptions,
since neither the railway's container tariff nor a hauler's price list is public; each says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maemoh_gis import files
from pack.known_points import points_from
from pack.tables import PLAN, number, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from pack.tables import Cell

# Longitude and latitude of places that no fact table holds: public facts, good to about 2 km.
_CHIANG_KHONG = {"lon": "100.41", "lat": "20.26"}
_PAK_NAM_PHO = {"lon": "100.12", "lat": "15.70"}

NEW_LINE_OPENS_BE = 2571
"""Planned opening of the Den Chai - Chiang Khong line (January 2571, as reported in 2569)."""

# Rows that only comment on others: a study nobody has read, figures remembered or of doubtful unit,
# comparisons from elsewhere, and check values that follow from the other rows.
_COMMENTARY = re.compile(
    r"^(check_|rail_reported_trial|rail_vs_|truck_articulated_cng_|"
    r"truck_10_wheel_16t_full|truck_18_wheel_32t_full)"
)

# No published figure: 295 km as the crow flies, longer as the road to Bangkok is (602 against 514).
_TO_PAK_NAM_PHO: Mapping[str, Cell] = {
    "from_place": "Lampang city",
    "to_place": "Pak Nam Pho station",
    "mode": "road",
    "route": "Highway 1",
    "km_low": 330,
    "km_central": 345,
    "km_high": 370,
    "open_year_be": None,
    "confidence": "L",
    "source": "assumption of this project",
}

_UNIT_ENDS = re.compile(r"[,;(]| where | behind | over 4 km| over 11\.6 km")

# Where a rate comes from, by what its long note says; the first that fits.
_SHORT_SOURCES: tuple[tuple[str, str], ...] = (
    (r"1\.56 THB/t-km x", "derived from the Thai standard price table for hauling; assumption"),
    (
        r"^ASSUMPTION, between 250|rail operator's published charge",
        "assumption, between published port charges",
    ),
    (r"^ASSUMPTION|derived ASSUMPTION", "assumption of this project"),
    (
        r"anyflip",
        "Thai standard price table for hauling construction material (online.anyflip.com/shxtl)",
    ),
    (r"policy (paper|figure)", "figure of Thai transport policy papers; primary source not read"),
    (r"srt-looks-at-logistics|line above with an ASSUMED", "derived from logistics.asia, 2565"),
    (r"tptport\.com", "published tariff of a container port (tptport.com)"),
    (r"srirachaport\.com", "Sriracha Harbour tariff (srirachaport.com)"),
    (r"rnp\.port\.co\.th", "Ranong port fee, Port Authority of Thailand"),
    (r"truck line above", "derived from the truck factor per tonne-km"),
    (r"line above x 18 t", "derived from the rail factor per tonne-km"),
    (r"8df5b513|84c850ff", "GLEC default factors (climatiq.io)"),
    (r"European default", "European default for freight trains, not read again"),
    (r"fuel chemistry", "fuel chemistry; Thai mobile-combustion factor"),
    (r"2959856", "Bangkok Post, Feb 2568: 465,329 TEU in 8,622 trains"),
    (r"3082562|2,460 M THB|^derived from the line above$", "Bangkok Post, Aug 2568"),
    (r"railwaygazette", "Railway Gazette, 2565"),
    (r"heights along the line|^same heights", "smoothed public heights along the line"),
    (r"Lat Krabang ICD|1\.67 M TEU|24 trains", "Lat Krabang depot (porteconomicsmanagement.org)"),
    (r"Khon Kaen", "Khon Kaen dry port plan, 2560; range assumed"),
    (r"40025461", "The Nation, Mar 2566"),
    (r"61 M m3", "derived from the plant's published water use"),
    (r"Kaeng Khoi estate", "Kaeng Khoi estate impact study, 2534; range assumed"),
    (r"490-500 rai", "published plan of 50 MW on 490-500 rai"),
    (r"general knowledge", "general knowledge"),
    (r"segments? below|33\.2|km post|less contract", "derived from kilometre posts and segments"),
    (r"provincial plan", PLAN),
    (r"75\.2 km|108\.35|104 \+ 664", "derived from kilometre posts and the length of the new line"),
    (r"Bangkok Post 853784", "derived from Bangkok Post and kilometre posts"),
    (r"km 125\.10|km 85\.60|km 130\.6|89\.95", "kilometre posts, not read again"),
    (r"th\.wikipedia", "Thai Wikipedia"),
    (r"porteconomics", "Lat Krabang depot (porteconomicsmanagement.org)"),
    (r"34\.2 km", "derived from kilometre posts and segments"),
)


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write gateways, railheads, line-haul distances and tariffs.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        The layers folder.

    Returns
    -------
    dict
        Counts by layer id: nothing here can be measured against a survey.
    """
    facts = sources / "facts"
    gateways = place_gateways(files.read_csv(facts / "freight_transport_points.csv"))
    files.write_geojson(out / "gateways.geojson", gateways)
    railheads = place_railheads(
        files.read_csv(facts / "stations.csv"), files.read_csv(facts / "district_seats.csv")
    )
    files.write_geojson(out / "railheads.geojson", railheads)
    distances = linehaul_rows(files.read_csv(facts / "linehaul_distances.csv"))
    write_rows(out / "linehaul_distances.csv", distances)
    tariffs = tariff_rows(files.read_csv(facts / "tariffs_and_factors.csv"))
    write_rows(out / "tariffs.csv", tariffs)
    return {
        "gateways": {"points": len(gateways)},
        "railheads": {"points": len(railheads)},
        "linehaul_distances": {"rows": len(distances)},
        "tariffs": {
            "rows": len(tariffs),
            "assumptions": sum(row["confidence"] == "ASSUMPTION" for row in tariffs),
        },
    }


def place_gateways(points: Sequence[Mapping[str, str]]) -> gpd.GeoDataFrame:
    """
    Place the two ends of rail freight in the south and the border in the north.

    Parameters
    ----------
    points : sequence of mapping
        `freight_transport_points.csv`.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326.
    """
    source = "public list of places"
    port = _named(points, "kind", "seaport")
    depot = _named(points, "kind", "inland container depot")
    rows: list[tuple[Mapping[str, str], dict[str, object]]] = [
        (
            port,
            _place("laem_chabang", "ท่าเรือแหลมฉบัง", "Laem Chabang port", "port", None, "L", source),
        ),
        (
            depot,
            _place("lat_krabang", "ไอซีดีลาดกระบัง", "Lat Krabang ICD", "depot", None, "L", source),
        ),
        (
            _CHIANG_KHONG,
            _place(
                "chiang_khong",
                "ด่านพรมแดนเชียงของ",
                "Chiang Khong",
                "border",
                NEW_LINE_OPENS_BE,
                "L",
                "public fact; MGR Online, Feb 2569 (opening)",
            ),
        ),
    ]
    frame = points_from([place for place, _ in rows], [about for _, about in rows])
    # The border is open to lorries today: the year is that of its railway.
    return frame.rename(columns={"open_year_be": "rail_open_year_be"})


def place_railheads(
    stations: Sequence[Mapping[str, str]], seats: Sequence[Mapping[str, str]]
) -> gpd.GeoDataFrame:
    """
    Place the stations that could load Mae Mo's freight instead of a yard of its own.

    Parameters
    ----------
    stations : sequence of mapping
        `stations.csv`.
    seats : sequence of mapping
        `district_seats.csv`; Ngao's station on the new line is not yet on a map, so it is put
        in the town.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326.
    """
    osm = "OpenStreetMap"
    rows: list[tuple[Mapping[str, str], dict[str, object]]] = [
        (
            _named(stations, "name_en", "Den Chai"),
            _place("den_chai", "สถานีเด่นชัย", "Den Chai station", "junction", None, "H", osm),
        ),
        (
            _named(seats, "name_en", "Ngao"),
            _place(
                "ngao",
                "สถานีงาว (สายใหม่)",
                "Ngao station (new line)",
                "new_line_station",
                NEW_LINE_OPENS_BE,
                "L",
                "placed in Ngao town; MGR Online, Feb 2569 (opening)",
            ),
        ),
        (
            _named(stations, "name_en", "Lamphun"),
            _place("lamphun", "สถานีลำพูน", "Lamphun station", "estate_station", None, "H", osm),
        ),
        (
            _named(stations, "name_en", "Nakhon Lampang"),
            _place(
                "nakhon_lampang",
                "สถานีนครลำปาง",
                "Nakhon Lampang station",
                "city_station",
                None,
                "H",
                osm,
            ),
        ),
        (
            _PAK_NAM_PHO,
            _place(
                "nakhon_sawan",
                "สถานีปากน้ำโพ (นครสวรรค์)",
                "Pak Nam Pho station (Nakhon Sawan)",
                "southern_yard",
                None,
                "L",
                "public fact",
            ),
        ),
    ]
    return points_from([place for place, _ in rows], [about for _, about in rows])


def linehaul_rows(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Cell]]:
    """
    Keep the distances freight needs, with short sources.

    Parameters
    ----------
    rows : sequence of mapping
        `linehaul_distances.csv`.

    Returns
    -------
    list of dict
        The rows but the one beyond the border, which no railway reaches, and the road to the rival
        railhead in the south.
    """
    kept = [
        {
            "from_place": row["from"],
            "to_place": row["to"],
            "mode": row["mode"].replace(" ", "_"),
            "route": before["route"] if row["route"] == "same" else row["route"],
            "km_low": number(row["km_low"]),
            "km_central": number(row["km_central"]),
            "km_high": number(row["km_high"]),
            "open_year_be": number(row["open_year_be"]),
            "confidence": row["confidence"],
            "source": short_source(row["source"]),
        }
        for before, row in zip([rows[0], *rows], rows, strict=False)
        if "Boten" not in row["to"]
    ]
    return [*kept, dict(_TO_PAK_NAM_PHO)]


def tariff_rows(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Cell]]:
    """
    Keep the rates and factors freight needs, with the unit apart from what the rate covers.

    Parameters
    ----------
    rows : sequence of mapping
        `tariffs_and_factors.csv`.

    Returns
    -------
    list of dict
        Item names as in the source.
    """
    return [
        {
            "item": row["item"],
            "unit": _UNIT_ENDS.split(row["unit"], maxsplit=1)[0].strip(),
            "covers": _covers(row["unit"]),
            "low": number(row["low"]),
            "central": number(row["central"]),
            "high": number(row["high"]),
            "year_be": number(row["year_be"]),
            "confidence": row["confidence"],
            "source": short_source(row["source"]),
        }
        for row in rows
        if not _COMMENTARY.match(row["item"])
    ]


def short_source(written: str) -> str:
    """
    Shorten the note on where a figure comes from.

    Parameters
    ----------
    written : str
        The long note.

    Returns
    -------
    str
        The first short form that fits; the note itself if none does.

    Examples
    --------
    >>> short_source("ASSUMPTION (no public Lampang rate found)")
    'assumption of this project'
    """
    for pattern, short in _SHORT_SOURCES:
        if re.search(pattern, written):
            return short
    return written


def _covers(unit: str) -> str | None:
    """Give what stands in a unit behind the unit itself."""
    found = _UNIT_ENDS.search(unit)
    if found is None:
        return None
    return unit[found.start() :].strip(" ,;()") or None


def _named(rows: Sequence[Mapping[str, str]], key: str, value: str) -> Mapping[str, str]:
    return next(row for row in rows if row[key] == value)


def _place(
    key: str,
    name_th: str,
    name_en: str,
    role: str,
    open_year_be: int | None,
    confidence: str,
    source: str,
) -> dict[str, object]:
    return {
        "key": key,
        "name_th": name_th,
        "name_en": name_en,
        "role": role,
        "open_year_be": open_year_be,
        "confidence": confidence,
        "source": source,
    }
