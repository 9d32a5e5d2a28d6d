"""Roads as straight ramps along which minutes grow evenly, for `quickest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.network.edges import held_by, line_of
from maemoh_gis.network.pace import PACE, minutes_at

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.network.edges import EdgeKey, Graph

NOT_FROM_THE_LAND = frozenset({"rail", "transfer", "linehaul"})
"""Modes of edges that nobody can set out from in the fields."""
_HAIR_M = 1e-6


class Ramps:
    """
    The roads of a network cut into straight ramps; edges of rail and stated ways are no roads.

    Not a dataclass on purpose: strips would cut its arrays as if they were rasters.
    """

    def __init__(self, graph: Graph) -> None:
        self.edges: list[EdgeKey] = [
            (start, end, number)
            for start, end, number, held in graph.edges(keys=True, data=True)
            if held.get("mode") not in NOT_FROM_THE_LAND
        ]
        if not self.edges:
            raise LayerError(Fault("network_empty"))
        cut = [_cut(graph, key) for key in self.edges]
        self.edge: IntArray = np.repeat(np.arange(len(cut)), [len(ends) for ends, _ in cut])
        """Position among `edges` of the edge each ramp belongs to, (m,)."""
        self.ends: FloatArray = np.concatenate([ends for ends, _ in cut])
        """x1, y1, x2, y2 in the direction of the edge, (m, 4), m."""
        self.gone: FloatArray = np.concatenate([gone for _, gone in cut])
        """Minutes from the start of the edge to both ends, (m, 2)."""
        self.across: FloatArray = np.array(
            [float(held_by(graph, key)["minutes"]) for key in self.edges]
        )
        """Minutes of each edge, (edges,)."""


def _cut(graph: Graph, key: EdgeKey) -> tuple[FloatArray, FloatArray]:
    """Cut an edge at its vertices and where its pace changes; give ends and minutes."""
    held = held_by(graph, key)
    xy = shapely.get_coordinates(line_of(graph, key))
    metres = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    share = metres / metres[-1] if metres[-1] > 0 else np.zeros(len(metres))
    stops = share if held.get(PACE) is None else np.union1d(share, held[PACE][:, 0])
    gone = minutes_at(held, stops) * float(held["minutes"])
    places = np.column_stack([np.interp(stops, share, xy[:, axis]) for axis in (0, 1)])
    ends = np.hstack([places[:-1], places[1:]])
    long = np.hypot(*(places[1:] - places[:-1]).T) > _HAIR_M
    return ends[long], np.column_stack([gone[:-1], gone[1:]])[long]
