"""Fused scoring, patches from runs and streamed TOPSIS give what the plain ways give."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from maemoh_gis.suitability.patches import joined, runs_of
from maemoh_gis.suitability.score_cells import score_cells, weigh_cells
from maemoh_gis.suitability.short_list import topsis
from maemoh_gis.suitability.topsis_cells import closeness

SEEDS = st.integers(0, 2**32 - 1)
POINTS = [(0.0, 0.2), (500.0, 1.0), (2_000.0, 0.7), (5_000.0, 0.0)]


def test_scores_lie_on_the_lines_between_points_and_unknown_stays_unknown():
    measure = np.array([[-9, 0, 250, 500], [1_250, 5_000, np.inf, np.nan]], dtype=np.float32)
    expected = [[0.2, 0.2, 0.6, 1.0], [0.85, 0.0, 0.0, np.nan]]
    np.testing.assert_allclose(score_cells(measure, POINTS), expected, atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_scores_are_those_of_interpolation(seed):
    measure = np.random.default_rng(seed).uniform(-100, 7_000, (37, 191)).astype(np.float32)
    expected = np.interp(measure, *np.array(POINTS).T)
    np.testing.assert_allclose(score_cells(measure, POINTS), expected, atol=1e-6)


def test_a_single_point_is_the_same_score_everywhere_that_is_known():
    found = score_cells(np.array([1.0, np.nan], dtype=np.float32), [(3.0, 0.4)])
    np.testing.assert_allclose(found, [0.4, np.nan], rtol=1e-6)


def test_weights_are_divided_by_their_sum():
    ones, halves = np.ones((3, 70_000), np.float32), np.full((3, 70_000), 0.5, np.float32)
    np.testing.assert_allclose(weigh_cells([ones, halves], [3, 1]), 0.875, rtol=1e-6)


def by_label(usable, measures, least):
    label, count = ndimage.label(usable)
    ids = np.arange(1, count + 1)
    cells = np.bincount(label.ravel(), minlength=count + 1)[1:]
    sums = [ndimage.sum_labels(np.float64(m), label, ids) for m in measures]
    kept = cells >= least
    return cells[kept], np.column_stack(sums)[kept]


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(0.1, 0.9), st.integers(1, 40), st.sampled_from([1, 6]))
def test_patches_from_runs_in_strips_are_those_of_scipy(seed, share, deep, least):
    random = np.random.default_rng(seed)
    usable = random.random((40, 31)) < share
    usable[3, 4] = True
    measures = [random.random(usable.shape, dtype=np.float32) for _ in range(2)]
    strips = [
        runs_of(usable[top : top + deep], [m[top : top + deep] for m in measures], top)
        for top in range(0, 40, deep)
    ]
    found = joined(strips, least)
    cells, sums = by_label(usable, measures, least)
    assert found.cells.tolist() == cells.tolist()
    np.testing.assert_allclose(found.sums, sums, rtol=1e-9)


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(1, 40))
def test_the_height_of_strips_changes_no_bit_of_a_sum(seed, deep):
    random = np.random.default_rng(seed)
    usable = random.random((40, 31)) < 0.6
    measure = random.random(usable.shape, dtype=np.float32)
    strips = [
        runs_of(usable[top : top + deep], [measure[top : top + deep]], top)
        for top in range(0, 40, deep)
    ]
    whole = joined([runs_of(usable, [measure])], 1)
    assert joined(strips, 1).sums.tobytes() == whole.sums.tobytes()


def test_land_without_a_usable_cell_has_no_patch():
    nothing = joined([runs_of(np.zeros((4, 5), dtype=bool), [np.ones((4, 5), np.float32)])], 1)
    assert len(nothing.cells) == 0


@pytest.mark.parametrize("count", [2, 150])
def test_streamed_topsis_is_that_of_the_short_list(count):
    values = np.random.default_rng(3).random((3, count), dtype=np.float32) + 0.1
    table = pd.DataFrame(values.T.astype(np.float64), columns=["a", "b", "c"])
    expected = topsis(table, {"a": 3, "b": 2, "c": 1}, falling=["b"])["closeness"]
    found = closeness(values, [3, 2, 1], [False, True, False])
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_an_alternative_with_a_gap_is_not_compared_and_moves_no_other():
    values = np.random.default_rng(3).random((3, 2_000), dtype=np.float32) + 0.1
    gap = np.insert(values, 700, [np.nan, 99.0, 0.0], axis=1)
    found = closeness(gap, [3, 2, 1], [False, True, False])
    assert np.isnan(found[700])
    without = closeness(values, [3, 2, 1], [False, True, False])
    np.testing.assert_allclose(np.delete(found, 700), without, atol=1e-6)
