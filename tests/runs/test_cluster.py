"""A real scheduler and real workers on loopback give the local result, even when one is killed."""

import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import shapely

from maemoh_gis.batch.batch import run_batch
from maemoh_gis.batch.plan import Asked, plan, prepared
from maemoh_gis.cache.store import Store
from maemoh_gis.core.errors import LayerError, RunError
from maemoh_gis.engine.stages import StageContext, execute
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table
from tests.batch.test_batch import contents
from tests.engine.test_strips import same_bits
from tests.paths import ROOT
from tests.tiny import SOUTH, WEST, write_project

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = [
    pytest.mark.slow,
    # Of tornado and of sockets that a killed worker leaves open.
    pytest.mark.filterwarnings("default::ResourceWarning", "default::DeprecationWarning",
                               "default::pytest.PytestUnraisableExceptionWarning"),
]  # fmt: skip
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "DASK_DISTRIBUTED__SCHEDULER__IDLE_TIMEOUT": "120s",
    # The scheduler drops second copies of what it holds all the time, as it does in a long run, so
    # that a killed worker takes the only copy with it.
    "DASK_DISTRIBUTED__SCHEDULER__ACTIVE_MEMORY_MANAGER__INTERVAL": "20ms",
}


def started(*arguments, cwd=ROOT, package=ROOT):
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]], cwd=cwd,
        env={**ENVIRONMENT, "PYTHONPATH": str(package)}, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def said(process, pattern):
    """Wait until a process says something on its error stream, then let it talk on unheard."""
    for line in process.stderr:
        if found := re.search(pattern, line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found.group(0)
    raise AssertionError(f"the process ended: {process.wait()}")


class Cluster(tuple):
    """The address and the workers, to be taken apart; and the scheduler."""

    def __new__(cls, address, workers, scheduler):
        found = super().__new__(cls, (address, workers))
        found.scheduler = scheduler
        return found


@pytest.fixture
def cluster():
    """Give the address of a scheduler and its two workers, all processes of their own."""
    scheduler = started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    processes = [scheduler]
    try:
        address = said(scheduler, r"tcp://127\.0\.0\.1:\d+")
        options = ("--no-dashboard", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")
        workers = [started("dask_worker", address, *options) for _ in range(2)]
        processes += workers
        for worker in workers:
            said(worker, "Registered to")
        yield Cluster(address, workers, scheduler)
    finally:
        for process in processes:
            process.kill()
            process.wait()
            process.stderr.close()


@pytest.fixture(scope="module")
def small(small_project):
    resolved, catalog = prepare(small_project, "small")
    layers = Layers(catalog)
    context = StageContext(resolved.scenario, layers, study_grid(resolved.scenario, layers))
    return stage_table(resolved.scenario, catalog), context


def on(address, wait_s=30.0):
    from maemoh_gis.runs.cluster import OnCluster

    return OnCluster(address, wait_s)


def wanted(id):
    return id.startswith(("score:", "state:", "sites:"))


def test_two_workers_give_the_local_result(small, cluster):
    stages, context = small
    address, _ = cluster
    local = execute(stages, context, keep=wanted)
    found = execute_in_strips(stages, context, keep=wanted, rows=17, engine=on(address))
    assert [id for id in local if not same_bits(found[id], local[id])] == []


def test_a_worker_killed_in_mid_run_costs_a_retry(small, cluster):
    stages, context = small
    address, workers = cluster
    local = execute(stages, context, keep=wanted)
    shown = []

    def kill_one(strip, _):
        shown.append(strip.row0)
        if len(shown) == 3:
            os.kill(workers[0].pid, signal.SIGKILL)

    found = execute_in_strips(
        stages, context, keep=wanted, rows=5, engine=on(address), each=kill_one
    )  # fmt: skip
    assert workers[0].wait() == -signal.SIGKILL
    assert len(shown) == len(set(shown)) == -(-context.grid.rows // 5)
    assert [id for id in local if not same_bits(found[id], local[id])] == []


def test_a_batch_with_kept_results_loses_a_worker_and_equals_the_local_one(cluster, tmp_path):
    address, workers = cluster
    tiny = write_project(tmp_path, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")
    catalog = tiny.catalog()
    asked = Asked(["tiny"], sets=["limits.near.test.within_m=400,500"])
    scenarios = prepared(plan(asked), tiny, catalog)
    store = Store(tmp_path / "kept")
    store.folder.mkdir(mode=0o700)
    events = []

    def kill_one(event):
        events.append(event)
        if event["event"] == "run_done" and workers[0].poll() is None:
            os.kill(workers[0].pid, signal.SIGKILL)
            workers[0].wait()

    ended = run_batch(
        scenarios, catalog, tmp_path / "there", engine=on(address), tell=kill_one, store=store
    )
    assert workers[0].poll() == -signal.SIGKILL
    assert [one.state for one in ended] == ["done"] * 2
    # The score does not look at the limit: the second run has it from the first.
    computed = [event["stage"] for event in events if event["event"] == "stage"
                and "from" not in event]  # fmt: skip
    assert (computed.count("score:estate"), computed.count("state:estate")) == (1, 2)
    run_batch(scenarios, catalog, tmp_path / "here")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_a_fault_on_a_worker_is_raised_here(small, cluster):
    stages, context = small
    address, _ = cluster
    layer = context.layers.catalog["railway"].model_copy(update={"sha256": "0" * 64})
    catalog = dataclasses.replace(
        context.layers.catalog, layers={**context.layers.catalog.layers, "railway": layer}
    )
    spoilt = dataclasses.replace(context, layers=Layers(catalog))
    with pytest.raises(LayerError, match="railway"):
        execute_in_strips(stages, spoilt, keep=wanted, rows=50, engine=on(address))


def test_a_worker_with_another_source_is_refused(small, cluster, tmp_path):
    stages, context = small
    address, workers = cluster
    for worker in workers:
        worker.kill()
        worker.wait()
    other = tmp_path / "other"
    shutil.copytree(ROOT / "maemoh_gis", other / "maemoh_gis", symlinks=True)
    with (other / "maemoh_gis" / "mcda" / "values.py").open("a") as source:
        source.write("# another line\n")
    options = ("--no-dashboard", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")
    stranger = started("dask_worker", address, *options, cwd=other, package=other)
    try:
        said(stranger, "Registered to")
        with pytest.raises(RunError) as error:
            execute_in_strips(stages, context, keep=wanted, rows=50, engine=on(address))
    finally:
        stranger.kill()
        stranger.wait()
        stranger.stderr.close()
    assert [fault.code for fault in error.value.faults] == ["worker_differs"]


def test_workers_that_stand_elsewhere_find_layers_named_from_here(small, cluster, monkeypatch):
    stages, context = small
    address, _ = cluster
    catalog = context.layers.catalog
    monkeypatch.chdir(catalog.folder.parent)
    near = dataclasses.replace(catalog, folder=Path(catalog.folder.name))
    found = execute_in_strips(
        stages, dataclasses.replace(context, layers=Layers(near)), keep=wanted, rows=50,
        engine=on(address),
    )  # fmt: skip
    assert any(wanted(id) for id in found)


@pytest.mark.parametrize(("killed", "code"), [("workers", "workers_lost"),
                                              ("scheduler", "scheduler_lost")])  # fmt: skip
def test_losing_all_workers_or_the_scheduler_ends_in_words(small, cluster, killed, code):
    stages, context = small
    address, workers = cluster
    engine = on(address, wait_s=2.0)

    def kill(*_):
        for process in workers if killed == "workers" else [cluster.scheduler]:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()

    with pytest.raises(RunError) as error:
        execute_in_strips(stages, context, keep=wanted, rows=5, engine=engine, each=kill)
    assert [fault.code for fault in error.value.faults] == [code]


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://127.0.0.1:80", "a b:1"])
def test_what_is_no_address_is_refused_at_once(address):
    from maemoh_gis.runs.cluster import engine_at

    with pytest.raises(RunError) as error:
        engine_at(address)
    assert [fault.code for fault in error.value.faults] == ["no_scheduler"]


def test_an_address_where_nobody_answers_is_an_error():
    from maemoh_gis.runs.cluster import OnCluster

    start = time.monotonic()
    with pytest.raises(OSError, match=r"127\.0\.0\.1:9"):
        list(OnCluster("tcp://127.0.0.1:9", wait_s=1.0)([], None, []))
    assert time.monotonic() - start < 60
