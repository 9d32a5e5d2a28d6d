"""Who reaches a cell by road, on a planted road worked out by hand."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.exposure.homes import place
from maemoh_gis.exposure.population import People
from maemoh_gis.exposure.reached import blocks_of, lattice_of
from maemoh_gis.mcda.values import Piecewise
from maemoh_gis.network.edges import add_both_ways, add_nodes, minutes_for, new_graph
from maemoh_gis.reach.over_roads import RoadTimes
from maemoh_gis.runs.project import prepare
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.settings.measure import Measure
from maemoh_gis.scenario.settings.over_roads import PeopleWithin
from maemoh_gis.suitability.score_stages import _reached_score

UTM = "EPSG:32647"
# 20 km by 4 km with homes at both ends: 300 people at x = 500 m, 100 at x = 19,500, y = 2,500.
GRID = Grid(UTM, 1000.0, 0, -4, 4, 20)
LAND = np.array([shapely.box(0, 0, 20_000, 4_000)], dtype=object)
BOTH = np.zeros(GRID.shape)
BOTH[1, 0], BOTH[1, 19] = 3.0, 1.0
ASKED = PeopleWithin(
    network="roads", minutes=10, walk_kph=6, most_walk_m=1_100, every_m=1_000, block_m=1_000
)


def road(*stops, kph=60.0):
    """Lead a road from west to east through points, all on y = 2,500 m."""
    graph = new_graph(UTM)
    add_nodes(graph, {n: (x, 2_500.0) for n, x in enumerate(stops)}, "road")
    for n, (one, other) in enumerate(pairwise(stops)):
        held = {"length": other - one, "minutes": minutes_for(other - one, kph), "mode": "road"}
        line = shapely.LineString([(one, 2_500), (other, 2_500)])
        add_both_ways(graph, (n, n + 1), line, held)
    return graph


@pytest.fixture
def people():
    zone = np.ones(GRID.shape, dtype=np.int16)
    homes = place(BOTH, zone, np.array([400.0]))
    return People(GRID, zone, np.array([400.0]), (homes,), ((1.0, 1.0),), LAND[0])


def reached(people, *stops, whole=None, kph=60.0, asked=ASKED):
    times = RoadTimes(road(*stops, kph=kph), walk_kph=6, most_walk_m=asked.most_walk_m)
    lattice = lattice_of(asked, times, people, LAND, whole)
    measured = lattice.measured_at(GRID)
    return measured, lattice.most_at(GRID, measured)


def test_people_are_gathered_in_the_middle_of_each_block(people):
    """All within one block: three quarters of the people are 19 km west of the rest."""
    places, amounts = blocks_of(people, 100_000)
    assert amounts.tolist() == [400.0]
    assert places[0].tolist() == pytest.approx([0.75 * 500 + 0.25 * 19_500, 2_500])
    _, each = blocks_of(people, 1_000)
    assert sorted(each.tolist()) == pytest.approx([100.0, 300.0])


def test_people_within_reach_are_those_worked_out_by_hand(people):
    """At a kilometre a minute 300 people reach cells up to 10 km from x = 500 and 100 the others;
    cells a kilometre off the road need 10 minutes to walk, and only homes at their junction do.
    """
    measured, _ = reached(people, *range(500, 20_000, 1_000))
    assert measured[1].tolist() == [300.0] * 9 + [400.0] * 2 + [100.0] * 9
    assert measured[0].tolist() == [300.0] + [0.0] * 18 + [100.0]
    # Two kilometres from the road are more than one may walk: unknown, not nobody.
    assert np.isnan(measured[3]).all()


def test_a_slower_road_brings_fewer(people):
    measured, _ = reached(people, *range(500, 20_000, 1_000), kph=30.0)
    assert measured[1].tolist() == [300.0] * 6 + [0.0] * 8 + [100.0] * 6


def test_what_roads_lack_may_bring_more_but_no_more_than_straight(people):
    """The road ends at x = 4,500; one as fast could lead on from there, and to every row."""
    measured, most = reached(people, *range(500, 5_000, 1_000))
    assert measured[1, :5].tolist() == [300.0] * 5
    assert np.isnan(measured[1, 7:]).all()
    assert most[1].tolist() == [300.0] * 9 + [400.0] * 2 + [100.0] * 9
    assert most[3, 0] == 300.0


def test_uncounted_people_within_reach_may_be_any_number(people):
    """At 30 km/h 10 minutes are 5 km: nearer than that to where counting ends the end is open."""
    counted = np.array([shapely.box(-50_000, -50_000, 10_000, 50_000)], dtype=object)
    _, most = reached(people, *range(500, 20_000, 1_000), kph=30.0, whole=counted)
    assert np.isfinite(most[1, :4]).all()
    assert np.isinf(most[1, 6:]).all()
    _, everywhere = reached(people, 500, 1_500, whole=np.empty(0, dtype=object))
    assert np.isinf(everywhere).all()


def test_cells_between_points_lie_straight_between_them(people):
    """From 400 at x = 10,500 to 100 at 11,500 in ten steps."""
    times = RoadTimes(road(*range(500, 20_000, 1_000)), walk_kph=6, most_walk_m=1_100)
    lattice = lattice_of(ASKED, times, people, LAND, None)
    fine = Grid(UTM, 100.0, 105, -25, 1, 10)
    wanted = [400 - 0.3 * (x - 10_500) for x in fine.x]
    # The points stand on y = 2,500 and cells 50 m off it: a twentieth of the way to 0 people.
    assert lattice.measured_at(fine)[0] == pytest.approx([0.95 * w for w in wanted], rel=1e-5)
    part = lattice.measured_at(Grid(UTM, 100.0, 108, -25, 1, 2))
    assert part.tobytes() == lattice.measured_at(fine)[:, 3:5].tobytes()


def test_the_least_counts_and_unknown_is_never_nobody():
    shape = Piecewise(((0.0, 0.0), (100.0, 1.0)))
    of = Measure(people_within=ASKED, plus_minus_share=0.1)
    measured = np.array([[50.0, 50.0, np.nan, 0.0]], dtype=np.float32)
    most = np.array([[60.0, np.inf, np.inf, 0.0]], dtype=np.float32)
    found = _reached_score(measured, most, shape, of, offered=True)
    assert found.value[0, [0, 1, 3]] == pytest.approx([0.5, 0.5, 0.0])
    assert np.isnan(found.value[0, 2])
    assert found.low[0] == pytest.approx([0.45, 0.45, 0.0, 0.0])
    # Each bound is out by its own share: 60 may be 66.
    assert found.high[0] == pytest.approx([0.66, 1.0, 1.0, 0.0])
    fixed = of.model_copy(update={"plus_minus": 5.0, "plus_minus_share": None})
    high = _reached_score(measured, most, shape, fixed, offered=True).high[0]
    assert high == pytest.approx([0.65, 1.0, 1.0, 0.05])
    # Where nobody was counted whole, only what nothing could change is scored.
    unsure = _reached_score(measured, most, shape, of, offered=False)
    assert np.isnan(unsure.value[0, :3]).all()
    assert unsure.value[0, 3] == 0.0


def test_people_that_no_section_places_are_refused(small_project):
    """A criterion counts people, and the scenario says nothing of exposure."""
    resolved, catalog = prepare(small_project, "small")
    (use, definition), *_ = resolved.written.uses.items()
    (id, criterion), *_ = definition.criteria.items()
    asking = criterion.model_copy(update={"measure": Measure(people_within=ASKED)})
    criteria = {**definition.criteria, id: asking}
    uses = {**resolved.written.uses, use: definition.model_copy(update={"criteria": criteria})}
    scenario = resolved.written.model_copy(update={"uses": uses, "exposure": None})
    found = faults_of(dataclasses.replace(resolved, written=scenario), catalog)
    assert {"people_need_exposure", "unknown_network"} <= {fault.code for fault in found}
