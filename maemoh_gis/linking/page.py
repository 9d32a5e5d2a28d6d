"""The page of the ways: every place by kind, each way in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Text, both, joined
from maemoh_gis.core.units import number
from maemoh_gis.linking.words import ADJOINS_KM, not_checked_words
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Items,
    Paragraph,
    ReportContent,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.run_files import column, of_row

if TYPE_CHECKING:
    from maemoh_gis.linking.study import LinkStudy

Row = Mapping[str, object]


def content_of(study: LinkStudy, rows: Iterable[Row]) -> ReportContent:
    """Say everything the page shows."""
    scenario, sections = study.run.scenario, []
    for (place, use), found in groupby(rows, key=lambda row: (str(row["place"]), str(row["use"]))):
        title = joined([both(f"links.section.{place}"), scenario.uses[use].title.both()], ": ")
        told = list(found)
        sections.append(Section(f"{place}-{use}", title, [_lengths(study, told), _in_words(told)]))
    basis = [_basis(study, id) for id in study.links.ways]
    method: list[Block] = [Paragraph(both("links.method")), Items(basis)]
    return ReportContent(
        title=both("links.title"),
        subtitle=study.run.record["title"],
        notices=[both("links.assumed"), not_checked_words(study)],
        facts=[],
        sections=[*sections, Section("method", both("links.section.method"), method)],
        footer=both("report.footer", title=study.run.record["title"]),
        links=[(both("links.table"), "links.csv")],
    )


def _lengths(study: LinkStudy, rows: Sequence[Row]) -> Table:
    """Set the lengths of the ways of each place beside each other."""
    by_place = {
        number: {str(row["way"]): row for row in own}
        for number, own in groupby(rows, key=lambda row: row["number"])
    }
    first = next(iter(study.links.ways))
    columns: list[Column[Mapping[str, Row]]] = [
        column("link_place", lambda own: of_row(own[first], "name"), "wide")
    ]
    columns += [
        Column(way.title.both(), _length_of(id), "number") for id, way in study.links.ways.items()
    ]
    return table_of(columns, by_place.values())


def _length_of(way: str) -> Callable[[Mapping[str, Row]], Text]:
    def write(own: Mapping[str, Row]) -> Text:
        if own[way]["outcome"] != "route":
            return both("links.no_route")
        km = float(str(own[way]["length_km"]))
        return both("links.at_it") if km < ADJOINS_KM else both("links.km", km=number(km, 1))

    return write


def _in_words(rows: Sequence[Row]) -> Table:
    columns: list[Column[Row]] = [
        column("link_place", lambda row: of_row(row, "name")),
        column("link_words", lambda row: of_row(row, "words"), "wide"),
    ]
    return table_of(columns, rows)


def _basis(study: LinkStudy, id: str) -> Text:
    """Say what the costs of a kind of way rest on."""
    way = study.links.ways[id]
    return {x: f"{way.title[x]}: {way.basis}" for x in LANGUAGES}
