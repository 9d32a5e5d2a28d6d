"""Sites on the frozen copy of the layers, by figures worked out without the project's programs."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import StageContext, StagesAgain, execute, upstream_of
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.sites.table import UseAsked, site_features
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS

# A strip of 3 x 8 cells, 300 m wide, all allowed, that an independent program scored 0.8899.
STRIP = (551_900.0, 2_019_950.0)


@pytest.fixture(scope="module")
def sites():
    """The sites of the container yard within 6 km of the strip."""
    resolved, catalog = prepare(Project(FROZEN_LAYERS, FROZEN_SCENARIOS), "baseline")
    scenario = resolved.scenario
    x, y = STRIP
    around = (x - 6e3, y - 6e3, x + 6e3, y + 6e3)
    grid = Grid.covering(around, crs=scenario.grid.crs, cell_m=scenario.grid.cell_m)
    context = StageContext(scenario, Layers(catalog), grid)
    stages = stage_table(scenario, catalog)
    names = ("score:container_yard", "state:container_yard", "sites:container_yard")
    found = execute(upstream_of(stages, names), context, keep=lambda id: id in names)
    score, state, share = (found[name] for name in names)
    asked = UseAsked.of(scenario, "container_yard")
    again = StagesAgain(asked.stages, upstream_of(stages, asked.stages), context)
    return site_features(asked, grid, context.layers, share, score, state, again)


def test_the_long_strip_of_good_land_is_a_site(sites):
    near = sites[sites.distance(shapely.Point(STRIP)) < 1000.0]
    assert near["score_mean"].max() >= 0.8899 - 0.0005
    assert (sites["widest_m"] >= 250).all()


def test_outlines_are_at_least_the_gap_apart(sites):
    assert len(sites) > 1
    shapes = list(sites.geometry)
    gaps = [a.distance(b) for k, a in enumerate(shapes) for b in shapes[:k]]
    assert min(gaps) >= 1000.0 - 1e-6


def test_the_facts_tell_no_pair_of_sites_apart(sites):
    assert set(sites["class"]) == {"A"}
    assert sites["score_low"].max() < sites["score_high"].min()
    assert np.all(np.diff(sites["score_low"]) <= 1e-4)
