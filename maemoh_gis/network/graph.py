"""
Networks from layers: roads, rail, and the two joined.

The layout is osmnx's, so that a network opens in `osmnx.plot_graph` and `osmnx.routing`, and can be
kept as GraphML. Beyond osmnx's own, edges carry `mode` (road, rail, transfer) and `minutes`, rail
also `gauge_mm`, `tracks` and the steepest grade against a train in the direction of the edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from shapely import LineString

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.units import check_year_be, known
from maemoh_gis.layers.lines import AGAINST, BOTH, JOIN_M, Courses, LineReader, read_rail_columns
from maemoh_gis.network.edges import (
    add_both_ways,
    crs_of,
    minutes_for,
    new_graph,
    place_of,
)
from maemoh_gis.network.junctions import ends_of, is_plain
from maemoh_gis.network.places import Ground, metres_to_network, node_of

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import BoolArray, FloatArray
    from maemoh_gis.network.edges import Graph

# A station stands for the end of its section, though its point lies some metres along the line.
_STATION_JOIN_M = 100.0
_OPERATING = "operating"
_ROAD_FACTS = {
    "highway": "class",
    "ref": "ref",
    "name": "name_en",
    "name_th": "name_th",
    "bridge": "bridge",
    "tunnel": "tunnel",
    "confidence": "confidence",
}
"""Attributes of edges, by osmnx's names, and the columns they come from."""
_MOST_NAMED = 5


@dataclass(frozen=True)
class Transfer:
    """A station where boxes or people change between rail and road."""

    place: str
    """Name of the station in the rail network."""
    minutes: float
    """What the change takes, the way between line and road included."""


def road_graph(
    frame: gpd.GeoDataFrame, crs: str, *, speed_kph: float | None = None, join_m: float = JOIN_M
) -> Graph:
    """
    Make a network, in a projected CRS in metres, from a layer of roads.

    `from_node` and `to_node` name the ends of a line, by any text or whole number; without them,
    ends nearer than `join_m` are one junction. Lines that merely cross are not joined: one may be a
    bridge. `speed_kph`, `length_m`, `oneway`, `class`, `ref`, `name_en`, `bridge`, `tunnel`,
    `confidence`, `edge` are used if there. A line of several parts shares its length out to them;
    `oneway` may be a truth, a number or a word of OpenStreetMap or Geofabrik. The argument
    `speed_kph` is the speed where the layer tells none.
    """
    graph = new_graph(crs)
    _require_lines(frame, "network_empty")
    reader = LineReader(frame)
    ways, named, edges = reader.ways(), reader.ends(), reader.edge_ids()
    kph = _speeds(reader, edges, speed_kph)
    courses = reader.courses(crs, whole=named is not None, oneway=ways != BOTH)
    metres = reader.lengths(courses)
    reader.require_readable()
    ends = ends_of(courses, named, join_m)
    ends.add_to(graph, "road")
    told = {fact: _told_in(frame, column) for fact, column in _ROAD_FACTS.items()}
    way = ways[courses.feature]
    lines = np.where(way == AGAINST, shapely.reverse(courses.lines), courses.lines)
    nodes = np.where((way == AGAINST)[:, None], ends.nodes[:, ::-1], ends.nodes)
    oneway = (way != BOTH).tolist()
    speeds, lengths = kph[courses.feature].tolist(), metres.tolist()
    for index, at in enumerate(courses.feature.tolist()):
        facts = {
            **_edge_id(edges[at], index + 1),
            "length": lengths[index],
            "minutes": minutes_for(lengths[index], speeds[index]),
            "speed_kph": speeds[index],
            "mode": "road",
            **{fact: values[at] for fact, values in told.items()},
        }
        start, end = nodes[index].tolist()
        add_both_ways(graph, (start, end), lines[index], facts, oneway=oneway[index])
    return graph


def rail_graph(
    railway: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    crs: str,
    year_be: int,
    *,
    speed_kph: float,
    most_m: float = 500.0,
    double_from_be: int | None = None,
    grade_error_per_mille: float | None = None,
) -> Graph:
    """
    Make a network, in a projected CRS in metres, from the railway as it stands in a year.

    Sections run in the direction of `ruling_grade_northbound_per_mille`, with `gauge_mm`, `tracks`
    and, where known, `open_year_be`, `double_from_be`, `length_m`. Without a year a section is open
    long since, unless `status` says it is anything but `operating`. Stations that `on_line` says
    belong to other lines are left out; others may lie up to `most_m` from the line. `speed_kph` is
    the average of a train with its waits at loops; `double_from_be` the first year in which the
    whole line has two tracks. Every edge with a grade carries `grade_error_per_mille`.
    """
    graph = new_graph(crs)
    check_year_be(year_be)
    _require_lines(railway, "no_rail")
    if not speed_kph > 0:
        raise LayerError(Fault("speed_missing", key="speed_kph", found=str(speed_kph)))
    reader = LineReader(railway)
    facts_of, named = read_rail_columns(reader), reader.ends()
    courses = reader.courses(crs, whole=named is not None)
    metres = reader.lengths(courses)
    reader.require_readable()
    courses, metres = _only(courses, metres, _open_in(railway, facts_of["open_year_be"], year_be))
    ends = ends_of(courses, named, JOIN_M)
    ends.add_to(graph, "rail")
    rows = _rows(railway)
    for index, (at, line) in enumerate(zip(courses.feature, courses.lines, strict=True)):
        read = {name: known(values[at]) for name, values in facts_of.items()}
        doubled = _earliest(double_from_be, read["double_from_be"])
        facts = _rail_facts(rows[at], read, float(metres[index]), speed_kph) | {"osmid": index + 1}
        if doubled is not None and doubled <= year_be:
            facts["tracks"] = max(2, facts["tracks"] or 0)
        facts["double_from_be"] = doubled
        if facts["ruling_grade_per_mille"] is not None:
            facts["grade_error_per_mille"] = grade_error_per_mille
        back = {"ruling_grade_per_mille": read["ruling_grade_southbound_per_mille"]}
        start, end = (int(node) for node in ends.nodes[index])
        add_both_ways(graph, (start, end), line, facts, back=back)
    if "on_line" in stations:
        told = LineReader(stations)
        on_line = told.truths("on_line")
        told.require_readable()
        stations = stations[on_line]
    if stations.empty:
        return graph
    off = metres_to_network(graph, stations)
    faults = [
        Fault("station_far_from_line", key=str(name), found=f"{m:,.0f}", expected=f"{most_m:g}")
        for name, m in zip(stations["name_en"], off, strict=True)
        if not m <= most_m
    ]
    if faults:
        raise LayerError(faults)
    Ground(graph).put(stations, most_m=most_m, join_m=_STATION_JOIN_M)
    return graph


def join_rail(
    roads: Ground, rail: Graph, transfers: Sequence[Transfer], *, most_m: float = 3000.0
) -> None:
    """
    Put a rail network on roads of the same CRS, in place, joined where one may change.

    None may lie farther than `most_m` from a road.
    """
    import geopandas as gpd

    road = roads.graph
    if crs_of(road) != crs_of(rail):
        raise LayerError(
            Fault("networks_in_two_crs", found=crs_of(rail).name, expected=crs_of(road).name)
        )
    stops = [node_of(rail, transfer.place) for transfer in transfers]
    xy = np.array([place_of(rail, node) for node in stops]).reshape(-1, 2)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=crs_of(rail))
    # The station's name stays with its rail node; the road beside it has none of its own.
    landings = roads.put(points, most_m=most_m, name_column=None)
    shift = max(road.nodes) + 1 - min(rail.nodes)
    for node, held in rail.nodes(data=True):
        road.add_node(node + shift, **held)
    for start, end, held in rail.edges(data=True):
        road.add_edge(start + shift, end + shift, **held)
    for index, (transfer, stop, landing) in enumerate(zip(transfers, stops, landings, strict=True)):
        line = LineString([place_of(rail, stop), place_of(road, landing.node)])
        facts = {"osmid": index + 1, "mode": "transfer", "length": landing.offset_m}
        facts["minutes"] = float(transfer.minutes)
        add_both_ways(road, (stop + shift, landing.node), line, facts)


def _earliest(*years: float | None) -> int | None:
    known = [int(year) for year in years if year is not None]
    return min(known) if known else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _rail_facts(
    row: dict[str, Any], read: dict[str, float | None], metres: float, kph: float
) -> dict[str, Any]:
    return {
        "length": metres,
        "minutes": minutes_for(metres, kph),
        "speed_kph": float(kph),
        "mode": "rail",
        "name": _fact(row, "name_en"),
        "gauge_mm": _whole(read["gauge_mm"]),
        "tracks": _whole(read["tracks"]),
        "open_year_be": _whole(read["open_year_be"]),
        "ruling_grade_per_mille": read["ruling_grade_northbound_per_mille"],
        "grade_confidence": _fact(row, "grade_confidence"),
        "confidence": _fact(row, "confidence"),
    }


def _open_in(sections: gpd.GeoDataFrame, opens: FloatArray, year_be: int) -> BoolArray:
    working = np.ones(len(sections), dtype=bool)
    if "status" in sections:
        working = (sections["status"].isin([_OPERATING]) | sections["status"].isna()).to_numpy()
    # Without a year, what works today has long been open, and what is only planned never is.
    years = np.where(np.isnan(opens), np.where(working, -np.inf, np.inf), opens)
    if (years > year_be).all():
        first = f"{years.min():.0f}" if np.isfinite(years.min()) else "–"
        raise LayerError(Fault("year_before_opening", found=str(year_be), expected=first))
    return np.asarray(years <= year_be)


def _only(courses: Courses, metres: FloatArray, wanted: BoolArray) -> tuple[Courses, FloatArray]:
    """Keep the lines of some features."""
    kept = wanted[courses.feature]
    return Courses(courses.feature[kept], courses.lines[kept], courses.share[kept]), metres[kept]


def _require_lines(frame: gpd.GeoDataFrame, code: str) -> None:
    if frame.crs is None:
        raise LayerError(Fault("places_without_crs"))
    if frame.empty:
        raise LayerError(Fault(code))


def _speeds(reader: LineReader, edges: list[str | None], usual: float | None) -> FloatArray:
    """Read the speed of each road; what is missing or not above 0 joins the faults of the layer."""
    before = len(reader.faults)
    read = reader.numbers("speed_kph")
    if len(reader.faults) > before:
        return read
    kph = np.where(np.isnan(read), np.nan if usual is None else usual, read)
    slow = np.flatnonzero(~(kph > 0))
    if slow.size:
        roads = ", ".join(edges[at] or str(at + 1) for at in slow[:_MOST_NAMED])
        more = f" … (+{slow.size - _MOST_NAMED})" if slow.size > _MOST_NAMED else ""
        found = sorted({"–" if np.isnan(kph[at]) else f"{kph[at]:g}" for at in slow})
        reader.faults.append(Fault("speed_missing", key=roads + more, found=", ".join(found)))
    return kph


def _rows(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    plain = frame.drop(columns=frame.geometry.name).to_dict("records")
    return [{str(column): value for column, value in row.items()} for row in plain]


def _fact(row: dict[str, Any], column: str, default: Any = None) -> Any:
    value = row.get(column)
    return default if value is None or pd.isna(value) else value


def _told_in(frame: gpd.GeoDataFrame, column: str) -> list[Any]:
    """Give the values of a column, None where nothing is told."""
    if column not in frame:
        return [None] * len(frame)
    values = frame[column].astype(object)
    return list(values.where(values.notna(), None))


def _edge_id(written: str | None, number: int) -> dict[str, Any]:
    """Give an edge its number, which osmnx wants whole, and its own id where that is a text."""
    if written is None:
        return {"osmid": number}
    return {"osmid": int(written)} if is_plain(written) else {"osmid": number, "edge": written}
