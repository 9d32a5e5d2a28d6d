"""Networks as files of other programs: GraphML as osmnx writes it, tables for a GIS."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.files import write_text
from maemoh_gis.network.edges import held_by, line_of, pieces_of, place_of
from maemoh_gis.network.pace import PACE

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.network.edges import Graph

_LINEHAUL = "linehaul"
_NOT_DRAWN = "linehaul_not_surveyed"
"""Layer of ways whose straight lines are no course on the ground."""


def laid_out(graph: Graph) -> Graph:
    """
    Lay a network out for other programs: in order, each edge with its course and what is known.

    How minutes are spread along an edge stays behind.
    """
    import networkx as nx

    out: Graph = nx.MultiDiGraph(crs=str(graph.graph["crs"]))
    for node in sorted(graph.nodes):
        out.add_node(node, **graph.nodes[node])
    for start, end, number, held in sorted(
        graph.edges(keys=True, data=True), key=lambda edge: edge[:3]
    ):
        known = {key: value for key, value in held.items() if key != PACE and value is not None}
        course = line_of(graph, (start, end, number))
        out.add_edge(start, end, key=number, **{**known, "geometry": course})
    return out


def graphml_of(graph: Graph, about: Mapping[str, str] | None = None) -> str:
    """
    Write a network as GraphML that osmnx and this package read.

    Courses are well-known text, and all values text, as osmnx keeps them. What `about` tells are
    attributes of the graph.
    """
    import networkx as nx

    laid = laid_out(graph)
    out: Graph = nx.MultiDiGraph(crs=laid.graph["crs"])
    out.graph |= about or {}
    for node, held in laid.nodes(data=True):
        out.add_node(node, **{key: str(value) for key, value in sorted(held.items())})
    for start, end, number, held in laid.edges(keys=True, data=True):
        told = {key: str(value) for key, value in held.items()}
        told["geometry"] = held["geometry"].wkt
        out.add_edge(start, end, key=number, **dict(sorted(told.items())))
    return "\n".join(nx.generate_graphml(out)) + "\n"


def write_graphml(path: Path, graph: Graph, about: Mapping[str, str] | None = None) -> str:
    """Write a network as GraphML; return its checksum."""
    return write_text(path, graphml_of(graph, about))


def edge_tables(graph: Graph) -> dict[str, gpd.GeoDataFrame]:
    """Lay a network out as layers for a GIS."""
    import geopandas as gpd

    rows: dict[str, list[dict[str, Any]]] = {}
    for piece in pieces_of(graph):
        first, *others = piece.edges
        held = _plain(held_by(graph, first))
        row = {"from_node": first[0], "to_node": first[1], **held, "both_ways": bool(others)}
        for other in others[:1]:
            back = _plain(held_by(graph, other))
            for key in sorted(set(back) | set(held)):
                if back.get(key) != held.get(key) and key not in {"reversed", "osmid"}:
                    row[f"{key}_back"] = back.get(key)
        mode = str(held.get("mode", "road"))
        rows.setdefault(_NOT_DRAWN if mode == _LINEHAUL else mode, []).append(
            {**row, "geometry": piece.line}
        )
    crs = graph.graph["crs"]
    ids = sorted(graph.nodes)
    xy = [place_of(graph, node) for node in ids]
    nodes = gpd.GeoDataFrame(
        {
            "node": ids,
            "mode": [str(graph.nodes[node].get("mode", "road")) for node in ids],
            "name": [str(graph.nodes[node].get("name", "")) for node in ids],
        },
        geometry=gpd.points_from_xy([x for x, _ in xy], [y for _, y in xy]),
        crs=crs,
    )
    layers = {"nodes": nodes}
    layers |= {
        mode: gpd.GeoDataFrame(found, geometry="geometry", crs=crs)
        for mode, found in sorted(rows.items())
    }
    return layers


def _plain(held: dict[str, Any]) -> dict[str, Any]:
    """Keep the facts of an edge that a table can hold; several values become one text."""
    return {
        key: "; ".join(map(str, value)) if isinstance(value, list | tuple | set) else value
        for key, value in held.items()
        if key not in {"geometry", PACE}
    }
