"""The path after coal of a run: units of the table, years as rows, the chart, the record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units as area_units
from maemoh_gis.core.messages import LANGUAGES, Text, both, text
from maemoh_gis.files import write_csv, write_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.phase_out.path import (
    LAST_YEAR,
    Unit,
    YearFacts,
)
from maemoh_gis.phase_out.register import entry_of, land_by_state, land_of_zone
from maemoh_gis.phase_out.units import path_of, units_of
from maemoh_gis.pictures.timeline_chart import Band, Panel, Series, TimelineChart, timeline_svg
from maemoh_gis.presentation.words import rounded
from maemoh_gis.scenario.in_year import free_year

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.phase_out.path import Amount, Quantity
    from maemoh_gis.scenario.resolve import Resolved
    from maemoh_gis.scenario.settings.phase_out import Zone
    from maemoh_gis.scenario.settings.scenario import Scenario

COLUMNS = (
    "year_be", "kind", "id", "title_th", "title_en", "state", "state_th", "state_en",
    "low", "central", "high", "unit", "area_ha", "confidence", "nature", "nature_th", "nature_en",
)  # fmt: skip
AMOUNT_UNITS: Mapping[Quantity, str] = {
    "lignite_mt": "mt", "fly_ash_mt": "mt", "gypsum_mt": "mt", "freight_mt": "mt",
    "ash_wanting_mt": "mt", "pond_ash_mt": "mt", "lorries_fewer_a_day": "lorries",
    "water_freed_mm3": "mm3", "jobs_exposed": "jobs", "plant_jobs": "jobs", "mine_jobs": "jobs",
}  # fmt: skip
_ZONE_COLOURS = {
    "in_use": "#9aa0a6",
    "ended_not_returned": "#8c564b",
    "closed": "#b3261e",
    "conditional": "#e0a100",
    "open": "#3949ab",
    "restoration": "#1b7f5c",
}
STATE_COLOURS = _ZONE_COLOURS | {"single_track": "#d0d4d8", "double_track": "#1b3a5c"}
"""Colour of each state of a zone or a section of railway."""


def write_timeline(results: Results, folder: Path) -> dict[str, str]:
    """Write the path of a run as a table and as a picture."""
    resolved, catalog = results.resolved, results.catalog
    if resolved.scenario.timeline is None:
        return {}
    rows = [_note_row(), *timeline_rows(resolved, catalog)]
    chart = timeline_picture(resolved, catalog)
    return {
        "timeline.csv": write_csv(folder / "timeline.csv", COLUMNS, rows, for_excel=True),
        "timeline.svg": write_text(folder / "timeline.svg", chart),
    }


def timeline_chart(results: Results) -> str | None:
    """
    Draw the path of a run for a page.

    SVG without a font of its own; None for a scenario without a timeline.
    """
    if results.resolved.scenario.timeline is None:
        return None
    return timeline_picture(results.resolved, results.catalog, alone=False)


def timeline_rows(resolved: Resolved, catalog: Catalog) -> list[tuple[object, ...]]:
    """Follow a scenario through the years 2560 to 2600 as rows of a table."""
    scenario = resolved.scenario
    areas = zone_areas(scenario, Layers(catalog))
    facts = path_of(resolved, catalog)
    return [row for year in facts for row in _rows(year, scenario, areas)]


def timeline_picture(resolved: Resolved, catalog: Catalog, *, alone: bool = True) -> str:
    """Draw the path of a scenario with a timeline; see `timeline_svg`."""
    units = units_of(resolved, catalog)
    chart = _chart(resolved.scenario, units, path_of(resolved, catalog))
    return timeline_svg(chart, alone=alone)


def timeline_on_record(results: Results) -> dict[str, Any] | None:
    """
    Say what the path leaves in the scenario's year, for `run.json`.

    Units, amounts with range and confidence, rails and zones; None without a timeline.
    """
    scenario = results.resolved.scenario
    if scenario.timeline is None:
        return None
    units = units_of(results.resolved, results.catalog)
    (now,) = path_of(results.resolved, results.catalog, [scenario.year])
    areas = zone_areas(scenario, results.layers)
    return {
        "year": scenario.year,
        "reference_year": scenario.timeline.reference_year,
        "mw": now.mw,
        "mw_not_certain": now.mw_unsure,
        "confidence": now.confidence,
        "units": {
            unit.id: {"title": unit.title, "mw": unit.mw, "start": unit.start,
                      "last_year": unit.last_year,
                      "unsure_to": unit.unsure_to, "never": unit.never,
                      "counted": unit.counted, "confidence": unit.confidence}
            for unit in units
        },
        "amounts": {
            quantity: amount
            and {"low": rounded(amount.low), "central": rounded(amount.central),
                 "high": rounded(amount.high), "confidence": amount.confidence,
                 "observed": amount.observed}
            for quantity, amount in now.amounts.items()
        },
        "double_track": dict(now.double_track),
        "zones": {
            id: {
                "state": now.zones[id],
                "no_longer_in_use_from": free_year(zone, scenario),
                "area_rai": areas[id],
                "returns_to": zone.returns_to.both(),
                "documents": [document.title.both() for document in zone.basis],
                "confidence": zone.confidence,
                **entry_of(zone, scenario, results.resolved.rules, results.layers),
            }
            for id, zone in scenario.zones.items()
        },
        "land": land_by_state(scenario, results.resolved.rules, results.layers),
    }  # fmt: skip


def zone_areas(scenario: Scenario, layers: Layers) -> dict[str, float | None]:
    """Measure each zone in rai, overlaps in full; None where no outline is known."""
    return {id: _area_rai(zone, scenario.grid.crs, layers) for id, zone in scenario.zones.items()}


def _area_rai(zone: Zone, crs: str, layers: Layers) -> float | None:
    land = land_of_zone(zone, crs, layers)
    return None if land is None else round(area_units.rai_from_m2(float(land.area)), 1)


def _note_row() -> tuple[object, ...]:
    return ("", "note", "", *(both("timeline.note")[x] for x in LANGUAGES), *[""] * 12)


def _rows(
    facts: YearFacts, scenario: Scenario, areas: Mapping[str, float | None]
) -> Iterator[tuple[object, ...]]:
    nothing = ("", "", "")
    for id, value, trust in (
        ("mw", facts.mw, facts.confidence),
        ("mw_not_certain", facts.mw_unsure, "L"),
    ):
        title = both(f"timeline.{id}")
        yield (facts.year, "capacity", id, *title.values(), *nothing, value, value, value, "MW",
               "", trust, *nothing)  # fmt: skip
    for quantity, amount in facts.amounts.items():
        unit = text(f"timeline.unit.{AMOUNT_UNITS[quantity]}", "en")
        numbers = (amount.low, amount.central, amount.high) if amount else (None, None, None)
        yield (facts.year, "amount", quantity, *both(f"timeline.{quantity}").values(), *nothing,
               *(rounded(n) for n in numbers), unit, "",
               amount.confidence if amount else "",
               *(_nature(amount) if amount else nothing))  # fmt: skip
    for id, double in facts.double_track.items():
        section = scenario.rail[id]
        state = "double_track" if double else "single_track"
        yield (facts.year, "rail", id, section.title.th, section.title.en, state,
               *both(f"timeline.state.{state}").values(), *nothing, "", "",
               section.confidence, *nothing)  # fmt: skip
    for id, of_zone in facts.zones.items():
        zone, area = scenario.zones[id], areas[id]
        ha = None if area is None else round(area * 0.16, 2)
        yield (facts.year, "zone", id, zone.title.th, zone.title.en, of_zone,
               *both(f"timeline.state.{of_zone}").values(), area, area, area, "rai", ha,
               zone.confidence, *nothing)  # fmt: skip


def _nature(amount: Amount) -> tuple[str, ...]:
    nature = "observed" if amount.observed else "modelled"
    return (nature, *both(f"timeline.nature.{nature}").values())


def _chart(scenario: Scenario, units: Sequence[Unit], facts: Sequence[YearFacts]) -> TimelineChart:
    timeline = scenario.timeline
    assert timeline is not None
    drawn = [u for u in units if any(u.id in year.mw_by_unit for year in facts)]
    last_first = sorted(drawn, key=lambda u: (-(u.last_year or LAST_YEAR), u.id))
    stacked = [
        _exact(unit.title, [year.mw_by_unit.get(unit.id, 0.0) for year in facts])
        for unit in last_first
    ]
    groups: tuple[tuple[str, tuple[Quantity, ...]], ...] = (
        ("lignite_mt", ("lignite_mt",)),
        ("by_products", ("fly_ash_mt", "gypsum_mt")),
        ("freight_mt", ("freight_mt", "pond_ash_mt")),
        ("lorries_fewer_a_day", ("lorries_fewer_a_day",)),
        ("water_freed_mm3", ("water_freed_mm3",)),
        ("jobs_exposed", ("jobs_exposed", "plant_jobs", "mine_jobs")),
    )
    told = facts[0].amounts
    panels = [Panel(both("timeline.mw"), both("timeline.unit.mw"), stacked, stacked=True)]
    panels += [
        Panel(both(f"timeline.{id}"), both(f"timeline.unit.{AMOUNT_UNITS[quantities[0]]}"),
              [_series(quantity, facts) for quantity in quantities if quantity in told])
        for id, quantities in groups if quantities[0] in told
    ]  # fmt: skip
    bands = [
        Band(zone.title.both(), [year.zones[id] for year in facts])
        for id, zone in scenario.zones.items()
    ]
    bands += [
        Band(section.title.both(), [_track(year.double_track[id]) for year in facts])
        for id, section in scenario.rail.items()
    ]
    states = {
        state: (both(f"timeline.state.{state}"), colour) for state, colour in STATE_COLOURS.items()
    }
    return TimelineChart(
        scenario.title.both(), [year.year for year in facts], scenario.year,
        timeline.reference_year, panels, bands, states, [both("timeline.note")],
        both("timeline.nature.observed"),
    )  # fmt: skip


def _series(quantity: Quantity, facts: Sequence[YearFacts]) -> Series:
    amounts = [year.amounts[quantity] for year in facts]
    low, central, high = (
        [math.nan if amount is None else getattr(amount, level) for amount in amounts]
        for level in ("low", "central", "high")
    )
    measured = [amount is not None and amount.observed for amount in amounts]
    return Series(both(f"timeline.{quantity}"), low, central, high, measured)


def _exact(title: Text, values: Sequence[float]) -> Series:
    return Series(title, values, values, values)


def _track(double: bool) -> str:  # noqa: FBT001
    return "double_track" if double else "single_track"
