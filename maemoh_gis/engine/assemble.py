"""Putting results of strips together and cutting them again, field by field."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from maemoh_gis.files.scratch import FileRaster, Raster

if TYPE_CHECKING:
    from collections.abc import Callable

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.engine.tasks import Done

    Room = Callable[[tuple[int, ...], Any], Any]


class OfNoCell:
    """A result of which no array is a raster, whatever its shape: strips take it as it is."""


@dataclass(frozen=True)
class Mosaic:
    """Results that are put together from those of strips."""

    grid: Grid
    needed: set[str]
    room: Room
    whole: dict[str, Any] = dataclasses.field(default_factory=dict)

    def lay(self, done: Done) -> None:
        """Lay what is needed of a strip into its place."""
        at, _ = self.grid.window_of(done.strip)
        strip = done.strip.shape
        for id in self.needed:
            if id not in self.whole:
                self.whole[id] = _blank(done.results[id], strip, self.grid.shape, self.room)
            _lay(self.whole[id], done.results[id], at, strip)


def _parts(result: Any) -> dict[str, Any] | None:
    """List the fields of a result that is made of several; None: it is one thing."""
    if dataclasses.is_dataclass(result) and not isinstance(result, OfNoCell):
        return {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
    return None


def _is_raster(result: Any, shape: tuple[int, int]) -> TypeGuard[Raster]:
    return isinstance(result, np.ndarray | FileRaster) and result.shape[:2] == shape


def _blank(result: Any, strip: tuple[int, int], shape: tuple[int, int], room: Room) -> Any:
    """Make a whole result to lay strips into; what is not a raster is the same for all strips."""
    parts = _parts(result)
    if parts is not None:
        blank = {name: _blank(part, strip, shape, room) for name, part in parts.items()}
        return type(result)(**blank)
    if _is_raster(result, strip):
        return room(shape + result.shape[2:], result.dtype)
    return result


def _lay(whole: Any, result: Any, at: slice, strip: tuple[int, int]) -> None:
    parts = _parts(whole)
    if parts is not None:
        for name, part in parts.items():
            _lay(part, getattr(result, name), at, strip)
    elif _is_raster(result, strip):
        whole[at] = result


def cut(whole: Any, at: slice, shape: tuple[int, int]) -> Any:
    """Cut a result to the rows of a strip; what is the same everywhere stays whole."""
    parts = _parts(whole)
    if parts is not None:
        return type(whole)(**{name: cut(part, at, shape) for name, part in parts.items()})
    return whole[at] if _is_raster(whole, shape) else whole
