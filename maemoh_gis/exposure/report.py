"""People, farms, water and jobs near the sites, on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maemoh_gis.core.messages import both
from maemoh_gis.exposure.words import people_near
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.run_files import RunFiles, column, figure, land, of_row, span, trust


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
                kinds = both(f"report.exposure.{kind}")
                heading = both("report.named_trust", title=kinds, trust=definition["title"])
                blocks += [Heading(heading), _exposure_table(run, found)]
    for row in rows:
        if row["kind"] == "first_of_each_use":
            blocks += [Heading(both("report.exposure.first")), _balance(row)]
    return Section("exposure", both("report.section.exposure"), blocks)


def _exposure_table(run: RunFiles, rows: Sequence[Mapping[str, str]]) -> Table:
    radii = [f"{float(radius):g}" for radius in run.scenario["exposure"]["radii_m"]]
    shown = [radius for radius in radii if radius in {"1000", "5000"}] or radii[:2]
    columns: list[Column[Mapping[str, str]]] = [
        column("rank", lambda row: figure(row["number"])),
        *(_people_column(radius) for radius in shown),
        column("farm", lambda row: land(row["farm_rai"]), "number"),
        column("water_demand", lambda row: span(row, "water_demand_mm3", 2), "number"),
        column("jobs", lambda row: span(row, "jobs_gained"), "number"),
    ]
    return table_of(columns, rows)


def _people_column(radius: str) -> Column[Mapping[str, str]]:
    title = both("report.column.people", km=f"{float(radius) / 1000:g}")
    return Column(title, lambda row: people_near(row, radius), "number")


def _balance(row: Mapping[str, str]) -> Table:
    columns: list[Column[str]] = [
        column("amount", lambda name: both(f"report.balance.{name}")),
        column("range", lambda name: span(row, name, _DECIMALS[_BALANCE[name]]), "number"),
        column("unit", lambda name: both(f"report.unit.{_BALANCE[name]}")),
        column("confidence", lambda name: trust(row.get(f"{name}_confidence"))),
    ]
    return table_of(columns, _BALANCE)


_DECIMALS = {"million_m3": 2, "jobs": 0}


_BALANCE = {
    "water_demand_mm3": "million_m3",
    "water_freed_mm3": "million_m3",
    "water_balance_mm3": "million_m3",
    "jobs_at_stake": "jobs",
    "jobs_gained": "jobs",
}
