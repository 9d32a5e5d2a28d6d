"""Each brief stands on one sheet of A4, in both languages."""

import base64
import re

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("id", ["committee", "egat", "villagers"])
def test_a_brief_is_one_sheet(id, language, small_run, browser):
    browser.open(small_run / f"brief_{id}.html", language=language)
    printed = browser.send("Page.printToPDF", preferCSSPageSize=True)["data"]
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed))) == 1
    assert all(one.startswith(("data:", "file:")) for one in browser.requests)
