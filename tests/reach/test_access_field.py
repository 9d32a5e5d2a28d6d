"""Minutes from the land to several places by road, worked out by hand."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.network.places import with_places
from maemoh_gis.reach.access_field import AccessField, roads_of
from tests.tiny import UTM


def corner():
    """Two kilometres east at 60 km/h, then one north at 30; a way back only on the first."""
    graph = nx.MultiDiGraph(crs=UTM)
    for node, (x, y) in {1: (0, 0), 2: (2_000, 0), 3: (2_000, 1_000), 4: (9_000, 9_000)}.items():
        graph.add_node(node, x=float(x), y=float(y))
    for start, end, length, minutes in ((1, 2, 2_000, 2.0), (2, 1, 2_000, 2.0), (2, 3, 1_000, 2.0)):
        graph.add_edge(start, end, length=length, minutes=minutes, mode="road", reversed=False)
    graph.add_edge(3, 4, length=9_000, minutes=1.0, mode="rail", reversed=False)
    return graph


def test_a_cell_goes_the_way_the_roads_are_open():
    roads = roads_of(corner())
    field = AccessField(roads, [1, 3], walk_kph=6, most_walk_m=500)
    minutes = field.minutes(np.array([500.0, 2_100.0, 500.0]), np.array([100.0, 250.0, 600.0]))
    # 100 m of walk is a minute, of which cutting the corner leaves sqrt(99) tenths; 0.5 back to 1,
    # or 1.5 on to the corner and 2 to the north. The one-way road does not lead back to 1, but one
    # may walk to the corner; three quarters of it lie ahead.
    cut, slow_cut = np.sqrt(99) / 10, np.sqrt(96) / 10
    corner_m = np.hypot(100, 250)
    wanted = [
        [0.5 + cut, 1.5 + 2.0 + cut],
        [corner_m / 100 + 2.0, 1.5 + slow_cut],
        [np.nan, np.nan],
    ]
    np.testing.assert_allclose(minutes, wanted)
    straight = field.least_minutes(np.array([500.0]), np.array([0.0]))
    np.testing.assert_allclose(straight, [[0.5, np.hypot(1.5, 1.0)]])
    known, least = field.minutes_from([1, 3])
    np.testing.assert_allclose(known, [[0.0, 4.0], [np.nan, 0.0]])
    np.testing.assert_allclose(least[0], [0.0, np.hypot(2.0, 1.0)])


def test_rails_are_no_road():
    assert set(roads_of(corner())) == {1, 2, 3}
    rails = corner()
    rails.remove_edges_from([(1, 2, 0), (2, 1, 0), (2, 3, 0)])
    with pytest.raises(LayerError):
        roads_of(rails)


def test_a_place_put_on_the_road_splits_it_and_is_reached_from_both_sides():
    places = gpd.GeoDataFrame(geometry=[shapely.Point(500, 0)], crs=UTM)
    roads, (landing,) = with_places(roads_of(corner()), places, most_m=10, name_column=None)
    field = AccessField(roads, [landing.node], walk_kph=6, most_walk_m=500)
    found = field.minutes(np.array([250.0, 1_500.0]), np.zeros(2))
    np.testing.assert_allclose(found, [[0.25], [1.0]])
