"""The page that compares runs is one file in two languages, fetches nothing, and keeps in step."""

import dataclasses
import re

import numpy as np
import pytest
from shapely import Point, box

from maemoh_gis.pages.comparison_content import (
    ComparisonContent,
    PageBar,
    PageChart,
    PagePiece,
    PageRow,
    PageRun,
    PageTable,
    PageUse,
)
from maemoh_gis.pages.comparison_page import BAR, RANGE, comparison_html, write_comparison_page
from maemoh_gis.pages.offline import COMPARISON_SCRIPTS, page_folder, page_script
from maemoh_gis.pages.raster_image import SCORE_STEPS, draw_pixels, good_step, place
from maemoh_gis.pages.wording import Wording
from tests.pages.example import GRID, VIEW, both, layer
from tests.pages.test_page import FETCHING, HOSTILE, Reader, assert_policies

GOOD = 0.6


def picture(placement, score):
    """Allowed land of one score, with a strip of removed and a strip of unknown land."""
    shape = placement.cells.shape
    state = np.where(placement.cells < 0, 0, 1).astype(np.uint8)
    state[10:40], state[40:60] = 3, 4
    return draw_pixels(np.full(shape, score, dtype=np.float32), state, GOOD)


def example(**changes):
    placement = place(GRID, 200_000)
    runs = [
        PageRun(
            both(name, name), both(f"ฉาก {name}", f"Scenario {name}"), 2569, both("ชุมชน", "Town")
        )
        for name in ("first", "second", "third")
    ]
    shape, name = Point(99.75, 18.3).buffer(0.005), both("แปลง 1", "Site 1")
    piece = PagePiece("estate-site-01", name, shape, 100.0, [0, 1], [0.8, 0.5, None])
    rows = [
        PageRow([both("แถวแรก", "first row")], 0, (0,)),
        PageRow([both("แถวสาม", "third row")], 0, (2,)),
        PageRow([both("คู่", "pair row")], 0, (0, 1)),
        PageRow([both("อื่น", "other use")], 1),
    ]
    content = {
        "title": both("เปรียบเทียบสามผล", "Comparison of three"),
        "first": both("ผลไม่ต่างกัน", "No difference"),
        "runs": runs,
        "good_from": GOOD,
        "view": VIEW,
        "cell_m": 200.0,
        "placement": placement,
        "pictures": [picture(placement, 0.5), picture(placement, 0.9)],
        "uses": [
            PageUse("estate", both("นิคม", "Estate"), [0, 1, 0], [piece]),
            PageUse("yard", both("ลาน", "Yard"), [None, 1, 1], []),
        ],
        "layers": [layer("districts", [box(99.62, 18.2, 99.88, 18.4)], "แม่เมาะ", "Mae Mo")],
        "tables": [
            PageTable("land", both("พื้นที่", "Land"), [both("ผล", "Run")], rows),
            PageTable("none", both("ว่าง", "Empty"), [both("ผล", "Run")], [], folded=True),
        ],
        "caveats": [both("ตรวจสอบแล้ว 0 จาก 9 ข้อ", "0 of 9 legal limits checked"),
                    both("ที่สอง", "second")],
        "provenance": both("ทดสอบ", "test"),
    }  # fmt: skip
    return ComparisonContent(**{**content, **changes})


@pytest.fixture(scope="module")
def html(wording):
    return comparison_html(example(), wording)


@pytest.fixture(scope="module")
def page(html, tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "comparison.html"
    path.write_text(html, encoding="utf-8", newline="\n")
    return path


def test_nothing_leads_out_of_the_page(html):
    read = Reader(html)
    for tag, attributes in read.tags:
        for name, value in attributes.items():
            assert name not in FETCHING or value.startswith(("data:", "#")), (name, value[:80])
            assert not name.startswith("on"), tag
            assert name != "style", tag
    assert "sourceMappingURL" not in html
    assert_policies(read)


def test_the_same_content_gives_the_same_bytes(tmp_path):
    one, two = (write_comparison_page(example(), tmp_path / name) for name in ("a", "b"))
    assert one == two


def test_every_id_the_page_names_has_a_message():
    messages = Wording.of_package().messages["en"]
    template = page_folder().joinpath("compare.html").read_text("utf-8")
    named = re.findall(r'\bsay\(["`](\w+)["`]', page_script(COMPARISON_SCRIPTS) + template)
    named += [f"compare_view_{view}" for view in ("swipe", "side", "score", "good")]
    assert {f"page.{id}" for id in named if not id.endswith("_")} <= set(messages)


def test_what_can_be_read_without_a_script_is_all_there(html):
    text = " ".join(Reader(html).texts)
    for words in ("เปรียบเทียบสามผล", "Comparison of three", "0 of 9 legal limits checked",
                  "ใช้เพื่อการคัดกรองเบื้องต้นเท่านั้น", "Estate: first, third", "pair row"):  # fmt: skip
        assert words in text, words
    assert len(Reader(html).elements("image")) == 2


def test_a_run_leads_to_its_report_where_that_stands_beside(wording):
    runs = list(example().runs)
    runs[1] = dataclasses.replace(runs[1], report="../second/report.html")
    read = Reader(comparison_html(example(runs=runs), wording))
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a"]
    assert links == ["../second/report.html"]
    assert wording("compare_reports")["en"] in " ".join(read.texts)
    assert wording("compare_reports")["en"] not in " ".join(
        Reader(comparison_html(example(), wording)).texts
    )


def test_hostile_names_add_no_element_and_no_handler(html, wording):
    evil = [text.replace("\ud800", "") for text in HOSTILE]
    runs = [PageRun(both(text, text), both(text, text), 2569, both(text, text)) for text in evil]
    uses = [PageUse("x", both(evil[2], evil[0]), [0] * len(runs), [])]
    tables = [PageTable("x", both(evil[0], evil[1]), [both(evil[2], evil[3])],
                        [PageRow([both(text, text)]) for text in evil])]  # fmt: skip
    content = example(runs=runs, uses=uses, tables=tables, title=both(evil[2], evil[1]))
    ours, theirs = Reader(html), Reader(comparison_html(content, wording))
    assert {tag for tag, _ in theirs.tags} <= {tag for tag, _ in ours.tags}
    assert len(theirs.elements("script")) == len(ours.elements("script"))
    assert not [a for _, attributes in theirs.tags for a in attributes if a.startswith("on")]


@pytest.mark.parametrize("good", [0.6, 0.55, 0.613])
def test_good_land_can_be_read_back_from_a_picture(good):
    just_below = np.nextafter(np.float32(good), np.float32(0))
    score = np.array([[just_below, good, good + 0.004, good - 0.004, 0.0, 1.0]], dtype=np.float32)
    state = np.ones(score.shape, dtype=np.uint8)
    first = good_step(good)
    for k, value in enumerate(score[0]):
        alone = draw_pixels(score[:, k : k + 1], state[:, k : k + 1], good)
        steps = [s for s in range(SCORE_STEPS + 1) if alone == one_pixel(s / SCORE_STEPS)]
        assert len(steps) == 1
        assert (steps[0] >= first) == bool(value >= np.float32(good))


def one_pixel(score):
    return draw_pixels(np.array([[score]], dtype=np.float32), np.ones((1, 1), dtype=np.uint8), 1e-9)


MAPS = "window.maemohMaps"
SETTLED = "new Promise((done) => setTimeout(() => done(1), 300))"


def choose(browser, **values):
    for id, value in values.items():
        browser.run(
            f"(() => {{ const box = document.getElementById('{id.replace('_', '-')}');"
            f" box.value = '{value}'; box.dispatchEvent(new Event('change'));"
            " box.dispatchEvent(new Event('input')); })()"
        )
    browser.run(SETTLED)


@pytest.mark.browser
def test_the_page_asks_for_nothing_and_complains_of_nothing(browser, page):
    browser.open(page)
    for view in range(4):
        choose(browser, view=view)
    outside = [address for address in browser.requests if not address.startswith("data:")]
    assert [address.partition("#")[0] for address in outside] == [page.resolve().as_uri()]
    assert browser.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("view", [0, 1])
def test_the_two_maps_keep_in_step(browser, page, view):
    browser.open(page)
    choose(browser, view=view)
    for moved in (0, 1):
        browser.run(f"{MAPS}[{moved}].setView([18.2{moved}, 99.7], 12, {{animate: false}}); 0")
        places = browser.run(
            f"{MAPS}.map((m) => [m.getCenter().lat.toFixed(4), m.getCenter().lng.toFixed(4),"
            " m.getZoom()])"
        )
        assert places[0] == places[1]
        # Leaflet keeps the middle on a whole pixel, here about 30 m.
        assert float(places[0][0]) == pytest.approx(18.2 + moved / 100, abs=5e-4)


@pytest.mark.browser
def test_the_divider_cuts_the_right_map(browser, page):
    browser.open(page)
    choose(browser, swipe=25)
    cut = "document.getElementById('right-map').style.clipPath"
    assert browser.run(cut) == "inset(0px 0px 0px 25%)"
    choose(browser, view=1)
    assert browser.run(cut) == "none"


@pytest.mark.browser
def test_the_difference_of_two_runs_is_drawn_in_the_colour_of_its_size(browser, page):
    browser.open(page)
    colours = (
        "(() => { const c = document.querySelector('#left-map canvas.leaflet-image-layer,"
        " #left-map canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height)"
        ".data; const seen = new Set(); for (let k = 0; k < d.length; k += 4) if (d[k + 3]) "
        "seen.add([d[k], d[k + 1], d[k + 2]].map((p) => p.toString(16).padStart(2, '0')).join(''));"
        " return [...seen].sort(); })()"
    )
    choose(browser, view=2)  # 0.9 on the right against 0.5: more than 0.3 better
    assert browser.run(colours) == sorted(["084594", "8a847c"])
    choose(browser, right_run=2)  # the same picture: no difference
    assert browser.run(colours) == sorted(["e3e1dc", "8a847c"])
    choose(browser, right_run=1, view=3)  # good on the right only
    assert browser.run(colours) == sorted(["2171b5", "8a847c"])


@pytest.mark.browser
def test_a_run_without_the_use_says_so_and_draws_nothing(browser, page):
    browser.open(page, language="en")
    choose(browser, use=1)
    assert "not in the run" in browser.run("document.getElementById('left-badge').innerText")
    assert browser.run("document.querySelectorAll('#left-map .leaflet-score-pane img').length") == 0
    assert (
        browser.run("document.querySelectorAll('#right-map .leaflet-score-pane img').length") == 1
    )


@pytest.mark.browser
def test_enter_reads_both_runs_in_the_middle(browser, page):
    browser.open(page, language="en")
    browser.run(
        f"{MAPS}[0].getContainer().dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter'}}))"
    )
    browser.run(SETTLED)
    said = browser.run("document.querySelector('.leaflet-popup dl').innerText")
    assert "first" in said
    assert "Passed screening" in said
    assert ", 0.50" in said
    assert ", 0.90" in said


@pytest.mark.browser
def test_tables_show_the_rows_of_what_is_chosen(browser, page):
    browser.open(page, language="en")
    rows = (
        "[...document.querySelectorAll('#table-land tbody tr')].filter((r) => !r.hidden)"
        ".map((r) => r.innerText.trim())"
    )
    assert browser.run(rows) == ["first row", "pair row"]
    choose(browser, right_run=2)
    assert browser.run(rows) == ["first row", "third row"]
    choose(browser, use=1)
    assert browser.run(rows) == ["other use"]
    browser.run("document.querySelector('#table-none details').open = true")
    assert "Nothing to show" in browser.run("document.getElementById('table-none').innerText")


@pytest.mark.browser
def test_tables_wait_for_the_script_where_there_is_one(browser, page):
    browser.open(page)
    display = "getComputedStyle(document.getElementById('table-land')).display"
    assert browser.run(display) == "block"
    root = "document.documentElement.removeAttribute"
    assert browser.run(f"{root}('data-language'), {display}") == "none"
    assert browser.run(f"{root}('data-scripted'), {display}") == "block"


@pytest.mark.browser
def test_the_page_switches_every_word(browser, page):
    browser.open(page)
    assert browser.run("document.documentElement.lang") == "th"
    browser.run("document.querySelector('#languages button[lang=en]').click()")
    browser.drawn()
    shown = browser.run(
        "document.body.innerText + [...document.querySelectorAll('option')].map((o) => "
        "o.textContent).join(' ') + [...document.querySelectorAll('[aria-label]')]"
        ".filter((e) => e.checkVisibility()).map((e) => e.getAttribute('aria-label')).join(' ')"
    )
    thai = {letter for letter in shown if "\u0e00" <= letter <= "\u0e7f"}
    assert thai <= set("ไทย"), "only the button that leads back to Thai"


@pytest.mark.browser
def test_a_phone_needs_no_sideways_scrolling(browser, page):
    browser.open(page, width=390, height=844, phone=True)
    assert browser.run("document.documentElement.scrollWidth") <= 390
    assert browser.run(f"{MAPS}[0].getSize().y") >= 320


@pytest.mark.browser
@pytest.mark.parametrize("text", HOSTILE[:6])
def test_a_hostile_run_is_shown_as_text_and_runs_nothing(browser, tmp_path, wording, text):
    runs = [dataclasses.replace(run, name=both(text, text)) for run in example().runs]
    path = tmp_path / "hostile.html"
    path.write_text(comparison_html(example(runs=runs), wording), encoding="utf-8", newline="\n")
    browser.open(path, language="en")
    browser.run(f"{MAPS}[0].fire('click', {{latlng: L.latLng(18.3, 99.75)}}); 0")
    browser.run(SETTLED)
    assert browser.run("document.querySelector('.leaflet-popup dt').textContent") == text
    assert browser.complaints == []


def bar(label, use, value, low, high):
    words = both(f"{value} ({low}–{high}) ไร่", f"{value} ({low}–{high}) rai")
    return PageBar(both(label, label), words, use, value, low, high, 50.0, both("50 ไร่", "50 rai"))


CHART = PageChart(
    "good_land", both("พื้นที่ถึงเกณฑ์", "Good land"), both("หมายเหตุ", "A note"),
    [bar("first", 0, 25.0, 10.0, 50.0), bar("second", 0, 0.0, 0.0, 0.0), bar("other", 1, 1, 1, 1)],
)  # fmt: skip


def test_a_chart_draws_each_value_and_range_on_one_axis_and_says_them(wording):
    read = Reader(comparison_html(example(charts=[CHART]), wording))
    # Of 1,000 units the first bar is half as long as the axis, its range from 10 / 50 to 50 / 50.
    bars = [(one.get("x", "0"), one["width"]) for one in read.elements("rect")
            if one.get("fill") in {BAR, RANGE} and one["width"] != "26"]  # fmt: skip
    assert bars[:4] == [("0", "500.0"), ("200.0", "800.0"), ("0", "0.0"), ("0.0", "0.0")]
    said = " ".join(read.texts)
    for words in ("25.0 (10.0–50.0) ไร่", "25.0 (10.0–50.0) rai", "50 rai", "A note"):
        assert words in said


@pytest.mark.browser
def test_a_chart_shows_the_bars_of_the_use_that_is_chosen(browser, wording, tmp_path):
    path = tmp_path / "comparison.html"
    html = comparison_html(example(charts=[CHART]), wording)
    path.write_text(html, encoding="utf-8", newline="\n")
    browser.open(path, language="en")
    rows = (
        "[...document.querySelectorAll('#chart-good_land tbody tr')].filter((r) => !r.hidden)"
        ".map((r) => r.cells[0].innerText.trim())"
    )
    assert browser.run(rows) == ["first", "second", ""]
    choose(browser, use=1)
    assert browser.run(rows) == ["other", ""]
    width = "document.querySelector('#chart-good_land svg[viewBox=\"0 0 1000 20\"]').clientWidth"
    choose(browser, use=0)
    assert browser.run(width) > 100
    assert browser.complaints == []
