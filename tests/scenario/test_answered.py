"""A layer that says which limit it is the map of is found by that limit, in every scenario."""

import pytest
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.files import read_text, write_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.coverage_ahead import statuses_ahead
from maemoh_gis.runs.project import prepare
from tests.tiny import SIDE, SOUTH, WEST, write_project

WAITING = """limits:
  forest:
    title: {th: ป่า, en: Forest}
    ground: law
    basis: {th: ทดสอบ, en: A test}
    outcome: removed
    needs: {th: แนวเขต, en: The boundary}
"""
WEST_HALF = shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE)


@pytest.fixture
def project(tmp_path):
    """Make a scenario whose limit `forest` waits, and two maps that nobody names yet."""
    made = write_project(
        tmp_path, [shapely.Point(WEST, SOUTH)],
        wood=[shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)],
        grove=[shapely.box(WEST + 5000, SOUTH, WEST + 6000, SOUTH + 1000)],
        west=[WEST_HALF],
    )  # fmt: skip
    path = made.scenarios / "tiny.yaml"
    write_text(path, read_text(path).replace("limits:\n", WAITING))
    return made


def say(project, layer, *lines):
    path = project.layers / "catalog.yaml"
    head = f"  {layer}:\n"
    more = "".join(f"    {line}\n" for line in lines)
    write_text(path, read_text(path).replace(head, head + more))


def known(project):
    resolved, catalog = prepare(project, "tiny")
    found = statuses_ahead(resolved.scenario, catalog, Layers(catalog))
    return {one.id: (one.status, round(one.coverage.share, 2)) for one in found}


def test_a_limit_without_a_map_waits(project):
    assert known(project)["forest"] == ("not_checked", 0.0)


def test_the_limit_finds_the_map_that_names_it(project):
    say(project, "wood", "answers: forest")
    resolved, _ = prepare(project, "tiny")
    forest = resolved.scenario.limits["forest"]
    assert (forest.layer, forest.test.inside, forest.needs) == ("wood", True, None)
    assert [(one.key, one.scenario) for one in resolved.changes] == [
        ("limits.forest", "layers/catalog.yaml")
    ]
    assert known(project)["forest"] == ("checked", 1.0)


def test_a_map_that_is_complete_in_a_part_settles_it_there_only(project):
    path = project.layers / "catalog.yaml"
    # Half the square is west; its own cell of forest lies in it.
    entry = read_text(path).replace("  wood:\n", "  wood:\n    answers: forest\n")
    before, _, after = entry.partition("answers: forest\n")
    after = after.replace("complete_within: extent", "complete_within: {layer: west}", 1)
    write_text(path, f"{before}answers: forest\n{after}")
    assert known(project)["forest"] == ("partly", 0.5)


def test_of_two_maps_neither_loses_what_the_other_holds(project):
    say(project, "wood", "answers: forest")
    say(project, "grove", "answers: forest")
    resolved, _ = prepare(project, "tiny")
    limits = resolved.scenario.limits
    assert (limits["forest"].layer, limits["forest_grove"].layer) == ("wood", "grove")
    assert limits["forest_grove"].title.en == "Forest · grove"


def test_beside_a_limit_that_is_tested_its_test_is_put_to_one_more_layer(project):
    say(project, "grove", "answers: near")
    resolved, _ = prepare(project, "tiny")
    limits = resolved.scenario.limits
    assert (limits["near"].layer, limits["near_grove"].layer) == ("things", "grove")
    assert limits["near_grove"].test == limits["near"].test


def test_an_entry_at_fault_does_not_leave_its_limit_untested_unseen(project):
    say(project, "wood", "answers: forest", "colour: red")
    with pytest.raises(LayerError) as refused:
        prepare(project, "tiny")
    assert [(fault.code, fault.key) for fault in refused.value.faults] == [
        ("unknown_key", "layers.wood.colour")
    ]
