"""Who is told apart, worked by hand, and what must hold whatever is known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from maemoh_gis.mcda.classes import (
    Cases,
    class_name,
    class_number,
    classes_of,
    least_leads,
    listing,
)


def of_ranges(*ranges: tuple[float, float]) -> np.ndarray:
    low, high = np.array(ranges).T
    return least_leads(low, high)


def test_ranges_that_overlap_are_one_class() -> None:
    assert classes_of(of_ranges((0.29, 1.0), (0.5, 0.6), (0.1, 0.5))).tolist() == [1, 1, 1]


def test_who_is_beaten_for_certain_goes_to_a_lower_class() -> None:
    # The second is beaten by the first alone, the third by both, the fourth by the first alone.
    ranges = (0.8, 0.9), (0.5, 0.7), (0.1, 0.3), (0.2, 0.6)
    assert classes_of(of_ranges(*ranges)).tolist() == [1, 2, 3, 2]


def test_not_told_apart_is_not_handed_on() -> None:
    # The wide one overlaps both others, which are apart: it shares the class of the better one.
    leads = of_ranges((0.6, 0.7), (0.2, 0.9), (0.1, 0.3))
    assert leads[0, 2] > 0
    assert leads[0, 1] < 0 < leads[0, 2]
    assert classes_of(leads).tolist() == [1, 1, 2]


def test_a_ring_is_not_told_apart() -> None:
    ring = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]]) * 0.5
    assert classes_of(ring).tolist() == [1, 1, 1]
    below = np.full((4, 4), -1.0)
    below[:3, :3] = ring
    below[:3, 3] = 1.0
    assert classes_of(below).tolist() == [1, 1, 1, 1]


def test_what_both_share_cancels() -> None:
    # By ranges 0.2-0.8 against 0.1-0.7 nothing is settled; case by case the first leads by 0.1.
    saved = np.array([[0.2, 0.5, 0.8], [0.1, 0.4, 0.7]])
    nothing = np.zeros(2)
    assert classes_of(least_leads(nothing, nothing, Cases(saved, saved))).tolist() == [1, 2]
    assert classes_of(least_leads(saved.min(axis=1), saved.max(axis=1))).tolist() == [1, 1]
    # Land that is not known by more than this lead takes it away again.
    land = np.array([0.0, 0.15])
    assert classes_of(least_leads(nothing, land, Cases(saved, saved))).tolist() == [1, 1]


def test_equal_places_are_one_class_however_well_they_are_known() -> None:
    assert classes_of(of_ranges((0.5, 0.5), (0.5, 0.5))).tolist() == [1, 1]


def test_names_of_classes() -> None:
    assert [class_name(n) for n in (0, 1, 2, 26, 27, 53)] == ["", "A", "B", "Z", "AA", "BA"]
    assert [class_number(class_name(n)) for n in range(1000)] == list(range(1000))


ends = hnp.arrays(np.float64, st.tuples(st.integers(1, 9), st.just(2)), elements=st.floats(0, 1))


@given(ends)
def test_every_place_of_a_lower_class_is_beaten_by_one_of_the_class_above(
    found: np.ndarray,
) -> None:
    low, high = np.sort(found, axis=1).T
    leads = least_leads(low, high)
    classes = classes_of(leads)
    for k, number in enumerate(classes):
        better = leads[:, k] > 1e-6
        assert not better[classes == number].any()
        assert number == 1 or better[classes == number - 1].any()


@given(ends, st.randoms())
def test_the_order_in_which_places_are_given_changes_nothing(
    found: np.ndarray, random: object
) -> None:
    low, high = np.sort(found, axis=1).T
    keys = np.arange(len(low))
    turned = np.array(random.sample(range(len(low)), len(low)))  # type: ignore[attr-defined]
    classes = classes_of(least_leads(low, high))
    again = classes_of(least_leads(low[turned], high[turned]))
    assert again.tolist() == classes[turned].tolist()
    listed = listing(low, keys)
    assert turned[listing(low[turned], keys[turned])].tolist() == listed.tolist()


@given(ends, st.data())
def test_better_knowledge_keeps_what_was_apart(found: np.ndarray, data: st.DataObject) -> None:
    low, high = np.sort(found, axis=1).T
    shares = data.draw(hnp.arrays(np.float64, found.shape, elements=st.floats(0, 1)))
    inner = np.sort(low[:, None] + shares * (high - low)[:, None], axis=1)
    before, after = least_leads(low, high), least_leads(inner[:, 0], inner[:, 1])
    assert (after >= before - 1e-12).all()


@given(ends, st.floats(0, 1), st.floats(0, 1))
def test_a_worse_known_place_never_stands_before_an_equal_better_known_one(
    found: np.ndarray, less: float, more: float
) -> None:
    # The last two have one middle; the last is the less well known of them. Others may beat the
    # better known one alone, so that the other has the higher class and still stands behind.
    low, high = np.sort(found, axis=1).T
    low, high = np.append(low, low[-1] - less), np.append(high, high[-1] + more)
    # Even where the neutral key would put it first.
    order = listing(low, -np.arange(len(low))).tolist()
    better, worse = len(low) - 2, len(low) - 1
    if round(low[better], 6) > round(low[worse], 6):
        assert order.index(better) < order.index(worse)


cases = hnp.arrays(np.float64, (4, 3, 2), elements=st.floats(0, 1))


@given(cases)
def test_who_is_better_for_certain_stands_before(found: np.ndarray) -> None:
    low, high = np.sort(found[:, 0], axis=1).T
    both = np.sort(found[:, 1:], axis=2)
    leads = least_leads(low, high, Cases(both[..., 0], both[..., 1]))
    order = listing(low + both[..., 0].min(axis=1), np.arange(len(low))).tolist()
    for k, j in zip(*np.nonzero(leads > 1e-6), strict=True):
        assert order.index(k) < order.index(j)
