"""
Boxes by district and commodity, worked out from the tonnes that are published.

Tonnes of clay and crops are published for the province. How much of them travels in containers, how
heavy a box is and from which district it comes are assumptions of this project. Where not even the
tonnes are known (ceramics, the freight of Lamphun) the boxes are left empty: unknown, not none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from maemoh_gis import files
from pack.tables import Cell, write_rows

_YEAR_BE = 2568
_CROP_YEAR_BE = 2566


@dataclass(frozen=True)
class _Commodity:
    """How a commodity is put in boxes; all of it ASSUMPTION."""

    key: str
    name_th: str
    name_en: str
    box_class: str
    shares: tuple[float, float, float]
    """Share in containers, low, central, high."""
    t_per_teu: float
    basis_th: str
    basis_en: str


_CLAY = ((0.2, 0.4, 0.6), 18.0)
_CROP = ((0.05, 0.15, 0.25), 16.0)

_BALL_CLAY = _Commodity(
    "ball_clay", "บอลเคลย์", "ball clay", "heavy_20", *_CLAY,
    "ผลผลิตปีงบประมาณ 2568 รวมแถวที่ชื่อชำรุด สัดส่วนในตู้และที่ตั้ง (แอ่งแม่ทาน อ.แม่ทะ) เป็นข้อสมมติ",
    "Output of fiscal year 2568 with the row of damaged label; share in boxes and place (the "
    "Mae Than field, Mae Tha) are assumptions",
)  # fmt: skip
_KAOLIN = _Commodity(
    "kaolin", "ดินขาว", "kaolin", "heavy_20", *_CLAY,
    "ผลผลิตปีงบประมาณ 2568 สัดส่วนในตู้และที่ตั้ง (อ.แจ้ห่ม) เป็นข้อสมมติ",
    "Output of fiscal year 2568; share in boxes and place (Chae Hom) are assumptions",
)  # fmt: skip
_RICE = _Commodity(
    "rice", "ข้าว", "rice", "heavy_20", *_CROP,
    "ผลผลิตปีเพาะปลูก 2566/67 ของจังหวัด แบ่งตามพื้นที่นา สัดส่วนในตู้เป็นข้อสมมติ",
    "Harvest of 2566/67 of the province, split by paddy area; share in boxes is an assumption",
)  # fmt: skip
_FIELD_CROPS = _Commodity(
    "field_crops", "ข้าวโพดเลี้ยงสัตว์ มันสำปะหลัง สับปะรด", "maize, cassava, pineapple", "heavy_20",
    *_CROP,
    "ผลผลิตปีเพาะปลูก 2566/67 ของจังหวัด แบ่งตามพื้นที่พืชไร่ สัดส่วนในตู้เป็นข้อสมมติ",
    "Harvest of 2566/67 of the province, split by field crop area; share in boxes is an assumption",
)  # fmt: skip

_OUTPUT = {"ball_clay": _BALL_CLAY, "label_damaged_1": _BALL_CLAY, "kaolin_dressed": _KAOLIN,
           "kaolin_undressed": _KAOLIN}  # fmt: skip
_FIELDS = {_BALL_CLAY.key: "5210", _KAOLIN.key: "5206"}
"""District whose clay field stands for all: where licences lie is not published."""
_HARVEST = {
    "rice": ("wet_season_rice", "dry_season_rice"),
    "field_crops": ("maize", "cassava", "pineapple"),
}
_AREA = {"rice": "paddy_rai", "field_crops": "field_crops_rai"}

# Origin, commodity, class, direction, what is known: nothing but that it moves.
_UNKNOWN: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("5201", "ceramics", "box_40", "เซรามิก", "ceramics",
     "ไม่ทราบปริมาณ ลำปางเคยผลิตเซรามิกส่งออกร้อยละ 70–80 ของประเทศ ตู้ละราว 10 ตันต่อ TEU",
     "Tonnes unknown; Lampang once made 70-80 % of Thai ceramics exports, about 10 t per TEU"),
    ("5203", "ceramics", "light_20", "เซรามิก", "ceramics",
     "ไม่ทราบปริมาณ โรงงานเซรามิกอยู่ในอำเภอเมืองลำปางและเกาะคาเป็นหลัก",
     "Tonnes unknown; most ceramics factories lie in Mueang Lampang and Ko Kha"),
    ("lamphun", "lamphun_estate", "box_40", "สินค้าของลำพูน", "freight of Lamphun",
     "ไม่ทราบปริมาณ สินค้าของลำพูนที่ลงใต้ทางรถไฟผ่านแม่เมาะ",
     "Tonnes unknown; what goes south from Lamphun by rail passes Mae Mo"),
)  # fmt: skip

_PELLETS_T = 200_000
"""Wood pellets a year for co-firing 15 %, the plant's goal."""
_PELLETS_SHARE, _PELLETS_T_PER_TEU = 0.2, 14.0


def build(_sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write `freight_demand.csv` from the tables of statistics that are already written.

    Parameters
    ----------
    _sources : Path
        Not read: everything stands in the tables.
    out : Path
        The layers folder, with `mineral_output.csv`, `province_statistics.csv` and
        `district_statistics.csv`.

    Returns
    -------
    dict
        Counts by layer id.
    """
    rows = demand_rows(
        files.read_csv(out / "mineral_output.csv"),
        files.read_csv(out / "province_statistics.csv"),
        files.read_csv(out / "district_statistics.csv"),
    )
    write_rows(out / "freight_demand.csv", rows)
    unknown = sum(row["teu_central"] is None for row in rows)
    return {"freight_demand": {"rows": len(rows), "rows_of_unknown_size": unknown}}


def demand_rows(
    minerals: list[dict[str, str]],
    province: list[dict[str, str]],
    districts: list[dict[str, str]],
) -> list[dict[str, Cell]]:
    """
    Put published tonnes in boxes.

    Parameters
    ----------
    minerals, province, districts : list of dict
        Rows of the tables of mineral output, province and districts.

    Returns
    -------
    list of dict
        Clay, crops by district, wood pellets, and what is unknown.
    """
    names = {row["code"]: (row["name_th"], row["name_en"]) for row in districts}
    names["lamphun"] = ("ลำพูน", "Lamphun")
    rows = [
        *_clay(minerals, names),
        *_crops(province, districts, names),
        _pellets(names),
    ]
    for origin, key, box, name_th, name_en, basis_th, basis_en in _UNKNOWN:
        about = _Commodity(key, name_th, name_en, box, (0, 0, 0), 10.0, basis_th, basis_en)
        rows.append(_row(origin, names[origin], about, None, year_be=_YEAR_BE))
    return rows


def _clay(
    minerals: list[dict[str, str]], names: Mapping[str, tuple[str, str]]
) -> Iterator[dict[str, Cell]]:
    for clay in (_BALL_CLAY, _KAOLIN):
        tonnes = sum(
            float(row["output_tonnes"])
            for row in minerals
            if _OUTPUT.get(row["mineral"]) is clay and row["fiscal_year_be"] == str(_YEAR_BE)
        )
        origin = _FIELDS[clay.key]
        yield _row(origin, names[origin], clay, tonnes, year_be=_YEAR_BE)


def _crops(
    province: list[dict[str, str]],
    districts: list[dict[str, str]],
    names: Mapping[str, tuple[str, str]],
) -> Iterator[dict[str, Cell]]:
    harvest = {row["item"]: float(row["value"]) for row in province if row["topic"] == "crops"}
    for crop in (_RICE, _FIELD_CROPS):
        tonnes = sum(harvest[item] for item in _HARVEST[crop.key])
        rai = {row["code"]: float(row[_AREA[crop.key]]) for row in districts}
        whole = sum(rai.values())
        for code, area in rai.items():
            yield _row(code, names[code], crop, tonnes * area / whole, year_be=_CROP_YEAR_BE)


def _pellets(names: Mapping[str, tuple[str, str]]) -> dict[str, Cell]:
    """Count pellets as none but in the high case: the plant only tries them out today."""
    about = _Commodity(
        "wood_pellets", "ชีวมวลอัดเม็ด", "wood pellets", "heavy_20",
        (0.0, 0.0, _PELLETS_SHARE), _PELLETS_T_PER_TEU,
        "เป้าหมายเผาร่วมร้อยละ 15 ต้องใช้ 200,000 ตันต่อปี ปัจจุบันเป็นการทดลอง นับเฉพาะกรณีสูง",
        "The goal of co-firing 15 % needs 200,000 t a year; a trial today, counted in the high "
        "case only",
    )  # fmt: skip
    row = _row("5202", names["5202"], about, _PELLETS_T, year_be=_YEAR_BE)
    return row | {"direction": "in"}


def _row(
    origin: str, name: tuple[str, str], about: _Commodity, tonnes: float | None, *, year_be: int
) -> dict[str, Cell]:
    low, central, high = (
        None if tonnes is None else round(tonnes * share / about.t_per_teu, 1)
        for share in about.shares
    )
    return {
        "origin": origin,
        "origin_th": name[0],
        "origin_en": name[1],
        "commodity": about.key,
        "commodity_th": about.name_th,
        "commodity_en": about.name_en,
        "box_class": about.box_class,
        "direction": "out",
        "tonnes": None if tonnes is None else round(tonnes, 1),
        "t_per_teu": about.t_per_teu,
        "teu_low": low,
        "teu_central": central,
        "teu_high": high,
        "year_be": year_be,
        "confidence": "ASSUMPTION",
        "basis_th": about.basis_th,
        "basis_en": about.basis_en,
    }
