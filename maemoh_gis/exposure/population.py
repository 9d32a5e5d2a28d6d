"""How many people live near land, where only subdistricts are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.cells.around import zone_figure
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.engine.stages import Stage
from maemoh_gis.layers.table_schemas import POPULATION

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.engine.results import Results
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.exposure import Exposure
    from maemoh_gis.scenario.settings.scenario import Scenario

PEOPLE = "people"
_CELL_M = 100.0


@dataclass(frozen=True)
class People:
    """People spread over the homes of the subdistricts that are counted."""

    points: np.ndarray
    """Middles of the cells they are put in, object array (n,) of points."""
    each: FloatArray
    """People in each, float64 (n,)."""
    counted: BaseGeometry
    """Land of the counted subdistricts."""
    subdistricts: tuple[tuple[BaseGeometry, float], ...] = ()
    """Land of each counted subdistrict with the people counted there."""

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The middles, to be found by place."""
        return shapely.STRtree(self.points)

    def __getstate__(self) -> tuple[Any, ...]:
        """Be kept as coordinates: thousands of points one by one take longer than to find them."""
        xy = shapely.get_coordinates(self.points)
        return xy, self.each, self.counted, self.subdistricts

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Make the points from their coordinates."""
        xy, *counted = state
        self.__init__(np.asarray(shapely.points(xy)), *counted)  # type: ignore[misc]


@dataclass(frozen=True)
class Near:
    """People within a distance of some land."""

    at_least: float
    """People of the counted subdistricts; NaN where none of the land around is counted."""
    uncounted_share: float
    """Share of the land within the distance that lies in no counted subdistrict."""
    certain: tuple[float, float] = (0.0, float("nan"))
    """Least and greatest number of people the counts allow, wherever in its subdistrict each of
    them lives; NaN is without an upper end."""


def spread(
    x: FloatArray,
    y: FloatArray,
    code: FloatArray,
    homes: BoolArray,
    population: Mapping[int, float],
    counted: BaseGeometry,
    subdistricts: Sequence[tuple[BaseGeometry, float]] = (),
) -> People:
    """
    Spread the people of each subdistrict evenly over its homes.

    Parameters
    ----------
    x, y : float arrays (n,), m
        Cell centres.
    code : float array (n,)
        Subdistrict of each cell; NaN outside.
    homes : bool array (n,)
        Whether the cell holds homes.
    population : mapping of int to float
        People by subdistrict.
    counted : polygon
        Land of the counted subdistricts.
    subdistricts : sequence of (polygon, float)
        Land and people of each.
    """
    wanted: list[np.ndarray] = []
    shares: list[np.ndarray] = []
    for id, people in population.items():
        mine = code == id
        cells = np.flatnonzero(mine & homes)
        if cells.size == 0:
            cells = np.flatnonzero(mine)
        if cells.size:
            wanted.append(cells)
            shares.append(np.full(cells.size, people / cells.size))
    index = np.concatenate(wanted) if wanted else np.empty(0, dtype=int)
    each = np.concatenate(shares) if shares else np.empty(0)
    return People(shapely.points(x[index], y[index]), each, counted, tuple(subdistricts))


def near(land: BaseGeometry, people: People, radii_m: Sequence[float]) -> list[Near]:
    """Count the people within several distances of some land in their CRS, each once."""
    index = np.sort(people.tree.query(land, predicate="dwithin", distance=max(radii_m)))
    distance, each = shapely.distance(people.points[index], land), people.each[index]
    shapely.prepare(people.counted)
    found = []
    for radius in radii_m:
        around = shapely.buffer(land, radius, quad_segs=32)
        if shapely.covers(people.counted, around):
            inside = around.area
        else:
            inside = shapely.intersection(around, people.counted).area
        share = min(1.0, max(0.0, 1.0 - inside / around.area))
        # Rounding of areas must not turn a count that is complete into one that is not.
        share = 0.0 if share < 1e-9 else share
        total = float(each[distance <= radius].sum()) if inside > 0 else float("nan")
        found.append(Near(total, share, _certain(around, people, share)))
    return found


def _certain(around: BaseGeometry, people: People, uncounted_share: float) -> tuple[float, float]:
    """
    Say how many people the counts alone allow on some land.

    Everybody of a subdistrict that lies wholly on the land is there. Of one that it only touches it
    may hold everybody or nobody: where the homes are is modelled, and where the model has none
    there may be some.
    """
    shapely.prepare(around)
    touched = [(land, n) for land, n in people.subdistricts if around.intersects(land)]
    least = sum(n for land, n in touched if around.covers(land))
    most = sum(n for _, n in touched)
    return float(least), float("nan") if uncounted_share > 0 else float(most)


def people_stages(scenario: Scenario) -> list[Stage]:
    """Put the counted people on the map, where a scenario asks who is near."""
    asked = scenario.exposure
    if asked is None:
        return []
    layers = (asked.subdistricts, asked.population, asked.land_use)
    params = {"homes": asked.homes, "cell_m": _CELL_M}
    return [
        Stage(
            PEOPLE, lambda bench, _: people_of(asked, bench.layers, bench.grid.crs), "global",
            layers=layers, params=params, whole=True,
        )
    ]  # fmt: skip


def people_in(results: Results) -> People | None:
    """Give the people a run put on the map; None where it asks for no exposure."""
    return results.found_as(PEOPLE, People)


def people_of(asked: Exposure, layers: Layers, crs: str) -> People:
    """Put the people of the counted subdistricts on their modelled homes, in a projected CRS."""
    subdistricts = layers.features(asked.subdistricts, crs)
    population = population_of(asked, layers)
    counted = subdistricts[subdistricts["code"].isin(list(population))]
    shapes = np.asarray(counted.geometry.array, dtype=object)
    west, south, east, north = (float(v) for v in counted.total_bounds)
    grid = Grid.covering((west, south, east, north), crs=crs, cell_m=_CELL_M)
    code = zone_figure(shapes, counted["code"].to_numpy(dtype=np.float64), grid)
    homes = np.isin(layers.codes(asked.land_use, grid), codes_of(asked.homes, asked, layers))
    x, y = np.meshgrid(grid.x, grid.y)
    return spread(x.ravel(), y.ravel(), code.ravel(), homes.ravel(), population,
                  shapely.union_all(shapes),
                  [(shape, population[int(id)])
                   for shape, id in zip(shapes, counted["code"], strict=True)])  # fmt: skip


def population_of(asked: Exposure, layers: Layers) -> dict[int, float]:
    """Give the people of each counted subdistrict by its code."""
    rows = layers.table(asked.population, POPULATION)
    return {row["code"]: float(row["population"]) for row in rows}


def codes_of(names: Sequence[str], asked: Exposure, layers: Layers) -> list[int]:
    """Give the codes of land use classes by name."""
    classes = layers.catalog[asked.land_use].classes
    return [int(code) for code, known in classes.items() if known.key in names]
