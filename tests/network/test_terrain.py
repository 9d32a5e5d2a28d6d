"""Steep ground under a road lengthens its minutes; ground nobody knows does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.network.graph import road_graph
from maemoh_gis.network.terrain import over_terrain
from tests.network.lines import CRS, X, roads

SHARES = [(0, 1.0), (10, 0.5)]


def flat(slope):
    return lambda x, y: np.full(len(x), float(slope))


def only(graph):
    (held,) = [data for _, _, data in graph.edges(data=True) if not data["reversed"]]
    return held


@pytest.fixture
def graph():
    return road_graph(roads([(0, 0), (10_000, 0)]), CRS)


@pytest.mark.parametrize(("slope", "minutes"), [(0, 10.0), (5, 10 / 0.75), (10, 20.0), (40, 20.0)])
def test_minutes_grow_as_the_speed_that_is_kept_falls(graph, slope, minutes):
    held = only(over_terrain(graph, flat(slope), SHARES))
    assert held["minutes"] == pytest.approx(minutes)
    assert held["level_minutes"] == pytest.approx(10.0)
    assert held["ground_slope_percent"] == slope


def test_times_of_stretches_add_up_not_their_speeds(graph):
    # 5 km at 60 km/h and 5 km at 30 km/h: 5 + 10 minutes, not 10 km at 45 km/h.
    half = lambda x, _: np.where(x < X + 5_000, 0.0, 10.0)  # noqa: E731
    assert only(over_terrain(graph, half, SHARES))["minutes"] == pytest.approx(15.0)


def test_unknown_ground_slows_nothing_and_is_counted(graph):
    quarter = lambda x, _: np.where(x < X + 2_500, 10.0, np.nan)  # noqa: E731
    held = only(over_terrain(graph, quarter, SHARES))
    assert held["slope_known_share"] == pytest.approx(0.25, abs=0.02)
    assert held["minutes"] == pytest.approx(5.0 + 7.5, abs=0.2)
    assert held["ground_slope_percent"] == 10.0
    unknown = only(over_terrain(graph, flat(np.nan), SHARES))
    assert unknown["minutes"] == pytest.approx(10.0)
    assert "ground_slope_percent" not in unknown


def test_both_directions_of_a_road_climb_the_same_ground_and_the_graph_stays(graph):
    slow = over_terrain(graph, flat(10), SHARES)
    assert [d["minutes"] for *_, d in slow.edges(data=True)] == pytest.approx([20.0, 20.0])
    assert only(graph)["minutes"] == pytest.approx(10.0)
    assert "level_minutes" not in only(graph)


@given(st.lists(st.floats(0, 60), min_size=1, max_size=6), st.floats(0, 30))
def test_steeper_ground_is_never_faster(slopes, more):
    graph = road_graph(roads([(0, 0), (7_300, 1_900)]), CRS)
    ground = lambda x, _: np.resize(slopes, len(x))  # noqa: E731
    steeper = lambda x, _: np.resize(slopes, len(x)) + more  # noqa: E731
    one = only(over_terrain(graph, ground, SHARES))["minutes"]
    assert only(over_terrain(graph, steeper, SHARES))["minutes"] >= one - 1e-9
