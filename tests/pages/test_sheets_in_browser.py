"""The map on one sheet of paper, with all a map on paper needs, and the page back afterwards."""

import base64
import re

import pytest

pytestmark = pytest.mark.browser

CHOOSE = """(() => {{
  window.print = () => window.dispatchEvent(new Event("beforeprint"));
  document.querySelector("[data-tool=print]").click();
  document.querySelector("[data-sheet={sheet}]").click();
}})()"""
BOX = """(({{left, top, right, bottom}}) => [left, top, right, bottom])(
  document.querySelector({!r}).getBoundingClientRect())"""
SIZES = {"a4": (842, 595), "a3": (1191, 842)}
"""Points of a sheet on its side, to the nearest."""


@pytest.fixture
def laid(browser, small_run):
    def lay(sheet, language="th"):
        browser.open(small_run / "map.html", width=1280, height=720, language=language)
        browser.run(CHOOSE.format(sheet=sheet))
        browser.drawn()

    yield lay
    browser.send("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("sheet", SIZES)
def test_the_map_is_one_sheet_of_its_size(browser, laid, sheet, language):
    laid(sheet, language)
    printed = browser.send("Page.printToPDF", preferCSSPageSize=True)["data"]
    pdf = base64.b64decode(printed)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    (box,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert tuple(round(float(side)) for side in box) == SIZES[sheet]


@pytest.mark.parametrize("sheet", SIZES)
def test_title_map_legend_scale_north_answer_date_and_sources_stand_on_it(browser, laid, sheet):
    laid(sheet)
    browser.send("Emulation.setEmulatedMedia", media="print")
    body = browser.run(BOX.format("body"))
    for one in (
        "h1", ".notice", ".leaflet-container", "#legend dl", ".leaflet-control-scale", ".north",
        ".sheet-answer p", ".sheet-sources p", ".sheet-sources li", ".sheet-sources .provenance",
    ):  # fmt: skip
        assert browser.run(f"document.querySelector({one!r}).checkVisibility()"), one
        left, top, right, bottom = browser.run(BOX.format(one))
        assert body[0] - 1 <= left < right <= body[2] + 1, one
        assert body[1] - 1 <= top < bottom <= body[3] + 1, one
    map_box, legend = browser.run(BOX.format("#ground")), browser.run(BOX.format("#legend"))
    assert legend[0] >= map_box[2]
    assert browser.run(BOX.format(".sheet-foot"))[1] >= map_box[3]
    uses = "[...document.querySelectorAll('#uses .choice bdi[lang=th]')].map((o) => o.textContent)"
    shown = browser.run("document.querySelector('.sheet-answer p').innerText")
    assert shown.endswith(f": {browser.run(uses)[0]}")
    assert browser.run("document.querySelectorAll('.sheet-answer p').length") >= 4
    day = browser.run("document.querySelector('.sheet-sources p').innerText")
    assert browser.run("String(new Date().getFullYear() + 543)") in day


def test_only_what_the_map_shows_is_credited(browser, laid):
    laid("a3")
    # A layer that is on may wait for a nearer zoom; its entry of the legend waits with it.
    shown = browser.run("""[...document.querySelectorAll('[data-layer]:checked')].filter(
        (box) => !document.querySelector(`[data-legend="${box.dataset.layer}"]`).hidden).length""")
    assert browser.run("document.querySelectorAll('.sheet-sources li').length") == shown


def test_the_page_comes_back_as_it_was(browser, laid, small_run):
    browser.open(small_run / "map.html", width=1280, height=720)
    state = """JSON.stringify([map_maemoh.getSize(), document.documentElement.className,
      [...document.querySelectorAll("details")].map((one) => one.open)])"""
    before = browser.run(state)
    laid("a4")
    assert browser.run(state) != before
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    assert browser.run(state) == before
    assert browser.run("document.querySelector('.sheet-foot')") is None


MENU = """(({hidden}, button) => [hidden, button.getAttribute("aria-expanded")])(
  document.querySelector(".print-choices"), document.querySelector("[data-tool=print]"))"""
ESCAPE = """document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", {key: "Escape", bubbles: true}))"""


def test_the_menu_says_when_it_is_closed_again(browser, laid):
    laid("a4")
    assert browser.run(MENU) == [True, "false"]


def test_escape_closes_the_menu_and_leads_back_to_its_button(browser, small_run):
    browser.open(small_run / "map.html")
    browser.run("document.querySelector('[data-tool=print]').click()")
    browser.run("document.querySelector('[data-sheet=a3]').focus()")
    assert browser.run(MENU) == [False, "true"]
    browser.run(ESCAPE)
    assert browser.run(MENU) == [True, "false"]
    assert browser.run("document.activeElement.dataset.tool") == "print"


def test_a_click_elsewhere_closes_the_menu(browser, small_run):
    browser.open(small_run / "map.html")
    browser.run("document.querySelector('[data-tool=print]').click()")
    browser.run("document.querySelector('h1').click()")
    assert browser.run(MENU) == [True, "false"]
