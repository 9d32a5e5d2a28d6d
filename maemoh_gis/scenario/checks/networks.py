"""Whether the networks of a scenario can be built from the layers of a catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.layers.table_schemas import DISTANCES
from maemoh_gis.scenario.settings.parts import Selection

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.network import Network
    from maemoh_gis.scenario.settings.scenario import Scenario

_NAMES = ("name_en", "name_th")
_RAIL = ("gauge_mm", "tracks")
_BEYOND = ("name_en", "role")
_DISTANCES = (*DISTANCES.needs, "route", "source")
_PERCENT = "percent"


def network_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find what the layers of a network lack."""
    for id, network in scenario.networks.items():
        yield from _layers(network, checker, ("networks", id))
        yield from _sections(network, scenario, checker, ("networks", id))


def _sections(
    network: Network, scenario: Scenario, checker: Checker, path: tuple[str, ...]
) -> Iterator[Fault]:
    """Refuse a section of railway that `rail` does not know."""
    asked: list[tuple[tuple[str, ...], str | None]] = []
    if network.rail is not None:
        asked.append(((*path, "rail", "double"), network.rail.double))
    if network.linehaul is not None:
        links = network.linehaul.links.items()
        asked += [((*path, "linehaul", "links", id, "double"), link.double) for id, link in links]
    for where, section in asked:
        if section is not None:
            yield from checker.name("unknown_rail_section", where, section, scenario.rail)


def _layers(network: Network, checker: Checker, path: tuple[str, ...]) -> Iterator[Fault]:
    """Check every layer of a network."""
    roads = network.roads
    column = "class" if roads.kph else "speed_kph"
    yield from checker.selection(roads, (*path, "roads"), {"lines"}, (column,))
    if roads.terrain is not None:
        yield from _slope(roads.terrain.slope, checker, (*path, "roads", "terrain", "slope"))
    if network.rail is not None:
        rail, where = network.rail, (*path, "rail")
        yield from checker.selection(rail, where, {"lines"}, _RAIL)
        yield from _points(rail.stations, checker, (*where, "stations"), _NAMES[:1])
    for id, places in network.places.items():
        yield from _points(places, checker, (*path, "places", id), _NAMES)
    if network.linehaul is not None:
        asked, where = network.linehaul, (*path, "linehaul")
        table = Selection(layer=asked.distances)
        yield from checker.selection(table, (*where, "distances"), {"table"}, _DISTANCES)
        for id in asked.places:
            yield from _points(Selection(layer=id), checker, (*where, "places"), _BEYOND)
    if network.origins is not None:
        yield from _points(network.origins, checker, (*path, "origins"), _NAMES)


def _points(
    selection: Selection, checker: Checker, path: tuple[str, ...], columns: tuple[str, ...]
) -> Iterator[Fault]:
    """Check a choice of places, each of which has a name."""
    yield from checker.selection(selection, path, {"points"}, columns)
    if selection.layer in checker.catalog.layers:
        names = [column for column in columns if column in _NAMES]
        yield from checker.named(selection, (*path, "layer"), names)


def _slope(id: str, checker: Checker, path: tuple[str, ...]) -> Iterator[Fault]:
    """Check that the ground is a raster in percent."""
    layer = yield from checker.read_layer(id, path, {"raster"})
    if layer is not None and layer.kind == "raster" and layer.unit != _PERCENT:
        yield checker.document.fault("wrong_unit", path, found=layer.unit, expected=_PERCENT)
