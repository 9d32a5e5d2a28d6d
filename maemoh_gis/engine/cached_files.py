"""Outputs that are taken from an earlier run where nothing that decides them has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.cache.store import NoCache, NotKeptError, name_of
from maemoh_gis.files import read_bytes, write_bytes

if TYPE_CHECKING:
    from maemoh_gis.cache.store import Store
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.scenario import Scenario


def cached_outputs(
    store: Store, folder: Path, write: Callable[[Path], Mapping[str, str]], *parts: Any
) -> dict[str, str]:
    """Write files, or put those of an earlier run there."""
    if isinstance(store, NoCache):
        return dict(write(folder))
    name = name_of("files", *parts)
    try:
        contents: Mapping[str, bytes] = store.load(name)
    except NotKeptError:
        written = dict(write(folder))
        store.keep(name, {file: read_bytes(folder / file) for file in written})
        return written
    return {file: write_bytes(folder / file, content) for file, content in contents.items()}


def cached_value(store: Store, make: Callable[[], Any], *parts: Any) -> Any:
    """Make something small, or take that of an earlier run."""
    if isinstance(store, NoCache):
        return make()
    name = name_of("value", *parts)
    try:
        return store.load(name)
    except NotKeptError:
        made = make()
        store.keep(name, made)
        return made


def facts_of(scenario: Scenario, grid: Grid, catalog: Catalog) -> list[Any]:
    """Give what a scenario and the layers say, without any weight."""
    return [
        scenario.model_dump(mode="json", exclude={"viewpoints", "viewpoint"}),
        place_of(grid),
        {id: layer.model_dump(mode="json") for id, layer in catalog.layers.items()},
        *[[id, *members.present] for id, members in catalog.stacks.items()],
    ]


def place_of(grid: Grid) -> list[Any]:
    """Give where the cells of a grid lie, as plain data."""
    return [grid.crs, grid.cell_m, grid.row0, grid.col0, grid.rows, grid.cols]
