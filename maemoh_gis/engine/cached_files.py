"""Outputs that are taken from an earlier run where what writes them is handed the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.cache.derived import Keyed, later
from maemoh_gis.cache.store import NoCache, NotKeptError, name_of
from maemoh_gis.files import read_bytes, write_bytes

if TYPE_CHECKING:
    from maemoh_gis.cache.store import Store


def cached_outputs(
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
