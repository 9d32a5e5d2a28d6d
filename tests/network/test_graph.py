"""Networks made from layers: what joins, what a place on them is, what is refused."""

import geopandas as gpd
import networkx as nx
import pytest

from maemoh_gis import files
from maemoh_gis.core.errors import FormatError, GridError, LayerError
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import copied, kilometres, pieces_of
from maemoh_gis.network.graph import Transfer, rail_graph, road_graph
from maemoh_gis.network.places import Ground, drop_small_parts, node_of, parts_of, with_places
from tests.network.lines import CRS, X, joined, points, roads
from tests.paths import LAYERS


def layer(name):
    return files.read_vector(LAYERS / f"{name}.geojson")


@pytest.fixture(scope="module")
def pack_roads():
    return road_graph(layer("roads"), CRS)


@pytest.fixture(scope="module")
def pack_rail():
    return rail_graph(layer("railway"), layer("stations"), CRS, 2569, speed_kph=35)


def codes(caught):
    return [fault.code for fault in caught.value.faults]


def test_a_two_way_road_is_two_edges_but_one_stretch():
    graph = road_graph(roads([(0, 0), (1000, 0)]), CRS)
    assert graph.number_of_edges() == 2
    (piece,) = pieces_of(graph)
    assert len(piece.edges) == 2
    assert kilometres(graph) == 1.0


def test_a_one_way_road_has_no_way_back():
    graph = road_graph(roads([(0, 0), (1000, 0)], oneway=[True]), CRS)
    assert least_costs(network_arrays(graph), [2], [1]).unreachable == 1


def test_minutes_come_from_length_and_speed():
    graph = road_graph(roads([(0, 0), (1000, 0)], kph=30.0), CRS)
    assert {held["minutes"] for _, _, held in graph.edges(data=True)} == {2.0}


def test_ends_within_the_tolerance_are_one_junction_and_crossings_are_none():
    frame = roads([(0, 0), (1000, 0)], [(1001, 0), (2000, 0)], [(500, -500), (500, 500)])
    graph = road_graph(frame, CRS)
    assert graph.number_of_nodes() == 5
    assert len(parts_of(graph)) == 2


def test_a_node_whose_lines_do_not_meet_is_refused():
    frame = roads([(0, 0), (1000, 0)], [(1100, 0), (2000, 0)], from_node=[1, 2], to_node=[2, 3])
    with pytest.raises(LayerError) as caught:
        road_graph(frame, CRS)
    assert codes(caught) == ["node_in_two_places"]


@pytest.mark.parametrize("kph", [0.0, -5.0, float("nan")])
def test_a_road_without_a_speed_is_refused(kph):
    with pytest.raises(LayerError) as caught:
        road_graph(roads([(0, 0), (1000, 0)], kph=kph), CRS)
    assert codes(caught) == ["speed_missing"]


def test_degrees_are_refused():
    with pytest.raises(GridError):
        road_graph(roads([(0, 0), (1000, 0)]), "EPSG:4326")


def test_a_place_splits_the_road_it_lies_on_in_both_directions():
    graph, (landing,) = with_places(
        road_graph(roads([(0, 0), (1000, 0)]), CRS), points(mill=(250, 40)), most_m=50
    )
    assert landing.offset_m == pytest.approx(40)
    assert graph.nodes[landing.node]["x"] == pytest.approx(X + 250)
    assert graph.edges[1, landing.node, 0]["length"] == pytest.approx(250)
    assert graph.edges[2, landing.node, 0]["length"] == pytest.approx(750)
    assert not graph.has_edge(1, 2)
    assert kilometres(graph) == pytest.approx(1)


def test_two_places_on_one_road_keep_their_order():
    graph, landings = with_places(
        road_graph(roads([(0, 0), (1000, 0)]), CRS), points(far=(700, 0), near=(200, 0)), most_m=1
    )
    costs = least_costs(network_arrays(graph, "length"), [1], [one.node for one in landings])
    assert costs.values.tolist() == [[pytest.approx(700), pytest.approx(200)]]


def test_places_change_no_distance_between_nodes(pack_roads):
    nodes = sorted(pack_roads.nodes)[::10]
    graph, _ = with_places(pack_roads, layer("district_seats"), most_m=3000)
    before = least_costs(network_arrays(pack_roads, "length"), nodes, nodes).values
    after = least_costs(network_arrays(graph, "length"), nodes, nodes).values
    assert after == pytest.approx(before, rel=1e-9)


def test_a_split_road_is_still_one_stretch_for_both_directions(pack_roads):
    graph, _ = with_places(pack_roads, layer("district_seats"), most_m=3000)
    assert {len(piece.edges) for piece in pieces_of(graph)} == {2}
    assert kilometres(graph) == pytest.approx(kilometres(pack_roads))


def test_a_place_on_a_split_road_splits_it_again(pack_roads):
    once, _ = with_places(pack_roads, layer("district_seats"), most_m=3000)
    twice, _ = with_places(once, layer("railheads").iloc[[3]], most_m=3000)
    assert {len(piece.edges) for piece in pieces_of(twice)} == {2}
    assert kilometres(twice) == pytest.approx(kilometres(pack_roads))


def test_a_place_far_from_the_network_is_refused_with_its_distance():
    with pytest.raises(LayerError) as caught:
        with_places(road_graph(roads([(0, 0), (1000, 0)]), CRS), points(mill=(0, 400)), most_m=300)
    (fault,) = caught.value.faults
    assert (fault.code, fault.key, fault.found) == ("place_far_from_network", "mill", "400")


def test_a_place_without_a_position_is_refused():
    places = points(mill=(250, 40), lost=(0, 0))
    places.loc[1, "geometry"] = None
    with pytest.raises(LayerError) as caught:
        with_places(road_graph(roads([(0, 0), (1000, 0)]), CRS), places, most_m=50)
    (fault,) = caught.value.faults
    assert (fault.code, fault.key) == ("place_without_position", "2")


def test_a_copy_is_that_of_the_library_and_holds_nothing_of_the_original(pack_roads):
    ours, theirs = copied(pack_roads), pack_roads.copy()
    assert list(ours.nodes(data=True)) == list(theirs.nodes(data=True))
    assert list(ours.edges(keys=True, data=True)) == list(theirs.edges(keys=True, data=True))
    assert [list(ours.pred[node]) for node in ours] == [list(theirs.pred[node]) for node in theirs]
    assert ours.graph == theirs.graph
    start, end, number = next(iter(ours.edges(keys=True)))
    ours.edges[start, end, number]["length"] = -1.0
    assert pack_roads.edges[start, end, number]["length"] > 0
    assert ours.pred[end][start][number]["length"] == -1.0


def test_places_put_on_copied_ground_change_nothing_of_the_ground_it_was_copied_from(pack_roads):
    ground, before = Ground(pack_roads), pack_roads.copy()
    seats = layer("district_seats")
    landings = ground.copied().put(seats, most_m=3000)
    assert {landing.node for landing in landings} - set(before)
    assert list(ground.graph.nodes(data=True)) == list(before.nodes(data=True))
    assert list(ground.graph.edges(keys=True, data=True)) == list(
        before.edges(keys=True, data=True)
    )
    assert ground.copied().put(seats, most_m=3000) == landings


def test_parts_that_are_not_joined_are_listed_with_their_places():
    graph = road_graph(roads([(0, 0), (1000, 0)], [(0, 5000), (300, 5000)]), CRS)
    graph, _ = with_places(graph, points(town=(500, 0), hamlet=(100, 5000)), most_m=1)
    assert [(part.places, part.km) for part in parts_of(graph)] == [
        (("town",), pytest.approx(1.0)),
        (("hamlet",), pytest.approx(0.3)),
    ]


def test_an_unknown_place_is_answered_with_names_that_look_like_it(pack_rail):
    with pytest.raises(LayerError) as caught:
        node_of(pack_rail, "Mae Moh")
    (fault,) = caught.value.faults
    assert fault.code == "unknown_network_place"
    assert "Mae Mo" in str(fault.expected)


def test_the_road_network_of_the_pack_is_whole(pack_roads):
    (part,) = parts_of(pack_roads)
    assert part.nodes == 124
    assert part.km == pytest.approx(1592, rel=0.001)


def test_every_district_seat_is_as_far_by_road_as_the_check_says(pack_roads):
    seats = layer("district_seats")
    graph, landings = with_places(pack_roads, seats, most_m=3000)
    places = dict(zip(seats["code"], landings, strict=True))
    capital = places.pop(5201)
    costs = least_costs(
        network_arrays(graph, "length"), [capital.node], [one.node for one in places.values()]
    )
    assert costs.unreachable == 0
    stated = {
        int(row["code"]): float(row["network_km"])
        for row in files.read_csv(LAYERS / "road_distance_check.csv")
    }
    assert places.keys() == stated.keys()
    for (code, seat), metres in zip(places.items(), costs.values[0], strict=True):
        km = (metres + seat.offset_m + capital.offset_m) / 1000
        assert km == pytest.approx(stated[code], rel=0.01), code


def test_the_railway_of_the_pack_is_one_line_through_22_stations(pack_rail):
    assert nx.is_weakly_connected(pack_rail)
    assert pack_rail.number_of_nodes() == 22
    assert pack_rail.number_of_edges() == 42


def test_by_rail_den_chai_to_mae_mo_is_the_difference_of_their_kilometre_posts(pack_rail):
    ends = [node_of(pack_rail, "Den Chai")], [node_of(pack_rail, "Mae Mo")]
    metres = least_costs(network_arrays(pack_rail, "length"), *ends).values
    assert metres.item() / 1000 == pytest.approx(609.10 - 533.94, abs=0.3)


def test_a_grade_holds_against_the_train_that_climbs_it(pack_rail):
    row = layer("railway").iloc[7]
    south, north = (node_of(pack_rail, row[f"{end}_station"]) for end in ("from", "to"))
    up, down = pack_rail.edges[south, north, 0], pack_rail.edges[north, south, 0]
    assert up["ruling_grade_per_mille"] == row["ruling_grade_northbound_per_mille"]
    assert down["ruling_grade_per_mille"] == row["ruling_grade_southbound_per_mille"]
    assert up["ruling_grade_per_mille"] != down["ruling_grade_per_mille"]
    assert up["gauge_mm"] == 1000


def line(open_year_be, double_from_be=None):
    return roads(
        [(0, 0), (1000, 0)],
        open_year_be=[open_year_be],
        double_from_be=[double_from_be],
        tracks=[1],
        gauge_mm=[1000],
    )


def rail(frame, year_be, stations=None):
    stops = points(halt=(0, 0)) if stations is None else stations
    return rail_graph(frame, stops, CRS, year_be, speed_kph=35)


def test_a_line_is_absent_before_it_opens():
    with pytest.raises(LayerError) as caught:
        rail(line(2571), 2570)
    (fault,) = caught.value.faults
    assert (fault.code, fault.found, fault.expected) == ("year_before_opening", "2570", "2571")
    assert rail(line(2571), 2571).number_of_edges() == 2


@pytest.mark.parametrize(("year_be", "km"), [(2570, 1.0), (2571, 3.0)])
def test_a_later_section_lengthens_the_line_from_its_year(year_be, km):
    frame = roads([(0, 0), (1000, 0)], [(1000, 0), (3000, 0)], open_year_be=[None, 2571])
    assert kilometres(rail(frame, year_be)) == pytest.approx(km)


@pytest.mark.parametrize(("year_be", "tracks"), [(2574, 1), (2575, 2)])
def test_a_second_track_counts_from_its_year(year_be, tracks):
    held = rail(line(None, 2575), year_be).edges[1, 2, 0]
    assert held["tracks"] == tracks


def test_a_common_era_year_is_refused():
    with pytest.raises(FormatError):
        rail(line(None), 2026)


def test_no_railway_is_refused():
    with pytest.raises(LayerError) as caught:
        rail(line(None).iloc[:0], 2569)
    assert codes(caught) == ["no_rail"]


def test_a_station_off_the_line_is_refused():
    with pytest.raises(LayerError) as caught:
        rail(line(None), 2569, points(halt=(0, 501)))
    assert codes(caught) == ["station_far_from_line"]


def test_road_and_rail_meet_only_at_transfers(pack_roads, pack_rail):
    both = joined(pack_roads, pack_rail, [Transfer("Mae Mo", 45), Transfer("Den Chai", 30)])
    crossing = [h for _, _, h in both.edges(data=True) if h["mode"] == "transfer"]
    assert sorted(held["minutes"] for held in crossing) == [30, 30, 45, 45]
    ways = {
        (both.nodes[u]["mode"], both.nodes[v]["mode"])
        for u, v, held in both.edges(data=True)
        if held["mode"] != "transfer"
    }
    assert ways == {("road", "road"), ("rail", "rail")}
    assert len(parts_of(both)) == 1
    transfers_km = sum(held["length"] for held in crossing) / 2 / 1000
    apart_km = kilometres(pack_roads) + kilometres(pack_rail)
    assert kilometres(both) == pytest.approx(apart_km + transfers_km)


def test_rail_stays_apart_without_transfers(pack_roads, pack_rail):
    parts = parts_of(joined(pack_roads, pack_rail, []))
    assert len(parts) == 2
    assert "Mae Mo" in parts[1].places


def test_a_transfer_at_an_unknown_station_is_refused(pack_roads, pack_rail):
    with pytest.raises(LayerError) as caught:
        joined(pack_roads, pack_rail, [Transfer("Nowhere", 30)])
    assert codes(caught) == ["unknown_network_place"]


def test_a_town_and_its_station_are_told_apart_by_mode(pack_roads, pack_rail):
    towns, _ = with_places(pack_roads, layer("district_seats"), most_m=3000)
    both = joined(towns, pack_rail, [Transfer("Mae Mo", 45)])
    with pytest.raises(LayerError) as caught:
        node_of(both, "Mae Mo")
    assert codes(caught) == ["place_on_two_nodes"]
    assert node_of(both, "Mae Mo", mode="road") != node_of(both, "Mae Mo", mode="rail")


def test_networks_of_two_crs_are_not_joined(pack_roads):
    other = rail_graph(
        layer("railway"), gpd.GeoDataFrame(layer("stations")), "EPSG:32648", 2569, speed_kph=35
    )
    with pytest.raises(LayerError) as caught:
        joined(pack_roads, other, [])
    assert codes(caught) == ["networks_in_two_crs"]


def test_parts_too_short_to_lead_anywhere_are_left_out_and_told():
    graph = road_graph(
        roads([(0, 0), (9_000, 0)], [(0, 500), (800, 500)], [(0, 900), (300, 900)]), CRS
    )
    left_out = drop_small_parts(graph, 5)
    assert [(part.nodes, part.km) for part in left_out] == [(2, 0.8), (2, 0.3)]
    assert kilometres(graph) == 9
    assert drop_small_parts(graph, 5) == []


def test_a_one_way_road_counts_its_length_once():
    graph = road_graph(roads([(0, 0), (4_000, 0)], oneway=["yes"]), CRS)
    assert [part.km for part in drop_small_parts(graph, 5)] == [4]


def test_places_put_one_kind_after_another_cut_what_is_cut_already():
    ground = Ground(road_graph(roads([(0, 0), (9_000, 0)]), CRS))
    (first,) = ground.put(points(a=(3_000, 40)), most_m=100)
    (second,) = ground.put(points(b=(6_000, 70)), most_m=100)
    (again,) = ground.put(points(c=(3_000, 90)), most_m=100)
    assert again.node == first.node != second.node
    assert second.offset_m == pytest.approx(70)
    assert kilometres(ground.graph) == pytest.approx(9)
    ends = {frozenset(piece.edges[0][:2]) for piece in pieces_of(ground.graph)}
    one, other = first.node, second.node
    assert ends == {frozenset({1, one}), frozenset({one, other}), frozenset({other, 2})}
    lengths = [held["length"] for *_, held in ground.graph.edges(data=True)]
    assert lengths == pytest.approx([3_000.0] * 6)


def test_a_copy_of_the_ground_is_cut_alone():
    ground = Ground(road_graph(roads([(0, 0), (9_000, 0)]), CRS))
    ground.copied().put(points(a=(3_000, 0)), most_m=100)
    assert ground.graph.number_of_edges() == 2
    assert len(ground.pieces) == 1
