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


def write_entry(stream: BinaryIO, result: Any) -> int:
    """
    Write a result.

    Parameters
    ----------
    stream : binary file
        Where to, without a buffer.
    result : object
        Anything that can be pickled.

    Returns
    -------
    int
        Bytes of its content.

    Raises
    ------
    OSError
        If the disk takes no more.
    """
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(result, protocol=5, buffer_callback=buffers.append)
    raw = [buffer.raw() for buffer in buffers]
    lengths = json.dumps([len(body), *(len(one) for one in raw)]).encode()
    parts: list[Any] = [len(lengths).to_bytes(8, "little"), lengths, body, *raw]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    for part in (_MAGIC, digest.digest(), *parts):
        left = memoryview(part)
        while left:
            left = left[stream.write(left) :]
    return sum(len(part) for part in parts)


def read_entry(stream: BinaryIO, size: int) -> Any:
    """
    Read a result.

    Parameters
    ----------
    stream : binary file
        Where from, without a buffer.
    size : int
        Bytes of the file.

    Returns
    -------
    object
        What was written; its arrays are its own.

    Raises
    ------
    ValueError, pickle.UnpicklingError
        If it is not whole, or holds what is not taken.
    """
    content = bytearray(size)
    left = memoryview(content)
    while left:
        took = stream.readinto(left)  # type: ignore[attr-defined]
        if not took:
            raise ValueError("short")
        left = left[took:]
    start = len(_MAGIC) + _DIGEST
    whole = memoryview(content)
    if content[: len(_MAGIC)] != _MAGIC:
        raise ValueError("no entry")
    if hashlib.sha256(whole[start:]).digest() != content[len(_MAGIC) : start]:
        raise ValueError("checksum")
    at = start + 8
    end = at + int.from_bytes(content[start:at], "little")
    lengths = json.loads(bytes(whole[at:end]))
    pieces = list(_cut(whole[end:], lengths))
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
