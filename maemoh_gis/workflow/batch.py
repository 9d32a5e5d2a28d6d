"""
Running a batch: what is finished is not run again, and what is not whole is never taken for it.

Each run of a batch has a folder of its own under one root, which appears whole or not at all. A run
is finished if its record asks the same question of the same layers with the same programs, and
every output has the checksum the record gives it. So a batch that was killed is simply started
again. Two processes may work on one root: each run is locked while it is made. Everything that
holds times, locks or unfinished work lies under `log/`.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maemoh_gis.errors import Fault, FileError, MaeMohError
from maemoh_gis.files import read_json, sha256_of, write_json
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.locks import held, sweep, workshop
from maemoh_gis.scenarios.resolve import Resolved
from maemoh_gis.store import NOTHING, NoStore, Store
from maemoh_gis.workflow.batch_index import write_index
from maemoh_gis.workflow.outputs import MAP
from maemoh_gis.workflow.record import software
from maemoh_gis.workflow.run import RECORD, run_resolved, study_grid
from maemoh_gis.workflow.stages import Event, ignore_event, keys_of
from maemoh_gis.workflow.strips import Engine, in_threads
from maemoh_gis.workflow.table import stage_table

LOG = "log"
INDEX = "index.html"


@dataclass(frozen=True)
class Job:
    """One run that is to be made; it can be sent to another process."""

    label: str
    resolved: Resolved
    catalog: Catalog
    root: Path
    store: Store = NOTHING
    pages: bool = True

    @property
    def folder(self) -> Path:
        """Where the run belongs."""
        return self.root / self.label


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    label: str
    state: str
    """`done`; `reused`, as it was finished already; `elsewhere`, as another process is at it;
    `failed`."""
    seconds: float
    faults: tuple[Fault, ...] = ()


Tell = Callable[[Mapping[str, Any]], None]
"""Takes one event of a batch as plain data."""


def tell_nobody(event: Mapping[str, Any]) -> None:
    """Watch nothing."""


def run_batch(
    scenarios: Mapping[str, Resolved],
    catalog: Catalog,
    root: Path,
    *,
    jobs: int = 1,
    engine: Engine = in_threads,
    tell: Tell = tell_nobody,
    watch: Callable[[Event], None] = ignore_event,
    store: Store = NOTHING,
    pages: bool = True,
) -> list[Ended]:
    """
    Make every run of a batch that is not finished.

    Parameters
    ----------
    scenarios : mapping of str to Resolved
        Checked scenarios by label.
    catalog : Catalog
        Their layers.
    root : Path
        Folder of the runs.
    jobs : int
        Runs made at a time, each in a process of its own where there is more than one.
    engine : Engine
        What runs the strips, where runs are made in this process.
    tell : callable
        Told when the batch and each run begin and end.
    watch : callable
        Told of the stages of runs made in this process.
    store : Store
        Results of earlier runs, shared by the runs of the batch too.
    pages : bool
        Write the map, the report and its sheets of every run too.

    Returns
    -------
    list of Ended
        How each run ended, in the order of `scenarios`. A run that fails stops no other.
    """
    todo = [Job(label, one, catalog, root, store, pages) for label, one in scenarios.items()]
    ended: dict[str, Ended] = {}
    tell({"event": "batch_started", "runs": len(todo), "folder": str(root)})

    def note(one: Ended) -> None:
        ended[one.label] = one
        faults = [{"code": f.code, "found": f.found, "key": f.key} for f in one.faults]
        tell({"event": f"run_{one.state}", "run": one.label, "seconds": round(one.seconds, 3),
              "ended": len(ended), "of": len(todo), "faults": faults})  # fmt: skip
        write_index(root, list(scenarios), root / INDEX)

    for one in _in_turn(todo, engine, tell, watch) if jobs <= 1 else _side_by_side(todo, jobs):
        note(one)
    for job in [job for job in todo if ended[job.label].state == "elsewhere"]:
        note(_make(job, engine, watch, wait=True))
    sweep(root / LOG)
    tell({"event": "batch_ended", "states": {one.label: one.state for one in ended.values()}})
    return [ended[label] for label in scenarios]


def is_finished(folder: Path, resolved: Resolved, catalog: Catalog, *, pages: bool = True) -> bool:
    """
    Say whether a run folder holds the whole answer to a scenario, and this very one.

    Parameters
    ----------
    folder : Path
        Run folder, which need not exist.
    resolved : Resolved
        The scenario.
    catalog : Catalog
        Its layers.
    pages : bool
        Whether its map and its report are wanted.

    Returns
    -------
    bool
        True if scenario, layers, stages and programs are those of the record and every output has
        its checksum.
    """
    if not (folder / RECORD).is_file():
        return False
    try:
        record = read_json(folder / RECORD)
        scenario, layers = resolved.scenario, Layers(catalog)
        asked = json.loads(json.dumps(resolved.document.data))
        if record["resolved"] != asked or record["software"] != software():
            return False
        grid = study_grid(scenario, layers)
        if record["stages"] != keys_of(stage_table(scenario, catalog), layers, grid):
            return False
        if pages and MAP not in record["outputs"]:
            return False
        inputs = record["inputs"]
        return (
            inputs["scenarios"] == dict(resolved.files)
            and all(catalog[id].sha256 == was["sha256"] for id, was in inputs["layers"].items())
            and all(sha256_of(folder / name) == was for name, was in record["outputs"].items())
        )
    except (FileError, KeyError, TypeError):
        return False


def _in_turn(
    todo: Sequence[Job], engine: Engine, tell: Tell, watch: Callable[[Event], None]
) -> Iterator[Ended]:
    for job in todo:
        tell({"event": "run_started", "run": job.label})

        def note(event: Event, label: str = job.label) -> None:
            watch(event)
            if event.seconds is not None:
                kept = {"from": "cache"} if event.kept else {}
                tell({"event": "stage", "run": label, "stage": event.stage,
                      "seconds": round(event.seconds, 4), **kept})  # fmt: skip

        yield _make(job, engine, note)


def _side_by_side(todo: Sequence[Job], jobs: int) -> Iterator[Ended]:
    # Started afresh: a copy of this process would copy its threads' locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        if not isinstance(todo[0].store, NoStore):
            # What the others have in common with the first is computed once, and by two cores. The
            # processes of the others get ready meanwhile.
            first = pool.submit(_make, todo[0])
            for _ in range(jobs - 1):
                pool.submit(_get_ready)
            yield first.result()
            todo = todo[1:]
        for future in as_completed([pool.submit(_make, job) for job in todo]):
            yield future.result()


def _get_ready() -> None:
    """Do nothing: a process that is told to has loaded what a run needs."""


def _make(
    job: Job,
    engine: Engine = in_threads,
    watch: Callable[[Event], None] = ignore_event,
    *,
    wait: bool = False,
) -> Ended:
    """Make a run unless it is finished or another process is at it."""
    start = time.perf_counter()

    def ended(state: str, faults: tuple[Fault, ...] = ()) -> Ended:
        return Ended(job.label, state, time.perf_counter() - start, faults)

    try:
        with held(job.root / LOG / "locks" / job.label, wait=wait) as mine:
            if not mine:
                return ended("elsewhere")
            if is_finished(job.folder, job.resolved, job.catalog, pages=job.pages):
                return ended("reused")
            kept = Counter[bool]()

            def count(event: Event) -> None:
                kept[event.kept] += event.seconds is not None
                watch(event)

            with workshop(job.root / LOG) as drafts:
                run_resolved(
                    job.resolved, job.catalog, job.folder,
                    engine=engine, watch=count, drafts=drafts, store=job.store, pages=job.pages,
                )  # fmt: skip
            one = ended("done")
            write_json(
                job.root / LOG / f"{job.label}.json",
                {
                    "seconds": round(one.seconds, 3),
                    "cells": _cells(job.folder),
                    "from_cache": kept[True] > kept[False],
                },
            )
            return one
    except MaeMohError as error:
        return ended("failed", error.faults)
    except OSError as error:
        return ended("failed", (Fault("cannot_write", str(job.folder), found=str(error)),))


def _cells(folder: Path) -> int:
    grid = read_json(folder / RECORD)["grid"]
    return int(grid["rows"] * grid["cols"])
