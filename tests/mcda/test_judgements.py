"""Pairwise judgements are read however people write them, and every fault is named."""

import numpy as np
import pytest

from maemoh_gis.core.errors import FormatError
from maemoh_gis.mcda.judgements import judgements_from_pairs, judgements_from_rows, shown


def faults_of(read, *arguments):
    with pytest.raises(FormatError) as error:
        read(*arguments)
    return [(fault.code, fault.key) for fault in error.value.faults]


def test_rows_and_pairs_say_the_same():
    rows = judgements_from_rows({"rail": [3, "1/2"], "road": [0.25], "water": []})
    pairs = judgements_from_pairs({"rail": {"road": 3}, "water": {"rail": 2, "road": 4}})
    assert rows.matrix.tolist() == [[1, 3, 1 / 2], [1 / 3, 1, 1 / 4], [2, 4, 1]]
    assert np.array_equal(pairs.in_order(rows.criteria).matrix, rows.matrix)


def test_the_matrix_cannot_be_changed_afterwards():
    with pytest.raises(ValueError, match="read-only"):
        judgements_from_rows({"rail": [3], "road": []}).matrix[0, 1] = 5


def test_a_matrix_that_is_not_reciprocal_is_refused_and_both_sides_shown():
    with pytest.raises(FormatError) as error:
        judgements_from_pairs({"rail": {"road": 3}, "road": {"rail": 2}})
    (fault,) = error.value.faults
    assert (fault.code, fault.key) == ("not_reciprocal", "rail.road")
    assert (fault.found, fault.values["back"], fault.expected) == ("3", "2", "1/3")


@pytest.mark.parametrize(("whole", "rounded"), [(3, 0.33), (6, 0.17), (7, 0.14), (9, 0.11)])
def test_a_fraction_rounded_to_two_figures_is_taken_as_the_fraction(whole, rounded):
    given = judgements_from_pairs({"rail": {"road": rounded}, "road": {"rail": whole}})
    assert given.matrix[1, 0] == whole
    assert given.matrix[0, 1] == 1 / whole


@pytest.mark.parametrize("off", [0, -3, 10, "1/12", "three", "1/0", float("nan"), float("inf")])
def test_a_judgement_off_the_scale_is_refused(off):
    found = faults_of(judgements_from_rows, {"rail": [off], "road": []})
    assert found == [("judgement_off_scale", "rail.road")]


def test_every_pair_that_is_missing_is_named():
    found = faults_of(judgements_from_pairs, {"rail": {"road": 3}, "water": {"slope": 2}})
    assert found == [
        ("judgement_missing", pair)
        for pair in ("rail.water", "rail.slope", "road.water", "road.slope")
    ]


def test_a_row_of_the_wrong_length_is_one_fault():
    rows = {"rail": [3, 2, 2], "road": [2], "water": []}
    assert faults_of(judgements_from_rows, rows) == [("judgement_row_length", "rail")]


def test_faults_of_all_kinds_are_gathered():
    pairs = {"rail": {"rail": 2, "road": 3}, "road": {"rail": 3}, "water": {"rail": 99, "road": 1}}
    assert faults_of(judgements_from_pairs, pairs) == [
        ("judgement_of_itself", "rail"),
        ("judgement_off_scale", "water.rail"),
        ("not_reciprocal", "rail.road"),
    ]


def test_a_criterion_against_itself_may_be_written_as_one():
    given = judgements_from_pairs({"rail": {"rail": 1, "road": 3}})
    assert given.matrix.tolist() == [[1, 3], [1 / 3, 1]]


def test_more_criteria_than_random_consistency_is_known_for_are_refused():
    rows = {f"c{k}": [1] * (15 - k) for k in range(16)}
    assert faults_of(judgements_from_rows, rows) == [("too_many_criteria", None)]


def test_no_criteria_at_all_are_refused():
    assert faults_of(judgements_from_rows, {}) == [("weights_sum_to_nothing", None)]


@pytest.mark.parametrize(("number", "text"), [(9, "9"), (1, "1"), (1 / 7, "1/7"), (0.4, "0.4")])
def test_judgements_are_shown_as_people_write_them(number, text):
    assert shown(number) == text
