"""Whether the networks of a scenario can be built from the layers of a catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maemoh_gis.documents.schema import nearest
from maemoh_gis.layers.table_schemas import DISTANCES
from maemoh_gis.scenario.checks.where import name_faults, where_faults
from maemoh_gis.scenario.settings.parts import Selection

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.documents.yaml import Document
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.network import Network
    from maemoh_gis.scenario.settings.scenario import Scenario

_NAMES = ("name_en", "name_th")
_RAIL = ("gauge_mm", "tracks")
_BEYOND = ("name_en", "role")
_DISTANCES = (*DISTANCES.needs, "route", "source")
_PERCENT = "percent"


def network_faults(scenario: Scenario, document: Document, catalog: Catalog) -> Iterator[Fault]:
    """Find what the layers of a network lack."""
    checker = _Checker(document, catalog)
    for id, network in scenario.networks.items():
        yield from checker.network(network, ("networks", id))
        yield from _sections(network, scenario, document, ("networks", id))


def _sections(
    network: Network, scenario: Scenario, document: Document, path: tuple[str, ...]
) -> Iterator[Fault]:
    """Refuse a section of railway that `rail` does not know."""
    asked: list[tuple[tuple[str, ...], str | None]] = []
    if network.rail is not None:
        asked.append(((*path, "rail", "double"), network.rail.double))
    if network.linehaul is not None:
        links = network.linehaul.links.items()
        asked += [((*path, "linehaul", "links", id, "double"), link.double) for id, link in links]
    for where, section in asked:
        if section is not None and section not in scenario.rail:
            near = nearest(section, scenario.rail) or ", ".join(scenario.rail) or "–"
            yield document.fault("unknown_rail_section", where, found=section, expected=near)


class _Checker:
    """Checks of what a network says about layers."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        self.document = document
        self.catalog = catalog

    def network(self, network: Network, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check every layer of a network."""
        roads = network.roads
        column = "class" if roads.kph else "speed_kph"
        yield from self.selection(roads, (*path, "roads"), "lines", (column,))
        if roads.terrain is not None:
            yield from self.slope(roads.terrain.slope, (*path, "roads", "terrain", "slope"))
        if network.rail is not None:
            rail, where = network.rail, (*path, "rail")
            yield from self.selection(rail, where, "lines", _RAIL)
            yield from self.selection(rail.stations, (*where, "stations"), "points", _NAMES[:1])
        for id, places in network.places.items():
            yield from self.selection(places, (*path, "places", id), "points", _NAMES)
        if network.linehaul is not None:
            asked, where = network.linehaul, (*path, "linehaul")
            table = Selection(layer=asked.distances)
            yield from self.selection(table, (*where, "distances"), "table", _DISTANCES)
            for id in asked.places:
                place = Selection(layer=id)
                yield from self.selection(place, (*where, "places"), "points", _BEYOND)
        if network.origins is not None:
            yield from self.selection(network.origins, (*path, "origins"), "points", _NAMES)

    def selection(
        self, selection: Selection, path: tuple[str, ...], kind: str, columns: Iterable[str]
    ) -> Iterator[Fault]:
        """Check a layer, its kind, the columns it is chosen by and those that are read."""
        id, where = selection.layer, (*path, "layer")
        if id not in self.catalog.layers:
            yield self.document.fault(
                "unknown_layer", where, found=id, expected=self.catalog.near(id)
            )
            return
        layer = self.catalog[id]
        if layer.kind != kind:
            yield self.document.fault("wrong_layer_kind", where, found=layer.kind, expected=kind)
        for column in columns:
            if column not in layer.columns:
                near = nearest(column, layer.columns) or ", ".join(layer.columns) or "–"
                yield self.document.fault("unknown_column", where, found=column, expected=near)
        yield from where_faults(selection.where, id, self.catalog, self.document, path)
        names = [column for column in columns if column in _NAMES and kind == "points"]
        yield from name_faults(names, selection.where, id, self.catalog, self.document, where)

    def slope(self, id: str, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check that the ground is a raster in percent."""
        if id not in self.catalog.layers:
            near = self.catalog.near(id)
            yield self.document.fault("unknown_layer", path, found=id, expected=near)
            return
        layer = self.catalog[id]
        if layer.kind != "raster":
            yield self.document.fault("wrong_layer_kind", path, found=layer.kind, expected="raster")
        elif layer.unit != _PERCENT:
            yield self.document.fault("wrong_unit", path, found=layer.unit, expected=_PERCENT)
