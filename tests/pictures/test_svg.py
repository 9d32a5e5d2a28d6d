"""The few elements that all drawn pictures are made of."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from maemoh_gis.pictures import svg

HOSTILE = {"th": "ก <b>\x00&", "en": 'x "y" <i>'}


def test_a_picture_is_xml_that_stands_alone_and_says_what_it_is() -> None:
    body = [
        svg.heading(1, 2, 13, svg.beside(HOSTILE)),
        svg.moved(3, 4, svg.axes(0, 0, 10, 20)),
        svg.words(5, 6, svg.escaped(HOSTILE["th"]), text_anchor="end", fill="#444"),
    ]
    drawn = ET.fromstring(svg.picture(100, 50, body, named=svg.beside(HOSTILE)))
    assert drawn.attrib["viewBox"] == "0 0 100 50"
    assert drawn.attrib["aria-label"] == 'ก <b>& · x "y" <i>'
    title, word = (one for one in drawn.iter("{http://www.w3.org/2000/svg}text"))
    assert title.text == 'ก <b>& · x "y" <i>'
    assert word.attrib == {"x": "5", "y": "6", "text-anchor": "end", "fill": "#444"}
    assert "<style>" not in svg.picture(100, 50, [], alone=False)


def test_what_both_languages_say_alike_is_written_once() -> None:
    assert svg.beside({"th": "MW", "en": "MW"}) == "MW"


@pytest.mark.parametrize(
    ("value", "written"), [(1234.5, "1,234"), (99.95, "100"), (0.0123456, "0.0123"), (-150, "-150")]
)
def test_numbers_are_as_exact_as_one_can_read(value: float, written: str) -> None:
    assert svg.number(value) == written


def test_lines_break_at_spaces_only() -> None:
    assert svg.wrapped("one two three", 7) == ["one two", "three"]
    assert svg.wrapped("ยาวมากกว่าบรรทัด x", 5) == ["ยาวมากกว่าบรรทัด", "x"]
