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
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree
from shapely import LineString

from maemoh_gis.errors import Fault, LayerError
from maemoh_gis.network.edges import (
    add_both_ways,
    add_nodes,
    crs_of,
    minutes_for,
    new_graph,
    place_of,
)
from maemoh_gis.network.places import metres_to_network, node_of, with_places
from maemoh_gis.units import check_year_be

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis._types import FloatArray, IntArray
    from maemoh_gis.network.edges import Graph

# The bundled layers keep five decimals of a degree: ends within a metre or so are one junction.
_JOIN_M = 2.0
# A station stands for the end of its section, though its point lies some metres along the line.
_STATION_JOIN_M = 100.0
_OPERATING = "operating"


@dataclass(frozen=True)
class Transfer:
    """A station where boxes or people change between rail and road."""

    place: str
    """Name of the station in the rail network."""
    minutes: float
    """What the change takes, the way between line and road included."""


def road_graph(
    frame: gpd.GeoDataFrame, crs: str, *, speed_kph: float | None = None, join_m: float = _JOIN_M
) -> Graph:
    """
    Make a network from a layer of roads.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Lines with a CRS. `from_node` and `to_node` name their ends; without them, ends nearer than
        `join_m` are one junction. Lines that merely cross are not joined: one may be a bridge.
        `speed_kph`, `length_m`, `oneway`, `class`, `ref`, `name_en`, `confidence` are used if
        there.
    crs : str
        Projected CRS in metres for the network.
    speed_kph : float, optional
        Speed of roads where the layer tells none, km/h.
    join_m : float
        See `frame`, m.

    Returns
    -------
    networkx.MultiDiGraph
        In osmnx's layout.

    Raises
    ------
    LayerError
        If there are no lines, a speed is missing or not above 0, or a node lies in two places.
    GridError
        If the CRS is not in metres.
    """
    graph = new_graph(crs)
    frame = _lines(frame, crs)
    if frame.empty:
        raise LayerError(Fault("network_empty"))
    ends, xy = _ends(frame, join_m)
    add_nodes(graph, xy, "road")
    faults = []
    for index, (row, line) in enumerate(zip(_rows(frame), _courses(frame), strict=True)):
        kph = _fact(row, "speed_kph", speed_kph)
        if kph is None or not kph > 0:
            faults.append(Fault("speed_missing", key=str(row.get("edge", index)), found=str(kph)))
            continue
        metres = float(_fact(row, "length_m", line.length))
        facts = {
            "osmid": int(_fact(row, "edge", index + 1)),
            "length": metres,
            "minutes": minutes_for(metres, float(kph)),
            "speed_kph": float(kph),
            "mode": "road",
            "highway": _fact(row, "class"),
            "ref": _fact(row, "ref"),
            "name": _fact(row, "name_en"),
            "confidence": _fact(row, "confidence"),
        }
        oneway = bool(_fact(row, "oneway", default=False))
        add_both_ways(graph, (int(ends[index, 0]), int(ends[index, 1])), line, facts, oneway=oneway)
    if faults:
        raise LayerError(faults)
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
    Make a network from the railway as it stands in a year.

    Parameters
    ----------
    railway : geopandas.GeoDataFrame
        Sections in the direction of `ruling_grade_northbound_per_mille`, with `gauge_mm`, `tracks`
        and, where known, `open_year_be`, `double_from_be`, `length_m`. Without a year a section is
        open long since, unless `status` says it is anything but `operating`.
    stations : geopandas.GeoDataFrame
        Points with `name_en`; those that `on_line` says belong to other lines are left out.
    crs : str
        Projected CRS in metres for the network.
    year_be : int
        Sections that open later are absent.
    speed_kph : float
        Average speed of a train with its waits at loops, km/h.
    most_m : float
        Farthest a station may lie from the line, m.
    double_from_be : int, optional
        First year in which the whole line has two tracks; sections may have them before.
    grade_error_per_mille : float, optional
        Standard error of a ruling grade; every edge with a grade carries it.

    Returns
    -------
    networkx.MultiDiGraph
        In osmnx's layout, with a node named after every station.

    Raises
    ------
    LayerError
        If there is no railway, none is open in that year, or a station lies off the line.
    FormatError
        If the year is not a Buddhist Era year.
    """
    graph = new_graph(crs)
    sections = _open_in(_lines(railway, crs), check_year_be(year_be))
    if not speed_kph > 0:
        raise LayerError(Fault("speed_missing", key="speed_kph", found=str(speed_kph)))
    ends, xy = _ends(sections, _JOIN_M)
    add_nodes(graph, xy, "rail")
    for index, (row, line) in enumerate(zip(_rows(sections), _courses(sections), strict=True)):
        doubled = _earliest(double_from_be, _fact(row, "double_from_be"))
        facts = _rail_facts(row, line, speed_kph) | {"osmid": index + 1}
        if doubled is not None and doubled <= year_be:
            facts["tracks"] = max(2, facts["tracks"] or 0)
        facts["double_from_be"] = doubled
        if facts["ruling_grade_per_mille"] is not None:
            facts["grade_error_per_mille"] = grade_error_per_mille
        back = {"ruling_grade_per_mille": _fact(row, "ruling_grade_southbound_per_mille")}
        add_both_ways(graph, (int(ends[index, 0]), int(ends[index, 1])), line, facts, back=back)
    if "on_line" in stations:
        stations = stations[stations["on_line"].astype(bool)]
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
    return with_places(graph, stations, most_m=most_m, join_m=_STATION_JOIN_M)[0]


def joined(
    road: Graph, rail: Graph, transfers: Sequence[Transfer], *, most_m: float = 3000.0
) -> Graph:
    """
    Join a road and a rail network at stations.

    Parameters
    ----------
    road, rail : networkx.MultiDiGraph
        Networks in one CRS.
    transfers : sequence of Transfer
        Where one may change, and what that takes.
    most_m : float
        Farthest a station may lie from a road, m.

    Returns
    -------
    networkx.MultiDiGraph
        Road nodes keep their numbers, those of rail follow after them. A transfer is an edge each
        way of mode `transfer`, as long as the straight way from the line to the road.

    Raises
    ------
    LayerError
        If the CRS differ, a station is unknown or lies too far from any road.
    """
    import geopandas as gpd

    if crs_of(road) != crs_of(rail):
        raise LayerError(
            Fault("networks_in_two_crs", found=crs_of(rail).name, expected=crs_of(road).name)
        )
    stops = [node_of(rail, transfer.place) for transfer in transfers]
    xy = np.array([place_of(rail, node) for node in stops]).reshape(-1, 2)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=crs_of(rail))
    # The station's name stays with its rail node; the road beside it has none of its own.
    bare, landings = with_places(road, points, most_m=most_m, name_column=None)
    shift = max(bare.nodes) + 1 - min(rail.nodes)
    for node, held in rail.nodes(data=True):
        bare.add_node(node + shift, **held)
    for start, end, held in rail.edges(data=True):
        bare.add_edge(start + shift, end + shift, **held)
    for index, (transfer, stop, landing) in enumerate(zip(transfers, stops, landings, strict=True)):
        line = LineString([place_of(rail, stop), place_of(bare, landing.node)])
        facts = {"osmid": index + 1, "mode": "transfer", "length": landing.offset_m}
        facts["minutes"] = float(transfer.minutes)
        add_both_ways(bare, (stop + shift, landing.node), line, facts)
    return bare


def _earliest(*years: int | None) -> int | None:
    known = [int(year) for year in years if year is not None]
    return min(known) if known else None


def _rail_facts(row: dict[str, Any], line: LineString, kph: float) -> dict[str, Any]:
    metres = float(_fact(row, "length_m", line.length))
    tracks = _fact(row, "tracks")
    opened = _fact(row, "open_year_be")
    gauge = _fact(row, "gauge_mm")
    return {
        "length": metres,
        "minutes": minutes_for(metres, kph),
        "speed_kph": float(kph),
        "mode": "rail",
        "name": _fact(row, "name_en"),
        "gauge_mm": None if gauge is None else int(gauge),
        "tracks": None if tracks is None else int(tracks),
        "open_year_be": None if opened is None else int(opened),
        "ruling_grade_per_mille": _fact(row, "ruling_grade_northbound_per_mille"),
        "grade_confidence": _fact(row, "grade_confidence"),
        "confidence": _fact(row, "confidence"),
    }


def _open_in(sections: gpd.GeoDataFrame, year_be: int) -> gpd.GeoDataFrame:
    if sections.empty:
        raise LayerError(Fault("no_rail"))
    years = np.full(len(sections), np.nan)
    if "open_year_be" in sections:
        years = pd.to_numeric(sections["open_year_be"]).to_numpy(dtype=float, na_value=np.nan)
    working = np.ones(len(sections), dtype=bool)
    if "status" in sections:
        working = sections["status"].isin([_OPERATING]).to_numpy() | sections["status"].isna()
    # Without a year, what works today has long been open, and what is only planned never is.
    years = np.where(np.isnan(years), np.where(working, -np.inf, np.inf), years)
    if (years > year_be).all():
        first = f"{years.min():.0f}" if np.isfinite(years.min()) else "–"
        raise LayerError(Fault("year_before_opening", found=str(year_be), expected=first))
    return sections[years <= year_be]


def _lines(frame: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Bring a layer to the CRS of the network, as single lines."""
    if frame.crs is None:
        raise LayerError(Fault("places_without_crs"))
    frame = frame.to_crs(crs).explode(ignore_index=True)
    return frame[(frame.geom_type == "LineString") & ~frame.is_empty]


def _rows(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    plain = frame.drop(columns=frame.geometry.name).to_dict("records")
    return [{str(column): value for column, value in row.items()} for row in plain]


def _courses(frame: gpd.GeoDataFrame) -> list[LineString]:
    return [line for line in frame.geometry if isinstance(line, LineString)]


def _fact(row: dict[str, Any], column: str, default: Any = None) -> Any:
    value = row.get(column)
    return default if value is None or pd.isna(value) else value


def _ends(
    frame: gpd.GeoDataFrame, join_m: float
) -> tuple[IntArray, dict[int, tuple[float, float]]]:
    """Give the nodes at both ends of each line, (n, 2), and where the nodes are."""
    lines = np.asarray(frame.geometry.array, dtype=object)
    firsts, lasts = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
    xy = shapely.get_coordinates(np.column_stack([firsts, lasts]).ravel())
    if {"from_node", "to_node"} <= set(frame.columns):
        nodes = frame[["from_node", "to_node"]].to_numpy(dtype=np.int64).ravel()
        _require_one_place(nodes, xy, join_m)
    else:
        nodes = _clusters(xy, join_m) + 1
    _, first = np.unique(nodes, return_index=True)
    places = {int(nodes[i]): (float(xy[i, 0]), float(xy[i, 1])) for i in first}
    return nodes.reshape(-1, 2), places


def _clusters(xy: FloatArray, join_m: float) -> IntArray:
    """Give points that lie within reach of each other one number."""
    near = KDTree(xy).query_pairs(join_m, output_type="ndarray")
    joins = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(xy), len(xy)))
    return np.asarray(connected_components(joins, directed=False)[1])


def _require_one_place(nodes: IntArray, xy: FloatArray, join_m: float) -> None:
    unique, first, owner = np.unique(nodes, return_index=True, return_inverse=True)
    off = np.hypot(*(xy - xy[first][owner]).T)
    wrong = unique[np.unique(owner[off > join_m])]
    if len(wrong):
        raise LayerError(
            [Fault("node_in_two_places", key=str(n), expected=f"{join_m:g}") for n in wrong]
        )
