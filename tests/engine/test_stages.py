"""The stage table: keys change only where something that matters changed."""

import numpy as np
import pytest

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import (
    Stage,
    StageContext,
    StagesAgain,
    execute,
    keys_of,
    local_stages,
    ordered,
)
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table


@pytest.fixture(scope="module")
def small(small_project):
    resolved, catalog = prepare(small_project, "small")
    return resolved.scenario, catalog


def keys(scenario, catalog):
    layers = Layers(catalog)
    return keys_of(stage_table(scenario, catalog), layers, study_grid(scenario, layers))


def changed(before, after):
    return {id for id in before if after.get(id) != before[id]}


def with_weight(scenario, use, criterion, weight):
    viewpoint = scenario.viewpoints["starting"]
    old = viewpoint.weights[use]
    changed_weights = old.model_copy(update={"points": {**old.points, criterion: weight}})
    new = viewpoint.model_copy(update={"weights": {**viewpoint.weights, use: changed_weights}})
    return scenario.model_copy(update={"viewpoints": {"starting": new}})


def test_a_changed_weight_changes_no_distance_no_limit_and_no_criterion(small):
    scenario, catalog = small
    other = with_weight(scenario, "green_estate", "slope_terrain", 0.5)
    assert changed(keys(scenario, catalog), keys(other, catalog)) == {
        "score:green_estate",
        "sites:green_estate",
    }


def test_a_changed_limit_changes_only_what_rests_on_it(small):
    scenario, catalog = small
    limit = scenario.limits["steep_land"]
    steeper = limit.model_copy(update={"test": limit.test.model_copy(update={"above": 20})})
    other = scenario.model_copy(update={"limits": {**scenario.limits, "steep_land": steeper}})
    found = changed(keys(scenario, catalog), keys(other, catalog))
    rests = {
        "limit", "state", "sites", "yard_land", "yard_tests", "yards", "contestants", "places",
        "freight_year", "flows", "freight", "choice", "yard_sets", "near_misses", "earthworks",
    }  # fmt: skip
    assert {id.partition(":")[0] for id in found} == rests


def test_a_measure_used_twice_is_computed_once(small):
    ids = [stage.id for stage in stage_table(*small)]
    assert len(ids) == len(set(ids))
    assert ids.count("distance:railway") == 1


def test_every_input_comes_before_its_use(small):
    seen = set()
    for stage in stage_table(*small):
        assert seen.issuperset(stage.inputs)
        seen.add(stage.id)


def test_results_nobody_needs_any_more_are_dropped():
    alive = []

    def work(name):
        def run(_, inputs):
            alive.append(sorted(inputs))
            return name

        return run

    table = ordered(
        [Stage("c", work("c"), "local", ("b",)), Stage("a", work("a"), "local"),
         Stage("b", work("b"), "local", ("a",))]
    )  # fmt: skip
    assert execute(table, None, keep=lambda id: id == "c") == {"c": "c"}
    assert alive == [[], ["a"], ["b"]]


def test_a_window_of_the_land_has_the_same_bits_as_the_whole(small):
    scenario, catalog = small
    layers = Layers(catalog)
    whole = study_grid(scenario, layers)
    part = Grid(whole.crs, whole.cell_m, whole.col0 + 31, whole.row0 + 40, 17, 23)
    stages = local_stages(stage_table(scenario, catalog))
    everything = lambda _: True  # noqa: E731
    large = execute(stages, StageContext(scenario, layers, whole), keep=everything)
    small_part = execute(stages, StageContext(scenario, layers, part), keep=everything)
    at = whole.window_of(part)
    for use in scenario.uses:
        for name in ("value", "low", "high", "scored_share"):
            one = getattr(large[f"score:{use}"], name)[at]
            assert np.array_equal(one, getattr(small_part[f"score:{use}"], name), equal_nan=True)
        assert np.array_equal(large[f"state:{use}"].state[at], small_part[f"state:{use}"].state)


def test_what_a_run_found_of_the_whole_is_taken_by_those_who_compute_again():
    ran = []

    def work(name):
        return lambda _, inputs: ran.append(name) or [name, *inputs.values()]

    stages = [
        Stage("roads", work("roads"), "global"),
        Stage("reached", work("reached"), "global", ("roads",)),
        Stage("asked", work("asked"), "global", ("reached",)),
        Stage("cell", work("cell"), "local", ("reached", "asked")),
    ]
    grid = Grid("EPSG:32647", 100.0, 0, 0, 4, 4)
    context = StageContext(None, None, grid)
    alone = StagesAgain(["cell"], stages, context).on(grid)
    assert ran == ["roads", "reached", "asked", "cell"]
    ran.clear()
    found = {"reached": ["reached", ["roads"]], "cell": "of another part"}
    assert StagesAgain(["cell"], stages, context, found).on(grid) == alone
    assert ran == ["asked", "cell"]
