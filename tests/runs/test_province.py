"""What holds of the whole province as it ships: one run of the baseline, and comparisons of it."""

import shutil

import pytest

from maemoh_gis.files import read_csv, read_json
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


def test_nobody_is_told_that_no_one_lives_near_a_place_in_lampang_town(province):
    """In the town homes stand everywhere, and a layer without a home proves nothing."""
    yards = {row["id"]: row for row in read_csv(province / "yard_choice.csv")}
    assert float(yards["nakhon_lampang"]["homes_people_low"]) > 1_000
    for row in yards.values():
        assert float(row["homes_people_high"]) >= 25
        assert " 0 " not in row["people_words_en"].partition("; ")[2]
    near = [row for row in read_csv(province / "exposure.csv") if row["kind"] == "site"]
    assert len(near) > 10
    for row in near:
        for metres in (500, 1000, 2000, 5000):
            low, central, high = (
                float(row[f"people_{metres}_m_{end}"]) for end in ("low", "central", "high")
            )
            assert 0 <= low <= central <= high
            assert central >= 25


def test_what_each_weight_rests_on_adds_up_to_all_of_it(province):
    nature = read_json(province / "run.json")["nature"]
    assert set(nature) == {"container_yard", "green_estate"}
    for shares in nature.values():
        assert set(shares) >= {"observed", "modelled", "assumed", "unknown"}
        assert sum(shares.values()) == pytest.approx(1.0, abs=1e-5)
        # The observed ground carries more of each weight than any model of it.
        assert shares["observed"] > shares["modelled"] + shares["assumed"]
