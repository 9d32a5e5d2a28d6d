"""The observed roads: one noded network, whole in Mae Mo, thinned in the rest of the province."""

import networkx as nx
import numpy as np
import pytest
import shapely

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.lines import AGAINST, AHEAD, LineReader, road_faults
from maemoh_gis.network.graph import road_graph
from pack import observed_roads
from pack.generalise import offsets_m
from pack.noding import Way, crossing_pairs, on_grid
from pack.observed import mae_mo_and_around
from pack.observed_roads import SPEED_KPH, RoadFacts
from pack.traces import METRES
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")

MOST_MB = 7.0
"""Of the bundled layers this is by far the largest; the whole folder is to stay below 12 MB."""


@pytest.fixture(scope="module")
def roads():
    return files.read_vector(LAYERS / "road_lines.geojson")


@pytest.fixture(scope="module")
def stated():
    return read_catalog(LAYERS)["road_lines"].accuracy


def lines_of(roads, name):
    return roads[roads["ref"].fillna("").str.split(";").map(lambda refs: name in refs)]


def test_every_column_is_described_and_every_value_one_of_few(roads):
    described = read_catalog(LAYERS)["road_lines"].columns
    assert set(described) == set(roads.columns) - {"geometry"}
    assert set(roads["class"]) == set(SPEED_KPH)
    for column in ("oneway", "ramp", "bridge", "tunnel"):
        assert set(roads[column].dropna()) == {"yes"}
    assert not (roads["bridge"].notna() & roads["tunnel"].notna()).any()


def test_no_route_number_has_a_digit_that_nobody_knows(roads):
    known = roads["ref"].dropna()
    assert len(known) > 500
    assert list(known[known.str.contains(r"\?|xx|(?:^|;) *(?:;|$)")]) == []


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("ชม. ????", None),
        ("11; 101", "11; 101"),
        ("ลป.10?2; 11", "11"),
        ("xx1-0022", None),
        (None, None),
    ],
)
def test_of_several_route_numbers_those_known_whole_are_kept(written, known):
    assert observed_roads.known_number(written) == known


def test_the_network_reads_it_as_it_stands(roads):
    assert list(road_faults(roads, METRES)) == []
    ways = LineReader(roads).ways()
    assert (ways == AHEAD).sum() == roads["oneway"].notna().sum() > 2000
    assert AGAINST not in ways


def test_speeds_follow_from_the_class_and_slip_roads_are_slow(roads):
    ramps = roads["ramp"].notna()
    assert set(roads.loc[ramps, "speed_kph"]) == {observed_roads.RAMP_KPH}
    for name, group in roads[~ramps].groupby("class"):
        assert set(group["speed_kph"]) == {SPEED_KPH[name]}


def test_roads_meet_at_their_ends_alone_but_for_bridges_and_tunnels(roads):
    level = roads["bridge"].notna().astype(int) - roads["tunnel"].notna().astype(int)
    ways = [
        Way(on_grid(line), RoadFacts("minor", level=int(at)))
        for line, at in zip(roads.geometry, level, strict=True)
    ]
    assert crossing_pairs(ways).tolist() == []


def test_lengths_and_classes_add_up_to_what_the_catalog_states(roads, stated):
    drawn = roads.to_crs(METRES).length
    assert np.abs(drawn - roads["length_m"]).max() < 0.5 + 0.001 * drawn.max()
    km = roads.groupby("class")["length_m"].sum() / 1000
    for name in SPEED_KPH:
        assert km[name] == pytest.approx(stated[f"{name}_km"], rel=0.005, abs=1)
    assert len(roads) == stated["edges"]


def test_nearly_all_of_it_is_one_piece(roads, stated):
    graph = nx.Graph()
    for line, metres in zip(roads.geometry, roads["length_m"], strict=True):
        graph.add_edge(line.coords[0], line.coords[-1], metres=metres)
    pieces = [graph.subgraph(nodes) for nodes in nx.connected_components(graph)]
    assert len(pieces) == stated["components"]
    km = sorted(piece.size("metres") for piece in pieces)
    # Of two roads between the same nodes the graph keeps one.
    assert 100 * km[-1] / sum(km) == pytest.approx(stated["largest_component_percent"], abs=0.2)
    assert stated["largest_component_percent"] > 97.5


@pytest.mark.parametrize("ref", ["1", "11", "1035", "1157", "1335", "1348"])
def test_the_numbered_roads_of_lampang_are_there(roads, ref):
    province = files.read_vector(LAYERS / "districts.geojson").union_all()
    assert lines_of(roads, ref).intersects(province).any()


def test_main_roads_are_whole_and_lesser_ones_are_whole_in_mae_mo(stated):
    for name in ("trunk", "primary", "secondary", "tertiary", "service"):
        assert stated[f"{name}_of_source_percent"] > 99
    assert stated["mae_mo_source_offset_max_m"] <= 5


def test_it_lies_within_the_stated_metres_of_its_source(stated):
    assert stated["offset_median_m"] <= 3
    assert stated["offset_p95_m"] <= 15
    assert stated["mae_mo_offset_max_m"] <= 5
    # A place on a lane left out: 150 m to a kept road, which may have moved by its tolerance.
    assert stated["source_offset_max_m"] <= observed_roads.BESIDE_M + 20


def test_the_way_from_mae_mo_to_lampang_is_no_detour(roads):
    near = roads[
        roads.to_crs(METRES).intersects(shapely.box(540_000, 2_010_000, 600_000, 2_050_000))
    ]
    graph = nx.Graph(road_graph(near, METRES))
    nodes = list(graph)
    xy = np.array([(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in nodes])
    seats = files.read_vector(LAYERS / "district_seats.geojson").to_crs(METRES)
    seats = seats.set_index("name_en").geometry
    ends = [
        nodes[int(np.hypot(*(xy - np.array(seats[name].coords[0])).T).argmin())]
        for name in ("Mae Mo", "Mueang Lampang")
    ]
    km = nx.dijkstra_path_length(graph, *ends, weight="length") / 1000
    straight = seats["Mae Mo"].distance(seats["Mueang Lampang"]) / 1000
    assert straight < km < 1.5 * straight


def test_the_file_stays_light():
    assert (LAYERS / "road_lines.geojson").stat().st_size < MOST_MB * 1e6


@needs_sources
def test_every_local_road_of_mae_mo_is_drawn_where_it_is(roads):
    area = mae_mo_and_around(SOURCES)
    path = SOURCES / "reference" / "observed" / "osm2021_roads_local_maemo_5km.geojson"
    source = files.read_vector(path).to_crs(METRES)
    source = source[source["class"].isin(["minor", "service"])]
    away = offsets_m(source.geometry.to_numpy(), roads.to_crs(METRES).geometry.to_numpy(), area)
    assert away.max() < 5
