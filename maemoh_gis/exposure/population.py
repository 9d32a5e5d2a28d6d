"""How many people live near land, where only subdistricts are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.around import zone_figure
from maemoh_gis.cells.distance import metres_to_features
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.exposure.homes import (
    Placed,
    central_shares,
    estimates_of,
    extreme,
    layers_there,
)
from maemoh_gis.layers.table_schemas import POPULATION

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.engine.results import Results
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.exposure import Exposure
    from maemoh_gis.scenario.settings.scenario import Scenario

PEOPLE = "people"
_CELL_M = 100.0
_NAN = float("nan")


@dataclass(frozen=True)
class People:
    """People of the counted subdistricts, placed on cells by several estimates."""

    grid: Grid
    """The cells."""
    zone: IntArray
    """Place in `counts` of the subdistrict of each cell, from 1; 0 outside all, (rows, cols)."""
    counts: FloatArray
    """People of each counted subdistrict, float64 (subdistricts,)."""
    placed: tuple[Placed, ...]
    """The estimates."""
    believed: tuple[tuple[float, float], ...]
    """Share of the people in the central figure, and greatest share, of each estimate."""
    counted: BaseGeometry
    """Land of the counted subdistricts."""
    subdistricts: tuple[tuple[BaseGeometry, float], ...] = ()
    """Land of each counted subdistrict with the people counted there."""

    @cached_property
    def cells_of(self) -> IntArray:
        """Count the cells of each subdistrict, int64 (subdistricts,)."""
        return np.bincount(self.zone.ravel(), minlength=len(self.counts) + 1)[1:]

    @cached_property
    def without_cells(self) -> tuple[tuple[BaseGeometry, float], ...]:
        """List subdistricts that hold the centre of no cell, whose people no estimate places."""
        held = zip(self.subdistricts, self.cells_of.tolist(), strict=False)
        return tuple(one for one, cells in held if cells == 0)


@dataclass(frozen=True)
class Near:
    """People within a distance of some land; NaN where none of the land around is counted."""

    low: float
    """Least that any mixture of the estimates puts there."""
    central: float
    """What the central mixture puts there."""
    high: float
    """Most that any mixture of the estimates puts there."""
    uncounted_share: float
    """Share of the land within the distance that lies in no counted subdistrict."""
    certain: tuple[float, float] = (0.0, _NAN)
    """Least and greatest number of people the counts allow, wherever in its subdistrict each of
    them lives; NaN is without an upper end."""


def near(land: BaseGeometry, people: People, radii_m: Sequence[float]) -> list[Near]:
    """Count the people within several distances of some land in their CRS, each once."""
    around = _window(land, people, max(radii_m))
    shapely.prepare(people.counted)
    return [_within(land, people, radius, around) for radius in radii_m]


@dataclass(frozen=True)
class _Window:
    """Cells around some land."""

    metres: FloatArray
    """From each cell to the land, (cells,)."""
    zone: IntArray
    """Subdistrict of each cell, (cells,)."""
    placed: list[FloatArray]
    """People of each estimate in each cell, (cells,)."""


def _window(land: BaseGeometry, people: People, radius_m: float) -> _Window | None:
    """Cut out what lies within reach; None where no cell of the people does."""
    whole = people.grid
    west, south, east, north = land.bounds
    reach = Grid.covering(
        (west, south, east, north), crs=whole.crs, cell_m=whole.cell_m, pad_m=radius_m
    )
    row0, col0 = max(reach.row0, whole.row0), max(reach.col0, whole.col0)
    row1 = min(reach.row0 + reach.rows, whole.row0 + whole.rows)
    col1 = min(reach.col0 + reach.cols, whole.col0 + whole.cols)
    if row0 >= row1 or col0 >= col1:
        return None
    part = Grid(whole.crs, whole.cell_m, col0, row0, row1 - row0, col1 - col0)
    metres = metres_to_features(np.array([land], dtype=object), part, radius_m + 1.0)
    zone = people.zone[whole.window_of(part)]
    return _Window(metres.ravel(), zone.ravel(), [_cut(one, whole, part) for one in people.placed])


def _cut(one: Placed, whole: Grid, part: Grid) -> FloatArray:
    """Give the people of an estimate in the cells of a part of its grid."""
    rows, cols = whole.window_of(part)
    first, end = np.searchsorted(one.at, [rows.start * whole.cols, rows.stop * whole.cols])
    row, col = np.divmod(one.at[first:end], whole.cols)
    inside = (col >= cols.start) & (col < cols.stop)
    found = np.zeros(part.rows * part.cols)
    at = (row[inside] - rows.start) * part.cols + col[inside] - cols.start
    found[at] = one.people[first:end][inside]
    return found


def _within(land: BaseGeometry, people: People, radius_m: float, window: _Window | None) -> Near:
    around = shapely.buffer(land, radius_m, quad_segs=32)
    if shapely.covers(people.counted, around):
        inside = around.area
    else:
        inside = shapely.intersection(around, people.counted).area
    share = min(1.0, max(0.0, 1.0 - inside / around.area))
    # Rounding of areas must not turn a count that is complete into one that is not.
    share = 0.0 if share < 1e-9 else share
    low, central, high = (_NAN, _NAN, _NAN)
    if inside > 0:
        placed = _between(people, radius_m, window), _without_cells(around, people)
        low, central, high = np.sum(placed, axis=0).tolist()
    return Near(low, central, high, share, _certain(around, people, share))


def _between(people: People, radius_m: float, window: _Window | None) -> tuple[float, float, float]:
    """Give the least, central and greatest number of people over mixtures of the estimates."""
    if window is None:
        return 0.0, 0.0, 0.0
    here = window.metres <= radius_m
    of, n = window.zone[here], len(people.counts) + 1
    cells = np.bincount(of, minlength=n)[1:]
    told = np.array([np.bincount(of, one[here], minlength=n)[1:] for one in window.placed])
    central, most = np.array(people.believed).T
    says = np.array([one.told for one in people.placed])
    shares = central_shares(says, central)
    likely = float((shares * told).sum())
    least, greatest = _open_ends(people, told, cells)
    low = float(extreme(least, most, greatest=False).sum())
    high = float(extreme(greatest, most, greatest=True).sum())
    return min(low, likely), likely, max(high, likely)


def _without_cells(around: BaseGeometry, people: People) -> tuple[float, float, float]:
    """
    Count the people of subdistricts that hold no cell centre, from where their land lies.

    The central figure puts them evenly on it; all or none of them may be on a part of it.
    """
    low = central = high = 0.0
    for land, count in people.without_cells:
        if not around.intersects(land):
            continue
        high += count
        if around.covers(land):
            low, central = low + count, central + count
        else:
            central += count * shapely.intersection(around, land).area / land.area
    return low, central, high


def _open_ends(people: People, told: FloatArray, cells: IntArray) -> tuple[FloatArray, FloatArray]:
    """
    Put in place of what an estimate does not know the least and the most that the counts allow.

    Its people may all live on the land in question, if that has a cell of their subdistrict, or
    none of them, unless it has all cells.
    """
    sure = np.array([one.sure for one in people.placed])
    whole = (cells == people.cells_of) & (cells > 0)
    nobody = np.where(whole, people.counts, 0.0)
    everybody = np.where(cells > 0, people.counts, 0.0)
    return np.where(sure, told, nobody), np.where(sure, told, everybody)


def _certain(around: BaseGeometry, people: People, uncounted_share: float) -> tuple[float, float]:
    """
    Say how many people the counts alone allow on some land.

    Everybody of a subdistrict that lies wholly on the land is there. Of one that it only touches it
    may hold everybody or nobody, since no layer shows every home.
    """
    shapely.prepare(around)
    touched = [(land, n) for land, n in people.subdistricts if around.intersects(land)]
    least = sum(n for land, n in touched if around.covers(land))
    most = sum(n for _, n in touched)
    return float(least), _NAN if uncounted_share > 0 else float(most)


def people_stages(scenario: Scenario, catalog: Catalog) -> Iterator[Stage]:
    """Put the counted people on the map, where a scenario asks who is near."""
    asked = scenario.exposure
    if asked is None:
        return
    names = [asked.subdistricts, asked.population, *layers_there(asked, catalog)]
    layers = tuple(dict.fromkeys(names))
    homes = {name: one.model_dump() for name, one in asked.homes.items()}
    params = {"homes": homes, "evenly": asked.evenly.model_dump(), "cell_m": _CELL_M}

    def run(context: StageContext, _: object) -> People:
        return people_of(asked, context.layers, context.grid.crs)

    yield Stage(PEOPLE, run, "global", layers=layers, params=params, whole=True)


def people_in(results: Results) -> People | None:
    """Give the people a run put on the map; None where it asks for no exposure."""
    return results.found_as(PEOPLE, People)


def people_of(asked: Exposure, layers: Layers, crs: str) -> People:
    """Place the people of the counted subdistricts by every estimate, in a projected CRS."""
    return _place(asked, layers, _counted(asked, layers, crs), crs)


def people_reached(asked: Exposure, layers: Layers, crs: str, land: BaseGeometry) -> People | None:
    """Place the people of the counted subdistricts alone that some land touches, if there are."""
    counted = _counted(asked, layers, crs)
    reached = counted[counted.intersects(land)]
    return None if reached.empty else _place(asked, layers, reached, crs)


def _counted(asked: Exposure, layers: Layers, crs: str) -> gpd.GeoDataFrame:
    subdistricts = layers.features(asked.subdistricts, crs)
    people = subdistricts["code"].map(population_of(asked, layers))
    return subdistricts.assign(people=people)[people.notna()]


def _place(asked: Exposure, layers: Layers, counted: gpd.GeoDataFrame, crs: str) -> People:
    shapes = np.asarray(counted.geometry.array, dtype=object)
    counts = counted["people"].to_numpy(dtype=np.float64)
    west, south, east, north = (float(v) for v in counted.total_bounds)
    grid = Grid.covering((west, south, east, north), crs=crs, cell_m=_CELL_M)
    numbers = zone_figure(shapes, np.arange(1.0, len(shapes) + 1), grid)
    zone = np.nan_to_num(numbers).astype(np.int16)
    believed = tuple((one.central, one.most) for one in asked.estimates().values())
    placed = tuple(estimates_of(asked, layers, grid, zone, counts))
    lands = tuple(zip(shapes, counts.tolist(), strict=True))
    return People(grid, zone, counts, placed, believed, shapely.union_all(shapes), lands)


def population_of(asked: Exposure, layers: Layers) -> dict[int, float]:
    """Give the people of each counted subdistrict by its code."""
    rows = layers.table(asked.population, POPULATION)
    return {row["code"]: float(row["population"]) for row in rows}
