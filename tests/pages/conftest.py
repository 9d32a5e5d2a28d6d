"""What the tests of the map share: one small page, and the browser."""

import pytest

from maemoh_gis.pages.map_page import page_html
from maemoh_gis.pages.wording import Wording
from tests.pages.browser import Browser, find_browser
from tests.pages.example import example


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: opens the page in a real Chromium")


@pytest.fixture(scope="session")
def wording():
    return Wording.of_package()


@pytest.fixture(scope="session")
def html(wording):
    return page_html(example(), wording)


@pytest.fixture(scope="session")
def page(html, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "map.html"
    path.write_text(html, encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="session")
def browser():
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with Browser(program) as opened:
        yield opened
