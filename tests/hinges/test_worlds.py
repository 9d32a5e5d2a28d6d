"""Every combination of switches, and the fewest that turn a verdict together."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.hinges.worlds import least_sets, moved_in, moving, of_size, worlds_of

SETTINGS = {"a": ["off", "on"], "b": ["off", "on"], "c": ["off", "half", "full"]}


def test_every_combination_is_a_world_and_that_of_the_scenario_comes_first():
    worlds = worlds_of(SETTINGS)
    assert worlds[0] == ("off", "off", "off")
    assert len(worlds) == len(set(worlds)) == 12


def test_two_switches_that_only_together_turn_the_verdict_are_found():
    verdicts = {w: w[0] == "on" and w[2] == "full" for w in worlds_of(SETTINGS)}
    least = least_sets(verdicts, SETTINGS)
    assert least == [("on", "off", "full")]
    assert of_size(least, SETTINGS, 1) == []
    assert of_size(least, SETTINGS, 2) == [moving(SETTINGS, ("a", "on"), ("c", "full"))]


def test_a_switch_that_alone_turns_it_stands_in_no_pair():
    verdicts = {w: w[1] == "on" or (w[0] == "on" and w[2] != "off") for w in worlds_of(SETTINGS)}
    least = least_sets(verdicts, SETTINGS)
    assert of_size(least, SETTINGS, 1) == [("off", "on", "off")]
    assert of_size(least, SETTINGS, 2) == [("on", "off", "half"), ("on", "off", "full")]


def test_where_nothing_is_known_nothing_turns():
    assert least_sets({}, SETTINGS) == []


@given(st.lists(st.booleans(), min_size=12, max_size=12))
def test_no_part_of_a_least_set_turns_the_verdict_and_each_turned_world_holds_one(said):
    verdicts = dict(zip(worlds_of(SETTINGS), said, strict=True))
    base = said[0]
    least = [set(moved_in(w, SETTINGS).items()) for w in least_sets(verdicts, SETTINGS)]
    for moved in least:
        parts = (p for n in range(len(moved)) for p in itertools.combinations(moved, n))
        assert all(verdicts[moving(SETTINGS, *part)] == base for part in parts)
    for world, verdict in verdicts.items():
        held = any(one <= set(moved_in(world, SETTINGS).items()) for one in least)
        assert held or verdict == base
