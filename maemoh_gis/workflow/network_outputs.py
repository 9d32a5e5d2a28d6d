"""Networks of a run as files: GeoPackage, GraphML, and minutes and km between named places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.files import write_csv, write_geopackage
from maemoh_gis.network.edges import pieces_of
from maemoh_gis.network.exchange import edge_tables, write_graphml
from maemoh_gis.network.places import parts_of
from maemoh_gis.network.ways import Ways, ways_by
from maemoh_gis.workflow.access_costs import COST_COLUMNS, tariffs_of, way_costs
from maemoh_gis.workflow.kept import content_of
from maemoh_gis.workflow.kept_files import kept_value

if TYPE_CHECKING:
    from maemoh_gis.network.linehaul import Carrier
    from maemoh_gis.workflow.network_stages import BuiltNetwork, NamedPlace
    from maemoh_gis.workflow.run import Results

ACCESS_COLUMNS = (
    "network", "from_kind", "from_th", "from_en", "to_kind", "to_th", "to_en",
    "road_minutes", "road_km", "road_stated_km", "road_offset_m",
    "rail_minutes", "rail_km", "rail_stated_km", "confidence", *COST_COLUMNS,
)  # fmt: skip
_NAMED_MOST = 200
"""Places beyond this many would make a table nobody reads; only the first are in it."""


def write_networks(results: Results, folder: Path) -> dict[str, str]:
    """
    Write every network of a run.

    Parameters
    ----------
    results : Results
        What was computed.
    folder : Path
        Run folder.

    Returns
    -------
    dict of str to str
        Checksum of each file by its name: `network_ID.gpkg`, `network_ID.graphml`, `access.csv`.
    """
    if not results.networks:
        return {}
    written = {}
    for id, built in results.networks.items():
        tables = edge_tables(built.graph)
        written[f"network_{id}.gpkg"] = write_geopackage(folder / f"network_{id}.gpkg", tables)
        path = folder / f"network_{id}.graphml"
        written[path.name] = write_graphml(path, built.graph)
    rows = [row for id in results.networks for row in _access_rows(results, id)]
    written["access.csv"] = write_csv(folder / "access.csv", ACCESS_COLUMNS, rows, for_excel=True)
    return written


def content_of_network(results: Results, id: str) -> str:
    """
    Give a checksum of a network by what it is, whichever facts made it.

    Parameters
    ----------
    results : Results
        What was computed.
    id : str
        Network of the scenario.

    Returns
    -------
    str
        SHA-256; scenarios of different years often have the same.
    """
    return str(kept_value(results.store, lambda: content_of(results.networks[id]),
                          "content of network", results.keys[f"network:{id}"]))  # fmt: skip


def networks_on_record(results: Results) -> dict[str, Any]:
    """
    Sum up the networks of a run, or take that from a run with the same ones.

    Parameters
    ----------
    results : Results
        What was computed.

    Returns
    -------
    dict
        What `on_record` says of each by its id.
    """

    def recorded(id: str) -> Any:
        content = content_of_network(results, id)
        return kept_value(
            results.store, lambda: on_record(results.networks[id]), "network on record", content
        )

    return {id: recorded(id) for id in results.networks}


def on_record(built: BuiltNetwork) -> dict[str, Any]:
    """
    Sum up a network for the record of a run.

    Parameters
    ----------
    built : BuiltNetwork
        The network.

    Returns
    -------
    dict
        Nodes, km by mode, each stretch counted once, parts with the places on them, places with
        their way to the road, and stated distances that were compared with the network.
    """
    km: dict[str, float] = {}
    for piece in pieces_of(built.graph):
        held = built.graph.edges[piece.edges[0]]
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


def _access_rows(results: Results, id: str) -> Iterator[tuple[object, ...]]:
    """Give a row for every two named places that lorries or trains join."""
    built = results.networks[id]
    places = built.places[:_NAMED_MOST]
    confidence = results.resolved.scenario.networks[id].confidence
    road, rail = (_between(built, places, carrier) for carrier in ("road", "rail"))
    # The straight way from a place to the road is driven too.
    off = np.array([place.offset_m for place in places])
    road_km = road.km + np.add.outer(off, off) / 1000
    costs = way_costs(tariffs_of(results), road_km.ravel(), rail.km.ravel())
    for row, one in enumerate(places):
        for col, other in enumerate(places):
            numbers = [*_numbers(road, row, col, one, other), *_numbers(rail, row, col)]
            if row != col and any(number != "" for number in (numbers[0], numbers[4])):
                names = (
                    one.kind,
                    one.name_th,
                    one.name_en,
                    other.kind,
                    other.name_th,
                    other.name_en,
                )
                cost = costs[row * len(places) + col]
                yield (id, *names, *numbers, confidence, *cost)


def _between(built: BuiltNetwork, places: tuple[NamedPlace, ...], carrier: str) -> Ways:
    by: Carrier = "road" if carrier == "road" else "rail"
    nodes = [place.road_node if by == "road" else place.rail_node for place in places]
    there = [k for k, node in enumerate(nodes) if node is not None]
    found = ways_by(built.graph, by, *[[n for n in nodes if n is not None]] * 2)
    shape = (len(places), len(places))
    wide = []
    for values in (found.minutes, found.km, found.stated_km):
        whole = np.full(shape, np.nan)
        whole[np.ix_(there, there)] = values
        wide.append(whole)
    return Ways(wide[0], wide[1], wide[2], ())


def _numbers(ways: Ways, row: int, col: int, *ends: NamedPlace) -> list[object]:
    if np.isnan(ways.minutes[row, col]):
        return [""] * (4 if ends else 3)
    numbers: list[object] = [
        round(float(ways.minutes[row, col]), 1),
        round(float(ways.km[row, col]), 2),
        round(float(ways.stated_km[row, col]), 2),
    ]
    if ends:
        numbers.append(round(sum(place.offset_m for place in ends)))
    return numbers
