"""Strips of any height change no bit, and only what is asked for is put together."""

import dataclasses
import time
from pickle import UnpicklingError

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.cache.entry import pieces_of, result_of
from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.assemble import OfNoCell
from maemoh_gis.engine.stages import Stage, StageContext, execute
from maemoh_gis.engine.strips import execute_in_strips, strips_of
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table


@pytest.fixture(scope="module")
def small(small_project):
    resolved, catalog = prepare(small_project, "small")
    layers = Layers(catalog)
    context = StageContext(resolved.scenario, layers, study_grid(resolved.scenario, layers))
    return stage_table(resolved.scenario, catalog), context


def everything(_):
    return True


def same_bits(one, other):
    if dataclasses.is_dataclass(one):
        return type(one) is type(other) and all(
            same_bits(getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(one)
        )
    if isinstance(one, np.ndarray) and one.dtype == object:
        return one.shape == other.shape and bool(shapely.equals_identical(one, other).all())
    if isinstance(one, np.ndarray):
        exact = one.dtype == other.dtype and one.shape == other.shape
        return exact and one.tobytes() == other.tobytes()
    if isinstance(one, pd.DataFrame):
        return one.equals(other)
    if isinstance(one, nx.MultiDiGraph):
        edges = [sorted(g.edges(keys=True, data=True), key=lambda e: e[:3]) for g in (one, other)]
        return one.nodes(data=True) == other.nodes(data=True) and same_bits(*edges)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_bits(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same_bits(a, b) for a, b in pairs)
    if isinstance(one, float):
        return one == other or (np.isnan(one) and np.isnan(other))
    return one == other


@pytest.fixture(scope="module")
def small_at_once(small):
    stages, context = small
    return execute(stages, context, keep=everything)


@pytest.mark.parametrize("rows", [7, pytest.param(64, marks=pytest.mark.slow), 10_000])
def test_strips_of_any_height_change_no_bit(small, small_at_once, rows):
    _same_in_strips(*small, small_at_once, rows)


@pytest.mark.slow
def test_strips_of_one_row_change_no_bit(small):
    stages, context = small
    few = dataclasses.replace(context, grid=dataclasses.replace(context.grid, rows=12))
    _same_in_strips(stages, few, execute(stages, few, keep=everything), 1)


def _same_in_strips(stages, context, at_once, rows):
    found = execute_in_strips(stages, context, keep=everything, rows=rows)
    assert found.keys() == at_once.keys()
    assert [id for id in found if not same_bits(found[id], at_once[id])] == []


def test_what_a_stage_found_is_the_same_when_it_is_kept_and_loaded(small, small_at_once):
    refused = []
    for stage in small[0]:
        found = small_at_once[stage.id]
        try:
            loaded = result_of(pieces_of(found))
        except UnpicklingError as why:
            refused.append(f"{stage.id}: {why}")
        else:
            assert same_bits(loaded, found), stage.id
    assert refused == []


@given(st.integers(1, 50), st.integers(1, 60))
def test_strips_cover_every_row_once(rows, deep):
    grid = Grid("EPSG:32647", 30.0, 18_900, -68_000, rows, 4)
    covered = [row for s in strips_of(grid, deep) for row in range(s.row0, s.row0 + s.rows)]
    assert covered == list(range(grid.row0, grid.row0 + rows))


GRID = Grid("EPSG:32647", 30.0, 18_900, -68_000, 23, 5)


def made(id, reach, inputs=(), work=None):
    return Stage(id, work, reach, inputs)


def by_row(context, _):
    return np.broadcast_to(context.grid.y[:, None], context.grid.shape).copy()


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 30))
def test_a_near_stage_may_rest_on_a_wide_one(rows):
    stages = [
        made("a", "local", work=by_row),
        made("mean", "global", ("a",), lambda _, i: float(i["a"].mean())),
        made("rank", "global", ("a",), lambda _, i: i["a"].argsort(axis=0)),
        made("over", "local", ("a", "mean", "rank"),
             lambda _, i: (i["a"] > i["mean"]) * i["rank"]),
    ]  # fmt: skip
    context = StageContext(None, Layers(None), GRID)
    found = execute_in_strips(stages, context, keep=everything, rows=rows)
    expected = execute(stages, context, keep=everything)
    assert all(np.array_equal(found[id], expected[id]) for id in expected)


@dataclasses.dataclass
class Points(OfNoCell):
    values: np.ndarray


def test_what_holds_no_raster_is_handed_to_every_strip_uncut():
    points = Points(np.zeros(GRID.shape))
    seen = []
    stages = [
        made("points", "global", work=lambda _, __: points),
        made("a", "local", ("points",), lambda c, i: seen.append(i["points"]) or by_row(c, i)),
    ]
    execute_in_strips(stages, StageContext(None, Layers(None), GRID), keep=everything, rows=10)
    assert [one is points for one in seen] == [True] * 3


def test_only_what_is_kept_or_needed_later_is_whole():
    shapes = []

    def total(_, found):
        shapes.append(sorted(found))
        return found["b"].sum()

    stages = [
        made("a", "local", work=by_row),
        made("b", "local", ("a",), lambda _, i: i["a"] * 2),
        made("sum", "global", ("b",), total),
    ]
    context = StageContext(None, Layers(None), GRID)
    assert list(execute_in_strips(stages, context, keep=lambda id: id == "sum", rows=4)) == ["sum"]
    assert shapes == [["b"]]


def test_every_strip_is_shown_from_north_to_south():
    seen = []
    stages = [made("a", "local", work=by_row)]
    found = execute_in_strips(
        stages, StageContext(None, Layers(None), GRID), keep=lambda _: False, rows=10,
        show=everything, each=lambda strip, results: seen.append((strip.row0, results["a"].shape)),
    )  # fmt: skip
    assert found == {}
    assert seen == [(-68_000, (10, 5)), (-67_990, (10, 5)), (-67_980, (3, 5))]


def test_a_stage_begins_and_ends_once_however_many_strips():
    events = []
    stages = [
        made("a", "local", work=by_row),
        made("b", "global", ("a",), lambda _, i: i["a"].sum()),
    ]
    execute_in_strips(stages, StageContext(None, Layers(None), GRID), keep=everything, rows=2,
                      watch=events.append)  # fmt: skip
    assert [(e.stage, e.number, e.of, e.seconds is None) for e in events] == [
        ("a", 1, 2, True), ("a", 1, 2, False), ("b", 2, 2, True), ("b", 2, 2, False),
    ]  # fmt: skip


def test_after_a_fault_no_other_stage_of_the_whole_begins():
    begun = []

    def fails(_, __):
        raise LayerError(Fault("network_empty"))

    def slow(id):
        def work(_, __):
            begun.append(id)
            time.sleep(0.2)

        return made(id, "global", work=work)

    stages = [made("fails", "global", work=fails), *(slow(f"s{n}") for n in range(8))]
    with pytest.raises(LayerError):
        execute_in_strips(stages, StageContext(None, Layers(None), GRID), keep=everything)
    assert len(begun) <= 2
