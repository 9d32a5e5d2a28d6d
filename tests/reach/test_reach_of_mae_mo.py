"""Land within reach of Mae Mo, against every place of every road tried one by one."""

import numpy as np
import pytest
import shapely

from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import pieces_of
from maemoh_gis.network.pace import minutes_at
from maemoh_gis.network.travel import MINUTES_PER_M_AT_1_KPH, Roadside
from maemoh_gis.reach.queries import open_network, reach_from, start_at
from maemoh_gis.runs.project import Project, prepare
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS

WALK_KPH, MOST_WALK_M, STEPS = 15.0, 15_000.0, [15, 30, 60]


@pytest.fixture(scope="module")
def opened():
    resolved, catalog = prepare(Project(FROZEN_LAYERS, FROZEN_SCENARIOS), "baseline")
    return open_network(resolved.scenario, catalog)


@pytest.fixture(scope="module")
def reach(opened):
    return reach_from(
        opened, "Mae Mo", STEPS, walk_kph=WALK_KPH, most_walk_m=MOST_WALK_M, cell_m=500.0
    )


def test_minutes_of_cells_are_the_least_over_every_place_of_every_road(opened, reach):
    graph, start = start_at(opened, "Mae Mo", most_m=MOST_WALK_M)
    network = network_arrays(graph)
    at = dict(zip(network.ids.tolist(), least_costs(network, [start.node]).values[0], strict=True))
    spots, there = [], []
    for tail, _, held in graph.edges(data=True):
        share = np.linspace(0.0, 1.0, int(held["geometry"].length / 40.0) + 2)
        spots.append(shapely.line_interpolate_point(held["geometry"], share, normalized=True))
        there.append(at[tail] + minutes_at(held, share) * held["minutes"])
    xy, minutes = shapely.get_coordinates(np.concatenate(spots)), np.concatenate(there)
    random = np.random.default_rng(3)
    rows, cols = (random.integers(0, n, 300) for n in reach.grid.shape)
    for row, col in zip(rows, cols, strict=True):
        off = np.hypot(xy[:, 0] - reach.grid.x[col], xy[:, 1] - reach.grid.y[row])
        whole = np.where(off <= MOST_WALK_M, minutes + off / WALK_KPH * 0.06, np.inf)
        found = float(reach.minutes[row, col])
        if np.isnan(found):
            assert np.isinf(whole.min())
        else:
            assert found == pytest.approx(float(whole.min()), abs=0.1)


def test_the_quickest_way_reaches_more_land_than_the_nearest_road(opened, reach):
    graph, start = start_at(opened, "Mae Mo", most_m=MOST_WALK_M)
    network = network_arrays(graph)
    beside = Roadside(graph, network, pieces_of(graph))
    x, y = np.meshgrid(reach.grid.x, reach.grid.y)
    snapped = beside.snap(x.ravel(), y.ravel(), MOST_WALK_M)
    at_nodes = least_costs(network, [start.node]).values[0]
    nearest = beside.read(at_nodes, snapped, a_metre=MINUTES_PER_M_AT_1_KPH / WALK_KPH)
    quickest = reach.minutes.ravel().astype(float)
    for minutes in STEPS:
        growth = (quickest <= minutes).sum() / (nearest <= minutes).sum() - 1
        assert 0.02 < growth < 0.13


def test_what_lies_outside_the_study_area_is_told(reach):
    told = {minutes: (area, outside) for minutes, area, outside in reach.areas_m2}
    assert told[15.0][1] == told[30.0][1] == 0
    # 178,000 rai; cells of 500 m tell it to a few hundred.
    assert told[60.0][1] / 1_600 == pytest.approx(178_894, rel=0.02)
    assert told[60.0][0] / 1_600 == pytest.approx(2_036_894, rel=0.01)
