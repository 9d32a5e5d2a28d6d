"""
Rasters that lie in files while a run works, so that its memory does not grow with the area.

They are read and written by rows at their place in the file, never mapped: what is not being looked
at is not in memory. The folder is of no use to anyone once the run is over, and goes with it.
"""

from __future__ import annotations

import hashlib
import math
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import HIDDEN, workshop

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

# Cells handled at once by those who go through a whole raster.
BLOCK_CELLS = 1_000_000


class Raster(Protocol):
    """What can be read by rows: an array (rows, cols), in memory or in a file."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of rows and columns."""

    @property
    def dtype(self) -> Any:
        """Type of a cell."""

    def __getitem__(self, at: Any) -> Any:
        """Read part of it, as an array would."""


class Scratch:
    """A folder of rasters that are needed only while a run works."""

    def __init__(self, beside: Path, in_memory: int = 0) -> None:
        self._beside = beside
        self._room = in_memory
        self._count = 0
        self._folder: Path | None = None
        self._held = ExitStack()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the folder."""
        self._held.close()

    def raster(self, shape: tuple[int, ...], dtype: DTypeLike) -> FileRaster | np.ndarray:
        """
        Make room for a raster.

        Returns
        -------
        FileRaster or array
            Without content as yet; an array where there is room in memory.
        """
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if size <= self._room:
            self._room -= size
            return np.empty(shape, dtype)
        if self._folder is None:
            self._folder = self._held.enter_context(workshop(self._beside, HIDDEN))
            # Also where nobody ends the run in order; after a killed process the next run does it.
            weakref.finalize(self, self._held.close)
        self._count += 1
        return FileRaster(self._folder / f"{self._count}.raw", shape, np.dtype(dtype))


class FileRaster:
    """A raster in a file of its own, made with the first rows; read and written by rows."""

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.path = path
        self.shape = shape
        self.dtype = dtype
        self._row_bytes = dtype.itemsize * int(np.prod(shape[1:]))

    def __setitem__(self, at: slice, values: np.ndarray) -> None:
        """Write rows; raise FileError where the disk does not take them."""
        start, stop, _ = at.indices(self.shape[0])
        block = np.ascontiguousarray(values, dtype=self.dtype)
        assert block.shape == (stop - start, *self.shape[1:])
        try:
            with self.path.open("r+b" if self.path.exists() else "w+b", buffering=0) as stream:
                stream.seek(start * self._row_bytes)
                left = block.reshape(-1).view(np.uint8).data
                while left:
                    left = left[stream.write(left) :]
        except OSError as error:
            raise _cannot("write", self.path, error) from error

    def __getitem__(self, at: Any) -> Any:
        """Read rows by a slice, or a part as an array would give it."""
        first = at[0] if isinstance(at, tuple) else at
        if not isinstance(first, slice) or first.step not in {None, 1}:
            return np.asarray(self)[at]
        start, stop, _ = first.indices(self.shape[0])
        rows = self._read(start, max(stop, start))
        return rows[(slice(None), *at[1:])] if isinstance(at, tuple) else rows

    def __array__(self, dtype: DTypeLike | None = None, *_: object, **__: object) -> np.ndarray:
        """Read the whole; it is a new array whatever is asked about copying."""
        whole = self._read(0, self.shape[0])
        return whole if dtype is None else whole.astype(dtype, copy=False)

    def cache_key(self) -> str:
        """Give a checksum of its content, read a few rows at a time; see `cache.derived`."""
        digest = hashlib.sha256(f"{self.dtype.str} {self.shape}\n".encode())
        for rows in blocks_of(self.shape):
            digest.update(self[rows].data)
        return digest.hexdigest()

    def _read(self, start: int, stop: int) -> np.ndarray:
        rows = np.empty((stop - start, *self.shape[1:]), dtype=self.dtype)
        left = rows.reshape(-1).view(np.uint8).data
        try:
            with self.path.open("rb", buffering=0) as stream:
                stream.seek(start * self._row_bytes)
                while left:
                    took = stream.readinto(left)
                    if not took:
                        raise OSError(None, f"{len(left)} B short")
                    left = left[took:]
        except OSError as error:
            raise _cannot("read", self.path, error) from error
        return rows


def blocks_of(shape: tuple[int, ...]) -> Iterator[slice]:
    """Cut a raster into blocks of rows that are quick to handle and small."""
    step = max(BLOCK_CELLS // max(shape[1], 1), 1)
    for start in range(0, shape[0], step):
        yield slice(start, min(start + step, shape[0]))


def _cannot(what: str, path: Path, error: OSError) -> FileError:
    return FileError(Fault(f"cannot_{what}", str(path), found=error.strerror or str(error)))
