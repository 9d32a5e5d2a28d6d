"""Freight on paper: whether a yard is justified, and at what prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.run_files import NOT_KNOWN, RunFiles, column, figure, of_row, trust
from maemoh_gis.presentation.words import MILLION

if TYPE_CHECKING:
    _Cases = Mapping[str, Mapping[str, str]]
    """Rows of a yard by case of prices."""


CASES = ("low", "central", "high", "favours_rail", "favours_road")


def freight(run: RunFiles) -> Section | None:
    """Tell what freight a yard would take and save, at every case of prices and demand."""
    found = run.record.get("freight")
    if not found:
        return None
    blocks: list[Block] = [
        Paragraph(both("report.freight_assumed", trust=trust(found["confidence"])), "caution"),
        Items(found["findings"]),
    ]
    rows = run.table("freight_yards.csv")
    if rows:
        blocks += [Heading(both("report.freight_verdicts")), _verdict_table(rows)]
        blocks += [Heading(both("report.freight_central")), *_freight_tables(rows)]
    else:
        blocks.append(Paragraph(both("report.missing_part", file="freight_yards.csv"), "caution"))
    blocks += [Heading(both("report.break_even")), _break_even(found["break_even_km"])]
    blocks.append(Paragraph(both("report.break_even_note"), "quiet"))
    return Section("freight", both("report.section.freight"), blocks)


def _verdict_table(rows: Sequence[Mapping[str, str]]) -> Table:
    """Say for every yard whether it is justified, by case of prices at central demand."""
    yards: dict[str, Mapping[str, str]] = {}
    for row in rows:
        yards.setdefault(row["yard"], row)
    said = {(row["yard"], row["case"]): row for row in rows if row["demand"] == "central"}
    by_demand = {(row["yard"], row["demand"]): row for row in rows if row["case"] == "central"}
    columns: list[Column[str]] = [
        column("name", lambda yard: of_row(yards[yard], "yard")),
        column("demand_low", lambda yard: _justified(by_demand.get((yard, "low")))),
        column("demand_high", lambda yard: _justified(by_demand.get((yard, "high")))),
    ]
    columns += [Column(both(f"report.case.{case}"), partial(_said, said, case)) for case in CASES]
    return table_of(columns, yards)


def _said(said: Mapping[tuple[str, str], Mapping[str, str]], case: str, yard: str) -> Text:
    return _justified(said.get((yard, case)))


def _justified(row: Mapping[str, str] | None) -> Text:
    if row is None or not row["justified"]:
        return NOT_KNOWN
    return both(f"report.justified.{row['justified']}")


def _freight_tables(rows: Sequence[Mapping[str, str]]) -> list[Table]:
    by_yard: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in rows:
        if row["demand"] == "central":
            by_yard.setdefault(row["yard"], {})[row["case"]] = row
    yards = [cases for cases in by_yard.values() if "central" in cases]
    name: Column[_Cases] = column("name", lambda yard: of_row(yard["central"], "yard"))
    carried: list[Column[_Cases]] = [
        name,
        column("teu", lambda yard: _over(yard, "teu"), "number"),
        column("trains", lambda yard: _over(yard, "trains_a_week", 1.0, 1), "number"),
        column("co2", lambda yard: _over(yard, "co2_t_saved"), "number"),
        column("truck_km", lambda yard: _over(yard, "truck_km_avoided"), "number"),
    ]
    money: list[Column[_Cases]] = [
        name,
        column("saved", lambda yard: _over(yard, "thb_saved", MILLION, 1), "number"),
        column("fixed_cost", _fixed_cost, "number"),
        column("teu_to_justify", lambda yard: _over(yard, "teu_to_justify"), "number"),
        column("reason", lambda yard: of_row(yard["central"], "reason")),
    ]
    return [table_of(carried, yards), table_of(money, yards)]


def _fixed_cost(yard: _Cases) -> Text:
    return figure(_scaled(yard["central"]["fixed_thb"], MILLION), 1)


def _over(yard: _Cases, name: str, scale: float = 1.0, decimals: int = 0) -> Text:
    """Write a figure at central prices with what prices in favour of road and of rail make it."""
    ends = [yard.get(case, {}) for case in ("favours_road", "central", "favours_rail")]
    road, central, rail = (figure(_scaled(end.get(name, ""), scale), decimals) for end in ends)
    if road == central == rail:
        return central
    return {x: f"{central[x]} ({road[x]} … {rail[x]})" for x in central}


def _scaled(written: str, scale: float) -> float | None:
    return float(written) / scale if written else None


def _break_even(rows: Sequence[Mapping[str, Any]]) -> Table:
    boxes = dict.fromkeys(row["box_class"] for row in rows)
    found = {(row["box_class"], row["case"]): row for row in rows}
    columns: list[Column[str]] = [column("box", lambda box: both(f"report.box.{box}"))]
    columns += [
        Column(both(f"report.case.{case}"), partial(_break_even_words, found, case), "number")
        for case in CASES
    ]
    return table_of(columns, boxes)


def _break_even_words(
    found: Mapping[tuple[str, str], Mapping[str, Any]], case: str, box: str
) -> Text:
    row = found.get((box, case))
    if row is None:
        return NOT_KNOWN
    ways = [row["loaded_way_alone"], row["with_the_empty_by_rail"]]
    written = [figure(km) if km is not None else both("report.never") for km in ways]
    return joined(written, " / ")
