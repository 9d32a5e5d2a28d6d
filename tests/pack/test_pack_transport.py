"""The transport layers of the pack: railway, stations, roads, gateways, distances and tariffs."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely

from maemoh_gis import files
from pack import freight_places, railway, roads
from pack.known_points import province_outline
from pack.lines import as_line
from pack.road_sources import Road, apart_from, newer_roads
from pack.road_topology import build_network, components, ends_of
from pack.roads import crossings_without_node
from pack.traces import METRES
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")

BUILDERS = {"railway": railway, "roads": roads, "freight_places": freight_places}


def layer(name):
    return files.read_vector(LAYERS / f"{name}.geojson")


def table(name):
    return files.read_csv(LAYERS / f"{name}.csv")


@pytest.fixture(scope="module")
def network():
    return layer("roads")


@pytest.fixture(scope="module")
def graph(network):
    made = nx.Graph()
    made.add_edges_from(zip(network["from_node"], network["to_node"], strict=True))
    return made


# The railway.


def test_sections_follow_one_another_from_den_chai_to_beyond_khun_tan():
    line = layer("railway")
    assert line["from_station"].iloc[0] == "Den Chai"
    assert line["to_station"].iloc[-1] == "Sala Mae Tha"
    for (_, one), (_, other) in pairwise(line.iterrows()):
        assert one["to_station"] == other["from_station"]
        assert one.geometry.coords[-1] == other.geometry.coords[0]
        assert one["km_post_end"] == other["km_post_start"]


def test_every_section_is_single_metre_gauge_in_use():
    line = layer("railway")
    assert set(line["gauge_mm"]) == {1000}
    assert set(line["tracks"]) == {1}
    assert set(line["status"]) == {"operating"}
    assert line["double_from_be"].isna().all()


def test_the_drawing_is_as_long_as_the_kilometre_posts_say_within_five_percent():
    line = layer("railway").to_crs(METRES)
    assert (line.length / line["length_m"] - 1).abs().max() < 0.05
    assert line.length.sum() / line["length_m"].sum() == pytest.approx(1.0, abs=0.02)


def test_every_station_on_the_line_stands_within_60_m_of_the_drawing():
    stations = layer("stations").to_crs(METRES)
    drawn = layer("railway").to_crs(METRES).union_all()
    on_line = stations[stations["on_line"]]
    assert len(on_line) == 22
    assert on_line.distance(drawn).max() < 60


def test_the_kilometre_posts_grow_along_the_line():
    posts = layer("stations").query("on_line")["km_post"]
    assert (posts.diff().dropna() > 0).all()


def test_mae_mo_station_stands_where_the_survey_has_it():
    stations = layer("stations").set_index("name_en")
    mae_mo = stations.loc["Mae Mo"]
    assert (mae_mo.geometry.x, mae_mo.geometry.y) == pytest.approx((99.7070, 18.2614), abs=1e-4)
    assert mae_mo["district_en"] == "Mae Mo"
    assert mae_mo["km_post"] == pytest.approx(609.1)


def test_four_stations_stand_in_mae_mo_district():
    stations = layer("stations")
    here = stations[stations["district_en"].eq("Mae Mo")]["name_en"]
    assert set(here) == {"Pang Puai", "Mae Chang", "Mae Mo", "Huai Rak Mai"}


def test_the_hardest_northbound_climb_is_about_20_per_mille_before_pang_puai():
    line = layer("railway").set_index("to_station")
    grades = line["ruling_grade_northbound_per_mille"]
    assert grades.idxmax() in {"Pha Khan", "Pang Puai"}
    assert 16 < grades.max() < 24


def test_heights_are_given_every_half_kilometre():
    km = np.array([float(row["chainage_km"]) for row in table("railway_heights")])
    assert np.diff(km) == pytest.approx(0.5)
    heights = np.array([float(row["height_m"]) for row in table("railway_heights")])
    assert ((heights > 100) & (heights < 600)).all()


def test_planned_railways_are_figures_without_a_course():
    rows = {row["name_en"]: row for row in table("rail_projects")}
    new_line = rows["Den Chai - Chiang Rai - Chiang Khong new line"]
    assert new_line["open_year_be"] == "2571"
    assert new_line["passes_mae_mo"] == "no"
    assert not any("lon" in row for row in rows.values())


# The roads.


def test_roads_meet_only_at_their_ends(network):
    assert crossings_without_node(network) == 0


def test_two_roads_that_cross_without_a_node_are_noticed(network):
    crossing = network.iloc[:2].copy()
    cross = [shapely.LineString([(0, 0), (2, 2)]), shapely.LineString([(0, 2), (2, 0)])]
    assert crossings_without_node(crossing.set_geometry(cross, crs="EPSG:4326")) == 1


def test_every_edge_ends_in_the_nodes_it_names(network):
    places = {}
    for edge in network.itertuples():
        start, end = ends_of(as_line(edge.geometry))
        assert places.setdefault(edge.from_node, start) == start
        assert places.setdefault(edge.to_node, end) == end
    assert len(set(places.values())) == len(places)


def test_all_roads_hang_together(graph):
    assert nx.number_connected_components(graph) == 1


def test_edge_lengths_are_those_on_the_ground(network):
    metres = network.to_crs(METRES).length
    assert (metres / network["length_m"] - 1).abs().max() < 0.01


def test_highway_11_meets_highway_1(network):
    nodes = {
        ref: set(group["from_node"]) | set(group["to_node"])
        for ref, group in network.groupby("ref")
    }
    assert nodes["1"] & nodes["11"]


def test_every_seat_is_within_three_kilometres_of_a_road(network):
    metres = network.to_crs(METRES)
    seats = files.read_vector(LAYERS / "district_seats.geojson").to_crs(METRES)
    assert len(seats) == 13
    assert max(metres.distance(seat).min() for seat in seats.geometry) < 3000


def test_the_road_to_mae_mo_is_marked_as_drawn_from_an_itinerary(network):
    road = network[network["name_en"] == "Pha Lat - Mae Mo road"]
    assert set(road["source"]) == {"itinerary"}
    assert set(road["confidence"]) == {"L"}


def test_at_least_nine_of_twelve_printed_distances_agree_within_20_percent():
    rows = table("road_distance_check")
    assert len(rows) == 12
    assert sum(abs(float(row["difference_percent"])) <= 20 for row in rows) >= 9


def test_every_distance_that_disagrees_has_a_reason():
    for row in table("road_distance_check"):
        if abs(float(row["difference_percent"])) > 20:
            assert row["remark"] not in {"agrees", "unexplained"}, row["name_en"]


def test_no_network_distance_is_shorter_than_the_straight_line():
    for row in table("road_distance_check"):
        assert float(row["network_km"]) > float(row["straight_km"])


def test_highways_are_the_trunk_and_primary_roads_of_the_network(network):
    highways = layer("highways")
    chosen = network[network["class"].isin(["trunk", "primary"])]
    assert set(highways["class"]) == {"trunk", "primary"}
    assert highways["length_m"].sum() == pytest.approx(chosen["length_m"].sum(), rel=1e-3)


def test_the_road_file_stays_small():
    assert (LAYERS / "roads.geojson").stat().st_size < 500_000


def test_a_loose_end_is_led_to_the_road_beside_it():
    main = Road(shapely.LineString([(0, 0), (20_000, 0)]), "trunk", "osm", "M")
    side = Road(shapely.LineString([(9000, 9000), (9000, 600)]), "minor", "dcw", "L")
    edges = build_network([main, side])
    assert len(components(edges)) == 1
    assert len(edges) == 3


def test_two_carriageways_become_one_road_and_a_crossing_stays():
    main = shapely.LineString([(0, 0), (20_000, 0)])
    twin = shapely.LineString([(20_000, 300), (0, 300)])
    crossing = shapely.LineString([(9000, -5000), (9000, 5000)])
    assert apart_from(twin, [main], 1000.0) == []
    assert apart_from(crossing, [main], 1000.0) == [crossing]


# Freight.


def test_gateways_are_a_port_a_depot_and_a_border():
    assert set(layer("gateways")["role"]) == {"port", "depot", "border"}


def test_the_new_line_opens_rival_railheads_in_2571():
    railheads = layer("railheads").set_index("key")
    assert railheads.loc["ngao", "open_year_be"] == 2571
    assert railheads.drop("ngao")["open_year_be"].isna().all()


def test_every_gateway_can_be_reached_in_the_distance_table():
    known = {row["to_place"] for row in table("linehaul_distances")}
    assert set(layer("gateways")["name_en"]) <= known


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("linehaul_distances", ("km_low", "km_central", "km_high")),
        ("tariffs", ("low", "central", "high")),
    ],
)
def test_low_central_and_high_stand_in_order(name, columns):
    for row in table(name):
        values = [float(row[column]) for column in columns if row[column]]
        assert values == sorted(values), row


def test_rail_distance_from_mae_mo_is_lampang_less_33_km():
    rows = {
        (row["from_place"], row["to_place"]): float(row["km_central"])
        for row in table("linehaul_distances")
        if row["mode"] == "rail"
    }
    port = "Laem Chabang port"
    assert rows["Nakhon Lampang station", port] - rows["Mae Mo station", port] == pytest.approx(
        33.2, abs=0.5
    )


def test_tariff_items_are_unique_and_have_units():
    rows = table("tariffs")
    assert len({row["item"] for row in rows}) == len(rows)
    assert all(row["unit"] and row["source"] for row in rows)


@pytest.mark.parametrize("name", ["linehaul_distances", "tariffs", "rail_projects"])
def test_every_row_says_how_sure_it_is(name):
    assert {row["confidence"] for row in table(name)} <= {"H", "M", "L", "ASSUMPTION"}


# Against the fuller sources.


@needs_sources
@pytest.mark.parametrize("name", BUILDERS)
def test_building_again_gives_the_same_bytes(name, tmp_path):
    BUILDERS[name].build(SOURCES, tmp_path)
    made = sorted(tmp_path.iterdir())
    assert made
    for path in made:
        assert same_file(path, LAYERS / path.name), path.name


@needs_sources
def test_the_drawn_line_lies_within_60_m_of_the_reference_course():
    course = shapely.force_2d(railway.read_course(SOURCES))
    drawn = layer("railway").to_crs(METRES).union_all()
    points = shapely.line_interpolate_point(course, np.arange(0, course.length, 50.0))
    offsets = shapely.distance(points, drawn)
    assert np.median(offsets) < 60
    assert offsets.max() < 60


@needs_sources
def test_the_drawn_line_is_not_the_source_with_fewer_points():
    source = set(map(tuple, shapely.get_coordinates(railway.read_course(SOURCES)).round(0)))
    drawn = layer("railway").to_crs(METRES)
    vertices = set(map(tuple, shapely.get_coordinates(drawn.geometry.array).round(0)))
    assert len(vertices & source) < 0.1 * len(vertices)


@needs_sources
def test_dual_carriageways_are_drawn_once():
    province = province_outline(SOURCES)
    drawn = [road.shape for road in newer_roads(SOURCES) if road.road_class == "trunk"]
    trunk_km = sum(line.intersection(province).length for line in drawn) / 1000
    path = SOURCES / "reference" / "osm_trunk_primary_simplified.geojson"
    source = files.read_vector(path).query("highway == 'trunk'").to_crs(METRES)
    assert trunk_km < 0.7 * source.intersection(province).length.sum() / 1000
