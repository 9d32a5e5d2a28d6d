"""What a report says of the path after coal, and of those whom sites and yards touch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.pages.report_content import Block, Heading, Paragraph, Section, Table
from maemoh_gis.pages.wording import is_missing, same
from maemoh_gis.presentation.pictures import picture_of
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    joined,
    land,
    of_row,
    range_of,
    say,
    trust,
)

if TYPE_CHECKING:
    from maemoh_gis.pages.content import Text


def timeline(run: RunFiles) -> Section | None:
    """Tell the path after coal: what runs, what is left, which land is no longer in use."""
    found = run.record.get("timeline")
    if not found:
        return None
    amounts = {row["id"]: row for row in run.table("timeline.csv")
               if row["year_be"] == str(found["year"]) and row["kind"] == "amount"}  # fmt: skip
    blocks: list[Block] = [
        Paragraph(say("report.timeline_now", year=found["year"], mw=f"{found['mw']:,.0f}",
                      unsure=f"{found['mw_not_certain']:,.0f}",
                      trust=trust(found["confidence"]))),
    ]  # fmt: skip
    rows = [
        (of_row(row, "title"), range_of(row["low"], row["central"], row["high"], 2),
         say(f"report.unit.{_slug(row)}"), trust(row["confidence"]))
        for row in amounts.values()
    ]  # fmt: skip
    if rows:
        columns = [say(f"report.column.{c}") for c in ("amount", "range", "unit", "confidence")]
        blocks.append(Table(columns, rows, numbers=frozenset({1})))
    blocks += [Heading(say("report.units")), _unit_table(found)]
    blocks += [Heading(say("report.zones")), _zone_table(run, found["zones"])]
    if run.has("timeline.svg"):
        blocks.append(picture_of(run, "timeline.svg", say("report.timeline_alt")))
    return Section("timeline", say("report.section.timeline"), blocks)


def _unit_table(found: Mapping[str, Any]) -> Table:
    """List the units that run, or may, in the year or later, with the last year they do."""
    year = found["year"]
    rows = [
        (unit["title"], same(f"{unit['mw']:,.0f}"), _last_year(unit), trust(unit["confidence"]))
        for unit in found["units"].values()
        if unit["last_year"] is None or (unit["unsure_to"] or unit["last_year"]) >= year
    ]  # fmt: skip
    columns = ("unit_title", "unit_mw", "last_year", "confidence")
    return Table([say(f"report.column.{c}") for c in columns], rows, numbers=frozenset({1}))


def _last_year(unit: Mapping[str, Any]) -> Text:
    if unit["never"]:
        return say("report.unit_never")
    if unit["unsure_to"] is not None:
        return say("report.unit_unsure_to", year=unit["last_year"], unsure=unit["unsure_to"])
    return figure_year(unit["last_year"])


def _slug(row: Mapping[str, str]) -> str:
    return row["unit"].replace(" ", "_")


def _zone_table(run: RunFiles, zones: Mapping[str, Mapping[str, Any]]) -> Table:
    columns = ("zone", "free_from", "area", "returns_to", "outstanding", "confidence")
    titles = run.scenario["zones"]
    rows = [
        (titles[id]["title"], figure_year(zone["no_longer_in_use_from"]), land(zone["area_rai"]),
         zone["returns_to"], joined([say(f"zone.need.{need}") for need in zone["outstanding"]]),
         trust(zone["confidence"]))
        for id, zone in zones.items()
    ]  # fmt: skip
    return Table([say(f"report.column.{c}") for c in columns], rows, numbers=frozenset({2}))


def figure_year(year: Any) -> Text:
    """Write a year, Buddhist Era; a dash where it is not known."""
    return NOT_KNOWN if is_missing(year) or year == "" else same(f"{int(year)}")
