"""What a report says of the path after coal, and of those whom sites and yards touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.pages.wording import is_missing
from maemoh_gis.phase_out.register import asked_of
from maemoh_gis.presentation.pictures import picture_of
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    land,
    of_row,
    range_of,
    trust,
)
from maemoh_gis.scenario.settings.phase_out import Need


def timeline(run: RunFiles) -> Section | None:
    """Tell the path after coal: what runs, what is left, which land is no longer in use."""
    found = run.record.get("timeline")
    if not found:
        return None
    amounts = {row["id"]: row for row in run.table("timeline.csv")
               if row["year_be"] == str(found["year"]) and row["kind"] == "amount"}  # fmt: skip
    blocks: list[Block] = [
        Paragraph(both("report.timeline_now", year=found["year"], mw=f"{found['mw']:,.0f}",
                      unsure=f"{found['mw_not_certain']:,.0f}",
                      trust=trust(found["confidence"]))),
    ]  # fmt: skip
    if amounts:
        blocks.append(_amount_table(list(amounts.values())))
    blocks += [Heading(both("report.units")), _unit_table(found)]
    blocks += [Heading(both("report.zones")), *_land(found["land"], run)]
    blocks += [_zone_table(run, found["zones"]), Paragraph(both("report.register_note"))]
    if run.has("timeline.svg"):
        blocks.append(picture_of(run, "timeline.svg", both("report.timeline_alt")))
    return Section("timeline", both("report.section.timeline"), blocks)


def _amount_table(amounts: Sequence[Mapping[str, str]]) -> Table:
    columns: list[Column[Mapping[str, str]]] = [
        column("amount", lambda row: of_row(row, "title")),
        column("range", lambda row: range_of(row["low"], row["central"], row["high"], 2), "number"),
        column("unit", lambda row: both(f"report.unit.{_slug(row)}")),
        column("confidence", lambda row: trust(row["confidence"])),
    ]
    return table_of(columns, amounts)


def _unit_table(found: Mapping[str, Any]) -> Table:
    """List the units that run, or may, in the year or later, with the last year they do."""
    year = found["year"]
    columns: list[Column[Mapping[str, Any]]] = [
        column("unit_title", lambda unit: unit["title"]),
        column("unit_mw", lambda unit: same(f"{unit['mw']:,.0f}"), "number"),
        column("last_year", _last_year),
        column("confidence", lambda unit: trust(unit["confidence"])),
    ]
    running = [
        unit
        for unit in found["units"].values()
        if unit["last_year"] is None or (unit["unsure_to"] or unit["last_year"]) >= year
    ]
    return table_of(columns, running)


def _last_year(unit: Mapping[str, Any]) -> Text:
    if unit["never"]:
        return both("report.unit_never")
    if unit["unsure_to"] is not None:
        return both("report.unit_unsure_to", year=unit["last_year"], unsure=unit["unsure_to"])
    return figure_year(unit["last_year"])


def _slug(row: Mapping[str, str]) -> str:
    return row["unit"].replace(" ", "_")


def _zone_table(run: RunFiles, zones: Mapping[str, Mapping[str, Any]]) -> Table:
    titles = run.scenario["zones"]
    columns: list[Column[str]] = [
        column("zone", lambda id: titles[id]["title"]),
        column("free_from", lambda id: figure_year(zones[id]["no_longer_in_use_from"])),
        column("land_class", lambda id: zones[id]["class_title"] or NOT_KNOWN),
        column("holder", lambda id: zones[id]["holder"] or NOT_KNOWN),
        column("permit_until", lambda id: _permit(zones[id]["permit"])),
        column("land_state", lambda id: _state(zones[id], run)),
        column("area", lambda id: _area(zones[id]), "number"),
        column("outstanding", lambda id: _needs(zones[id]["outstanding"])),
        column("next_step", lambda id: zones[id]["next_step"]),
        column("confidence", lambda id: trust(zones[id]["confidence"])),
    ]
    return table_of(columns, zones)


def _land(found: Mapping[str, Any], run: RunFiles) -> list[Block]:
    """Tell how much of the land with an outline is in which state, and what it is open for."""
    parts = [
        both("report.land_in_state", state=both(f"timeline.state.{state}"), land=land(rai))
        for state, rai in found["by_state_rai"].items()
        if rai
    ]
    opened = [
        both("report.land_open_for", use=run.scenario["uses"][use]["title"], land=land(rai))
        for use, rai in found["open_for_rai"].items()
    ]
    told = [joined(parts, "; "), joined(opened, "; ") if opened else both("report.land_open_none")]
    return [Paragraph(one) for one in told]


def _permit(permit: Mapping[str, Any] | None) -> Text:
    """Name the last year of a permit; a dash where no permit or no end is known."""
    return NOT_KNOWN if permit is None else figure_year(permit["until"])


def _state(zone: Mapping[str, Any], run: RunFiles) -> Text:
    state = both(f"timeline.state.{zone['state']}")
    uses = [run.scenario["uses"][use]["title"] for use in zone["open_for"]]
    if not uses:
        return state
    if zone["supposed"]:
        return both("report.open_for_supposed", state=state, uses=joined(uses))
    return both("report.open_for", state=state, uses=joined(uses))


def _area(zone: Mapping[str, Any]) -> Text:
    if zone["area_low_rai"] is None or zone["area_high_rai"] is None:
        return land(zone["area_rai"])
    return range_of(zone["area_low_rai"], zone["area_rai"], zone["area_high_rai"], 0)


def _needs(outstanding: Sequence[Need]) -> Text:
    return joined([asked_of(need) for need in outstanding])


def figure_year(year: Any) -> Text:
    """Write a year, Buddhist Era; a dash where it is not known."""
    return NOT_KNOWN if is_missing(year) or year == "" else same(f"{int(year)}")
