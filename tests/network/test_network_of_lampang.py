"""The shipped network: roads, rail and stated distances of Lampang, by year."""

import functools
import math

import pytest

from maemoh_gis.layers.load import Layers
from maemoh_gis.network.outputs import on_record
from maemoh_gis.network.places import node_of, parts_of
from maemoh_gis.network.stages import build, doubled_of
from maemoh_gis.network.ways import only_by, ways_by
from maemoh_gis.runs.project import Project, prepare
from tests.few_roads import on_few_roads
from tests.network.along import single_track_km, steepest_on, way_by
from tests.paths import LAYERS, SCENARIOS


@pytest.fixture(scope="module")
def prepared():
    return prepare(Project(LAYERS, SCENARIOS), "baseline")


def in_year(scenario, catalog, year, **doubled):
    years, layers = doubled_of(scenario) | doubled, Layers(catalog)
    return build("lampang", scenario.networks["lampang"], year, layers, "EPSG:32647", years)


@pytest.fixture(scope="module")
def today(prepared):
    resolved, catalog = prepared
    return in_year(resolved.scenario, catalog, 2569)


@pytest.fixture(scope="module")
def trains_in(prepared):
    """Build the railway that ships in a year, on few roads, which no train takes."""
    resolved, catalog = prepared
    return functools.partial(in_year, on_few_roads(resolved.scenario), catalog)


def by_rail(built, start, end):
    nodes = [{p.name_en: p.rail_node for p in built.places}[name] for name in (start, end)]
    found = ways_by(built.graph, "rail", [nodes[0]], [nodes[1]])
    return found.km[0, 0], way_by(built.graph, "rail", *nodes)


def test_trains_run_as_far_as_the_distances_say(today):
    # Published: 739 km Mae Mo - Laem Chabang, of them 75.1 drawn; 664 km from Den Chai.
    assert by_rail(today, "Mae Mo station", "Laem Chabang port")[0] == pytest.approx(739, abs=1)
    assert by_rail(today, "Lamphun station", "Mae Mo station")[0] == pytest.approx(120, abs=1)
    same = [c for c in today.compared if c.statement.carrier == "rail" and c.network_km > 0]
    ways = {(c.statement.start, c.statement.end): c for c in same}
    lampang = ways["Nakhon Lampang station", "Laem Chabang port"]
    assert lampang.network_km == pytest.approx(lampang.statement.km, abs=1)


def test_the_new_line_opens_in_its_year(trains_in, today):
    assert math.isnan(by_rail(today, "Den Chai station", "Chiang Khong")[0])
    opened = trains_in(2571)
    assert by_rail(opened, "Den Chai station", "Chiang Khong")[0] == pytest.approx(323, abs=1)
    assert by_rail(opened, "Mae Mo station", "Chiang Khong")[0] == pytest.approx(398, abs=1)


def test_each_section_is_doubled_in_its_own_year(trains_in, today):
    def single(built):
        way = by_rail(built, "Mae Mo station", "Laem Chabang port")[1]
        return single_track_km(built.graph, way)[0]

    assert single(today) == pytest.approx(75.1 + 281, abs=0.5)
    assert single(trains_in(2578, den_chai_chiang_mai=2578)) == pytest.approx(281, abs=0.5)
    assert single(trains_in(2578, pak_nam_pho_den_chai=2578)) == pytest.approx(75.1, abs=0.5)
    assert single(trains_in(2577, pak_nam_pho_den_chai=2578)) == pytest.approx(356.1, abs=0.5)


def test_the_climb_from_den_chai_is_steeper_than_the_way_back(today):
    up = steepest_on(today.graph, by_rail(today, "Den Chai station", "Mae Mo station")[1])
    down = steepest_on(today.graph, by_rail(today, "Mae Mo station", "Den Chai station")[1])
    assert up[0] == pytest.approx(20.2)
    assert down[0] == pytest.approx(14.7)
    assert up[1] == down[1] == 0.0


def test_no_lorry_runs_on_rails_and_every_seat_is_reached_by_road(today):
    seats = [p.road_node for p in today.places if p.kind == "seats"]
    assert len(seats) == 13
    found = ways_by(today.graph, "road", seats, seats)
    assert found.missing == 0
    assert found.stated_km.max() == 0.0
    road = only_by(today.graph, "road")
    assert {held["mode"] for *_, held in road.edges(data=True)} == {"road", "linehaul"}


def test_the_network_is_one_part_and_its_record_says_what_is_not_drawn(today):
    assert len(parts_of(today.graph)) == 1
    record = on_record(today)
    assert record["km"]["rail"] == pytest.approx(166.9, abs=0.1)
    assert record["km"]["linehaul_rail"] > 1_000
    assert record["off_the_road_m"]["Mae Chang station"] < 50
    assert record["left_out"]["parts"] > 100
    assert record["left_out"]["km"] < 0.025 * record["km"]["road"]
    bangkok = [r for r in record["stated_and_network_km"] if r["to"] == "Bangkok"]
    assert bangkok[0]["network_km"] is None


def test_a_town_and_its_station_are_two_places(today):
    town = node_of(today.graph, "Mae Mo", mode="road")
    station = node_of(today.graph, "Mae Mo station", mode="road")
    assert town != station
    assert ways_by(today.graph, "road", [town], [station]).km[0, 0] < 15


@pytest.mark.parametrize(
    ("seat", "km"),
    [
        ("Soem Ngam", 40), ("Ngao", 83), ("Chae Hom", 52), ("Wang Nuea", 107), ("Thoen", 96),
        ("Mae Phrik", 125), ("Sop Prap", 59), ("Mueang Pan", 69),
    ],
)  # fmt: skip
def test_seats_are_as_far_by_road_as_the_province_prints(today, seat, km):
    # Ko Kha and Hang Chat are printed shorter than the straight line; Mae Tha's 26 km are 22 here.
    nodes = {p.name_en: p.road_node for p in today.places if p.kind == "seats"}
    found = ways_by(today.graph, "road", [nodes["Mueang Lampang"]], [nodes[seat]], weight="length")
    assert found.km[0, 0] == pytest.approx(km, rel=0.105)


def test_mae_mo_is_twenty_km_from_lampang_and_not_fifty_four(today):
    nodes = {p.name_en: p.road_node for p in today.places if p.kind == "seats"}
    found = ways_by(today.graph, "road", [nodes["Mae Mo"]], [nodes["Mueang Lampang"]])
    assert 18 < found.km[0, 0] < 22
