"""The year slider in a real browser: a unit closes, its land is no longer in use, runs follow."""

import dataclasses

import pytest
from shapely import box

from maemoh_gis.pages.comparison_page import comparison_html
from maemoh_gis.pages.map_page import page_html
from maemoh_gis.pages.phase_out import turning_rows
from tests.pages.example import both, cells, example, path
from tests.pages.test_comparison_page import example as comparison
from tests.pages.test_page import Reader

pytestmark = pytest.mark.browser

SET = (
    "(() => {{ const s = document.getElementById('year'); s.value = {}; "
    "s.dispatchEvent(new Event('input')); }})()"
)
SAID = "document.querySelector('.years').innerText"
FACTS = "document.getElementById('path-facts').innerText"
ZONES = (
    "[...document.querySelectorAll('.leaflet-zones-pane path')]"
    ".map((p) => [p.getAttribute('stroke'), p.getAttribute('fill-opacity')])"
)


@pytest.fixture(scope="module")
def page(wording, tmp_path_factory):
    file = tmp_path_factory.mktemp("path") / "map.html"
    html = page_html(example(cells=cells(), path=path()), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    return file


def test_the_slider_shows_a_unit_closing_and_its_land(browser, page):
    browser.open(page, language="en")
    browser.run(SET.format(2573))
    assert "600 MW of coal left · land no longer in use 0.0 rai" in browser.run(SAID)
    assert browser.run(ZONES) == [["#9aa0a6", "0"]]
    # Names find their places with the next frame.
    browser.run("new Promise(requestAnimationFrame)")
    assert "600 MW · units running: 2" in browser.run("document.body.innerText")
    browser.run("document.getElementById('year').focus()")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight",
                     windowsVirtualKeyCode=39)  # fmt: skip
    assert "B.E. 2574" in browser.run(SAID)
    assert "300 MW of coal left · land no longer in use 94.0 rai (15.0 ha)" in browser.run(SAID)
    assert browser.run(ZONES) == [["#e0a100", "0.45"]]
    turns = browser.run("document.getElementById('path-turns').innerText")
    assert turns.splitlines() == [
        "Unit 8: last year in operation B.E. 2573",
        "Land of unit 8: conditional",
    ]
    facts = browser.run(FACTS)
    for words in ("Units that run\tMM-12", "Units that are gone\tMM-8", "7.62 (6.00–9.00) (Low)",
                  "12.5 rai (2.0 ha)"):  # fmt: skip
        assert words in facts, words
    assert browser.run("document.activeElement.getAttribute('aria-valuetext')").startswith(
        "B.E. 2574"
    )
    assert browser.complaints == []


def test_before_the_reference_year_what_is_not_defined_is_not_known(browser, page):
    browser.open(page, language="en")
    browser.run(SET.format(2561))
    assert "Water freed (million m3)\tNo data" in browser.run(FACTS)


def test_the_years_are_played_until_stopped(browser, page):
    browser.open(page, language="en")
    browser.run(SET.format(2599))
    browser.run("document.querySelector('[data-play]').click()")
    assert browser.run("document.querySelector('[data-play]').innerText") == "❚❚ Stop"
    browser.run("new Promise((done) => setTimeout(() => done(1), 1100))")
    assert browser.run("document.getElementById('year').value") == "2600"
    assert "Play" in browser.run("document.querySelector('[data-play]').innerText")


def test_land_that_is_no_longer_in_use_tells_what_it_needs(browser, page):
    browser.open(page, language="en&year=2580&at=18.295,99.75,15")
    assert "B.E. 2580" in browser.run(SAID)
    browser.run(
        "document.querySelector('.leaflet-zones-pane path')"
        ".dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    said = browser.run("document.querySelector('.leaflet-popup').innerText")
    for words in ("Land of unit 8", "B.E. 2580", "Royal Forest Department", "not free land"):
        assert words in said, words
    browser.run("document.getElementById('show-zones').click()")
    assert browser.run(ZONES) == []


def test_every_word_and_number_of_the_path_follows_the_language(browser, page):
    browser.open(page, language="th&year=2580")
    numbers = (
        "[...document.querySelectorAll('#path-facts td')]"
        ".map((cell) => cell.innerText.match(/[\\d.,]*\\d/g)?.join(' ')).join('; ')"
    )
    before = browser.run(numbers)
    browser.run("document.querySelector('#languages button[lang=en]').click()")
    browser.drawn()
    assert browser.run(numbers) == before
    shown = browser.run(SAID + " + document.getElementById('path').innerText")
    assert not {letter for letter in shown if "\u0e00" <= letter <= "\u0e7f"}


def test_without_scripts_the_turning_points_are_read(wording, page):
    text = " ".join(Reader(page.read_text(encoding="utf-8")).texts)
    assert "Unit 8: last year in operation B.E. 2573" in text
    assert [year for year, _ in turning_rows(path(), wording)] == [2569, 2574]
    assert "New unit: planned for this year; not known whether it runs" in text


def test_on_the_comparison_page_both_sides_follow_and_runs_of_other_years_are_shown(
    browser, wording, tmp_path
):
    later = {"units": [{**unit, "last_year": 2589} for unit in path()["units"]],
             "capacity": {**path()["capacity"], "mw": [600.0] * 41}}  # fmt: skip
    first, second, _ = comparison().runs
    runs = [
        dataclasses.replace(first, path=0, year_be=2569),
        dataclasses.replace(second, path=1, year_be=2569),
        dataclasses.replace(
            second, name=both("ที่สองใน 2574", "second in 2574"), path=1, year_be=2574
        ),
    ]
    file = tmp_path / "comparison.html"
    html = comparison_html(comparison(runs=runs, paths=[path(), path(**later)]), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    browser.open(file, language="en")
    right = "document.getElementById('right-run').value"
    assert browser.run(right) == "1"
    browser.run(SET.format(2580))
    assert browser.run(right) == "2", "the run of 2574 is the last one before"
    assert "300 MW | 600 MW of coal left" in browser.run(SAID)
    assert "Coal capacity left\t300 MW (Medium)\t600 MW (Medium)" in browser.run(FACTS)
    assert browser.run(ZONES) == [["#e0a100", "0.45"]] * 2
    browser.run(SET.format(2570))
    assert browser.run(right) == "1"
    assert browser.complaints == []


BOXES = (
    "((of) => [...document.querySelectorAll('.leaflet-tooltip-pane .name')]"
    ".filter((n) => !n.classList.contains('covered') && n.classList.contains('units') === of)"
    ".map((n) => { const b = n.getBoundingClientRect();"
    " return [b.left, b.top, b.right, b.bottom]; }))"
)


def test_what_runs_is_written_in_full(browser, page):
    for language in ("th", "en"):
        browser.open(page, language=language)
        browser.run("new Promise((done) => setTimeout(() => done(1), 300))")
        cut = "((one) => one.scrollWidth - one.clientWidth)(document.querySelector('.name.units'))"
        assert browser.run(cut) <= 0, language


def test_what_runs_covers_no_number_of_a_site(browser, wording, tmp_path):
    content = example(cells=cells())
    middle = content.uses[0].sites.to_crs("EPSG:4326").geometry.iloc[0].centroid
    given = path()
    drawn = box(middle.x - 0.01, middle.y - 0.01, middle.x, middle.y).__geo_interface__
    given["zones"][0]["outline"] = drawn
    file = tmp_path / "map.html"
    html = page_html(dataclasses.replace(content, path=given), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    browser.open(file, language="en")
    browser.run("new Promise((done) => setTimeout(() => done(1), 300))")
    # The corner of the plant lies under the number of the site.
    [said], others = browser.run(f"{BOXES}(true)"), browser.run(f"{BOXES}(false)")
    assert others
    for other in others:
        apart = (said[0] >= other[2] or said[2] <= other[0]
                 or said[1] >= other[3] or said[3] <= other[1])  # fmt: skip
        assert apart, (said, other)


POPUP = """(async () => {
  const land = document.querySelector('.leaflet-zones-pane path');
  const { left, top, width, height } = land.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true };
  for (const kind of ['mousedown', 'mouseup', 'click']) {
    land.dispatchEvent(new MouseEvent(kind, at));
  }
  await new Promise((done) => setTimeout(done, 400));
  return document.querySelector('.leaflet-popup').innerText;
})()"""


def test_the_popup_of_a_zone_names_papers_offices_and_the_next_step(browser, page):
    """The step is that of the year the run asks for; papers are those wanting in the year shown."""
    browser.open(page, language="en")
    said = browser.run(POPUP)
    assert "change of the EIA (planning office)" in said
    assert "Ask for the change of the EIA" in said
    browser.run(SET.format(2580))
    said = browser.run(POPUP)
    assert "change of the EIA (planning office)" in said
    assert "Ask for the change of the EIA" not in said
    assert "Container yard" not in said
    browser.run(SET.format(2590))
    assert "Open for\nContainer yard" in browser.run(POPUP)
