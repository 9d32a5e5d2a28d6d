"""What was learnt, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both, same
from maemoh_gis.core.units import number
from maemoh_gis.pages.report_content import Block, Heading, Paragraph, Section, Table, table_of
from maemoh_gis.presentation.run_files import RunFiles, column, figure, land, of_row, percent

if TYPE_CHECKING:
    from maemoh_gis.pages.report_content import Column

    Row = Mapping[str, str]

_SHOWN_PATCHES = 5


def learnt(run: RunFiles) -> Section | None:
    """Tell what was learnt of each use, how well it held, and where it disagrees with the score."""
    told = run.record.get("learnt")
    if not told:
        return None
    blocks: list[Block] = []
    for use, found in told.items():
        rows = [row for row in run.table("learnt.csv") if row["use"] == use]
        blocks += [
            Heading(run.uses[use]["title"]),
            *([Paragraph(found["caution"], "caution")] if "auc" in found else []),
            Paragraph(found["says"], "lead"),
            *_tested(rows),
            *_disagreement(found, rows),
        ]
    return Section("learnt", both("report.section.learnt"), blocks)


def _tested(rows: list[Row]) -> Iterator[Block]:
    tables: dict[str, list[Column[Row]]] = {
        "skill": [
            column("learnt_what", lambda row: of_row(row, "title")),
            column("learnt_figure", _with_spread, "number"),
        ],
        "block": [
            column("learnt_block", lambda row: same(row["name"])),
            column("learnt_places", lambda row: figure(row["places"]), "number"),
            column("learnt_rank", lambda row: figure(row["figure"], 2), "number"),
        ],
        "band": [
            column("learnt_band", lambda row: same(row["name"])),
            column("learnt_foretold", lambda row: percent(float(row["expected"])), "number"),
            column("learnt_found", lambda row: percent(float(row["figure"])), "number"),
        ],
        "importance": [
            column("learnt_measure", lambda row: of_row(row, "title")),
            column("learnt_loss", _with_spread, "number"),
        ],
    }
    for kind, columns in tables.items():
        mine = [row for row in rows if row["kind"] == kind]
        if mine:
            yield Paragraph(both(f"report.learnt.{kind}"))
            yield table_of(columns, mine)


def _with_spread(row: Row) -> Text:
    """Write a figure with its standard deviation behind it, where it has one."""
    if row["spread"] == "":
        return figure(row["figure"], 2)
    return same(f"{number(float(row['figure']), 2)} ± {number(float(row['spread']), 2)}")


def _disagreement(found: Mapping[str, Any], rows: list[Row]) -> Iterator[Block]:
    if "above_rai" not in found:
        return
    areas = {name: land(found[f"{name}_rai"]) for name in ("open", "above", "below")}
    yield Paragraph(both("report.learnt.disagreement", **areas))
    for sign in ("above", "below"):
        title = both(f"learnt.patch.{sign}")
        mine = [r for r in rows if r["kind"] == "patch" and r["title_en"] == title["en"]]
        if mine:
            yield Heading(title)
            yield _patches(mine[:_SHOWN_PATCHES], sign)


def _patches(rows: list[Row], sign: str) -> Table:
    columns: list[Column[Row]] = [
        column("learnt_at", lambda row: same(f"{row['lat']}, {row['lon']}")),
        column("learnt_land", lambda row: land(row["land_rai"]), "number"),
        column("learnt_rank", lambda row: figure(row["figure"], 2), "number"),
        column("learnt_score", lambda row: figure(row["expected"], 2), "number"),
        column(f"learnt_push_{sign}", lambda row: of_row(row, "note")),
    ]
    return table_of(columns, rows)
