"""How the places for the yard compare, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.pages.report_content import Block, Column, Items, Paragraph, Section, table_of
from maemoh_gis.presentation.run_files import NOT_KNOWN, RunFiles, column, of_row, range_of, trust
from maemoh_gis.presentation.words import MILLION


def choice(run: RunFiles) -> Section | None:
    """Tell how the places for the yard compare."""
    found = run.record.get("choice")
    if not found:
        return None
    blocks: list[Block] = [Items(found["verdict"])]
    rows = run.table("yard_choice.csv")
    if rows:
        blocks += _compared(run.scenario["choice"]["indicators"], rows)
    return Section("yard_choice", both("report.choice"), blocks)


def _compared(
    indicators: Mapping[str, Mapping[str, Any]], rows: Sequence[Mapping[str, str]]
) -> Iterator[Block]:
    columns: list[Column[Mapping[str, str]]] = [
        column("name", lambda row: of_row(row, "name")),
        column("score_range", _range_of, "number"),
        column("class", lambda row: same(row["class"] or "–")),
    ]
    columns += [
        Column(found["title"], partial(_indicator, name=name), "number")
        for name, found in indicators.items()
    ]
    yield table_of(columns, rows)
    trusted = [
        both("report.named_trust", title=found["title"], trust=trust(found["confidence"]))
        for found in indicators.values()
    ]
    yield Paragraph(joined(trusted), "quiet")


def _range_of(row: Mapping[str, str]) -> Text:
    ends = (row["score_least"], row["score_greatest"])
    if not all(ends):
        return NOT_KNOWN
    # Halves go up, as in the sentences above the table: 0.075 is 0.08 in both.
    return same(
        "–".join(f"{Decimal(end).quantize(Decimal('0.01'), ROUND_HALF_UP)}" for end in ends)
    )


def _indicator(row: Mapping[str, str], name: str) -> Text:
    ends = [row[f"{name}_low"], row[name], row[f"{name}_high"]]
    scale, decimals = (MILLION, 1) if name == "saved_thb" else (1.0, 2 if "score" in name else 0)
    if row[name] == "" and row[f"{name}_high"] == "":
        return NOT_KNOWN
    low, central, high = (float(end) / scale if end else None for end in ends)
    words = range_of(low, central, high, decimals)
    return both("report.million_thb", value=words) if name == "saved_thb" else words
