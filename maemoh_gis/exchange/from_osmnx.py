"""Networks that osmnx drew, taken over from memory or from GraphML; see `osm` for asking."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyproj import CRS

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_text
from maemoh_gis.network.edges import crs_of, line_of, minutes_for, require_metres

if TYPE_CHECKING:
    from maemoh_gis.network.edges import Graph


def _whole(written: str) -> int:
    """Read a whole number; osmnx writes 1000.0 where other edges lack the fact."""
    return int(float(written))


def _true(written: str) -> bool:
    return written == "True"


_NUMBERS = ("minutes", "level_minutes", "ground_slope_percent", "slope_known_share",
            "ruling_grade_per_mille", "grade_error_per_mille", "stated_km", "km_low",
            "km_high")  # fmt: skip
_WHOLE = ("gauge_mm", "tracks", "open_year_be", "double_from_be")
_OWN_TYPES: dict[str, Any] = {
    **dict.fromkeys(_NUMBERS, float),
    **dict.fromkeys(_WHOLE, _whole),
    "drawn": _true,
}
_WRITTEN = ("highway", "maxspeed", "name", "ref")
"""What osmnx keeps as a list where one edge stands for several ways."""
_KM_A_MILE = 1.609344


def from_osmnx(
    source: Graph | Path, crs: str, *, mode: str = "road", speed_kph: float | None = None
) -> Graph:
    """
    Take over a network that osmnx drew, or the GraphML that `osmnx.save_graphml` wrote.

    A copy in `crs`, projected and in metres; every edge has `geometry`, `minutes` and `mode`, which
    is `mode` where it names none. `speed_kph` is that of edges with neither `minutes`,
    `travel_time` (seconds), `speed_kph` nor a `maxspeed` in numbers. Where osmnx made one edge of
    several ways, their speeds count with their mean, as osmnx does it, and what is written of each
    is joined by semicolons, by the alphabet, for osmnx leaves the order to chance. Nothing is
    fetched.
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
        for fact in _WRITTEN:
            if isinstance(held.get(fact), list):
                held[fact] = "; ".join(sorted(map(str, held[fact])))
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
    for written in (held.get("speed_kph"), held.get("maxspeed"), speed_kph):
        kph = _kph_of(written)
        if kph > 0:
            return minutes_for(float(held["length"]), kph)
    return float("nan")


def _kph_of(written: Any) -> float:
    """Read a speed, or the mean of several; NaN where none is a number."""
    if isinstance(written, list):
        read = [kph for kph in map(_kph_of, written) if kph > 0]
        return math.fsum(read) / len(read) if read else float("nan")
    number, _, unit = str(written).strip().partition(" ")
    try:
        return float(number) * {"": 1.0, "mph": _KM_A_MILE}.get(unit.strip(), float("nan"))
    except ValueError:
        return float("nan")
