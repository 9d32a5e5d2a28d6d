"""
Ways beyond the drawn network, by distances that are stated, not measured on a map.

Ports, borders and rival railheads lie where no line of the layers reaches. They join by edges of
mode `linehaul` that carry a stated distance with its range, source and confidence. Their straight
geometry joins two places and is no course: `drawn` is false on every one of them.

A train's stated distance usually starts at a station on the drawn line. The part on the drawn line
is taken off, so that grades and tracks there count and no metre counts twice. Of several statements
about one way the one that starts nearest is used; the others are compared with the result.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from shapely import LineString

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.network.edges import add_both_ways, edges_of, minutes_for, place_of
from maemoh_gis.network.places import add_name, node_of

if TYPE_CHECKING:
    import networkx as nx

    from maemoh_gis.network.edges import Graph

Carrier = Literal["rail", "road"]
_GAUGE_MM = 1000


@dataclass(frozen=True)
class Statement:
    """A stated distance between two places; NaN is not stated."""

    start: str
    end: str
    carrier: Carrier
    km: float
    """Central value."""
    km_low: float = math.nan
    km_high: float = math.nan
    route: str = ""
    open_year_be: int | None = None
    confidence: str = "ASSUMPTION"
    source: str = ""
    tracks: int | None = None
    """Known tracks in the year, for rail."""


@dataclass(frozen=True)
class Beyond:
    """A place beyond the drawn network."""

    x: float
    y: float
    """In the CRS of the network."""
    role: str
    open_year_be: int | None = None
    """First year with trains; None is long since, or never by rail."""


@dataclass(frozen=True)
class Join:
    """A name of the statements and the place of the drawn network it means."""

    place: str
    mode: Literal["rail", "road"]


@dataclass(frozen=True)
class Compared:
    """A statement that made no edge, and what the network says instead."""

    statement: Statement
    network_km: float
    """NaN where there is no way, or the place is not on the network."""


@dataclass(frozen=True)
class Terms:
    """How statements join a network."""

    joins: Mapping[str, Join]
    leaves_by: Mapping[str, str]
    """For each place beyond: the place at which its trains leave what is known already."""
    links: Sequence[Statement]
    """Stretches of rail that others run over, such as one that is to be doubled."""
    rail_kph: float
    road_kph: float
    transfers: Mapping[str, float]
    """Places beyond that have a road of the same name on the network, and minutes to change."""


def add_linehaul(
    graph: Graph,
    statements: Sequence[Statement],
    beyond: Mapping[str, Beyond],
    terms: Terms,
    year_be: int,
) -> list[Compared]:
    """
    Join places beyond the drawn network by stated distances, in place.

    The edges are of mode `linehaul` and carry `carrier`, `length` from the central value, `km_low`,
    `km_high`, `minutes`, `route`, `source`, `confidence` and `drawn`, which is false. What is given
    are the statements that made no edge.
    """
    world = _World(graph, dict(beyond), terms, year_be)
    for link in terms.links:
        if world.is_open(link):
            world.add(link, link.start, link.end, 0.0)
    rail = [s for s in statements if s.carrier == "rail" and world.is_open(s)]
    road = [s for s in statements if s.carrier == "road" and world.is_open(s)]
    left = world.add_rail(rail) + world.add_road(road)
    return [world.compare(statement) for statement in left]


class _World:
    """The network while it grows."""

    def __init__(self, graph: Graph, beyond: dict[str, Beyond], terms: Terms, year_be: int) -> None:
        self.graph, self.terms, self.year_be = graph, terms, year_be
        self.nodes: dict[str, int] = {}
        self.opens = {name: place.open_year_be for name, place in beyond.items()}
        for name, join in terms.joins.items():
            self.nodes[name] = node_of(graph, join.place, mode=join.mode)
            if name in beyond:
                add_name(graph, self.nodes[name], name)
        for name, place in beyond.items():
            if name not in self.nodes:
                self._add_place(name, place)
        self._by_carrier: dict[Carrier, nx.Graph[int]] = {}
        self._edges = graph.number_of_edges()
        # Drawn rails and links only: what distances are taken off from.
        self._rails = _shortest_by(graph, frozenset({"rail"}))

    def is_open(self, statement: Statement) -> bool:
        """Say whether a way and its ends are open to trains; roads are open always."""
        if statement.carrier == "road":
            return True
        years = (statement.open_year_be, *map(self.opens.get, (statement.start, statement.end)))
        return all(year is None or year <= self.year_be for year in years)

    def _add_place(self, name: str, place: Beyond) -> None:
        node = max(self.graph.nodes) + 1
        self.graph.add_node(node, x=place.x, y=place.y, mode="beyond", role=place.role, name=name)
        self.nodes[name] = node
        minutes = self.terms.transfers.get(name)
        if minutes is not None:
            road = node_of(self.graph, name, mode="road")
            here, there = (place_of(self.graph, n) for n in (node, road))
            line = LineString([here, there])
            facts = {"osmid": node, "mode": "transfer", "length": line.length}
            facts["minutes"] = float(minutes)
            add_both_ways(self.graph, (node, road), line, facts)

    def known(self, name: str) -> bool:
        """Say whether a name stands for a place of the network."""
        return name in self.nodes

    def km(self, start: int, end: int) -> float:
        """Measure the way by drawn rails and links, km; NaN where there is none."""
        return _km_between(self._rails, start, end)

    def add(self, statement: Statement, start: str, end: str, less_km: float) -> None:
        """Add an edge each way for a statement, less what the network knows already."""
        for name in (start, end):
            self.require(name)
        km = statement.km - less_km
        if not km > 0:
            raise LayerError(
                Fault("linehaul_too_short", key=f"{statement.start} → {statement.end}",
                      found=f"{statement.km:g}", expected=f"{less_km:.1f}")
            )  # fmt: skip
        ends = self.nodes[start], self.nodes[end]
        line = LineString([place_of(self.graph, node) for node in ends])
        rail = statement.carrier == "rail"
        kph = self.terms.rail_kph if rail else self.terms.road_kph
        facts = {
            "osmid": self._edges + 1,
            "mode": "linehaul",
            "carrier": statement.carrier,
            "length": km * 1000,
            "km_low": _less(statement.km_low, less_km),
            "km_high": _less(statement.km_high, less_km),
            "stated_km": statement.km,
            "stated_from": statement.start,
            "stated_to": statement.end,
            "minutes": minutes_for(km * 1000, kph),
            "speed_kph": kph,
            "route": statement.route or None,
            "source": statement.source or None,
            "confidence": statement.confidence,
            "open_year_be": statement.open_year_be,
            "gauge_mm": _GAUGE_MM if rail else None,
            "tracks": statement.tracks,
            "drawn": False,
        }
        add_both_ways(self.graph, ends, line, facts)
        self._edges += 2
        if statement in self.terms.links:
            self._rails.add_edge(*ends, m=km * 1000)

    def add_rail(self, statements: Iterable[Statement]) -> list[Statement]:
        """Add one edge for each place beyond and railway place it is stated from."""
        left: list[Statement] = []
        ways: dict[tuple[str, str], list[tuple[float, float, Statement]]] = {}
        for statement in statements:
            outer, inner = self._outer(statement)
            if not (self.known(outer) and self.known(inner)):
                left.append(statement)
                continue
            exit_ = self.terms.leaves_by.get(outer, inner)
            less = self.km(self.nodes[inner], self.nodes[exit_]) if inner != exit_ else 0.0
            if math.isnan(less):
                exit_, less = inner, 0.0
            ways.setdefault((outer, exit_), []).append((less, statement.km, statement))
        for (outer, exit_), found in ways.items():
            found.sort(key=lambda way: way[:2])
            less, _, statement = found[0]
            self.add(statement, exit_, outer, less)
            left += [way[2] for way in found[1:]]
        return left

    def add_road(self, statements: Iterable[Statement]) -> list[Statement]:
        """Add an edge for each way no drawn road leads."""
        left = []
        for statement in statements:
            names = (statement.start, statement.end)
            drawn = all(n in self.terms.transfers or n in self.terms.joins for n in names)
            if drawn or not all(self.known(name) for name in names):
                left.append(statement)
            else:
                self.add(statement, *names, 0.0)
        return left

    def compare(self, statement: Statement) -> Compared:
        """Measure on the network what a statement says."""
        names = (statement.start, statement.end)
        if not all(self.known(name) for name in names):
            return Compared(statement, math.nan)
        start, end = (self.nodes[name] for name in names)
        if statement.carrier == "road":
            start, end = (self._by_road(name) for name in names)
        return Compared(statement, _km_between(self._ways(statement.carrier), start, end))

    def _ways(self, carrier: Carrier) -> nx.Graph[int]:
        """Give what one carrier may take; only lorries go by way of a change."""
        if carrier not in self._by_carrier:
            may = frozenset({carrier} if carrier == "rail" else {carrier, "transfer"})
            self._by_carrier[carrier] = _shortest_by(self.graph, may)
        return self._by_carrier[carrier]

    def _by_road(self, name: str) -> int:
        join = self.terms.joins.get(name)
        if join is None or join.mode == "road":
            return self.nodes[name]
        rails = self.nodes[name]
        for _, other, held in self.graph.out_edges(rails, data=True):
            if held.get("mode") == "transfer":
                return int(other)
        return rails

    def _outer(self, statement: Statement) -> tuple[str, str]:
        """Tell which end lies beyond; of two such the one that leaves by somewhere farther."""
        start, end = statement.start, statement.end
        if end in self.terms.leaves_by:
            return end, start
        return (start, end) if start in self.terms.leaves_by else (end, start)

    def require(self, name: str) -> None:
        """Refuse a place nobody knows."""
        if name not in self.nodes:
            near = get_close_matches(name, sorted(self.nodes), n=3) or sorted(self.nodes)[:3]
            raise LayerError(
                Fault("unknown_network_place", key=name, found=name, expected=", ".join(near))
            )


def _shortest_by(graph: Graph, carriers: frozenset[str]) -> nx.Graph[int]:
    """Give the shortest edge between every two nodes that carriers may take, `m` metres long."""
    import networkx as nx

    ways: nx.Graph[int] = nx.Graph()
    for one, other, _, held in edges_of(graph):
        if held.get("carrier", held.get("mode")) in carriers:
            metres = float(held["length"])
            known = ways.get_edge_data(one, other)
            if known is None or known["m"] > metres:
                ways.add_edge(one, other, m=metres)
    return ways


def _km_between(ways: nx.Graph[int], start: int, end: int) -> float:
    """Measure the shortest way, km; NaN where there is none."""
    import networkx as nx

    if start not in ways or end not in ways:
        return math.nan
    try:
        return float(nx.shortest_path_length(ways, start, end, weight="m")) / 1000
    except nx.NetworkXNoPath:
        return math.nan


def _less(km: float, less_km: float) -> float | None:
    return None if math.isnan(km) else max(round(km - less_km, 3), 0.0)
