"""Travel minutes read off a solved network at any point."""

import pickle

import numpy as np
import pytest

from maemoh_gis.grid import Grid
from maemoh_gis.network.graph import Transfer, joined, rail_graph, road_graph
from maemoh_gis.network.travel import TravelField
from tests.network.lines import CRS, X, Y, points, roads


def field(graph, *origins, walk_kph=6.0, most_walk_m=5_000.0):
    return TravelField(graph, list(origins), walk_kph=walk_kph, most_walk_m=most_walk_m)


def at(solved, *places):
    x, y = (np.array(values, dtype=float) for values in zip(*places, strict=True))
    return solved.at(X + x, Y + y)


def test_minutes_along_the_road_and_straight_from_it():
    # 3,000 m at 60 km/h are 3 minutes; 1,000 m at 6 km/h are 10.
    solved = field(road_graph(roads([(0, 0), (10_000, 0)]), CRS), 1)
    minutes, origin = at(solved, (3_000, 1_000), (0, 0), (3_000, 6_000))
    assert minutes[:2] == pytest.approx([13.0, 0.0])
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
    assert minutes == pytest.approx([15.0 + 19.0])


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
