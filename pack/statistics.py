"""
Published statistics, corrected, with the value as printed kept beside each correction.

The provincial industry action plan B.E. 2570 prints its tables with errors: rows under the wrong
district, digits misread, totals mis-added. Every correction carries its number in the register of
errors (1-27), and a test for each keeps the printed error from coming back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis import files
from pack.industry import write_factories, write_mineral_output, write_mining_licences
from pack.plant import write_coal_units
from pack.province import write_province_statistics
from pack.tables import PLAN, Cell, differing, number, plan_line, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CROPS = {
    "paddy_rai": "paddy_rai",
    "field_crops_rai": "field_crops_rai",
    "orchards_rai": "orchards_rai",
    "vegetables_rai": "vegetables_rai",
    "other_agriculture_rai": "other_agri_rai",
}
"""Columns of the table by the columns of the facts; together they make the agricultural area."""

# Printed cells that break both their row and their column: by district, then by column.
_PRINTED = {
    "5213": {"paddy_rai": 26_885},
    "5211": {"field_crops_rai": 8_227},
    "5204": {"other_agriculture_rai": 32},
}

# Vegetables of Mueang, Ko Kha, Mae Phrik and Hang Chat are what is left of the row's total, because
# the printed digits (10335, 15555, 5555, "11,18") cannot be right; Hang Chat's is the weakest. The
# rows of Ngao and Wang Nuea do not add up.
_CONFIDENCE = {"5201": "M", "5203": "M", "5209": "M", "5212": "L", "5205": "M", "5207": "M"}

# The printed 54 km to Mae Mo cannot be, over 19 km of straight line; 25 is an estimate until a road
# network gives the distance.
_ROAD_CONFIDENCE = {"5202": "L"}

_ROAD_NOTE = "road 25 km is an estimate (straight line 18.7 km)"
_NOTES = {
    "5201": "vegetables from the row's total",
    "5202": f"households printed under เถิน; {_ROAD_NOTE}",
    "5203": "vegetables from the row's total; households printed under แม่เมาะ",
    "5204": "households printed under สบปราบ",
    "5205": "crops are 10 rai short of the total; cannot be settled",
    "5206": "households printed under แม่พริก",
    "5207": "crops are 20 rai over the total; cannot be settled",
    "5208": "households printed under เกาะคา",
    "5209": "vegetables from the row's total; households printed under เมืองปาน",
    "5210": "households printed under เสริมงาม",
    "5211": "households printed under ห้างฉัตร",
    "5212": "vegetables from the row's total, weak; households printed under แจ้ห่ม",
    "5213": "households printed under แม่ทะ",
}


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write the tables of published statistics.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the bundled layers.

    Returns
    -------
    dict of str to dict
        What does not add up in the tables, by layer id and measure.
    """
    rows = [_district(row) for row in files.read_csv(sources / "facts" / "districts.csv")]
    write_rows(out / "district_statistics.csv", rows)
    write_province_statistics(sources, out)
    write_subdistrict_population(sources, out)
    write_mining_licences(sources, out)
    write_mineral_output(sources, out)
    write_factories(sources, out)
    write_coal_units(sources, out)
    gaps = [_whole(row["components_gap_rai"]) for row in rows]
    return {
        "district_statistics": {
            "rows_that_do_not_add_up": sum(gap != 0 for gap in gaps),
            "largest_row_gap_rai": max(abs(gap) for gap in gaps),
        }
    }


def write_subdistrict_population(sources: Path, out: Path) -> None:
    """Write `subdistrict_population.csv`: residents of the five subdistricts of Mae Mo in 2556."""
    rows: list[dict[str, Cell]] = [
        {
            "code": int(row["pcode"].removeprefix("TH")),
            "name_th": row["tambon_th"],
            "name_en": row["tambon_en"],
            "district_code": int(row["pcode"].removeprefix("TH")[:4]),
            "year_be": 2556,
            "population": number(row["population_2013"]),
            "villages": number(row["villages"]),
            "confidence": "M",
            "source": "German Wikipedia, Mae Mo",
        }
        for row in files.read_csv(sources / "facts" / "tambon_population_2013.csv")
    ]
    write_rows(out / "subdistrict_population.csv", rows)


def _district(row: Mapping[str, str]) -> dict[str, Cell]:
    code = row["dopa_code"]
    cells: dict[str, Cell] = {
        "code": int(code),
        "name_th": row["name_th"],
        "name_en": row["name_en"],
        "area_rai_published": number(row["area_rai"]),
    }
    for column, fact in CROPS.items():
        printed = number(row.get(f"{fact}_as_printed", "")) or _PRINTED.get(code, {}).get(column)
        cells[column] = number(row[fact])
        if column != "orchards_rai":  # no district's orchards were corrected
            cells[f"{column}_as_printed"] = differing(printed, number(row[fact]))
    total = _whole(number(row["agri_total_rai"]))
    cells["agriculture_rai"] = total
    cells["components_gap_rai"] = total - sum(_whole(cells[column]) for column in CROPS)
    cells |= _households(row)
    cells["road_km_to_capital"] = number(row["road_km_to_capital"])
    cells["road_km_to_capital_as_printed"] = differing(
        number(row["road_km_as_printed"]), number(row["road_km_to_capital"])
    )
    cells["road_confidence"] = _ROAD_CONFIDENCE.get(code, "M")
    cells["subdistricts"] = number(row["subdistricts"])
    cells["villages"] = number(row["villages"])
    cells["confidence"] = _CONFIDENCE.get(code, "H")
    cells["register_items"] = _register_items(code, cells)
    cells["source"] = f"{PLAN} L{plan_line(row['source_lines'])}"
    cells["notes"] = _NOTES[code]
    return cells


def _households(row: Mapping[str, str]) -> dict[str, Cell]:
    """Give the household table's row of the district, and the one printed under its name."""
    printed_as = {
        "households": "households_as_printed",
        "farm_households": "farm_households_as_printed",
        "agri_total_rai": "agri_rai_as_printed_in_household_table",
    }
    printed = {k: differing(number(row[v]), number(row[k])) for k, v in printed_as.items()}
    return {
        "households": number(row["households"]),
        "households_as_printed": printed["households"],
        "farm_households": number(row["farm_households"]),
        "farm_households_as_printed": printed["farm_households"],
        "agriculture_rai_as_printed_with_households": printed["agri_total_rai"],
    }


def _register_items(code: str, cells: Mapping[str, Cell]) -> str:
    """List the register's items that touch a district's row."""
    touched = {
        1: cells["households_as_printed"] is not None,
        2: cells["vegetables_rai_as_printed"] is not None,
        3: code in _PRINTED,
        4: cells["components_gap_rai"] != 0,
        11: cells["road_km_to_capital_as_printed"] is not None,
    }
    return " ".join(str(item) for item, yes in touched.items() if yes)


def _whole(cell: Cell) -> int:
    """Read a cell that holds a whole number."""
    assert isinstance(cell, int)
    return cell
