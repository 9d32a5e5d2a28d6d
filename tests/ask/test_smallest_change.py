"""What would alter a verdict: checked by making the change and looking again."""

import numpy as np
import pytest
import shapely

from maemoh_gis.ask.explain import explain_at
from maemoh_gis.ask.limit_change import fewest_limits_to_free
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.run import run
from tests.tiny import SIDE, SOUTH, WEST, write_project

MIDDLE = shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)


@pytest.fixture
def verdict_at(tmp_path):
    def verdict(test, least="0.1", ground="planning"):
        folder = tmp_path / test.strip("{}").replace(": ", "_") / least / ground
        project = write_project(
            folder, [MIDDLE], complete="{layer: study}", test=test, ground=ground
        )
        scenario = project.scenarios / "tiny.yaml"
        text = scenario.read_text(encoding="utf-8").replace(
            "least_score: 0.1", f"least_score: {least}"
        )
        scenario.write_text(text, encoding="utf-8")
        opened = open_run(run(project, "tiny", folder / "run"), project.catalog())
        from pyproj import Transformer

        to_lonlat = Transformer.from_crs("EPSG:32647", "EPSG:4326", always_xy=True)
        lon, lat = to_lonlat.transform(MIDDLE.x + 350, MIDDLE.y + 50)
        (explanation,) = explain_at(opened, lat, lon)
        return explanation

    return verdict


def test_a_removed_place_says_how_far_a_choice_of_planning_must_move(verdict_at):
    removed = verdict_at("{within_m: 500}")
    assert removed.verdict == "removed"
    assert removed.change.fixed == ()
    (step,) = removed.change.limits
    distance = np.hypot(350, 50)
    assert (step.id, step.threshold) == ("near", 500.0)
    assert step.needed == pytest.approx(distance, abs=0.5)
    assert verdict_at(f"{{within_m: {step.needed - 1:.0f}}}").verdict == "allowed"
    assert verdict_at(f"{{within_m: {step.needed + 1:.0f}}}").verdict == "removed"


@pytest.mark.parametrize("ground", ["law", "physics", "people"])
def test_law_the_land_itself_and_homes_are_never_proposed_to_move(verdict_at, ground):
    removed = verdict_at("{within_m: 500}", ground=ground)
    assert removed.verdict == "removed"
    assert removed.change.limits == ()
    assert removed.change.criteria == ()
    assert removed.change.fixed == ("near",)


def test_a_criterion_on_what_such_a_limit_stands_on_is_not_proposed_either(verdict_at):
    """The only criterion is the distance to the things the limit keeps away from."""
    spared = verdict_at("{within_m: 100}", least="0.9", ground="people")
    assert spared.verdict != "removed"
    assert spared.change.criteria == ()
    assert verdict_at("{within_m: 100}", least="0.9").change.criteria != ()


def test_what_may_not_give_way_keeps_its_cells():
    """Three cells: one held by law, one by planning, one by both; two must be free."""
    names, bits = ["law", "plan"], np.array([0b01, 0b10, 0b11], dtype=np.uint32)
    assert fewest_limits_to_free(names, bits, 2).limits == ("law", "plan")
    assert fewest_limits_to_free(names, bits, 2, {"plan"}) is None
    change = fewest_limits_to_free(names, bits, 1, {"plan"})
    assert (change.limits, change.freed_cells) == (("plan",), 1)


def test_a_place_that_passes_says_what_would_exclude_it(verdict_at):
    passing = verdict_at("{within_m: 100}", least="0.2")
    assert passing.change.limits == ()
    assert passing.change.falls
    (step,) = passing.change.criteria
    assert (step.id, step.needed) == ("far", pytest.approx(200.0, abs=1))


def test_a_place_that_scores_too_low_says_what_would_be_enough(verdict_at):
    poor = verdict_at("{within_m: 100}", least="0.9")
    assert not poor.change.falls
    (step,) = poor.change.criteria
    assert step.needed == pytest.approx(900.0, abs=1)
