"""
The form of a kept result: its checksum, its length, a pickle, and its arrays as they are.

Who can write a pickle can run code, so what is read must come from a folder that nobody else can
write to (see `maemoh_gis.cache.store`); and only plain data and the types of numeric and geographic
packages are taken from it, each by its full name.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import pickle
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, BinaryIO, TypeGuard

from pydantic import BaseModel

_OWN = "maemoh_gis."
_DATA = frozenset(
    f"{module}.{name}"
    for modules, names in (
        (("builtins",), "slice set frozenset complex range bytearray"),
        (("collections",), "Counter OrderedDict deque"),
        (("datetime",), "date datetime timedelta timezone"),
        (("numpy",), "dtype ndarray"),
        (("numpy._core.multiarray", "numpy.core.multiarray"), "_reconstruct scalar"),
        (("numpy._core.numeric", "numpy.core.numeric"), "_frombuffer"),
        (("pandas", "pandas.core.api"), "DataFrame Series Index RangeIndex StringDtype"),
        (("pandas.arrays",), "StringArray"),
        (("pandas._libs.arrays",), "__pyx_unpickle_NDArrayBacked"),
        (("pandas._libs.internals",), "_unpickle_block BlockPlacement"),
        (("pandas.core.arrays.string_",), "StringArray StringDtype"),
        (("pandas.core.frame",), "DataFrame"),
        (("pandas.core.indexes.base",), "Index _new_Index"),
        (("pandas.core.indexes.range",), "RangeIndex"),
        (("pandas.core.internals.managers",), "BlockManager SingleBlockManager"),
        (("pandas.core.series",), "Series"),
        (("geopandas.array",), "GeometryArray GeometryDtype"),
        (("geopandas.geodataframe",), "GeoDataFrame"),
        (("geopandas.geoseries",), "GeoSeries"),
        (("networkx.classes.graph",), "Graph"),
        (("networkx.classes.digraph",), "DiGraph"),
        (("networkx.classes.multigraph",), "MultiGraph"),
        (("networkx.classes.multidigraph",), "MultiDiGraph"),
        (("networkx.classes.coreviews",), "AdjacencyView MultiAdjacencyView"),
        (("networkx.classes.reportviews",),
         ("NodeView EdgeView OutEdgeView OutMultiEdgeView MultiEdgeView DiDegreeView DegreeView "
          "DiMultiDegreeView MultiDegreeView")),
        (("pyproj.crs.crs",), "CRS"),
        (("shapely.io",), "from_wkb"),
    )
    for module in modules
    for name in names.split()
)  # fmt: skip
"""What kept results are made of beside the data types of this package, name by name: none of it
opens a file or calls what it is given."""
_MAGIC = b"MAEMOH1\n"
_DIGEST = 32


Pieces = tuple[memoryview, ...]
"""A result as a pickle and its arrays, which the pickle does not hold; none may be written to."""


def pieces_of(result: Any) -> Pieces:
    """Take a result apart."""
    buffers: list[pickle.PickleBuffer] = []
    body = io.BytesIO()
    _Plain(body, protocol=5, buffer_callback=buffers.append).dump(result)
    return (body.getbuffer().toreadonly(), *(buffer.raw().toreadonly() for buffer in buffers))


def write_entry(stream: BinaryIO, pieces: Pieces) -> int:
    """Write a result."""
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
    """Read an entry as it was written."""
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
    """Put a result together."""
    return _Known(io.BytesIO(pieces[0]), buffers=pieces[1:]).load()


def _cut(whole: memoryview, lengths: Iterable[int]) -> Iterator[memoryview]:
    at = 0
    for length in lengths:
        yield whole[at : at + length]
        at += length


class _Plain(pickle.Pickler):
    """Writes strings that pandas holds in pyarrow, where that is there, as pandas alone does."""

    def reducer_override(self, obj: Any) -> Any:
        if type(obj).__name__ != "ArrowStringArray":
            return NotImplemented
        import pandas as pd

        plain = obj.astype(pd.StringDtype("python", na_value=obj.dtype.na_value))
        return plain.__reduce_ex__(5)


class _Known(pickle.Unpickler):
    """Takes plain data, the data types named above and those of this package, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" in _DATA:
            return super().find_class(module, name)
        # A dotted name would reach through a module into whatever that module has imported.
        if module.startswith(_OWN) and "." not in name:
            found = super().find_class(module, name)
            if _is_data(found) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _is_data(found: object) -> TypeGuard[type]:
    """Say whether it is a class that only holds fields; functions and other classes may act."""
    if not isinstance(found, type):
        return False
    return dataclasses.is_dataclass(found) or issubclass(found, Enum | tuple | BaseModel)
