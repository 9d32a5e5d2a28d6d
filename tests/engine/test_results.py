"""Results by the type they have: nothing is handed on as something it is not."""

import pytest

from maemoh_gis.engine.results import Results


def results_with(found):
    return Results(None, None, None, None, found, (1, "two"), {}, ())


def test_a_result_is_given_by_its_stage_and_type():
    assert results_with({"flood": 3.5}).found_as("flood", float) == 3.5


def test_a_stage_the_scenario_has_not_gives_nothing():
    assert results_with({}).found_as("flood", float) is None


def test_a_result_of_another_type_is_a_fault_of_the_program():
    with pytest.raises(AssertionError, match="float"):
        results_with({"flood": "3.5"}).found_as("flood", float)


def test_what_was_gathered_is_found_by_its_type():
    assert results_with({}).gathered_as(str) == "two"


def test_what_features_say_is_added_and_replaces_only_what_they_said_before():
    first = results_with({}).describing({"a": 1, "b": 2})
    second = first.describing({"b": 3})
    assert (second.described_as("a", int), second.described_as("b", int)) == (1, 3)
    assert first.described_as("b", int) == 2
