"""Ways of least cost from every place of a finished run: one cost surface for each kind of way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.cost_distance import accumulated_cost, least_ways
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.linking.barriers import Barriers
from maemoh_gis.linking.ground import Ground, costs_of, ground_of, shapes_of, touched
from maemoh_gis.linking.places import LinkPlace, places_of
from maemoh_gis.linking.route import Grade, crossings, grade_of, line_of, samples_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry import LineString

    from maemoh_gis.linking.ground import Costs
    from maemoh_gis.runs.finished import Run
    from maemoh_gis.scenario.settings.links import Crossed, Links, Way

_LEAST_TOLD_M = 1.0


@dataclass(frozen=True)
class Route:
    """A way that was found."""

    line: LineString
    """From the place to what it joins, in the CRS of the run."""
    joins: Mapping[str, object]
    """Attributes of the feature it joins."""
    plain_km: float
    """Kilometres over open, level ground that it is as dear as."""
    crossings: Mapping[Crossed, int]
    land_m: Mapping[str, float]
    """Metres over each class of land, the longest first; '' is unknown land."""
    passes_m: Mapping[str, float]
    """Metres over land of limits that do not bar it, by limit."""
    along_m: float
    """Metres along lesser ways that are there."""
    unknown_m: float
    """Metres where the run could not test a limit, for want of an input."""
    modelled_m: float
    """Metres over land whose class is modelled."""
    grade: Grade


@dataclass(frozen=True)
class Link:
    """One kind of way for one place."""

    place: LinkPlace
    way: str
    route: Route | None
    """None where no way leads there."""
    barriers: tuple[str, ...] = ()
    """Limits that shut the place in, where no way leads there; empty where nothing is to join."""


@dataclass(frozen=True)
class LinkStudy:
    """All ways of a run."""

    run: Run
    links: Links
    found: Sequence[Link]

    @property
    def places(self) -> list[LinkPlace]:
        """Give the places that were looked at, in order."""
        return list({(one.place.kind, one.place.use, one.place.number): one.place
                     for one in self.found}.values())  # fmt: skip

    @property
    def not_checked(self) -> list[str]:
        """List the limits that no map tells: a way may pass their land unseen."""
        return [
            id for id, one in self.run.scenario.limits.items() if one.test is None and not one.uses
        ]


def study(run: Run) -> LinkStudy:
    """
    Look for every kind of way from every place of a finished run.

    Raises
    ------
    RunError
        If the scenario asks for no ways.
    """
    links = run.scenario.links
    if links is None:
        raise RunError(Fault("run_without", str(run.folder), key="links", found="links"))
    ground = ground_of(run, links, CachedLayers(Layers(run.catalog)))
    yards = [use.yard for use in run.scenario.uses.values() if use.yard is not None]
    steepest = min((yard.greatest_grade_permille for yard in yards), default=math.nan)
    return LinkStudy(run, links, find_links(links, ground, places_of(run), steepest))


def find_links(
    links: Links, ground: Ground, places: Sequence[LinkPlace], yard_permille: float
) -> list[Link]:
    """
    Look for every kind of way from some places, one cost surface for each kind.

    `yard_permille` is the steepest a way may be that states no grade of its own. The ways of a
    place stand together, in the order of the places.
    """
    about = [(place, _about(place, ground.grid)) for place in places]
    by_way = [list(_links(id, links, ground, about, yard_permille)) for id in links.ways]
    return [link for of_place in zip(*by_way, strict=True) for link in of_place]


_Cells = tuple[IntArray, IntArray]
"""Rows and columns (n,)."""


def _links(
    id: str,
    links: Links,
    ground: Ground,
    places: Sequence[tuple[LinkPlace, _Cells]],
    yard_permille: float,
) -> Iterator[Link]:
    """Find one kind of way to all places, over one cost surface."""
    way, cell_m = links.ways[id], ground.grid.cell_m
    costs = costs_of(way, links, ground)
    total = accumulated_cost(costs.sources, costs.per_m, cell_m)
    ends = [_cheapest(total, *cells) for _, cells in places]
    known = np.array([end for end in ends if end is not None], dtype=np.int64).reshape(-1, 2)
    ways = iter(least_ways(total, costs.per_m, cell_m, known))
    drawing = _Drawing(way, links, ground, costs, way.most_permille or yard_permille)
    barriers = Barriers(costs, ground)
    for (place, cells), end in zip(places, ends, strict=True):
        if end is None:
            yield Link(place, id, None, tuple(barriers.around(*cells)))
        else:
            yield Link(place, id, drawing.route(place, next(ways), float(total[end]) / 1000.0))


def _about(place: LinkPlace, grid: Grid) -> _Cells:
    """List the cells of the grid that a place touches."""
    part = Grid.covering(place.shape.bounds, crs=grid.crs, cell_m=grid.cell_m)
    rows, cols = np.nonzero(touched([place.shape], part))
    rows, cols = rows + part.row0 - grid.row0, cols + part.col0 - grid.col0
    there = (rows >= 0) & (cols >= 0) & (rows < grid.rows) & (cols < grid.cols)
    return rows[there], cols[there]


def _cheapest(total: FloatArray, rows: IntArray, cols: IntArray) -> tuple[int, int] | None:
    """Choose the cell of a place that is reached for least; None where none is."""
    costs = total[rows, cols]
    if not np.isfinite(costs).any():  # also where it lies outside the grid
        return None
    at = int(np.nanargmin(costs))
    return int(rows[at]), int(cols[at])


class _Drawing:
    """Draws the ways of one kind and tells what they pass."""

    def __init__(
        self, way: Way, links: Links, ground: Ground, costs: Costs, most_permille: float
    ) -> None:
        self._way, self._ground, self._costs = way, ground, costs
        self._most_permille = most_permille
        self._joined = ground.drawn(way.leads_to)
        self._tree = _tree(self._joined)
        crossed = {kind: links.crossed[kind] for kind in way.crossing_m}
        self._crossed = {kind: _tree(ground.drawn(of)) for kind, of in crossed.items()}
        led = {one.layer for one in way.leads_to}
        self._joins_own = {kind: any(x.layer in led for x in of) for kind, of in crossed.items()}

    def route(self, place: LinkPlace, cells: IntArray, plain_km: float) -> Route:
        """Draw one way; `cells` (n, 2) lead from the place."""
        ground, grid = self._ground, self._ground.grid
        line = line_of(cells, grid, place.shape, self._tree)
        told = samples_of(line, grid)
        passed = [id for id in ground.limits if id not in self._costs.barred]
        over = {id: told.metres(ground.limits[id]) for id in passed}
        return Route(
            line=line,
            joins=self._joins(line),
            plain_km=plain_km,
            crossings={kind: self._crossings(kind, line) for kind in self._crossed},
            land_m=told.by_class(ground.land, ground.classes),
            passes_m={id: metres for id, metres in over.items() if metres >= _LEAST_TOLD_M},
            along_m=told.metres(self._costs.along),
            unknown_m=told.metres(ground.unknown),
            modelled_m=told.metres(ground.modelled),
            grade=self._grade(line),
        )

    def _crossings(self, kind: Crossed, line: LineString) -> int:
        cell_m = self._ground.grid.cell_m
        last_m = line.length - (cell_m if self._joins_own[kind] else 0.0)
        return crossings(line, self._crossed[kind], cell_m, last_m)

    def _grade(self, line: LineString) -> Grade:
        """Tell the grade of a way that is longer than a cell."""
        over_m = self._way.grade_over_m if line.length >= self._ground.grid.cell_m else None
        return grade_of(line, self._ground, over_m, self._most_permille)

    def _joins(self, line: LineString) -> dict[str, object]:
        """Give the attributes of the feature at the far end."""
        at, end = int(self._tree.nearest(shapely.get_point(line, -1))), 0
        for frame in self._joined:
            if at < end + len(frame):
                row: pd.Series = frame.iloc[at - end]
                return {str(k): v for k, v in row.items() if k != frame.geometry.name}
            end += len(frame)
        return {}


def _tree(frames: Sequence[gpd.GeoDataFrame]) -> shapely.STRtree:
    return shapely.STRtree(shapes_of(frames))
