"""Maps and charts of a page are saved as pictures that need nothing else, with the network off."""

import base64
import json

import pytest
from lxml import etree

from tests.pages.browser import Browser

pytestmark = pytest.mark.browser

# What the page hands to the reader is caught before the browser would ask where to put it.
CAUGHT = """(async () => {{
  let [blob, name] = [null, null];
  URL.createObjectURL = (one) => {{ blob = one; return "data:,"; }};
  HTMLAnchorElement.prototype.click = function () {{ name = this.download; }};
  document.querySelector("[data-tool=print]").click();
  [...document.querySelectorAll("[data-picture={format}]")][{place}].click();
  for (let k = 0; k < 500 && name === null; k += 1) {{
    await new Promise((done) => setTimeout(done, 20));
  }}
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  bytes.forEach((one) => (text += String.fromCharCode(one)));
  return JSON.stringify([name, btoa(text)]);
}})()"""


def saved(browser: Browser, form, place=0):
    name, content = json.loads(browser.run(CAUGHT.format(format=form, place=place)))
    return name, base64.b64decode(content)


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_map_is_saved_as_a_drawing_with_its_title_key_and_font(browser, small_run, language):
    browser.open(small_run / "map.html", language=language)
    name, content = saved(browser, "svg")
    drawn = etree.fromstring(content)
    words = " ".join(drawn.itertext())
    use = {"th": "ย่านกองเก็บตู้สินค้า", "en": "Container yard"}[language]
    assert use in words
    assert {"th": "ใช้เพื่อการคัดกรองเบื้องต้นเท่านั้น", "en": "screening"}[language] in words
    assert name.endswith(".svg")
    assert "@font-face" in words
    assert b"http" not in content.replace(b"http://www.w3.org/", b"")
    assert drawn.findall(".//{*}use") == []
    assert [one.get("href", "")[:5] for one in drawn.findall(".//{*}image")].count("data:") >= 1
    assert browser.complaints == []


def test_it_is_saved_in_dots_that_are_not_all_of_one_colour(browser, small_run, tmp_path):
    from PIL import Image

    browser.open(small_run / "map.html", language="th")
    name, content = saved(browser, "png")
    file = tmp_path / "map.png"
    file.write_bytes(content)
    with Image.open(file) as picture:
        assert picture.format == "PNG"
        assert picture.width == 3 * 640
        assert len(picture.convert("RGB").getcolors(maxcolors=2**24)) > 50
    assert name.endswith(".png")
    assert browser.complaints == []
    assert all(one.startswith(("data:", "file:", "blob:")) for one in browser.requests)


def test_the_chart_of_the_years_is_saved_too(browser, small_run):
    browser.open(small_run / "map.html", language="en")
    uses = browser.run("document.querySelectorAll('#still figure').length")
    _, content = saved(browser, "svg", uses)
    chart = etree.fromstring(content)
    told = browser.run(
        "[...document.querySelectorAll('#chart svg text')].map((one) => one.textContent)"
    )
    assert len(told) > 20
    drawn = {"".join(one.itertext()) for one in chart.findall(".//{*}text")}
    assert set(told) == drawn
    assert float(chart.get("width")) > 500


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_map_of_a_comparison_is_saved_too(browser, small_compared, tmp_path, form):
    from PIL import Image

    browser.open(small_compared / "comparison.html", language="th")
    name, content = saved(browser, form)
    assert name.endswith(f".{form}")
    if form == "png":
        file = tmp_path / "map.png"
        file.write_bytes(content)
        with Image.open(file) as picture:
            assert len(picture.convert("RGB").getcolors(maxcolors=2**24)) > 50
    else:
        drawn = etree.fromstring(content)
        assert "ใช้เพื่อการคัดกรองเบื้องต้นเท่านั้น" in " ".join(drawn.itertext())
        assert b"http" not in content.replace(b"http://www.w3.org/", b"")
    assert browser.complaints == []
    assert all(one.startswith(("data:", "file:", "blob:")) for one in browser.requests)


def test_every_chart_of_a_comparison_is_offered_as_a_picture(browser, small_compared):
    browser.open(small_compared / "comparison.html", language="en")
    offered = browser.run("document.querySelectorAll('[data-picture=svg]').length")
    assert offered > 1
    for place in range(1, offered):
        _, content = saved(browser, "svg", place)
        assert len("".join(etree.fromstring(content).itertext()).split()) > 5
        browser.open(small_compared / "comparison.html", language="en")
    assert browser.complaints == []
