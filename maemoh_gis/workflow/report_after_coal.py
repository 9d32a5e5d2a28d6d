"""What a report says of the path after coal, and of those whom sites and yards touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.maps.report_content import Block, Heading, Paragraph, Section, Table
from maemoh_gis.maps.wording import is_missing, same
from maemoh_gis.workflow.report_method import picture_of
from maemoh_gis.workflow.report_places import percent_of
from maemoh_gis.workflow.report_source import (
    NOT_KNOWN,
    RunFiles,
    figure,
    joined,
    land,
    of_row,
    range_of,
    say,
    span,
    trust,
)

if TYPE_CHECKING:
    from maemoh_gis.maps.content import Text


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


def exposure(run: RunFiles) -> Section | None:
    """Tell whom and what sites and yards touch."""
    rows = run.table("exposure.csv")
    if not rows:
        return None
    blocks: list[Block] = [
        Paragraph(of_row(row, "note"), "caution") for row in rows if row["kind"] == "note"
    ]
    for kind in ("site", "yard"):
        for use, definition in run.uses.items():
            found = [row for row in rows if row["kind"] == kind and row["use"] == use]
            if found:
                kinds = say(f"report.exposure.{kind}")
                heading = say("report.named_trust", title=kinds, trust=definition["title"])
                blocks += [Heading(heading), _exposure_table(run, found)]
    for row in rows:
        if row["kind"] == "first_of_each_use":
            blocks += [Heading(say("report.exposure.first")), _balance(row)]
    return Section("exposure", say("report.section.exposure"), blocks)


def _exposure_table(run: RunFiles, rows: Sequence[Mapping[str, str]]) -> Table:
    radii = [f"{float(radius):g}" for radius in run.scenario["exposure"]["radii_m"]]
    shown = [radius for radius in radii if radius in {"1000", "5000"}] or radii[:2]
    columns = [say("report.column.rank")]
    columns += [say("report.column.people", km=f"{float(r) / 1000:g}") for r in shown]
    columns += [say(f"report.column.{c}") for c in ("farm", "water_demand", "jobs")]
    table = [
        [figure(row["number"]),
         *(_people(row, radius) for radius in shown),
         land(row["farm_rai"]), span(row, "water_demand_mm3", 2),
         span(row, "jobs_gained")]
        for row in rows
    ]  # fmt: skip
    return Table(columns, table, numbers=frozenset(range(1, len(columns))))


def _people(row: Mapping[str, str], radius: str) -> Text:
    """Write how many people are near at least, with the share of land where nobody was counted."""
    people = row[f"people_{radius}_m_modelled"]
    uncounted = percent_of(row[f"uncounted_land_{radius}_m"])
    if people == "":
        return say("report.people_unknown", uncounted=uncounted)
    return say("report.people_at_least", people=figure(people), uncounted=uncounted)


def _balance(row: Mapping[str, str]) -> Table:
    columns = [say(f"report.column.{c}") for c in ("amount", "range", "unit", "confidence")]
    rows = [
        (say(f"report.balance.{name}"), span(row, name, 2 if unit == "million_m3" else 0),
         say(f"report.unit.{unit}"), trust(row.get(f"{name}_confidence")))
        for name, unit in _BALANCE.items()
    ]  # fmt: skip
    return Table(columns, rows, numbers=frozenset({1}))


_BALANCE = {
    "water_demand_mm3": "million_m3",
    "water_freed_mm3": "million_m3",
    "water_balance_mm3": "million_m3",
    "jobs_at_stake": "jobs",
    "jobs_gained": "jobs",
}
