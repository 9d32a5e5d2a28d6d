"""Stated distances join places beyond the drawn network, without counting a metre twice."""

import math

import pytest

from maemoh_gis.core.errors import LayerError
from maemoh_gis.network.graph import Transfer, rail_graph, road_graph
from maemoh_gis.network.linehaul import Beyond, Join, Statement, Terms
from maemoh_gis.network.places import node_of, with_places
from maemoh_gis.network.ways import ways_by
from tests.network.along import single_track_km, steepest_on, way_by
from tests.network.lines import CRS, X, Y, joined, points, roads, with_linehaul

PORT = Beyond(X - 300_000, Y - 300_000, "port")
BORDER = Beyond(X + 300_000, Y + 300_000, "border", 2571)
YARD = Beyond(X - 200_000, Y - 200_000, "southern_yard")
BEYOND = {"Port": PORT, "Border": BORDER, "South yard": YARD}


def drawn():
    """Give 30 km of line, west - middle - east, with a road beside it and a town at its middle."""
    track = roads([(0, 0), (20_000, 0), (30_000, 0)]).assign(
        gauge_mm=1000, tracks=1, ruling_grade_northbound_per_mille=20.0,
        ruling_grade_southbound_per_mille=8.0,
    )  # fmt: skip
    stations = points(West=(0, 0), Middle=(20_000, 0), East=(30_000, 0))
    rail = rail_graph(track, stations, CRS, 2569, speed_kph=30, grade_error_per_mille=2.1)
    road, _ = with_places(
        road_graph(roads([(0, 500), (30_000, 500)]), CRS), points(Town=(20_000, 500)), most_m=10
    )
    return joined(road, rail, [Transfer("Middle", 30)])


def terms(**changed):
    asked = {
        "joins": {"Middle station": Join("Middle", "rail"), "East station": Join("East", "rail"),
                  "West station": Join("West", "rail"), "Town": Join("Town", "road")},
        "leaves_by": {"Port": "West station"}, "links": [], "rail_kph": 30.0, "road_kph": 60.0,
        "transfers": {},
    }  # fmt: skip
    return Terms(**(asked | changed))


def rail(start, end, km, **more):
    return Statement(start, end, "rail", km, **more)


def nodes(graph, *names):
    return [node_of(graph, name) for name in names]


def test_what_lies_on_the_drawn_line_is_taken_off():
    # Middle to Port is stated as 500 km; 20 km of it are drawn, so 480 km are left from West.
    stated = [rail("Middle station", "Port", 500, km_low=490, km_high=520)]
    graph, compared = with_linehaul(drawn(), stated, BEYOND, terms(), 2569)
    (held,) = [
        d for *_, d in graph.edges(data=True) if d["mode"] == "linehaul" and not d["reversed"]
    ]
    assert held["length"] == pytest.approx(480_000)
    assert (held["km_low"], held["km_high"]) == pytest.approx((470, 500))
    assert (held["stated_km"], held["drawn"], held["carrier"]) == (500, False, "rail")
    ways = ways_by(graph, "rail", nodes(graph, "East"), nodes(graph, "Port"))
    assert ways.km[0, 0] == pytest.approx(510)
    assert ways.stated_km[0, 0] == pytest.approx(480)
    assert compared == []


def test_of_two_statements_the_nearer_makes_the_edge_and_the_other_is_compared():
    stated = [rail("East station", "Port", 515), rail("Middle station", "Port", 500)]
    _graph, compared = with_linehaul(drawn(), stated, BEYOND, terms(), 2569)
    (one,) = compared
    assert one.statement.start == "East station"
    assert one.network_km == pytest.approx(510)


def test_a_link_is_run_over_by_all_that_leave_beyond_it():
    link = rail("West station", "South yard", 200, tracks=2)
    asked = terms(links=[link], leaves_by={"Port": "South yard"})
    graph, _ = with_linehaul(drawn(), [rail("Middle station", "Port", 500)], BEYOND, asked, 2569)
    ways = ways_by(graph, "rail", nodes(graph, "Middle"), nodes(graph, "Port"))
    assert ways.km[0, 0] == pytest.approx(500)
    way = way_by(graph, "rail", *nodes(graph, "Middle"), *nodes(graph, "Port"))
    assert single_track_km(graph, way) == pytest.approx((20, 200, 280))


def test_trains_wait_for_their_year_and_lorries_do_not():
    stated = [rail("East station", "Border", 300), Statement("Town", "Border", "road", 290)]
    early, _ = with_linehaul(drawn(), stated, BEYOND, terms(), 2570)
    late, _ = with_linehaul(drawn(), stated, BEYOND, terms(), 2571)
    ends = [nodes(g, "East", "Town", "Border") for g in (early, late)]
    assert math.isnan(ways_by(early, "rail", ends[0][:1], ends[0][2:]).km[0, 0])
    assert ways_by(late, "rail", ends[1][:1], ends[1][2:]).km[0, 0] == pytest.approx(300)
    assert ways_by(early, "road", ends[0][1:2], ends[0][2:]).km[0, 0] == pytest.approx(290)


def test_a_train_takes_no_road_and_a_lorry_no_rail():
    stated = [rail("West station", "Port", 480), Statement("Town", "Port", "road", 450)]
    graph, _ = with_linehaul(drawn(), stated, BEYOND, terms(), 2569)
    town, middle, port = nodes(graph, "Town", "Middle", "Port")
    assert ways_by(graph, "rail", [middle], [port]).km[0, 0] == pytest.approx(500)
    assert ways_by(graph, "road", [town], [port]).km[0, 0] == pytest.approx(450)
    assert ways_by(graph, "rail", [town], [port]).missing == 1


def test_the_grade_of_a_way_is_that_against_the_train_and_what_is_unknown_is_counted():
    graph, _ = with_linehaul(drawn(), [rail("West station", "Port", 480)], BEYOND, terms(), 2569)
    east, port = nodes(graph, "East", "Port")
    down = way_by(graph, "rail", east, port)
    up = way_by(graph, "rail", port, east)
    assert steepest_on(graph, down) == pytest.approx((8.0, 480))
    assert steepest_on(graph, up) == pytest.approx((20.0, 480))
    assert {graph.edges[key]["grade_error_per_mille"] for key in up[1:]} == {2.1}


def test_a_place_nobody_knows_makes_no_edge_but_a_line_in_the_comparison():
    _graph, compared = with_linehaul(
        drawn(), [Statement("Town", "Capital", "road", 600)], BEYOND, terms(), 2569
    )
    assert math.isnan(compared[0].network_km)


def test_a_distance_shorter_than_what_is_drawn_is_refused():
    with pytest.raises(LayerError) as caught:
        with_linehaul(drawn(), [rail("East station", "Port", 25)], BEYOND, terms(), 2569)
    (fault,) = caught.value.faults
    assert (fault.code, fault.found, fault.expected) == ("linehaul_too_short", "25", "30.0")


def test_a_link_to_an_unknown_place_names_the_nearest():
    asked = terms(links=[rail("West statoin", "South yard", 200)])
    with pytest.raises(LayerError) as caught:
        with_linehaul(drawn(), [], BEYOND, asked, 2569)
    assert caught.value.faults[0].expected.startswith("West station")


def test_two_carriers_on_one_straight_line_stay_two_ways():
    from maemoh_gis.network.edges import pieces_of

    stated = [rail("South yard", "Port", 114), Statement("South yard", "Port", "road", 118)]
    graph, _ = with_linehaul(drawn(), stated, BEYOND, terms(leaves_by={}), 2569)
    kept = [p for p in pieces_of(graph) if graph.edges[p.edges[0]]["mode"] == "linehaul"]
    assert [len(piece.edges) for piece in kept] == [2, 2]
