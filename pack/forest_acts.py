"""
Acts of the Royal Gazette on reserved forests and protected areas, by the subdistricts they name.

No line is in any of the sources: an act says which subdistricts hold some of a forest, not where.
Names of forests are read from the titles; their spelling in English is this project's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from pack.tables import Cell, number, write_rows

_BE = 543
_KINDS = {
    "เขตห้ามล่าสัตว์ป่า": "non_hunting_area",
    "เขตรักษาพันธุ์สัตว์ป่า": "wildlife_sanctuary",
    "สวนรุกขชาติ": "arboretum",
    "อุทยานแห่งชาติ": "national_park",
}
"""What a title makes of land, the words that may stand inside another's title last."""
_ACTIONS = {
    "create": "declared",
    "extend": "extended",
    "revoke": "revoked",
    "revoke part": "revoked_in_part",
}
_FOREST_OFFICE = ("กรมป่าไม้", "Royal Forest Department")
_PARK_OFFICE = (
    "กรมอุทยานแห่งชาติ สัตว์ป่า และพันธุ์พืช",
    "Department of National Parks, Wildlife and Plant Conservation",
)
_SPELT = {"แม่กั๊ว": "แม่กัวะ", "ล้อมแรต": "ล้อมแรด", "พระบาทวังตอง": "พระบาทวังตวง"}
"""Subdistricts that a title spells as nobody does today. Reading them as these is this project's
own; an act told of one subdistrict too many is asked about, one told of too few is missed."""
_NAMED = re.compile(
    r"(?:กำหนดให้|กำหนดบริเวณที่ดิน|กำหนดบริเวณพื้นที่|กำหนดพื้นที่|เพิกถอน(?:ป่าสงวนแห่งชาติ|อุทยานแห่งชาติ)?"
    r"|ขยายเขต(?:อุทยานแห่งชาติ|รักษาพันธุ์สัตว์ป่า))\s*(ป่า.+?)\s*(?:บางส่วน\s*)?(?:ใน)?(?:ท้องที่|จังหวัด)"
)
"""The land a title speaks of: between what is done with it and where it lies."""


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `forest_acts.csv`, a row an act and subdistrict it names.

    Parameters
    ----------
    sources : Path
        Folder with the register of acts and the list of protected areas.
    out : Path
        The layers folder, where the subdistricts are written already.

    Returns
    -------
    dict
        Numbers of rows, of acts, and of the subdistricts in which a reserved forest was declared.

    Raises
    ------
    LayerError
        With every act whose land or subdistrict is of no known name.
    """
    observed = sources / "reference" / "observed"
    acts = files.read_csv(observed / "lampang_forest_park_gazette_register.csv")
    listed = files.read_csv(observed / "lampang_protected_areas_gazetted_subdistricts.csv")
    names = {
        row["name_th"]: row["name_en"]
        for row in files.read_csv(Path(__file__).with_name("forest_names.csv"))
    }
    subdistricts = _subdistricts(out)
    rows, faults = [], []
    for line, act in enumerate(acts, start=2):
        land = forest_named(act["title_th"])
        strange = [code for code in _codes(act) if code not in subdistricts]
        if land not in names or strange:
            found = ", ".join(strange) or land or act["title_th"][:60]
            faults.append(
                Fault(
                    "cell_unknown",
                    str(observed),
                    line,
                    "title_th",
                    found=found,
                    expected=", ".join(names),
                    values={"column": "title_th"},
                )
            )
            continue
        told = _told(act, land, names[land], _area(act, listed))
        rows += [{**told, **where} for where in _where(act, subdistricts)]
    if faults:
        raise LayerError(faults)
    write_rows(out / "forest_acts.csv", [{name: row[name] for name in _COLUMNS} for row in rows])
    declared = {
        row["code"]
        for row in rows
        if row["kind"] == "reserved_forest" and row["action"] == "declared"
    }
    return {
        "forest_acts": {
            "rows": len(rows),
            "acts": len(acts),
            "subdistricts_with_reserved_forest": len(declared),
        }
    }


_COLUMNS = (
    "act",
    "kind",
    "action",
    "published_be",
    "volume",
    "issue",
    "page",
    "forest_th",
    "forest_en",
    "area_rai",
    "code",
    "subdistrict_name_th",
    "subdistrict_name_en",
    "subdistrict_from",
    "office_th",
    "office_en",
    "title_th",
)


def forest_named(title: str) -> str:
    """Give the land that the title of an act speaks of; empty where it is not understood."""
    found = _NAMED.search(title)
    return found[1].replace("ป่าสงวนแห่งชาติป่า", "ป่า") if found else ""


def kind_of(act: Mapping[str, str]) -> str:
    """Say what an act makes of the land, by the last words of its title that say so."""
    if act["kind"] == "NRF":
        return "reserved_forest"
    title = act["title_th"]
    return max(_KINDS.items(), key=lambda kind: title.rfind(kind[0]))[1]


def _told(act: Mapping[str, str], land: str, land_en: str, area: Cell) -> dict[str, Cell]:
    kind = kind_of(act)
    office = _FOREST_OFFICE if kind == "reserved_forest" else _PARK_OFFICE
    issue, page = re.search(r"\d+", act["issue"]), act["page"].partition("-")[0]
    assert issue is not None
    year, month_and_day = act["published"].split("-", 1)
    return {
        "act": f"{act['volume']}-{issue[0]}-{page}",
        "kind": kind,
        "action": _ACTIONS[act["action"]],
        "published_be": f"{int(year) + _BE}-{month_and_day}",
        **{name: act[name] for name in ("volume", "issue", "page", "title_th")},
        "forest_th": land,
        "forest_en": land_en,
        "area_rai": area,
        "office_th": office[0],
        "office_en": office[1],
    }


def _area(act: Mapping[str, str], listed: list[dict[str, str]]) -> Cell:
    """Give the area of the whole act: of the register, else as the list has it for its year."""
    if act["area_rai"]:
        return number(act["area_rai"])
    gazette = f"vol {act['volume']} issue {act['issue']} p {act['page']} {act['published']}"
    year = act["published"][:4]
    found = [
        row["area_rai"] for row in listed if row["gazette"] == gazette and row["area_year"] == year
    ]
    return number(found[0]) if found else None


def _codes(act: Mapping[str, str]) -> list[str]:
    return [code.removeprefix("TH") for code in act["subdistrict_pcodes"].split()]


def _where(
    act: Mapping[str, str], subdistricts: Mapping[str, tuple[str, str]]
) -> Iterator[dict[str, Cell]]:
    """Give the subdistricts an act names; one without a code where it names none."""
    codes = _codes(act)
    came = "register" if act["subdistricts_from"] == "register" else "title"
    if not codes:
        yield {
            "code": None,
            "subdistrict_name_th": None,
            "subdistrict_name_en": None,
            "subdistrict_from": None,
        }
    spelt = [now for then, now in _SPELT.items() if f"ตำบล{then}" in act["title_th"]]
    read = [code for code, names in subdistricts.items() if names[0] in spelt]
    for code in [*codes, *(code for code in read if code not in codes)]:
        name_th, name_en = subdistricts[code]
        yield {
            "code": int(code),
            "subdistrict_name_th": name_th,
            "subdistrict_name_en": name_en,
            "subdistrict_from": came if code in codes else "old_spelling",
        }


def _subdistricts(out: Path) -> dict[str, tuple[str, str]]:
    frame = files.read_vector(out / "subdistricts.geojson")
    names = zip(frame["code"], frame["name_th"], frame["name_en"], strict=True)
    return {str(code): (str(th), str(en)) for code, th, en in names}
