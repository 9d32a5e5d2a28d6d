"""Whether what a scenario tells of exposure fits the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.layers.table_schemas import POPULATION
from maemoh_gis.scenario.settings.parts import VECTORS

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.exposure import Exposure
    from maemoh_gis.scenario.settings.scenario import Scenario

_COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "subdistricts": ("polygons", ("code", "name_th", "name_en")),
    "population": ("table", POPULATION.needs),
    "land_use": ("raster", ()),
}


def exposure_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find layers, columns, classes and uses that do not exist."""
    asked = scenario.exposure
    if asked is None:
        return
    for key, (kind, columns) in _COLUMNS.items():
        layer = yield from checker.read_layer(
            getattr(asked, key), ("exposure", key), {kind}, columns
        )
        if layer is not None and key == "land_use":
            yield from checker.classes(layer, asked.farms, ("exposure", "farms"))
    yield from _homes(asked, checker)
    yield from _not_homes(asked, checker)
    yield from checker.selection(asked.plant, ("exposure", "plant"), {"points", "polygons"})
    yield from checker.selection(asked.air_stations, ("exposure", "air_stations"), {"points"})
    for use in asked.uses:
        yield from checker.name("unknown_use", ("exposure", "uses", use), use, scenario.uses)


def _homes(asked: Exposure, checker: Checker) -> Iterator[Fault]:
    """Check the layers that show homes, but those that may be absent and are."""
    for name, one in asked.homes.items():
        path = ("exposure", "homes", name)
        if one.may_be_absent and one.layer not in checker.catalog.layers:
            continue
        layer = yield from checker.read_layer(one.layer, (*path, "layer"), {"raster", *VECTORS})
        if layer is None:
            continue
        if layer.kind == "raster":
            yield from checker.classes(layer, one.classes, (*path, "classes"))
        else:
            yield from checker.where(one.where, one.layer, path)
        if (layer.kind == "raster") != bool(one.classes) or (one.classes and one.where):
            yield checker.document.fault("homes_classes", path, found=layer.kind)


def _not_homes(asked: Exposure, checker: Checker) -> Iterator[Fault]:
    """Check the rasters that say where no homes are, but those that may be absent and are."""
    for k, one in enumerate(asked.evenly.not_on):
        path = ("exposure", "evenly", "not_on", str(k))
        if one.may_be_absent and one.layer not in checker.catalog.layers:
            continue
        layer = yield from checker.read_layer(one.layer, path, {"raster"})
        if layer is not None and one.classes is not None:
            yield from checker.classes(layer, one.classes, path)
