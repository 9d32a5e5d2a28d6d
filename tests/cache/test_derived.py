"""What functions make is kept by what they are handed, and by nothing that anybody lists."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from maemoh_gis.cache.derived import Keyed, Remembered, by_content, cached, content_of, later
from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.files.scratch import Scratch
from maemoh_gis.scenario.settings.parts import Selection


@dataclass(frozen=True)
class Built:
    graph: nx.MultiDiGraph
    lengths: np.ndarray


def built(length: float = 2.5, course: float = 1.0) -> Built:
    graph = nx.MultiDiGraph(crs="EPSG:32647")
    graph.add_node(4, x=1.0, y=np.float64(2.0))
    graph.add_node(7, x=3.0, y=4.0)
    line = shapely.LineString([(0, 0), (course, 1)])
    graph.add_edge(4, 7, key=0, length=length, geometry=line, ref=None)
    return Built(graph, np.array([length, 0.0]))


def test_equal_results_have_one_checksum_and_others_another():
    assert content_of(built()) == content_of(built())
    different = [built(length=2.6), built(course=1.1), Built(built().graph, np.zeros(2))]
    renamed = built()
    nx.relabel_nodes(renamed.graph, {7: 8}, copy=False)
    tagged = built()
    tagged.graph.edges[4, 7, 0]["ref"] = "11"
    every = [content_of(one) for one in (built(), *different, renamed, tagged)]
    assert len(set(every)) == len(every)


def test_what_has_no_content_of_its_own_is_refused():
    with pytest.raises(TypeError):
        content_of({"a": object()})


def table(name="ก", east=1.0):
    return gpd.GeoDataFrame({"n": [name]}, geometry=[shapely.Point(east, 2)], crs="EPSG:32647")


VALUES = [
    None, True, 0, 1, 1.0, 0.0, -0.0, float("nan"), float("inf"), "1", b"1", (), (1, 2), (2, 1),
    {}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {1: "a"}, {"1": "a"}, {("a", 1): 1}, {1, 2}, {1},
    np.zeros(2), np.zeros(3), np.zeros((1, 2)), np.zeros(2, dtype=np.float32), np.zeros(2, bool),
    shapely.Point(1, 2), shapely.Point(1, 2, 3), np.array([shapely.Point(1, 2)]),
    table(), table("ข"), table(east=1.5), table().to_crs("EPSG:32648"), table().rename(
        columns={"n": "m"}), table().iloc[:0],
    Selection(layer="rail"), Selection(layer="rail", where={"a": 1}), built(), built(2.6),
]  # fmt: skip


def test_no_two_values_that_differ_have_one_content():
    assert len({content_of(value) for value in VALUES}) == len(VALUES)
    assert content_of({1, 2, 3}) == content_of({3, 2, 1})
    assert content_of(table()) == content_of(table())


def added(one, other):
    return one + other


def test_what_a_function_makes_is_made_again_only_where_it_is_handed_another_value(tmp_path):
    store, looked = Store(tmp_path), []

    def three(_=None):
        looked.append(3)
        return 3

    for key in ("a", "a", "b", "a"):
        assert cached(store, added, 1, Keyed(lambda key=key: key, three)) == 4
    assert looked == [3, 3]
    assert cached(store, added, 2, 3) == 5
    assert cached(NO_CACHE, added, 2, Keyed(lambda: 1 / 0, three)) == 5


def test_one_content_under_two_keys_is_one_value(tmp_path):
    store = Store(tmp_path)
    one, other, third = (
        by_content(store, Keyed(lambda key=key: key, lambda value=value: value))
        for key, value in (("a", [1]), ("b", [1]), ("c", [2]))
    )
    assert one.key == other.key != third.key
    assert (one.value, third.value) == ([1], [2])


def test_a_maker_that_may_hold_what_no_key_knows_of_is_refused():
    held = []

    def closed():
        return held

    for maker in (closed, lambda: 1, [].append, table().copy, np.array):
        with pytest.raises(AssertionError, match="may hold"):
            later(maker)


def test_a_raster_in_a_file_goes_by_what_it_holds(tmp_path):
    with Scratch(tmp_path) as scratch:
        one, other, third = (scratch.raster((3, 2), np.float32) for _ in range(3))
        for raster, value in ((one, 1), (other, 1), (third, 2)):
            raster[0:3] = np.full((3, 2), value, dtype=np.float32)
        assert content_of(one) == content_of(other) != content_of(third)


def test_what_is_remembered_is_made_once_and_forgotten_when_it_is_too_much():
    remembered = Remembered(2)
    first = remembered.made(once, "a")
    assert remembered.made(once, "a") is first
    remembered.made(once, "b")
    assert remembered.made(once, "a") is first
    remembered.made(once, "c")
    assert remembered.made(once, "a") is not first


def test_two_threads_that_ask_alike_get_what_one_of_them_made():
    remembered, together = Remembered(1), Barrier(2)

    def ask(_):
        together.wait()
        return remembered.made(slowly, "a")

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(ask, range(2))
    assert one is other


def once(name: str) -> list[str]:
    return [name]


def slowly(name: str) -> list[str]:
    time.sleep(0.05)
    return [name]


def _asks_another_thread(letters):
    # Nobody waits for the thread of a pool that is left.
    other = ThreadPoolExecutor(1).submit(lambda: later(_count, letters).value)
    return other.result(timeout=20)


def _count(letters):
    return len(letters)


def test_a_maker_may_wait_for_a_thread_that_wants_another_value():
    assert later(_asks_another_thread, "abc").value == 3
