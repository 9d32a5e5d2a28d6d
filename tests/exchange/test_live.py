"""Roads are asked of an OpenStreetMap server; here of one on this machine."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path
from urllib.parse import parse_qs

import networkx as nx
import osmnx
import pytest
from typer.testing import CliRunner

from maemoh_gis.cli import build_app
from maemoh_gis.core.errors import LayerError
from maemoh_gis.exchange.from_osmnx import from_osmnx
from maemoh_gis.exchange.osm import fetch_roads
from maemoh_gis.network.arrays import least_costs, network_arrays

CRS = "EPSG:32647"
BOX = (99.70, 18.20, 99.80, 18.30)
# A crossing (2) with three arms: a primary road west to east, a road of 30 km/h to the north.
NODES = {1: (99.72, 18.25), 2: (99.75, 18.25), 3: (99.78, 18.25), 4: (99.75, 18.28)}
ANSWER = {
    "version": 0.6,
    "elements": [
        *({"type": "node", "id": i, "lon": lon, "lat": lat} for i, (lon, lat) in NODES.items()),
        {"type": "way", "id": 10, "nodes": [1, 2, 3], "tags": {"highway": "primary"}},
        {"type": "way", "id": 11, "nodes": [2, 4],
         "tags": {"highway": "residential", "maxspeed": "30"}},
    ],
}  # fmt: skip


@pytest.fixture
def server():
    """Serve one answer to every question, as an Overpass server would, and keep the questions."""
    asked: list[str] = []

    class Overpass(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(parse_qs(body)["data"][0])
            empty = {"version": 0.6, "elements": []}
            written = json.dumps(empty if "18.9" in asked[-1] else ANSWER).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: object) -> None:
            pass

    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Overpass)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{found.server_port}/api", asked
    found.shutdown()
    found.server_close()


def test_roads_come_with_minutes_of_their_speed(server):
    address, asked = server
    graph = fetch_roads(BOX, CRS, server=address)
    assert "highway" in asked[0]
    primary, lane = (graph.edges[2, 3, 0], graph.edges[2, 4, 0])
    assert primary["minutes"] == pytest.approx(primary["length"] / 1000 / 70 * 60, rel=1e-6)
    assert lane["minutes"] == pytest.approx(lane["length"] / 1000 / 30 * 60, rel=1e-6)
    assert address in graph.graph["fetched"]
    ways = least_costs(network_arrays(graph), [1], [4]).values
    assert ways[0, 0] == pytest.approx(graph.edges[1, 2, 0]["minutes"] + lane["minutes"])


def test_the_settings_of_osmnx_stay_as_they_were(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = (osmnx.settings.overpass_url, osmnx.settings.use_cache)
    fetch_roads(BOX, CRS, server=server[0])
    assert (osmnx.settings.overpass_url, osmnx.settings.use_cache) == before
    assert list(tmp_path.iterdir()) == []


def test_no_server_no_roads_and_no_box_are_said():
    with pytest.raises(LayerError) as nowhere:
        fetch_roads(BOX, CRS, server="http://127.0.0.1:9/api")
    assert nowhere.value.faults[0].code == "server_not_reached"
    with pytest.raises(LayerError) as turned:
        fetch_roads((99.8, 18.2, 99.7, 18.3), CRS)
    assert turned.value.faults[0].code == "not_a_box"


def test_a_box_without_roads_is_said(server):
    with pytest.raises(LayerError) as empty:
        fetch_roads((99.70, 18.91, 99.80, 18.99), CRS, server=server[0])
    assert empty.value.faults[0].code == "no_roads_there"


def test_the_verb_keeps_them_as_graphml(server, tmp_path: Path):
    file = tmp_path / "roads.graphml"
    done = CliRunner().invoke(
        build_app("en"),
        ["network", "fetch", "99.70,18.20,99.80,18.30", "--out", str(file), "--server", server[0]],
    )
    assert done.exit_code == 0, done.output
    again = from_osmnx(file, CRS)
    assert set(again.edges) == set(fetch_roads(BOX, CRS, server=server[0]).edges)
    assert "OpenStreetMap" in done.output
    told = nx.read_graphml(file).graph
    assert told["licence"] == "ODbL-1.0"
    assert told["credit"] == "© OpenStreetMap contributors"
    assert server[0] in told["fetched"]
