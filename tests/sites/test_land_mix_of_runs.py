"""Six uses share the land: no cell goes to two, and every rai is accounted for."""

import csv
import io

import numpy as np
import pytest

from maemoh_gis.files import read_text
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.run import run
from maemoh_gis.sites.result import land_of, sites_by_use
from maemoh_gis.suitability.result import score_of
from tests.computed import compute

SCENARIO = """version: 1
id: small_mix
extends: six_uses
title: {th: ทดสอบ, en: A test}
question: {th: ทดสอบ, en: A test}
change:
  grid: {crs: "EPSG:32647", cell_m: 400}
  area: {layer: districts, where: {code: [5202, 5210]}}
"""


@pytest.fixture(scope="module")
def project(small_project):
    (small_project.scenarios / "small_mix.yaml").write_text(SCENARIO, encoding="utf-8")
    yield small_project
    (small_project.scenarios / "small_mix.yaml").unlink()


@pytest.fixture(scope="module")
def results(project, shared_store):
    return compute(*prepare(project, "small_mix"), store=shared_store)


def test_no_cell_goes_to_two_uses(results):
    taken = sum(
        (land_of(results, use).label > 0).astype(int) for use in results.resolved.scenario.uses
    )
    assert taken.max() == 1


def test_every_use_finds_land_no_smaller_than_it_asks(results):
    for use, sites in sites_by_use(results).items():
        least = results.resolved.scenario.uses[use].land.least_rai
        assert len(sites) > 0, use
        assert (sites["area_rai"] >= least).all()


def test_the_balance_adds_up_to_the_study_area(project, results, shared_store, tmp_path):
    folder = run(project, "small_mix", tmp_path / "mix", store=shared_store)
    rows = list(csv.DictReader(io.StringIO(read_text(folder / "land_mix.csv"))))
    total = sum(float(row["area_rai"]) for row in rows)
    assert total == results.study.sum() * results.grid.cell_area_m2 / 1600
    assert {row["use"] for row in rows if row["part"] == "site"} == set(
        results.resolved.scenario.uses
    )


def test_every_use_ships_criteria_points_and_weights_with_their_basis(results):
    scenario = results.resolved.scenario
    assert len(scenario.uses) == 6
    for use, definition in scenario.uses.items():
        assert definition.land.basis
        for criterion in definition.criteria.values():
            assert len(criterion.basis) > 10
            assert criterion.value is not None or criterion.needs is not None
        for viewpoint in scenario.viewpoints.values():
            weights = viewpoint.weights[use].resolved()
            assert set(weights) == set(definition.criteria)
            assert sum(weights.values()) == pytest.approx(1.0)


def test_nearness_to_homes_weighs_at_least_0_12_in_the_starting_viewpoint(results):
    scenario = results.resolved.scenario
    names = {"community_env", "settlement_buffer", "community_forest"}
    for use in scenario.uses:
        weights = scenario.weights(use)
        assert max(weights.get(name, 0.0) for name in names) >= 0.12 - 1e-9


def test_scores_stay_between_their_bounds(results):
    for use in results.resolved.scenario.uses:
        score = score_of(results, use)
        value, known = score.value, ~np.isnan(score.value)
        assert (score.low[known] <= value[known]).all()
        assert (value[known] <= score.high[known]).all()
