"""Least costs over a reduced network are those over the whole one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from maemoh_gis.network import arrays, many_to_many
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.many_to_many import least_between
from maemoh_gis.network.reduced import reduced
from tests.network.test_arrays import EDGES, by_networkx, network

NODES = st.lists(st.integers(0, 7), min_size=1, max_size=8)


def by_scipy(matrix, sources, targets):
    found = np.atleast_2d(dijkstra(matrix, indices=sources))[:, targets]
    found[np.isinf(found)] = np.nan
    return found


def matrix_of(tail, head, cost, n):
    """The cheapest of parallel edges, as `NetworkArrays.matrix` gives it."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))
    return csr_array(coo_array((cost[first], (tail[first], head[first])), shape=(n, n)))


def roads_like(n, seed=1, one_way=0.1):
    """A plane network in which most crossings have three roads; some roads are one-way."""
    random = np.random.default_rng(seed)
    xy = random.random((n, 2))
    xy = xy[np.argsort(np.round(xy[:, 0] * 20) + xy[:, 1] / 2)]
    corners = Delaunay(xy).simplices
    pairs = np.unique(np.sort(np.vstack([corners[:, [i, (i + 1) % 3]] for i in range(3)])), axis=0)
    pairs = pairs[random.random(len(pairs)) < 0.45]
    cost = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) * random.choice([1.0, 2.0], len(pairs))
    back = random.random(len(pairs)) >= one_way
    tail = np.concatenate([pairs[:, 0], pairs[back, 1]])
    head = np.concatenate([pairs[:, 1], pairs[back, 0]])
    return matrix_of(tail, head, np.concatenate([cost, cost[back]]), n)


@given(EDGES, NODES, NODES)
@settings(max_examples=150, deadline=None)
def test_least_costs_between_any_nodes_are_those_of_networkx(edges, sources, targets):
    graph = network(edges)
    plain = network_arrays(graph)
    found = least_between(plain.matrix()[0], plain.positions(sources), plain.positions(targets))
    expected = by_networkx(graph)[np.ix_(sources, targets)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("one_way", [0.0, 0.1, 1.0])
def test_on_a_road_like_network_they_are_those_of_scipy(one_way):
    matrix = roads_like(3_000, one_way=one_way)
    random = np.random.default_rng(2)
    sources, targets = random.choice(3_000, 20), random.choice(3_000, 60)
    found = least_between(matrix, sources, targets)
    expected = by_scipy(matrix, sources, targets)
    assert 0 < np.isnan(expected).sum() < expected.size
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_costs_of_thousandths_and_of_millions_stand_side_by_side():
    matrix = roads_like(500)
    matrix.data *= np.random.default_rng(3).choice([1e-3, 1.0, 1e6], matrix.nnz)
    every = np.arange(500)[::7]
    np.testing.assert_allclose(
        least_between(matrix, every, every), by_scipy(matrix, every, every), rtol=1e-12
    )


def test_few_nodes_are_left_and_those_asked_about_are_among_them():
    matrix = roads_like(3_000)
    kept = np.arange(0, 3_000, 300)
    small, left = reduced(matrix, kept)
    assert set(kept) <= set(left)
    assert small.shape == (len(left), len(left))
    assert len(left) < 100


def test_a_dead_end_goes_and_a_bend_becomes_one_edge():
    """0 - 1 - 2 with the dead end 1 - 3: what is left is 0 - 2 at 5 there and 7 back."""
    tail, head = np.array([0, 1, 2, 1, 1, 3]), np.array([1, 2, 1, 0, 3, 1])
    matrix = matrix_of(tail, head, np.array([2.0, 3.0, 3.0, 4.0, 9.0, 9.0]), 4)
    small, left = reduced(matrix, np.array([0, 2]))
    assert left.tolist() == [0, 2]
    assert small.toarray().tolist() == [[0.0, 5.0], [7.0, 0.0]]


@pytest.mark.parametrize("seed", [1, 2])
def test_crossings_of_many_roads_and_networks_closely_knit_are_no_trouble(seed):
    random = np.random.default_rng(seed)
    star = np.column_stack([np.zeros(300, dtype=int), np.arange(1, 301)])
    mesh = random.integers(0, 301, (1_500, 2))
    tail, head = np.vstack([star, mesh, mesh[:, ::-1]]).T
    matrix = matrix_of(tail, head, random.integers(0, 9, len(tail)).astype(float), 301)
    sources, targets = np.arange(0, 301, 30), np.arange(5, 301, 10)
    found = least_between(matrix, sources, targets)
    np.testing.assert_array_equal(found, by_scipy(matrix, sources, targets))


def test_a_network_turned_round_gives_the_way_back():
    matrix = roads_like(1_000)
    one, other = np.arange(0, 1_000, 90), np.arange(5, 1_000, 70)
    there = least_between(matrix, one, other)
    back = least_between(csr_array(matrix.T), other, one)
    np.testing.assert_allclose(there, back.T, rtol=1e-12)


def test_reversing_an_undirected_network_changes_no_bit():
    matrix = roads_like(1_000, one_way=0.0)
    one, other = np.arange(0, 1_000, 90), np.arange(5, 1_000, 70)
    turned = csr_array(matrix.T)
    turned.sort_indices()
    np.testing.assert_array_equal(
        least_between(matrix, one, other), least_between(turned, one, other)
    )


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    matrix = roads_like(1_000)
    one, other = np.arange(0, 1_000, 90), np.arange(5, 1_000, 70)
    found = []
    for workers in (1, 2, 5):
        monkeypatch.setattr(many_to_many, "_MOST_WORKERS", workers)
        monkeypatch.setattr("os.cpu_count", lambda workers=workers: workers)
        found.append(least_between(matrix, one, other))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_the_network_handed_in_stays_as_it_is():
    matrix = roads_like(200)
    before = matrix.copy()
    least_between(matrix, np.array([1]), np.array([2, 3]))
    assert (matrix != before).nnz == 0


@pytest.mark.parametrize(("many", "asked"), [(8 * 3, True), (8 * 3 + 1, False)])
def test_the_size_of_the_question_decides_how_it_is_answered(monkeypatch, many, asked):
    called = []

    def least(matrix, sources, targets):
        called.append(True)
        return least_between(matrix, sources, targets)

    monkeypatch.setattr(arrays, "_MANY", many)
    monkeypatch.setattr(many_to_many, "least_between", least)
    costs = least_costs(network_arrays(network([(0, 1, 2.0), (1, 5, 3.0)])), [0, 1, 7], [5, 6])
    assert costs.values[:, 0].tolist()[:2] == [5.0, 3.0]
    assert costs.unreachable == 4
    assert bool(called) is asked
