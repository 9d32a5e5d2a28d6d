"""
Checking the road network against the road distances the province prints.

The printed distances from Lampang to the seats of the other twelve districts are the only published
measure of the network as a whole. Some of them are wrong themselves, and the remark says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
from pyproj import Geod

from pack.lines import as_line, as_point, metres_along
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pack.tables import Cell

CAPITAL = "Mueang Lampang"

AGREES_PERCENT = 20.0
"""A network drawn from generalised lines can hardly do better."""

# No source draws the road that goes straight from Ko Kha to Soem Ngam; the network goes round.
_ROAD_MISSING = {"Soem Ngam"}


@dataclass(frozen=True)
class _Landing:
    """Where a seat meets the network."""

    from_node: int
    to_node: int
    to_start_m: float
    to_end_m: float
    access_m: float


def check_seats(
    edges: gpd.GeoDataFrame,
    seats: Sequence[Mapping[str, str]],
    districts: Sequence[Mapping[str, str]],
) -> list[dict[str, Cell]]:
    """
    Compare network distances from Lampang with the printed ones.

    Parameters
    ----------
    edges : geopandas.GeoDataFrame
        The network, `from_node`, `to_node` and `length_m`.
    seats : sequence of mapping
        District seats with `lon` and `lat`.
    districts : sequence of mapping
        `road_km_as_printed` and the recommended `road_km_to_capital` by district.

    Returns
    -------
    list of dict
        One row for each of the twelve other seats. The network distance includes the straight way
        from both seats to the nearest road.
    """
    landings = _land(edges, seats)
    graph = _graph(edges, landings)
    from_capital = nx.single_source_dijkstra_path_length(graph, CAPITAL, weight="metres")
    printed = {row["name_en"]: row for row in districts}
    capital = next(seat for seat in seats if seat["name_en"] == CAPITAL)
    rows: list[dict[str, Cell]] = []
    for seat in seats:
        name = seat["name_en"]
        if name == CAPITAL:
            continue
        network_km = from_capital[name] / 1000
        printed_km = float(printed[name]["road_km_as_printed"])
        straight_km = _straight_km(capital, seat)
        difference = 100 * (network_km / printed_km - 1)
        rejected = printed[name]["road_km_to_capital"] != printed[name]["road_km_as_printed"]
        rows.append(
            {
                "code": int(seat["dopa_code"]),
                "name_th": seat["name_th"],
                "name_en": name,
                "network_km": round(network_km, 1),
                "access_km": round(landings[name].access_m / 1000, 1),
                "printed_km": round(printed_km),
                "straight_km": round(straight_km, 1),
                "difference_percent": round(difference, 1),
                "remark": _remark(
                    name, difference, rejected=rejected, too_short=printed_km < straight_km
                ),
            }
        )
    return rows


def count_within(check: Sequence[Mapping[str, Cell]]) -> dict[str, float | int]:
    """
    Count the seats whose distance agrees.

    Parameters
    ----------
    check : sequence of mapping
        Rows of `check_seats`.

    Returns
    -------
    dict
        Seats compared, seats within 20 %, and the median absolute difference in percent.
    """
    differences = np.abs([float(row["difference_percent"] or 0.0) for row in check])
    return {
        "road_distances_compared": len(check),
        "road_distance_within_20_percent": int((differences <= AGREES_PERCENT).sum()),
        "road_distance_median_difference_percent": round(float(np.median(differences)), 1),
    }


def _remark(name: str, difference_percent: float, *, rejected: bool, too_short: bool) -> str:
    if rejected:
        return "printed_value_rejected"
    if too_short:
        return "printed_shorter_than_straight_line"
    if name in _ROAD_MISSING:
        return "direct_road_missing"
    return "agrees" if abs(difference_percent) <= AGREES_PERCENT else "unexplained"


def _land(edges: gpd.GeoDataFrame, seats: Sequence[Mapping[str, str]]) -> dict[str, _Landing]:
    metres = edges.to_crs(METRES).geometry
    lon, lat = [float(seat["lon"]) for seat in seats], [float(seat["lat"]) for seat in seats]
    points = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs(METRES)
    landings = {}
    for seat, shape in zip(seats, points, strict=True):
        point = as_point(shape)
        nearest = int(metres.distance(point).to_numpy().argmin())
        line = as_line(metres.iloc[nearest])
        edge = edges.iloc[nearest]
        share = metres_along(line, point) / line.length
        landings[seat["name_en"]] = _Landing(
            int(edge["from_node"]),
            int(edge["to_node"]),
            share * float(edge["length_m"]),
            (1 - share) * float(edge["length_m"]),
            line.distance(point),
        )
    return landings


def _graph(edges: gpd.GeoDataFrame, landings: Mapping[str, _Landing]) -> nx.Graph[int | str]:
    graph: nx.Graph[int | str] = nx.Graph()
    for start, end, metres in zip(
        edges["from_node"], edges["to_node"], edges["length_m"], strict=True
    ):
        known = graph.get_edge_data(start, end, default={"metres": float("inf")})["metres"]
        graph.add_edge(start, end, metres=min(known, float(metres)))
    for name, landing in landings.items():
        graph.add_edge(name, landing.from_node, metres=landing.access_m + landing.to_start_m)
        graph.add_edge(name, landing.to_node, metres=landing.access_m + landing.to_end_m)
    return graph


def _straight_km(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    lon0, lat0, lon1, lat1 = (float(place[key]) for place in (one, other) for key in ("lon", "lat"))
    return float(Geod(ellps="WGS84").inv(lon0, lat0, lon1, lat1)[2]) / 1000
