"""Least ways over arrays are those of networkx, and no way is NaN."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.core.errors import LayerError
from maemoh_gis.network.arrays import least_costs, least_ways, network_arrays
from tests.network.lines import CRS

COST = st.one_of(st.just(0.0), st.floats(0.01, 1000))
NODE = st.integers(0, 7)
EDGES = st.lists(st.tuples(NODE, NODE, COST), max_size=25)
PLACES = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=8, max_size=8)


def network(edges, places=None):
    graph = nx.MultiDiGraph(crs=CRS)
    for node, (x, y) in enumerate(places or [(i, i * i) for i in range(8)]):
        graph.add_node(node, x=x, y=y)
    for start, end, minutes in edges:
        graph.add_edge(start, end, minutes=minutes)
    return graph


def by_networkx(graph):
    found = np.full((8, 8), np.nan)
    for start, ends in nx.all_pairs_dijkstra_path_length(graph, weight="minutes"):
        for end, cost in ends.items():
            found[start, end] = cost
    return found


@given(EDGES, PLACES)
@settings(max_examples=150, deadline=None)
def test_least_costs_are_those_of_networkx_wherever_the_nodes_lie(edges, places):
    graph = network(edges, places)
    expected = by_networkx(graph)
    costs = least_costs(network_arrays(graph), range(8), range(8))
    np.testing.assert_allclose(costs.values, expected, rtol=1e-12)
    assert costs.unreachable == np.isnan(expected).sum()


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_reversing_an_undirected_network_changes_nothing(edges):
    graph = network([*edges, *((end, start, cost) for start, end, cost in edges)])
    one = least_costs(network_arrays(graph), range(8), range(8)).values
    other = least_costs(network_arrays(graph.reverse()), range(8), range(8)).values
    np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(one, one.T, rtol=1e-12)


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_a_way_costs_what_it_is_said_to_cost(edges):
    graph = network(edges)
    arrays = network_arrays(graph)
    costs = least_costs(arrays, [0], range(8)).values[0]
    for target, (way, cost) in enumerate(zip(least_ways(arrays, 0, range(8)), costs, strict=True)):
        if way is None:
            assert np.isnan(cost)
            continue
        assert [key[0] for key in way] == [0, *(key[1] for key in way)][:-1]
        assert [0, *(key[1] for key in way)][-1] == target
        assert sum(graph.edges[key]["minutes"] for key in way) == pytest.approx(cost)


@given(EDGES, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_arrays_do_not_depend_on_the_order_of_building(edges, random):
    pairs = list(dict.fromkeys((start, end) for start, end, _ in edges))
    once = [(start, end, float(i)) for i, (start, end) in enumerate(pairs)]
    mixed = random.sample(once, len(once))
    one, other = network_arrays(network(once)), network_arrays(network(mixed))
    for part in ("ids", "xy", "tail", "head", "cost"):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))
    assert one.keys == other.keys


def test_of_parallel_edges_the_cheapest_counts():
    costs = least_costs(network_arrays(network([(0, 1, 5.0), (0, 1, 3.0), (0, 1, 4.0)])), [0], [1])
    assert costs.values.item() == 3.0


def test_an_edge_may_cost_nothing():
    costs = least_costs(network_arrays(network([(0, 1, 0.0)])), [0], [1, 2])
    assert costs.values[0, 0] == 0.0
    assert costs.unreachable == 1


def test_neighbours_on_the_ground_are_neighbours_in_memory():
    side = 16
    grid = nx.grid_2d_graph(side, side)
    shuffled = np.random.default_rng(1).permutation(side * side)
    graph = nx.MultiDiGraph(crs=CRS)
    for node, (x, y) in zip(shuffled, grid.nodes, strict=True):
        graph.add_node(int(node), x=x, y=y)
    xy = network_arrays(graph).xy
    steps = np.abs(np.diff(xy, axis=0)).sum(axis=1)
    assert steps.mean() < 1.5


def test_nodes_on_a_straight_line_can_be_ordered():
    arrays = network_arrays(network([], [(0, y) for y in (3, 1, 2, 0, 7, 6, 5, 4)]))
    assert sorted(arrays.xy[:, 1]) in (list(arrays.xy[:, 1]), list(arrays.xy[::-1, 1]))


@pytest.mark.parametrize("cost", [-1.0, float("nan"), float("inf")])
def test_a_cost_that_is_none_is_refused(cost):
    with pytest.raises(LayerError) as caught:
        network_arrays(network([(0, 1, cost)]))
    assert [fault.code for fault in caught.value.faults] == ["edge_cost"]


def test_an_unknown_node_is_refused():
    with pytest.raises(LayerError) as caught:
        least_costs(network_arrays(network([])), [0], [99])
    assert [fault.code for fault in caught.value.faults] == ["unknown_node"]
