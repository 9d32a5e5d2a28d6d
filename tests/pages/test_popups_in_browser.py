"""Popups can be read: titles leave room for values, and what is long scrolls inside the map."""

import dataclasses

import pytest

from maemoh_gis.pages.content import Column
from maemoh_gis.pages.map_page import page_html
from tests.pages.example import both, cells, example

pytestmark = pytest.mark.browser

LONG = both(
    "ประชาชนในระยะ 2 กม. อย่างน้อย (จากแบบจำลอง ความน่าเชื่อถือต่ำ)",
    "People within 2 km of the site, at least so many (modelled, low confidence)",
)
OPEN_SITE = """(async () => {
  document.querySelector("tr[data-site] button").click();
  await new Promise((done) => setTimeout(done, 600));
})()"""
POPUP = """(() => {
  const box = (node) => node.getBoundingClientRect().toJSON();
  const popup = document.querySelector(".leaflet-popup");
  const inside = popup.querySelector(".leaflet-popup-content");
  return {
    map: box(map_maemoh.getContainer()),
    popup: box(popup.querySelector(".leaflet-popup-content-wrapper")),
    values: [...popup.querySelectorAll("dd")].map(box),
    wide: inside.scrollWidth - inside.clientWidth,
    reached: inside.scrollHeight <= inside.clientHeight + 1 || inside.tabIndex === 0,
  };
})()"""


@pytest.fixture(scope="module")
def page(wording, tmp_path_factory):
    columns = [Column("area_rai", LONG, "area_rai"), Column("subject_to", LONG)]
    uses = [dataclasses.replace(use, popup=columns * 3) for use in example().uses]
    path = tmp_path_factory.mktemp("popups") / "map.html"
    html = page_html(example(uses=uses, cells=cells()), wording)
    path.write_text(html, encoding="utf-8", newline="\n")
    return path


@pytest.mark.parametrize(
    ("language", "width", "height", "phone"),
    [("en", 1200, 800, False), ("th", 1200, 800, False), ("th", 390, 844, True)],
)
def test_a_long_title_leaves_room_for_its_value(browser, page, language, width, height, phone):
    browser.open(page, width=width, height=height, language=language, phone=phone)
    browser.run(OPEN_SITE)
    found = browser.run(POPUP)
    assert min(value["width"] for value in found["values"]) >= 90
    assert found["wide"] <= 0


@pytest.mark.parametrize(("width", "height", "phone"), [(1200, 800, False), (390, 844, True)])
def test_a_popup_longer_than_the_map_scrolls_inside_it(browser, page, width, height, phone):
    browser.open(page, width=width, height=height, language="en", phone=phone)
    browser.run(OPEN_SITE)
    found = browser.run(POPUP)
    assert found["popup"]["top"] >= found["map"]["top"]
    assert found["popup"]["bottom"] <= found["map"]["bottom"]
    assert found["popup"]["left"] >= found["map"]["left"]
    assert found["popup"]["right"] <= found["map"]["right"]
    assert found["reached"], "what scrolls is not reached by keyboard"
