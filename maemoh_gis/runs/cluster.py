"""
Strips as tasks on a Dask cluster that is already running.

    dask scheduler
    dask worker tcp://HOST:8786        (on every machine that helps)

Every worker must have the very programs of this process, down to each source file, and the layers
at the same path; it checks both itself. A strip whose worker is lost is run again by another, and
since a strip gives the same bits wherever it runs, nobody can tell from the result. On one machine
threads are faster.
"""

from __future__ import annotations

import dataclasses
import pickle
import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from maemoh_gis.cache.store import programs
from maemoh_gis.core.errors import MaeMohError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.version import __version__
from maemoh_gis.engine.cached_stages import NO_STAGE_CACHE, CachedStrip, StageCache
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.engine.strips import run_task
from maemoh_gis.engine.tasks import Done, Task
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.run import table_with_outputs
from maemoh_gis.runs.stage_table import stage_table

if TYPE_CHECKING:
    from distributed import Client, Future

    from maemoh_gis.scenario.settings.scenario import Scenario

_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}")
# A strip that loses this many workers is probably what kills them.
_RETRIES = 3
# Strips waiting at the scheduler for each thread of a worker, so that none is idle and few results
# wait to be fetched.
_AHEAD = 2


@dataclass(frozen=True)
class OnCluster:
    """An engine for `execute_in_strips` that hands strips to a scheduler."""

    address: str
    """Of the scheduler, as `tcp://10.0.0.5:8786`."""
    wait_s: float = 30.0
    """How long to wait for the scheduler and its first worker."""

    def __call__(
        self, stages: Sequence[Stage], context: StageContext, tasks: Iterable[Task]
    ) -> Iterator[Done]:
        """Run tasks on the workers."""
        from distributed import Client, KilledWorker

        del stages
        with Client(self.address, timeout=self.wait_s, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=self.wait_s)
            try:
                yield from self._done(client, context, tasks)
            except KilledWorker as error:
                raise RunError(self._lost("workers_killed")) from error
            except (OSError, CancelledError) as error:
                # Whatever the lost connection looks like to the call that was waiting on it.
                if isinstance(error, MaeMohError):
                    raise
                raise RunError(self._lost("scheduler_lost")) from error

    def _done(self, client: Client, context: StageContext, tasks: Iterable[Task]) -> Iterator[Done]:
        """Hand out tasks and give what comes back, whichever comes first."""
        catalog = context.layers.catalog
        # Workers stand in folders of their own.
        catalog = dataclasses.replace(catalog, folder=catalog.folder.resolve())
        # As bytes, so that a worker knows them again, and with every task: what is scattered is
        # lost with the worker that holds the last copy, and its tasks cannot run again.
        common = pickle.dumps((programs(), context.scenario, catalog, context.grid))
        threads = sum(client.nthreads().values())
        shelves: dict[int, StageCache] = {}
        waiting = iter(_noted(tasks, shelves))
        ended: SimpleQueue[Future] = SimpleQueue()

        def hand_out(most: int) -> int:
            handed = 0
            for task in islice(waiting, most):
                self._submit(client, common, task).add_done_callback(ended.put)
                handed += 1
            return handed

        running = hand_out(threads * _AHEAD)
        while running:
            try:
                future = ended.get(timeout=self.wait_s)
            except Empty:
                self._require_workers(client)
                continue
            done = self._result(client, future)
            for id, result in done.results.items():
                if id in done.seconds:
                    shelves[done.strip.row0].keep(id, result, done.strip)
            yield done
            future.release()
            running += hand_out(1) - 1

    def _result(self, client: Client, future: Future) -> Done:
        """Fetch a result; one whose worker was lost since is made again by another meanwhile."""
        while True:
            try:
                done: Done = future.result(timeout=self.wait_s)
            except TimeoutError:
                self._require_workers(client)
            else:
                return done

    def _require_workers(self, client: Client) -> None:
        """Stop where nobody is left who could ever end a task."""
        if client.status != "running":
            raise RunError(self._lost("scheduler_lost"))
        if not client.scheduler_info()["workers"]:
            raise RunError(self._lost("workers_lost"))

    def _lost(self, code: str) -> Fault:
        return Fault(code, key="--scheduler", found=self.address)

    def _submit(self, client: Client, common: bytes, task: Task) -> Future:
        # What is kept lies on this machine.
        given = {id: r.load() if isinstance(r, CachedStrip) else r for id, r in task.given.items()}
        sent = dataclasses.replace(task, given=given, shelf=NO_STAGE_CACHE)
        return client.submit(_run_there, common, sent, pure=False, retries=_RETRIES)


def _noted(tasks: Iterable[Task], shelves: dict[int, StageCache]) -> Iterator[Task]:
    """Note by first row where the results of each task are kept when they come back."""
    for task in tasks:
        shelves[task.strip.row0] = task.shelf
        yield task


def _run_there(common: bytes, task: Task) -> Done:
    """Run a task on a worker."""
    stages, scenario, layers = _prepared(common)
    return run_task(stages, StageContext(scenario, layers, task.strip), task)


@lru_cache(maxsize=2)
def _prepared(common: bytes) -> tuple[dict[str, Stage], Scenario, Layers]:
    """Make the table and read the layers once for all strips a worker runs."""
    # From the same scheduler that sends the tasks: whoever can send these can send code anyway.
    wanted, scenario, catalog, grid = pickle.loads(common)  # noqa: S301
    if wanted != programs():
        raise RunError(
            Fault("worker_differs", key="--scheduler", found=socket.gethostname(),
                  expected=__version__)
        )  # fmt: skip
    table = table_with_outputs(scenario, catalog, stage_table(scenario, catalog), grid)
    stages = {stage.id: stage for stage in table}
    return stages, scenario, CachedLayers(Layers(catalog))


def engine_at(address: str) -> OnCluster:
    """Make an engine for a scheduler, or say why there can be none."""
    try:
        from distributed import Client
    except ImportError as error:
        missing = Fault(
            "extra_missing", key="--scheduler", found="distributed", expected="maemoh-gis[cluster]"
        )
        raise RunError(missing) from error
    if not _ADDRESS.fullmatch(address):
        fault = Fault("no_scheduler", key="--scheduler", found=address, expected="tcp://HOST:8786")
        raise RunError(fault)
    engine = OnCluster(address)
    try:
        with Client(address, timeout=engine.wait_s, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=engine.wait_s)
    except (OSError, TimeoutError, ValueError) as error:
        fault = Fault("no_scheduler", key="--scheduler", found=address, expected="tcp://HOST:8786")
        raise RunError(fault) from error
    return engine
