"""Our networks open in osmnx, and osmnx's open here."""

import importlib.util

import networkx as nx
import osmnx
import pytest

from maemoh_gis.core.errors import FileError, LayerError
from maemoh_gis.exchange.from_osmnx import from_osmnx
from maemoh_gis.network.arrays import least_costs, least_ways, network_arrays
from maemoh_gis.network.edges import pieces_of
from maemoh_gis.network.graph import Transfer, rail_graph, road_graph
from maemoh_gis.network.places import node_of
from maemoh_gis.network.ways_around import names_of
from maemoh_gis.reach.closures import worst_closures
from tests.network.lines import CRS, joined, roads
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


def test_facts_that_are_lists_are_taken_over(tmp_path):
    # osmnx makes one edge of several and keeps lists of what differed: 40 and 80 km/h are 60.
    graph = road_graph(roads([(0, 0), (1000, 0)]), CRS)
    for _, _, held in graph.edges(data=True):
        del held["minutes"]
        held |= {"speed_kph": [40.0, 80.0], "highway": ["primary", "trunk"], "name": ["A", "B"]}
    taken = from_osmnx(graph, CRS)
    assert taken.edges[1, 2, 0]["minutes"] == 1.0
    (closure,) = worst_closures(taken, [(1, 2)])
    assert (names_of(taken, [closure.piece]), closure.cut_off) == ("A; B", 1)
    osmnx.save_graphml(graph, tmp_path / "lists.graphml")
    again = from_osmnx(tmp_path / "lists.graphml", CRS)
    assert again.edges[1, 2, 0]["minutes"] == 1.0
    assert again.edges[1, 2, 0]["highway"] == "primary; trunk"


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


def by_osmnx(**written):
    """
    A network as osmnx draws and simplifies it, from ways of OpenStreetMap that are written here.

    Two ways from 1 over 2 to 3, 1,113 m each along a meridian, which becomes one edge each way; and
    a way on to 4.
    """
    graph = nx.MultiDiGraph(crs="EPSG:4326", created_with="a test", simplified=False)
    for node in range(1, 5):
        graph.add_node(node, x=99.75, y=18.30 + 0.01 * node, street_count=2)
    kinds = {1: "primary", 2: "secondary", 3: "primary"}
    for start in (1, 2, 3):
        facts = {key: value[start - 1] for key, value in written.items()}
        for ends in ((start, start + 1), (start + 1, start)):
            graph.add_edge(*ends, osmid=10 + start, highway=kinds[start], oneway=False,
                           reversed=ends[0] > ends[1], length=1113.0, **facts)  # fmt: skip
    graph.add_edge(3, 1, osmid=20, highway="track", oneway=True, reversed=False, length=3000.0,
                   **{key: value[0] for key, value in written.items()})  # fmt: skip
    return osmnx.simplify_graph(graph)


def test_a_network_that_osmnx_made_and_saved_is_routed_as_osmnx_does(tmp_path):
    made = by_osmnx(maxspeed=("60", "90", "60"))
    assert sorted(made.edges[1, 3, 0]["highway"]) == ["primary", "secondary"]
    assert sorted(made.edges[1, 3, 0]["maxspeed"]) == ["60", "90"]
    osmnx.save_graphml(made, tmp_path / "made.graphml")
    taken = from_osmnx(tmp_path / "made.graphml", CRS)
    timed = osmnx.add_edge_travel_times(osmnx.add_edge_speeds(made))
    for key in made.edges(keys=True):
        assert taken.edges[key]["minutes"] * 60 == pytest.approx(timed.edges[key]["travel_time"])
    costs = least_costs(network_arrays(taken), [1], [4]).values.item()
    route = osmnx.routing.shortest_path(timed, 1, 4, weight="travel_time")
    assert [key[:2] for key in least_ways(network_arrays(taken), 1, [4])[0]] == [(1, 3), (3, 4)]
    assert route == [1, 3, 4]
    assert costs == pytest.approx(2.226 / 75 * 60 + 1.113 / 60 * 60)


def test_of_several_ways_in_one_edge_the_words_are_joined(tmp_path):
    made = by_osmnx(maxspeed=("60", "90", "60"), name=("One", "Other", "One"))
    edge = from_osmnx(made, CRS).edges[1, 3, 0]
    assert edge["highway"] == "primary; secondary"
    assert edge["name"] == "One; Other"
    assert isinstance(made.edges[1, 3, 0]["highway"], list)


@pytest.mark.parametrize(
    ("written", "kph"),
    [
        ({"speed_kph": [40.0, 60.0]}, 50.0),
        ({"speed_kph": 70.0, "maxspeed": "90"}, 70.0),
        ({"maxspeed": "50"}, 50.0),
        ({"maxspeed": "50 mph"}, 80.4672),
        ({"maxspeed": ["TH:urban", "80"]}, 80.0),
        ({"maxspeed": "none"}, 60.0),
        ({"maxspeed": ["signals", "none"]}, 60.0),
        ({"speed_kph": [], "maxspeed": "0"}, 60.0),
        ({}, 60.0),
    ],
)
def test_speeds_are_read_however_osmnx_keeps_them(written, kph):
    graph = road_graph(roads([(0, 0), (1000, 0)]), CRS)
    for _, _, held in graph.edges(data=True):
        del held["minutes"], held["speed_kph"]
        held.update(written)
    taken = from_osmnx(graph, CRS, speed_kph=60.0)
    assert taken.edges[1, 2, 0]["minutes"] == pytest.approx(60 / kph)


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="no matplotlib")
def test_what_osmnx_made_and_saved_is_drawn_and_so_is_a_route_over_it(monkeypatch, tmp_path):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    import matplotlib as mpl

    mpl.use("Agg")
    osmnx.save_graphml(by_osmnx(maxspeed=("60", "90", "60")), tmp_path / "made.graphml")
    taken = from_osmnx(tmp_path / "made.graphml", CRS)
    way = osmnx.routing.shortest_path(taken, 1, 4, weight="minutes")
    picture, axes = osmnx.plot_graph_route(taken, way, show=False, close=True)
    assert len(axes.lines) == 1
    assert picture.get_axes() == [axes]


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="no matplotlib")
def test_osmnx_draws_our_network(both, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    import matplotlib as mpl

    mpl.use("Agg")
    _, axes = osmnx.plot_graph(both, show=False, close=True)
    assert len(axes.collections) == 2
