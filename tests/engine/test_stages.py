"""The stage table: keys change only where something that matters changed."""

import numpy as np
import pytest

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import Bench, Stage, execute, keys_of, ordered
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.graph import road_graph
from maemoh_gis.network.travel import TravelField
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.table import stage_table
from maemoh_gis.scenario.settings.criterion import ValueFunction
from maemoh_gis.scenario.settings.measure import Measure
from tests.network.lines import roads


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
        "freight_year", "flows", "freight", "choice", "yard_sets",
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
        [Stage("c", work("c"), "cell", ("b",)), Stage("a", work("a"), "cell"),
         Stage("b", work("b"), "cell", ("a",))]
    )  # fmt: skip
    assert execute(table, None, keep=lambda id: id == "c") == {"c": "c"}
    assert alive == [[], ["a"], ["b"]]


def test_a_window_of_the_land_has_the_same_bits_as_the_whole(small):
    scenario, catalog = small
    layers = Layers(catalog)
    whole = study_grid(scenario, layers)
    part = Grid(whole.crs, whole.cell_m, whole.col0 + 31, whole.row0 + 40, 17, 23)
    stages = [s for s in stage_table(scenario, catalog) if s.reach != "global"]
    everything = lambda _: True  # noqa: E731
    large = execute(stages, Bench(scenario, layers, whole), keep=everything)
    small_part = execute(stages, Bench(scenario, layers, part), keep=everything)
    at = whole.window_of(part)
    for use in scenario.uses:
        for name in ("value", "low", "high", "scored_share"):
            one = getattr(large[f"score:{use}"], name)[at]
            assert np.array_equal(one, getattr(small_part[f"score:{use}"], name), equal_nan=True)
        assert np.array_equal(large[f"state:{use}"].state[at], small_part[f"state:{use}"].state)


def test_travel_minutes_that_are_handed_in_are_scored_by_fixed_points(small):
    scenario, catalog = small
    layers = Layers(catalog)
    whole = study_grid(scenario, layers)
    graph = road_graph(roads([(0, 0), (30_000, 0)]), whole.crs)

    def travel(bench, _):
        return TravelField(graph, [1], walk_kph=4, most_walk_m=5_000).minutes(bench.grid)

    old = scenario.uses["green_estate"]
    asked = old.criteria["slope_terrain"].model_copy(
        update={
            "measure": Measure(minutes="from_town"),
            "value": ValueFunction(unit="minutes", points=[(10, 1), (60, 0)]),
        }
    )
    use = old.model_copy(update={"criteria": {**old.criteria, "slope_terrain": asked}})
    other = scenario.model_copy(update={"uses": {**scenario.uses, "green_estate": use}})
    handed = {"from_town": Stage("minutes:from_town", travel, "cell")}
    stages = [s for s in stage_table(other, catalog, handed) if s.reach != "global"]
    found = execute(stages, Bench(other, layers, whole), keep=lambda _: True)
    minutes = found["minutes:from_town"]
    score = found["criterion:green_estate.slope_terrain"].value
    assert np.isnan(minutes).any()
    assert np.unique(score[~np.isnan(score)]).size > 100
    assert np.allclose(score, np.interp(minutes, [10, 60], [1, 0]), equal_nan=True, atol=1e-6)
