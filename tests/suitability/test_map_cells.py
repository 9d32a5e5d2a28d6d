"""What the page can say of a cell is what the run says, whatever the strips and however coarse."""

import dataclasses
from functools import partial

import numpy as np
import pytest

from maemoh_gis.core.messages import text
from maemoh_gis.engine.stages import StageContext, local_stages
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.sites.result import site_cells
from maemoh_gis.suitability import cell_parts
from maemoh_gis.suitability.cell_parts import CellParts, Sample, Span
from maemoh_gis.suitability.grounds import grounds_of
from maemoh_gis.suitability.map_cells import GREATEST_ERROR, cell_facts
from maemoh_gis.suitability.result import score_of, states_of
from tests.computed import compute
from tests.pages.planes import unpack_plane


@pytest.fixture(scope="module")
def results(small_project, shared_store):
    """Run a scenario that combines one use by its product, the other by its mean; what it has in
    common with `small` is kept.
    """
    resolved, catalog = prepare(small_project, "small")
    scenario = resolved.scenario
    use = scenario.uses["container_yard"]
    product = use.combine.model_copy(update={"method": "weighted_product"})
    use = use.model_copy(update={"combine": product})
    scenario = scenario.model_copy(update={"uses": {**scenario.uses, "container_yard": use}})
    combined = dataclasses.replace(resolved, scenario=scenario)
    return compute(combined, catalog, store=shared_store)


def near(stages):
    """Leave out stages that look at everything, but what cells rest on; no page is made of them."""
    return local_stages(stages)


def facts_of(results):
    return cell_facts(results, partial(site_cells, results))


@pytest.fixture(scope="module")
def facts(results):
    return facts_of(results)


@pytest.fixture(scope="module")
def whole(results):
    """Give the results of every stage, whole."""
    scenario, catalog = results.resolved.scenario, results.catalog
    context = StageContext(scenario, Layers(catalog), results.grid)
    return execute_in_strips(near(results.stages), context, keep=lambda _: True)


def numbers(number, facts, study):
    if number.plane is None:
        constant = np.nan if number.constant is None else number.constant
        return np.full(int(study.sum()), constant)
    codes = unpack_plane(facts.planes[number.plane], study)
    if number.table is not None:
        return np.array([np.nan if v is None else v for v in number.table])[codes]
    return np.where(codes <= number.last, number.first + codes * number.step, np.nan)


def test_every_score_is_within_the_error_the_page_states(results, facts, whole):
    study = results.study
    for use, said in facts.uses.items():
        for criterion in said.criteria:
            stage = f"criterion:{use}.{criterion.id}"
            if stage not in whole:
                assert criterion.value.constant is None
                continue
            score = numbers(criterion.value, facts, study)
            bounds = (
                (criterion.low, 0.0, whole[stage].low),
                (criterion.high, 1.0, whole[stage].high),
            )
            np.testing.assert_allclose(score, whole[stage].value[study], atol=GREATEST_ERROR)
            for number, otherwise, exact in bounds:
                given = np.where(np.isnan(score), otherwise, score)
                found = given if number is None else numbers(number, facts, study)
                bound = whole[stage].value if exact is None else exact
                expected = np.nan_to_num(bound[study], nan=otherwise)
                np.testing.assert_allclose(found, expected, atol=GREATEST_ERROR)


def test_measures_are_those_of_the_run_within_their_step(results, facts, whole):
    sources = {stage.id: stage.inputs[0] for stage in results.stages if stage.inputs}
    for use, said in facts.uses.items():
        for criterion in said.criteria:
            stage = f"criterion:{use}.{criterion.id}"
            if stage in whole and criterion.unit is not None:
                found = numbers(criterion.measure, facts, results.study)
                exact = whole[sources[stage]][results.study]
                known = ~np.isnan(found)
                off = np.abs(found[known] - exact[known]).max(initial=0.0)
                assert off <= criterion.measure.step * 0.51


def test_states_name_the_limits_that_hold(results, facts):
    study = results.study
    for use, said in facts.uses.items():
        kinds = numbers(said.state, facts, study).astype(int)
        state = np.array([kind[0] for kind in said.states])[kinds]
        assert (state == states_of(results, use).state[study]).all()
        removed = states_of(results, use).removed_by[study]
        titles = [said.limits[k].title["en"] for k in said.states[kinds[removed > 0][0]][1]]
        tested = [
            limit.title.en
            for limit in results.resolved.scenario.limits_of(use).values()
            if limit.test and limit.outcome == "removed"
        ]
        bits = int(removed[removed > 0][0])
        assert titles == [title for k, title in enumerate(tested) if bits >> k & 1]


def test_laws_without_a_layer_stand_apart_from_those_compared_with_known_places(facts):
    said = facts.uses["green_estate"]
    assert "Town plan" in [limit.title["en"] for limit in said.not_checked]
    assert any("factories" in limit.title["en"] for limit in said.known_in_part)


def test_a_cell_names_the_limits_that_are_not_known_there(results, facts):
    said, titles = facts.uses["green_estate"], results.resolved.scenario.limits
    kinds = numbers(said.state, facts, results.study).astype(int)
    factories = titles["factory_distance"].title.en
    place = [limit.title["en"] for limit in said.known_in_part].index(factories)
    removes = [limit.title["en"] for limit in said.limits].index(factories)
    for kind in set(kinds.tolist()):
        _, removed, _, unsure = said.states[kind]
        # Its layer is complete nowhere: known only where a recorded place removes the land.
        assert (place in unsure) == (removes not in removed)


@pytest.mark.parametrize("rows", [7, 10_000])
def test_strips_of_any_height_give_the_same_page(results, facts, rows):
    scenario, catalog = results.resolved.scenario, results.catalog
    parts = CellParts(scenario, results.grid)
    execute_in_strips(
        parts.with_packing(near(results.stages), catalog),
        StageContext(scenario, Layers(catalog), results.grid),
        keep=lambda _: False, show=parts.wanted, each=parts.add, rows=rows,
    )  # fmt: skip
    assert facts_of(with_parts(results, parts)) == facts


def test_a_grid_too_fine_for_a_page_keeps_the_middle_cell_of_each_square(
    results, facts, monkeypatch
):
    monkeypatch.setattr(cell_parts, "MOST_CELLS", results.grid.rows * results.grid.cols // 8)
    scenario, catalog, grid = results.resolved.scenario, results.catalog, results.grid
    parts = CellParts(scenario, grid)
    assert parts.sample == Sample(3)
    execute_in_strips(
        parts.with_packing(near(results.stages), catalog),
        StageContext(scenario, Layers(catalog), grid),
        keep=lambda _: False, show=parts.wanted, each=parts.add, rows=7,
    )  # fmt: skip
    coarse = facts_of(with_parts(results, parts))
    row, col = (1 - grid.row0) % 3, (1 - grid.col0) % 3
    study = results.study[row::3, col::3]
    assert (coarse.step, coarse.rows, coarse.cols) == (3, *study.shape)
    for use, said in coarse.uses.items():
        full = np.full(results.study.shape, -1.0)
        full[results.study] = numbers(facts.uses[use].state, facts, results.study)
        expected = [facts.uses[use].states[int(k)] for k in full[row::3, col::3][study]]
        found = [said.states[int(k)] for k in numbers(said.state, coarse, study)]
        assert found == expected


def test_every_cell_tells_which_layer_its_land_use_is_read_from(results, facts):
    catalog, layers = results.catalog, Layers(results.catalog)
    assert len(facts.grounds) == len(grounds_of(results.resolved.scenario, catalog)) == 3
    land_use = facts.grounds[0]
    read = catalog.read_from("land_use_map")
    members = layers.members("land_use_map", results.grid)[results.study]
    found = numbers(land_use.member, facts, results.study)
    assert len(np.unique(members[members >= 0])) > 1
    assert np.array_equal(found, np.where(members < 0, np.nan, members), equal_nan=True)
    for id, said in zip(read, land_use.layers, strict=True):
        assert said["en"].startswith(catalog[id].title.both()["en"])
        assert text(f"nature.{catalog[id].nature}", "en") in said["en"]


def test_what_is_read_from_one_layer_everywhere_takes_no_plane(facts):
    assert [ground.member.plane is None for ground in facts.grounds] == [False, True, True]


def test_a_use_combined_otherwise_brings_its_own_score(results, facts):
    assert facts.uses["green_estate"].score is None
    given = facts.uses["container_yard"].score
    score, study = score_of(results, "container_yard"), results.study
    for number, exact in zip(given, (score.value, score.low, score.high), strict=True):
        found = numbers(number, facts, study)
        np.testing.assert_allclose(found, exact[study], atol=GREATEST_ERROR)


def test_measures_past_their_span_say_on_which_side():
    span = Span(0.0, 4092.0)
    codes = cell_parts._steps(np.array([-1.0, 0.0, 10.4, 4092.0, 4093.0, np.nan]), span)
    assert codes.tolist() == [4093, 0, 10, 4092, 4094, 4095]


def with_parts(results, parts):
    """Give the results with other parts of cells."""
    others = [one for one in results.gathered if not isinstance(one, type(parts))]
    return dataclasses.replace(results, gathered=(parts, *others))
