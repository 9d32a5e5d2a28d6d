"""
A batch in child processes that can be killed: everything is loaded once, each child is a fork.

    python -m tests.batch.batch_driver kill|limit|two SCENARIOS LAYERS ROOT
"""

import os
import random
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

import geopandas  # noqa: F401  (loaded once, for all forks)
import jinja2  # noqa: F401
import rasterio  # noqa: F401

from maemoh_gis.batch.batch import run_batch
from maemoh_gis.batch.plan import Asked, plan, prepared
from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.runs.project import Project

ASKED = Asked(["tiny"], years=[2569, 2574], sets=["uses.estate.land.sites=1:2:2"])


def batch(project, root, store=NO_CACHE):
    catalog = project.catalog()
    return run_batch(prepared(plan(ASKED), project, catalog), catalog, root, store=store)


def child(work):
    """Run a batch in a fork; give the id of its process."""
    pid = os.fork()
    if pid:
        return pid
    code = 2
    try:
        code = int(any(one.state == "failed" for one in work()))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main(what, project, root):
    # The undisturbed batch keeps nothing; all others share one folder of kept results.
    store = Store(root.parent / "kept")
    store.folder.mkdir(mode=0o700)
    # Nothing is run in this process: a fork has none of the threads that GDAL starts.
    start = time.monotonic()
    assert ended(child(lambda: batch(project, root.parent / "warm"))) == 0
    seconds = time.monotonic() - start
    if what == "kill":
        chance = random.Random(2569)
        killed = 0
        for _ in range(10):
            pid = child(lambda: batch(project, root, store))
            time.sleep(chance.uniform(0.0, seconds / 2))
            os.kill(pid, signal.SIGKILL)
            killed += ended(pid) == -signal.SIGKILL
        assert killed > 0
    elif what == "limit":

        def starved():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
            return batch(project, root, store)

        assert ended(child(starved)) == 1
        assert not list(root.glob("*/run.json"))
    else:
        both = [child(lambda: batch(project, root, store)) for _ in range(2)]
        assert [ended(pid) for pid in both] == [0, 0]
    assert ended(child(lambda: batch(project, root, store))) == 0
    assert list(store.folder.glob("??/*.kept"))


if __name__ == "__main__":
    main(sys.argv[1], Project(Path(sys.argv[3]), Path(sys.argv[2])), Path(sys.argv[4]))
