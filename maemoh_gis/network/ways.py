"""
Ways by one carrier: which edges a lorry or a train may take, and how far places are for it.

Road takes roads and stated ways by road, rail takes rails and stated ways by train. Changing
between them is a transfer, which belongs to neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.network.arrays import edges_of_ways, network_arrays
from maemoh_gis.network.edges import copied, held_by

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.network.linehaul import Carrier

STATED = "linehaul"


@dataclass(frozen=True)
class Ways:
    """Quickest ways from each start (row) to each end (column); NaN where there is none."""

    minutes: FloatArray
    km: FloatArray
    """Length of the quickest way."""
    stated_km: FloatArray
    """The part of it that is stated, not drawn."""

    @property
    def missing(self) -> int:
        """Number of pairs without a way."""
        return int(np.isnan(self.minutes).sum())


def carrier_of(held: Mapping[str, Any]) -> str:
    """Say who may take an edge: road, rail, or transfer."""
    mode = str(held.get("mode", "road"))
    return str(held["carrier"]) if mode == STATED else mode


def only_by(graph: Graph, carrier: Carrier) -> Graph:
    """Keep what one carrier may take."""
    return copied(graph, lambda held: carrier_of(held) == carrier)


def without_stated(graph: Graph) -> Graph:
    """Keep the edges that are drawn, leaving out ways of which only a distance is stated."""
    return copied(graph, lambda held: held.get("mode") != STATED)


def drawn_roads(graph: Graph) -> Graph:
    """Keep the roads that are drawn, and the nodes on them; what edges hold is not to change."""
    roads = copied(graph, lambda held: held.get("mode") == "road", own_facts=False)
    roads.remove_nodes_from([node for node, degree in list(roads.degree) if degree == 0])
    return roads


def ways_by(
    graph: Graph,
    carrier: Carrier,
    starts: Sequence[int],
    ends: Sequence[int],
    *,
    weight: str = "minutes",
) -> Ways:
    """
    Find the quickest ways of a lorry or a train through the joined network.

    With `length` as weight, the shortest.
    """
    network = network_arrays(graph, weight, wanted=lambda held: carrier_of(held) == carrier)
    ways = [edges_of_ways(network, start, ends) for start in starts]
    held = [held_by(graph, key) for key in network.keys]
    metres = np.array([one["length"] for one in held], dtype=np.float64)
    minutes = np.array([one["minutes"] for one in held], dtype=np.float64)
    stated = np.where([one.get("mode") == STATED for one in held], metres, 0.0)

    def total(what: FloatArray) -> FloatArray:
        rows = [[np.nan if way is None else what[way].sum() for way in row] for row in ways]
        return np.array(rows, dtype=np.float64).reshape(len(starts), len(ends))

    return Ways(total(minutes), total(metres) / 1000, total(stated) / 1000)
