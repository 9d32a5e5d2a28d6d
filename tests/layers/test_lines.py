"""Roads and rails as files from elsewhere write them: read as they mean, or refused by name."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, Point

from maemoh_gis.core.errors import LayerError
from maemoh_gis.layers.lines import LineReader, road_faults
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.edges import kilometres
from maemoh_gis.network.graph import rail_graph, road_graph
from tests.network.lines import CRS, X, Y, points, roads

KM = [(0, 0), (1000, 0)]


def ways_open(value):
    """Say whether one can drive a road of one km as drawn, and against that."""
    graph = road_graph(roads(KM, oneway=np.array([value], dtype=object)), CRS)
    first, last = sorted(graph, key=lambda node: graph.nodes[node]["x"])
    found = least_costs(network_arrays(graph), [first, last], [first, last]).values
    return tuple(bool(minutes == 1.0) for minutes in (found[0, 1], found[1, 0]))


def refused(frame, **options):
    with pytest.raises(LayerError) as caught:
        road_graph(frame, CRS, **options)
    return caught.value.faults


@pytest.mark.parametrize(
    "value", ["no", "No", "false", "FALSE", "0", 0, 0.0, False, "B", "b", "", "  ", None,
              float("nan"), "reversible", "alternating"],
)  # fmt: skip
def test_a_road_said_to_be_open_both_ways_is(value):
    assert ways_open(value) == (True, True)


@pytest.mark.parametrize("value", ["yes", "YES", "true", "True", "1", 1, 1.0, True, "F", " f "])
def test_a_one_way_road_is_open_as_it_is_drawn(value):
    assert ways_open(value) == (True, False)


@pytest.mark.parametrize("value", ["-1", -1, -1.0, "reverse", "T", "t"])
def test_a_road_may_be_open_against_its_line_only(value):
    assert ways_open(value) == (False, True)


@pytest.mark.parametrize("value", ["maybe", "2", 7, "ใช่", "yes;no", "y"])
def test_any_other_word_is_refused_with_its_row_and_the_words_known(value):
    frame = roads(KM, [(1000, 0), (2000, 0)], oneway=np.array(["no", value], dtype=object))
    (fault,) = refused(frame)
    assert (fault.code, fault.key, fault.found) == ("line_way_unknown", "oneway", str(value))
    assert fault.values["rows"] == "2"
    assert "reversible" in str(fault.expected)


def test_a_feature_keeps_its_number_when_others_are_left_out():
    frame = roads(KM, KM, [(1000, 0), (2000, 0)], oneway=["no", "no", "so so"])
    (fault,) = refused(frame.iloc[2:])
    assert fault.values["rows"] == "3"


def joined_by(first, second):
    """Measure the way over two roads that meet in the middle node by id."""
    frame = roads(KM, [(1000, 0), (3000, 0)], from_node=first, to_node=second)
    graph = road_graph(frame, CRS)
    west, east = (pick(graph, key=lambda node: graph.nodes[node]["x"]) for pick in (min, max))
    return least_costs(network_arrays(graph, "length"), [west], [east]).values.item()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2], [2, 3]),
        ([1.0, 2.0], [2.0, 3.0]),
        (["N1", "N2"], ["N2", "N3"]),
        (["1", "2"], [2, 3]),
        ([-1, -2], [-2, -3]),
        (["12345678901234567890", "2"], ["2", "12345678901234567891"]),
        ([10**16, 10**16 + 1], [10**16 + 1, 10**16 + 2]),
        (["05", "5"], ["5", "6"]),
    ],
)
def test_ids_may_be_any_text_or_whole_number(first, second):
    assert joined_by(first, second) == pytest.approx(3000)


def test_text_ids_are_kept_beside_the_number_of_their_node():
    graph = road_graph(roads(KM, from_node=["N1"], to_node=["N2"], edge=["R-1"]), CRS)
    assert {held["id"] for _, held in graph.nodes(data=True)} == {"N1", "N2"}
    assert {held["edge"] for *_, held in graph.edges(data=True)} == {"R-1"}


@pytest.mark.parametrize("value", [1.5, True, float(2**60), float("inf")])
def test_what_cannot_tell_nodes_apart_is_no_id(value):
    frame = roads(
        KM, [(1000, 0), (3000, 0)], from_node=np.array([1, 2], dtype=object),
        to_node=np.array([2, value], dtype=object),
    )  # fmt: skip
    (fault,) = refused(frame)
    assert (fault.code, fault.key, fault.values["rows"]) == ("line_id_wrong", "to_node", "2")


def test_half_filled_ids_are_refused_with_their_rows_and_empty_columns_are_no_ids():
    lines = (KM, [(1000, 0), (2000, 0)], [(2000, 0), (3000, 0)])
    faults = refused(roads(*lines, from_node=[1, None, np.nan], to_node=[2, 3, 4]))
    assert [(f.code, f.key, f.values["rows"]) for f in faults] == [
        ("line_id_missing", "from_node", "2, 3")
    ]
    empty = roads(*lines, from_node=[None] * 3, to_node=[np.nan] * 3)
    assert road_graph(empty, CRS).number_of_nodes() == 4


def in_parts(parts, **columns):
    shape = MultiLineString([[(X + x, Y + y) for x, y in part] for part in parts])
    frame = gpd.GeoDataFrame({"speed_kph": [60.0], **columns}, geometry=[shape], crs=CRS)
    return road_graph(frame, CRS)


def test_the_parts_of_a_line_share_its_length():
    # 2 km drawn, 2.5 stated: 1.25 km and as many minutes each.
    graph = in_parts([[(0, 0), (1000, 0)], [(1000, 0), (2000, 0)]], length_m=[2500])
    assert kilometres(graph) == pytest.approx(2.5)
    assert [held["minutes"] for *_, held in graph.edges(data=True)] == pytest.approx([1.25] * 4)


def test_parts_share_in_proportion_to_what_is_drawn_of_them():
    graph = in_parts([[(0, 0), (500, 0)], [(800, 0), (2300, 0)]], length_m=[4000])
    assert sorted({held["length"] for *_, held in graph.edges(data=True)}) == pytest.approx(
        [1000, 3000]
    )


def test_parts_that_follow_one_another_are_one_line_between_the_ends_it_names():
    parts = [[(0, 0), (1000, 0)], [(2000, 0), (1000, 0)]]
    graph = in_parts(parts, length_m=[2000], from_node=["a"], to_node=["b"])
    assert graph.number_of_edges() == 2
    assert kilometres(graph) == pytest.approx(2)
    (start,) = [n for n, held in graph.nodes(data=True) if held["id"] == "a"]
    assert graph.nodes[start]["x"] == X


@pytest.mark.parametrize(
    ("parts", "columns"),
    [
        ([[(0, 0), (500, 0)], [(800, 0), (2300, 0)]], {}),
        ([[(0, 0), (1000, 0)], [(2000, 0), (1000, 0)]], {"oneway": ["yes"]}),
    ],
)
def test_parts_apart_cannot_be_one_line_between_two_ends(parts, columns):
    with pytest.raises(LayerError) as caught:
        in_parts(parts, from_node=[1], to_node=[2], **columns)
    assert [fault.code for fault in caught.value.faults] == ["line_in_parts"]


@pytest.mark.parametrize("pieces", [2, 7, 1000, 1999])
def test_a_road_of_many_short_pieces_is_as_long_as_in_one(pieces):
    # Pieces of a metre lie within the tolerance of junctions; they must not fall together.
    stops = np.linspace(0, 1000, pieces + 1)
    frame = roads(*[[(a, 0), (b, 0)] for a, b in pairwise(stops)])
    graph = road_graph(frame, CRS)
    ends = [
        next(n for n, held in graph.nodes(data=True) if held["x"] == pytest.approx(x, abs=1e-3))
        for x in (X, X + 1000)
    ]
    minutes = least_costs(network_arrays(graph), [ends[0]], [ends[1]]).values.item()
    assert minutes == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("speed_kph", "60 km/h", "line_number_wrong"),
        ("speed_kph", "60,5", "line_number_wrong"),
        ("speed_kph", True, "line_number_wrong"),
        ("speed_kph", 0, "speed_missing"),
        ("speed_kph", -5, "speed_missing"),
        ("speed_kph", None, "speed_missing"),
        ("speed_kph", float("inf"), "line_number_wrong"),
        ("length_m", "1 km", "line_number_too_small"),
        ("length_m", 0, "line_number_too_small"),
        ("length_m", -3, "line_number_too_small"),
        ("length_m", 1.0, "line_shorter_than_straight"),
    ],
)
def test_numbers_that_are_none_are_refused(column, value, code):
    frame = roads(KM).astype({"speed_kph": object})
    frame[column] = np.array([value], dtype=object)
    assert [fault.code for fault in refused(frame)] == [code]


def test_numbers_may_be_written_as_text_and_lengths_left_out():
    frame = roads(KM, [(1000, 0), (2000, 0)]).assign(
        speed_kph=["60", " 30.0 "], length_m=[None, "1500"]
    )
    graph = road_graph(frame, CRS)
    assert sorted({held["minutes"] for *_, held in graph.edges(data=True)}) == pytest.approx(
        [1.0, 3.0]
    )


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "line_without_course"),
        (LineString(), "line_without_course"),
        (Point(X, Y), "line_of_other_kind"),
        (shapely.GeometryCollection([LineString([(X, Y), (X + 9, Y)])]), "line_of_other_kind"),
        (LineString([(X, Y), (X, Y)]), "line_of_no_length"),
        ("inf", "line_nowhere"),
        ("nan", "line_nowhere"),
    ],
)
def test_lines_that_are_none_are_refused_with_their_number(shape, code):
    frame = roads(KM, KM)
    if isinstance(shape, str):
        with np.errstate(invalid="ignore"):
            shape = LineString([(X, Y), (X + 5, float(shape))])
    frame.loc[1, "geometry"] = shape
    (fault,) = refused(frame)
    assert (fault.code, fault.values["rows"]) == (code, "2")


def test_everything_wrong_is_told_at_once():
    frame = roads(KM, KM, oneway=["no", "perhaps"], from_node=[1, 1.5], to_node=[2, 2])
    frame.loc[0, "geometry"] = None
    assert {fault.code for fault in refused(frame)} == {
        "line_way_unknown", "line_id_wrong", "line_without_course",
    }  # fmt: skip
    assert {f.code for f in road_faults(frame, CRS)} >= {"line_way_unknown", "line_id_wrong"}


def test_heights_of_a_line_do_not_lengthen_it():
    frame = roads(KM)
    frame.geometry = shapely.force_3d(frame.geometry.array, z=[300.0])
    assert kilometres(road_graph(frame, CRS)) == 1.0


def test_a_loop_is_a_road_like_any_other():
    frame = roads([(0, 0), (300, 400), (600, 0), (0, 0)], KM)
    assert kilometres(road_graph(frame, CRS)) == pytest.approx(1.6 + 1.0)


def rails(**columns):
    frame = roads(KM, **columns)
    return rail_graph(frame, points(halt=(0, 0)), CRS, 2569, speed_kph=35)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("tracks", "single", "line_number_too_small"),
        ("tracks", 1.5, "line_number_too_small"),
        ("gauge_mm", "1,000", "line_number_too_small"),
        ("open_year_be", "soon", "line_number_wrong"),
        ("open_year_be", 2026, "line_year_wrong"),
        ("ruling_grade_northbound_per_mille", "steep", "line_number_wrong"),
        ("length_m", "4 515", "line_number_too_small"),
    ],
)
def test_sections_of_railway_are_read_or_refused_alike(column, value, code):
    with pytest.raises(LayerError) as caught:
        rails(**{column: np.array([value], dtype=object)})
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_station_said_in_words_to_be_off_the_line_is_left_out():
    stations = points(halt=(0, 0), far=(0, 5000)).assign(on_line=["yes", "no"])
    graph = rail_graph(roads(KM), stations, CRS, 2569, speed_kph=35)
    assert {held.get("name") for _, held in graph.nodes(data=True)} == {"halt", None}
    with pytest.raises(LayerError) as caught:
        rail_graph(roads(KM), stations.assign(on_line="?"), CRS, 2569, speed_kph=35)
    assert [fault.code for fault in caught.value.faults] == ["line_truth_unknown"]


def test_what_a_reader_finds_is_the_same_whether_ids_are_read_first_or_last():
    frame = roads(KM, oneway=["no"], from_node=["a"], to_node=["b"])
    reader = LineReader(frame)
    assert reader.ends().tolist() == [["a", "b"]]
    assert reader.ways().tolist() == [0]
    assert reader.faults == []
