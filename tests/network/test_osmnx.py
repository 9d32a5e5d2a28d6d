"""Our networks open in osmnx, and osmnx's open here."""

import importlib.util

import osmnx
import pytest

from maemoh_gis.errors import FileError, LayerError
from maemoh_gis.network.arrays import least_costs, least_ways, network_arrays
from maemoh_gis.network.drawn import from_osmnx
from maemoh_gis.network.edges import pieces_of
from maemoh_gis.network.graph import Transfer, joined, rail_graph, road_graph
from maemoh_gis.network.places import node_of
from tests.network.lines import CRS, roads
from tests.network.test_graph import layer


@pytest.fixture(scope="module")
def both():
    rail = rail_graph(layer("railway"), layer("stations"), CRS, 2569, speed_kph=35)
    return joined(road_graph(layer("roads"), CRS), rail, [Transfer("Mae Mo", 45)])


def test_osmnx_finds_the_same_way(both):
    start, end = 1, node_of(both, "Den Chai", mode="rail")
    (way,) = least_ways(network_arrays(both), start, [end])
    assert osmnx.routing.shortest_path(both, start, end, weight="minutes") == [
        start,
        *(key[1] for key in way),
    ]


def test_a_network_is_the_same_after_graphml(both, tmp_path):
    osmnx.save_graphml(both, tmp_path / "both.graphml")
    again = from_osmnx(tmp_path / "both.graphml", CRS)
    assert again.nodes(data=True) == both.nodes(data=True)
    assert set(again.edges(keys=True)) == set(both.edges(keys=True))
    for key in both.edges(keys=True):
        kept, held = dict(again.edges[key]), dict(both.edges[key])
        assert kept.pop("geometry").equals_exact(held.pop("geometry"), 1e-6), key
        assert kept == held


def test_a_network_in_degrees_is_brought_to_metres_and_keeps_its_lengths(both):
    again = from_osmnx(osmnx.project_graph(both, to_latlong=True), CRS)
    node = next(iter(both.nodes))
    assert again.nodes[node]["x"] == pytest.approx(both.nodes[node]["x"], abs=1e-3)
    ends = [1], [node_of(both, "Den Chai", mode="rail")]
    one, other = (least_costs(network_arrays(g, "length"), *ends).values for g in (both, again))
    assert one == pytest.approx(other)


def test_both_directions_are_still_one_stretch_after_osmnx(both, tmp_path):
    osmnx.save_graphml(osmnx.project_graph(both, to_latlong=True), tmp_path / "both.graphml")
    again = from_osmnx(tmp_path / "both.graphml", CRS)
    assert {len(piece.edges) for piece in pieces_of(again)} == {2}


def test_a_straight_edge_without_geometry_gets_one_and_travel_time_becomes_minutes():
    graph = road_graph(roads([(0, 0), (1000, 0)]), CRS)
    for _, _, held in graph.edges(data=True):
        for own in ("geometry", "minutes", "mode"):
            del held[own]
        held["travel_time"] = 90.0
    taken = from_osmnx(graph, CRS)
    assert taken.edges[1, 2, 0]["minutes"] == 1.5
    assert taken.edges[1, 2, 0]["geometry"].length == 1000
    assert taken.edges[1, 2, 0]["mode"] == "road"
    assert "minutes" not in graph.edges[1, 2, 0]


def test_an_edge_without_any_speed_is_refused():
    graph = road_graph(roads([(0, 0), (1000, 0)]), CRS)
    for _, _, held in graph.edges(data=True):
        del held["minutes"], held["speed_kph"]
    with pytest.raises(LayerError):
        from_osmnx(graph, CRS)
    assert from_osmnx(graph, CRS, speed_kph=60).edges[1, 2, 0]["minutes"] == 1.0


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError):
        from_osmnx(tmp_path / "absent.graphml", CRS)


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="no matplotlib")
def test_osmnx_draws_our_network(both, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    import matplotlib as mpl

    mpl.use("Agg")
    _, axes = osmnx.plot_graph(both, show=False, close=True)
    assert len(axes.collections) == 2
