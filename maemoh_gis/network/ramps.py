"""Roads as straight ramps along which minutes grow evenly, for `quickest`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.engine.assemble import OfNoCell
from maemoh_gis.network.edges import courses_of, edges_of
from maemoh_gis.network.pace import PACE

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.network.edges import EdgeKey, Graph

NOT_FROM_THE_LAND = frozenset({"rail", "transfer", "linehaul"})
"""Modes of edges that nobody can set out from in the fields."""
_HAIR_M = 1e-6


@dataclass(init=False, eq=False)
class Ramps(OfNoCell):
    """The roads of a network in straight ramps; edges of rail and stated ways are no roads."""

    edges: list[EdgeKey]
    edge: IntArray
    """Position among `edges` of the edge each ramp belongs to, (m,)."""
    ends: FloatArray
    """x1, y1, x2, y2 in the direction of the edge, (m, 4), m."""
    gone: FloatArray
    """Minutes from the start of the edge to both ends, (m, 2)."""
    across: FloatArray
    """Minutes of each edge, (edges,)."""

    def __init__(self, graph: Graph) -> None:
        chosen = [
            ((start, end, number), held)
            for start, end, number, held in edges_of(graph)
            if held.get("mode") not in NOT_FROM_THE_LAND
        ]
        self.edges = [key for key, _ in chosen]
        if not self.edges:
            raise LayerError(Fault("network_empty"))
        lines = courses_of(graph, self.edges, [held for _, held in chosen])
        minutes = np.array([float(held["minutes"]) for _, held in chosen])
        paces = {row: held[PACE] for row, (_, held) in enumerate(chosen) if PACE in held}
        self.edge, self.ends, gone = _cut(lines, paces)
        self.gone = np.asarray(gone * minutes[self.edge][:, None])
        self.across = minutes


def _cut(
    lines: np.ndarray, paces: Mapping[int, FloatArray]
) -> tuple[IntArray, FloatArray, FloatArray]:
    """
    Cut lines at their vertices and where their pace changes.

    Gives the line each part belongs to, (m,), its ends, (m, 4), and the share of the minutes gone
    at both, (m, 2).
    """
    xy, line = shapely.get_coordinates(lines, return_index=True)
    share = _shares(xy, line)
    # On one axis each line has two units of its own, the course in the first of them.
    vertices = 2.0 * line + share
    more = [2.0 * row + pace[1:-1, 0] for row, pace in paces.items()]
    stops = np.union1d(vertices, np.concatenate(more)) if more else np.unique(vertices)
    own = (stops // 2).astype(np.int64)
    places = np.column_stack([np.interp(stops, vertices, xy[:, axis]) for axis in (0, 1)])
    gone = stops - 2.0 * own
    for row, pace in paces.items():
        here = slice(*np.searchsorted(own, [row, row + 1]))
        gone[here] = np.interp(gone[here], pace[:, 0], pace[:, 1])
    long = (own[1:] == own[:-1]) & (np.hypot(*np.diff(places, axis=0).T) > _HAIR_M)
    ends, both = (np.hstack([values[:-1], values[1:]]) for values in (places, gone[:, None]))
    return own[:-1][long], ends[long], both[long]


def _shares(xy: FloatArray, line: IntArray) -> FloatArray:
    """Give the share of its line's length at which each vertex lies, 0 on a line of no length."""
    steps = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    first = np.searchsorted(line, np.arange(line[-1] + 2))
    steps[first[:-1]] = 0.0
    for start, stop in pairwise(first.tolist()):
        steps[start:stop].cumsum(out=steps[start:stop])
    whole = np.repeat(steps[first[1:] - 1], np.diff(first))
    return np.asarray(np.divide(steps, whole, out=np.zeros_like(steps), where=whole > 0))
