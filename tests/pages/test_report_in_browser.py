"""A report in a real browser: no request, one language at a time, Thai digits, A4, axe-core."""

import base64
import json
import re

import pytest

pytest.importorskip("hatchling")

from maemoh_gis.pages.report_page import report_html
from tests.pages.report_example import report
from tests.pages.test_accessibility import FAULTS, axe  # noqa: F401

pytestmark = pytest.mark.browser

# 210 mm at 96 pixels an inch.
A4_PX = 794
SEEN = """[...document.querySelectorAll("bdi, svg text")]
  .filter((one) => one.lang && one.getClientRects().length > 0).map((one) => one.lang)"""
CLICK = "document.querySelector('{}').click()"


@pytest.fixture(scope="module")
def page(wording, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html(report(), wording), encoding="utf-8", newline="\n")
    return path


def test_it_asks_for_nothing_and_shows_one_language(browser, page):
    browser.open(page, width=A4_PX, language="th")
    assert set(browser.run(SEEN)) == {"th"}
    browser.run(CLICK.format("[data-choose=en]"))
    assert set(browser.run(SEEN)) == {"en"}
    assert browser.run("document.documentElement.lang") == "en"
    assert [url for url in browser.requests if not url.startswith(("file:", "data:"))] == []
    assert browser.complaints == []
    browser.open(page, width=A4_PX, language="th", scripts=False)
    assert set(browser.run(SEEN)) == {"th", "en"}


# Words of a map that stand beyond the edge of its picture, which cuts them off.
CUT = """[...document.querySelectorAll(".map svg")].flatMap((svg) => {
  const edge = svg.getBoundingClientRect();
  return [...svg.querySelectorAll(":scope > g:not([clip-path]) text, :scope > text")]
    .filter((one) => one.getClientRects().length > 0)
    .filter((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return left < edge.left || right > edge.right || top < edge.top || bottom > edge.bottom;
    })
    .map((one) => one.textContent);
})"""


def test_degrees_and_scale_of_a_map_are_not_cut_off(browser, page):
    """18.5° without its first digit is another place."""
    browser.open(page, width=A4_PX, language="th")
    degrees = browser.run("[...document.querySelectorAll('.map text')].map((t) => t.textContent)")
    assert any(len(words) >= len("18.25°") and words.endswith("°") for words in degrees)
    assert browser.run(CUT) == []
    browser.run(CLICK.format("#digits"))
    assert browser.run(CUT) == []


def test_a_link_of_the_contents_leads_to_a_heading_in_sight(browser, page):
    browser.open(page, width=A4_PX, height=300, language="en")
    for place in range(browser.run("document.querySelectorAll('main section').length")):
        section = f"document.querySelectorAll('main section')[{place}]"
        browser.run(f"location.hash = {section}.id; {section}.scrollIntoView()")
        below = f"{section}.querySelector('h2').getBoundingClientRect().top"
        bar = "document.getElementById('tools').getBoundingClientRect().bottom"
        assert browser.run(f"{below} - {bar}") >= 0


def test_thai_digits_come_and_go(browser, page):
    text = "document.querySelector('main li').innerText"
    browser.open(page, width=A4_PX, language="th")
    assert browser.run(text) == "พื้นที่ 1,234 ไร่"
    browser.run(CLICK.format("#digits"))
    assert browser.run(text) == "พื้นที่ ๑,๒๓๔ ไร่"
    assert browser.run("document.querySelector('main td.number bdi').innerText") == "๐.๕๐"
    browser.run(CLICK.format("[data-choose=en]"))
    assert browser.run(text) == "1,234 rai of land"
    browser.run(CLICK.format("[data-choose=th]") + ";" + CLICK.format("#digits"))
    assert browser.run(text) == "พื้นที่ 1,234 ไร่"


def test_paper_shows_the_chosen_language_without_buttons(browser, page):
    browser.open(page, width=A4_PX, language="en")
    browser.send("Emulation.setEmulatedMedia", media="print")
    try:
        assert set(browser.run(SEEN)) == {"en"}
        assert browser.run("document.getElementById('tools').getClientRects().length") == 0
        assert browser.run("document.documentElement.scrollWidth") <= A4_PX
        pdf = browser.send("Page.printToPDF", preferCSSPageSize=True)["data"]
    finally:
        browser.send("Emulation.setEmulatedMedia", media="")
    assert len(pdf) > 10_000


def test_axe_finds_no_serious_fault(browser, page, axe):  # noqa: F811
    faults = {}
    for language, width in (("en", A4_PX), ("th", 390)):
        browser.open(page, width=width, language=language)
        browser.run(f"{axe}; 0")
        found = browser.run(FAULTS)
        if found:
            faults[f"{language} {width}"] = found
    assert faults == {}, json.dumps(faults, ensure_ascii=False, indent=1)


def sheets_of(browser):
    printed = browser.send("Page.printToPDF", preferCSSPageSize=True)["data"]
    return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))


def test_a_sheet_of_a_site_is_one_or_two_sheets_of_paper(browser, small_run):
    browser.open(small_run / "site_sheets.html")
    sites = browser.run("document.querySelectorAll('main > section').length")
    assert sheets_of(browser) <= 1 + 2 * sites
    narrow = browser.run(
        "[...document.querySelectorAll('.facts dd')].filter((one) => one.clientWidth < 80).length"
    )
    assert narrow == 0


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_a_committee_reads_is_fifteen_sheets_and_the_annex_comes_behind_it(
    browser, small_run, language
):
    browser.open(small_run / "report.html", language=language)
    whole = sheets_of(browser)
    browser.run("window.print = () => 0; document.getElementById('print').click()")
    assert sheets_of(browser) <= 15 < whole
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    assert sheets_of(browser) == whole
    annex = browser.run(
        "[...document.querySelectorAll('main > section')].map((one) => one.matches('.annex'))"
    )
    assert annex == sorted(annex)
    first = browser.run("[...document.querySelectorAll('main > section')].map((one) => one.id)")
    assert first[:2] == ["answer", "maps"]
    assert set(first[: annex.index(True)]) >= {"gates", "sites", "timeline", "caveats"}
