"""
Travel minutes from the nearest of several places to any point of the land.

The network is solved once, node by node; then any number of points, in any order and any windows,
get the same minutes. A point is reached straight from whichever place on the roads makes the whole
quickest, at a speed off the roads that the caller states. Nothing knows of cliffs or rivers there,
so that speed is an assumption and its reach is limited. Rails are no way to set out from: only a
station leads from them to the land.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.engine.assemble import OfNoCell
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import courses_of, crs_of, edges_of, held_by, lines_of, place_of
from maemoh_gis.network.ramps import NOT_FROM_THE_LAND, Ramps

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
    from maemoh_gis.network.arrays import NetworkArrays
    from maemoh_gis.network.edges import Graph, Piece

MINUTES_PER_M_AT_1_KPH = 0.06
_NOWHERE = -1


@dataclass(frozen=True)
class Snapped:
    """Points with the stretches of a network that are nearest to them, a row for each pair."""

    count: int
    """Number of points."""
    point: IntArray
    """Position of the point."""
    piece: IntArray
    """Position of the stretch."""
    metres: FloatArray
    """From the point to the stretch."""
    share: FloatArray
    """Of the stretch, from its start to where the point is nearest."""


class Roadside:
    """
    The stretches of a network that one can set out from, found from the land beside them.

    Edges of mode `rail`, `transfer` or `linehaul` cannot be reached from it. For what must not be
    shortened over land, such as km; minutes are read by `TravelField`.
    """

    def __init__(self, graph: Graph, network: NetworkArrays, every: Sequence[Piece]) -> None:
        pieces = [
            piece
            for piece in every
            if held_by(graph, piece.edges[0]).get("mode") not in NOT_FROM_THE_LAND
        ]
        if not pieces:
            raise LayerError(Fault("network_empty"))
        self._lines = np.array([piece.line for piece in pieces], dtype=object)
        self._tree = shapely.STRtree(self._lines)
        shape = (len(pieces), max(len(piece.edges) for piece in pieces))
        self._edge = np.full(shape, _NOWHERE)
        self._ahead = np.zeros(shape, dtype=bool)
        position = {key: index for index, key in enumerate(network.keys)}
        keys = [key for piece in pieces for key in piece.edges]
        at = np.array([(row, col) for row, piece in enumerate(pieces)
                       for col in range(len(piece.edges))]).T  # fmt: skip
        self._edge[*at] = [position[key] for key in keys]
        along = self._lines[at[0]]
        self._ahead[*at] = shapely.equals_exact(lines_of(graph, keys), along, tolerance=0.0)
        self._across = np.where(self._edge == _NOWHERE, np.nan, network.cost[self._edge])
        self._first = network.tail[self._edge]

    def snap(self, x: FloatArray, y: FloatArray, most_m: float) -> Snapped:
        """
        Find the stretches nearest to points, float64 (n,) in the CRS of the network.

        Several rows for a point as near to several stretches, none for one farther than `most_m`.
        """
        points = np.asarray(shapely.points(x, y), dtype=object)
        (point, piece), metres = self._tree.query_nearest(
            points, max_distance=most_m, return_distance=True
        )
        share = np.asarray(
            shapely.line_locate_point(self._lines[piece], points[point], normalized=True)
        )
        return Snapped(len(points), point, piece, metres, share)

    def read(self, at_nodes: FloatArray, snapped: Snapped, *, a_metre: float) -> FloatArray:
        """
        Read costs, float64 (n,), at points that were found beside the network.

        `at_nodes` are those of the nodes of its arrays, NaN where they cannot be reached, `a_metre`
        what the straight way costs from a point to the place on the network that is nearest to it.
        """
        piece = snapped.piece
        share, ahead = snapped.share[:, None], self._ahead[piece]
        way = np.where(ahead, share, 1.0 - share)
        by_edge = at_nodes[self._first[piece]] + way * self._across[piece]
        # A point as near to several pieces, as at a junction, takes the quickest of them.
        least = np.full(snapped.count, np.nan)
        np.fmin.at(least, snapped.point, np.fmin.reduce(by_edge, axis=1) + snapped.metres * a_metre)
        return least


@dataclass(init=False, eq=False)
class TravelField(OfNoCell):
    """A network solved from its origins, ready to be read at points by way of the `Roadside`."""

    crs: str
    """In which its points are, as WKT."""
    walk_kph: float
    most_walk_m: float
    _starts: FloatArray
    _fastest_kph: float
    _ramps: FloatArray
    _origin: IntArray

    def __init__(
        self,
        graph: Graph,
        origins: Sequence[int],
        *,
        walk_kph: float,
        most_walk_m: float,
        network: NetworkArrays | None = None,
    ) -> None:
        """Solve a graph, laid out by minutes as `network` where it is already."""
        if not walk_kph > 0:
            raise LayerError(Fault("speed_missing", key="walk_kph", found=str(walk_kph)))
        if not origins:
            raise LayerError(Fault("no_origin"))
        at_nodes = solved_from(network or network_arrays(graph), origins)
        self.crs = crs_of(graph).to_wkt()
        self.walk_kph, self.most_walk_m = walk_kph, most_walk_m
        self._starts = np.array([place_of(graph, node) for node in origins])
        self._fastest_kph = max(walk_kph, fastest_kph(graph))
        ramps = Ramps(graph)
        start = np.array([at_nodes[key[0]][0] for key in ramps.edges])
        origin = np.array([at_nodes[key[0]][1] for key in ramps.edges], dtype=np.int64)
        whole = np.hstack([ramps.ends, ramps.gone + start[ramps.edge][:, None]])
        reached = ~np.isnan(start)[ramps.edge]
        self._ramps = np.ascontiguousarray(whole[reached])
        self._origin = origin[ramps.edge][reached]

    def at(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, IntArray]:
        """
        Read minutes and the nearest origin at points, arrays (n,) in the CRS of the network.

        The least there is: along the network to any point of it within `most_walk_m`, and from
        there straight; NaN and -1 where no such point can be reached.
        """
        from maemoh_gis.network.quickest import NO_RAMP, quickest

        minutes, ramp = quickest(
            self._ramps, x, y,
            minutes_a_metre=MINUTES_PER_M_AT_1_KPH / self.walk_kph, most_m=self.most_walk_m,
        )  # fmt: skip
        if not len(self._origin):
            return minutes, np.full(len(x), _NOWHERE, dtype=np.int64)
        return minutes, np.where(ramp == NO_RAMP, _NOWHERE, self._origin[ramp])

    def minutes(self, grid: Grid, wanted: BoolArray | None = None) -> FloatArray:
        """Read minutes at the centres of cells, float32 (rows, cols); NaN in those not wanted."""
        self._require_crs(grid)
        cells = np.ones(grid.shape, dtype=bool) if wanted is None else wanted
        found = np.full(grid.shape, np.nan, dtype=np.float32)
        row, col = np.nonzero(cells)
        found[cells] = self.at(grid.x[col], grid.y[row])[0]
        return found

    def nearest_origin(self, grid: Grid) -> IntArray:
        """Give the position of the origin each cell is reached from, int64; -1 for none."""
        self._require_crs(grid)
        x, y = np.meshgrid(grid.x, grid.y)
        return self.at(x.ravel(), y.ravel())[1].reshape(grid.shape)

    def least_minutes(self, grid: Grid, minutes: FloatArray) -> FloatArray:
        """
        Give minutes below which no way can be, on roads the layer has or lacks, float32 (rows,
        cols).

        Straight from the nearest origin at the speed of the fastest edge, and never more than
        `minutes` on the same grid; NaN where that is.
        """
        self._require_crs(grid)
        x, y = np.meshgrid(grid.x, grid.y)
        straight = np.full(grid.shape, np.inf)
        for start_x, start_y in self._starts:
            straight = np.minimum(straight, np.hypot(x - start_x, y - start_y))
        least = (straight / self._fastest_kph * MINUTES_PER_M_AT_1_KPH).astype(np.float32)
        return np.asarray(np.minimum(minutes, least))

    def _require_crs(self, grid: Grid) -> None:
        if CRS(self.crs) != CRS(grid.crs):
            found = CRS(self.crs).name
            raise LayerError(Fault("networks_in_two_crs", found=found, expected=grid.crs))


def solved_from(network: NetworkArrays, origins: Sequence[int]) -> dict[int, tuple[float, int]]:
    """
    Give minutes from the nearest of several origins to each node, and the origin's position.

    The first of several as near; NaN and -1 where there is no way.
    """
    if not origins:
        raise LayerError(Fault("no_origin"))
    every = least_costs(network, origins).values
    origin = np.where(np.isnan(every), np.inf, every).argmin(axis=0)
    least = every[origin, np.arange(network.n)]
    origin = np.where(np.isnan(least), _NOWHERE, origin)
    return {
        int(node): (float(minutes), int(start))
        for node, minutes, start in zip(network.ids, least, origin, strict=True)
    }


def fastest_kph(graph: Graph) -> float:
    """Give the speed of the fastest edge, over its stated length or its course if that is more."""
    edges = [
        ((start, end, number), held)
        for start, end, number, held in edges_of(graph)
        if held.get("mode") != "transfer" and float(held["minutes"]) > 0
    ]
    if not edges:
        return 0.0
    stated = np.array([float(held["length"]) for _, held in edges])
    lines = courses_of(graph, [key for key, _ in edges], [held for _, held in edges])
    metres = np.maximum(stated, shapely.length(lines))
    minutes = np.array([float(held["minutes"]) for _, held in edges])
    return float((metres / minutes).max() * MINUTES_PER_M_AT_1_KPH)
