"""Roads as OpenStreetMap has them today, asked of a server; the one place that uses the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.exchange.from_osmnx import from_osmnx
from maemoh_gis.network.edges import require_metres

if TYPE_CHECKING:
    from maemoh_gis.network.edges import Graph

KPH: Mapping[str, float] = {
    "motorway": 100,
    "trunk": 80,
    "primary": 70,
    "secondary": 60,
    "tertiary": 50,
    "unclassified": 40,
    "residential": 30,
    "service": 20,
    "track": 20,
}
"""Speed by class of road where the map states none, km/h: ASSUMPTION, a loaded truck in free flow;
a road of another class takes the mean of those with a speed."""

LICENCE, CREDIT = "ODbL-1.0", "© OpenStreetMap contributors"


def fetch_roads(
    bounds: tuple[float, float, float, float],
    crs: str,
    *,
    server: str | None = None,
    timeout_s: float = 180.0,
) -> Graph:
    """
    Ask OpenStreetMap for the drivable roads inside a box: west, south, east, north in degrees.

    They come in a projected CRS, in osmnx's layout with `minutes` and `mode`; `fetched` names
    server and licence. `server` is the address of an Overpass server up to `/api`, osmnx's own by
    default.
    """
    import osmnx
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    require_metres(crs)
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        found = ", ".join(f"{value:g}" for value in bounds)
        raise LayerError(Fault("not_a_box", found=found, expected="99.6,18.2,99.9,18.5"))
    with _settings(server, timeout_s) as address:
        try:
            graph = osmnx.graph_from_bbox(bounds, network_type="drive", retain_all=True)
        except InsufficientResponseError as error:
            raise LayerError(Fault("no_roads_there", key=address)) from error
        except (OSError, ResponseStatusCodeError) as error:
            # What its HTTP library raises is an OSError too.
            raise LayerError(
                Fault("server_not_reached", key=address, found=type(error).__name__)
            ) from error
    graph = osmnx.add_edge_speeds(graph, hwy_speeds=dict(KPH), fallback=40)
    network = from_osmnx(osmnx.add_edge_travel_times(graph), crs)
    network.graph["fetched"] = f"OpenStreetMap, {LICENCE}, {address}"
    return network


@contextmanager
def _settings(server: str | None, timeout_s: float) -> Iterator[str]:
    """Set osmnx up for one question: no cache beside the user's files, no waiting for a slot."""
    import osmnx

    wanted: dict[str, Any] = {
        "use_cache": False,
        "requests_timeout": timeout_s,
        "overpass_url": server or osmnx.settings.overpass_url,
    }
    if server is not None:
        wanted["overpass_rate_limit"] = False
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    for name, value in wanted.items():
        setattr(osmnx.settings, name, value)
    try:
        yield str(wanted["overpass_url"])
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
