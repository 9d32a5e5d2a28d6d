"""
A sweep in a process of its own, which other processes are copies of.

    python -m tests.batch.copies_driver sweep|killed|orphan SCENARIOS LAYERS ROOT
"""

import os
import signal
import sys
import time
from pathlib import Path

from maemoh_gis.batch import batch, copies
from maemoh_gis.batch.plan import Asked, plan, prepared
from maemoh_gis.batch.run import Setting
from maemoh_gis.cache.memory import Memory
from maemoh_gis.cache.store import Store
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project

ASKED = Asked(["tiny"], sets=["uses.estate.land.sites=1:4:4"])


def no_start(*_):
    raise AssertionError("a process was started afresh")


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(_):
    os.write(1, f"{os.getpid()}\n".encode())
    time.sleep(60)


def main(what, project, root):
    batch.started = no_start
    catalog = project.catalog()
    store = Store(root.parent / "kept", memory=Memory())
    store.folder.mkdir(mode=0o700)
    if what == "orphan":
        setting = Setting(catalog, root, store, False, CachedLayers(Layers(catalog)))
        with copies.copies(2, setting) as pool:
            list(pool.map(sleep, range(2)))
    if what == "killed":
        batch.make_there = die
    ended = batch.run_batch(
        prepared(plan(ASKED), project, catalog), catalog, root,
        jobs=2, store=store, pages=False, copying=True,
    )  # fmt: skip
    assert [one.state for one in ended] == ["done"] * 4


if __name__ == "__main__":
    main(sys.argv[1], Project(Path(sys.argv[3]), Path(sys.argv[2])), Path(sys.argv[4]))
