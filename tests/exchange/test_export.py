"""A network that is passed on names the layers it is made of, their licences and makers."""

import geopandas as gpd
import networkx as nx
import osmnx
import pytest

from maemoh_gis.core.errors import RunError
from maemoh_gis.exchange.export import provenance_of, require_network_file, write_network
from maemoh_gis.files import read_text, sha256_of, write_text
from maemoh_gis.reach.queries import open_network
from maemoh_gis.runs.project import Project, prepare
from tests.runs.roads_project import SCENARIO, write_project

MAPPED = ("made for a test", "© OpenStreetMap contributors (ODbL), August 2564")
CREDIT = "© OpenStreetMap contributors, ODbL-1.0"


def opened(project: Project):
    resolved, catalog = prepare(project, "travel")
    network = open_network(resolved.scenario, catalog)
    return network, provenance_of(network.scenario, catalog, network.id, network.year_be)


@pytest.fixture
def mapped(tmp_path):
    """The small project, its roads from OpenStreetMap."""
    project = write_project(tmp_path)
    catalog = project.layers / "catalog.yaml"
    before, roads = read_text(catalog).split("  roads:\n")
    roads = roads.replace("CC0-1.0", "ODbL-1.0", 1).replace(*MAPPED, 1)
    write_text(catalog, f"{before}  roads:\n{roads}")
    return project


def test_layers_under_other_licences_are_each_named_with_theirs(mapped):
    made_of = opened(mapped)[1]
    assert {id: one.licence for id, one in made_of.layers.items()} == {
        "roads": "ODbL-1.0",
        "towns": "CC0-1.0",
    }
    told = made_of.told()
    assert told["licence"] == "ODbL-1.0 AND CC0-1.0"
    assert told["credit"] == CREDIT
    assert "stays under the same terms" in told["terms_en"]
    assert told["terms_th"].startswith("ไฟล์นี้เป็นฐานข้อมูล")


def test_of_layers_that_are_free_no_terms_and_no_credit_are_told(tmp_path):
    told = opened(write_project(tmp_path))[1].told()
    assert (told["licence"], told["credit"]) == ("CC0-1.0", "")
    assert not [key for key in told if key.startswith("terms")]


def test_of_a_stack_the_layer_that_was_read_is_named(tmp_path):
    scenario = SCENARIO.replace("{layer: roads}", "{layer: best_roads}")
    project = write_project(tmp_path, scenario)
    catalog = project.layers / "catalog.yaml"
    stack = "title: {th: ก, en: a}, kind: lines, best_of: [lost, roads]"
    write_text(catalog, f"{read_text(catalog)}  best_roads: {{{stack}}}\n")
    assert list(opened(project)[1].layers) == ["roads", "towns"]


def test_a_geopackage_holds_the_licence_of_every_layer(mapped, tmp_path):
    network, made_of = opened(mapped)
    path = tmp_path / "n.gpkg"
    assert write_network(path, network.built.graph, made_of) == sha256_of(path)
    licence = gpd.read_file(path, layer="licence").set_index("layer")
    assert licence.loc["roads", ["licence", "source", "credit"]].tolist() == [
        "ODbL-1.0", MAPPED[1], CREDIT
    ]  # fmt: skip
    assert licence.loc["towns", "licence"] == "CC0-1.0"
    about = dict(gpd.read_file(path, layer="about").itertuples(index=False))
    assert about == made_of.told()
    assert gpd.read_file(path, layer="road")["length"].sum() == pytest.approx(10_000, abs=1)
    again = tmp_path / "again.gpkg"
    assert write_network(again, network.built.graph, made_of) == sha256_of(path)


def test_graphml_tells_the_same_and_still_opens_in_osmnx(mapped, tmp_path):
    network, made_of = opened(mapped)
    path = tmp_path / "n.GraphML"
    write_network(path, network.built.graph, made_of)
    told = nx.read_graphml(path).graph
    assert made_of.told().items() <= told.items()
    assert f"roads: {MAPPED[1]} (ODbL-1.0)" in told["sources"].splitlines()
    assert osmnx.load_graphml(path).number_of_edges() == 2


@pytest.mark.parametrize(
    ("name", "code"), [("n.shp", "unknown_network_file"), ("n", "unknown_network_file"),
                       ("there.gpkg", "file_there")],
)  # fmt: skip
def test_a_file_of_no_known_kind_or_one_that_is_there_is_refused(tmp_path, name, code):
    write_text(tmp_path / "there.gpkg", "mine")
    with pytest.raises(RunError) as refused:
        require_network_file(tmp_path / name, replace=False)
    assert [fault.code for fault in refused.value.faults] == [code]
    require_network_file(tmp_path / "there.gpkg", replace=True)
