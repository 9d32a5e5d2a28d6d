"""
One run of a batch: made unless it is finished, by whatever process is free for it.

A run is finished if its record asks the same question of the same layers with the same programs,
and every output has the checksum the record gives it. What the runs made by one process have in
common, it reads once.
"""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from maemoh_gis.cache.store import Store
from maemoh_gis.core.errors import FileError, MaeMohError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import held, workshop
from maemoh_gis.engine.provenance import software
from maemoh_gis.engine.results import MAP, RECORD
from maemoh_gis.engine.stages import Event, keys_of, no_events
from maemoh_gis.engine.strips import Engine, in_threads
from maemoh_gis.engine.study import study_grid
from maemoh_gis.files import read_json, sha256_of, write_json, write_text
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.presentation.record_shape import misfits_of_run
from maemoh_gis.runs.finished import read_otherwise
from maemoh_gis.runs.run import run_resolved
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.resolve import Resolved

LOG = "log"


@dataclass(frozen=True)
class Job:
    """One run that is to be made; it can be sent to another process."""

    label: str
    resolved: Resolved


@dataclass(frozen=True)
class Setting:
    """What the runs that one process makes have in common."""

    catalog: Catalog
    root: Path
    """Folder of the runs."""
    store: Store
    """Results of earlier runs."""
    pages: bool
    """Write the map, the report and its sheets of every run too."""
    layers: Layers
    """Layers of the catalog, each read once."""
    replace: bool = False
    """Replace earlier runs of other questions too."""


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    label: str
    state: str
    """`done`; `reused`, as it was finished already; `elsewhere`, as another process is at it;
    `failed`."""
    seconds: float
    faults: tuple[Fault, ...] = ()


def is_finished(folder: Path, resolved: Resolved, layers: Layers, *, pages: bool = True) -> bool:
    """Say whether a run folder holds the whole answer to a scenario, and this very one."""
    if not (folder / RECORD).is_file():
        return False
    try:
        record = read_json(folder / RECORD)
        if misfits_of_run(record):
            return False
        scenario, catalog = resolved.scenario, layers.catalog
        asked = json.loads(json.dumps(resolved.document.data))
        if record["resolved"] != asked or record["software"] != software():
            return False
        grid = study_grid(scenario, layers)
        if record["stages"] != keys_of(stage_table(scenario, catalog), layers, grid):
            return False
        if pages and MAP not in record["outputs"]:
            return False
        inputs = record["inputs"]
        if read_otherwise(record, catalog):
            return False
        return (
            inputs["scenarios"] == dict(resolved.files)
            and all(catalog[id].sha256 == was["sha256"] for id, was in inputs["layers"].items())
            and all(sha256_of(folder / name) == was for name, was in record["outputs"].items())
        )
    except (FileError, KeyError, TypeError):
        return False


def make(
    job: Job,
    setting: Setting,
    engine: Engine = in_threads,
    watch: Callable[[Event], None] = no_events,
    *,
    wait: bool = False,
) -> Ended:
    """Make a run unless it is finished or another process is at it."""
    start, root = time.perf_counter(), setting.root
    folder = root / job.label

    def ended(state: str, faults: tuple[Fault, ...] = ()) -> Ended:
        return Ended(job.label, state, time.perf_counter() - start, faults)

    try:
        with held(root / LOG / "locks" / job.label, wait=wait) as mine:
            if not mine:
                return ended("elsewhere")
            if is_finished(folder, job.resolved, setting.layers, pages=setting.pages):
                return ended("reused")
            kept = Counter[bool]()

            def count(event: Event) -> None:
                kept[event.kept] += event.seconds is not None
                watch(event)

            with workshop(root / LOG) as drafts:
                run_resolved(
                    job.resolved, setting.catalog, folder, engine=engine, watch=count,
                    drafts=drafts, store=setting.store, pages=setting.pages,
                    layers=setting.layers, replace=setting.replace,
                )  # fmt: skip
            one = ended("done")
            write_json(
                root / LOG / f"{job.label}.json",
                {
                    "seconds": round(one.seconds, 3),
                    "cells": _cells(folder),
                    "from_cache": kept[True] > kept[False],
                },
            )
            return one
    except MaeMohError as error:
        return ended("failed", error.faults)
    except OSError as error:
        return ended("failed", (Fault("cannot_write", str(folder), found=str(error)),))
    except Exception as error:  # a fault of the program; the other runs need not suffer from it
        return ended("failed", (_unexpected(error, root / LOG / f"{job.label}.error.txt"),))


def _unexpected(error: Exception, log: Path) -> Fault:
    """Keep the trace of an error nobody foresaw beside the runs, and say where."""
    try:
        write_text(log, "".join(traceback.format_exception(error)))
    except FileError:
        return Fault("unexpected", found=repr(error))
    return Fault("unexpected", str(log), found=type(error).__name__)


def _cells(folder: Path) -> int:
    grid = read_json(folder / RECORD)["grid"]
    return int(grid["rows"] * grid["cols"])
