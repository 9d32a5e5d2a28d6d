"""What a report says of open legal questions: what is asked, of whom, and how land lies to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, same
from maemoh_gis.core.units import number
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.run_files import NOT_KNOWN, RunFiles, column, figure, land, of_row
from maemoh_gis.questions.questions import band_words

_MOVED = {"true": "report.moved", "false": "report.not_moved"}


def questions(run: RunFiles) -> Section | None:
    """Tell every open question with the land, sites and villages it is asked of."""
    asked = run.record.get("questions")
    if not asked:
        return None
    rows = run.table("questions.csv")
    blocks: list[Block] = [Paragraph(both("report.questions_note"), "caution")]
    for id, question in asked.items():
        told = {name: question[name] for name in ("asks", "basis", "ask", "concerns")}
        blocks += [
            Heading(question["title"]),
            Paragraph(both("question.note", **told)),
            _bands(run, question),
        ]
        villages = [row for row in rows if row["question"] == id and row["kind"] == "village"]
        if villages:
            blocks += _people(question["people"], villages)
    return Section("questions", both("report.section.questions"), blocks)


def _bands(run: RunFiles, question: Mapping[str, Any]) -> Table:
    uses = {
        use: one["title"] for use, one in run.uses.items() if use in question["bands"][0]["sites"]
    }
    columns: list[Column[Mapping[str, Any]]] = [
        column("band", _words),
        column("area", lambda band: land(band["land_rai"]), "number"),
        *(_sites_column(use, title) for use, title in uses.items()),
    ]
    return table_of(columns, question["bands"])


def _sites_column(use: str, title: Text) -> Column[Mapping[str, Any]]:
    heading = both("report.column.sites_of", use=title)
    return Column(heading, lambda band: figure(band["sites"][use]), "number")


def _words(band: Mapping[str, Any]) -> Text:
    return {x: band_words((band["from_m"], band["to_m"]), x) for x in LANGUAGES}


def _people(people: Mapping[str, Any], villages: Sequence[Mapping[str, str]]) -> list[Block]:
    """Tell the villages and households concerned."""
    said = both("report.question_people", villages=people["villages"], moved=people["moved"],
               households=figure(people["households"]))  # fmt: skip
    columns: list[Column[Mapping[str, str]]] = [
        column("village", lambda row: of_row(row, "name") if row["name_th"] else NOT_KNOWN),
        column(
            "moved", lambda row: both(_MOVED[row["moved"]]) if row["moved"] in _MOVED else NOT_KNOWN
        ),
    ]
    return [Paragraph(said), table_of(columns, villages)]


def questions_of(run: RunFiles, use: str, site: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """Say of a site how far it lies from what each open question turns on."""
    found = []
    for id, question in run.record.get("questions", {}).items():
        if use in question["bands"][0]["sites"] and f"{id}_m" in site:
            km = number(float(site[f"{id}_m"]) / 1000, 1)
            band = {x: str(site[f"{id}_band_{x}"]) for x in LANGUAGES}
            found.append((both("question.popup", title=question["title"]),
                          both("report.question_site", km=same(km), band=band)))  # fmt: skip
    return found
