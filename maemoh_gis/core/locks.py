"""
Locks between processes that work on one folder.

The operating system holds a lock and lets go of it when its process ends, however it ends; a lock
is never left behind by a process that was killed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault

_LOCK = ".lock"
WORK = "work-"
HIDDEN = ".working-"
"""How the names of workshops begin that stand where people look."""


@contextmanager
def held(path: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold a lock while the block runs."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+b")
    except OSError as error:
        fault = Fault("cannot_write", str(path), found=error.strerror or str(error))
        raise FileError(fault) from error
    with stream:
        yield _locked(stream, wait=wait)


@contextmanager
def workshop(parent: Path, prefix: str = WORK) -> Iterator[Path]:
    """Make a folder for drafts that is removed at the end, or by whoever works here next."""
    sweep(parent, prefix)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        lock = _locked_anew(folder)
    except OSError as error:
        fault = Fault("cannot_write", str(parent), found=error.strerror or str(error))
        raise FileError(fault) from error
    try:
        with lock:
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path, prefix: str = WORK) -> None:
    """Remove the workshops of processes that are no more."""
    for folder in sorted(parent.glob(f"{prefix}*")):
        # One without a lock was made this moment, or by a process killed in that moment; it is
        # empty and stays.
        try:
            stream = (folder / _LOCK).open("r+b")
        except OSError:
            continue
        with stream:
            if _locked(stream, wait=False):
                shutil.rmtree(folder, ignore_errors=True)


def _locked_anew(folder: Path) -> IO[bytes]:
    """Lock a folder that was just made; nobody sees its lock before it is locked."""
    with ExitStack() as held_open:
        # An open file cannot be renamed on Windows.
        first = folder / (_LOCK if sys.platform == "win32" else f"new{_LOCK}")
        stream = held_open.enter_context(first.open("a+b"))
        _locked(stream, wait=True)
        if first.name != _LOCK:
            first.rename(folder / _LOCK)
        held_open.pop_all()
        return stream


def _locked(stream: IO[bytes], *, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
