"""Boxes that stand at places, weakened by minutes by road, on a planted road worked out by hand."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.grid import Grid
from maemoh_gis.network.edges import add_both_ways, add_nodes, minutes_for, new_graph
from maemoh_gis.reach.over_roads import RoadTimes
from maemoh_gis.reach.potential import lattice_of, placed
from maemoh_gis.scenario.settings.over_roads import Potential

UTM = "EPSG:32647"
# A road of 19 km at a kilometre a minute; seats at both ends.
GRID = Grid(UTM, 1000.0, 0, -4, 4, 20)
LAND = np.array([shapely.box(0, 0, 20_000, 4_000)], dtype=object)
STOPS = range(500, 20_000, 1_000)
ASKED = Potential(
    network="roads",
    to="seats",
    code="code",
    amounts="boxes",
    by="origin",
    weight="teu",
    half_minutes=10,
    walk_kph=6,
    most_walk_m=1_100,
    every_m=1_000,
)
BOTH = [("1", "600"), ("1", "200"), ("2", "400")]


class PlantedLayers:
    """Two seats, and the rows of a table."""

    def __init__(self, rows):
        self._rows = [{"origin": origin, "teu": teu} for origin, teu in rows]

    def features(self, _, crs):
        points = [shapely.Point(500, 2_500), shapely.Point(19_500, 2_500)]
        return gpd.GeoDataFrame({"code": [1, 2]}, geometry=points, crs=crs)

    def rows(self, _):
        return self._rows


def reached(rows, *, whole=True, stops=STOPS):
    graph = new_graph(UTM)
    add_nodes(graph, {n: (x, 2_500.0) for n, x in enumerate(stops)}, "road")
    for n, (one, other) in enumerate(pairwise(stops)):
        held = {"length": other - one, "minutes": minutes_for(other - one, 60.0), "mode": "road"}
        line = shapely.LineString([(one, 2_500), (other, 2_500)])
        add_both_ways(graph, (n, n + 1), line, held)
    times = RoadTimes(graph, walk_kph=6, most_walk_m=1_100)
    lattice = lattice_of(ASKED, times, PlantedLayers(rows), LAND, UTM, whole=whole)
    measured = lattice.measured_at(GRID)
    return measured, lattice.most_at(GRID, measured)


def test_amounts_of_a_place_are_added_up():
    xy, amounts, known = placed(ASKED, PlantedLayers(BOTH), UTM)
    assert xy.tolist() == [[500, 2_500], [19_500, 2_500]]
    assert amounts.tolist() == [800, 400]
    assert known


def test_an_amount_counts_half_at_every_ten_minutes():
    """At x = 10,500: 800 boxes 10 minutes off and 400 nine; a kilometre beside the road 10 more."""
    measured, most = reached(BOTH)
    wanted = 800 / 2 + 400 * 2**-0.9
    assert measured[1, 10] == pytest.approx(wanted, rel=1e-6)
    assert measured[0, 10] == pytest.approx(wanted / 2, rel=1e-6)
    assert measured[1, 0] == pytest.approx(800 + 400 * 2**-1.9, rel=1e-6)
    # Straight at a kilometre a minute is no quicker along the road, and is beside it.
    assert most[1, 10] == pytest.approx(wanted, rel=1e-6)
    straight = 800 * 2 ** -(np.hypot(10, 1) / 10) + 400 * 2 ** -(np.hypot(9, 1) / 10)
    assert most[0, 10] == pytest.approx(straight, rel=1e-6)
    assert np.isnan(measured[3]).all()


def test_what_no_road_leads_to_counts_for_nothing_but_may():
    measured, most = reached(BOTH, stops=range(500, 12_000, 1_000))
    assert measured[1, 10] == pytest.approx(400, rel=1e-6)
    assert most[1, 10] == pytest.approx(400 + 400 * 2**-0.9, rel=1e-6)


@pytest.mark.parametrize("row", [("2", ""), ("beyond", "50")])
def test_what_has_no_size_or_no_place_may_add_without_end(row):
    measured, most = reached([*BOTH[:2], row])
    assert measured[1, 10] == pytest.approx(400, rel=1e-6)
    assert np.isinf(most).all()


def test_a_layer_that_may_lack_rows_leaves_the_most_open():
    assert np.isinf(reached(BOTH, whole=False)[1]).all()


def test_amounts_that_are_none_are_refused():
    with pytest.raises(LayerError) as refused:
        placed(ASKED, PlantedLayers([("1", "-5"), ("1", "many"), ("2", "3")]), UTM)
    (fault,) = refused.value.faults
    assert (fault.code, fault.file) == ("amounts_not_amounts", "boxes")
    assert (fault.key, fault.found) == ("teu", "2")
