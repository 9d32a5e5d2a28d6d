"""
Defects planted one at a time: each must be found, named in both languages and blamed on its line.

Nothing else may be found beside it, and nothing at all in what is bundled.
"""

import sys

import pytest

from maemoh_gis import cli
from maemoh_gis.commands.terminal import Terminal
from maemoh_gis.core.messages import describe
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.runs.project import find_project, prepare
from tests.defects import catalog_cases, layer_cases, relation_cases, scenario_cases
from tests.defects.planting import USED_BY_BASELINE, Copy, Defect
from tests.paths import LAYERS, SCENARIOS

CHECKED = (*scenario_cases.CASES, *catalog_cases.CASES)
AUDITED = (*layer_cases.CASES, *relation_cases.CASES)

# Known facts that every audit of the districts names beside the planted defect.
ALWAYS_SAID = {"area_not_as_published"}


def run(*arguments: object) -> int:
    """Run the command line in this process and give its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["maemoh-gis", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
    return stop.value.code


@pytest.mark.parametrize("defect", CHECKED, ids=lambda defect: defect.name)
def test_check_names_a_planted_defect_and_nothing_else(
    defect: Defect, tmp_path, capsys, monkeypatch
):
    copy = Copy(tmp_path)
    defect.plant(copy)
    said = []
    show = Terminal.faults
    monkeypatch.setattr(Terminal, "faults", lambda self, f: (said.extend(f), show(self, f)))
    child = (copy.scenarios / "child.yaml").exists()
    code = run("--lang", "th", "check", "child" if child else "baseline",
               "--layers", copy.layers, "--scenarios", copy.scenarios)  # fmt: skip
    assert capsys.readouterr().err == f"ข้อผิดพลาด: {defect.message(copy, 'th')}\n"
    assert [describe(fault, "en") for fault in said] == [defect.message(copy, "en")]
    assert [fault.severity for fault in said] == [defect.severity]
    assert code == defect.exit_code == 2


@pytest.mark.parametrize("defect", AUDITED, ids=lambda defect: defect.name)
def test_audit_names_a_planted_defect_and_nothing_else(defect: Defect, tmp_path, capsys):
    copy = Copy(tmp_path, defect.layers)
    defect.plant(copy)
    found = [f for f in audit_folder(copy.layers).findings if f.code not in ALWAYS_SAID]
    assert [describe(fault, "en") for fault in found] == [defect.message(copy, "en")]
    assert [fault.severity for fault in found] == [defect.severity]
    code = run("--lang", "th", "layers", "audit", "--layers", copy.layers)
    word = {"blocks": "ข้อผิดพลาด", "warns": "คำเตือน", "notes": "หมายเหตุ"}[defect.severity]
    assert f"{word}: {defect.message(copy, 'th')}" in capsys.readouterr().out.splitlines()
    assert code == defect.exit_code


@pytest.mark.parametrize("layers", sorted({defect.layers for defect in AUDITED}), ids="+".join)
def test_a_clean_copy_has_none_of_the_planted_defects(layers, tmp_path):
    findings = audit_folder(Copy(tmp_path, layers).layers).findings
    assert [describe(f, "en") for f in findings if f.code not in ALWAYS_SAID] == []


def test_a_clean_copy_passes_the_check(tmp_path, capsys):
    copy = Copy(tmp_path, USED_BY_BASELINE)
    assert run("check", "--layers", copy.layers, "--scenarios", copy.scenarios) == 0
    assert capsys.readouterr().err == ""


def test_the_bundled_baseline_fits_the_bundled_catalog():
    resolved, _ = prepare(find_project(LAYERS, SCENARIOS), "baseline")
    assert resolved.scenario.id == "baseline"


def test_enough_defects_are_planted_in_scenarios_and_in_layers():
    assert len(CHECKED) >= 25
    assert len(AUDITED) >= 25
