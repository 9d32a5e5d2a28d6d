"""Land of two runs compared on a handful of cells that can be counted by eye."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from maemoh_gis.comparison.land import (
    Good,
    agreement,
    areas_of,
    consensus_counts,
    consensus_of,
    count_parts,
    cross_count,
    good_land,
    overlap_of_cells,
    overlap_of_good,
    parts_of,
    score_difference,
)

NAN = np.nan
# outside, allowed x 3, conditional, removed, unknown x 2
STATE = np.array([[0, 1, 1, 1, 2, 3, 4, 4]], dtype=np.uint8)
SCORE = np.array([[NAN, 0.6, 0.59, NAN, 0.9, 0.9, NAN, 0.2]], dtype=np.float32)
LOW = np.array([[NAN, 0.6, 0.1, 0.1, 0.3, 0.9, NAN, 0.1]], dtype=np.float32)
HIGH = np.array([[NAN, 0.7, 0.8, 0.9, 0.9, 0.9, NAN, 0.3]], dtype=np.float32)
AT_LEAST = 0.6

goods = arrays(np.uint8, (3, 4), elements=st.integers(0, 3))


def areas(zone=None, zones=1):
    good = good_land(STATE, SCORE, AT_LEAST)
    part = parts_of(STATE, good, LOW, HIGH, AT_LEAST)
    zone = np.zeros(STATE.shape, dtype=int) if zone is None else zone
    return [areas_of(row) for row in count_parts(part, zone, zones)]


def test_a_cell_at_the_fixed_score_is_good_and_what_is_unknown_stays_unknown():
    # The last cell is in an unknown state but scores 0.2 for certain: good it is not.
    expected = [0, 2, 1, 3, 2, 1, 3, 1]
    assert good_land(STATE, SCORE, AT_LEAST).tolist() == [expected]


def test_land_is_counted_by_state_and_by_what_is_sure():
    (found,) = areas()
    assert (found.study, found.allowed, found.conditional) == (7, 3, 1)
    assert (found.removed, found.unknown, found.open) == (1, 2, 4)
    assert (found.good_allowed, found.good_conditional, found.good) == (1, 1, 2)
    assert found.good_unknown == 2  # allowed without a score; unknown without a score
    assert found.good_surely == 1  # 0.6 at least; the conditional cell may score only 0.3
    assert found.good_possibly == 4  # all open land scores 0.7 or more at best


def test_zones_add_up_to_the_whole():
    zone = np.array([[0, 0, 1, 1, 2, 2, 2, 0]])
    parts, (whole,) = areas(zone, 3), areas()
    for name in ("study", "allowed", "removed", "unknown", "good_allowed", "good_possibly"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    assert (parts[2].conditional, parts[2].removed, parts[2].unknown) == (1, 1, 1)


def test_strips_add_up_to_the_whole():
    whole = cross_count(STATE % 4, STATE[:, ::-1] % 4)
    strips = [
        cross_count(STATE[:, k] % 4, STATE[:, ::-1][:, k] % 4) for k in np.split(np.arange(8), 2)
    ]
    assert (sum(strips) == whole).all()


def test_overlap_is_the_shared_part_of_what_is_in_either():
    one = np.array([[2, 2, 2, 1, 1, 3, 3, 0]], dtype=np.uint8)
    two = np.array([[2, 2, 1, 2, 1, 2, 3, 0]], dtype=np.uint8)
    found = overlap_of_good(cross_count(one, two))
    assert (found.both, found.first_only, found.second_only, found.unknown) == (2, 1, 1, 2)
    assert found.jaccard == 0.5


def test_overlap_of_nothing_with_nothing_is_not_defined():
    nothing = np.ones((2, 2), dtype=np.uint8)
    assert math.isnan(overlap_of_good(cross_count(nothing, nothing)).jaccard)
    empty = np.empty(0, dtype=np.int64)
    assert math.isnan(overlap_of_cells(empty, empty).jaccard)


def test_sites_overlap_by_cells():
    found = overlap_of_cells(np.array([1, 2, 3]), np.array([3, 4]))
    assert (found.both, found.first_only, found.second_only) == (1, 2, 1)
    assert found.jaccard == 0.25


@given(goods)
def test_a_run_overlaps_itself_wholly(good):
    found = overlap_of_good(cross_count(good, good))
    assert found.first_only == found.second_only == 0
    assert found.unknown == (good == Good.UNKNOWN).sum()
    assert found.jaccard == 1 or not (good == Good.YES).any()


@given(goods, goods)
def test_overlap_does_not_depend_on_which_run_is_first(one, two):
    there, back = (overlap_of_good(cross_count(*pair)) for pair in ((one, two), (two, one)))
    assert (there.both, there.unknown) == (back.both, back.unknown)
    assert (there.first_only, there.second_only) == (back.second_only, back.first_only)


def test_difference_is_second_minus_first_and_unknown_where_either_is():
    first = np.array([0.2, NAN, 0.5, NAN], dtype=np.float32)
    second = np.array([0.5, 0.5, NAN, NAN], dtype=np.float32)
    found = score_difference(first, second)
    assert found.dtype == np.float32
    assert found[0] == pytest.approx(0.3)
    assert np.isnan(found[1:]).all()


@given(arrays(np.float32, 6, elements=st.floats(0, 1, width=32)))
def test_a_run_differs_from_itself_by_exactly_nothing(score):
    assert (score_difference(score, score) == 0).all()


def test_consensus_is_good_in_all_and_counts_what_may_be():
    runs = [
        np.array([[2, 2, 2, 1, 0]], dtype=np.uint8),
        np.array([[2, 2, 3, 3, 0]], dtype=np.uint8),
        np.array([[2, 1, 2, 2, 0]], dtype=np.uint8),
    ]
    good, unknown, study = agreement(runs)
    assert good.tolist() == [[3, 2, 2, 1, 0]]
    assert unknown.tolist() == [[0, 0, 1, 1, 0]]
    assert study.tolist() == [[True, True, True, True, False]]
    found = consensus_of(consensus_counts(good, unknown, study, 3))
    assert found.by_runs == (0, 1, 2, 1)
    assert found.good_in_all == 1
    assert found.possible == 1  # the third cell; the fourth is not good in the first run
