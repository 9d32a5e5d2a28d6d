"""Travel minutes read off a solved network at any point."""

import pickle

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.core.grid import Grid
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.graph import Transfer, rail_graph, road_graph
from maemoh_gis.network.pace import minutes_at
from maemoh_gis.network.places import with_places
from maemoh_gis.network.travel import TravelField
from tests.network.lines import CRS, X, Y, joined, over_terrain, points, roads


def field(graph, *origins, walk_kph=6.0, most_walk_m=5_000.0):
    return TravelField(graph, list(origins), walk_kph=walk_kph, most_walk_m=most_walk_m)


def at(solved, *places):
    x, y = (np.array(values, dtype=float) for values in zip(*places, strict=True))
    return solved.at(X + x, Y + y)


def test_minutes_along_the_road_and_straight_from_it():
    # 3,000 m at 60 km/h are 3 minutes; 1,000 m at 6 km/h are 10. The quickest way leaves the road a
    # little before: of 1 minute a km along and 10 over land, the latter counts with sqrt(99).
    solved = field(road_graph(roads([(0, 0), (10_000, 0)]), CRS), 1)
    minutes, origin = at(solved, (3_000, 1_000), (0, 0), (3_000, 6_000))
    assert minutes[:2] == pytest.approx([3.0 + np.sqrt(99), 0.0])
    assert np.isnan(minutes[2])
    assert origin.tolist() == [0, 0, -1]


def test_a_point_is_reached_from_the_origin_that_is_nearest_in_minutes():
    # A fast road from the far origin, a slow one from the near one: 20 km at 80 km/h are 15
    # minutes, 5 km at 15 km/h are 20.
    lines = roads([(0, 0), (20_000, 0)], [(20_000, 0), (25_000, 0)])
    lines["speed_kph"] = [80.0, 15.0]
    solved = field(road_graph(lines, CRS), 1, 3)
    minutes, origin = at(solved, (20_000, 0), (24_000, 0))
    assert minutes == pytest.approx([15.0, 4.0])
    assert origin.tolist() == [0, 1]


def test_nobody_boards_a_train_in_the_fields():
    # The railway passes right by the point; the road is 2 km off and 30 minutes long.
    lines = roads([(0, 0), (30_000, 0)])
    track = roads([(0, 2_000), (30_000, 2_000)]).assign(gauge_mm=1000, tracks=1)
    stations = points(west=(0, 2_000), east=(30_000, 2_000))
    rail = rail_graph(track, stations, CRS, 2569, speed_kph=60)
    graph = joined(road_graph(lines, CRS), rail, [Transfer("west", 5), Transfer("east", 5)])
    minutes, _ = at(field(graph, 1), (15_000, 1_900))
    assert minutes == pytest.approx([15.0 + 1.9 * np.sqrt(99)])


def brute(graph, origin, x, y, walk_kph, most_walk_m):
    """Try every tenth of a metre or so of every edge."""
    least = np.full(len(x), np.inf)
    network = network_arrays(graph)
    at = dict(zip(network.ids.tolist(), least_costs(network, [origin]).values[0], strict=True))
    for start, _, held in graph.edges(data=True):
        share = np.linspace(0.0, 1.0, int(held["geometry"].length / 5.0) + 2)
        spots = shapely.get_coordinates(
            shapely.line_interpolate_point(held["geometry"], share, normalized=True)
        )
        there = at[start] + minutes_at(held, share) * held["minutes"]
        off = np.hypot(x[:, None] - spots[:, 0], y[:, None] - spots[:, 1])
        whole = there + off / walk_kph * 0.06
        least = np.fmin(least, np.where(off <= most_walk_m, whole, np.inf).min(axis=1))
    return np.where(np.isinf(least), np.nan, least)


@given(st.integers(0, 10_000), st.floats(3.0, 90.0), st.sampled_from([700.0, 2_500.0, 50_000.0]))
@settings(max_examples=25, deadline=None)
def test_minutes_are_the_least_over_every_place_on_every_road(seed, walk_kph, most_walk_m):
    random = np.random.default_rng(seed)
    lines = roads(*[random.uniform(0, 12_000, (4, 2)) for _ in range(6)])
    lines["speed_kph"] = random.choice([20.0, 45.0, 80.0], 6)
    lines["oneway"] = random.choice(["no", "yes", "-1"], 6)
    ground = lambda x, y: 12 + 11 * np.sin(x / 377) * np.cos(y / 523)  # noqa: E731
    graph = over_terrain(road_graph(lines, CRS), ground, [(3, 1), (8, 0.8), (25, 0.5)])
    for number, spot in enumerate(random.uniform(0, 12_000, (4, 2))):
        place = points(**{f"p{number}": tuple(spot)})
        graph, (landing,) = with_places(graph, place, most_m=50_000)
    x, y = random.uniform(-3_000, 15_000, (2, 60))
    x, y = X + x, Y + y
    found, _ = field(graph, landing.node, walk_kph=walk_kph, most_walk_m=most_walk_m).at(x, y)
    wanted = brute(graph, landing.node, x, y, walk_kph, most_walk_m)
    known = ~np.isnan(wanted)
    assert not np.isnan(found[known]).any()
    # Places 5 m apart miss the best by no more than 5 m take on land and on the slowest road.
    assert (found[known] <= wanted[known] + 1e-9).all()
    assert found[known] == pytest.approx(wanted[known], abs=5 * 0.06 * (1 / walk_kph + 1 / 10))


def test_a_track_at_the_door_may_be_slower_than_a_highway_farther_off():
    # The track leads to the same town at 10 km/h, 20 km off; the highway passes 500 m away.
    lines = roads([(0, 0), (20_000, 0)], [(0, 0), (0, 500), (20_000, 500)])
    lines["speed_kph"] = [80.0, 10.0]
    minutes, _ = at(field(road_graph(lines, CRS), 1), (18_000, 480))
    a_km = 60.0 / 80.0
    assert minutes == pytest.approx([18 * a_km + 0.48 * np.sqrt(10**2 - a_km**2)])


@pytest.mark.parametrize("walk_kph", [15.0, 80.0])
def test_where_one_drives_off_the_road_as_fast_as_on_it_the_ends_count(walk_kph):
    solved = field(road_graph(roads([(0, 0), (10_000, 0)], kph=15.0), CRS), 1, walk_kph=walk_kph,
                   most_walk_m=2_000)  # fmt: skip
    minutes, _ = at(solved, (1_000, 0), (5_000, 0))
    straight = 60 / walk_kph
    assert minutes == pytest.approx([straight, 3 * 4 + 2 * straight])


def test_a_junction_takes_the_quickest_of_its_roads():
    lines = roads([(0, 0), (1_000, 0)], [(1_000, 0), (1_000, 1_000)], [(1_000, 0), (2_000, 0)])
    minutes, _ = at(field(road_graph(lines, CRS), 1), (1_000, 0))
    assert minutes == pytest.approx([1.0])


def test_no_way_can_be_quicker_than_straight_at_the_fastest_speed():
    # 3-4-5: the road goes 3 km and 4 km at 60 km/h, the straight line is 5 km: 5 minutes.
    solved = field(road_graph(roads([(0, 0), (3_000, 0), (3_000, 4_000)]), CRS), 1)
    grid = Grid.covering((X, Y, X + 4_000, Y + 4_000), crs=CRS, cell_m=100)
    minutes = solved.minutes(grid)
    least = solved.least_minutes(grid, minutes)
    known = ~np.isnan(minutes)
    assert (least[known] <= minutes[known]).all()
    (row, col) = grid.rows - 40, 29
    centre = np.hypot(grid.x[col] - X, grid.y[row] - Y)
    assert least[row, col] == pytest.approx(centre / 1_000, rel=1e-5)


def test_minutes_have_the_same_bits_in_every_window():
    solved = field(road_graph(roads([(0, 0), (3_000, 700), (2_500, 4_000)]), CRS), 1)
    whole = Grid.covering((X, Y, X + 4_000, Y + 4_000), crs=CRS, cell_m=90)
    part = Grid(CRS, 90, whole.col0 + 5, whole.row0 + 7, 9, 11)
    one = solved.minutes(whole)[whole.window_of(part)]
    assert one.tobytes() == solved.minutes(part).tobytes()


def test_cells_that_are_not_wanted_are_not_read_and_the_others_are_the_same():
    solved = field(road_graph(roads([(0, 0), (3_000, 700), (2_500, 4_000)]), CRS), 1)
    grid = Grid.covering((X, Y, X + 4_000, Y + 4_000), crs=CRS, cell_m=90)
    wanted = (np.add.outer(np.arange(grid.rows), np.arange(grid.cols)) % 3) == 0
    found, every = solved.minutes(grid, wanted), solved.minutes(grid)
    assert np.isnan(found[~wanted]).all()
    assert found[wanted].tobytes() == every[wanted].tobytes()
    assert found.dtype == np.float32


def test_a_field_sent_to_another_process_gives_the_same_bits():
    solved = field(road_graph(roads([(0, 0), (3_000, 700), (2_500, 4_000)]), CRS), 1)
    grid = Grid.covering((X, Y, X + 2_000, Y + 2_000), crs=CRS, cell_m=90)
    sent = pickle.loads(pickle.dumps(solved))
    assert sent.minutes(grid).tobytes() == solved.minutes(grid).tobytes()
