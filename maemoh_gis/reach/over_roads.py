"""
What is reached by road at points of the land some way apart, and at any cell between them.

A point goes straight to the junction nearest to it, so its minutes are never less than those over
the best place on the roads: what is reached by the recorded roads is at least what is told. Points
are counted from the origin of the CRS, so a cell reads the same whatever window it lies in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.cells.distance import metres_to_features
from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.assemble import OfNoCell
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.network.edges import edges_of, places_of
from maemoh_gis.network.ramps import NOT_FROM_THE_LAND
from maemoh_gis.network.travel import MINUTES_PER_M_AT_1_KPH

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.spatial import cKDTree

    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.scenario.settings.over_roads import OverRoads

# Sources solved at once, to bound memory; sums go source by source, so it changes no bit.
_AT_ONCE = 64
# Points this many steps beyond the land are measured, so cells at its edge lie between such.
_POINTS_WIDE = 1.5


@dataclass(init=False, eq=False)
class RoadTimes(OfNoCell):
    """The drawn roads of a network, ready to give minutes between any two points of the land."""

    fastest_kph: float
    """The speed at which the quickest road leads from junction to junction, straight."""
    _xy: FloatArray
    _tail: IntArray
    _head: IntArray
    _cost: FloatArray
    _a_metre: float
    _most_walk_m: float

    def __init__(self, graph: Graph, *, walk_kph: float, most_walk_m: float) -> None:
        self._xy, self._tail, self._head, self._cost = xy, tail, head, cost = _drawn(graph)
        self._a_metre = MINUTES_PER_M_AT_1_KPH / walk_kph
        self._most_walk_m = most_walk_m
        metres, some = np.hypot(*(xy[head] - xy[tail]).T), cost > 0
        speed = float((metres[some] / cost[some]).max(initial=0.0) * MINUTES_PER_M_AT_1_KPH)
        self.fastest_kph = max(walk_kph, speed)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what scipy made of the arrays: nobody takes its types from a kept result."""
        return {name: held for name, held in vars(self).items() if name not in ("_matrix", "_tree")}

    @cached_property
    def _matrix(self) -> csr_array:
        from scipy.sparse import csr_array

        count = len(self._xy)
        return csr_array((self._cost, (self._tail, self._head)), shape=(count, count))

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree

        return cKDTree(self._xy)

    def between(
        self, sources: FloatArray, points: FloatArray, *, most: float = np.inf
    ) -> Iterator[tuple[slice, FloatArray]]:
        """
        Give minutes by road from sources (n, 2) to points (m, 2), some sources at a time.

        Yields
        ------
        tuple of slice, float64 array (k, m)
            Which sources, and minutes; infinite where no recorded road leads, or not within `most`.
        """
        from scipy.sparse.csgraph import dijkstra

        start, walk_from = self._nearest(sources)
        end, walk_to = self._nearest(points)
        for first in range(0, len(sources), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            found = np.atleast_2d(dijkstra(self._matrix, indices=start[part], limit=most))
            yield part, found[:, end] + walk_from[part, None] + walk_to

    def beside(self, points: FloatArray) -> BoolArray:
        """Say from which points (m, 2) a recorded road can be gone to, bool (m,)."""
        return np.asarray(np.isfinite(self._nearest(points)[1]))

    def straight(self, sources: FloatArray, points: FloatArray) -> FloatArray:
        """Give minutes below which no way can be, recorded or not, float64 (n, m)."""
        away = sources[:, None] - points
        metres = np.hypot(away[..., 0], away[..., 1])
        return np.asarray(metres / self.fastest_kph * MINUTES_PER_M_AT_1_KPH)

    def _nearest(self, xy: FloatArray) -> tuple[IntArray, FloatArray]:
        """Find the nearest junction of points, and the minutes there; infinite if too far."""
        metres, node = self._tree.query(xy, distance_upper_bound=self._most_walk_m)
        far = np.isinf(metres)
        return np.where(far, 0, node), np.where(far, np.inf, metres * self._a_metre)


def road_times_stage(asked: OverRoads) -> Stage:
    """Make the stage that readies the roads of a network, the same on every grid of one CRS."""
    built = f"network:{asked.network}"
    walk = {"walk_kph": asked.walk_kph, "most_walk_m": asked.most_walk_m}

    def run(_: StageContext, inputs: Mapping[str, Any]) -> RoadTimes:
        return RoadTimes(inputs[built].graph, **walk)

    told = f"{asked.walk_kph}:{asked.most_walk_m}"
    return Stage(f"road_times:{asked.network}:{told}", run, "global", (built,), params=walk)


def _drawn(graph: Graph) -> tuple[FloatArray, IntArray, IntArray, FloatArray]:
    """
    Lay the drawn roads out: junctions, (n, 2), and both ends and minutes of each way between two.

    Of several roads between two junctions the quickest counts.
    """
    roads = [
        (start, end, float(held["minutes"]))
        for start, end, _, held in edges_of(graph)
        if held.get("mode") not in NOT_FROM_THE_LAND
    ]
    if not roads:
        raise LayerError(Fault("network_empty"))
    starts, ends, minutes = (np.array(column) for column in zip(*roads, strict=True))
    ids, place = np.unique(np.concatenate((starts, ends)), return_inverse=True)
    tail, head = place[: len(roads)], place[len(roads) :]
    order = np.lexsort((minutes, head, tail))
    tail, head, minutes = tail[order], head[order], minutes[order]
    first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))
    xy = places_of(graph, ids.tolist())
    return xy, tail[first], head[first], minutes[first]


def within(
    times: RoadTimes,
    places: FloatArray,
    amounts: FloatArray,
    points: FloatArray,
    minutes: float,
    bounded: BoolArray,
) -> tuple[FloatArray, FloatArray]:
    """
    Sum what stands within some minutes by road of points.

    Parameters
    ----------
    times : RoadTimes
        The roads.
    places : float64 array (n, 2)
        Where the amounts stand, m.
    amounts : float64 array (n,)
        Such as people; not negative.
    points : float64 array (m, 2)
        Where one asks, m.
    minutes : float
        The farthest that counts.
    bounded : bool array (m,)
        Points at which the most is asked for; elsewhere it is without end.

    Returns
    -------
    measured : float64 array (m,)
        By the recorded roads; NaN where none can be gone to.
    most : float64 array (m,)
        Within as many minutes straight at the speed of the fastest road, as unrecorded ones may go.
    """
    measured, most = np.zeros(len(points)), np.where(bounded, 0.0, np.inf)
    for part, by_road in times.between(places, points, most=minutes):
        here, amount = by_road <= minutes, amounts[part, None]
        measured += np.where(here, amount, 0.0).sum(axis=0)
        if bounded.any():
            here = here[:, bounded] | (times.straight(places[part], points[bounded]) <= minutes)
            most[bounded] += np.where(here, amount, 0.0).sum(axis=0)
    measured[~times.beside(points)] = np.nan
    return measured, most


def weakened(
    times: RoadTimes, places: FloatArray, amounts: FloatArray, points: FloatArray, half: float
) -> tuple[FloatArray, FloatArray]:
    """
    Sum what stands at places, halved by every `half` minutes by road from them to points.

    Takes and gives what `within` does; unrecorded roads may lead straight at the fastest speed.
    """
    measured, most = np.zeros(len(points)), np.zeros(len(points))
    for part, by_road in times.between(places, points):
        amount = amounts[part, None]
        least = np.minimum(by_road, times.straight(places[part], points))
        measured += (amount * np.exp2(-by_road / half)).sum(axis=0)
        most += (amount * np.exp2(-least / half)).sum(axis=0)
    measured[~times.beside(points)] = np.nan
    return measured, most


@dataclass(init=False, eq=False)
class Lattice(OfNoCell):
    """
    What is reached at the points of a grid of wide cells, read between them along straight lines.

    Its arrays are float32 (rows, cols) of those points.
    """

    grid: Grid
    measured: FloatArray
    most: FloatArray

    def __init__(self, grid: Grid, measured: FloatArray, most: FloatArray) -> None:
        self.grid = grid
        self.measured, self.most = (v.astype(np.float32) for v in (measured, most))

    def measured_at(self, grid: Grid) -> FloatArray:
        """Read what cells reach by the recorded roads, float32 (rows, cols); NaN where a point
        around one is not measured.
        """
        return self._between(self.measured, grid)

    def most_at(self, grid: Grid, measured: FloatArray) -> FloatArray:
        """Read the most that cells may reach, float32 (rows, cols), never below what they do."""
        open_end = np.isinf(self.most)
        if open_end.all():
            return np.full(grid.shape, np.inf, dtype=np.float32)
        most = self._between(np.where(open_end, np.float32(0.0), self.most), grid)
        most[self._between(open_end.astype(np.float32), grid) > 0] = np.inf
        return np.asarray(np.fmax(most, measured))

    def _between(self, values: FloatArray, grid: Grid) -> FloatArray:
        """Read values at cell centres, float32 (rows, cols); NaN outside the points."""
        step = self.grid.cell_m
        col, row = (grid.x - self.grid.x[0]) / step, (self.grid.y[0] - grid.y) / step
        rows, down = _split(row, self.grid.rows)
        cols, right = _split(col, self.grid.cols)
        upper, lower = (
            _mixed(values[r][:, cols], values[r][:, cols + 1], right) for r in (rows, rows + 1)
        )
        found = _mixed(upper, lower, down[:, None])
        outside = ((row < 0) | (row > self.grid.rows - 1))[:, None]
        outside = outside | (col < 0) | (col > self.grid.cols - 1)
        found[np.broadcast_to(outside, found.shape)] = np.nan
        return found


def _split(place: FloatArray, count: int) -> tuple[IntArray, FloatArray]:
    """Part places along an axis into the point before each and the way on to the next."""
    before = np.clip(np.floor(place), 0, count - 2).astype(np.int64)
    return before, (place - before).astype(np.float32)


def _mixed(one: FloatArray, other: FloatArray, share: FloatArray) -> FloatArray:
    """Mix two values; at either, what the other is does not count, were it unknown."""
    between = one * (1 - share) + other * share
    if ((share > 0) & (share < 1)).all():
        return between
    return np.where(share <= 0, one, np.where(share >= 1, other, between))


def cells_stages(name: str, lattice: str) -> Iterator[Stage]:
    """
    Make the stages that read a lattice at the cells of a grid.

    Yields
    ------
    Stage
        `reached_at:NAME`, by the recorded roads, and `reached_most:NAME`; both float32 arrays.
    """
    at = f"reached_at:{name}"
    yield Stage(at, lambda b, i: i[lattice].measured_at(b.grid), "local", (lattice,))
    yield Stage(
        f"reached_most:{name}",
        lambda b, i: i[lattice].most_at(b.grid, i[at]),
        "local",
        (lattice, at),
    )


def points_over(land: np.ndarray, crs: str, every_m: float) -> tuple[Grid, BoolArray]:
    """Lay points over polygons, as cells of a wide grid; which of them are on it or beside it."""
    bounds = shapely.total_bounds(land)
    west, south, east, north = (float(v) for v in bounds)
    grid = Grid.covering((west, south, east, north), crs=crs, cell_m=every_m, pad_m=2 * every_m)
    beside_m = _POINTS_WIDE * every_m
    return grid, metres_to_features(land, grid, beside_m + 1.0) <= beside_m
