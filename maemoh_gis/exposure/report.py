"""People, farms, water and jobs near the sites, on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.pages.report_content import Block, Heading, Paragraph, Section, Table
from maemoh_gis.presentation.run_files import (
    RunFiles,
    figure,
    land,
    of_row,
    say,
    span,
    trust,
)
from maemoh_gis.presentation.words import percent_of

if TYPE_CHECKING:
    from maemoh_gis.pages.content import Text


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
