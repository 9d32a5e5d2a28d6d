"""
A routable road network of Lampang: every edge runs from node to node and edges meet only there.

Trunk and primary roads are complete; of the lesser roads only those are known that an atlas of the
early 1990s shows, and the road to Mae Mo that a published itinerary describes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from pyproj import Geod

from maemoh_gis import files
from pack.known_points import province_outline
from pack.lines import as_line, as_point, joined
from pack.road_check import check_seats, count_within
from pack.road_sources import Road, itinerary_road, newer_roads, older_roads
from pack.road_topology import Node, build_network, components, ends_of, node_roads, route
from pack.road_trails import with_needed_trails
from pack.tables import write_rows
from pack.traces import METRES

if TYPE_CHECKING:
    from pathlib import Path

DEGREE_GRID = 1e-5
"""Coordinates are written with five decimals; the last cut is made on the same grid."""

SPEED_KPH = {"trunk": 80, "primary": 70, "secondary": 60, "minor": 45, "track": 25}
"""Average speed of a truck by class: an assumption of this project."""

POWER_PLANT = (99.752, 18.296)
"""Longitude and latitude of the Mae Moh power plant (Global Energy Monitor, marked exact)."""

# Longitude and latitude of the two ends between which a trunk road carries a number, as the plan of
# the province and the pages of the districts along it say.
_NUMBERED = {
    "1": ((99.12, 17.05), (99.76, 19.44)),
    "11": ((100.04, 17.97), (99.05, 18.60)),
}

_NAMES: dict[str | None, tuple[str | None, str | None, str | None]] = {
    None: (None, None, None),
    "1": ("1", "ทางหลวงแผ่นดินหมายเลข 1", "Highway 1"),
    "11": ("11", "ทางหลวงแผ่นดินหมายเลข 11", "Highway 11"),
    "pha_lat": (None, "ถนนผาลาด–แม่เมาะ", "Pha Lat - Mae Mo road"),
}
"""Number, Thai name and English name by the key a road carries."""


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write the road network, the highways alone, and the check of distances to the district seats.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        The layers folder.

    Returns
    -------
    dict
        Measured accuracy by layer id, then by measure.
    """
    network = draw_network(sources)
    parts = components(network)
    edges = table_of(parts[0])
    files.write_geojson(out / "roads.geojson", edges)
    highways = highways_of(edges)
    files.write_geojson(out / "highways.geojson", highways)
    check = check_seats(
        edges,
        files.read_csv(sources / "facts" / "district_seats.csv"),
        files.read_csv(sources / "facts" / "districts.csv"),
    )
    write_rows(out / "road_distance_check.csv", check)
    within = count_within(check)
    return {
        "roads": {**measure_network(edges, parts), **measure_itinerary(edges), **within},
        "highways": measure_highways(highways, sources),
        "road_distance_check": {"rows": len(check), **within},
    }


def draw_network(sources: Path) -> list[Road]:
    """
    Draw and join all roads.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.

    Returns
    -------
    list of Road
        Noded edges in EPSG:4326 on a grid of `DEGREE_GRID`, parts that hang in the air included.
    """
    newer = newer_roads(sources)
    known = build_network([*newer, *older_roads(sources, newer, trails=False)])
    seats = _points(files.read_csv(sources / "facts" / "district_seats.csv"))
    office = seats[_seat_index(sources, "Mae Mo")]
    plant = _points([{"lon": str(POWER_PLANT[0]), "lat": str(POWER_PLANT[1])}])[0]
    known = build_network([*known, *itinerary_road(highway_11(known), office, plant)])
    trails = older_roads(sources, newer, trails=True)
    stations = [
        row
        for row in files.read_csv(sources / "facts" / "stations.csv")
        if row["km_from_den_chai_on_line"]
    ]
    network = with_needed_trails(
        build_network([*known, *trails]),
        capital=seats[_seat_index(sources, "Mueang Lampang")],
        seats=seats,
        stations=[point for point in _points(stations) if point.within(province_outline(sources))],
    )
    numbered = number_highways(node_roads(network))
    return node_roads(_to_degrees(numbered), DEGREE_GRID)


def highway_11(edges: list[Road]) -> shapely.LineString:
    """
    Find Highway 11 from its start on Highway 1 near Lampang to Den Chai.

    Parameters
    ----------
    edges : list of Road
        A noded network in EPSG:32647.

    Returns
    -------
    shapely.LineString
        From Highway 1 eastward.
    """
    first = set(route(edges, {"trunk"}, *_numbered_ends("1")))
    shared = {node for index in first for node in ends_of(edges[index].shape)}
    chain: list[shapely.LineString] = []
    for index in route(edges, {"trunk"}, *_numbered_ends("11")):
        chain.append(edges[index].shape)
        if shared.intersection(ends_of(edges[index].shape)):
            break
    line = max(joined(chain), key=lambda part: part.length)
    return line if line.coords[0] in shared else line.reverse()


def number_highways(edges: list[Road]) -> list[Road]:
    """Give the trunk roads their numbers; where two numbers share a road the lower one stays."""
    numbered = list(edges)
    for number in ("11", "1"):
        for index in route(edges, {"trunk"}, *_numbered_ends(number)):
            numbered[index] = replace(numbered[index], name=number)
    return numbered


def table_of(edges: list[Road]) -> gpd.GeoDataFrame:
    """
    Make the table of edges with node numbers, lengths and speeds.

    Parameters
    ----------
    edges : list of Road
        Noded edges in EPSG:4326.

    Returns
    -------
    geopandas.GeoDataFrame
        One row an edge, EPSG:4326; nodes are counted from west to east.
    """
    nodes = sorted({node for edge in edges for node in ends_of(edge.shape)})
    number = {node: index for index, node in enumerate(nodes, start=1)}
    geod = Geod(ellps="WGS84")
    rows = []
    for index, edge in enumerate(edges, start=1):
        start, end = ends_of(edge.shape)
        ref, name_th, name_en = _NAMES[edge.name]
        rows.append(
            {
                "edge": index,
                "from_node": number[start],
                "to_node": number[end],
                "class": edge.road_class,
                "ref": ref,
                "name_th": name_th,
                "name_en": name_en,
                "speed_kph": SPEED_KPH[edge.road_class],
                "length_m": round(geod.geometry_length(edge.shape)),
                "oneway": False,
                "source": edge.source,
                "confidence": edge.confidence,
            }
        )
    return gpd.GeoDataFrame(rows, geometry=[edge.shape for edge in edges], crs="EPSG:4326")


def highways_of(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Join the trunk and primary edges into whole roads.

    Parameters
    ----------
    edges : geopandas.GeoDataFrame
        The table of edges.

    Returns
    -------
    geopandas.GeoDataFrame
        Lines by class and number, EPSG:4326, without nodes inside them.
    """
    geod = Geod(ellps="WGS84")
    chosen = edges[edges["class"].isin(["trunk", "primary"])]
    rows, shapes = [], []
    for (road_class, ref), group in chosen.groupby(["class", chosen["ref"].fillna("")], sort=True):
        key = str(ref) or None
        _, name_th, name_en = _NAMES[key]
        lines = sorted(joined(group.geometry), key=lambda line: (-line.length, line.coords[0]))
        for line in lines:
            shapes.append(line)
            rows.append(
                {
                    "class": road_class,
                    "ref": key,
                    "name_th": name_th,
                    "name_en": name_en,
                    "length_m": round(geod.geometry_length(line)),
                    "confidence": "M",
                }
            )
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def measure_network(edges: gpd.GeoDataFrame, parts: list[list[Road]]) -> dict[str, float | int]:
    """Count nodes, edges and kilometres, and what was dropped because it hangs in the air."""
    metres = edges.to_crs(METRES)
    dropped = table_of([edge for part in parts[1:] for edge in part]) if parts[1:] else None
    by_class = edges.groupby("class")["length_m"].sum() / 1000
    return {
        "edges": len(edges),
        "nodes": len(set(edges["from_node"]) | set(edges["to_node"])),
        "length_km": round(float(edges["length_m"].sum()) / 1000),
        **{f"{name}_km": round(float(by_class.get(name, 0.0))) for name in SPEED_KPH},
        "components": nx.number_connected_components(
            nx.Graph(list(zip(edges["from_node"], edges["to_node"], strict=True)))
        ),
        "dropped_components": len(parts) - 1,
        "dropped_km": round(float(dropped["length_m"].sum()) / 1000) if dropped is not None else 0,
        "crossings_without_node": crossings_without_node(metres),
    }


def measure_itinerary(edges: gpd.GeoDataFrame) -> dict[str, float | int]:
    """
    Give the drawn length of the Pha Lat - Mae Mo road and what its itinerary says.

    The published positions of office and plant are 10.8 km apart, so the itinerary's last 6 km end
    before the plant, perhaps at its outer gate. The drawing goes on to the plant.

    Parameters
    ----------
    edges : geopandas.GeoDataFrame
        The table of edges.

    Returns
    -------
    dict
        Kilometres drawn and kilometres told.
    """
    drawn = edges[edges["name_en"] == _NAMES["pha_lat"][2]]
    return {
        "pha_lat_mae_mo_road_km": round(float(drawn["length_m"].sum()) / 1000, 1),
        "pha_lat_mae_mo_road_itinerary_km": 16,
    }


def measure_highways(highways: gpd.GeoDataFrame, sources: Path) -> dict[str, float | int]:
    """
    Measure how far the drawn highways lie from the lines they were drawn from.

    Parameters
    ----------
    highways : geopandas.GeoDataFrame
        The drawn layer.
    sources : Path
        Folder with `reference/` and `facts/`.

    Returns
    -------
    dict
        Lines, and inside the province median and largest offset both ways: from points every 500 m
        of the drawing to the source, and of the source to the drawing.
    """
    province = province_outline(sources)
    path = sources / "reference" / "osm_trunk_primary_simplified.geojson"
    before = files.read_vector(path).to_crs(METRES).union_all().intersection(province)
    after = highways.to_crs(METRES).union_all().intersection(province)
    drawn, source = (
        shapely.get_coordinates(shapely.segmentize(shape, 500.0)) for shape in (after, before)
    )
    away = np.asarray(shapely.distance(shapely.points(drawn), before))
    missed = np.asarray(shapely.distance(shapely.points(source), after))
    return {
        "lines": len(highways),
        "median_offset_m": round(float(np.median(away))),
        "max_offset_m": round(float(away.max())),
        "source_max_offset_m": round(float(missed.max())),
        "source_beyond_1500_m_percent": round(float((missed > 1500).mean() * 100), 1),
    }


def crossings_without_node(edges: gpd.GeoDataFrame) -> int:
    """
    Count pairs of edges that meet anywhere but at an end of both.

    Parameters
    ----------
    edges : geopandas.GeoDataFrame
        Edges of the network.

    Returns
    -------
    int
        0 for a noded network.
    """
    shapes = np.asarray(edges.geometry.array, dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    # Interiors that meet give "0", "1" or "2" in the first place of DE-9IM; an interior that meets
    # an end gives it in the second or fourth.
    relation = shapely.relate(shapes[one[pairs]], shapes[other[pairs]])
    return sum(code[0] != "F" or code[1] != "F" or code[3] != "F" for code in relation)


def _numbered_ends(number: str) -> tuple[Node, Node]:
    ends = [{"lon": str(lon), "lat": str(lat)} for lon, lat in _NUMBERED[number]]
    one, other = _points(ends)
    return (one.x, one.y), (other.x, other.y)


def _seat_index(sources: Path, name_en: str) -> int:
    rows = files.read_csv(sources / "facts" / "district_seats.csv")
    return [row["name_en"] for row in rows].index(name_en)


def _points(rows: list[dict[str, str]]) -> list[shapely.Point]:
    lon, lat = [float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows]
    return [as_point(p) for p in gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs(METRES)]


def _to_degrees(edges: list[Road]) -> list[Road]:
    shapes = gpd.GeoSeries([edge.shape for edge in edges], crs=METRES).to_crs("EPSG:4326")
    return [replace(edge, shape=as_line(shape)) for edge, shape in zip(edges, shapes, strict=True)]
