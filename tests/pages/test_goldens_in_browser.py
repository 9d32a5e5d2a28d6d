"""
Small parts of the pages look as they did when somebody last looked at them.

What is kept are a legend and a chart, which hold no map and no id. Edges of letters differ from
one Chromium to the next, so pictures are compared in blocks of pixels. To take new ones after
looking at them: `MAEMOH_GOLDENS=write python -m pytest tests/pages/test_goldens_in_browser.py`.
"""

import base64
import os
from pathlib import Path

import numpy as np
import pytest
from rasterio.io import MemoryFile

from maemoh_gis.pages.comparison_page import comparison_html
from tests.pages.test_comparison_page import CHART
from tests.pages.test_comparison_page import example as comparison

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]

GOLDEN = Path(__file__).parent / "golden"
BLOCK_PX = 6
MOST_DIFFERENCE = 10.0
"""Mean difference of the levels (0 to 255) of the most different tenth of the blocks."""


@pytest.fixture(scope="module")
def page(wording, tmp_path_factory):
    file = tmp_path_factory.mktemp("golden") / "comparison.html"
    html = comparison_html(comparison(charts=[CHART]), wording)
    file.write_text(html, encoding="utf-8", newline="\n")
    return file


def picture_of(browser, element):
    """Take a picture of one element, as PNG."""
    box = browser.run(
        f"document.fonts.ready.then(() => {{ const e = document.querySelector('{element}');"
        " e.scrollIntoView(); const b = e.getBoundingClientRect();"
        " return [b.x, b.y, b.width, b.height]; })"
    )
    clip = dict(zip(("x", "y", "width", "height"), map(round, box), strict=True))
    shot = browser.send("Page.captureScreenshot", format="png", clip={**clip, "scale": 1})
    return base64.b64decode(shot["data"])


def blocks(png):
    """Read a picture as mean levels of blocks, float array (rows, cols, red green blue)."""
    with MemoryFile(png) as file, file.open(driver="PNG") as dataset:
        pixels = dataset.read()[:3].transpose(1, 2, 0)
    rows, cols = (size // BLOCK_PX for size in pixels.shape[:2])
    cut = pixels[: rows * BLOCK_PX, : cols * BLOCK_PX].astype(float)
    return cut.reshape(rows, BLOCK_PX, cols, BLOCK_PX, 3).mean(axis=(1, 3))


def difference(one, other):
    """Compare the most different tenth of the blocks; far apart where the sizes are."""
    if max(abs(a - b) for a, b in zip(one.shape, other.shape, strict=True)) > 1:
        return 255.0
    rows, cols = (min(a, b) for a, b in zip(one.shape[:2], other.shape[:2], strict=True))
    apart = np.sort(np.abs(one[:rows, :cols] - other[:rows, :cols]).max(axis=2).ravel())
    return float(apart[-max(1, apart.size // 10) :].mean())


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(("name", "element"), [
    ("legend", "#score-legend"), ("chart", "#chart-good_land"),
])  # fmt: skip
def test_a_part_of_the_page_looks_as_it_did(browser, page, name, element, language):
    browser.open(page, width=1280, height=900, language=language)
    png = picture_of(browser, element)
    golden = GOLDEN / f"{name}_{language}.png"
    if os.environ.get("MAEMOH_GOLDENS") == "write":
        golden.write_bytes(png)
    found = difference(blocks(png), blocks(golden.read_bytes()))
    assert found < MOST_DIFFERENCE, f"{golden.name} differs by {found:.1f}"


def test_another_language_or_colour_is_seen_to_differ(browser, page):
    thai, english = (blocks((GOLDEN / f"legend_{x}.png").read_bytes()) for x in ("th", "en"))
    assert difference(thai, english) > MOST_DIFFERENCE
    browser.open(page, width=1280, height=900, language="en")
    browser.run(
        "document.querySelectorAll('#chart-good_land rect[height=\"14\"]')"
        ".forEach((bar) => bar.setAttribute('fill', '#f16913'))"
    )
    changed = blocks(picture_of(browser, "#chart-good_land"))
    golden = blocks((GOLDEN / "chart_en.png").read_bytes())
    assert difference(changed, golden) > MOST_DIFFERENCE
