"""The content security policy of the pages holds, with and without online tiles."""

import pytest

from maemoh_gis.pages.comparison_page import comparison_html
from maemoh_gis.pages.map_page import page_html
from maemoh_gis.pages.offline import TILES
from tests.pages.example import cells, example
from tests.pages.test_comparison_page import example as comparison

pytestmark = pytest.mark.browser

# Everything a text that became markup could try; gives the rules that stopped it.
TRIED = """(async () => {{
  const stopped = [];
  document.addEventListener("securitypolicyviolation", (e) => stopped.push(e.effectiveDirective));
  const inline = document.createElement("script");
  inline.textContent = "window.broken = 1";
  document.body.append(inline);
  const image = document.createElement("img");
  image.setAttribute("onerror", "window.broken = 2");
  image.src = "https://elsewhere.example/x.png";
  document.body.append(image);
  const style = document.createElement("style");
  style.textContent = "body {{ color: red }}";
  document.body.append(style);
  await fetch("{tile}").catch(() => {{}});
  await new Promise((done) => setTimeout(done, 150));
  return [window.broken ?? null, [...new Set(stopped)].sort()];
}})()"""
STOPPED = ["connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-elem"]


@pytest.fixture(scope="module", params=["map", "comparison"])
def page(request, wording, tmp_path_factory):
    file = tmp_path_factory.mktemp("policy") / f"{request.param}.html"
    html = (
        page_html(example(cells=cells()), wording)
        if request.param == "map"
        else comparison_html(comparison(), wording)
    )
    file.write_text(html, encoding="utf-8", newline="\n")
    return file


def outside(browser):
    return {r for r in browser.requests if not r.startswith(("data:", "file:", "blob:"))}


@pytest.mark.parametrize("fragment", ["en", "en&tiles=1", "en&tiles=11"])
def test_no_markup_can_run_or_call_home(browser, page, fragment):
    browser.open(page, language=fragment)
    broken, stopped = browser.run(TRIED.format(tile=TILES.origin + "/1/1/1.png"))
    assert broken is None
    assert stopped == STOPPED
    tiles = {address for address in outside(browser) if address.startswith(TILES.origin + "/")}
    assert bool(tiles) == (fragment == "en&tiles=1")
    assert not {a for a in outside(browser) - tiles if "elsewhere" not in a}


def test_tiles_are_switched_on_by_the_reader_alone_and_say_where_they_come_from(browser, page):
    browser.open(page, language="en")
    assert outside(browser) == set()
    said = "document.getElementById('tiles-box').innerText"
    assert TILES.origin in browser.run(said)
    browser.run("setTimeout(() => document.getElementById('tiles').click(), 0); 0")
    while browser._next_event() != "Page.loadEventFired":
        pass
    browser.run("new Promise((done) => setTimeout(() => done(1), 400))")
    assert browser.run("window.location.hash") == "#en&tiles=1"
    assert outside(browser)
    assert all(address.startswith(TILES.origin + "/") for address in outside(browser))
    assert "No picture came" in browser.run(said), "the network is off"
    browser.run("setTimeout(() => document.getElementById('tiles').click(), 0); 0")
    while browser._next_event() != "Page.loadEventFired":
        pass
    browser.requests.clear()
    browser.run("new Promise((done) => setTimeout(() => done(1), 200))")
    assert browser.run("window.location.hash") == "#en"
    assert outside(browser) == set()
