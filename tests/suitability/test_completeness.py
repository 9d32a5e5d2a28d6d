"""What is not recorded is never taken for safety, and what lies outside still counts inside."""

import math

import numpy as np
import pytest
import shapely

from maemoh_gis.core.errors import FormatError
from maemoh_gis.engine.stages import StageContext, execute
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.sites.result import sites_of
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import score_of, states_of
from tests.computed import compute
from tests.tiny import SIDE, SOUTH, WEST, write_project

MIDDLE = shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)


def result_of(project):
    results = compute(*prepare(project, "tiny"))
    return results, states_of(results, "estate")


def far_from_things(project):
    """Give the criterion of the tiny project on the whole grid."""
    results, _ = result_of(project)
    context = StageContext(results.resolved.scenario, Layers(results.catalog), results.grid)
    near = [stage for stage in results.stages if stage.scope != "global"]
    return execute(near, context, keep=lambda id: id.startswith("criterion"))[
        "criterion:estate.far"
    ]


def test_a_thing_1_m_outside_the_study_edge_removes_land_inside(tmp_path):
    outside = shapely.Point(WEST - 1.0, SOUTH + 5_000)
    results, states = result_of(write_project(tmp_path, [outside]))
    removed = (states.state == State.REMOVED).sum() * results.grid.cell_area_m2
    half_disc = math.pi * 500**2 / 2
    assert removed == pytest.approx(half_disc, rel=0.03)


def test_an_incomplete_layer_removes_land_but_never_credits_any(tmp_path):
    results, states = result_of(write_project(tmp_path, [MIDDLE.buffer(200)]))
    assert (states.state == State.REMOVED).any()
    far = far_from_things(write_project(tmp_path, [MIDDLE.buffer(200)]))
    assert np.nanmax(far.value) == 0.0
    assert (far.low == 0.0).all()
    assert np.nanmax(far.high) == 1.0
    assert np.isnan(score_of(results, "estate").value[0, 0])


def test_a_thing_that_settles_the_score_scores_though_more_may_be_missing(tmp_path):
    # Near is good: full within 2 km, none at 4 km. The thing stands in the middle, more may be
    # missing. Cell centres stand 50 m off whole hundreds, so in the middle row the last cell that
    # is settled is 1,950 m away.
    project = write_project(tmp_path, [MIDDLE])
    said = tmp_path / "scenarios" / "tiny.yaml"
    near = said.read_text().replace("[[0, 0], [1000, 1]]", "[[2000, 1], [4000, 0]]")
    said.write_text(near)
    found = far_from_things(project)
    middle = found.value[50, 50:]
    assert (middle[:20] == 1.0).all()
    assert np.isnan(middle[20:]).all()
    assert found.low[50, 50:70].tolist() == found.high[50, 50:70].tolist() == [1.0] * 20
    # 3,000 m off: at least 0.5, and more if an unrecorded one is nearer.
    assert found.low[50, 80] == pytest.approx(1 - (np.hypot(3_050, 50) - 2_000) / 2_000, abs=1e-3)
    assert (found.high == 1.0).all()


def test_outside_the_land_where_a_layer_is_complete_only_what_is_settled_scores(tmp_path):
    # Complete on the western half only. Far is good, none at 0 m.
    west = shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE)
    project = write_project(tmp_path, [MIDDLE], halves=[west], complete="{layer: halves}")
    found = far_from_things(project)
    assert found.value[10, 10] == 1.0
    assert np.isnan(found.value[10, 60])
    assert (found.low[10, 60], found.high[10, 60]) == (0.0, 1.0)


def test_a_complete_layer_credits_distance(tmp_path):
    results, _ = result_of(write_project(tmp_path, [MIDDLE], complete="{layer: study}"))
    assert score_of(results, "estate").value[50, 11] == 1.0


def test_near_the_edge_of_what_is_complete_the_worst_that_can_be_is_taken(tmp_path):
    far = far_from_things(write_project(tmp_path, [MIDDLE], complete="{layer: study}"))
    # The cell's centre is 50 m from the edge, beyond which a thing may stand unrecorded.
    assert far.value[50, 0] == pytest.approx(0.05, abs=1e-3)
    assert far.high[50, 0] == 1.0


def test_a_margin_of_completeness_reaches_beyond_the_polygons(tmp_path):
    project = write_project(tmp_path, [MIDDLE], complete="{layer: study, margin_km: 2}")
    assert far_from_things(project).value[50, 0] == 1.0


def test_far_from_things_that_may_be_missing_is_unknown_not_removed(tmp_path):
    project = write_project(tmp_path, [MIDDLE], complete="{layer: study}", test="{beyond_m: 3000}")
    states = result_of(project)[1].state
    assert states[50, 50] == State.ALLOWED
    assert states[50, 5] == State.UNKNOWN
    assert (states != State.REMOVED).any()


def test_beyond_a_layer_that_is_complete_nowhere_is_refused(tmp_path):
    with pytest.raises(FormatError) as caught:
        prepare(write_project(tmp_path, [MIDDLE], test="{beyond_m: 3000}"), "tiny")
    assert [fault.code for fault in caught.value.faults] == ["beyond_incomplete"]


def test_no_land_left_is_an_answer_not_an_error(tmp_path):
    results, states = result_of(write_project(tmp_path, [MIDDLE], test="{within_m: 20000}"))
    assert set(np.unique(states.state)) <= {State.OUTSIDE, State.REMOVED}
    assert sites_of(results, "estate").empty
