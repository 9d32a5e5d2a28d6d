"""Earthworks on paper: what a yard at each place would move, as far as heights can tell."""

from __future__ import annotations

from collections.abc import Mapping

from maemoh_gis.core.messages import Text, both
from maemoh_gis.earthworks.outputs import EARTHWORKS
from maemoh_gis.pages.report_content import Block, Column, Paragraph, Section, table_of
from maemoh_gis.presentation.run_files import RunFiles, column, of_row


def earthworks(run: RunFiles) -> Section | None:
    """Tell the earth at stations and rectangles; None where no yard stands on its own bed."""
    rows = run.table(EARTHWORKS)
    if not rows:
        return None
    columns: list[Column[Mapping[str, str]]] = [
        column("earth_place", _place),
        column("earth_class", _kind),
        column("earth", lambda row: of_row(row, "words"), "wide"),
    ]
    blocks: list[Block] = [Paragraph(both("earthworks.about")), table_of(columns, rows)]
    return Section("earthworks", both("earthworks.section"), blocks)


def _place(row: Mapping[str, str]) -> Text:
    """Name a station, or a rectangle by its number and the station it lies near."""
    station = of_row(row, "station")
    if not row["rectangle"]:
        return both("links.place.station", station=station)
    return both("links.place.yard", number=row["rectangle"], station=station)


def _kind(row: Mapping[str, str]) -> Text:
    return both(f"earthworks.class.{row['class']}")
