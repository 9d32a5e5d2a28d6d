"""
The form of a kept result: its checksum, its length, a pickle, and its arrays as they are.

Who can write a pickle can run code, so what is read must come from a folder that nobody else can
write to (see `maemoh_gis.store`); and only plain data and the types of numeric and geographic
packages are taken from it.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

_ROOTS = frozenset({"maemoh_gis", "numpy", "pandas", "geopandas", "shapely", "pyproj", "networkx",
                    "collections", "datetime"})  # fmt: skip
_BUILTINS = frozenset({"slice", "set", "frozenset", "complex", "range", "bytearray", "object"})
_MAGIC = b"MAEMOH1\n"
_DIGEST = 32


Pieces = tuple[memoryview, ...]
"""A result as a pickle and its arrays, which the pickle does not hold; none may be written to."""


def pieces_of(result: Any) -> Pieces:
    """
    Take a result apart.

    Parameters
    ----------
    result : object
        Anything that can be pickled.

    Returns
    -------
    tuple of memoryview
        The pickle, and the arrays as they lie in memory.
    """
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(result, protocol=5, buffer_callback=buffers.append)
    return (memoryview(body), *(buffer.raw().toreadonly() for buffer in buffers))


def write_entry(stream: BinaryIO, pieces: Pieces) -> int:
    """
    Write a result.

    Parameters
    ----------
    stream : binary file
        Where to, without a buffer.
    pieces : tuple of memoryview
        The result; see `pieces_of`.

    Returns
    -------
    int
        Bytes of its content.

    Raises
    ------
    OSError
        If the disk takes no more.
    """
    lengths = json.dumps([one.nbytes for one in pieces]).encode()
    parts: list[Any] = [len(lengths).to_bytes(8, "little"), lengths, *pieces]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    for part in (_MAGIC, digest.digest(), *parts):
        left = memoryview(part)
        while left:
            left = left[stream.write(left) :]
    return sum(len(part) for part in parts)


def read_entry(stream: BinaryIO, size: int) -> Pieces:
    """
    Read an entry as it was written.

    Parameters
    ----------
    stream : binary file
        Where from, without a buffer.
    size : int
        Bytes of the file.

    Returns
    -------
    tuple of memoryview
        The result, whole; see `result_of`.

    Raises
    ------
    ValueError
        If it is not whole.
    """
    content = bytearray(size)
    left = memoryview(content)
    while left:
        took = stream.readinto(left)  # type: ignore[attr-defined]
        if not took:
            raise ValueError("short")
        left = left[took:]
    start = len(_MAGIC) + _DIGEST
    whole = memoryview(content).toreadonly()
    if whole[: len(_MAGIC)] != _MAGIC:
        raise ValueError("no entry")
    if hashlib.sha256(whole[start:]).digest() != whole[len(_MAGIC) : start]:
        raise ValueError("checksum")
    end = start + 8 + int.from_bytes(whole[start : start + 8], "little")
    return tuple(_cut(whole[end:], json.loads(bytes(whole[start + 8 : end]))))


def result_of(pieces: Pieces) -> Any:
    """
    Put a result together.

    Parameters
    ----------
    pieces : tuple of memoryview
        As `read_entry` or `pieces_of` gives them.

    Returns
    -------
    object
        What was taken apart, made anew but for its arrays: they are the pieces, and who writes to
        one gets a ValueError.

    Raises
    ------
    ValueError, pickle.UnpicklingError
        If it holds what is not taken.
    """
    return _Known(io.BytesIO(pieces[0]), buffers=pieces[1:]).load()


def _cut(whole: memoryview, lengths: Iterable[int]) -> Iterator[memoryview]:
    at = 0
    for length in lengths:
        yield whole[at : at + length]
        at += length


class _Known(pickle.Unpickler):
    """Takes types of this package and of those it computes with, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        root = module.partition(".")[0]
        known = name in _BUILTINS if module == "builtins" else root in _ROOTS
        if not known:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)
