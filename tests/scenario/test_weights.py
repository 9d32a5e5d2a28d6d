"""Weights may be given in several ways; judgements that contradict each other are named."""

import pytest

from maemoh_gis.core.errors import FormatError
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import parse_yaml
from maemoh_gis.scenario.settings.weights import Weights
from maemoh_gis.sites.weights_on_record import weights_on_record


def weights(text):
    return validate(Weights, parse_yaml(text, "w.yaml"))


@pytest.fixture
def no_sites():
    import geopandas as gpd

    return gpd.GeoDataFrame({"rank": []}, geometry=[])


def test_a_plain_mapping_is_points():
    assert weights("{rail: 60, road: 30, water: 30}").resolved() == {
        "rail": 0.5,
        "road": 0.25,
        "water": 0.25,
    }


def test_all_equal():
    assert weights("equal: [a, b, c, d]").resolved() == dict.fromkeys("abcd", 0.25)


def test_an_order_of_importance():
    assert weights("ranks: {a: 1, b: 2}").resolved() == {"a": 0.75, "b": 0.25}


def test_pairwise_judgements_that_agree():
    found = weights("ahp: {a: [2, 4], b: [2], c: []}").resolved()
    assert found == pytest.approx({"a": 4 / 7, "b": 2 / 7, "c": 1 / 7})


def test_several_people_by_judgements_or_by_weights(no_sites):
    people = "respondents: {egat: {a: [4], b: []}, villagers: {a: ['1/2'], b: []}}"
    by_judgements = weights(people).resolved()
    assert by_judgements["a"] / by_judgements["b"] == pytest.approx(2**0.5)
    by_weights = weights(people + "\naverage: weights").resolved()
    assert by_weights["a"] == pytest.approx((4 / 5 + 1 / 3) / 2)
    report = weights_on_record(weights(people), no_sites)
    assert report["disagreement"]["most_disputed"] == ["a", "b"]
    assert set(report["consistency"]) == {"egat", "villagers"}


def test_judgements_that_contradict_say_which_to_revisit(no_sites):
    loop = weights("ahp: {a: [5, '1/5'], b: [5], c: []}")
    report = weights_on_record(loop, no_sites)["consistency"][""]
    assert report["ratio"] > 0.1
    assert report["revisit"]["ratio"] < report["ratio"]


@pytest.mark.parametrize("text", ["{equal: [a], ranks: {a: 1}}", "{average: weights}"])
def test_exactly_one_way_must_be_given(text):
    with pytest.raises(FormatError) as caught:
        weights(text)
    assert caught.value.faults[0].code == "one_test"


def test_judgements_by_name_may_stand_either_way_round():
    found = weights("ahp: {a: {b: 2, c: 4}, c: {b: '1/2'}, b: {}}").resolved()
    assert found == pytest.approx({"a": 4 / 7, "b": 2 / 7, "c": 1 / 7})


def test_judgements_that_are_not_reciprocal_are_refused():
    with pytest.raises(FormatError) as caught:
        weights("ahp: {a: {b: 3}, b: {a: 3}}").resolved()
    assert caught.value.faults[0].code == "not_reciprocal"
