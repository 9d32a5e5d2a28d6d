"""
Processes that make runs of a batch, and how they begin.

A process may begin as a copy of this one, at no cost and with all that this one has read, or
afresh. A copy has none of the threads of what it is a copy of: a lock that one of them held would
stay locked, and what waits for their work would wait for ever, as GDAL does once it has packed with
several. The threads of OpenBLAS alone end before a copy is made and start again when needed. PROJ
opens its database anew in a copy. Rasters that are open are closed first, as both would read from
one place in the file.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path

from maemoh_gis.batch.run import Ended, Job, Setting, make
from maemoh_gis.cache.store import Store
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers

_settled: list[Setting] = []
_BAR = "rich.live"


def native_threads() -> int | None:
    """
    Count the threads of this process that Python did not start.

    None where processes are not copied: anywhere but on Linux.
    """
    if sys.platform != "linux":
        return None
    return len(list(Path("/proc/self/task").iterdir())) - threading.active_count()


def may_be_copied(native_before: int | None) -> bool:
    """Say whether this process can be copied safely."""
    if native_before is None or native_threads() != native_before:
        return False
    others = [one for one in threading.enumerate() if one is not threading.current_thread()]
    return all(type(one).__module__ == _BAR for one in others)


def copies(count: int, setting: Setting) -> ProcessPoolExecutor:
    """Copy this process, which must be one that may be; see `may_be_copied`."""
    if isinstance(setting.layers, CachedLayers):
        setting.layers.close()
    # What is not looked at by the collector is not copied for its sake.
    gc.freeze()
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(count, context, _go_on, (setting,))
    # The first call makes all copies at once, before the pool has a thread of its own.
    pool.submit(os.getpid)
    return pool


def started(count: int, setting: Setting) -> ProcessPoolExecutor:
    """Start processes afresh, which read for themselves what the runs have in common."""
    context = multiprocessing.get_context("spawn")
    common = (setting.catalog, setting.root, setting.store, setting.pages, setting.replace)
    return ProcessPoolExecutor(count, context, _begin, common)


def make_there(job: Job) -> Ended:
    """Make a run in a process that was told what runs have in common; see `make`."""
    return make(job, _settled[0])


def _begin(
    catalog: Catalog,
    root: Path,
    store: Store,
    pages: bool,  # noqa: FBT001
    replace: bool,  # noqa: FBT001
) -> None:
    _settled[:] = [Setting(catalog, root, store, pages, CachedLayers(Layers(catalog)), replace)]


def _go_on(setting: Setting) -> None:
    # The bar of the process this is a copy of may hold the locks of its streams.
    sys.stdout, sys.stderr = os.fdopen(os.dup(1), "w"), os.fdopen(os.dup(2), "w")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _settled[:] = [setting]


def _end_with_parent() -> None:
    """End when the process this is a copy of was killed, which closes no pipe between copies."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
