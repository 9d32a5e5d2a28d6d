"""Values of a scenario are written for people, not as data."""

import pytest

from maemoh_gis.scenario.value_words import value_words

USE = {"title": {"th": "การฟื้นฟูป่า", "en": "Reclamation forest"}, "land": {"area_rai": 1000}}


@pytest.mark.parametrize(
    ("value", "th", "en"),
    [
        (None, "–", "–"),
        (USE, "การฟื้นฟูป่า", "Reclamation forest"),
        ({"th": "ป่า", "en": "Forest"}, "ป่า", "Forest"),
        ({"forest": USE}, "{forest: การฟื้นฟูป่า}", "{forest: Reclamation forest}"),
        ([[2, 1], [8, 0]], "[[2, 1], [8, 0]]", "[[2, 1], [8, 0]]"),
        ({"low": 0.02, "on": True}, "{low: 0.02, on: true}", "{low: 0.02, on: true}"),
        ("baseline", "baseline", "baseline"),
    ],
)
def test_a_block_goes_by_its_title_in_each_language(value, th, en):
    assert (value_words(value, "th"), value_words(value, "en")) == (th, en)
