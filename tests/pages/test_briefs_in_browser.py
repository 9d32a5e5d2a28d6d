"""Each brief stands on one sheet of A4, in both languages."""

import base64
import re

import pytest

from maemoh_gis.core.messages import both
from maemoh_gis.files import read_json
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.report_page import write_report
from maemoh_gis.presentation.run_files import open_files
from maemoh_gis.runs.project import Project
from maemoh_gis.sheets.compared_briefs import Beside, compared_brief
from maemoh_gis.sheets.maps import sites_of
from tests.paths import LAYERS, SCENARIOS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("id", ["committee", "egat", "villagers"])
def test_a_brief_is_one_sheet(id, language, small_run, browser):
    browser.open(small_run / f"brief_{id}.html", language=language)
    printed = browser.send("Page.printToPDF", preferCSSPageSize=True)["data"]
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed))) == 1
    assert all(one.startswith(("data:", "file:")) for one in browser.requests)


@pytest.mark.parametrize("language", ["th", "en"])
def test_each_site_has_one_sheet(language, small_run, browser):
    """Behind one or two sheets of heads."""
    browser.open(small_run / "site_sheets.html", language=language)
    printed = browser.send("Page.printToPDF", preferCSSPageSize=True)["data"]
    sheets = browser.run("document.querySelectorAll('section.sheet').length")
    pages = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))
    assert sheets > 2
    assert sheets + 1 <= pages <= sheets + 2


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("id", ["committee", "egat", "villagers"])
def test_a_brief_of_six_runs_is_one_sheet_too(id, language, small_run, browser, tmp_path):
    run = open_files(
        small_run, read_json(small_run / "run.json"),
        Layers(Project(LAYERS, SCENARIOS).catalog()), checked=False,
    )  # fmt: skip
    names = [both("brief.compared.every_run")] * 6
    frames = {}
    for use in run.uses:
        sites = sites_of(run, use)
        frames[use] = sites.assign(found_by=[[k % 6] for k in range(len(sites))])
    content = compared_brief(
        Beside([run] * 6, names, [both("brief.undecided_words")], [], frames), id
    )
    write_report(content, tmp_path / "brief.html")
    browser.open(tmp_path / "brief.html", language=language)
    printed = browser.send("Page.printToPDF", preferCSSPageSize=True)["data"]
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed))) == 1
