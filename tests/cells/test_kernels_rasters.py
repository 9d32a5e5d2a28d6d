"""Accumulated cost: exact, equal to scipy, NaN where nothing leads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse import csgraph

from maemoh_gis.cells import cost_distance
from maemoh_gis.cells.cost_distance import accumulated_cost, least_ways

SEEDS = st.integers(0, 2**32 - 1)


def scattered(seed, shape, share):
    wanted = np.random.default_rng(seed).random(shape) < share
    wanted[0, 0] = True
    return wanted


def by_graph(sources, costs):
    """The same by scipy's shortest paths, diagonal steps between two barriers left out."""
    rows, cols = costs.shape
    index = np.arange(costs.size).reshape(costs.shape)
    starts, ends, lengths = [], [], []
    for row in range(rows):
        for col in range(cols):
            for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
                y, x = row + down, col + right
                if not (0 <= y < rows and 0 <= x < cols):
                    continue
                beside = np.isfinite(costs[row, x]) or np.isfinite(costs[y, col])
                if np.isfinite(costs[row, col]) and np.isfinite(costs[y, x]) and beside:
                    starts.append(index[row, col])
                    ends.append(index[y, x])
                    lengths.append((costs[row, col] + costs[y, x]) / 2 * np.hypot(down, right))
    graph = sparse.csr_array((lengths, (starts, ends)), shape=(costs.size, costs.size))
    begin = index[sources & np.isfinite(costs)]
    found = csgraph.dijkstra(graph, directed=False, indices=begin, min_only=True)
    found[np.isinf(found)] = np.nan
    return found.reshape(costs.shape)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(2, 25), st.integers(2, 25), st.sampled_from([0.0, 0.1, 0.4]),
       st.sampled_from([1.0, 20.0, 1e4, 1e9]))  # fmt: skip
def test_cost_equals_shortest_paths_in_a_graph(seed, rows, cols, barred, spread):
    random = np.random.default_rng(seed)
    costs = np.exp(random.uniform(0.0, np.log(spread), (rows, cols)))
    costs[random.random((rows, cols)) < barred] = np.nan
    costs[0, 0] = 1.0
    sources = scattered(seed, (rows, cols), 0.02)
    found = accumulated_cost(sources, costs, cell_m=1.0)
    np.testing.assert_allclose(found, by_graph(sources, costs), rtol=1e-5)


def test_buckets_and_heap_give_the_same_bits(monkeypatch):
    random = np.random.default_rng(2)
    costs = random.uniform(1.0, 20.0, (120, 90))
    costs[random.random(costs.shape) < 0.2] = np.inf
    sources = scattered(2, costs.shape, 0.001) & np.isfinite(costs)
    by_buckets = accumulated_cost(sources, costs, 30.0)
    monkeypatch.setattr(cost_distance, "_MOST_BUCKETS", 1)
    by_heap = accumulated_cost(sources, costs, 30.0)
    assert np.array_equal(by_buckets, by_heap, equal_nan=True)


def test_a_whole_road_may_be_the_source():
    sources = np.zeros((400, 300), dtype=bool)
    sources[:, 7] = True
    found = accumulated_cost(sources, np.ones(sources.shape), 10.0)
    expected = np.broadcast_to(10.0 * abs(np.arange(300) - 7), sources.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_an_unreachable_place_is_not_a_number_and_a_diagonal_river_does_not_leak():
    costs = np.ones((5, 5))
    costs[np.arange(5), 4 - np.arange(5)] = np.nan
    sources = np.zeros((5, 5), dtype=bool)
    sources[0, 0] = True
    found = accumulated_cost(sources, costs, 1.0)
    assert found[1, 1] == pytest.approx(np.sqrt(2), rel=1e-6)
    assert np.isnan(found[4, 4])


def test_a_source_on_a_barrier_leads_nowhere():
    found = accumulated_cost(np.array([[True, False]]), np.array([[np.nan, 1.0]]), 1.0)
    assert np.isnan(found).all()


def test_land_that_is_free_to_cross_is_refused():
    with pytest.raises(ValueError, match="1 cells cost 0 or less"):
        accumulated_cost(np.array([[True, False]]), np.array([[1.0, 0.0]]), 1.0)


def test_the_input_is_left_as_it_was():
    costs = np.array([[1.0, np.nan]], dtype=np.float32)
    accumulated_cost(np.array([[True, False]]), costs, 1.0)
    assert np.isnan(costs[0, 1])


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(2, 25), st.integers(2, 25), st.sampled_from([0.0, 0.2, 0.4]))
def test_a_way_back_costs_what_was_accumulated(seed, rows, cols, barred):
    random = np.random.default_rng(seed)
    costs = np.exp(random.uniform(0.0, 3.0, (rows, cols)))
    costs[random.random((rows, cols)) < barred] = np.nan
    costs[0, 0] = 1.0
    sources = scattered(seed, (rows, cols), 0.02)
    total = accumulated_cost(sources, costs, cell_m=10.0)
    ends = np.argwhere(np.ones((rows, cols)))
    for end, way in zip(ends, least_ways(total, costs, 10.0, ends), strict=True):
        if np.isnan(total[tuple(end)]):
            assert len(way) == 0
            continue
        steps = np.diff(way, axis=0)
        assert tuple(way[0]) == tuple(end)
        assert sources[tuple(way[-1])]
        assert (np.abs(steps).max(axis=1) == 1).all()
        met = costs[way[:, 0], way[:, 1]]
        spent = ((met[1:] + met[:-1]) / 2 * np.hypot(*steps.T) * 10.0).sum()
        np.testing.assert_allclose(spent, total[tuple(end)], rtol=1e-4)
