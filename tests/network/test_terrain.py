"""Steep ground under a road lengthens its minutes; ground nobody knows does not."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString
from shapely.ops import substring

from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.graph import road_graph
from maemoh_gis.network.places import with_places
from tests.network.lines import CRS, X, Y, over_terrain, roads

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


# Ground that changes from square to square, without a pattern.
def rough(x, y):
    return 12.0 + 11.0 * np.sin(x / 377.0) * np.cos(y / 523.0)


WINDING = [(0, 0), (1_700, 900), (2_300, 2_800), (4_100, 2_650), (7_300, 1_900), (9_950, 40)]


def chain(stops):
    """Write the winding road as pieces between places at shares of its length."""
    line = LineString([(X + x, Y + y) for x, y in WINDING])
    cut = [substring(line, a, b, normalized=True) for a, b in pairwise([0.0, *stops, 1.0])]
    return gpd.GeoDataFrame({"speed_kph": [60.0] * len(cut)}, geometry=cut, crs=CRS)


def end_to_end(frame):
    graph = over_terrain(road_graph(frame, CRS, join_m=0.001), rough, [(3, 1), (8, 0.8), (25, 0.5)])
    west, east = (pick(graph, key=lambda node: graph.nodes[node]["x"]) for pick in (min, max))
    return least_costs(network_arrays(graph), [west], [east]).values.item(), graph


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=40, unique=True))
def test_a_road_in_many_pieces_takes_the_minutes_it_takes_in_one(stops):
    stops = [a for a, b in pairwise([*sorted(stops), 1.0]) if b - a > 1e-5]
    whole, _ = end_to_end(chain([]))
    assert end_to_end(chain(stops))[0] == pytest.approx(whole, rel=1e-9)


def test_a_road_drawn_with_many_points_takes_the_same_minutes():
    thin = chain([])
    dense = thin.set_geometry(shapely.segmentize(thin.geometry.array, 3.0))
    turned = thin.set_geometry(thin.geometry.reverse())
    whole, _ = end_to_end(thin)
    assert end_to_end(dense)[0] == pytest.approx(whole, rel=1e-9)
    assert end_to_end(turned)[0] == pytest.approx(whole, rel=1e-9)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
def test_a_place_on_a_road_lies_as_far_along_it_in_minutes_in_one_piece_or_many(shares):
    line = LineString([(X + x, Y + y) for x, y in WINDING])
    spots = [line.interpolate(share, normalized=True) for share in shares]
    places = gpd.GeoDataFrame(geometry=spots, crs=CRS)
    found = []
    for frame in (chain([]), chain([0.13, 0.4, 0.41, 0.77])):
        total, graph = end_to_end(frame)
        with_them, landings = with_places(graph, places, most_m=1.0, name_column=None)
        west, east = (pick(graph, key=lambda n: graph.nodes[n]["x"]) for pick in (min, max))
        there = least_costs(network_arrays(with_them), [west], [one.node for one in landings])
        back = least_costs(network_arrays(with_them), [east], [one.node for one in landings])
        whole = least_costs(network_arrays(with_them), [west], [east]).values.item()
        # Cutting changes no way: both halves of every cut add up to the whole.
        assert whole == pytest.approx(total, rel=1e-9)
        assert there.values[0] + back.values[0] == pytest.approx(np.full(len(spots), total))
        for what in ("length", "level_minutes"):
            sums = [sum(h[what] for *_, h in g.edges(data=True)) for g in (graph, with_them)]
            assert sums[1] == pytest.approx(sums[0], rel=1e-9)
        found.append(there.values[0])
    assert found[1] == pytest.approx(found[0], rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(0, 60), min_size=1, max_size=6), st.floats(0, 30))
def test_steeper_ground_is_never_faster(slopes, more):
    graph = road_graph(roads([(0, 0), (7_300, 1_900)]), CRS)
    ground = lambda x, _: np.resize(slopes, len(x))  # noqa: E731
    steeper = lambda x, _: np.resize(slopes, len(x)) + more  # noqa: E731
    one = only(over_terrain(graph, ground, SHARES))["minutes"]
    assert only(over_terrain(graph, steeper, SHARES))["minutes"] >= one - 1e-9
