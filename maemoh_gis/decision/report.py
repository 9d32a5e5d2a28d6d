"""What a report says of the estate, the steps to a yard, and the gates before each use."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.decision.assumed import share_words
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Facts,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.pictures import picture_of
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    of_row,
    range_of,
    trust,
)

_FIRST = 2
"""Sentences of the steps that head the answer."""
_MONEY = re.compile(r"\b(baht|THB)\b|บาท")


def estate(run: RunFiles) -> Section | None:
    """Tell how the estate fills, which step it carries and what would turn that."""
    found = run.record.get("estate")
    if not found:
        return None
    year = str(found["year"])
    blocks: list[Block] = []
    details: list[Block] = []
    if steps := run.record.get("ladder"):
        blocks += [Items(steps["findings"])]
    rows = [row for row in run.table("estate.csv") if row["year_be"] == year]
    blocks += [Heading(both("report.estate_now", year=year)), _needs(rows)]
    blocks += [Paragraph(both("estate.note"), "caution")]
    if run.has("estate.svg"):
        blocks.append(picture_of(run, "estate.svg", both("report.estate_alt")))
    if prices := [row for row in run.table("estate_prices.csv") if row["case"] == "central"]:
        details += [Heading(both("report.estate_prices")), _prices(prices)]
    return Section("estate", both("report.section.estate"), blocks, details=details)


def _needs(rows: list[Mapping[str, str]]) -> Table:
    columns: list[Column[Mapping[str, str]]] = [
        column("amount", lambda row: of_row(row, "title")),
        column("range", lambda row: range_of(row["low"], row["central"], row["high"], 2), "number"),
        column("unit", lambda row: of_row(row, "unit")),
        column("confidence", lambda row: trust(row["confidence"])),
    ]
    return table_of(columns, rows)


def _prices(rows: list[Mapping[str, str]]) -> Table:
    columns: list[Column[Mapping[str, str]]] = [
        column("box", lambda row: both(f"ladder.box.{row['box_class']}")),
        column("direction", lambda row: both(f"ladder.direction.{row['direction']}")),
        column("gateway", lambda row: of_row(row, "gateway")),
        column("road_thb", lambda row: _number(row["road_thb_teu"]), "number"),
        column("yard_thb", lambda row: _number(row["yard_thb_teu"]), "number"),
        column("rival_thb", lambda row: _number(row["rival_thb_teu"]), "number"),
        column("cheapest", lambda row: both(f"ladder.way.{row['cheapest']}")),
    ]
    return table_of(columns, rows)


def _number(written: str) -> Text:
    return same(f"{float(written):,.0f}") if written else NOT_KNOWN


def gates(run: RunFiles) -> Section | None:
    """Tell of each use which gates are met or not known and whom to ask; of others in the annex."""
    rows = run.table("gates.csv")
    if not rows:
        return None
    blocks: list[Block] = [Paragraph(both("gate.note"), "caution")]
    others: list[Block] = []
    for use in dict.fromkeys(row["use"] for row in rows):
        mine = [row for row in rows if row["use"] == use]
        told = blocks if use in run.uses else others
        told += [Heading(of_row(mine[0], "use")), gate_table(mine), *gate_notes(mine)]
    return Section("gates", both("report.section.gates"), blocks, details=others)


def gate_notes(rows: list[Mapping[str, str]]) -> list[Block]:
    """Say why gates stand as they do, and on how many assumptions they rest."""
    why = [joined([of_row(row, "gate"), of_row(row, "why")], ": ") for row in rows if row["why_th"]]
    n, m = (sum(int(row.get(name) or 0) for row in rows) for name in ("numbers_assumed", "numbers"))
    told = [*why, both("gate.rests_on", **share_words((n, m)))] if m else why
    return [Items(told)] if told else []


def gate_table(rows: list[Mapping[str, str]]) -> Table:
    """Set the gates of one use beside their papers, offices and years."""
    columns: list[Column[Mapping[str, str]]] = [
        column("gate", lambda row: of_row(row, "gate")),
        column("gate_state", lambda row: of_row(row, "state")),
        column("paper", lambda row: of_row(row, "paper"), "wide"),
        column("office", lambda row: of_row(row, "office")),
        column(
            "earliest", lambda row: same(row["earliest_be"]) if row["earliest_be"] else NOT_KNOWN
        ),
    ]
    return table_of(columns, rows)


def led_to(record: Mapping[str, Any]) -> list[Text]:
    """Give the sentence a run had to lead to; none where its scenario asked for none."""
    told = record.get("leads_to")
    return [told] if told else []


def answered(record: Mapping[str, Any], without: Container[str] = ()) -> list[Block]:
    """Give what a planner asks with what a run says to it; nothing of a run that holds none."""
    told = [one for one in record.get("answers") or [] if one["id"] not in without]
    pairs = [(one["question"], one["told"]) for one in told]
    return [Facts(pairs, long=True)] if pairs else []


def answer(record: Mapping[str, Any]) -> list[Text]:
    """
    Say what heads the answer on the yard: the step, what turns it, or what freight found.

    No sum in baht where the right to the land of a yard is not met.
    """
    steps, freight = record.get("ladder"), record.get("freight")
    if tells_money(record):
        told = steps["findings"][:_FIRST] if steps else []
        return [*told, *freight["findings"][:1]] if freight else list(told)
    # A run of an earlier version holds no words without a price.
    return list(steps.get("unpriced", steps["findings"][:1])) if steps else []


def tells_money(record: Mapping[str, Any]) -> bool:
    """
    Say whether the right to the land of every use that needs a yard is met.

    Where places are compared it is the use they are compared for. What no gate tells of is not met.
    """
    resolved = record["resolved"]
    choice = resolved.get("choice")
    yards = [id for id, use in resolved["uses"].items() if use.get("yard")]
    uses = [choice["use"]] if choice else yards
    gates = record.get("gates") or {}
    return bool(uses) and all(_has_right(gates.get(id, {})) for id in uses)


def _has_right(gates: Mapping[str, Any]) -> bool:
    # Papers that a scenario only supposes are no right to any land.
    return gates.get("land_right") == "met" and "land_right" not in gates.get("supposed", ())


def without_money(sentences: Iterable[Text]) -> list[Text]:
    """Leave out what names a sum of money; a condition in boxes, rai or trains stays."""
    return [one for one in sentences if not any(map(_MONEY.search, one.values()))]
