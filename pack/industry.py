"""Mining licences, mineral output and factories of Lampang."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis import files
from pack.tables import PLAN, Cell, number, plan_line, write_rows

if TYPE_CHECKING:
    from pathlib import Path

# By line of the plan's text: id, Thai, English. Keyed by line because several labels are damaged.
LICENCE_KINDS = {
    864: ("coal", "ถ่านหิน", "coal (lignite)"),
    865: ("limestone_cement", "หินปูนเพื่ออุตสาหกรรมซีเมนต์", "limestone for cement"),
    866: ("shale_cement", "หินดินดานเพื่ออุตสาหกรรมซีเมนต์", "shale for cement"),
    867: ("clay_cement", "ดินอุตสาหกรรมชนิดดินซีเมนต์", "cement clay"),
    868: ("kaolin", "ดินขาว", "kaolin"),
    869: (
        "kaolin_and_clay_cement",
        "ดินขาวและดินอุตสาหกรรมชนิดดินซีเมนต์",
        "kaolin and cement clay",
    ),
    870: ("limestone_construction", "หินปูนเพื่ออุตสาหกรรมก่อสร้าง", "limestone for construction"),
    871: (
        "shale_and_limestone_cement",
        "หินดินดานและหินปูนเพื่ออุตสาหกรรมซีเมนต์",
        "shale and limestone for cement",
    ),
    872: ("ball_clay_and_coal", "บอลเคลย์และถ่านหิน", "ball clay and coal"),
    873: ("limestone_chemical", "หินปูนเพื่ออุตสาหกรรมเคมี", "limestone for chemicals"),
    874: ("antimony", "พลวง", "antimony"),
    875: ("diatomite", "ดินเบา", "diatomite"),
    876: ("marble", "หินอ่อน", "marble"),
}

# The table's years are plan years; its footnotes date the counts. The last footnote says 2568-04-30
# where the text says 2569-04-30, so both are kept.
LICENCE_DATES = {
    2565: ("2564-01-31", "2564-01-31"),
    2566: ("2565-01-31", "2565-01-31"),
    2567: ("2566-03-31", "2566-03-31"),
    2568: ("2567-01-31", "2567-01-31"),
    2569: ("2569-04-30", "2568-04-30"),
}

OUTPUT_KINDS = {
    901: ("kaolin_dressed", "ดินขาวแต่งแล้ว เกรดเซรามิก", "kaolin, dressed, ceramic grade"),
    902: ("ball_clay", "บอลเคลย์", "ball clay"),
    903: ("coal", "ถ่านหิน", "coal (lignite)"),
    904: ("kaolin_undressed", "ดินขาวที่ยังไม่ได้แต่ง เกรดเซรามิก", "kaolin, undressed, ceramic grade"),
    905: ("limestone_chemical", "หินปูนเพื่ออุตสาหกรรมเคมี", "limestone for chemicals"),
    906: ("limestone_cement", "หินปูนเพื่ออุตสาหกรรมซีเมนต์", "limestone for cement"),
    907: ("limestone_construction", "หินปูนเพื่ออุตสาหกรรมก่อสร้าง", "limestone for construction"),
    908: ("shale_cement", "หินดินดานเพื่ออุตสาหกรรมซีเมนต์", "shale for cement"),
    909: ("clay_cement", "ดินอุตสาหกรรมชนิดดินซีเมนต์", "cement clay"),
    910: ("label_damaged_1", "ไม่ทราบชนิดแร่ (ชื่อในตารางชำรุด แถวที่ 1)", "label damaged, row 1"),
    915: ("label_damaged_2", "ไม่ทราบชนิดแร่ (ชื่อในตารางชำรุด แถวที่ 2)", "label damaged, row 2"),
}
_OUTPUT_NOTES = {
    "label_damaged_1": "counts in the total; perhaps ball clay for export",
    "label_damaged_2": "counts in the total; the printed name is wrong, no such licence exists",
}

_PERIODS = {"t_2565": 2565, "t_2566": 2566, "t_2567": 2567, "t_2568": 2568, "t_2569_to_30apr": 2569}
_PART_YEAR = {2569: 7}

FACTORY_GROUPS = {
    932: ("crop_products", "ผลิตภัณฑ์จากพืช", "crop products"),
    933: ("food", "อุตสาหกรรมอาหาร", "food"),
    934: ("beverages", "อุตสาหกรรมเครื่องดื่ม", "beverages"),
    935: ("apparel", "อุตสาหกรรมเครื่องแต่งกาย ยกเว้นรองเท้า", "apparel, without footwear"),
    936: ("leather", "ผลิตหนังสัตว์และผลิตภัณฑ์จากหนังสัตว์", "leather and leather products"),
    937: ("wood", "แปรรูปไม้และผลิตภัณฑ์จากไม้", "wood and wood products"),
    938: (
        "furniture",
        "เครื่องเรือนหรือเครื่องตกแต่งในอาคารจากไม้ แก้ว ยาง หรือโลหะอื่น ๆ",
        "furniture and fittings",
    ),
    939: ("paper", "ผลิตกระดาษและผลิตภัณฑ์กระดาษ", "paper and paper products"),
    940: ("chemicals", "เคมีภัณฑ์และผลิตภัณฑ์เคมี", "chemicals"),
    941: ("petroleum", "ผลิตภัณฑ์จากปิโตรเลียม", "petroleum products"),
    942: ("rubber", "ยางและผลิตภัณฑ์ยาง", "rubber and rubber products"),
    943: ("plastics", "ผลิตภัณฑ์พลาสติก", "plastic products"),
    944: ("non_metal", "ผลิตภัณฑ์อโลหะ", "non-metallic products (cement, ceramics, concrete)"),
    945: ("metal_products", "ผลิตภัณฑ์โลหะ", "metal products"),
    948: ("machinery", "ผลิตเครื่องจักรและเครื่องกล", "machinery"),
    949: ("electrical", "ผลิตเครื่องใช้ไฟฟ้าและอุปกรณ์", "electrical equipment"),
    950: (
        "vehicles",
        "ยานพาหนะและอุปกรณ์ รวมทั้งการซ่อมยานพาหนะและอุปกรณ์",
        "vehicles, with repair",
    ),
    951: ("other_energy", "การผลิตอื่น ๆ (พลังงาน)", "other: energy (coal power, solar)"),
}


def write_mining_licences(sources: Path, out: Path) -> None:
    """Write `mining_licences.csv`: licences by mineral and plan year, without totals."""
    rows: list[dict[str, Cell]] = []
    for row in files.read_csv(sources / "facts" / "concessions.csv"):
        line = plan_line(row["source"])
        if line not in LICENCE_KINDS:  # the row of totals
            continue
        mineral, name_th, name_en = LICENCE_KINDS[line]
        for year_be, (as_of, footnote) in LICENCE_DATES.items():
            rows.append(
                {
                    "mineral": mineral,
                    "name_th": name_th,
                    "name_en": name_en,
                    "year_be": year_be,
                    "as_of_date": as_of,
                    "as_of_date_as_printed": None if as_of == footnote else footnote,
                    "licences": number(row[f"y{year_be}"]),
                    "confidence": "M" if as_of != footnote else "H",
                    "source": f"{PLAN} L{line}",
                }
            )
    write_rows(out / "mining_licences.csv", rows)


def write_mineral_output(sources: Path, out: Path) -> None:
    """Write `mineral_output.csv`: tonnes by mineral and fiscal year, without totals."""
    rows: list[dict[str, Cell]] = []
    for row in files.read_csv(sources / "facts" / "mineral_production.csv"):
        if not row["source"].rpartition(".txt:L")[2].isdigit():  # the computed total
            continue
        line = plan_line(row["source"])
        if line not in OUTPUT_KINDS:  # the printed total
            continue
        mineral, name_th, name_en = OUTPUT_KINDS[line]
        for column, year_be in _PERIODS.items():
            provisional = year_be in _PART_YEAR
            rows.append(
                {
                    "mineral": mineral,
                    "name_th": name_th,
                    "name_en": name_en,
                    "fiscal_year_be": year_be,
                    "months": _PART_YEAR.get(year_be, 12),
                    "output_tonnes": number(row[column]),
                    "confidence": "M" if provisional or mineral in _OUTPUT_NOTES else "H",
                    "source": f"{PLAN} L{line}",
                    "note": _OUTPUT_NOTES.get(mineral)
                    or ("provisional: round figure" if provisional and mineral == "coal" else None),
                }
            )
    write_rows(out / "mineral_output.csv", rows)


def write_factories(sources: Path, out: Path) -> None:
    """Write `factories.csv`: factories, investment and workers by group on 30 April 2569."""
    rows: list[dict[str, Cell]] = []
    for row in files.read_csv(sources / "facts" / "factories.csv"):
        line = plan_line(row["source"])
        if line not in FACTORY_GROUPS:  # the row of totals
            continue
        group, name_th, name_en = FACTORY_GROUPS[line]
        rows.append(
            {
                "group": group,
                "name_th": name_th,
                "name_en": name_en,
                "factories": number(row["factories"]),
                "investment_million_baht": number(row["investment_mbaht"]),
                "workers": number(row["workers"]),
                "source": f"{PLAN} L{line}",
            }
        )
    write_rows(out / "factories.csv", rows)
