"""Land dropped on the map page is told with the figures of `assess`."""

import json
import re

import pytest

from maemoh_gis.ask.explain import assess
from maemoh_gis.runs.finished import open_run

pytestmark = pytest.mark.browser

BRING = """(async () => {{
  const data = new DataTransfer();
  data.items.add(new File([{text}], "land.geojson"));
  const input = document.querySelector("input[type=file]");
  {how}
  for (let k = 0; k < 500; k += 1) {{
    await new Promise((done) => setTimeout(done, 20));
    if (document.querySelector("#answer h3, #answer .own-fault")) {{ break; }}
  }}
}})()"""
CHOSEN = "input.files = data.files; input.dispatchEvent(new Event('change'));"
DROP = ("{on}.dispatchEvent(new DragEvent('drop', {{{{dataTransfer: data, bubbles: true,"
        " cancelable: true}}}}));")  # fmt: skip
DROPPED = DROP.format(on="map_maemoh.getContainer()")
BESIDE = DROP.format(on="document.querySelector('.panel')")
SAID = "document.getElementById('answer').innerText"


def bring(browser, land, how=CHOSEN):
    text = land if isinstance(land, str) else json.dumps(land)
    browser.run(BRING.format(text=json.dumps(text), how=how.replace("{{", "{").replace("}}", "}")))


@pytest.fixture
def land(small_run, small_project):
    """Lay a polygon over the middle of the run, askew to its cells."""
    run = open_run(small_run, small_project.catalog())
    west, south, east, north = run.grid.bounds
    # Off the middles of cells: one that lies on the border falls to either side by rounding.
    x, y = (west + east) / 2 + 37.3, (south + north) / 2 + 21.7
    d = min(east - west, north - south) / 7.3
    from maemoh_gis.core.crs import transformer_between

    corners = [(x - d, y - d / 2), (x + d, y - d), (x + d * 0.7, y + d), (x - d / 2, y + d * 0.8)]
    lon, lat = transformer_between(run.grid.crs, "EPSG:4326").transform(*zip(*corners, strict=True))
    ring = [*zip(lon, lat, strict=True)]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    feature = {"type": "Feature", "properties": {"name": "<b>ที่ดิน</b>"}, "geometry": geometry}
    return run, {"type": "FeatureCollection", "features": [feature]}


@pytest.mark.parametrize(
    "how", [CHOSEN, DROPPED, BESIDE], ids=["chosen", "dropped", "dropped beside the map"]
)
def test_its_figures_are_those_of_assess(browser, land, small_run, tmp_path, how):
    run, collection = land
    file = tmp_path / "land.geojson"
    file.write_text(json.dumps(collection), encoding="utf-8")
    ((attributes, explained),) = assess(run, file)
    browser.open(small_run / "map.html", language="en")
    bring(browser, collection, how)
    browser.run("document.querySelectorAll('#answer details').forEach((one) => (one.open = true))")
    said = browser.run(SAID)
    assert "<b>ที่ดิน</b>" in said  # as text
    assert f"{attributes['area_rai']:,.0f} rai" in said
    assert f"{attributes['cells']} cells" in said
    titles = {use: definition.title["en"] for use, definition in run.scenario.uses.items()}
    parts = browser.run(
        "[...document.querySelectorAll('#answer > details')].map((one) => one.innerText)"
    )
    assert len(parts) == len(explained)
    for one in explained:
        (part,) = (text for text in parts if text.startswith(titles[one.use]))
        found = [float(number) for number in re.findall(r"\d\.\d{3}", part)]
        assert one.score == pytest.approx(found[0], abs=2e-3)
        assert (one.low, one.high) == pytest.approx((found[1], found[2]), abs=2e-3)
        shares = {int(number) for number in re.findall(r": (\d+) %", part)}
        cells = {round(100 * area / sum(one.areas_m2.values())) for area in one.areas_m2.values()}
        assert shares == cells - {0} or shares - {0} == cells - {0}
    assert all(not address.startswith("http") for address in browser.requests)
    assert browser.complaints == []


@pytest.mark.parametrize(
    ("land", "words"),
    [
        ("{", "no GeoJSON"),
        ({"type": "Point", "coordinates": [99.7, 18.3]}, "no polygon"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [0.1, 0], [0.1, 0.1], [0, 0]]]},
            "outside the study area",
        ),
    ],
)
def test_what_cannot_be_assessed_is_said_with_what_to_do(browser, small_run, land, words):
    browser.open(small_run / "map.html", language="en")
    bring(browser, land)
    assert words in browser.run(SAID)
    assert browser.complaints == []


def test_the_panel_tells_what_was_asked_last(browser, land, small_run):
    _, collection = land
    browser.open(small_run / "map.html", language="en")
    click = """(async () => {
      map_maemoh.fire("click", {latlng: map_maemoh.getCenter()});
      for (let k = 0; k < 500 && !document.querySelector("#answer [data-use]"); k += 1) {
        await new Promise((done) => setTimeout(done, 20));
      }
    })()"""
    other_use = "document.querySelectorAll('input[name=use]')[1].click()"
    place, piece = "#answer [data-use]", "#answer h3"
    told = f"[!!document.querySelector('{place}'), !!document.querySelector('{piece}')]"
    bring(browser, collection)
    browser.run(click)
    assert browser.run(told) == [True, False]
    browser.run(other_use)
    assert browser.run(told) == [True, False]
    bring(browser, collection)
    browser.run(other_use.replace("[1]", "[0]"))
    assert browser.run(told) == [False, True]


def test_land_that_cannot_be_assessed_leaves_no_other_land_on_the_map(browser, land, small_run):
    _, collection = land
    browser.open(small_run / "map.html", language="en")
    outlines = "document.querySelectorAll('path[stroke-dasharray=\"8 4\"]').length"
    bring(browser, collection)
    assert browser.run(outlines) == 1
    browser.run("document.getElementById('answer').replaceChildren()")
    bring(browser, "{")
    assert "no GeoJSON" in browser.run(SAID)
    assert browser.run(outlines) == 0


def test_what_is_no_land_is_counted(browser, land, small_run):
    _, collection = land
    point = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Point", "coordinates": [99.7, 18.3]},
    }
    browser.open(small_run / "map.html", language="en")
    bring(browser, {**collection, "features": [*collection["features"], point, point]})
    assert "2 features of the file are left out" in browser.run(SAID)


def test_a_drag_over_any_part_of_the_page_is_taken(browser, small_run):
    browser.open(small_run / "map.html", language="en")
    taken = (
        "!document.body.dispatchEvent(new DragEvent('dragover', {bubbles: true, cancelable: true}))"
    )
    assert browser.run(taken) is True
