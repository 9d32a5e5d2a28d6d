"""Whether what a scenario says of ways to its places fits its limits and the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.core.units import same_unit
from maemoh_gis.scenario.settings.parts import VECTORS

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.links import Links, Way
    from maemoh_gis.scenario.settings.scenario import Scenario

_SLOPE, _METRES = "percent", "m"


def link_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find layers, classes and limits that do not exist, and laws that a way would pass."""
    links = scenario.links
    if links is None:
        return
    for key, unit in (("slope", _SLOPE), ("heights", _METRES)):
        layer = yield from checker.read_layer(getattr(links, key), ("links", key), {"raster"})
        if layer is not None and not same_unit(unit, layer.unit or ""):
            yield checker.document.fault(
                "link_unit", ("links", key), found=layer.unit or "–", expected=unit
            )
    for place, one in links.selections():
        if not (one.may_be_absent and one.layer not in checker.catalog.layers):
            yield from checker.selection(one, ("links", *place), VECTORS)
    yield from _ways(links, scenario, checker)


def _ways(links: Links, scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    land = yield from checker.read_layer(links.land, ("links", "land"), {"raster"})
    for id, way in links.ways.items():
        path = ("links", "ways", id)
        if land is not None:
            yield from checker.classes(land, way.land_costs, (*path, "land_costs"), each=True)
        yield from _passes(way, scenario, checker, (*path, "passes"))


def _passes(
    way: Way, scenario: Scenario, checker: Checker, path: tuple[str, ...]
) -> Iterator[Fault]:
    zones = [f"zone_{id}" for id, zone in scenario.zones.items() if zone.layer is not None]
    for name in way.passes:
        if name not in scenario.limits:
            yield from checker.name("unknown_limit", path, name, [*scenario.limits, *zones])
        elif scenario.limits[name].ground == "law":
            yield checker.document.fault("link_passes_law", path, found=name)
