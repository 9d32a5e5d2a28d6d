"""The page a report stands on: escaped, under a policy, the same in both languages."""

import base64
import dataclasses
import hashlib
import re

import pytest

from maemoh_gis.core.messages import same
from maemoh_gis.pages.report_content import Column, table_of
from maemoh_gis.pages.report_map import scale_of
from maemoh_gis.pages.report_page import report_html
from maemoh_gis.pages.still_picture import Name, clear_of
from tests.pages.example import both
from tests.pages.report_example import report

HOSTILE = (
    '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>{{7*7}}\u202e\\"}body{x:y}</style>'
)


@pytest.fixture(scope="module")
def hostile(wording):
    return report_html(report({"th": HOSTILE + "ก", "en": HOSTILE + "k"}), wording)


def test_no_text_becomes_markup(hostile):
    assert "<script>alert" not in hostile
    assert "<img src=x" not in hostile
    assert "\u202e" not in hostile
    assert "{{7*7}}" in hostile
    assert hostile.count("<script>") == 1
    assert hostile.count("</style>") == 1


def test_the_foot_of_a_page_ends_no_style_string(hostile):
    style = re.search(r"<style>(.*?)</style>", hostile, re.DOTALL)[1]
    rules = re.findall(r"@page[^\n]*", style)
    assert len(rules) == 4
    for rule in rules:
        assert "onerror=" not in rule
        assert rule.count('"') % 2 == 0
        assert rule.count("{") == rule.count("}") == 3


def test_the_policy_names_the_only_script_and_style(hostile):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', hostile)[1]
    policy = policy.replace("&#39;", "'")
    for kind in ("script", "style"):
        (inside,) = re.findall(rf"<{kind}>(.*?)</{kind}>", hostile, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r'\sstyle="|\son[a-z]+="', hostile)


def test_thai_digits_stand_in_the_thai_text_only(wording):
    html = report_html(report(), wording, thai_numerals=True)
    assert "พื้นที่ ๑,๒๓๔ ไร่" in html
    assert "1,234 rai of land" in html
    assert not re.search(r'<bdi lang="th">[^<]*[0-9]', html)
    assert 'data-digits="thai"' in html


def test_the_same_content_gives_the_same_page(wording):
    assert report_html(report(), wording) == report_html(report(), wording)


def test_a_column_keeps_its_look_wherever_it_stands():
    name, area = Column(same("Name"), same), Column(same("Area"), lambda _: same("5"), "number")
    for columns in ([name, area], [area, name]):
        table = table_of(columns, ["north"])
        looks = {head.title["en"]: head.look for head in table.heads}
        assert looks == {"Name": "plain", "Area": "number"}
        said = zip(table.heads, table.rows[0], strict=True)
        assert {head.title["en"]: cell["en"] for head, cell in said} == {
            "Name": "north", "Area": "5",
        }  # fmt: skip


def test_no_name_lies_under_the_number_of_a_site():
    """A name 20 to the side of a number of 100, 50 is moved below, one with no room is left out."""
    ranks = [Name(100.0, 50.0, both("1", "1"))]
    beside = Name(120.0, 52.0, both("นครลำปาง", "Nakhon Lampang"))
    far = Name(300.0, 52.0, both("แม่ทะ", "Mae Tha"))
    assert clear_of([beside, far], ranks) == [dataclasses.replace(beside, y=82.0), far]
    below = Name(110.0, 84.0, both("ห้างฉัตร", "Hang Chat"))
    assert clear_of([below, beside], ranks) == [below]


def test_the_scale_bar_is_right_at_the_middle_of_the_map():
    """On the equator a degree of longitude is 111.32 km in EPSG:3857 and on the ground.

    A view one degree wide is 640 units: a quarter is 27.8 km, so the bar shows 20 km, which is
    640 * 20 / 111.32 = 115.0 units. At 60 degrees north the ground is half as wide: 10 km fit a
    quarter (13.9 km), and they are 640 * 10 / 55.66 = 115.0 units again.
    """
    at_equator = scale_of((0.0, -0.5, 1.0, 0.5))
    assert (at_equator.half, at_equator.whole) == ("10", "20")
    assert at_equator.length == pytest.approx(115.0, abs=0.1)
    far_north = scale_of((0.0, 59.5, 1.0, 60.5))
    assert far_north.whole == "10"
    assert far_north.length == pytest.approx(115.0, abs=0.5)
