"""Travel time over land, the land within reach, and what closures cost."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.grid import Grid
from maemoh_gis.network.edges import pieces_of
from maemoh_gis.network.graph import road_graph
from maemoh_gis.network.places import node_of, with_places
from maemoh_gis.network.travel import TravelField
from maemoh_gis.network.ways_around import course_of, names_of, stretches
from maemoh_gis.reach.closures import _is_bridge, worst_closures
from maemoh_gis.reach.outlines import reach_polygons
from tests.network.lines import CRS, X, Y, points, roads
from tests.network.test_graph import layer

GRID = Grid.covering((X - 500, Y - 500, X + 1500, Y + 500), crs=CRS, cell_m=100)


def straight_road(**columns):
    return road_graph(roads([(0, 0), (1000, 0)], **columns), CRS)


def reached(graph, origins=(1,), grid=GRID, most_walk_m=5000):
    return TravelField(graph, origins, walk_kph=6, most_walk_m=most_walk_m).minutes(grid)


def test_a_cell_takes_the_ride_and_the_walk_that_are_quickest_together():
    minutes = reached(straight_road())
    row, col = GRID.rows // 2 - 3, 5 + 7
    # 750 m along at 1 km a minute, 250 m off at 0.1 km a minute, the corner cut.
    assert minutes[row, col] == pytest.approx(0.75 + 0.25 * np.sqrt(99))


def test_on_a_road_one_comes_to_from_both_ends_the_quicker_counts():
    minutes = reached(straight_road(), origins=(1, 2))
    np.testing.assert_allclose(minutes, minutes[:, ::-1], rtol=1e-5)


def test_a_one_way_road_cannot_be_entered_from_its_end():
    minutes = reached(straight_road(oneway=[True]), origins=(2,))
    assert np.isnan(minutes[GRID.rows // 2, 5 + 5])
    assert not np.isnan(reached(straight_road(oneway=[True]))[GRID.rows // 2, 5 + 5])


def test_land_beyond_the_walk_is_not_reached():
    minutes = reached(straight_road(), most_walk_m=260)
    assert np.isnan(minutes[0]).all()
    assert not np.isnan(minutes[GRID.rows // 2 - 3, 5:15]).any()


def test_roads_that_cannot_be_reached_bring_nobody_near():
    graph = road_graph(roads([(0, 0), (1000, 0)], [(0, 400), (1000, 400)]), CRS)
    minutes = reached(graph, most_walk_m=300)
    assert np.isnan(minutes[1, 10])
    assert not np.isnan(minutes[GRID.rows // 2, 10])
    # Nor do they keep anybody away: whoever may walk past them comes from the road beyond.
    assert reached(graph)[1, 10] == pytest.approx(0.55 - 0.0 + 0.35 * np.sqrt(99), abs=1e-5)


def test_a_cell_has_the_same_minutes_in_every_window():
    seats, _ = with_places(road_graph(layer("roads"), CRS), layer("district_seats"), most_m=3000)
    origin = [node_of(seats, "Mae Mo")]
    wide = Grid.covering((560_000, 2_010_000, 590_000, 2_040_000), crs=CRS, cell_m=500)
    narrow = Grid.covering((570_000, 2_020_000, 575_000, 2_025_000), crs=CRS, cell_m=500)
    whole, part = (reached(seats, origin, grid) for grid in (wide, narrow))
    assert np.isfinite(part).any()
    np.testing.assert_array_equal(whole[wide.window_of(narrow)], part)


def test_outlines_hold_whole_cells_and_the_longer_hold_the_shorter():
    minutes = reached(straight_road())
    land = reach_polygons(minutes, GRID, [5, 1, 2])
    assert list(land["minutes"]) == [1, 2, 5]
    assert list(land["area_m2"]) == [(minutes <= m).sum() * 10_000 for m in (1, 2, 5)]
    assert list(land.geometry.area) == pytest.approx(list(land["area_m2"]))
    assert land.geometry.iloc[2].covers(land.geometry.iloc[0])


def test_nothing_within_reach_is_an_empty_outline():
    land = reach_polygons(reached(straight_road()), GRID, [0])
    assert land.geometry.is_empty.all()
    assert list(land["area_m2"]) == [0]


@pytest.mark.parametrize(("origins", "code"), [((), "no_origin"), ((9,), "unknown_node")])
def test_an_origin_is_needed(origins, code):
    with pytest.raises(LayerError) as caught:
        reached(straight_road(), origins)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_grid_of_another_crs_is_refused():
    grid = Grid("EPSG:32648", 100, 0, 0, 1, 1)
    with pytest.raises(LayerError):
        reached(straight_road(), grid=grid)


def test_the_only_bridge_is_the_worst_closure():
    frame = roads(
        [(0, 0), (1000, 0)],
        [(1000, 0), (2000, 0)],
        [(0, 0), (0, 500), (1000, 500), (1000, 0)],
        name_en=["short", "bridge", "round"],
    )
    graph = road_graph(frame, CRS)
    ends, _ = with_places(graph, points(a=(0, 0), b=(2000, 0), c=(1000, 0)), most_m=1)
    a, b, c = (node_of(ends, name) for name in "abc")
    worst = worst_closures(ends, [(a, b), (b, a), (a, c)])
    assert [(names_of(ends, [one.piece]), one.cut_off) for one in worst] == [
        ("bridge", 2),
        ("short", 0),
    ]
    assert worst[1].extra == pytest.approx(3 * 1.0)


def test_pairs_without_a_way_do_not_count_as_cut_off():
    graph = road_graph(roads([(0, 0), (1000, 0)], [(0, 400), (1000, 400)]), CRS)
    (only,) = worst_closures(graph, [(1, 2), (1, 3)])
    assert only.cut_off == 1


WAYS = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9), st.booleans())


@given(st.lists(WAYS, min_size=1, max_size=14))
@settings(max_examples=300, deadline=None)
def test_closures_cost_what_networkx_says_without_the_edge(ways):
    # Roads of one way or two, beside each other, that cost nothing or lead back to their start.
    graph = nx.MultiDiGraph(crs=CRS)
    graph.add_nodes_from((i, {"x": i, "y": i * i}) for i in range(6))
    for number, (a, b, minutes, both_ways) in enumerate(ways):
        line = LineString([(a, a * a), (-number - 1, number), (b, b * b)])
        graph.add_edge(a, b, minutes=minutes, geometry=line)
        if both_ways:
            graph.add_edge(b, a, minutes=10 - minutes, geometry=line.reverse())
    pairs = [(0, 5), (1, 4), (0, 3), (2, 0)]

    def costs(held):
        return [
            nx.dijkstra_path_length(held, a, b, weight="minutes")
            if nx.has_path(held, a, b)
            else np.nan
            for a, b in pairs
        ]

    before = np.array(costs(graph))
    for closure in worst_closures(graph, pairs):
        shut = graph.copy()
        shut.remove_edges_from(closure.piece.edges)
        lost = np.array(costs(shut)) - before
        assert closure.cut_off == (np.isnan(lost) & ~np.isnan(before)).sum()
        assert closure.extra == np.nansum(lost)
        assert np.array_equal(closure.lost, lost, equal_nan=True)
        assert (
            closure.worst == np.nanmax(lost) if np.isfinite(lost).any() else np.isnan(closure.worst)
        )


def ways_of(*edges):
    """Make a network of roads from node to node, each with a course of its own."""
    graph = nx.MultiDiGraph(crs=CRS)
    for number, (a, b, minutes, both_ways) in enumerate(edges):
        for node in (a, b):
            graph.add_node(node, x=node, y=node * node)
        line = LineString([(a, a * a), (-number - 1, number), (b, b * b)])
        graph.add_edge(a, b, minutes=minutes, geometry=line)
        if both_ways:
            graph.add_edge(b, a, minutes=minutes, geometry=line.reverse())
    return graph


@pytest.mark.parametrize(
    ("edges", "pairs", "shut", "told"),
    [
        # A way round the middle one by node 5, which is taken out first.
        ([(1, 2, 1, True), (2, 3, 1, True), (2, 5, 3, True), (5, 3, 3, True), (3, 4, 1, True)],
         [(1, 4)], (2, 3), (0, 5)),
        # A dearer road beside it.
        ([(1, 2, 1, True), (2, 3, 1, True), (2, 3, 5, True), (3, 4, 1, True)],
         [(1, 4)], (2, 3), (0, 4)),
        # Two carriageways: shutting one hurts one direction.
        ([(1, 2, 1, True), (2, 3, 1, False), (3, 2, 1, False), (3, 4, 1, True),
          (1, 5, 10, True), (5, 4, 10, True)], [(1, 4), (4, 1)], (2, 3), (0, 17)),
    ],
)  # fmt: skip
def test_what_goes_round_a_part_of_a_road_is_seen(edges, pairs, shut, told):
    for closure in worst_closures(ways_of(*edges), pairs):
        if closure.piece.edges[0][:2] == shut:
            assert (closure.cut_off, closure.extra) == told
            return
    pytest.fail("the stretch is not among the closures")


def test_closures_that_hurt_different_pairs_are_two():
    graph = ways_of((1, 3, 1, True), (2, 3, 1, True), (3, 4, 1, True))
    one, other = (c.lost for c in worst_closures(graph, [(1, 4), (2, 4)]) if c.cut_off == 1)
    assert one.tobytes() != other.tobytes()


@pytest.mark.parametrize(
    ("written", "bridge"),
    [("yes", True), ("viaduct", True), ("T", True), (True, True)]
    + [(word, False) for word in ("no", "F", 0, None)],
)
def test_what_is_no_bridge_counts_as_none(written, bridge):
    assert _is_bridge(written) == bridge


def test_pieces_that_meet_and_are_alike_are_one_stretch():
    frame = roads(
        [(0, 0), (1000, 0)], [(1000, 0), (3000, 0)], [(3000, 0), (3500, 0)], [(9000, 0), (9900, 0)],
        name_en=["1", "1; 11", None, "1"],
    )  # fmt: skip
    graph = road_graph(frame, CRS)
    pieces = pieces_of(graph)
    whole, apart = stretches(dict.fromkeys(pieces, "the same"))
    assert (whole, apart) == (tuple(pieces[:3]), tuple(pieces[3:]))
    assert course_of(whole).length == 3500
    assert names_of(graph, whole) == "1; 11"
    assert len(stretches({piece: piece for piece in pieces})) == 4
