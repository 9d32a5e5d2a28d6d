"""Networks of a run as files: GeoPackage, GraphML, and minutes and km between named places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.engine.cached_files import cached_value
from maemoh_gis.engine.cached_stages import content_of
from maemoh_gis.files import write_geopackage
from maemoh_gis.network.edges import held_by, pieces_of
from maemoh_gis.network.exchange import edge_tables, write_graphml
from maemoh_gis.network.places import parts_of
from maemoh_gis.network.result import network_of, networks_of

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.network.stages import BuiltNetwork


def write_networks(results: Results, folder: Path) -> dict[str, str]:
    """Write every network of a run."""
    written = {}
    for id, built in networks_of(results).items():
        tables = edge_tables(built.graph)
        written[f"network_{id}.gpkg"] = write_geopackage(folder / f"network_{id}.gpkg", tables)
        path = folder / f"network_{id}.graphml"
        written[path.name] = write_graphml(path, built.graph)
    return written


def content_of_network(results: Results, id: str) -> str:
    """Give a checksum of a network by what it is, whichever facts made it."""
    return str(cached_value(results.store, lambda: content_of(network_of(results, id)),
                          "content of network", results.keys[f"network:{id}"]))  # fmt: skip


def networks_on_record(results: Results) -> dict[str, Any]:
    """Sum up the networks of a run, or take that from a run with the same ones."""

    def recorded(id: str) -> Any:
        content = content_of_network(results, id)
        return cached_value(
            results.store, lambda: on_record(network_of(results, id)), "network on record", content
        )

    return {id: recorded(id) for id in results.resolved.scenario.networks}


def on_record(built: BuiltNetwork) -> dict[str, Any]:
    """
    Sum up a network for the record of a run.

    Nodes, km by mode, each stretch counted once, parts with the places on them, places with their
    way to the road, and stated distances that were compared with the network.
    """
    km: dict[str, float] = {}
    for piece in pieces_of(built.graph):
        held = held_by(built.graph, piece.edges[0])
        mode = str(held.get("mode", "road"))
        mode = f"{mode}_{held['carrier']}" if mode == "linehaul" else mode
        km[mode] = km.get(mode, 0.0) + float(held["length"]) / 1000
    return {
        "nodes": built.graph.number_of_nodes(),
        "edges": built.graph.number_of_edges(),
        "km": {mode: round(value, 1) for mode, value in sorted(km.items())},
        "parts": [
            {"nodes": part.nodes, "km": round(part.km, 1), "places": list(part.places)}
            for part in parts_of(built.graph)
        ],
        "off_the_road_m": {
            p.name_en: round(p.offset_m) for p in built.places if p.road_node is not None
        },
        "stated_and_network_km": [
            {
                "from": c.statement.start,
                "to": c.statement.end,
                "carrier": c.statement.carrier,
                "stated_km": c.statement.km,
                "network_km": None if np.isnan(c.network_km) else round(c.network_km, 1),
            }
            for c in built.compared
        ],
    }
