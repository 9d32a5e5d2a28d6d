"""How much land a limit takes by readings that are within their error of the limit."""

import numpy as np
import pytest

from maemoh_gis.core.errors import FormatError
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import parse_yaml, written_yaml
from maemoh_gis.engine.stages import StageContext, upstream_of
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.engine.study import study_grid
from maemoh_gis.files import read_csv
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.settings.limit import Limit
from maemoh_gis.suitability.known_land import KnownLand, with_tallies
from maemoh_gis.suitability.limit_doubt import PREFIX, within_error
from tests.paths import LAYERS, SCENARIOS


def test_a_reading_within_its_error_of_the_limit_is_told_and_nothing_else_changes(small_run):
    rows = [r for r in read_csv(small_run / "removed.csv") if r["limit"] == "steep_land"]
    assert rows
    for row in rows:
        share = float(row["within_error_rai"]) / float(row["at_all_rai"])
        assert float(row["within_error_share"]) == pytest.approx(share, abs=1e-4)
        assert 0 < share <= 1
    others = {r["limit"] for r in read_csv(small_run / "removed.csv") if r["within_error_share"]}
    assert others == {"steep_land"}


def test_slopes_of_15_to_26_percent_are_within_their_error_of_15():
    resolved, _ = prepare(Project(LAYERS, SCENARIOS), "baseline")
    limit = resolved.scenario.limits["steep_land"]
    # 0.55 + 0.4 v reaches down to 15 from v = 15.55 / 0.6 = 25.9, and up to it from 10.3.
    readings = np.array([10.3, 10.4, 15.0, 25.9, 26.0, 60.0])
    assert limit.unsure(readings).tolist() == [False, True, True, True, False, False]


def test_the_share_is_that_of_the_cells_it_removes():
    resolved, catalog = prepare(Project(LAYERS, SCENARIOS), "baseline")
    scenario, layers = resolved.scenario, Layers(catalog)
    grid = study_grid(scenario, layers)
    slope = layers.numbers("slope", grid)
    steep = slope > 15
    assert 0.5 < scenario.limits["steep_land"].unsure(slope[steep]).mean() < 1


@pytest.fixture(scope="module")
def small(small_project):
    """Give a small scenario with its layers and all its stages."""
    resolved, catalog = prepare(small_project, "small")
    stages = with_tallies(resolved.scenario, catalog, stage_table(resolved.scenario, catalog))
    return resolved.scenario, Layers(catalog), stages


@pytest.mark.parametrize("rows", [7, 64])
def test_strips_count_the_cells_that_the_whole_raster_holds(small, rows):
    scenario, layers, stages = small
    grid, known = study_grid(scenario, layers), KnownLand(scenario)
    wanted = [f"{PREFIX}{use}" for use in scenario.uses]
    found = execute_in_strips(
        upstream_of(stages, [*wanted, "study"]), StageContext(scenario, layers, grid),
        keep="study".__eq__, show=wanted.__contains__,
        each=lambda _, results: known.add(results), rows=rows,
    )  # fmt: skip
    slope = layers.numbers("slope", grid)[found["study"]].astype(float)
    # From the words of the limit: steeper than 15 %, and 0.55 + 0.4 v or less above it.
    by_hand = int(((slope > 15) & (slope - 15 <= 0.55 + 0.4 * slope)).sum())
    for use in scenario.uses:
        assert within_error(scenario, use, known.counts) == {"steep_land": by_hand}
    assert by_hand > 0


def test_an_error_without_a_reading_is_refused():
    resolved, _ = prepare(Project(LAYERS, SCENARIOS), "baseline")
    limit = resolved.scenario.limits["mapped_water_and_mine"].model_dump(exclude_none=True)
    told = parse_yaml(written_yaml(limit | {"plus_minus": 1.0}), "s.yaml")
    with pytest.raises(FormatError) as caught:
        validate(Limit, told)
    assert [fault.code for fault in caught.value.faults] == ["error_not_for_test"]
