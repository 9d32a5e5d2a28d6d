"""The page of the ways: every place by kind, each way in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Text, both, joined
from maemoh_gis.linking.words import not_checked_words
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Items,
    Paragraph,
    ReportContent,
    Section,
    table_of,
)
from maemoh_gis.presentation.run_files import column, of_row

if TYPE_CHECKING:
    from maemoh_gis.linking.study import LinkStudy

Row = Mapping[str, object]


def content_of(study: LinkStudy, rows: Iterable[Row]) -> ReportContent:
    """Say everything the page shows."""
    scenario = study.run.scenario
    columns: list[Column[Row]] = [
        column("link_place", lambda row: of_row(row, "name")),
        column("link_way", lambda row: of_row(row, "way")),
        column("link_words", lambda row: of_row(row, "words"), "wide"),
    ]
    sections = []
    for (place, use), found in groupby(rows, key=lambda row: (str(row["place"]), str(row["use"]))):
        title = joined([both(f"links.section.{place}"), scenario.uses[use].title.both()], ": ")
        sections.append(Section(f"{place}-{use}", title, [table_of(columns, found)]))
    basis = [_basis(study, id) for id in study.links.ways]
    method: list[Block] = [Paragraph(both("links.method")), Items(basis)]
    return ReportContent(
        title=both("links.title"),
        subtitle=study.run.record["title"],
        notices=[both("brief.screening"), not_checked_words(study)],
        facts=[],
        sections=[*sections, Section("method", both("links.section.method"), method)],
        footer=both("report.footer", title=study.run.record["title"]),
        links=[(both("links.table"), "links.csv")],
    )


def _basis(study: LinkStudy, id: str) -> Text:
    """Say what the costs of a kind of way rest on."""
    way = study.links.ways[id]
    return {x: f"{way.title[x]}: {way.basis}" for x in LANGUAGES}
