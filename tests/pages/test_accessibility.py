"""axe-core finds nothing serious in the page, as it opens and after it has been used."""

import dataclasses
import json

import pytest

pytest.importorskip("hatchling")

import hatch_build
from maemoh_gis.pages.comparison_content import PageRow, PageTable
from maemoh_gis.pages.comparison_page import comparison_html
from maemoh_gis.pages.map_page import page_html
from tests.pages.example import both, cells, example, path
from tests.pages.test_comparison_page import CHART
from tests.pages.test_comparison_page import example as comparison
from tests.paths import ROOT

pytestmark = pytest.mark.browser

HERE = ROOT / "tests" / "pages"
SETTLED = "new Promise((done) => setTimeout(done, 300))"
USED = f"""(async () => {{
  map_maemoh.fire("click", {{latlng: L.latLng(18.3, 99.75)}});
  await {SETTLED};
  document.querySelectorAll("#answer details").forEach((one) => {{ one.open = true; }});
  const slider = document.querySelector("[data-weight]");
  slider.value = 90;
  slider.dispatchEvent(new Event("input"));
  await {SETTLED};
}})()"""
# Land smaller than a cell; its answer and the open menu are looked at together.
BROUGHT = f"""(async () => {{
  const [lat, lng, d] = [18.3, 99.75, 0.0001];
  const ring = [[-d, -d], [d, -d], [d, d], [-d, d], [-d, -d]].map(([x, y]) => [lng + x, lat + y]);
  const data = new DataTransfer();
  data.items.add(new File([JSON.stringify({{type: "Polygon", coordinates: [ring]}})], "a.geojson"));
  const input = document.querySelector("input[type=file]");
  input.files = data.files;
  input.dispatchEvent(new Event("change"));
  for (let k = 0; k < 100 && !document.querySelector("#answer h3, #answer .own-fault"); k += 1) {{
    await {SETTLED.replace("300", "20")};
  }}
  document.querySelectorAll("#answer details").forEach((one) => {{ one.open = true; }});
  document.querySelector("[data-tool=print]").click();
  await {SETTLED};
}})()"""
LOOKED_AT = """[!!document.querySelector("#answer h3"),
  document.querySelector(".print-choices").checkVisibility()]"""
FAULTS = """axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 160))]))"""


@pytest.fixture(scope="module")
def axe():
    """Fetch axe-core as the build fetches front-end files, by checksum; it is in no page."""
    try:
        hatch_build.pack_assets(HERE / "assets.json", HERE / "vendor")
    except hatch_build.AssetError as error:
        pytest.skip(f"axe-core could not be fetched: {error}")
    return (HERE / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def faults_of(browser, axe, path, steps):
    """Look at a page in both languages and on a phone, after each step."""
    faults = {}
    for language, width, phone in (("en", 1200, False), ("th", 1200, False), ("th", 390, True)):
        browser.open(path, width=width, height=844, language=language, phone=phone)
        browser.run(f"{axe}; 0")
        for step in steps:
            browser.run(step)
            assert step != BROUGHT or browser.run(LOOKED_AT) == [True, True]
            found = browser.run(FAULTS)
            if found:
                faults[f"{path.stem} {language} {width} {step[:9]}"] = found
    return faults


LONG = both("ปัจจัยที่มีชื่อยาวมากจนตารางกว้างกว่าที่ว่าง", "AnyCriterionWithAVeryLongNameIndeed")
OPENED = f"""(async () => {{
  document.querySelectorAll("details").forEach((one) => {{ one.open = true; }});
  await {SETTLED};
}})()"""


def wide(id, *, folded):
    """Make a table that is wider than its place, so that it scrolls."""
    rows = [PageRow([both("ยาวพอที่จะไม่ลงบรรทัดใหม่", "AVeryLongWordThatNeverBreaks")] * 12)]
    return PageTable(id, both("ตาราง", "A table"), [both("หัว", "Head")] * 12, rows, folded=folded)


FINISHED = ("report", "brief_committee", "brief_egat", "brief_villagers", "site_sheets", "villages",
            "eco_town", "smart_city", "why")  # fmt: skip
COMPARED = ("comparison", "brief_committee", "brief_egat", "brief_villagers")


# One test, so that two processes never fetch at once.
def test_axe_finds_no_serious_fault(browser, axe, wording, tmp_path, small_run, small_compared):
    runs = [dataclasses.replace(run, report="../a/report.html") for run in comparison().runs]
    tables = [wide("open", folded=False), wide("folded", folded=True)]
    compared = comparison(charts=[CHART], runs=runs, tables=tables)
    faults = {}
    for name, html, steps in (
        ("map", page_html(example(cells=cells(LONG), path=path()), wording), ("0", USED, BROUGHT)),
        ("comparison", comparison_html(compared, wording), ("0", OPENED)),
    ):
        file = tmp_path / f"{name}.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        faults |= faults_of(browser, axe, file, steps)
    assert faults == {}, json.dumps(faults, ensure_ascii=False, indent=1)
    for page in [*(small_run / f"{one}.html" for one in FINISHED),
                 *(small_compared / f"{one}.html" for one in COMPARED)]:  # fmt: skip
        if page.exists():
            faults |= faults_of(browser, axe, page, (OPENED,))
    assert faults == {}, json.dumps(faults, ensure_ascii=False, indent=1)
