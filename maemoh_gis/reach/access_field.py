"""
Minutes from any point of the land to each of several places, by road.

The roads are solved once, from every node to every place; then any number of points, in any
windows, get the same minutes. A point goes straight to whichever place on the roads makes the whole
way quickest, as travel minutes do, so what it reaches does not depend on where the roads are cut
into edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.engine.assemble import OfNoCell
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import crs_of, place_of
from maemoh_gis.network.ramps import NOT_FROM_THE_LAND, Ramps
from maemoh_gis.network.travel import (
    MINUTES_PER_M_AT_1_KPH,
    fastest_kph,
)

if TYPE_CHECKING:
    from pyproj import CRS

    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.network.edges import Graph


def roads_of(graph: Graph) -> Graph:
    """Take the drawn roads of a network."""
    drawn: Any = [
        (start, end, number)
        for start, end, number, held in graph.edges(keys=True, data=True)
        if held.get("mode") not in NOT_FROM_THE_LAND
    ]
    roads: Graph = graph.edge_subgraph(drawn).copy()
    if roads.number_of_edges() == 0:
        raise LayerError(Fault("network_empty"))
    return roads


@dataclass(init=False, eq=False)
class AccessField(OfNoCell):
    """
    Roads solved towards several places, ready to be read at points.

    Holds a number for every node and place, float64.
    """

    crs: CRS
    walk_kph: float
    most_walk_m: float
    _ends: FloatArray
    _xy: dict[int, tuple[float, float]]
    _fastest_kph: float
    _from_node: FloatArray
    _where: dict[int, int]
    _head: IntArray
    _left: FloatArray

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
        ramps = Ramps(roads)
        heads = np.array([self._where[key[1]] for key in ramps.edges], dtype=np.int64)
        self._head = heads[ramps.edge]
        self._left = np.hstack([ramps.ends, ramps.across[ramps.edge][:, None] - ramps.gone])

    def minutes(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """
        Read the least minutes to each place at points, float64 (n, places), in the CRS of the
        network.

        Straight to any point of the roads within `most_walk_m`, and along them; NaN where none
        there leads to the place.
        """
        from maemoh_gis.network.quickest import in_squares, quickest

        out = np.full((len(x), len(self._ends)), np.nan)
        order = in_squares(x, y)
        for place in range(len(self._ends)):
            onward = self._from_node[self._head, place]
            leads = ~np.isnan(onward)
            ramps = self._left[leads]
            ramps[:, 4:] += onward[leads, None]
            out[:, place] = quickest(
                ramps, x, y, minutes_a_metre=MINUTES_PER_M_AT_1_KPH / self.walk_kph,
                most_m=self.most_walk_m, order=order,
            )[0]  # fmt: skip
        return out

    def minutes_from(self, nodes: Sequence[int]) -> tuple[FloatArray, FloatArray]:
        """
        Give minutes along the roads and least minutes from nodes, each float64 (nodes, places).

        NaN where the roads do not lead there; see `least_minutes`.
        """
        xy = np.array([self._xy[node] for node in nodes])
        known = self._from_node[[self._where[node] for node in nodes]]
        return known, self.least_minutes(xy[:, 0], xy[:, 1])

    def least_minutes(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """
        Give minutes below which no way can be, float64 (n, places), on roads the layer has or
        lacks.

        Straight to each place at the speed of the fastest road; points in the CRS of the network.
        """
        metres = np.hypot(x[:, None] - self._ends[:, 0], y[:, None] - self._ends[:, 1])
        return np.asarray(metres / self._fastest_kph * MINUTES_PER_M_AT_1_KPH)
