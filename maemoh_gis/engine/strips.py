"""
Running a table of stages strip by strip, so that memory does not grow with the area.

A strip is a grid of full width and few rows, counted from the same origin as the whole. Stages that
look at a cell or at a margin around it give the same bits for a strip as for the whole, because
features beyond its edge count and rasters are read at exact places. Only what is asked for is put
together; stages that look at everything run on that. Where a strip runs is up to an engine: threads
here, or workers of a cluster (`maemoh_gis.runs.cluster`).
"""

from __future__ import annotations

import dataclasses
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.assemble import Mosaic, cut
from maemoh_gis.engine.cached_stages import (
    NO_STAGE_CACHE,
    CachedStrip,
    StageCache,
    global_result,
    left_to_run,
)
from maemoh_gis.engine.stages import Event, Stage, StageContext, memory_order, no_events
from maemoh_gis.engine.tasks import Done, Room, Task
from maemoh_gis.layers.cached import CachedLayers

# Some 100 bytes a cell while a strip is worked on.
STRIP_CELLS = 400_000
# Rasters come in tiles of twice or four times this height; a strip that ends inside one unpacks it
# twice, which costs less than higher strips hold.
_TILE_ROWS = 128
# Stages that look at everything run two at a time on no more cells: each holds rasters of its own.
_CELLS_SIDE_BY_SIDE = 8 * STRIP_CELLS


class Engine(Protocol):
    """Whatever runs the tasks of a table."""

    def __call__(
        self, stages: Sequence[Stage], context: StageContext, tasks: Iterable[Task]
    ) -> Iterator[Done]:
        """Run the tasks, in any order, holding few results at a time."""


def strips_of(grid: Grid, rows: int) -> Iterator[Grid]:
    """Cut a grid into strips of full width; the last may have fewer rows."""
    for top in range(0, grid.rows, rows):
        deep = min(rows, grid.rows - top)
        yield dataclasses.replace(grid, row0=grid.row0 + top, rows=deep)


def run_task(stages: Mapping[str, Stage], context: StageContext, task: Task) -> Done:
    """Run the stages of one strip."""
    here = dataclasses.replace(context, grid=task.strip)

    def result(id: str) -> Any:
        if isinstance(results[id], CachedStrip):
            results[id] = results[id].load()
        return results[id]

    last_use = {id: name for name in task.stages for id in stages[name].inputs}
    results = dict(task.given)
    seconds = {}
    for name in task.stages:
        start = time.perf_counter()
        stage = stages[name]
        results[name] = stage.run(here, {id: result(id) for id in stage.inputs})
        seconds[name] = time.perf_counter() - start
        task.shelf.keep(name, results[name], task.strip)
        for id in (*stage.inputs, name):
            if last_use.get(id, name) == name and id not in task.wanted:
                results.pop(id, None)
    return Done(task.strip, {id: result(id) for id in task.wanted}, seconds)


def in_threads(
    stages: Sequence[Stage], context: StageContext, tasks: Iterable[Task]
) -> Iterator[Done]:
    """Run tasks in threads of this process, two at a time."""
    table = {stage.id: stage for stage in stages}
    workers = min(os.cpu_count() or 1, 2)
    with ThreadPoolExecutor(workers) as pool:
        running: deque[Future[Done]] = deque()
        for task in tasks:
            running.append(pool.submit(run_task, table, context, task))
            if len(running) == workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def nothing(_: str) -> bool:
    """Want no stage."""
    return False


def ignore_strip(strip: Grid, results: Mapping[str, Any]) -> None:
    """Do nothing with a strip."""


def execute_in_strips(
    stages: Sequence[Stage],
    context: StageContext,
    *,
    keep: Callable[[str], bool],
    rows: int | None = None,
    show: Callable[[str], bool] = nothing,
    each: Callable[[Grid, Mapping[str, Any]], None] = ignore_strip,
    engine: Engine = in_threads,
    watch: Callable[[Event], None] = no_events,
    room: Room = np.empty,
    shelf: StageCache = NO_STAGE_CACHE,
) -> dict[str, Any]:
    """
    Run the stages, those that look near strip by strip and those that look at everything at once.

    `keep` says whose result is wanted whole, `show` whose strip by strip: `each` takes a strip and
    these, in this process, for writing what need not be whole in memory. `watch` is told when a
    stage begins and ends, its seconds summed over strips; `room` says where rasters are put
    together. How many `rows` a strip has changes no bit of any result.
    """
    if not isinstance(context.layers, CachedLayers):
        context = dataclasses.replace(context, layers=CachedLayers(context.layers))
    strips = list(strips_of(context.grid, rows or usual_rows(context.grid)))
    numbers = {stage.id: number for number, stage in enumerate(stages, start=1)}
    run, there = left_to_run(
        stages, lambda id: keep(id) or show(id), lambda stage: shelf.has(stage, strips)
    )

    def tell(name: str, seconds: float | None, *, kept: bool = False) -> None:
        watch(Event(name, numbers[name], len(stages), seconds, kept))

    for stage in stages:
        if stage.id not in run:
            tell(stage.id, 0.0, kept=True)
    wide = {stage.id for stage in stages if stage.scope == "global"}
    whole = {id: shelf.load(id) for id in sorted(there & wide)}
    near_there = there - wide
    waiting = [stage for stage in stages if stage.id in run | near_there]
    while waiting:
        batch = _next_batch(waiting, whole, near_there)
        taken = {stage.id for stage in batch}
        waiting = [stage for stage in waiting if stage.id not in taken]
        later = {id for s in waiting if s.id in run for id in s.inputs}
        if batch[0].scope == "global":
            whole |= _looked_at_whole(batch, context, whole, shelf, tell)
        else:
            # What is kept is read again by a later pass; only what looks wide needs it whole.
            last = {id for s in waiting if s.id in run & wide for id in s.inputs}
            needed = {
                s.id for s in batch if keep(s.id) or s.id in (last if s.id in there else later)
            }
            shown = {s.id for s in batch if show(s.id)}
            run_now = [stage for stage in batch if stage.id in run]
            pass_ = _Pass(run_now, context.grid, needed | shown, whole, shelf, near_there)
            done = engine(stages, context, pass_.tasks(strips))
            laid = Mosaic(context.grid, needed, room)
            whole |= _assembled(_shown(done, shown, each), run_now, laid, tell)
        whole = {id: r for id, r in whole.items() if id in later or keep(id)}
    return {id: result for id, result in whole.items() if keep(id)}


def usual_rows(grid: Grid) -> int:
    """Give the rows of a strip: whole tiles where it is that high."""
    rows = max(STRIP_CELLS // grid.cols, 1)
    return rows // _TILE_ROWS * _TILE_ROWS or rows


def _next_batch(waiting: Sequence[Stage], whole: Mapping[str, Any], there: set[str]) -> list[Stage]:
    """
    Take the stages that look wide and can run now; if there are none, those that run in strips.

    Wide ones first, so that all that runs in strips can follow in as few passes as can be, and
    nothing waits whole in memory for a second pass.
    """
    wide = [s for s in waiting if s.scope == "global" and all(id in whole for id in s.inputs)]
    if wide:
        return wide
    near: dict[str, Stage] = {}
    for stage in waiting:
        ready = all(id in whole or id in near or id in there for id in stage.inputs)
        if stage.id in there or (stage.scope != "global" and ready):
            near[stage.id] = stage
    assert near, "stages wait for each other"
    return list(near.values())


def _looked_at_whole(
    batch: Sequence[Stage],
    context: StageContext,
    whole: Mapping[str, Any],
    shelf: StageCache,
    tell: Callable[..., None],
) -> dict[str, Any]:
    """Run stages that look at everything and rest on none of one another."""

    def result(stage: Stage) -> tuple[Any, bool, float]:
        start = time.perf_counter()
        given = {id: whole[id] for id in stage.inputs}
        return *global_result(stage, context, given, shelf), time.perf_counter() - start

    small = context.grid.rows * context.grid.cols <= _CELLS_SIDE_BY_SIDE
    found = {}
    pool = ThreadPoolExecutor(min(os.cpu_count() or 1, 2) if small else 1)
    try:
        for stage, running in [(stage, pool.submit(result, stage)) for stage in batch]:
            tell(stage.id, None)
            found[stage.id], was_there, seconds = running.result()
            tell(stage.id, seconds, kept=was_there)
    finally:
        # After a fault the others are not worth waiting for.
        pool.shutdown(cancel_futures=True)
    return found


@dataclass(frozen=True)
class _Pass:
    """Stages that go through the strips together."""

    run: Sequence[Stage]
    grid: Grid
    wanted: set[str]
    whole: Mapping[str, Any]
    """Results of stages that ran before."""
    shelf: StageCache
    there: set[str]
    """Stages of cells whose results are kept."""

    def tasks(self, strips: Sequence[Grid]) -> Iterator[Task]:
        """Give what is to be done for each strip."""
        names = tuple(memory_order(self.run, sorted(self.wanted)))
        inputs = {id for stage in self.run for id in stage.inputs}
        kept = sorted((inputs | self.wanted) & self.there)
        given = sorted(inputs & set(self.whole) - self.there)
        for strip in strips:
            at, _ = self.grid.window_of(strip)
            parts = {id: cut(self.whole[id], at, self.grid.shape) for id in given}
            parts |= {id: CachedStrip(self.shelf, id, strip) for id in kept}
            yield Task(strip, names, tuple(sorted(self.wanted)), parts, self.shelf)


def _shown(
    done: Iterable[Done], shown: set[str], each: Callable[[Grid, Mapping[str, Any]], None]
) -> Iterator[Done]:
    """Show every strip as it passes."""
    for one in done:
        each(one.strip, {id: one.results[id] for id in sorted(shown)})
        yield one


def _assembled(
    done: Iterable[Done],
    batch: Sequence[Stage],
    laid: Mosaic,
    tell: Callable[[str, float | None], None],
) -> dict[str, Any]:
    """Put the needed results together."""
    for stage in batch:
        tell(stage.id, None)
    seconds = dict.fromkeys((stage.id for stage in batch), 0.0)
    for one in done:
        laid.lay(one)
        for id, took in one.seconds.items():
            seconds[id] += took
    for stage in batch:
        tell(stage.id, seconds[stage.id])
    return laid.whole
