"""Ways so long that roads must be missing from the layer, between the named places of a network."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.audit.subject import STATIONS
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.lines import ENDS
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.detours import MOST_DETOUR, detour, is_gap
from maemoh_gis.network.edges import place_of
from maemoh_gis.network.graph import road_graph
from maemoh_gis.network.places import metres_to_network, with_places

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.layers.audit import Report
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.network.stages import BuiltNetwork

SEATS = "district_seats"
_CRS = "EPSG:32647"
_MOST_OFF_M = 3_000.0
"""Places farther from a drawn road tell nothing of how roads join."""
_ANYWHERE_KPH = 60.0
"""Only lengths are asked for."""


@dataclass(frozen=True)
class Gap:
    """Two places between which the drawn roads lead far round."""

    start_th: str
    start_en: str
    end_th: str
    end_en: str
    way_km: float
    """Shortest way by the drawn roads, from road to road."""
    straight_km: float

    @property
    def times(self) -> float:
        """Way over straight line."""
        return detour(self.way_km, self.straight_km)


def gaps_of(built: BuiltNetwork) -> tuple[list[Gap], int]:
    """
    List the detours between named places, and count the pairs of places that roads join.

    More than `MOST_DETOUR` times the straight line; those that lose most km first. Either way round
    counts once.
    """
    roads = built.drawn.graph
    named = [
        (place.name_th, place.name_en, place.road_node)
        for place in built.places
        if place.road_node is not None and place.road_node in roads
    ]
    return _gaps(roads, named)


def _gaps(roads: Graph, named: Sequence[tuple[str, str, int]]) -> tuple[list[Gap], int]:
    if not named:
        return [], 0
    nodes = [node for _, _, node in named]
    km = least_costs(network_arrays(roads, "length"), nodes, nodes).values / 1000.0
    shortest = np.fmin(km, km.T)
    found, pairs = [], 0
    for (row, one), (col, other) in combinations(enumerate(named), 2):
        way = float(shortest[row, col])
        if one[2] == other[2] or math.isnan(way):
            continue
        pairs += 1
        straight = math.dist(place_of(roads, one[2]), place_of(roads, other[2])) / 1000.0
        if is_gap(way, straight):
            found.append(Gap(one[0], one[1], other[0], other[1], way, straight))
    found.sort(key=lambda gap: (gap.straight_km - gap.way_km, gap.start_en, gap.end_en))
    return found, pairs


def audit_layers(folder: Path) -> Report:
    """Audit a folder of layers, the gaps of its roads among it."""
    report = audit_folder(folder)
    if report.blocks:
        return report
    more = tuple(_road_gaps(read_catalog(folder)))
    return dataclasses.replace(report, findings=(*report.findings, *more))


def _road_gaps(catalog: Catalog) -> Iterator[Fault]:
    layers = Layers(catalog)
    for id, layer in catalog.layers.items():
        if id in catalog.stacks or layer.kind != "lines" or not set(ENDS) <= set(layer.columns):
            continue
        frame = layers.features(id, _CRS).drop(columns="speed_kph", errors="ignore")
        roads = road_graph(frame, _CRS, speed_kph=_ANYWHERE_KPH)
        named: list[tuple[str, str, int]] = []
        for points in (SEATS, STATIONS):
            if points in catalog.layers:
                roads, found = _placed(roads, layers, points)
                named += found
        gaps, pairs = _gaps(roads, named)
        if gaps:
            place, worst = catalog.document.place(("layers", id)), gaps[0]
            values: dict[str, object] = {
                "n": len(gaps), "m": pairs, "times": f"{MOST_DETOUR:g}",
                "start": f"{worst.start_th} / {worst.start_en}",
                "end": f"{worst.end_th} / {worst.end_en}",
                "way": f"{worst.way_km:,.0f}", "straight": f"{worst.straight_km:,.1f}",
            }  # fmt: skip
            yield Fault("network_gap", place.file, place.line, id, values=values, severity="notes")


def _placed(roads: Graph, layers: Layers, points: str) -> tuple[Graph, list[tuple[str, str, int]]]:
    """Put the places of a layer that stand beside a road on it."""
    frame = layers.features(points, _CRS)
    frame = frame[metres_to_network(roads, frame) <= _MOST_OFF_M]
    roads, landings = with_places(roads, frame, most_m=_MOST_OFF_M, name_column=None)
    names = [
        tuple(str(row.get(name) or row.get("name_en") or "") for name in ("name_th", "name_en"))
        for row in frame.drop(columns=frame.geometry.name).to_dict("records")
    ]
    return roads, [(th, en, one.node) for (th, en), one in zip(names, landings, strict=True)]
