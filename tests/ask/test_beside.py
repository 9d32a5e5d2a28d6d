"""What moves beside land and figures is told of the cause that decides about it, and so named."""

import copy

import pytest

from maemoh_gis.ask.beside import beside, moved_beside
from maemoh_gis.core.messages import same

STEPS = {id: {"title": same(id)} for id in ("lorries", "reserve", "yard")}


def record():
    return {
        "resolved": {
            "estate": {"steps": STEPS},
            "choice": {"places": {"a": {"title": same("Place A")}}},
            "uses": {"estate": {"title": same("Estate")}},
        },
        "ladder": {
            "now": {"low": "lorries", "central": "lorries", "high": "reserve"},
            "full": {"low": "lorries", "central": "reserve", "high": "yard"},
            "share_by_rail": {"low": 0.0, "central": 0.0, "high": 0.2},
        },
        "freight": {"best_yard_where_prices_favour_rail": "a"},
        "choice": {"classes": {"a": "A", "b": "A", "c": "B"}},
        "learnt": {"estate": {"verdict": "told", "says": same("like")}},
        "sites": {"estate": 12},
        "outputs": {"sites.gpkg": "1"},
    }


def changed(change):
    other = copy.deepcopy(record())
    change(other)
    return other


MOVES = {
    "freight": (
        lambda r: r["ladder"]["full"].update(central="yard"),
        "1 (0–2) reserve → 2 (0–2) yard",
    ),
    "choice": (lambda r: r["choice"]["classes"].update(b="B"), "2 → 1"),
    "mix": (lambda r: r["outputs"].update({"sites.gpkg": "2"}), "sites of Estate"),
    "uses.estate": (lambda r: r["outputs"].update({"sites.gpkg": "2"}), "12 → 12"),
    "learnt": (lambda r: r["learnt"]["estate"].update(says=same("unlike")), "Estate: unlike"),
}


@pytest.mark.parametrize("key", MOVES)
def test_what_moved_is_told_and_that_other_causes_may_share_in_it(key):
    change, said = MOVES[key]
    other = changed(change)
    assert said in beside(key, record(), other, alone=True)["en"]
    assert "with the other causes" not in beside(key, record(), other, alone=True)["en"]
    assert "with the other causes" in beside(key, record(), other, alone=False)["en"]


@pytest.mark.parametrize("key", MOVES)
def test_what_stayed_is_said_to_be_the_same(key):
    assert "is the same in both runs" in beside(key, record(), record(), alone=True)["en"]
    for other_key, (change, _) in MOVES.items():
        if {key, other_key} != {"mix", "uses.estate"} and key != other_key:
            told = beside(key, record(), changed(change), alone=True)["en"]
            assert "is the same in both runs" in told


def test_a_limit_says_all_it_moves_by_land_and_figures():
    assert beside("limits.steep", record(), record(), alone=True) is None


def test_the_share_by_rail_and_the_best_yard_are_told_with_their_names():
    def change(found):
        found["ladder"]["share_by_rail"].update(central=0.1)
        found["freight"]["best_yard_where_prices_favour_rail"] = None

    told = " ".join(one["en"] for one in moved_beside(record(), changed(change)))
    assert "0 % (0–20 %) → 10 % (0–20 %)" in told
    assert "Place A → –" in told
    assert moved_beside(record(), record()) == []
