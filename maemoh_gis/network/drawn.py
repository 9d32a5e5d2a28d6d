"""Networks that osmnx drew, taken over from memory or from GraphML; nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyproj import CRS

from maemoh_gis.errors import Fault, LayerError
from maemoh_gis.files import read_text
from maemoh_gis.network.edges import crs_of, line_of, minutes_for, require_metres

if TYPE_CHECKING:
    from maemoh_gis.network.edges import Graph


def _whole(written: str) -> int:
    """Read a whole number; osmnx writes 1000.0 where other edges lack the fact."""
    return int(float(written))


_OWN_TYPES: dict[str, Any] = {
    "minutes": float,
    "ruling_grade_per_mille": float,
    "gauge_mm": _whole,
    "tracks": _whole,
    "open_year_be": _whole,
}


def from_osmnx(
    source: Graph | Path, crs: str, *, mode: str = "road", speed_kph: float | None = None
) -> Graph:
    """
    Take over a network that osmnx drew.

    Parameters
    ----------
    source : networkx.MultiDiGraph or Path
        The graph, or the GraphML that `osmnx.save_graphml` wrote. Nothing is fetched.
    crs : str
        Projected CRS in metres for the network.
    mode : str
        Mode of edges that name none.
    speed_kph : float, optional
        Speed of edges with neither `minutes`, `travel_time` (seconds) nor `speed_kph`, km/h.

    Returns
    -------
    networkx.MultiDiGraph
        A copy in `crs`; every edge has `geometry`, `minutes` and `mode`.

    Raises
    ------
    LayerError
        If it has no edges, or an edge has no speed.
    """
    import osmnx

    require_metres(crs)
    if isinstance(source, Path):
        graph: Graph = osmnx.load_graphml(graphml_str=read_text(source), edge_dtypes=_OWN_TYPES)
    else:
        graph = source.copy()
    if graph.number_of_edges() == 0:
        raise LayerError(Fault("network_empty"))
    if crs_of(graph) != CRS(crs):
        graph = osmnx.project_graph(graph, to_crs=crs)
    graph.graph["crs"] = crs
    faults = []
    for start, end, number, held in graph.edges(keys=True, data=True):
        held["geometry"] = line_of(graph, (start, end, number))
        held.setdefault("mode", mode)
        held.setdefault("length", held["geometry"].length)
        held["minutes"] = _minutes_of(held, speed_kph)
        if not held["minutes"] >= 0:
            faults.append(Fault("speed_missing", key=f"{start} → {end}", found="–"))
    for _, held in graph.nodes(data=True):
        held.setdefault("mode", mode)
    if faults:
        raise LayerError(faults)
    return graph


def _minutes_of(held: dict[str, Any], speed_kph: float | None) -> float:
    if "minutes" in held:
        return float(held["minutes"])
    if "travel_time" in held:
        return float(held["travel_time"]) / 60
    kph = held.get("speed_kph", speed_kph)
    return minutes_for(float(held["length"]), float(kph)) if kph and kph > 0 else float("nan")
