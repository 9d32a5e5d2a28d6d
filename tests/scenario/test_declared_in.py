"""Acts that a limit is declared in must be there, and say what they are asked."""

import pytest
import yaml

from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.checks.check import faults_of
from tests.paths import LAYERS, SCENARIOS

GOOD = {"layer": "forest_acts", "where": {"kind": "reserved_forest"}, "areas": "subdistricts"}
HEAD = {
    "version": 1,
    "id": "told",
    "extends": "baseline",
    "title": {"th": "ก", "en": "a"},
    "question": {"th": "ก", "en": "a"},
}


@pytest.fixture
def found(tmp_path):
    """Find the faults of a scenario whose reserved forest is declared in what is given."""

    def check(**told):
        for file in SCENARIOS.glob("*.yaml"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        written = HEAD | {"change": {"limits.reserved_forest.declared_in": GOOD | told}}
        text = yaml.safe_dump(written, allow_unicode=True)
        (tmp_path / "told.yaml").write_text(text, encoding="utf-8")
        project = Project(LAYERS, tmp_path)
        faults = faults_of(project.scenario("told"), project.catalog())
        return [(fault.code, fault.key, fault.expected) for fault in faults]

    return check


def test_the_shipped_acts_are_fit_for_it(found):
    assert found() == []


@pytest.mark.parametrize(
    ("told", "code", "key", "expected"),
    [
        ({"layer": "forest_act"}, "unknown_layer", "layer", "forest_acts"),
        ({"areas": "subdistrict"}, "unknown_layer", "areas", "subdistricts"),
        ({"layer": "slope"}, "wrong_layer_kind", "layer", "table"),
        ({"areas": "forest_acts"}, "wrong_layer_kind", "areas", "polygons"),
        ({"where": {"kinds": "a"}}, "unknown_column", "where.kinds", "kind"),
        (
            {"where": {"kind": ["reserved_forest", "marsh"]}},
            "nothing_selected",
            "where.kind",
            "arboretum, national_park, non_hunting_area, reserved_forest, wildlife_sanctuary",
        ),
    ],
)
def test_what_is_not_there_is_named_with_what_is(found, told, code, key, expected):
    faults = [one for one in found(**told) if one[0] == code]
    path = f"limits.reserved_forest.declared_in.{key}"
    assert (code, path, expected) in faults


def test_a_table_that_holds_no_acts_is_refused_by_its_columns(found):
    codes = {code for code, _, _ in found(layer="permits", where={})}
    assert codes == {"unknown_column"}
