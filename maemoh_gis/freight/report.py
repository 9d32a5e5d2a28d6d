"""Freight on paper: whether a yard is justified, and at what prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.pages.report_content import (
    Block,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
)
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    figure,
    joined,
    of_row,
    say,
    trust,
)
from maemoh_gis.presentation.words import _MILLION

if TYPE_CHECKING:
    from maemoh_gis.pages.content import Text


CASES = ("low", "central", "high", "favours_rail", "favours_road")


def freight(run: RunFiles) -> Section | None:
    """Tell what freight a yard would take and save, at every case of prices and demand."""
    found = run.record.get("freight")
    if not found:
        return None
    blocks: list[Block] = [
        Paragraph(say("report.freight_assumed", trust=trust(found["confidence"])), "caution"),
        Items(found["findings"]),
    ]
    rows = run.table("freight_yards.csv")
    if rows:
        blocks += [Heading(say("report.freight_verdicts")), _verdict_table(rows)]
        blocks += [Heading(say("report.freight_central")), *_freight_tables(rows)]
    else:
        blocks.append(Paragraph(say("report.missing_part", file="freight_yards.csv"), "caution"))
    blocks += [Heading(say("report.break_even")), _break_even(found["break_even_km"])]
    blocks.append(Paragraph(say("report.break_even_note"), "quiet"))
    return Section("freight", say("report.section.freight"), blocks)


def _verdict_table(rows: Sequence[Mapping[str, str]]) -> Table:
    """Say for every yard whether it is justified, by case of prices at central demand."""
    yards = dict.fromkeys(row["yard"] for row in rows)
    said = {
        (row["yard"], row["case"]): row for row in rows if row["demand"] == "central"
    }  # fmt: skip
    by_demand = {(row["yard"], row["demand"]): row for row in rows if row["case"] == "central"}
    columns = [say("report.column.name"), say("report.column.demand_low"),
               say("report.column.demand_high"),
               *(say(f"report.case.{case}") for case in CASES)]  # fmt: skip
    table = [
        [of_row(next(row for row in rows if row["yard"] == yard), "yard"),
         *(_justified(by_demand.get((yard, demand))) for demand in ("low", "high")),
         *(_justified(said.get((yard, case))) for case in CASES)]
        for yard in yards
    ]  # fmt: skip
    return Table(columns, table)


def _justified(row: Mapping[str, str] | None) -> Text:
    if row is None or not row["justified"]:
        return NOT_KNOWN
    return say(f"report.justified.{row['justified']}")


def _freight_tables(rows: Sequence[Mapping[str, str]]) -> list[Table]:
    by_yard: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in rows:
        if row["demand"] == "central":
            by_yard.setdefault(row["yard"], {})[row["case"]] = row
    carried, money = [], []
    for cases in by_yard.values():
        central = cases.get("central")
        if central is None:
            continue
        name = of_row(central, "yard")
        ends = [cases.get(case, {}) for case in ("favours_road", "central", "favours_rail")]
        carried.append(
            (name, _over(ends, "teu"), _over(ends, "trains_a_week", 1.0, 1),
             _over(ends, "co2_t_saved"), _over(ends, "truck_km_avoided"))
        )  # fmt: skip
        money.append(
            (name, _over(ends, "thb_saved", _MILLION, 1),
             figure(_scaled(central["fixed_thb"], _MILLION), 1), _over(ends, "teu_to_justify"),
             of_row(central, "reason"))
        )  # fmt: skip
    tables = (("name", "teu", "trains", "co2", "truck_km"), carried), (
        ("name", "saved", "fixed_cost", "teu_to_justify", "reason"), money)  # fmt: skip
    return [
        Table([say(f"report.column.{c}") for c in columns], told, numbers=frozenset({1, 2, 3}))
        for columns, told in tables
    ]


def _over(
    ends: Sequence[Mapping[str, str]], column: str, scale: float = 1.0, decimals: int = 0
) -> Text:
    """Write a figure at central prices with what prices in favour of road and of rail make it."""
    road, central, rail = (figure(_scaled(end.get(column, ""), scale), decimals) for end in ends)
    if road == central == rail:
        return central
    return {x: f"{central[x]} ({road[x]} … {rail[x]})" for x in central}


def _scaled(written: str, scale: float) -> float | None:
    return float(written) / scale if written else None


def _break_even(rows: Sequence[Mapping[str, Any]]) -> Table:
    boxes = dict.fromkeys(row["box_class"] for row in rows)
    found = {(row["box_class"], row["case"]): row for row in rows}
    table = [
        [say(f"report.box.{box}"), *(_break_even_words(found.get((box, case))) for case in CASES)]
        for box in boxes
    ]
    columns = [say("report.column.box"), *(say(f"report.case.{case}") for case in CASES)]
    return Table(columns, table, numbers=frozenset(range(1, len(columns))))


def _break_even_words(row: Mapping[str, Any] | None) -> Text:
    if row is None:
        return NOT_KNOWN
    ways = [row["loaded_way_alone"], row["with_the_empty_by_rail"]]
    written = [figure(km) if km is not None else say("report.never") for km in ways]
    return joined(written, " / ")
