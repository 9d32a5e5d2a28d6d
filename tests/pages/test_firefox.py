"""What stands in Chromium stands in Firefox too: every page opens, is quiet, and can be used."""

import pytest

from tests.pages.firefox import Firefox, find_firefox

pytestmark = pytest.mark.slow

PAGES = ("map.html", "report.html", "brief_committee.html", "brief_egat.html",
         "brief_villagers.html", "site_sheets.html", "villages.html")  # fmt: skip
COMPARED = ("comparison.html", "brief_committee.html", "brief_egat.html", "brief_villagers.html")


@pytest.fixture(scope="module")
def firefox():
    program = find_firefox()
    if program is None:
        pytest.skip("no Firefox on this machine")
    with Firefox(program) as opened:
        yield opened


def test_the_driver_sees_what_a_page_asks_for_and_complains_of(firefox, tmp_path):
    file = tmp_path / "loud.html"
    file.write_text("<img src='http://example.invalid/x'><script>nothing()</script>", "utf-8")
    firefox.open(file)
    assert any("example.invalid" in one for one in firefox.requests)
    assert any("nothing" in one for one in firefox.complaints)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_opens_without_a_request_or_a_complaint(
    firefox, small_run, small_compared, language
):
    for page in [*(small_run / one for one in PAGES), *(small_compared / one for one in COMPARED)]:
        firefox.open(page, language=language)
        assert firefox.run("document.documentElement.lang") == language, page.name
        assert len(firefox.run("document.body.innerText")) > 500, page.name
        assert firefox.complaints == [], page.name
        assert all(one.startswith(("data:", "file:", "blob:")) for one in firefox.requests)


ANSWERED = """(async () => {
  const heads = () => document.querySelectorAll("#answer details[data-use]").length;
  for (let k = 0; k < 1000 && !heads(); k += 1) {
    await new Promise((done) => setTimeout(done, 20));
  }
  return heads();
})()"""
MOVED = """(() => {{
  const slider = document.querySelector({!r});
  const told = () => document.querySelector({!r}).innerText;
  const before = told();
  slider.value = slider.{};
  slider.dispatchEvent(new Event("input"));
  return new Promise((done) => setTimeout(() => done([before, told()]), 500));
}})()"""


@pytest.mark.parametrize("page", ["map", "comparison"])
def test_the_slider_of_the_years_tells_of_another_year(firefox, small_run, small_compared, page):
    folder = {"map": small_run, "comparison": small_compared}[page]
    firefox.open(folder / f"{page}.html")
    before, after = firefox.run(MOVED.format("#year", ".years", "max"))
    assert before != after
    assert firefox.complaints == []


def test_the_slider_of_a_weight_colours_the_map_anew(firefox, small_run):
    firefox.open(small_run / "map.html")
    drawn = "[...document.querySelectorAll('.leaflet-score-pane img')].map((one) => one.src).join()"
    before = firefox.run(drawn)
    firefox.run(MOVED.format("[data-weight]", "body", "max"))
    assert firefox.run(drawn) != before
    assert firefox.complaints == []


def test_a_clicked_place_says_why_it_is_so(firefox, small_run):
    firefox.open(small_run / "map.html")
    firefox.run("(map_maemoh.fire('click', {latlng: L.latLng(18.3, 99.75)}), 0)")
    assert firefox.run(ANSWERED) > 0
    assert firefox.complaints == []
