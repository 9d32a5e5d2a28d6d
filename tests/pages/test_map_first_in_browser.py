"""The map comes first: it takes the screen, its legend is on it, nothing covers what is read."""

import pytest

from maemoh_gis.core.messages import same
from maemoh_gis.pages.map_page import page_html
from tests.pages.example import cells, example, path

pytestmark = pytest.mark.browser

BOX = """(({{left, top, right, bottom}}) => [left, top, right, bottom])(
  document.querySelector({!r}).getBoundingClientRect())"""
SEEN = "document.querySelector({!r}).checkVisibility()"
SCREENS = [(1280, 720, False), (1400, 900, False), (390, 844, True)]


def test_words_and_counts_of_the_answer_are_explained_where_it_stands(browser, small_run):
    browser.open(small_run / "map.html", language="en", height=720)
    said = browser.run("(() => { const box = document.querySelector('.terms'); box.open = true;"
                       " return box.innerText; })()")  # fmt: skip
    assert "Step = " in said
    assert "Group A = " in said
    assert "candidate site = " in said
    above = "document.querySelector('.headline').getBoundingClientRect().bottom"
    assert (
        browser.run(f"document.querySelector('.terms').getBoundingClientRect().top - {above}") < 20
    )


def test_the_map_leads_to_the_briefs_beside_it(browser, small_run):
    browser.open(small_run / "map.html", language="th")
    names = browser.run(
        "[...document.querySelectorAll('.links a')].map((one) => one.getAttribute('href'))"
    )
    assert names == ["brief_committee.html", "brief_egat.html", "brief_villagers.html"]
    assert all((small_run / name).is_file() for name in names)


@pytest.fixture(scope="module")
def page(tmp_path_factory, wording):
    file = tmp_path_factory.mktemp("map") / "map.html"
    answers = [("where", same("where"), same("there")), ("step", same("when"), same("then"))]
    content = example(cells=cells(), path=path(), lead=same("ก"), answers=answers)
    html = page_html(content, wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    return file


@pytest.mark.parametrize(("width", "height", "phone"), SCREENS)
def test_the_map_takes_at_least_seven_tenths_of_the_screen(browser, page, width, height, phone):
    browser.open(page, width=width, height=height, phone=phone)
    left, top, right, bottom = browser.run(BOX.format(".leaflet-container"))
    assert (right - left) * (min(bottom, height) - top) >= 0.7 * width * height


@pytest.mark.parametrize(("width", "height", "phone"), SCREENS)
def test_the_answer_is_on_the_first_screen(browser, page, width, height, phone):
    browser.open(page, width=width, height=height, phone=phone)
    _, top, _, bottom = browser.run(BOX.format(".headline p"))
    assert 0 <= top < bottom <= height


def test_tools_years_and_legend_lie_on_the_map_without_covering_each_other(browser, page):
    browser.open(page, width=1280, height=720)
    ground = browser.run(BOX.format("#ground"))
    boxes = [browser.run(BOX.format(one)) for one in (".tools button", ".years", "#legend")]
    for left, top, right, bottom in boxes:
        assert ground[0] <= left < right <= ground[2]
        assert ground[1] <= top < bottom <= ground[3]
    for k, one in enumerate(boxes):
        for other in boxes[k + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or (
                other[3] <= one[1])  # fmt: skip
            assert apart, (one, other)


def test_the_legend_names_every_layer_on_the_map_and_no_other(browser, page):
    browser.open(page)
    entries = """[...document.querySelectorAll("[data-layer]")].map((box) => [box.checked,
      document.querySelector(`[data-legend="${box.dataset.layer}"]`).checkVisibility()])"""
    assert all(on == told for on, told in browser.run(entries))
    browser.run("document.querySelector('[data-layer=\"0\"]').click()")
    assert browser.run(entries)[0] == [False, False]
    assert browser.run("document.querySelectorAll('[data-legend=zones]').length") > 0


def test_a_popup_stands_beside_what_it_tells_of(browser, page):
    browser.open(page, width=1280, height=720)
    browser.run("document.querySelector('.sites button').click()")
    browser.drawn()
    popup = browser.run(BOX.format(".leaflet-popup"))
    site = browser.run(BOX.format(".leaflet-sites-pane path"))
    assert popup[0] >= site[2] or popup[2] <= site[0]
    assert not browser.run(SEEN.format("#legend dl"))
    ground = browser.run(BOX.format("#ground"))
    assert ground[0] <= popup[0] < popup[2] <= ground[2]
    # A popup fades for a fifth of a second before it goes.
    browser.run("map_maemoh.closePopup(); new Promise((done) => setTimeout(done, 400))")
    assert browser.run(SEEN.format("#legend dl"))


def test_the_place_that_was_read_is_marked(browser, page):
    browser.open(page)
    rings = "document.querySelectorAll('.leaflet-read-pane path').length"
    assert browser.run(rings) == 0
    browser.run("map_maemoh.fire('click', {latlng: L.latLng(18.3, 99.75)}); 0")
    assert browser.run(rings) == 2
    browser.run("map_maemoh.closePopup(); 0")
    assert browser.run(rings) == 2


def test_a_map_that_was_hidden_or_resized_shows_the_same_middle(browser, page):
    browser.open(page)
    browser.run("map_maemoh.setView([18.30, 99.72], 12, {reset: true}); 0")
    middle = "JSON.stringify([map_maemoh.getCenter(), map_maemoh.getZoom()])"
    before = browser.run(middle)
    for style in ("display: none", "", "height: 301px", ""):
        browser.run(f"document.getElementById('ground').style.cssText = {style!r}")
        browser.drawn()
    assert browser.run(middle) == before


def test_what_lies_outside_the_study_area_is_paled(browser, page):
    browser.open(page)
    veil = browser.run("document.querySelectorAll('.leaflet-veil-pane path').length")
    areas = browser.run(
        "JSON.parse(document.getElementById('data').textContent).layers"
        ".some(({features}) => features[0]?.shape.type.endsWith('Polygon'))"
    )
    assert veil == int(areas)


PICTURE = """(async () => {
  const shown = document.querySelector(".leaflet-score-pane :is(canvas, img)");
  await shown.decode?.();
  const [width, height] = [shown.naturalWidth ?? shown.width, shown.naturalHeight ?? shown.height];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.drawImage(shown, 0, 0);
  return [shown.localName, ...pen.getImageData(0, 0, width, height).data];
})()"""
SLIDE = """(async (value) => {{
  const slider = document.querySelector("[data-weight]");
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
  for (let k = 0; k < 100; k += 1) {{
    await new Promise((done) => setTimeout(done, 20));
    if (document.getElementById("tried").hidden === {hidden}) {{ break; }}
  }}
}})({value})"""


def test_sliders_recolour_the_map_and_the_runs_own_weights_give_its_own_colours_back(browser, page):
    browser.open(page)
    own = browser.run(PICTURE)
    given = browser.run("document.querySelector('[data-weight]').value")
    browser.run(SLIDE.format(value=0, hidden="false"))
    tried = browser.run(PICTURE)
    assert (own[0], tried[0]) == ("img", "canvas")
    assert tried[1:] != own[1:]
    # What is see-through or has no score keeps its colour.
    assert [one == 0 for one in tried[4::4]] == [one == 0 for one in own[4::4]]
    assert browser.run(SEEN.format("#tried"))
    browser.run(SLIDE.format(value=given, hidden="true"))
    assert browser.run(PICTURE) == own


def test_a_criterion_without_data_is_marked_at_its_slider(browser, page):
    browser.open(page)
    marked = browser.run(
        "[...document.querySelectorAll('.weigh')].map((row) => [row.querySelector('input')"
        ".dataset.weight, row.querySelector('.no-data') !== null])"
    )
    unscored = browser.run(
        "JSON.parse(document.getElementById('data').textContent).cells.uses.yard.criteria"
        ".map(({id, value}) => [id, value.plane === null && value.constant === null])"
    )
    assert marked == unscored
    assert True in dict(marked).values()
