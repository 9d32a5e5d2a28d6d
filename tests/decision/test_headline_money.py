"""No sum in baht heads an answer while the right to the land of a yard is not met."""

from pathlib import Path

import pytest

from maemoh_gis.commands.answers import show_run
from maemoh_gis.commands.terminal import Terminal
from maemoh_gis.decision.report import answer, tells_money, without_money
from maemoh_gis.files import read_json


def said(words):
    return {"th": f"{words} บาท" if "THB" in words else words, "en": words}


FREIGHT = {"findings": [said("saves 3 million THB"), said("9 of 96 flows are unknown")],
           "headline": [said("no yard is justified")]}  # fmt: skip
STEPS = {
    "findings": [said("step 1"), said("19,906 THB by lorry"), said("step 2 asks for 9,870 TEU")],
    "unpriced": [said("step 1"), said("a lorry rate 9 % higher")],
}


def record(*, choice="yard", gates=None, **more):
    uses = {
        "yard": {"yard": {"length_m": 1}, "title": said("Yard")},
        "estate": {"title": said("E")},
    }
    return {
        "resolved": {"uses": uses, "choice": {"use": choice} if choice else None},
        "gates": gates, "freight": FREIGHT, "ladder": STEPS, **more,
    }  # fmt: skip


def gates(state):
    return {"yard": {"title": said("Yard"), "land_right": state}}


@pytest.mark.parametrize("choice", ["yard", None])
@pytest.mark.parametrize("state", ["unknown", "not_met"])
def test_no_sum_is_told_whether_or_not_places_are_compared(choice, state):
    told = [one["en"] for one in answer(record(choice=choice, gates=gates(state)))]
    assert told == ["step 1", "a lorry rate 9 % higher"]


def test_where_no_gates_stand_the_right_to_the_land_is_not_known():
    assert not tells_money(record(choice=None))
    assert not tells_money(record(gates={}))
    assert all("THB" not in one["en"] for one in answer(record(gates={})))


@pytest.mark.parametrize("choice", ["yard", None])
def test_a_right_to_the_land_lets_the_sum_be_told(choice):
    told = [one["en"] for one in answer(record(choice=choice, gates=gates("met")))]
    assert told == ["step 1", "19,906 THB by lorry", "saves 3 million THB"]


def test_a_run_of_an_earlier_version_tells_its_step_alone():
    earlier = record(gates=gates("unknown")) | {"ladder": {"findings": STEPS["findings"]}}
    assert [one["en"] for one in answer(earlier)] == ["step 1"]


def test_a_run_holds_what_turns_it_without_a_price(small_run):
    told = read_json(small_run / "run.json")["ladder"]
    assert told["unpriced"][0] == told["findings"][0]
    assert len(told["unpriced"]) == 2
    assert without_money(told["unpriced"]) == told["unpriced"]
    assert without_money(told["findings"][:2]) == told["findings"][:1]


def test_a_right_to_other_land_lets_no_sum_be_told():
    other = {"estate": {"title": said("E"), "land_right": "met"}}
    assert not tells_money(record(choice=None, gates=other))


def test_sums_are_left_out_in_both_languages_and_conditions_stay():
    kept = [said("76,888 TEU would do"), said("9,870 TEU, 1,000 rai, 3 trains")]
    money = [said("3.4 million baht a year"), {"th": "ประหยัด 3 ล้านบาท", "en": "it saves"}]
    assert without_money([*kept, *money]) == kept


def closing(capsys, state):
    more = {
        "title": said("A run"), "question": said("Which?"), "caveats": [], "sites": {},
        "sites_told": {}, "yards": {}, "outputs": {}, "gates": gates(state),
        "choice": {"verdict": [said("9 places are not told apart"), said("3.4 million baht")]},
    }  # fmt: skip
    show_run(Terminal("en"), {**record(), **more}, Path("runs"))
    return capsys.readouterr().out


def test_a_run_closes_without_a_sum_where_the_right_to_the_land_is_not_met(capsys):
    told = closing(capsys, "unknown")
    assert "THB" not in told.replace("in baht (THB) stand in the tables", "")
    assert "million baht" not in told
    for words in (
        "9 places are not told apart",
        "no yard is justified",
        "9 of 96 flows",
        "step 1",
        "9 % higher",
    ):
        assert words in told, words
    assert "stand in the tables" in told


def test_a_run_closes_with_its_sums_where_the_land_may_be_used(capsys):
    told = closing(capsys, "met")
    for words in ("saves 3 million THB", "3.4 million baht", "19,906 THB"):
        assert words in told, words
    assert "stand in the tables" not in told
