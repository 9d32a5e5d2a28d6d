"""
Results that outlive a run, each found again by a checksum of everything that decides it.

An entry is one file, written beside its place and moved there whole, that opens with the checksum
of its content: one that was cut short or changed is removed and never used. Whoever asks must name
the result by all that decides it; the programs themselves are part of every name, down to each
source file, so that another version finds nothing. The folder is held below a size by removing what
was used longest ago. A disk that takes no more ends the keeping and not the run.

Entries are pickled, and who can write a pickle can run code. So the folder must belong to the user
and be closed to everyone else (mode 0700), and only plain data and the types of numeric and
geographic packages are taken from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import numpy as np

from maemoh_gis.cache.entry import pieces_of, read_entry, result_of, write_entry
from maemoh_gis.cache.memory import Memory
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.version import __version__

VARIABLE = "MAEMOH_CACHE"
"""Environment variable that names the folder; `off` for none."""
SIZE_VARIABLE = "MAEMOH_CACHE_GIB"
"""Environment variable with the most it may hold, in GiB."""
USUAL_GIB = 8.0
"""Most it holds if nothing is said."""

_PACKAGES = ("numpy", "scipy", "numba", "shapely", "pyproj", "rasterio", "geopandas", "pandas",
             "pyogrio", "networkx")  # fmt: skip
_ENDING = ".kept"
_DRAFT = "draft-"
# A draft this old is of a process that was killed.
_STALE_S = 3600.0
# Part of the limit that is left after old entries went, so that they do not go one by one.
_AFTER = 0.8
# A use is noted once in so many seconds.
_NOTED_S = 60.0


class NotKeptError(Exception):
    """An entry that was there is there no more, or is not whole."""


@cache
def programs() -> str:
    """Give a checksum of every program a result may rest on: versions, sources and words."""
    digest = hashlib.sha256()
    for name in _PACKAGES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            version = ""
        digest.update(f"{name} {version}\n".encode())
    digest.update(f"{__version__} {sys.version} {os.name}\n".encode())
    package = Path(str(resources.files("maemoh_gis")))
    for path in [*sorted(package.rglob("*.py")), *sorted(package.rglob("*.mo"))]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def name_of(*parts: Any) -> str:
    """Name a result by what decides it."""
    digest = hashlib.sha256(programs().encode())
    for part in parts:
        if isinstance(part, np.ndarray):
            head = f"array {part.dtype.str} {part.shape}\n"
            content: Any = np.ascontiguousarray(part).reshape(-1).view(np.uint8).data
        elif isinstance(part, bytes):
            head, content = f"bytes {len(part)}\n", part
        else:
            content = json.dumps(part, ensure_ascii=False).encode()
            head = f"plain {len(content)}\n"
        digest.update(head.encode())
        digest.update(content)
    return digest.hexdigest()


@dataclass(eq=False)
class Store:
    """
    A folder of kept results; it can be sent to another process.

    Several processes may use it at once: entries appear whole and are never changed.
    """

    folder: Path
    most_bytes: int = int(USUAL_GIB * 2**30)
    """Most it holds, in bytes."""
    full: bool = False
    """The disk took no more; nothing is kept any longer."""
    written: int = 0
    """Bytes kept since the folder was last held to its size."""
    memory: Memory = field(default_factory=lambda: Memory(0))
    """Entries that this process holds so that it reads them once; none if not asked for."""

    def has(self, name: str) -> bool:
        """Say whether a result is there, whole or not."""
        return self._path(name).is_file()

    def load(self, name: str) -> Any:
        """Give a result."""
        held = self.memory.get(name)
        if held is not None:
            return result_of(held)
        path = self._path(name)
        try:
            with path.open("rb", buffering=0) as stream:
                entry = read_entry(stream, os.fstat(stream.fileno()).st_size)
                if time.time() - os.fstat(stream.fileno()).st_mtime > _NOTED_S:
                    os.utime(path)
            found = result_of(entry)
        except FileNotFoundError:
            raise NotKeptError(name) from None
        except Exception as error:  # whatever a spoilt entry leads to
            _remove(path)
            raise NotKeptError(name) from error
        self.memory.hold(name, entry)
        return found

    def keep(self, name: str, result: Any, *, anew: bool = False, hold: bool = False) -> None:
        """Keep a result, if the disk takes it."""
        path = self._path(name)
        if self.full or (path.is_file() and not anew):
            return
        pieces, draft = pieces_of(result), None
        try:
            path.parent.mkdir(exist_ok=True)
            number, written = tempfile.mkstemp(prefix=_DRAFT, dir=self.folder)
            draft = Path(written)
            with os.fdopen(number, "wb", buffering=0) as stream:
                self.written += write_entry(stream, pieces)
            draft.replace(path)
            if hold:
                for piece in pieces:
                    if isinstance(piece.obj, np.ndarray):
                        piece.obj.flags.writeable = False
                self.memory.hold(name, pieces)
        except OSError:
            self.full = True
            if draft is not None:
                _remove(draft)
        if self.written > self.most_bytes // 8:
            self.trim()

    def trim(self) -> None:
        """
        Remove what was used longest ago while the folder holds too much, and old drafts.

        Too much is also more than half of what the disk would have without it.
        """
        self.written = 0
        entries = []
        for path in self._files():
            try:
                about = path.stat()
            except OSError:
                continue
            if path.name.startswith(_DRAFT):
                if time.time() - about.st_mtime > _STALE_S:
                    _remove(path)
                continue
            entries.append((about.st_mtime, about.st_size, path))
        held = sum(size for _, size, _ in entries)
        try:
            most = min(self.most_bytes, (held + shutil.disk_usage(self.folder).free) // 2)
        except OSError:
            most = self.most_bytes
        if held <= most:
            return
        for _, size, path in sorted(entries):
            _remove(path)
            held -= size
            if held <= most * _AFTER:
                return

    def clear(self) -> None:
        """Remove every entry."""
        for path in self._files():
            _remove(path)

    def size(self) -> tuple[int, int]:
        """Give the number of entries and their bytes."""
        sizes = []
        for path in self._files():
            try:
                sizes.append(path.stat().st_size)
            except OSError:
                continue
        return len(sizes), sum(sizes)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / f"{name[2:]}{_ENDING}"

    def _files(self) -> Iterator[Path]:
        """List entries and drafts, and nothing that is not this store's own."""
        yield from self.folder.glob(f"{_DRAFT}*")
        yield from self.folder.glob(f"??/*{_ENDING}")


class NoCache(Store):
    """Keeps nothing."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull), 0, full=True)

    def has(self, name: str) -> bool:  # noqa: ARG002
        """Nothing is there."""
        return False

    def load(self, name: str) -> Any:
        """Nothing is there."""
        raise NotKeptError(name)

    def keep(self, name: str, result: Any, *, anew: bool = False, hold: bool = False) -> None:
        """Keep nothing."""

    def trim(self) -> None:
        """There is nothing to remove."""


NO_CACHE = NoCache()


def open_store(folder: Path | None = None) -> Store:
    """Open the store that is asked for."""
    asked = os.environ.get(VARIABLE, "")
    if folder is None and asked.strip().lower() == "off":
        return NoCache()
    place = folder or (Path(asked) if asked else usual_folder())
    written = os.environ.get(SIZE_VARIABLE, "") or str(USUAL_GIB)
    try:
        gib = float(written)
        if not 0 <= gib < 2**20:
            raise ValueError
    except ValueError:
        raise RunError(
            Fault("bad_cache_size", key=SIZE_VARIABLE, found=written, expected=str(USUAL_GIB))
        ) from None
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        about = place.stat()
    except OSError as error:
        raise RunError(
            Fault("cannot_write", str(place), found=error.strerror or str(error))
        ) from error
    if sys.platform != "win32" and (about.st_uid != os.getuid() or about.st_mode & 0o077):
        raise RunError(
            Fault("cache_not_private", str(place), found=f"{about.st_mode & 0o777:o}",
                  expected="700")
        )  # fmt: skip
    return Store(place.resolve(), int(gib * 2**30))


def usual_folder() -> Path:
    """Give the folder of the user's own where nothing else is said, as each system has it."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "maemoh-gis"


def _remove(path: Path) -> None:
    """Remove a file, if it is there and may be removed."""
    try:
        path.unlink()
    except OSError:
        return
