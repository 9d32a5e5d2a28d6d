"""Whether a timeline and its zones fit the catalog and the rest of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.layers.table_schemas import AFTER_USE, UNITS
from maemoh_gis.scenario.after_use import rules_of, table_faults
from maemoh_gis.scenario.settings.parts import VECTORS, Selection

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.documents.yaml import Document
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.phase_out import Observed, Zone
    from maemoh_gis.scenario.settings.scenario import Scenario


def timeline_faults(scenario: Scenario, document: Document, checker: Checker) -> Iterator[Fault]:
    """Find names in a timeline and its zones that nothing stands behind."""
    timeline = scenario.timeline
    if timeline is not None:
        yield from checker.read_layer(timeline.layer, ("timeline", "layer"), {"table"}, UNITS.needs)
        if timeline.lignite is not None:
            yield from _observed(timeline.lignite, checker)
        for unit in timeline.work.units:
            work = ("timeline", "work", "units")
            yield from checker.name("unknown_unit", work, unit, timeline.units)
    if scenario.after_use is not None:
        path, columns = ("after_use", "layer"), AFTER_USE.needs
        yield from checker.read_layer(scenario.after_use.layer, path, {"table"}, columns)
        yield from table_faults(scenario, checker.catalog)
    classes = rules_of(scenario, checker.catalog).by_class
    units = timeline.units if timeline else {}
    for id, zone in scenario.zones.items():
        where = ("zones", id)
        yield from _outline(zone, checker, where)
        for unit in zone.units:
            yield from checker.name("unknown_unit", (*where, "units"), unit, units)
        for limit in zone.held_by:
            yield from checker.name("unknown_limit", (*where, "held_by"), limit, scenario.limits)
        for use in zone.approved_after_use:
            yield from checker.name(
                "unknown_use", (*where, "approved_after_use"), use, scenario.uses
            )
        # A table that cannot be read is told once, not again of every zone.
        if zone.land_class is not None and (classes or scenario.after_use is None):
            at = (*where, "land_class")
            yield from checker.name("unknown_land_class", at, zone.land_class, classes)
        yield from _documents(zone, scenario, checker, where)
        if taken := _taken(id, scenario):
            yield document.fault("zone_name_taken", where, found=taken)


def _taken(id: str, scenario: Scenario) -> str | None:
    """Name a limit or inclusion that a zone would make and the scenario already has."""
    made = [f"zone_{id}", *(f"zone_{id}_{use}" for use in scenario.uses)]
    made += [f"{name}_open" for name in made[1:]]
    there = scenario.limits.keys() | scenario.inclusions.keys()
    return next((name for name in made if name in there), None)


def _documents(
    zone: Zone, scenario: Scenario, checker: Checker, path: tuple[str, ...]
) -> Iterator[Fault]:
    """Find uses no document can name, and dates to come of what is said to exist."""
    for paper in zone.basis:
        for use in paper.uses:
            yield from checker.name("unknown_use", (*path, "basis"), use, scenario.uses)
        last = scenario.timeline.reference_year + 1 if scenario.timeline else paper.year
        if paper.year > last and not paper.supposed:
            yield checker.document.fault(
                "document_to_come", (*path, "basis"), found=paper.date, expected=str(last)
            )


def _observed(observed: Observed, checker: Checker) -> Iterator[Fault]:
    path = ("timeline", "lignite")
    layer = yield from checker.read_layer(observed.layer, (*path, "layer"), {"table"})
    if layer is None:
        return
    columns = {"year_column": observed.year_column, "value_column": observed.value_column}
    if observed.months_column is not None:
        columns["months_column"] = observed.months_column
    for key, column in columns.items():
        yield from checker.name("unknown_column", (*path, key), column, layer.columns)
    for column in observed.where:
        yield from checker.name("unknown_column", (*path, "where"), column, layer.columns)


def _outline(zone: Zone, checker: Checker, path: tuple[str, ...]) -> Iterator[Fault]:
    if zone.layer is None:
        return
    kinds = {"polygons"} if zone.within_m is None else VECTORS
    yield from checker.selection(Selection(layer=zone.layer, where=zone.where), path, kinds)
