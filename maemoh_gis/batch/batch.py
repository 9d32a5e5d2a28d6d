"""
Running a batch: what is finished is not run again, and what is not whole is never taken for it.

Each run of a batch has a folder of its own under one root, which appears whole or not at all. A
batch that was killed is simply started again. Two processes may work on one root: each run is
locked while it is made. Everything that holds times, locks or unfinished work lies under `log/`.

Where runs are made side by side this process makes runs too, and every process goes on to the next:
it has read the layers and the results that the runs have in common by then. Scenarios with their
pages begin in all processes at once, since the first run leaves a core half idle though the others
compute some of the same; runs of a sweep have nearly all in common, so the first goes alone and the
other processes are copies of this one where it can be copied.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from maemoh_gis.batch.copies import copies, make_there, may_be_copied, native_threads, started
from maemoh_gis.batch.index import write_index
from maemoh_gis.batch.run import LOG, Ended, Job, Setting, make
from maemoh_gis.cache.memory import Memory
from maemoh_gis.cache.store import NO_CACHE, NoCache, Store
from maemoh_gis.core.locks import sweep
from maemoh_gis.engine.stages import Event, no_events
from maemoh_gis.engine.strips import Engine, in_threads
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenario.resolve import Resolved

INDEX = "index.html"
# Runs that one process makes in this time are not worth the start of another, which takes a third
# of it and then reads what they have in common again.
_WORTH_S = 20.0

Tell = Callable[[Mapping[str, Any]], None]
"""Takes one event of a batch as plain data; called by one thread at a time."""


def no_progress(event: Mapping[str, Any]) -> None:
    """Watch nothing."""


def run_batch(
    scenarios: Mapping[str, Resolved],
    catalog: Catalog,
    root: Path,
    *,
    jobs: int = 1,
    engine: Engine = in_threads,
    tell: Tell = no_progress,
    watch: Callable[[Event], None] = no_events,
    store: Store = NO_CACHE,
    pages: bool = True,
    copying: bool = False,
    replace: bool = False,
) -> list[Ended]:
    """Make every run of a batch that is not finished."""
    if not isinstance(store, NoCache):
        store = dataclasses.replace(store, memory=Memory())
    setting = Setting(catalog, root, store, pages, CachedLayers(Layers(catalog)), replace)
    batch = _Batch([Job(*one) for one in scenarios.items()], setting, engine, tell, watch)
    native = native_threads() if copying else None
    batch.told({"event": "batch_started", "runs": len(scenarios), "folder": str(root)})
    if min(jobs, len(scenarios)) > 1:
        batch.make_side_by_side(min(jobs, len(scenarios)), native)
    else:
        batch.make_here()
    batch.make_what_was_elsewhere()
    sweep(root / LOG)
    states = {label: one.state for label, one in batch.ended.items()}
    batch.told({"event": "batch_ended", "states": states})
    return [batch.ended[label] for label in scenarios]


class _Batch:
    """The runs of a batch that wait and those that have ended."""

    def __init__(
        self,
        jobs: list[Job],
        setting: Setting,
        engine: Engine,
        tell: Tell,
        watch: Callable[[Event], None],
    ) -> None:
        self._jobs, self._setting, self._engine = jobs, setting, engine
        self._tell, self._watch = tell, watch
        self._waiting = deque(jobs)
        self._lock = threading.Lock()
        self.ended: dict[str, Ended] = {}

    def told(self, event: Mapping[str, Any]) -> None:
        """Tell of an event."""
        with self._lock:
            self._tell(event)

    def make_here(self, most: int | None = None) -> None:
        """Make runs in this process until none waits, or at most so many."""
        self._drain(self._make, most)

    def make_side_by_side(self, jobs: int, native_threads: int | None) -> None:
        """Make runs in this process and in others at the same time."""
        setting = self._setting
        in_common = not (setting.pages or isinstance(setting.store, NoCache))
        if in_common:
            self.make_here(1)
        copied = in_common and may_be_copied(native_threads)
        if in_common and not copied:
            self._make_the_rest_if_little()
        jobs = min(jobs, len(self._waiting))
        if jobs < 2:
            self.make_here()
            return
        begin = copies if copied else started
        with begin(jobs - 1, setting) as pool, ThreadPoolExecutor(jobs - 1) as hands:
            try:
                others = [hands.submit(self._drain_to, pool) for _ in range(jobs - 1)]
                self.make_here()
                for one in others:
                    one.result()
                # A process that was killed leaves its run.
                self.make_here()
            finally:
                self._waiting.clear()

    def _make_the_rest_if_little(self) -> None:
        """Make runs until the rest is worth the start of another process."""
        seconds = 0.0
        while self._waiting and len(self._waiting) * seconds < _WORTH_S:
            start = time.perf_counter()
            self.make_here(1)
            seconds = time.perf_counter() - start

    def make_what_was_elsewhere(self) -> None:
        """Wait for the runs another process was at, and make those it did not end."""
        for job in [job for job in self._jobs if self.ended[job.label].state == "elsewhere"]:
            self._note(make(job, self._setting, self._engine, self._watch, wait=True))

    def _drain(
        self, how: Callable[[Job], Ended], most: int | None = None, *, last: bool = False
    ) -> None:
        while most is None or most > 0:
            with self._lock:
                if not self._waiting:
                    return
                job = self._waiting.pop() if last else self._waiting.popleft()
            most = None if most is None else most - 1
            self.told({"event": "run_started", "run": job.label})
            try:
                self._note(how(job))
            except BrokenProcessPool:
                self._waiting.appendleft(job)
                return

    def _drain_to(self, pool: Executor) -> None:
        """Have another process make runs from the last, as neighbours have most in common."""
        self._drain(lambda job: pool.submit(make_there, job).result(), last=True)

    def _make(self, job: Job) -> Ended:
        def watch(event: Event) -> None:
            self._watch(event)
            if event.seconds is not None:
                kept = {"from": "cache"} if event.kept else {}
                self.told({"event": "stage", "run": job.label, "stage": event.stage,
                           "seconds": round(event.seconds, 4), **kept})  # fmt: skip

        return make(job, self._setting, self._engine, watch)

    def _note(self, one: Ended) -> None:
        with self._lock:
            self.ended[one.label] = one
            faults = [{"code": f.code, "found": f.found, "key": f.key} for f in one.faults]
            self._tell({"event": f"run_{one.state}", "run": one.label,
                        "seconds": round(one.seconds, 3), "ended": len(self.ended),
                        "of": len(self._jobs), "faults": faults})  # fmt: skip
            root = self._setting.root
            write_index(root, [job.label for job in self._jobs], root / INDEX)
