"""Limits keep four states apart and add up exactly."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from maemoh_gis.suitability.limits import (
    LimitCells,
    State,
    combine_limits,
    holds_beyond,
    holds_for_codes,
    holds_where,
    holds_within,
    removed_rows,
)

STUDY = np.ones((4, 5), dtype=bool)
NOWHERE = np.zeros_like(STUDY)
masks = hnp.arrays(bool, STUDY.shape)


def limit(hit, unknown=NOWHERE):
    return LimitCells(np.asarray(hit), np.asarray(unknown))


def one(value):
    return np.full(STUDY.shape, value)


def test_a_cell_with_unknown_input_is_neither_allowed_nor_removed():
    states = combine_limits(
        STUDY, {"slope": holds_where(one(np.nan), above=15, below=None)}, {}, NOWHERE
    )
    assert (states.state == State.UNKNOWN).all()


def test_unknown_input_of_a_criterion_also_makes_the_cell_unknown():
    assert (combine_limits(STUDY, {}, {}, STUDY).state == State.UNKNOWN).all()


def test_land_certainly_removed_stays_removed_whatever_else_is_unknown():
    states = combine_limits(
        STUDY, {"pit": limit(STUDY), "slope": limit(NOWHERE, STUDY)}, {}, NOWHERE
    )
    assert (states.state == State.REMOVED).all()


def test_a_conditional_limit_is_never_silently_allowed():
    assert (
        combine_limits(STUDY, {}, {"forest": limit(STUDY)}, NOWHERE).state == State.CONDITIONAL
    ).all()


def test_outside_the_study_area_nothing_is_said():
    states = combine_limits(NOWHERE, {"pit": limit(STUDY)}, {}, STUDY)
    assert (states.state == State.OUTSIDE).all()
    assert not states.removed_by.any()


def test_a_cell_exactly_at_the_reach_is_inside_it():
    assert holds_within(one(500.0), 500.0).hit.all()
    assert not holds_within(one(np.nextafter(500.0, 501)), 500.0).hit.any()


def test_a_cell_exactly_at_the_threshold_is_not_above_it():
    assert not holds_where(one(15.0), above=15.0, below=None).hit.any()


def test_far_from_a_layer_that_may_miss_features_is_unknown_not_removed():
    far = holds_beyond(one(9_000.0), one(0.0), 5_000.0)
    assert not far.hit.any()
    assert far.unknown.all()


def test_far_from_a_complete_layer_is_removed():
    assert holds_beyond(one(9_000.0), one(6_000.0), 5_000.0).hit.all()
    assert holds_beyond(one(9_000.0), None, 5_000.0).hit.all()


def test_code_0_is_unknown():
    cells = holds_for_codes(np.array([[0, 1, 2]], dtype=np.uint8), [2])
    assert cells.unknown.tolist() == [[True, False, False]]
    assert cells.hit.tolist() == [[False, False, True]]


@given(st.lists(masks, min_size=1, max_size=6))
def test_land_removed_alone_and_shared_add_up_exactly(hits):
    limits = {f"l{k}": limit(hit) for k, hit in enumerate(hits)}
    states = combine_limits(STUDY, limits, {}, NOWHERE)
    patterns = np.unique(states.removed_by, return_counts=True)
    *each, total = removed_rows(list(limits), *patterns, 10_000.0)
    assert sum(row.alone_m2 for row in each) == total.alone_m2
    assert total.alone_m2 + total.shared_m2 == total.at_all_m2
    assert total.at_all_m2 == (states.state == State.REMOVED).sum() * 10_000.0
    for row, hit in zip(each, hits, strict=True):
        assert row.at_all_m2 == hit.sum() * 10_000.0
        assert row.alone_m2 + row.shared_m2 == row.at_all_m2


@given(st.lists(masks, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_limits_never_matters(hits, random):
    named = [(f"l{k}", limit(hit)) for k, hit in enumerate(hits)]
    shuffled = random.sample(named, len(named))
    one_way = combine_limits(STUDY, dict(named), {}, NOWHERE).state
    assert np.array_equal(one_way, combine_limits(STUDY, dict(shuffled), {}, NOWHERE).state)


@settings(max_examples=30)
@given(st.lists(masks, min_size=1, max_size=4), masks, masks)
def test_adding_a_limit_never_adds_land(hits, more, unknown):
    limits = {f"l{k}": limit(hit) for k, hit in enumerate(hits)}
    before = combine_limits(STUDY, limits, {}, NOWHERE).state == State.ALLOWED
    after = combine_limits(STUDY, {**limits, "more": limit(more, unknown)}, {}, NOWHERE).state
    assert not ((after == State.ALLOWED) & ~before).any()
