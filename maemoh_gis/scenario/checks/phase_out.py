"""Whether a timeline and its zones fit the catalog and the rest of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.layers.table_schemas import UNITS
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
        if f"zone_{id}" in scenario.limits or f"zone_{id}" in scenario.inclusions:
            yield document.fault("zone_name_taken", where, found=f"zone_{id}")


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
