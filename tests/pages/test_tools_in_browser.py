"""Search, measuring, links, printing and groups of layers, in a real browser without a network."""

import re

import pytest
from pyproj import Geod

from maemoh_gis.pages.map_page import page_html
from tests.pages.example import STATION, cells, example
from tests.pages.test_comparison_page import example as comparison

pytestmark = pytest.mark.browser

WAIT = "new Promise((done) => setTimeout(() => done(1), {}))"
TOOL = "document.querySelector('[data-tool={}]').click()"
SHOWN = "JSON.stringify([map_maemoh.getCenter(), map_maemoh.getZoom()])"


@pytest.fixture(scope="module")
def page(wording, tmp_path_factory):
    path = tmp_path_factory.mktemp("tools") / "map.html"
    path.write_text(page_html(example(cells=cells()), wording), encoding="utf-8", newline="\n")
    return path


def press(browser, key, code=0):
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                     windowsVirtualKeyCode=code, text="\r" if key == "Enter" else "")  # fmt: skip


def search(browser, text):
    browser.run("document.getElementById('search').focus()")
    browser.run(f"document.getElementById('search').value = {text!r}")
    browser.run("document.getElementById('search').dispatchEvent(new Event('input'))")
    return browser.run("[...document.querySelectorAll('.found bdi')].map((b) => b.textContent)")


def test_a_place_is_found_in_both_languages_and_shown_by_keyboard(browser, page):
    browser.open(page, language="en")
    assert search(browser, "ทางรถไฟ") == ["Railway"]
    assert search(browser, "site") == ["Candidate site 1", "Candidate site 2", "Candidate site 1"]
    assert search(browser, "nowhere") == []
    assert "Nothing of that name" in browser.run("document.querySelector('.found-none').innerText")
    assert search(browser, "mae moh p") == ["Mae Moh power plant"]
    press(browser, "ArrowDown", 40)
    assert browser.run("document.activeElement.innerText").startswith("Mae Moh power plant")
    press(browser, "Enter", 13)
    browser.run(WAIT.format(400))
    assert "Mae Moh power plant" in browser.run(
        "document.querySelector('.leaflet-popup').innerText"
    )
    centre = browser.run("[map_maemoh.getCenter().lat, map_maemoh.getCenter().lng]")
    assert centre == pytest.approx([18.296, 99.752], abs=0.02)  # the popup may move it a little
    assert browser.run("map_maemoh.getZoom()") == 13


def test_a_site_of_another_use_is_shown_with_its_use(browser, page):
    browser.open(page, language="en")
    search(browser, "site")
    browser.run("[...document.querySelectorAll('.found button')].at(-1).click()")
    assert browser.run("document.querySelector('input[name=use]:checked').value") == "1"
    assert "Candidate site 1" in browser.run("document.querySelector('.leaflet-popup').innerText")


def test_measuring_gives_length_and_area_and_explains_nothing_meanwhile(browser, page):
    browser.open(page, language="en")
    browser.run(TOOL.format("measure"))
    corners = [(99.70, 18.25), (99.80, 18.25), (99.80, 18.35)]
    for lon, lat in corners:
        browser.run(f"map_maemoh.fire('click', {{latlng: L.latLng({lat}, {lon})}}); 0")
    said = browser.run("document.querySelector('.measured').innerText")
    length_km, rai, ha = (float(n.replace(",", "")) for n in re.findall(r"[\d,]+\.?\d*", said))
    geod = Geod(ellps="WGS84")
    area, _ = geod.polygon_area_perimeter(*zip(*corners, strict=True))
    assert length_km == pytest.approx(geod.line_length(*zip(*corners, strict=True)) / 1e3, abs=0.01)
    # The page follows straight lines of its projection, pyproj geodesics: 0.03 % over 10 km.
    assert rai == pytest.approx(abs(area) / 1600, rel=5e-4)
    assert ha == pytest.approx(abs(area) / 1e4, rel=5e-4)
    assert browser.run("document.querySelectorAll('.leaflet-popup').length") == 0
    browser.run("map_maemoh.getContainer().focus()")
    press(browser, "Backspace", 8)
    assert "area" not in browser.run("document.querySelector('.measured').innerText")
    press(browser, "Enter", 13)
    assert "area" in browser.run("document.querySelector('.measured').innerText")
    press(browser, "Escape", 27)
    assert browser.run("document.querySelector('.measured').hidden")
    assert browser.run("document.querySelectorAll('.measure-line').length") == 0


def test_a_link_opens_the_same_view(browser, page):
    browser.open(page, language="th")
    browser.run("map_maemoh.setView([18.30, 99.72], 12, {animate: false}); 0")
    browser.run("document.querySelector('input[name=use][value=\"1\"]').click()")
    browser.run("document.querySelector('[data-layer=\"1\"]').click()")
    browser.run("document.getElementById('show-sites').click()")
    browser.run("(() => { const s = document.querySelector('[data-weight]'); s.value = 20;"
                " s.dispatchEvent(new Event('input')); })()")  # fmt: skip
    browser.run("document.querySelector('#languages button[lang=en]').click()")
    browser.drawn()
    browser.run(TOOL.format("link"))
    address = browser.run("document.querySelector('.link').value")
    shown = browser.run(SHOWN)
    fragment = address.partition("#")[2]
    assert address.startswith(page.resolve().as_uri())
    assert browser.run("window.location.hash") == f"#{fragment}"
    browser.open(page, language=fragment)
    assert browser.run(SHOWN) == shown
    assert browser.run("document.documentElement.lang") == "en"
    assert browser.run("document.querySelector('input[name=use]:checked').value") == "1"
    assert not browser.run("document.querySelector('[data-layer=\"1\"]').checked")
    assert not browser.run("document.getElementById('show-sites').checked")
    assert browser.run("document.querySelectorAll('.leaflet-sites-pane path').length") == 0
    assert browser.run("document.querySelector('[data-weight]').value") == "20"
    assert browser.complaints == []


@pytest.mark.parametrize(
    "fragment",
    [
        "en&at=x&use=no&layers=<script>&weights=yard:1e9&off=%",
        "xx&at=9,9,99",
        "&&&",
        "en&at=%E0%A4",
    ],
)
def test_a_broken_or_hostile_address_does_no_harm(browser, page, fragment):
    browser.open(page, language=fragment)
    assert browser.complaints == []
    assert browser.run("map_maemoh.getZoom()") > 8
    assert browser.run("document.querySelectorAll('.leaflet-sites-pane path').length") == 2


def test_a_group_of_layers_is_switched_as_one(browser, page):
    browser.open(page)
    count = "document.querySelectorAll('.leaflet-overlay-pane path').length"
    assert browser.run(count) == 4
    browser.run("document.querySelector('[data-layer=\"1\"]').click()")
    assert browser.run("document.querySelector('[data-group]').indeterminate")
    browser.run("document.querySelector('[data-group]').click()")
    assert browser.run(count) == 4
    browser.run("document.querySelector('[data-group]').click()")
    assert browser.run(count) == 0


def test_the_map_fills_the_window_and_comes_back(browser, page):
    browser.open(page)
    size = "[map_maemoh.getSize().x, window.innerWidth]"
    browser.run(TOOL.format("fill"))
    browser.run(WAIT.format(100))
    wide, window = browser.run(size)
    assert wide == window
    browser.run(TOOL.format("fill"))
    browser.run(WAIT.format(100))
    assert browser.run(size)[0] < window


def test_the_small_map_frames_what_the_large_one_shows(browser, page):
    browser.open(page)
    frame = "Number(document.querySelector('.minimap rect:last-child').getAttribute('width'))"
    before = browser.run(frame)
    browser.run("map_maemoh.setZoom(map_maemoh.getZoom() + 1, {animate: false}); 0")
    assert browser.run(frame) == pytest.approx(before / 2, abs=0.2)


def test_on_paper_map_caveats_and_tables_stand_without_controls(browser, page):
    browser.open(page)
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    browser.send("Emulation.setEmulatedMedia", media="print")
    seen = "document.querySelector({!r}).checkVisibility()"
    assert browser.run("map_maemoh.getSize().x") == 680
    for shown in (".legend", ".sites table", "#caveats li", ".north", ".leaflet-control-scale"):
        assert browser.run(seen.format(shown)), shown
    for hidden in (".tools", ".languages", ".leaflet-control-zoom"):
        assert not browser.run(seen.format(hidden)), hidden
    assert browser.run("getComputedStyle(document.body).overflow") == "visible"
    browser.send("Emulation.setEmulatedMedia", media="")
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    assert not browser.run("document.getElementById('caveats').open")


def test_both_maps_of_a_comparison_are_measured_and_linked(browser, wording, tmp_path):
    from maemoh_gis.pages.comparison_page import comparison_html

    path = tmp_path / "comparison.html"
    path.write_text(comparison_html(comparison(), wording), encoding="utf-8", newline="\n")
    browser.open(path, language="en&view=1&right-run=2&at=18.3,99.7,12")
    assert browser.run("document.getElementById('view').value") == "1"
    assert browser.run("document.getElementById('right-run').value") == "2"
    assert browser.run("maemohMaps.map((m) => m.getZoom())") == [12, 12]
    browser.run(TOOL.format("measure"))
    for lon in (99.7, 99.8):
        browser.run(f"maemohMaps[1].fire('click', {{latlng: L.latLng(18.3, {lon})}}); 0")
    assert browser.run("document.querySelectorAll('.measure-line').length") == 2
    assert search(browser, "แปลง") == ["Site 1"]
    browser.run(TOOL.format("link"))
    assert "&right-run=2&view=1&" in browser.run("document.querySelector('.link').value")
    assert browser.complaints == []


def test_latitude_and_longitude_may_be_typed(browser, page):
    browser.open(page, language="en")
    assert search(browser, f"{STATION[1]}, {STATION[0]}") == ["18.2614, 99.7070"]
