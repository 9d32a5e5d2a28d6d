"""Networks leave as GraphML and tables, and come back the same."""

import networkx as nx
import osmnx
import pytest
from shapely import LineString

from maemoh_gis.exchange.from_osmnx import from_osmnx
from maemoh_gis.exchange.graphml import edge_tables, graphml_of
from maemoh_gis.files import write_text
from maemoh_gis.network.linehaul import Statement
from tests.network.lines import CRS, with_linehaul
from tests.network.test_linehaul import BEYOND, drawn, terms


@pytest.fixture(scope="module")
def graph():
    stated = [Statement("West station", "Port", "rail", 480, confidence="M")]
    return with_linehaul(drawn(), stated, BEYOND, terms(), 2569)[0]


def test_graphml_comes_back_with_every_edge_its_facts_and_its_course(graph, tmp_path):
    path = tmp_path / "n.graphml"
    write_text(path, graphml_of(graph))
    back = from_osmnx(path, CRS)
    assert sorted(back.nodes) == sorted(graph.nodes)
    assert sorted(back.edges(keys=True)) == sorted(graph.edges(keys=True))
    for key in graph.edges(keys=True):
        one, other = graph.edges[key], back.edges[key]
        assert other["minutes"] == pytest.approx(one["minutes"])
        assert other["mode"] == one["mode"]
        assert other.get("tracks") == one.get("tracks")
        if "geometry" in one:
            assert other["geometry"].equals(one["geometry"])


def test_the_same_network_is_the_same_text_in_whatever_order_it_was_built(graph):
    turned = nx.MultiDiGraph(**graph.graph)
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    assert graphml_of(turned) == graphml_of(graph)


def test_osmnx_routes_on_what_it_reads(graph, tmp_path):
    write_text(tmp_path / "n.graphml", graphml_of(graph))
    back = from_osmnx(tmp_path / "n.graphml", CRS)
    start, end = sorted(back.nodes)[:2]
    route = osmnx.routing.shortest_path(back, start, end, weight="minutes")
    assert route[0] == start
    assert route[-1] == end


def test_each_stretch_stands_once_and_what_is_not_surveyed_in_a_layer_of_its_own(graph):
    tables = edge_tables(graph)
    assert set(tables) == {"nodes", "road", "rail", "transfer", "linehaul_not_surveyed"}
    assert len(tables["rail"]) == 2
    rail = tables["rail"].iloc[0]
    assert (rail["ruling_grade_per_mille"], rail["ruling_grade_per_mille_back"]) == (20.0, 8.0)
    assert tables["linehaul_not_surveyed"]["drawn"].tolist() == [False]
    assert tables["road"]["length"].sum() == pytest.approx(30_000, abs=1)


def test_several_values_of_one_fact_become_one_text():
    graph = nx.MultiDiGraph(crs=CRS)
    graph.add_node(1, x=0.0, y=0.0)
    graph.add_node(2, x=100.0, y=0.0)
    graph.add_edge(1, 2, length=100.0, minutes=1.0, highway=["primary", "trunk"],
                   geometry=LineString([(0, 0), (100, 0)]))  # fmt: skip
    assert edge_tables(graph)["road"]["highway"].tolist() == ["primary; trunk"]
