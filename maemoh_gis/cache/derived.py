"""
What functions make, kept under keys that follow from what each is handed.

Nobody lists what decides a result: its key is made of the very values its maker is called with. A
maker is a function of a module and holds nothing of its own, so there is nothing else it can read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
import threading
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from pydantic import BaseModel

from maemoh_gis.cache.store import NoCache, NotKeptError, Store, name_of
from maemoh_gis.files import read_bytes, write_bytes

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Keyed(Generic[T_co]):
    """A value that goes by a key where others go by their content; both are made when wanted."""

    def __init__(self, key: Callable[[], str], value: Callable[[], T_co]) -> None:
        self._key, self._value = _Once(key), _Once(value)

    @property
    def key(self) -> str:
        """Give what it goes by."""
        return self._key.made()

    @property
    def value(self) -> T_co:
        """Give the value itself."""
        return self._value.made()


class _Once(Generic[T_co]):
    """
    What a function makes, called once.

    Each has a lock of its own: that of `cached_property` in Python 3.11 is of all values at once,
    and a maker that waits for a thread which wants another value would wait for ever.
    """

    def __init__(self, make: Callable[[], T_co]) -> None:
        self._make, self._lock, self._found = make, threading.RLock(), list[T_co]()

    def made(self) -> T_co:
        """Give it, made by whoever asks first."""
        with self._lock:
            if not self._found:
                self._found.append(self._make())
            return self._found[0]


def later(make: Callable[..., T], *handed: object) -> Keyed[T]:
    """Call a function with what it is handed once its result is wanted."""
    whole = inspect.isfunction(make) and make.__closure__ is None and "<" not in make.__qualname__
    assert whole, f"{make} may hold what no key knows of"
    return Keyed(
        lambda: content_of([make.__module__, make.__qualname__, handed]),
        lambda: make(*(one.value if isinstance(one, Keyed) else one for one in handed)),
    )


def cached(store: Store, make: Callable[..., T], *handed: object) -> T:
    """Give what a function makes of what it is handed, or what an earlier run made of the same."""
    call = later(make, *handed)
    if isinstance(store, NoCache):
        return call.value
    name = name_of(call.key)
    try:
        found: T = store.load(name)
    except NotKeptError:
        store.keep(name, found := call.value)
    return found


def cached_files(
    store: Store, folder: Path, write: Callable[..., Mapping[str, str]], *handed: object
) -> dict[str, str]:
    """Write files by a function of a folder and what it is handed, or put earlier ones there."""
    call = later(write, Keyed(lambda: "folder", lambda: folder), *handed)
    if isinstance(store, NoCache):
        return dict(call.value)
    name = name_of("files", call.key)
    try:
        contents: Mapping[str, bytes] = store.load(name)
    except NotKeptError:
        store.keep(name, {file: read_bytes(folder / file) for file in call.value})
        return dict(call.value)
    return {file: write_bytes(folder / file, content) for file, content in contents.items()}


class Remembered:
    """What functions made in this process, found again by what each was handed."""

    def __init__(self, most: int | None = None) -> None:
        """Hold so many results at most, then forget all; None for no end."""
        self._most = most
        self._made: dict[str, Any] = {}
        self._lock, self._making = threading.Lock(), dict[str, threading.RLock]()

    def __reduce__(self) -> tuple[type[Remembered], tuple[int | None]]:
        """Begin anew in another process: locks do not travel."""
        return Remembered, (self._most,)

    def made(self, make: Callable[..., T], *handed: object) -> T:
        """Give what a function makes of what it is handed, made by one thread, once."""
        call = later(make, *handed)
        with self._lock:
            own = self._making.setdefault(call.key, threading.RLock())
        with own:
            if call.key in self._made:
                known: T = self._made[call.key]
                return known
            value = call.value
            with self._lock:
                if self._most is not None and len(self._made) >= self._most:
                    self._made.clear()
                self._made[call.key] = value
                self._making.pop(call.key, None)
            return value


def by_content(store: Store, one: Keyed[T]) -> Keyed[T]:
    """Let a value go by its content, which is looked at once for each key it had."""
    return Keyed(lambda: cached(store, content_of, one), lambda: one.value)


def content_of(value: object) -> str:
    """Give a checksum of a value, the same for equal ones whoever made them."""
    written = json.dumps(_plain(value), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | Enum):
        return value.item() if isinstance(value, np.generic) else value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {"pairs": [[_plain(key), _plain(one)] for key, one in value.items()]}
    if isinstance(value, set | frozenset):
        return {"set": sorted(json.dumps(_plain(one), ensure_ascii=False) for one in value)}
    if isinstance(value, Keyed):
        return {"key": value.key}
    if hasattr(value, "cache_key"):
        return {"key": _plain(value.cache_key())}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, field.name) for field in dataclasses.fields(value)]
        return {type(value).__qualname__: [_plain(part) for part in parts]}
    if isinstance(value, BaseModel):
        return {type(value).__qualname__: value.model_dump(mode="json")}
    if isinstance(value, np.ndarray) and value.dtype != object:
        content = hashlib.sha256(np.ascontiguousarray(value).data).hexdigest()
        return {"array": [value.dtype.str, list(value.shape), content]}
    return _of_libraries(value)


def _of_libraries(value: Any) -> Any:
    """Take apart what comes of a library, which is loaded by now; give others back as they are."""
    import geopandas as gpd
    import networkx as nx
    import pandas as pd
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    if isinstance(value, BaseGeometry):
        return {"shape": value.wkb_hex}
    if isinstance(value, np.ndarray):
        return {"array": [list(value.shape), [_plain(one) for one in value.ravel().tolist()]]}
    if isinstance(value, CRS):
        return {"crs": value.to_wkt()}
    if isinstance(value, nx.MultiDiGraph):
        edges = value.edges(keys=True, data=True)
        return {"graph": _plain([value.graph, list(value.nodes(data=True)), list(edges)])}
    if isinstance(value, pd.DataFrame):
        columns = [[str(value[name].dtype), value[name].tolist()] for name in value]
        crs = value.crs if isinstance(value, gpd.GeoDataFrame) and "geometry" in value else None
        return {"table": _plain([list(value), value.index.tolist(), columns, crs])}
    return value
