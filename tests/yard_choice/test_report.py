"""The section of the report on which place the yard should have."""

import pytest

from maemoh_gis.pages.report_content import Items, Table
from maemoh_gis.presentation.run_files import RunFiles
from maemoh_gis.yard_choice.report import choice

VERDICT = [{"th": "ยังบอกไม่ได้", "en": "Nobody can tell."}]
TABLE = (
    "name_th,name_en,score_least,score_greatest,class,homes_low,homes,homes_high\n"
    "ก,A,0.075,0.5,A,,,\n"
)
INDICATOR = {"title": {"th": "คน", "en": "People"}, "confidence": "L"}


def run_of(folder, found, table=None):
    if table:
        (folder / "yard_choice.csv").write_text(table, encoding="utf-8-sig")
    scenario = {"choice": {"indicators": {"homes": INDICATOR}}}
    record = {"choice": found, "resolved": scenario, "outputs": {"yard_choice.csv": ""}}
    return RunFiles(folder, record, layers=None, missing=())


@pytest.mark.parametrize("found", [None, {}])
def test_a_scenario_that_compares_no_places_has_no_section(tmp_path, found):
    assert choice(run_of(tmp_path, found)) is None


def test_the_verdict_stands_before_the_places(tmp_path):
    section = choice(run_of(tmp_path, {"verdict": VERDICT}, TABLE))
    first, table, _ = section.blocks
    assert isinstance(first, Items)
    assert isinstance(table, Table)
    assert section.id == "yard_choice"
