"""
How far the named places of a network are from each other: one distance for one pair.

Where a scenario sends freight, a pair is as long as freight takes it: the shortest recorded way, a
gateway over the exit that makes it shortest, a train by kilometre posts. So `access.csv` and the
tables of freight cannot differ. Freight says nothing of a pair of gateways, nor of two stations:
those have the way of the network, and so has every pair where no freight is sent.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.freight.inputs import freight_world
from maemoh_gis.freight.layers import FreightLayers, Place, RoadDistances
from maemoh_gis.freight.trains import Track
from maemoh_gis.freight.world import Spread
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.detours import is_gap
from maemoh_gis.network.ways import ways_by

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.network.linehaul import Carrier
    from maemoh_gis.network.stages import BuiltNetwork, NamedPlace

_SAME_M = 1.0
_KM = 1000.0


@dataclass(frozen=True)
class Way:
    """The way of one carrier between two places; NaN where there is none."""

    km: Spread
    """Whole length, the straight way from a place to the road included."""
    minutes: float
    """On the way, without that from a place to the road."""
    stated_km: float
    """The part of it that is stated, not drawn."""
    track: Track | None = None
    """Single and double track, for rail to a gateway."""


class PairDistances:
    """
    Distances between the named places of a network.

    Without the freight of a scenario every pair is as long as its way on the network; `road_kph` is
    the speed over the part of a way that is stated.
    """

    def __init__(
        self,
        built: BuiltNetwork,
        places: Sequence[NamedPlace],
        source: FreightLayers | None,
        road_kph: float,
    ) -> None:
        self.graph, self._built = built.graph, built
        self.places, self.source = places, source
        self.road_kph = road_kph
        self.far: dict[int, str] = {}
        """Gateways, and railheads off the map, by number of the place."""
        self._known: dict[int, tuple[str, str]] = {}
        """Kind and key of a place among those of freight, by its number."""
        self._heads: dict[int, str] = {}
        self._far_known: dict[tuple[str, str], Mapping[str, Spread]] = {}
        if source is not None:
            self._match(source)

    def _match(self, source: FreightLayers) -> None:
        """Find the named places among those of freight; try the others as new yards are."""
        about = source.freight.railheads
        off_map = {key for key, one in about.items() if one.off_map}
        others = {}
        for number, place in enumerate(self.places):
            gateway, head = (_at(place, frame) for frame in (source.gateways, source.railheads))
            named = [key for key, one in about.items() if one.place == place.name_en]
            head = head or (named[0] if named else None)
            if head is not None:
                self._heads[number] = head
            if gateway is not None or head in off_map:
                self.far[number] = gateway or str(head)
                continue
            origin = _at(place, source.origins) or head
            if origin is not None:
                self._known[number] = ("origin", origin)
            elif place.road_node is not None or place.rail_node is not None:
                others[number] = Place(f":{number}", place.xy)
        for number, other in others.items():
            self._known[number] = ("railhead", other.key)
            self._heads[number] = other.key
        tried = list(others.values())
        # How far a place may lie from a road the network has decided already.
        self._roads = RoadDistances(source, tried, most_m=math.inf)
        self._world = freight_world(source, tried, self._roads)

    def road(self, start: int, end: int) -> Way:
        """Give the way by road between two places, by their numbers."""
        own = self._on_network("road", start, end)
        off = (self.places[start].offset_m + self.places[end].offset_m) / _KM
        by_network = replace(own, km=_plus(own.km, off))
        if self.source is None or math.isnan(own.minutes):
            return by_network
        if start in self.far or end in self.far:
            near, far = (end, start) if start in self.far else (start, end)
            return self._to_far(near, far) or by_network
        if start not in self._known or end not in self._known:
            return by_network
        rows = [self._roads.names.index(self._known[number]) for number in (start, end)]
        km = float(self._roads.km[rows[0], rows[1]])
        return Way(Spread(km, km, km), own.minutes, own.stated_km)

    def is_gap(self, start: int, end: int) -> bool:
        """Say whether the way by road is so long that the layer must be taken to lack a road."""
        if is_gap(self.road(start, end).km.central, self.straight_km(start, end)):
            return True
        near, far = (end, start) if start in self.far else (start, end)
        if far not in self.far or near not in self._known:
            return False
        return self._roads.is_gap(self._known[near], ("far", self.far[far]))

    def rail(self, start: int, end: int) -> Way:
        """Give the way by train between two places, by their numbers."""
        own = self._on_network("rail", start, end)
        near, far = (end, start) if self.is_gateway(start) else (start, end)
        if self.source is None or math.isnan(own.minutes):
            return own
        pair = (self._heads.get(near, ""), self.far.get(far, ""))
        km = self._world.rail_km.get(pair)
        return own if km is None else replace(own, km=km, track=self._world.tracks.get(pair))

    def straight_km(self, start: int, end: int) -> float:
        """Give the straight line between two places, km."""
        return math.dist(self.places[start].xy, self.places[end].xy) / _KM

    def is_gateway(self, number: int) -> bool:
        """Say whether a place is a gateway of freight."""
        source = self.source
        return source is not None and self.far.get(number) in source.freight.gateways

    def _to_far(self, near: int, far: int) -> Way | None:
        """Give the way over the exit that makes it shortest, or as it is stated from the place."""
        if near not in self._known:
            return None
        assert self.source is not None
        (kind, key), goal = self._known[near], self.far[far]
        km = self._far_km(goal, kind).get(key)
        if km is None or math.isnan(km.central):
            return None
        leaves = self._roads.leaves_by((kind, key), goal)
        if leaves is None:
            return Way(km, km.central / self.road_kph * 60, km.central)
        drawn = self._roads.km[
            self._roads.names.index((kind, key)), self._roads.names.index(("exit", leaves))
        ]
        minutes = self._minutes_to_exits[leaves][self.places[near].road_node or 0]
        rest = km.central - float(drawn)
        return Way(km, minutes + rest / self.road_kph * 60, rest)

    def _far_km(self, goal: str, kind: str) -> Mapping[str, Spread]:
        if (goal, kind) not in self._far_known:
            self._far_known[goal, kind] = self._roads.far_km(goal, kind)
        return self._far_known[goal, kind]

    @cached_property
    def _minutes_to_exits(self) -> dict[str, dict[int, float]]:
        """Minutes of the quickest recorded way from nodes of places to each exit."""
        import geopandas as gpd

        assert self.source is not None
        exits = self.source.freight.exits
        spots = gpd.points_from_xy([e.lon for e in exits.values()], [e.lat for e in exits.values()])
        frame = gpd.GeoDataFrame({"name_en": list(exits)}, geometry=spots, crs="EPSG:4326")
        ground = self._built.drawn.copied()
        landings = ground.put(frame, most_m=self.source.freight.most_m, name_column=None)
        graph = ground.graph
        nodes = [p.road_node for p in self.places if p.road_node in graph]
        starts = [node for node in nodes if node is not None]
        found = least_costs(network_arrays(graph), starts, [one.node for one in landings]).values
        return {
            id: dict(zip(starts, found[:, col].tolist(), strict=True))
            for col, id in enumerate(exits)
        }

    def _on_network(self, carrier: Carrier, start: int, end: int) -> Way:
        minutes, km, stated = self._ways[carrier]
        length = float(km[start, end])
        return Way(
            Spread(length, length, length), float(minutes[start, end]), float(stated[start, end])
        )

    @cached_property
    def _ways(self) -> dict[Carrier, tuple[FloatArray, FloatArray, FloatArray]]:
        found: dict[Carrier, tuple[FloatArray, FloatArray, FloatArray]] = {}
        carriers: tuple[Carrier, ...] = ("road", "rail")
        for carrier in carriers:
            nodes = [p.road_node if carrier == "road" else p.rail_node for p in self.places]
            there = [k for k, node in enumerate(nodes) if node is not None]
            ways = ways_by(self.graph, carrier, *[[n for n in nodes if n is not None]] * 2)
            wide = []
            for values in (ways.minutes, ways.km, ways.stated_km):
                whole = np.full((len(nodes), len(nodes)), np.nan)
                whole[np.ix_(there, there)] = values
                wide.append(whole)
            found[carrier] = (wide[0], wide[1], wide[2])
        return found


def _plus(km: Spread, more: float) -> Spread:
    return Spread(km.low + more, km.central + more, km.high + more)


def _at(place: NamedPlace, frame: gpd.GeoDataFrame) -> str | None:
    """Give the key of the point at which a place lies."""
    for key, x, y in zip(frame["key"], frame.geometry.x, frame.geometry.y, strict=True):
        if math.dist(place.xy, (x, y)) <= _SAME_M:
            return str(key)
    return None
