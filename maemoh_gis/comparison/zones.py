"""Districts and subdistricts of a comparison: who gains land, whose farm land is taken."""

from __future__ import annotations

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cells.around import zone_figure
from maemoh_gis.core.types import IntArray
from maemoh_gis.layers import table_schemas
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid

LEVELS = {"district": "districts", "subdistrict": "subdistricts"}
"""Layer of the zones of each level."""
LAND_USE = ("land_use_map", "land_use")
"""Layers that tell farm land, the best first."""
POPULATION = ("people_by_subdistrict", "subdistrict_population")
"""Tables of people by subdistrict, the best first."""
FARM_CLASSES = ("paddy", "field_crops", "orchards", "vegetables", "other_agriculture")
"""Classes of the land use layer that are farm land. Land farmed outside the growers' register
stands under other land and is not counted."""


_GRADES = ("H", "M", "L", "ASSUMPTION")


@dataclass(frozen=True)
class Zone:
    """A district or a subdistrict."""

    level: str
    code: str
    name: Mapping[str, str]
    district: str
    """Code of the district it is or lies in."""


@dataclass(frozen=True)
class People:
    """People counted in a zone."""

    count: int | None
    """None where nobody counted."""
    year_be: int | None = None
    confidence: str = ""


@dataclass(frozen=True)
class ZoneCells:
    """The zone each cell of a grid lies in."""

    grid: Grid
    numbers: Mapping[str, IntArray]
    """By level, uint16 arrays (rows, cols): 0 outside every zone, else the place of the zone in
    `Zones.zones` from 1."""

    def inside(self, part: Grid) -> dict[str, IntArray]:
        """Give the numbers of the cells of a part of the grid, by level."""
        window = self.grid.window_of(part)
        return {level: numbers[window] for level, numbers in self.numbers.items()}


@dataclass(frozen=True)
class Zones:
    """The zones of a comparison, as the catalog has them."""

    zones: Mapping[str, tuple[Zone, ...]]
    """By level; none where the catalog has no such layer."""
    shapes: Mapping[str, np.ndarray]
    """Polygons in the CRS of the grid, object arrays by level."""
    people: Mapping[str, People] = field(default_factory=dict)
    """By code of the zone."""

    def sizes(self) -> list[tuple[str, int]]:
        """List the levels with their number of zones; `study` alone where there are none."""
        return [(level, len(zones)) for level, zones in self.zones.items()] or [("study", 0)]

    def numbered(self, grid: Grid) -> ZoneCells:
        """Find the zone that each cell of a grid lies in."""
        return ZoneCells(grid, {level: self._number(level, grid) for level, _ in self.sizes()})

    def _number(self, level: str, grid: Grid) -> IntArray:
        found = np.zeros(grid.shape, dtype=np.uint16)
        if self.zones.get(level):
            figures = np.arange(1.0, len(self.zones[level]) + 1)
            figure = zone_figure(self.shapes[level], figures, grid)
            np.copyto(found, figure, casting="unsafe", where=~np.isnan(figure))
        return found


def read_zones(catalog: Catalog, crs: str) -> Zones:
    """Read the zones and the people counted in them."""
    layers = Layers(catalog)
    zones, shapes = {}, {}
    for level, layer in LEVELS.items():
        if layer in catalog.layers:
            frame = layers.features(layer, crs)
            zones[level] = tuple(_zone(level, row) for row in frame.to_dict("records"))
            shapes[level] = np.asarray(frame.geometry.array, dtype=object)
    return Zones(zones, shapes, _people(catalog, layers, zones))


def land_use_of(layers: Container[str]) -> str | None:
    """Name the layer of a catalog, or of a record, that tells farm land."""
    return next((id for id in LAND_USE if id in layers), None)


def population_of(layers: Container[str]) -> str | None:
    """Name the table of a catalog, or of a record, that tells people."""
    return next((id for id in POPULATION if id in layers), None)


def farm_codes(catalog: Catalog, land_use: str) -> list[int]:
    """List the codes of the land use layer that are farm land."""
    classes = catalog[land_use].classes
    return [int(code) for code, named in classes.items() if named.key in FARM_CLASSES]


def _zone(level: str, row: Mapping[Hashable, Any]) -> Zone:
    code = str(row.get("code", ""))
    name = {language: str(row.get(f"name_{language}", "")) for language in ("th", "en")}
    return Zone(level, code, name, str(row.get("district_code", code)))


def _people(
    catalog: Catalog, layers: Layers, zones: Mapping[str, Sequence[Zone]]
) -> dict[str, People]:
    counted_in = population_of(catalog.layers)
    if counted_in is None:
        return {}
    found = {
        str(row["code"]): People(row["population"], row["year_be"], row["confidence"])
        for row in layers.table(counted_in, table_schemas.POPULATION)
    }
    for district in zones.get("district", ()):
        inside = [z.code for z in zones.get("subdistrict", ()) if z.district == district.code]
        counted = [found[code] for code in inside if code in found]
        years = {one.year_be for one in counted}
        if inside and len(counted) == len(inside) and len(years) == 1:
            total = sum(one.count or 0 for one in counted)
            weakest = max((one.confidence for one in counted), key=_GRADES.index)
            found[district.code] = People(total, years.pop(), weakest)
    return found
