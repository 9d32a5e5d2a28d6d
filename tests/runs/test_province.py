"""What holds of the whole province as it ships: one run of the baseline, and comparisons of it."""

import shutil

import pytest

from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from tests.paths import LAYERS, SCENARIOS
from tests.shared import once

pytestmark = pytest.mark.slow

MOST_BYTES = 8_000_000
"""A page that a phone opens and a letter carries."""


@pytest.fixture(scope="module")
def province(of_all):
    """Give the run folder of the baseline, in cells of 100 m."""
    project = Project(LAYERS, SCENARIOS)
    return (
        once(of_all / "province", lambda at: run(project, "baseline", at / "baseline")) / "baseline"
    )


def too_large(folder):
    sizes = {page.name: page.stat().st_size for page in folder.glob("*.html")}
    assert sizes
    return {name: size for name, size in sizes.items() if size > MOST_BYTES}


def test_no_page_of_a_run_of_the_province_is_too_large_for_a_phone(province):
    assert too_large(province) == {}


def test_nor_is_a_comparison_of_two(province, tmp_path, maemoh):
    other, out = shutil.copytree(province, tmp_path / "other"), tmp_path / "compared"
    code, _, err = maemoh("compare", province, other, "--out", out)
    assert code == 0, err
    assert too_large(out) == {}
