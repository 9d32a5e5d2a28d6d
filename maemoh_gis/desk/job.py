"""
One piece of work in a process of its own, which can be stopped at any moment.

It writes as the command line does, whole or not at all, so stopping it leaves no half of a result.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from maemoh_gis.batch.run import LOG
from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import HIDDEN, sweep

Tell = Callable[["News"], None]
_JOIN_S = 10


@dataclass(frozen=True)
class News:
    """What a piece of work says of itself."""

    kind: str
    """`stage`, `done`, `failed` or `stopped`; after the last three comes nothing."""
    number: int = 0
    of: int = 0
    folder: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def ends(self) -> bool:
        """Say whether it is the last."""
        return self.kind != "stage"


@dataclass(frozen=True)
class Run:
    """A scenario to be run with some values set."""

    scenario: str
    values: Mapping[str, Any]
    folder: Path
    layers: Path
    scenarios: Path

    def work(self, tell: Tell) -> Path:
        """Run it, as `mm.run` does."""
        from maemoh_gis.api.verbs import run
        from maemoh_gis.engine.stages import Event

        done: set[str] = set()

        def _watch(event: Event) -> None:
            if event.seconds is not None:
                done.add(event.stage)
            tell(News("stage", len(done), event.of))

        found = run(self.scenario, self.folder, values=self.values, watch=_watch,
                    layers=self.layers, scenarios=self.scenarios)  # fmt: skip
        return found.folder


@dataclass(frozen=True)
class Compare:
    """Two finished runs to be held against each other."""

    before: Path
    after: Path
    folder: Path
    layers: Path

    def work(self, tell: Tell) -> Path:
        """Compare them, as `mm.compare` does."""
        from maemoh_gis.api.verbs import compare

        del tell
        compare(self.before, self.after, folder=self.folder, layers=self.layers, replace=True,
                ledger=False)  # fmt: skip
        return self.folder


class Job:
    """A piece of work that goes on, and who is told of it."""

    def __init__(self, work: Run | Compare, tell: Tell) -> None:
        self.work = work
        self._tell = tell
        self._stopped = threading.Event()
        fresh = get_context("spawn")  # a kernel holds threads and sockets that no copy may have
        self._hears, says = fresh.Pipe(duplex=False)
        self._process = fresh.Process(target=_go, args=(work, says), daemon=True)
        self._process.start()
        says.close()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def stop(self) -> None:
        """End it now; what was finished before stays as it was."""
        self._stopped.set()
        self._process.terminate()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended and all was told."""
        self._listener.join(seconds)

    def _listen(self) -> None:
        last = None
        while last is None or not last.ends:
            try:
                last = self._hears.recv()
            except (EOFError, OSError):
                break
            if not last.ends:
                self._tell(last)
        self._process.join(_JOIN_S)
        if last is None or not last.ends:
            tidy(self.work.folder.parent)
            last = News("stopped") if self._stopped.is_set() else News("failed")
        self._tell(last)


def tidy(runs: Path) -> None:
    """Remove the drafts of processes that were ended while they wrote runs."""
    for parent in (runs, runs / LOG):
        sweep(parent, HIDDEN)
        sweep(parent)


def _go(work: Run | Compare, says: Connection) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        folder = work.work(says.send)
    except MaeMohError as error:
        says.send(News("failed", faults=error.faults))
    else:
        says.send(News("done", folder=str(folder)))


def _end_with_parent() -> None:
    """End with the process that asked: nobody would take what is made."""
    asker = parent_process()
    if asker is not None:
        asker.join()
        os._exit(1)
