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
from maemoh_gis.phase_out.register import STRONGEST
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
from maemoh_gis.scenario.after_use import NEEDS
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
    zones = found["zones"]
    blocks += [Heading(both("report.zones")), Paragraph(both("report.register_note"))]
    blocks += _land(found, run)
    if run.has("timeline.svg"):
        blocks.append(picture_of(run, "timeline.svg", both("report.timeline_alt")))
    register = [Heading(both("report.units")), _unit_table(found), _zone_table(run, zones),
                *_paper_table(zones)]  # fmt: skip
    return Section("timeline", both("report.section.timeline"), blocks, details=register)


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


def _land(found: Mapping[str, Any], run: RunFiles) -> list[Block]:
    """Tell how much land is in which state in the year of the run, and for what it is open."""
    told, zones = found["land"], found["zones"]
    states = [state for state in STRONGEST if any(z["state"] == state for z in zones.values())]
    columns: list[Column[str]] = [
        column("land_state", lambda state: both(f"timeline.state.{state}")),
        column("area", lambda state: land(told["by_state_rai"][state]), "number"),
        column("zones", lambda state: _zones_in(state, found, run)),
    ]
    opened = [
        both("report.land_open_for", use=run.scenario["uses"][use]["title"], land=land(rai))
        for use, rai in told["open_for_rai"].items()
    ]
    said = joined(opened, "; ") if opened else both("report.land_open_none")
    return [table_of(columns, states), Paragraph(said)]


def _zones_in(state: str, found: Mapping[str, Any], run: RunFiles) -> Text:
    titles, without = run.scenario["zones"], found["land"]["not_drawn"]
    named = [
        both("report.zone_not_drawn", zone=titles[id]["title"])
        if id in without
        else titles[id]["title"]
        for id, zone in found["zones"].items()
        if zone["state"] == state
    ]
    return joined(named)


def _zone_table(run: RunFiles, zones: Mapping[str, Mapping[str, Any]]) -> Table:
    titles = run.scenario["zones"]
    columns: list[Column[str]] = [
        column("zone", lambda id: _of_whom(titles[id]["title"], zones[id])),
        column("free_from", lambda id: figure_year(zones[id]["no_longer_in_use_from"])),
        column("permit_until", lambda id: _permit(zones[id]["permit"])),
        column("land_state", lambda id: _state(zones[id], run)),
        column("area", lambda id: _area(zones[id]), "number"),
        column("outstanding", lambda id: _needs(zones[id]["outstanding"])),
        column("confidence", lambda id: trust(zones[id]["confidence"])),
    ]
    return table_of(columns, zones)


def _paper_table(zones: Mapping[str, Mapping[str, Any]]) -> list[Block]:
    """List the papers outstanding anywhere, with the office to ask."""
    wanted = {need for zone in zones.values() for need in zone["outstanding"]}
    columns: list[Column[Need]] = [
        column("permit", lambda need: both(f"zone.need.{need}")),
        column("office", lambda need: both(f"zone.office.{need}")),
    ]
    return [table_of(columns, [need for need in NEEDS if need in wanted])] if wanted else []


def _of_whom(title: Text, zone: Mapping[str, Any]) -> Text:
    parts = [part for part in (zone["class_title"], zone["holder"]) if part]
    return both("report.zone_of", zone=title, about=joined(parts)) if parts else title


def _permit(permit: Mapping[str, Any] | None) -> Text:
    """Name the last year of a permit; a dash where no permit or no end is known."""
    return NOT_KNOWN if permit is None else figure_year(permit["until"])


def _state(zone: Mapping[str, Any], run: RunFiles) -> Text:
    uses = joined([run.scenario["uses"][use]["title"] for use in zone["open_for"]])
    if not zone["open_for"]:
        return both(f"timeline.state.{zone['state']}")
    if zone["supposed"]:
        return both("report.open_for_supposed", uses=uses)
    return both("report.open_for", uses=uses)


def _area(zone: Mapping[str, Any]) -> Text:
    if zone["area_low_rai"] is None or zone["area_high_rai"] is None:
        return land(zone["area_rai"])
    rai = range_of(zone["area_low_rai"], zone["area_rai"], zone["area_high_rai"], 0)
    return both("report.rai_range", range=rai)


def _needs(outstanding: Sequence[Need]) -> Text:
    return joined([both(f"zone.need.{need}") for need in outstanding])


def figure_year(year: Any) -> Text:
    """Write a year, Buddhist Era; a dash where it is not known."""
    return NOT_KNOWN if is_missing(year) or year == "" else same(f"{int(year)}")
