"""A run holds no whole rasters beside those of the one use it looks at."""

import dataclasses
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import Stage, StageContext, memory_order
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.files.scratch import Scratch
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs import outputs
from maemoh_gis.runs.project import prepare
from tests.computed import compute

CHILD = """version: 1
id: mixed_small
extends: six_uses
title: {th: ทดสอบ, en: A test}
question: {th: ทดสอบ, en: A test}
change:
  grid: {crs: "EPSG:32647", cell_m: 400}
  area: {layer: districts, where: {code: 5202}}
  freight: null
  choice: null
add:
  holds: [container_yard, green_estate, solar]
"""


GRID = Grid("EPSG:32647", 30.0, 18_900, -68_000, 2_000, 200)


def peak_of(stages, room, **options):
    """Give the greatest number of bytes held while stages run in strips of 50 rows."""
    context = StageContext(None, Layers(None), GRID)
    tracemalloc.start()
    try:
        execute_in_strips(stages, context, rows=50, room=room, **options)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_what_is_held_does_not_grow_with_the_number_of_whole_results(tmp_path):
    def sevens(context, _):
        return np.full(context.grid.shape, 7, dtype=np.float32)

    stages = [Stage(f"score:{k}", sevens, "local") for k in range(20)]
    stages.append(
        Stage("mix", lambda _, i: sum(float(np.asarray(r).sum()) for r in i.values()), "global",
              tuple(stage.id for stage in stages))
    )  # fmt: skip
    whole = GRID.rows * GRID.cols * 4
    kept = {"keep": lambda id: id.startswith("score:")}
    assert peak_of(stages, np.empty, **kept) > 20 * whole
    with Scratch(tmp_path) as scratch:
        # Two strips of each, and the one raster the last stage looks at.
        assert peak_of(stages, scratch.raster, **kept) < 3 * whole


@pytest.fixture(scope="module")
def name(small_project):
    path = small_project.scenarios / "mixed_small.yaml"
    path.write_text(CHILD, encoding="utf-8")
    yield path.stem
    path.unlink()


def rasters_in(thing, shape):
    """List the whole arrays of a grid that something holds in memory."""
    if dataclasses.is_dataclass(thing):
        parts = [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    elif isinstance(thing, dict):
        parts = list(thing.values())
    else:
        return [thing] if isinstance(thing, np.ndarray) and thing.shape[:2] == shape else []
    return [raster for part in parts for raster in rasters_in(part, shape)]


@pytest.mark.slow
def test_results_in_files_hold_no_whole_raster_and_give_the_same_outputs(
    small_project, name, tmp_path
):
    for folder in ("files", "memory"):
        (tmp_path / folder).mkdir()
    with Scratch(tmp_path) as scratch:
        results = compute(*prepare(small_project, name), room=scratch.raster)
        found = (results.study, *results.found.values())
        assert [r for part in found for r in rasters_in(part, results.grid.shape)] == []
        written = outputs.write_all(results, tmp_path / "files")
    in_memory = compute(*prepare(small_project, name))
    assert outputs.write_all(in_memory, tmp_path / "memory") == written


def made(id, *inputs):
    return Stage(id, lambda *_: None, "local", inputs)


def test_one_use_is_done_with_before_the_next_begins():
    stages = [
        made("m"), made("a1", "m"), made("a2", "m"), made("b1", "m"), made("b2", "m"),
        made("score:a", "a1", "a2"), made("score:b", "b1", "b2"),
        made("state:a", "a1", "a2"), made("state:b", "b1", "b2"), made("alone"),
    ]  # fmt: skip
    wanted = ["score:a", "score:b", "state:a", "state:b"]
    assert memory_order(stages, wanted) == [
        "alone", "m", "a1", "a2", "score:a", "state:a", "b1", "b2", "score:b", "state:b",
    ]  # fmt: skip


def test_what_is_packed_from_a_result_follows_it_at_once():
    stages = [
        made("m1"), made("m2"), made("pack:m1", "m1"), made("pack:m2", "m2"),
        made("a", "m1"), made("b", "m2"), made("score", "a", "b"),
    ]  # fmt: skip
    assert memory_order(stages, ["pack:m1", "pack:m2", "score"]) == [
        "m1", "pack:m1", "a", "m2", "pack:m2", "b", "score",
    ]  # fmt: skip


@given(st.lists(st.sets(st.integers(0, 11)), max_size=12), st.sets(st.integers(0, 11)))
def test_every_input_comes_first_and_nothing_is_left_out(links, wanted):
    stages = [made(str(k), *(str(i) for i in sorted(needs) if i < k))
              for k, needs in enumerate(links)]  # fmt: skip
    order = memory_order(stages, [str(k) for k in sorted(wanted) if k < len(links)])
    assert sorted(order) == sorted(stage.id for stage in stages)
    place = {id: k for k, id in enumerate(order)}
    assert all(place[i] < place[s.id] for s in stages for i in s.inputs)


def test_results_that_are_there_already_are_not_run_again():
    assert memory_order([made("b", "a"), made("c", "b")], ["c"]) == ["b", "c"]
