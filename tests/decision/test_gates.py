"""Gates of a use: not known unless a paper says so; that of demand is counted."""

import pytest

from maemoh_gis.core.messages import both
from maemoh_gis.decision.gates import passed
from maemoh_gis.files import read_text
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.resolve import read_scenario
from maemoh_gis.scenario.settings.estate import Commitment
from tests.paths import LAYERS, SCENARIOS

PROJECT = Project(LAYERS, SCENARIOS)


@pytest.fixture(scope="module")
def baseline():
    return PROJECT.scenario("baseline").scenario


def with_commitment(scenario, **told):
    about = {"title": {"th": "โรงงาน", "en": "a firm"}, "industry": "mixed", "rai": 0,
             "from_year": 2569, "basis": "A letter"}  # fmt: skip
    one = Commitment.model_validate({**about, **told})
    estate = scenario.estate.model_copy(update={"commitments": {"firm": one}})
    return scenario.model_copy(update={"estate": estate})


def demand(scenario, use):
    (found,) = [one for one in passed(scenario) if (one.use, one.gate) == (use, "demand")]
    return found


def test_no_gate_is_passed_without_a_paper(baseline):
    found = list(passed(baseline))
    assert len(found) == 6 * len(baseline.gates)
    assert {one.state for one in found if one.committed is None} == {"unknown"}
    assert demand(baseline, "container_yard").state == "not_met"


def test_commitments_pass_the_gate_of_demand_at_what_it_asks(baseline):
    # 3 pairs x 2 x 47 TEU x 50 weeks x 0.7
    asked = demand(baseline, "container_yard").committed[1]
    assert asked == pytest.approx(9870)
    for teu, state in ((asked, "met"), (asked - 1, "not_met")):
        assert demand(with_commitment(baseline, teu=teu), "container_yard").state == state
    assert demand(with_commitment(baseline, rai=100), "green_estate").state == "met"


def test_a_gate_that_asks_for_nothing_is_not_passed_by_nothing(baseline):
    gates = baseline.gates["green_estate"].model_copy(update={"demand_rai": 0.0})
    changed = baseline.model_copy(update={"gates": baseline.gates | {"green_estate": gates}})
    assert demand(changed, "green_estate").state == "unknown"


def test_the_note_on_gates_does_not_deny_what_the_report_tells_of_freight(small_run):
    report = read_text(small_run / "report.html")
    assert both("gate.note")["en"] in report
    assert "million THB" in report
    for language, denied in (("en", "is told in baht"), ("th", "จะไม่แสดงเป็นจำนวนเงิน")):
        assert denied not in both("gate.note")[language]


def test_what_is_committed_later_does_not_count_yet(baseline):
    later = with_commitment(baseline, rai=100, from_year=2570)
    assert demand(later, "green_estate").state == "not_met"


CHILD = """version: 1
id: child
extends: baseline
title: {th: ลูก, en: Child}
question: {th: ถาม, en: Question}
"""


NO_SUCH_STEP = "change:\n  gates.container_yard.demand_step: harbour\n"
TOO_MUCH_LAND = """add:
  estate.commitments:
    firm: {title: {th: ก, en: A}, industry: mixed, rai: 5000, from_year: 2570, basis: A letter}
"""


@pytest.mark.parametrize(
    ("change", "code"),
    [(NO_SUCH_STEP, "unknown_step"), (TOO_MUCH_LAND, "commitments_too_large")],
)
def test_what_does_not_fit_is_refused(tmp_path, change, code):
    (tmp_path / "baseline.yaml").write_bytes((SCENARIOS / "baseline.yaml").read_bytes())
    path = tmp_path / "child.yaml"
    path.write_text(CHILD + change, encoding="utf-8")
    found = faults_of(read_scenario(path), PROJECT.catalog())
    assert [fault.code for fault in found if fault.blocks] == [code]
