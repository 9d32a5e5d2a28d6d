"""
Minutes from any point of the land to each of several places, by road.

The roads are solved once, from every node to every place; then any number of points, in any
windows, get the same minutes. A point goes straight to the nearest road, as travel minutes do, and
from there on along it either way, so what it reaches does not depend on where the roads are cut
into edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.errors import Fault, LayerError
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import crs_of, pieces_of, place_of, same_way
from maemoh_gis.network.travel import (
    MINUTES_PER_M_AT_1_KPH,
    NOT_FROM_THE_LAND,
    fastest_kph,
)

if TYPE_CHECKING:
    from maemoh_gis._types import FloatArray, IntArray
    from maemoh_gis.network.edges import Graph


def roads_of(graph: Graph) -> Graph:
    """
    Take the drawn roads of a network.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        A network, maybe with rails, transfers and stated ways.

    Returns
    -------
    networkx.MultiDiGraph
        A copy without them.

    Raises
    ------
    LayerError
        If it has no roads.
    """
    drawn: Any = [
        (start, end, number)
        for start, end, number, held in graph.edges(keys=True, data=True)
        if held.get("mode") not in NOT_FROM_THE_LAND
    ]
    roads: Graph = graph.edge_subgraph(drawn).copy()
    if roads.number_of_edges() == 0:
        raise LayerError(Fault("network_empty"))
    return roads


class AccessField:
    """
    Roads solved towards several places, ready to be read at points.

    Parameters
    ----------
    roads : networkx.MultiDiGraph
        Roads with `minutes`.
    ends : sequence of int
        Nodes of the places.
    walk_kph : float
        Speed off the roads, km/h, above 0.
    most_walk_m : float
        Farthest one goes off the roads, m.

    Raises
    ------
    LayerError
        If there is no place, or one is not in the network.

    Notes
    -----
    Holds a number for every node and place, float64. Not a dataclass on purpose: strips would cut
    its arrays as if they were rasters.
    """

    def __init__(
        self, roads: Graph, ends: Sequence[int], *, walk_kph: float, most_walk_m: float
    ) -> None:
        if not ends:
            raise LayerError(Fault("no_origin"))
        self.crs = crs_of(roads)
        self.walk_kph, self.most_walk_m = walk_kph, most_walk_m
        self._ends = np.array([place_of(roads, node) for node in ends])
        self._xy = {node: place_of(roads, node) for node in roads}
        self._fastest_kph = max(walk_kph, fastest_kph(roads))
        # Turned round, ways from the places to the nodes are ways from the nodes to the places.
        back = network_arrays(roads.reverse(copy=False))
        self._from_node = np.ascontiguousarray(least_costs(back, ends).values.T)
        self._where = {int(id): position for position, id in enumerate(back.ids)}
        pieces = pieces_of(roads)
        self._lines = np.array([piece.line for piece in pieces], dtype=object)
        self._tree = shapely.STRtree(self._lines)
        shape = (len(pieces), max(len(piece.edges) for piece in pieces))
        self._across = np.full(shape, np.nan)
        self._ahead = np.zeros(shape, dtype=bool)
        self._head: IntArray = np.zeros(shape, dtype=np.int64)
        for row, piece in enumerate(pieces):
            for col, key in enumerate(piece.edges):
                self._across[row, col] = float(roads.edges[key]["minutes"])
                self._ahead[row, col] = same_way(roads, key, piece.line)
                self._head[row, col] = self._where[key[1]]

    def minutes(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """
        Read minutes at points.

        Parameters
        ----------
        x, y : float64 array (n,)
            Points in the CRS of the network.

        Returns
        -------
        float64 array (n, places)
            Straight to the nearest point of the roads, and along them to each place; NaN where the
            roads are farther than `most_walk_m` or do not lead there.
        """
        points = np.asarray(shapely.points(x, y), dtype=object)
        out = np.full((len(points), len(self._ends)), np.nan)
        (point, piece), walk = self._tree.query_nearest(
            points, max_distance=self.most_walk_m, return_distance=True
        )
        if not len(point):
            return out
        order = np.lexsort((piece, point))
        point, piece, walk = point[order], piece[order], walk[order]
        share = np.asarray(
            shapely.line_locate_point(self._lines[piece], points[point], normalized=True)
        )
        left = np.where(self._ahead[piece], 1.0 - share[:, None], share[:, None])
        onward = left * self._across[piece]
        ways = np.full((len(point), len(self._ends)), np.nan)
        for edge in range(onward.shape[1]):
            there = onward[:, edge, None] + self._from_node[self._head[piece, edge]]
            ways = np.fmin(ways, there)
        ways += (walk / self.walk_kph * MINUTES_PER_M_AT_1_KPH)[:, None]
        # A point as near to several pieces, as at a junction, takes the quickest of them.
        reached, first = np.unique(point, return_index=True)
        out[reached] = np.fmin.reduceat(ways, first, axis=0)
        return out

    def minutes_from(self, nodes: Sequence[int]) -> tuple[FloatArray, FloatArray]:
        """
        Give minutes from nodes of the roads.

        Parameters
        ----------
        nodes : sequence of int
            Nodes of the roads.

        Returns
        -------
        minutes : float64 array (nodes, places)
            Along the roads; NaN where they do not lead there.
        least : float64 array (nodes, places)
            As `least_minutes`.
        """
        xy = np.array([self._xy[node] for node in nodes])
        known = self._from_node[[self._where[node] for node in nodes]]
        return known, self.least_minutes(xy[:, 0], xy[:, 1])

    def least_minutes(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """
        Give minutes below which no way can be, on roads the layer has or lacks.

        Parameters
        ----------
        x, y : float64 array (n,)
            Points in the CRS of the network.

        Returns
        -------
        float64 array (n, places)
            Straight to each place at the speed of the fastest road.
        """
        metres = np.hypot(x[:, None] - self._ends[:, 0], y[:, None] - self._ends[:, 1])
        return np.asarray(metres / self._fastest_kph * MINUTES_PER_M_AT_1_KPH)
