"""What every page must show in a real browser: places exact, no missing glyph, the same numbers."""

import dataclasses
import json
import re

import numpy as np
import pytest
from pyproj import Transformer
from shapely import Point

from maemoh_gis.core.messages import text
from maemoh_gis.pages.map_page import page_html
from tests.pages.example import GRID, cells, example, layer, path
from tests.pages.test_comparison_page import example as comparison

pytestmark = pytest.mark.browser

CORNERS = [(0, 0), (0, GRID.cols - 1), (GRID.rows - 1, 0), (GRID.rows - 1, GRID.cols - 1)]

# Where the pixels of one colour are drawn on the page: the middle of those nearest to each point.
MARKED = """(async (points) => {{
  const image = document.querySelector(".leaflet-score-pane img");
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const {{ data }} = pen.getImageData(0, 0, canvas.width, canvas.height);
  const box = image.getBoundingClientRect();
  const marked = [];
  for (let k = 0; k < data.length / 4; k += 1) {{
    if (data[4 * k + 3] && data[4 * k] === {red} && data[4 * k + 1] === {green}) {{
      marked.push([
        box.left + ((k % canvas.width) + 0.5) / canvas.width * box.width,
        box.top + (Math.floor(k / canvas.width) + 0.5) / canvas.height * box.height]);
    }}
  }}
  const ground = map_maemoh.getContainer().getBoundingClientRect();
  return points.map(([lat, lon]) => {{
    const at = map_maemoh.latLngToContainerPoint([lat, lon]);
    const [x, y] = [ground.left + at.x, ground.top + at.y];
    const near = marked.filter(([a, b]) => Math.hypot(a - x, b - y) < 60);
    const mean = (k) => near.reduce((sum, one) => sum + one[k], 0) / near.length;
    const circles = [...document.querySelectorAll(".leaflet-overlay-pane path")].map((path) => {{
      const around = path.getBoundingClientRect();
      return Math.hypot(around.left + around.width / 2 - x, around.top + around.height / 2 - y);
    }});
    return {{ raster: Math.hypot(mean(0) - x, mean(1) - y), vector: Math.min(...circles) }};
  }});
}})({points})"""


def test_raster_and_vector_meet_at_the_four_corners_within_a_cell(browser, wording, tmp_path):
    score = np.zeros(GRID.shape, dtype=np.float32)
    state = np.ones(GRID.shape, dtype=np.uint8)
    for row, col in CORNERS:
        score[row, col] = 1.0
    use = dataclasses.replace(example().uses[0], score=score, state=state)
    to_degrees = Transformer.from_crs(GRID.crs, "EPSG:4326", always_xy=True)
    middles = [GRID.cell(row, col).bounds for row, col in CORNERS]
    points = [
        to_degrees.transform((west + east) / 2, (south + north) / 2)
        for west, south, east, north in middles
    ]
    shown = layer("corners", [Point(point) for point in points], "มุม", "Corner")
    file = tmp_path / "corners.html"
    html = page_html(example(uses=[use], layers=[shown]), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    browser.open(file)
    places = [[lat, lon] for lon, lat in points]
    browser.run(f"map_maemoh.fitBounds(L.latLngBounds({places}), {{animate: false}}); 0")
    cell_px = browser.run(
        f"{GRID.cell_m} / (40075016.7 * Math.cos(18.3 * Math.PI / 180) / 256"
        " / 2 ** map_maemoh.getZoom())"
    )
    red, green = 0xFD, 0xE7  # the palette's colour of a score of one
    found = browser.run(MARKED.format(red=red, green=green, points=places))
    assert len(found) == 4
    for corner in found:
        assert corner["raster"] < cell_px
        assert corner["vector"] < 1.0


# Symbols that stand for themselves and come from the reader's own fonts.
SYMBOLS = set("▲▶❚◂▸−≤≥→✓")


def test_every_letter_is_drawn_by_the_fonts_in_the_page(browser, wording, tmp_path):
    file = tmp_path / "letters.html"
    html = page_html(example(cells=cells(), path=path()), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    browser.open(file)
    words = " ".join(text for language in wording.messages.values() for text in language.values())
    words += " " + browser.run("document.body.innerText")
    words = "".join(letter for letter in words if letter not in SYMBOLS)
    letters = sorted(letter for letter in set(words) if letter.strip())
    # A vowel or tone mark needs a letter to stand on. So does the vowel am: it is drawn as two
    # marks, and behind a space, which comes from the file of Latin letters, no one file holds the
    # cluster: the browser then takes any Thai font of the machine, though no Thai is written so.
    written = " ".join([
        *(f"ก{c}" if "\u0e31" <= c <= "\u0e4e" and c not in "าเแโใไๅๆ" else c for c in letters),
        words,
    ])  # fmt: skip
    browser.run(
        "(() => { const p = document.createElement('p'); p.id = 'letters';"
        f" p.textContent = {json.dumps(written)}; document.body.prepend(p); }})()"
    )
    browser.run("document.fonts.load('15px Sarabun', 'กA').then(() => document.fonts.ready)"
                ".then(() => 1)")  # fmt: skip
    browser.send("DOM.enable")
    browser.send("CSS.enable")
    root = browser.send("DOM.getDocument")["root"]["nodeId"]
    node = browser.send("DOM.querySelector", nodeId=root, selector="#letters")["nodeId"]
    fonts = browser.send("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
    browser.send("CSS.disable")
    strange = [font for font in fonts if not font["isCustomFont"]]
    assert strange == [], "letters that the fonts in the page lack"
    assert {font["familyName"] for font in fonts} == {"Sarabun"}


USE_ALL = """(async () => {
  map_maemoh.fire("click", {latlng: L.latLng(18.3, 99.75)});
  await new Promise((done) => setTimeout(done, 400));
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const slider = document.querySelector("[data-weight]");
  slider.value = 20;
  slider.dispatchEvent(new Event("input"));
  await new Promise((done) => setTimeout(done, 300));
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const seen = (node) => node.checkVisibility() && node.innerText.trim() !== "";
  return [...document.querySelectorAll("td, dd, output, .ticks span, .answer p, .badge, .measured")]
    .filter(seen).map((node) => node.innerText);
})()"""


def numbers(texts):
    # Not those of a unit such as m3 or of a name such as MM-8; a Thai letter may touch a number.
    return [re.findall(r"(?<![A-Za-z\d.,-])[−-]?\d[\d,]*\.?\d*", text) for text in texts]


def test_all_numbers_are_equal_in_both_languages(browser, wording, tmp_path):
    file = tmp_path / "numbers.html"
    html = page_html(example(cells=cells(), path=path()), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    told = {}
    for language in ("th", "en"):
        browser.open(file, language=f"{language}&year=2580")
        told[language] = numbers(browser.run(USE_ALL))
    assert told["th"] == told["en"]
    assert sum(map(len, told["en"])) > 60
    assert browser.complaints == []


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_phone_shows_map_slider_and_tools_without_sideways_scrolling(
    browser, wording, tmp_path, language
):
    from maemoh_gis.pages.comparison_page import comparison_html

    runs = [dataclasses.replace(run, path=0) for run in comparison().runs]
    pages = {
        "map": page_html(example(cells=cells(), path=path()), wording),
        "comparison": comparison_html(comparison(runs=runs, paths=[path()]), wording),
    }
    for name, html in pages.items():
        file = tmp_path / f"{name}.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        browser.open(file, width=390, height=844, phone=True, language=language)
        assert browser.run("document.documentElement.scrollWidth") <= 390
        shown = "document.querySelector('.leaflet-container').getBoundingClientRect().height"
        assert browser.run(shown) >= 250
        for control in ("#year", "#search", "[data-tool=measure]", "[data-play]"):
            box = browser.run(
                f"(({{left, right, height}}) => [left, right, height])"
                f"(document.querySelector('{control}').getBoundingClientRect())"
            )
            assert box[0] >= 0, control
            assert box[1] <= 390, control
            assert box[2] >= 30, control


@pytest.mark.parametrize("language", ["th", "en"])
def test_on_a_phone_the_map_is_in_sight_below_what_must_be_read_first(browser, small_run, language):
    browser.open(small_run / "map.html", width=390, height=844, phone=True, language=language)
    box = "document.querySelector('{}').getBoundingClientRect()"
    # Half a screen for the title, what was checked and what was found; 23 units are a line.
    assert browser.run(box.format(".leaflet-container") + ".top") <= 500
    assert browser.run(box.format(".caveats > p") + ".height") <= 2 * 23
    assert browser.run(box.format("#findings > summary") + ".height") <= 5 * 23
    seen = browser.run("document.body.innerText")
    law = json.loads((small_run / "run.json").read_text(encoding="utf-8"))["legal_limits"]
    assert law["checked"] == []
    for id in ("caveat.none_checked", "choice.headline_open", "freight.headline_no"):
        assert text(id, language, m=law["of"]) in seen
    browser.run("document.getElementById('caveats').open = true")
    whole = "document.querySelector('.caveats > p'), (one) => one.scrollHeight - one.clientHeight"
    assert browser.run(f"((one, hidden) => hidden(one))({whole})") <= 0


def test_the_chart_of_the_path_is_written_in_the_language_of_the_page(browser, small_run):
    for language in ("th", "en"):
        browser.open(small_run / "map.html", language=language)
        browser.run("document.getElementById('chart').open = true")
        shown = browser.run(
            "[...document.querySelectorAll('.chart svg text, .chart svg tspan')]"
            ".filter((one) => one.getBoundingClientRect().width > 0 && !one.children.length)"
            ".map((one) => one.textContent).join(' ')"
        )
        assert ("2570" in shown, "·" in shown) == (True, False)
        thai = any("\u0e00" <= letter <= "\u0e7f" for letter in shown)
        assert thai == (language == "th")
        assert ("Lignite in a year" in shown) == (language == "en")


def test_a_layer_too_large_for_a_page_is_generalised_or_left_out_and_the_page_says_so(
    browser, wording, tmp_path
):
    angles = np.linspace(0, 2 * np.pi, 300_000)
    # A coast of 300,000 points, 3 m to and fro, and five thousand points.
    radius = 0.08 + 0.00003 * np.sin(angles * 15_000)
    from shapely import Polygon

    coast = Polygon(
        np.column_stack([99.75 + radius * np.cos(angles), 18.3 + radius * np.sin(angles)])
    )
    crowd = [Point(99.7 + k / 1e5, 18.3) for k in range(5_000)]
    large = [layer("coast", [coast], "ชายฝั่ง", "Coast"), layer("crowd", crowd, "จุด", "Crowd")]
    html = page_html(example(layers=large), wording)
    file = tmp_path / "large.html"
    file.write_text(html, encoding="utf-8", newline="\n")
    assert file.stat().st_size < 3_000_000
    browser.open(file, language="en")
    assert browser.complaints == []
    said = browser.run("document.querySelector('.layers').innerText")
    assert "Drawn with lines generalised by up to 10 m" in said
    assert "Not drawn: 5,000 features" in said
    assert browser.run("document.querySelectorAll('.leaflet-overlay-pane path').length") == 1


def test_generalised_lines_stay_within_what_is_said(wording):
    from maemoh_gis.pages.budget import MOST_POINTS, TOLERANCES_M, lighter

    steps = np.arange(3 * MOST_POINTS)
    from shapely import LineString

    line = LineString(np.column_stack([99.0 + steps * 1e-5, 18.3 + 2e-5 * np.sin(steps)]))
    given = layer("line", [line], "เส้น", "Line")
    drawn = lighter(given, wording)
    # In degrees, where lines on a web map are straight.
    away = drawn.frame.geometry.iloc[0].hausdorff_distance(line)
    assert away <= TOLERANCES_M[0] / 111_000
    assert lighter(drawn, wording) is drawn


COLOUR_AT = """(async ([lat, lon]) => {{
  await new Promise((done) => setTimeout(done, 600));
  const canvas = document.querySelector(".leaflet-limits-pane canvas");
  const box = canvas.getBoundingClientRect();
  const at = map_maemoh.latLngToContainerPoint([lat, lon]);
  const ground = map_maemoh.getContainer().getBoundingClientRect();
  const x = Math.floor((ground.left + at.x - box.left) / box.width * canvas.width);
  const y = Math.floor((ground.top + at.y - box.top) / box.height * canvas.height);
  return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)];
}})({place})"""


def test_where_a_limit_holds_is_drawn_cell_by_cell(browser, wording, tmp_path):
    file = tmp_path / "limits.html"
    file.write_text(page_html(example(cells=cells()), wording), encoding="utf-8", newline="\n")
    to_degrees = Transformer.from_crs(GRID.crs, "EPSG:4326", always_xy=True)
    # Rows 30 to 39 are removed by the first limit, 10 to 29 ask for a permit by the second.
    for limit, row, colour in ((0, 31, [179, 38, 30]), (0, 28, [0, 0, 0]), (1, 12, [224, 161, 0])):
        browser.open(file, language=f"en&limit={limit}")
        west, south, east, north = GRID.cell(row, 80).bounds
        lon, lat = to_degrees.transform((west + east) / 2, (south + north) / 2)
        found = browser.run(COLOUR_AT.format(place=[lat, lon]))
        assert found == pytest.approx(colour, abs=2)
    assert "Red: removes the land" in browser.run("document.getElementById('limits-box').innerText")
    assert browser.complaints == []
