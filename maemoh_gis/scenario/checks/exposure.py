"""Whether what a scenario tells of exposure fits the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.layers.table_schemas import POPULATION

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
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
            for classes in ("homes", "farms"):
                yield from checker.classes(layer, getattr(asked, classes), ("exposure", classes))
    yield from checker.selection(asked.plant, ("exposure", "plant"), {"points", "polygons"})
    yield from checker.selection(asked.air_stations, ("exposure", "air_stations"), {"points"})
    for use in asked.uses:
        yield from checker.name("unknown_use", ("exposure", "uses", use), use, scenario.uses)
