"""The page in a real browser with the network off: places, languages, fonts, phone."""

import dataclasses
import json
import re

import pytest
from shapely import LineString, Point

from maemoh_gis.pages.content import Bar
from maemoh_gis.pages.map_page import page_html
from tests.pages.example import GRID, PLANT, STATION, both, cells, example, layer
from tests.pages.test_page import HOSTILE

pytestmark = pytest.mark.browser

DRAWN_AT = """(([lon, lat], selector) => {{
  const place = map_maemoh.latLngToContainerPoint([lat, lon]);
  const ground = map_maemoh.getContainer().getBoundingClientRect();
  const [x, y] = [ground.left + place.x, ground.top + place.y];
  return [...document.querySelectorAll(selector)].some((shape) => {{
    const box = shape.getBoundingClientRect();
    return box.left - 1 <= x && x <= box.right + 1 && box.top - 1 <= y && y <= box.bottom + 1;
  }});
}})({place}, {selector})"""


def drawn_at(browser, place, selector):
    return browser.run(DRAWN_AT.format(place=list(place), selector=json.dumps(selector)))


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser, page):
    browser.open(page)
    outside = [address for address in browser.requests if not address.startswith("data:")]
    assert [address.partition("#")[0] for address in outside] == [page.resolve().as_uri()]
    assert browser.complaints == []


def test_the_plant_is_drawn_at_its_coordinates(browser, page):
    browser.open(page)
    assert drawn_at(browser, PLANT, 'path[fill="#2b6cb0"][d*="a5,5"]')


def test_the_railway_passes_the_station(browser, page):
    browser.open(page)
    place = browser.run(f"map_maemoh.latLngToLayerPoint([{STATION[1]}, {STATION[0]}])")
    path = browser.run(
        "document.querySelector('.leaflet-overlay-pane [stroke-width=\"3\"]').getAttribute('d')"
    )
    # Corners that one does not see at this zoom are left out: the line passes, with or without one.
    line = LineString([tuple(map(float, part.split(","))) for part in _points(path)])
    assert line.distance(Point(place["x"], place["y"])) <= 2


def _points(path):
    return [" ".join(part.split()).replace(" ", ",") for part in path[1:].split("L")]


def test_the_score_picture_lies_on_the_grid(browser, page):
    browser.open(page)
    from pyproj import Transformer

    # Compared at the corners of the picture, which is a little wider than the turned grid.
    lonlat = Transformer.from_crs(GRID.crs, "EPSG:4326", always_xy=True)
    west, south, east, north = GRID.bounds
    for x, y in ((west, south), (west, north), (east, south), (east, north)):
        assert drawn_at(browser, lonlat.transform(x, y), ".leaflet-score-pane img")


@pytest.mark.parametrize(("row", "col"), [(60, 5), (149, 0), (60, 169), (149, 169), (20, 80)])
def test_clicking_a_cell_tells_its_score(browser, page, row, col):
    from pyproj import Transformer

    browser.open(page, language="en")
    lonlat = Transformer.from_crs(GRID.crs, "EPSG:4326", always_xy=True)
    west, south, east, north = GRID.cell(row, col).bounds
    lon, lat = lonlat.transform((west + east) / 2, (south + north) / 2)
    browser.run(f"map_maemoh.setView([{lat}, {lon}], 12, {{animate: false}}); 0")
    browser.run(f"map_maemoh.fire('click', {{latlng: L.latLng({lat}, {lon})}}); 0")
    browser.run("new Promise((done) => setTimeout(done, 100))")
    said = browser.run("document.querySelector('.leaflet-popup-content dl').innerText")
    use = example().uses[0]
    expected = "Conditional" if use.state[row, col] == 2 else "Passed screening"
    assert expected in said
    score = round(float(use.score[row, col]) * 50) / 50
    assert f"{score:.2f}" in said


def test_the_page_opens_in_thai_and_switches_every_word(browser, page):
    browser.open(page)
    assert browser.run("document.documentElement.lang") == "th"
    browser.run("document.querySelector('[data-site=\"0\"] button').click()")
    browser.run("document.querySelector('#languages button[lang=en]').click()")
    browser.drawn()
    assert browser.run("document.documentElement.lang") == "en"
    shown = browser.run("document.body.innerText")
    labels = browser.run(
        "[...document.querySelectorAll('[aria-label],[title]')].filter((e) => e.checkVisibility())"
        ".map((e) => e.getAttribute('aria-label') + ' ' + e.title).join(' ')"
    )
    thai = {letter for letter in shown + labels if "\u0e00" <= letter <= "\u0e7f"}
    assert thai <= set("ไทย"), "only the button that leads back to Thai"
    assert "Candidate site 1" in shown


def test_thai_is_drawn_with_the_font_in_the_page(browser, page):
    browser.open(page)
    faces = browser.run(
        "document.fonts.ready.then(() => [...document.fonts].filter((f) => f.status === 'loaded')"
        ".map((f) => f.family + f.weight + f.unicodeRange.includes('E01')))"
    )
    assert any("Sarabun" in face and "true" in face for face in faces)
    # A letter without a glyph is drawn as a box of one width; these differ in width.
    widths = browser.run(
        "['ก','ฌ','ๆ'].map((t) => { const s = document.createElement('span'); s.textContent = t;"
        "document.querySelector('h1').append(s); const w = s.getBoundingClientRect().width;"
        "s.remove(); return w; })"
    )
    assert len(set(widths)) == 3


def test_a_phone_needs_no_sideways_scrolling(browser, page):
    browser.open(page, width=390, height=844, phone=True)
    assert browser.run("document.documentElement.scrollWidth") <= 390
    assert browser.run("map_maemoh.getSize().y") >= 320


def test_without_scripts_the_picture_table_and_warnings_are_seen(browser, page):
    browser.open(page, width=390, height=844, phone=True, scripts=False)
    root = browser.send("DOM.getDocument")["root"]["nodeId"]
    for selector in ("#still svg image", ".sites td", ".caveats p", ".legend svg"):
        node = browser.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        box = browser.send("DOM.getBoxModel", nodeId=node)["model"]
        assert box["width"] > 0, selector
        assert box["height"] > 0, selector
    node = browser.send("DOM.querySelector", nodeId=root, selector="#map_maemoh")["nodeId"]
    attributes = browser.send("DOM.getAttributes", nodeId=node)["attributes"]
    assert "hidden" in attributes


def test_choosing_a_use_changes_picture_and_table(browser, page):
    browser.open(page)
    source = "document.querySelector('.leaflet-score-pane img').src.length"
    assert browser.run("document.querySelectorAll('.leaflet-sites-pane path').length") == 2
    assert browser.run(source) > 100
    browser.run("document.querySelector('input[name=use][value=\"1\"]').click()")
    assert browser.run("document.querySelectorAll('.leaflet-sites-pane path').length") == 1
    assert browser.run("document.querySelectorAll('.table:not([hidden])').length") == 1


def test_the_legend_says_how_sure_the_score_of_the_chosen_use_is(browser, wording, tmp_path):
    shares = [both("สูง 60 %", "high 60 %"), both("ต่ำ 30 %", "low 30 %")]
    content = example()
    uses = [dataclasses.replace(u, confidence=c) for u, c in zip(content.uses, shares, strict=True)]
    file = tmp_path / "map.html"
    html = page_html(dataclasses.replace(content, uses=uses), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    browser.open(file, language="en")
    legend = "document.querySelector('.legend').innerText"
    assert "by weight: high 60 %" in browser.run(legend)
    browser.run("document.querySelector('input[name=use][value=\"1\"]').click()")
    assert "by weight: low 30 %" in browser.run(legend)
    assert "high" not in browser.run(legend)
    browser.open(file, scripts=False)
    assert {"high 60 %", "low 30 %"} <= set(re.findall("[a-z]+ [0-9]+ %", browser.run(legend)))


def test_a_layer_can_be_switched_off(browser, page):
    browser.open(page)
    count = "document.querySelectorAll('.leaflet-overlay-pane path').length"
    before = browser.run(count)
    browser.run("document.querySelector('[data-layer=\"1\"]').click()")
    assert browser.run(count) == before - 1


def test_sites_can_be_reached_and_opened_with_the_keyboard(browser, page):
    browser.open(page, language="en")
    browser.run("document.querySelector('.leaflet-sites-pane path').focus()")
    browser.run(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', bubbles: true}))"
    )
    assert "Candidate site 1" in browser.run("document.querySelector('.leaflet-popup').innerText")


@pytest.mark.parametrize("text", HOSTILE[:6])
def test_a_hostile_name_is_shown_as_text_and_runs_nothing(browser, tmp_path, wording, text):
    path = tmp_path / "hostile.html"
    content = example(layers=[layer("evil", [PLANT_POINT], text, text)])
    path.write_text(page_html(content, wording), encoding="utf-8", newline="\n")
    browser.open(path, language="en")
    browser.run("document.querySelector('.leaflet-overlay-pane path').dispatchEvent("
                "new MouseEvent('click', {bubbles: true}))")  # fmt: skip
    assert browser.run("document.querySelector('.leaflet-popup h3')?.textContent") == text
    assert browser.complaints == []


CLICK_ALL = """(async () => {
  const pause = () => new Promise((done) => setTimeout(done, 60));
  const seen = [];
  for (const path of document.querySelectorAll("path.leaflet-interactive")) {
    path.dispatchEvent(new MouseEvent("click", {bubbles: true}));
    await pause();
    seen.push(document.querySelector(".leaflet-popup-content")?.textContent ?? "");
  }
  for (const lat of [18.2, 18.3, 18.38]) {
    map_maemoh.fire("click", {latlng: L.latLng(lat, 99.75)});
    await pause();
    await pause();
    seen.push(document.getElementById("answer").textContent);
  }
  const slider = document.querySelector("[data-weight]");
  slider.value = 20;
  slider.dispatchEvent(new Event("input"));
  await pause();
  document.querySelectorAll("#weights .buttons button")[1].click();
  await pause();
  document.querySelector("#languages button[lang=th]").click();
  return seen;
})()"""


def test_hostile_layers_limits_and_criteria_do_no_harm(browser, tmp_path, wording):
    """Everything a layer or a scenario can say is hostile; every part of the page is used."""

    def evil(text):
        return both(text.replace("\ud800", ""), text.replace("\ud800", ""))

    for text in (*HOSTILE[:6], HOSTILE[8], "name " * 2000):
        shapes = [PLANT_POINT]
        named = layer("evil", shapes, text, text, title=evil(text), caution=evil(text), source=text,
                      licence=text)  # fmt: skip
        barred = named.frame.assign(bars=[[Bar(evil(text), 0.2, 0.4)]] * len(named.frame))
        named = dataclasses.replace(named, frame=barred, bars="bars", bars_note=evil(text))
        uses = [
            dataclasses.replace(use, title=evil(text), confidence=evil(text))
            for use in example().uses
        ]
        path = tmp_path / "hostile.html"
        said_of = cells(evil(text))
        content = example(
            layers=[named], uses=uses, cells=said_of, title=evil(text), question=evil(text),
            caveats=[evil(text)] * 2, provenance=evil(text),
        )  # fmt: skip
        path.write_text(page_html(content, wording), encoding="utf-8", newline="\n")
        browser.send("Browser.setDownloadBehavior", behavior="deny")
        browser.open(path, language="en")
        scripts = browser.run("document.scripts.length")
        seen = browser.run(CLICK_ALL)
        assert browser.complaints == []
        assert browser.run("document.scripts.length") == scripts
        assert (
            browser.run("document.querySelectorAll('img[src=x], [onerror], [onload]').length") == 0
        )
        assert browser.run("document.documentElement.scrollWidth") <= 1280
        said = " ".join(seen)
        assert text.replace("\u202e", "").replace("\u2066", "").strip()[:250] in said
        assert "\u202e" not in said
        outside = [address for address in browser.requests
                   if not address.startswith(("data:", "file:", "blob:"))]  # fmt: skip
        assert outside == []


def _point():
    from shapely import Point

    return Point(PLANT)


PLANT_POINT = _point()
