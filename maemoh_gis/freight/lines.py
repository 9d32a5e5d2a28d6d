"""
Where freight goes over the drawn roads and rails: TEU a year on each stretch, for the map.

A lorry takes the shortest recorded way to its railhead, or to the exit that leads on to its
gateway; a train takes the drawn line. What lies beyond the mapped region is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.freight.inputs import on_line
from maemoh_gis.freight.world import level_of
from maemoh_gis.network.arrays import least_ways
from maemoh_gis.network.edges import line_of

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.freight.engine import FreightResult
    from maemoh_gis.freight.layers import FreightLayers, Place, RoadDistances
    from maemoh_gis.freight.tariffs import Case
    from maemoh_gis.network.edges import EdgeKey

Way = tuple[str, str]
"""Kind and key of a place of `RoadDistances`."""


def flow_lines(
    source: FreightLayers,
    ways: RoadDistances,
    places: Sequence[Place],
    flows: Mapping[tuple[str, Case], FreightResult],
) -> gpd.GeoDataFrame:
    """
    Put the flows of freight on the stretches they take, as lines in the CRS of the grid.

    With `yard`, `case`, `carrier` (road or rail), `teu` a year in both directions, as far as known,
    and `flows` that use them; stretches without any are left out.
    """
    import geopandas as gpd

    router = _Router(ways)
    posts = {key: one.km_post for key, one in on_line(source, places).items()}
    rows: list[dict[str, object]] = []
    for (yard, case), result in flows.items():
        on_road: dict[EdgeKey, list[float]] = {}
        by_train: list[tuple[float, float, float]] = []
        for origin, way, gateway, teu in _carried(result):
            for key in router.edges(origin, way, gateway, case):
                stretch = on_road.setdefault(key, [0.0, 0.0])
                stretch[0] += teu
                stretch[1] += 1
            if way != "road" and way in posts:
                ends = sorted((posts[way], source.freight.gateways[gateway].joins_km_post))
                by_train.append((ends[0], ends[1], teu))
        about = {"yard": yard, "case": case}
        rows += [about | row for row in router.rows(on_road)]
        rows += [about | row for row in _rail_rows(source, by_train)]
    columns = ["yard", "case", "carrier", "teu", "flows", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=source.crs)


def _carried(result: FreightResult) -> Iterator[tuple[str, str, str, float]]:
    """Give origin, way, gateway and TEU a year of all that is known to go."""
    keys = ["road", *(railhead.key for railhead in result.world.railheads)]
    carried = result.carried
    for row, flow in enumerate(result.world.flows):
        for col, way in enumerate(keys):
            if carried[row, col] > 0:
                yield flow.demand.origin, way, flow.gateway, float(carried[row, col])


class _Router:
    """Finds the edges of lorries, each way once."""

    def __init__(self, ways: RoadDistances) -> None:
        self.ways = ways
        self.network = ways.network
        self.piece = {key: piece.edges[0] for piece in ways.pieces for key in piece.edges}
        self.found: dict[tuple[Way, Way], set[EdgeKey]] = {}

    def edges(self, origin: str, way: str, gateway: str, case: Case) -> set[EdgeKey]:
        """Give the stretches from an origin to its railhead, or to the exit it leaves by."""
        start, freight = ("origin", origin), self.ways.freight
        if start not in self.ways.nodes:
            return set()
        if way != "road" and ("railhead", way) in self.ways.nodes:
            return self._between(start, ("railhead", way))
        key, about = (gateway, freight.gateways[gateway].place)
        if way != "road":
            key, about = (way, freight.railheads[way].place)
        rest = self.ways.beyond_exits(key, about, level_of(case, "road"))
        row = {name: index for index, name in enumerate(self.ways.names)}
        km = {id: self.ways.km[row[start], row["exit", id]] + far for id, far in rest.items()}
        reached = {id: value for id, value in km.items() if not np.isnan(value)}
        if not reached:
            return set()
        return self._between(start, ("exit", min(reached, key=lambda id: reached[id])))

    def _between(self, start: Way, end: Way) -> set[EdgeKey]:
        if (start, end) not in self.found:
            nodes = self.ways.nodes
            (way,) = least_ways(self.network, nodes[start], [nodes[end]])
            self.found[start, end] = {self.piece[key] for key in way or ()}
        return self.found[start, end]

    def rows(self, on_road: Mapping[EdgeKey, Sequence[float]]) -> Iterator[dict[str, object]]:
        """Give a row for each stretch that is used."""
        for key in sorted(on_road):
            teu, flows = on_road[key]
            yield {"carrier": "road", "teu": round(teu, 1), "flows": int(flows),
                   "geometry": line_of(self.ways.graph, key)}  # fmt: skip


def _rail_rows(
    source: FreightLayers, by_train: Sequence[tuple[float, float, float]]
) -> Iterator[dict[str, object]]:
    """Give a row for each section of the railway that trains with freight pass."""
    if not by_train:
        return
    sections = source.layers.features(source.freight.railway, source.crs)
    for section in sections.to_dict("records"):
        middle = (float(section["km_post_start"]) + float(section["km_post_end"])) / 2
        passing = [teu for low, high, teu in by_train if low < middle < high]
        if passing:
            yield {"carrier": "rail", "teu": round(sum(passing), 1), "flows": len(passing),
                   "geometry": section["geometry"]}  # fmt: skip
