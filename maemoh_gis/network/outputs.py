"""Networks on the record of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.network.edges import held_by, pieces_of
from maemoh_gis.network.places import parts_of
from maemoh_gis.network.result import network_of

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.network.stages import BuiltNetwork


def networks_on_record(results: Results) -> dict[str, Any]:
    """Sum up the networks of a run."""
    return {id: on_record(network_of(results, id)) for id in results.resolved.scenario.networks}


def on_record(built: BuiltNetwork) -> dict[str, Any]:
    """
    Sum up a network for the record of a run.

    Nodes, km by mode, each stretch counted once, parts with the places on them, places with their
    way to the road, and stated distances that were compared with the network.
    """
    km: dict[str, float] = {}
    pieces = pieces_of(built.graph)
    for piece in pieces:
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
            for part in parts_of(built.graph, pieces)
        ],
        "left_out": {
            "parts": len(built.left_out),
            "km": round(sum(part.km for part in built.left_out), 1),
        },
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
