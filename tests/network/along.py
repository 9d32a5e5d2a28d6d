"""What a train meets along its way."""

from collections.abc import Sequence

import networkx as nx

from maemoh_gis.network.arrays import least_ways, network_arrays
from maemoh_gis.network.edges import EdgeKey
from maemoh_gis.network.linehaul import Carrier
from maemoh_gis.network.ways import only_by


def steepest_on(graph: nx.MultiDiGraph, way: Sequence[EdgeKey]) -> tuple[float, float]:
    """Give the steepest grade against the train, in per mille, and km whose grade nobody stated."""
    grades, unknown = [], 0.0
    for key in way:
        held = graph.edges[key]
        grade = held.get("ruling_grade_per_mille")
        if grade is None:
            unknown += float(held["length"]) / 1000
        else:
            grades.append(float(grade))
    return max(grades, default=float("nan")), unknown


def way_by(graph: nx.MultiDiGraph, carrier: Carrier, start: int, end: int) -> list[EdgeKey]:
    """Find the quickest way of a lorry or a train; empty where there is none."""
    (way,) = least_ways(network_arrays(only_by(graph, carrier)), start, [end])
    return way or []


def single_track_km(graph: nx.MultiDiGraph, way: Sequence[EdgeKey]) -> tuple[float, float, float]:
    """Give km of a way on single track, on two tracks or more, and on tracks nobody stated."""
    km = [0.0, 0.0, 0.0]
    for key in way:
        tracks = graph.edges[key].get("tracks")
        place = 2 if tracks is None else int(int(tracks) > 1)
        km[place] += float(graph.edges[key]["length"]) / 1000
    return km[0], km[1], km[2]
