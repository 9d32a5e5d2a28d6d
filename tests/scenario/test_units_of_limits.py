"""A threshold says its unit, and a layer in another is refused before it removes land."""

from pathlib import Path

import pytest

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.resolve import read_scenario
from tests.paths import LAYERS, SCENARIOS

CHANGED = """version: 1
id: changed
title: {{th: ทดสอบ, en: Changed}}
question: {{th: ทดสอบ, en: A test}}
extends: baseline
change:
  limits.steep_land.title: {{th: ทดสอบ, en: A test}}
  limits.steep_land.layer: {layer}
  limits.steep_land.test: {test}
"""


def faults(folder: Path, layer: str, test: str) -> list[Fault]:
    (folder / "baseline.yaml").write_bytes((SCENARIOS / "baseline.yaml").read_bytes())
    path = folder / "changed.yaml"
    path.write_text(CHANGED.format(layer=layer, test=test), encoding="utf-8")
    found = faults_of(read_scenario(path), read_catalog(LAYERS))
    return [fault for fault in found if "steep_land" in (fault.key or "")]


def test_metres_are_not_taken_for_percent(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "elevation", "{above: 15, unit: percent}")
    assert (fault.code, fault.found, fault.expected) == ("wrong_unit_of_test", "percent", "m")
    assert fault.key == "limits.steep_land.test.unit"
    assert fault.line is not None


@pytest.mark.parametrize(
    ("layer", "test"),
    [
        ("slope", "{above: 15, unit: percent}"),
        ("slope", "{above: 15, unit: '%'}"),
        ("elevation", "{below: 300, unit: m}"),
        ("elevation", "{below: 300, unit: metres}"),
    ],
)
def test_the_layers_own_unit_is_taken(layer: str, test: str, tmp_path: Path) -> None:
    assert faults(tmp_path, layer, test) == []


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ("{above: 15}", "test_without_unit"),
        ("{below: 15}", "test_without_unit"),
        ("{within_m: 15, unit: m}", "unit_not_for_test"),
    ],
)
def test_every_threshold_and_nothing_else_has_a_unit(test: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        faults(tmp_path, "slope", test)
    assert code in {fault.code for fault in caught.value.faults}
