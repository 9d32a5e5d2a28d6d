"""The path after coal of a run: units of the table, years as rows, the chart, the record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from maemoh_gis import units as area_units
from maemoh_gis.errors import Fault, FormatError, raise_if_blocked
from maemoh_gis.files import read_csv, write_csv, write_text
from maemoh_gis.formats import Confidence, Words, nearest
from maemoh_gis.language import LANGUAGES, text
from maemoh_gis.layers.load import Layers
from maemoh_gis.maps.timeline_chart import Band, Panel, Series, TimelineChart, timeline_svg
from maemoh_gis.scenarios.timeline import EFFICIENT, LAST_YEAR, Unit, YearFacts, free_year, path
from maemoh_gis.scenarios.timeline_model import UnitPlan

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.maps.content import Text
    from maemoh_gis.scenarios.model import Scenario
    from maemoh_gis.scenarios.resolve import Resolved
    from maemoh_gis.scenarios.timeline import Quantity
    from maemoh_gis.scenarios.timeline_model import Zone
    from maemoh_gis.workflow.run import Results

COLUMNS = (
    "year_be", "kind", "id", "title_th", "title_en", "state", "state_th", "state_en",
    "low", "central", "high", "unit", "area_ha", "confidence",
)  # fmt: skip
_RAN = frozenset({"operating", "retired"})
AMOUNT_UNITS: Mapping[Quantity, str] = {
    "lignite_mt": "mt", "fly_ash_mt": "mt", "gypsum_mt": "mt", "freight_mt": "mt",
    "water_freed_mm3": "mm3", "jobs_exposed": "jobs",
}  # fmt: skip
_ZONE_COLOURS = {"in_use": "#9aa0a6", "closed": "#b3261e", "conditional": "#e0a100",
           "settled": "#1b7f5c"}  # fmt: skip
STATE_COLOURS = _ZONE_COLOURS | {"single_track": "#d0d4d8", "double_track": "#1b3a5c"}
"""Colour of each state of a zone or a section of railway."""


def units_of(resolved: Resolved, catalog: Catalog) -> list[Unit]:
    """
    Put the units of a scenario together from its timeline and the table of units.

    Parameters
    ----------
    resolved : Resolved
        A scenario that fits the catalog.
    catalog : Catalog
        Its layers.

    Returns
    -------
    list of Unit
        In the order of the table, then units only the scenario names; empty without a timeline.

    Raises
    ------
    FormatError
        If a unit has neither in the scenario nor in the table what it needs.
    LayerError
        If the table is not the one the catalog describes.
    """
    timeline = resolved.written.timeline
    if timeline is None:
        return []
    layers = Layers(catalog)
    layers.checksum(timeline.layer)
    rows = {row["id"]: row for row in read_csv(catalog.path_of(timeline.layer))}
    found: list[Unit] = []
    faults: list[Fault] = []
    for id in dict.fromkeys([*rows, *timeline.units]):
        row, plan = rows.get(id, {}), timeline.units.get(id)
        mw = plan.mw if plan and plan.mw else _number(row.get("gross_mw"))
        start = plan.start if plan and plan.start else _number(row.get("start_year_be"))
        if mw is None or start is None:
            near = nearest(id, rows) or ", ".join(rows)
            place = ("timeline", "units", id)
            faults.append(
                resolved.document.fault("unit_without_facts", place, found=id, expected=near)
            )
            continue
        found.append(_unit(id, row, plan, mw, int(start)))
    raise_if_blocked(faults, FormatError)
    return found


def _unit(id: str, row: Mapping[str, str], plan: UnitPlan | None, mw: float, start: int) -> Unit:
    retire = plan.retire if plan else _number(row.get("retire_year_be"))
    known = row.get("status") in _RAN if row else True
    counted = known if plan is None or plan.counted is None else plan.counted
    trust = plan.confidence if plan else cast("Confidence", row.get("retire_confidence") or "L")
    title = Words(th=row.get("name_th") or id, en=row.get("name_en") or id)
    efficient = row.get("technology") == EFFICIENT
    last = None if retire is None else int(retire)
    return Unit(id, title, mw, start, last, efficient, counted, trust)


def _number(written: str | None) -> float | None:
    return float(written) if written else None


def write_timeline(results: Results, folder: Path) -> dict[str, str]:
    """
    Write the path of a run as a table and as a picture.

    Parameters
    ----------
    results : Results
        What the run computed.
    folder : Path
        Run folder.

    Returns
    -------
    dict of str to str
        Checksum of `timeline.csv` and `timeline.svg`; nothing for a scenario without a timeline.
    """
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

    Parameters
    ----------
    results : Results
        What the run computed.

    Returns
    -------
    str or None
        SVG without a font of its own; None for a scenario without a timeline.
    """
    if results.resolved.scenario.timeline is None:
        return None
    return timeline_picture(results.resolved, results.catalog, alone=False)


def timeline_rows(resolved: Resolved, catalog: Catalog) -> list[tuple[object, ...]]:
    """
    Follow a scenario through the years 2560 to 2600 as rows of a table.

    Parameters
    ----------
    resolved : Resolved
        A scenario with a timeline that fits the catalog.
    catalog : Catalog
        Its layers.

    Returns
    -------
    list of tuple
        One a year and fact, in the order of `COLUMNS`.
    """
    scenario = resolved.scenario
    areas = zone_areas(scenario, Layers(catalog))
    facts = path(scenario, units_of(resolved, catalog))
    return [row for year in facts for row in _rows(year, scenario, areas)]


def timeline_picture(resolved: Resolved, catalog: Catalog, *, alone: bool = True) -> str:
    """
    Draw the path of a scenario with a timeline; see `timeline_svg`.

    Parameters
    ----------
    resolved : Resolved
        A scenario with a timeline that fits the catalog.
    catalog : Catalog
        Its layers.
    alone : bool
        Whether the picture brings its own font.

    Returns
    -------
    str
        SVG.
    """
    units = units_of(resolved, catalog)
    chart = _chart(resolved.scenario, units, path(resolved.scenario, units))
    return timeline_svg(chart, alone=alone)


def timeline_on_record(results: Results) -> dict[str, Any] | None:
    """
    Say what the path leaves in the scenario's year, for `run.json`.

    Parameters
    ----------
    results : Results
        What the run computed.

    Returns
    -------
    dict or None
        Units, amounts with range and confidence, rails and zones; None without a timeline.
    """
    scenario = results.resolved.scenario
    if scenario.timeline is None:
        return None
    units = units_of(results.resolved, results.catalog)
    (now,) = path(scenario, units, [scenario.year])
    areas = zone_areas(scenario, results.layers)
    return {
        "year": scenario.year,
        "reference_year": scenario.timeline.reference_year,
        "mw": now.mw,
        "mw_not_certain": now.mw_unsure,
        "confidence": now.confidence,
        "units": {
            unit.id: {"mw": unit.mw, "start": unit.start, "retire": unit.retire,
                      "counted": unit.counted, "confidence": unit.confidence}
            for unit in units
        },
        "amounts": {
            quantity: amount
            and {"low": rounded(amount.low), "central": rounded(amount.central),
                 "high": rounded(amount.high), "confidence": amount.confidence}
            for quantity, amount in now.amounts.items()
        },
        "double_track": dict(now.double_track),
        "zones": {
            id: {
                "state": now.zones[id],
                "no_longer_in_use_from": free_year(zone, scenario),
                "area_rai": areas[id],
                "returns_to": zone.returns_to.model_dump(),
                "needs": list(zone.needs),
                "outstanding": list(zone.outstanding),
                "documents": [document.title.model_dump() for document in zone.basis],
                "confidence": zone.confidence,
            }
            for id, zone in scenario.zones.items()
        },
    }  # fmt: skip


def zone_areas(scenario: Scenario, layers: Layers) -> dict[str, float | None]:
    """
    Measure the zones of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    layers : Layers
        Its layers.

    Returns
    -------
    dict of str to float or None
        Area in rai by zone, zones that overlap each in full; None where no outline is known.
    """
    return {id: _area_rai(zone, scenario.grid.crs, layers) for id, zone in scenario.zones.items()}


def _area_rai(zone: Zone, crs: str, layers: Layers) -> float | None:
    import shapely

    if zone.layer is None:
        return None
    shapes = layers.shapes(zone.layer, crs, zone.where)
    if zone.within_m is not None:
        shapes = shapely.buffer(shapes, zone.within_m, quad_segs=64)
    return round(area_units.rai_from_m2(float(shapely.union_all(shapes).area)), 1)


def _note_row() -> tuple[object, ...]:
    return ("", "note", "", *(both("timeline.note")[x] for x in LANGUAGES), *[""] * 9)


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
               "", trust)  # fmt: skip
    for quantity, amount in facts.amounts.items():
        unit = text(f"timeline.unit.{AMOUNT_UNITS[quantity]}", "en")
        numbers = (amount.low, amount.central, amount.high) if amount else (None, None, None)
        yield (facts.year, "amount", quantity, *both(f"timeline.{quantity}").values(), *nothing,
               *(rounded(n) for n in numbers), unit, "",
               amount.confidence if amount else "")  # fmt: skip
    for id, double in facts.double_track.items():
        section = scenario.rail[id]
        state = "double_track" if double else "single_track"
        yield (facts.year, "rail", id, section.title.th, section.title.en, state,
               *both(f"timeline.state.{state}").values(), *nothing, "", "",
               section.confidence)  # fmt: skip
    for id, of_zone in facts.zones.items():
        zone, area = scenario.zones[id], areas[id]
        ha = None if area is None else round(area * 0.16, 2)
        yield (facts.year, "zone", id, zone.title.th, zone.title.en, of_zone,
               *both(f"timeline.state.{of_zone}").values(), area, area, area, "rai", ha,
               zone.confidence)  # fmt: skip


def _chart(scenario: Scenario, units: Sequence[Unit], facts: Sequence[YearFacts]) -> TimelineChart:
    timeline = scenario.timeline
    assert timeline is not None
    drawn = [u for u in units if any(u.id in year.mw_by_unit for year in facts)]
    last_first = sorted(drawn, key=lambda u: (-(u.retire or LAST_YEAR + 1), u.id))
    stacked = [
        _exact(unit.title.both(), [year.mw_by_unit.get(unit.id, 0.0) for year in facts])
        for unit in last_first
    ]
    groups: tuple[tuple[str, tuple[Quantity, ...]], ...] = (
        ("lignite_mt", ("lignite_mt",)),
        ("by_products", ("fly_ash_mt", "gypsum_mt")),
        ("freight_mt", ("freight_mt",)),
        ("water_freed_mm3", ("water_freed_mm3",)),
        ("jobs_exposed", ("jobs_exposed",)),
    )
    panels = [Panel(both("timeline.mw"), both("timeline.unit.mw"), stacked, stacked=True)]
    panels += [
        Panel(both(f"timeline.{id}"), both(f"timeline.unit.{AMOUNT_UNITS[quantities[0]]}"),
              [_series(quantity, facts) for quantity in quantities])
        for id, quantities in groups
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
    )  # fmt: skip


def _series(quantity: Quantity, facts: Sequence[YearFacts]) -> Series:
    amounts = [year.amounts[quantity] for year in facts]
    low, central, high = (
        [math.nan if amount is None else getattr(amount, level) for amount in amounts]
        for level in ("low", "central", "high")
    )
    return Series(both(f"timeline.{quantity}"), low, central, high)


def _exact(title: Text, values: Sequence[float]) -> Series:
    return Series(title, values, values, values)


def _track(double: bool) -> str:  # noqa: FBT001
    return "double_track" if double else "single_track"


def rounded(value: float | None) -> float | None:
    """Round a number to six digits that count; None stays None."""
    return None if value is None else float(f"{value:.6g}")


def both(id: str) -> Text:
    """Give the text of an id in both languages."""
    return {language: text(id, language) for language in LANGUAGES}
