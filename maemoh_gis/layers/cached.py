"""Layers that are read once for all that look at them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Self, TypeVar

from maemoh_gis.cache.derived import Remembered
from maemoh_gis.files import raster_at
from maemoh_gis.layers.entries import CompleteWithin
from maemoh_gis.layers.load import Layers

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from rasterio.io import DatasetReader

    from maemoh_gis.layers.load import Where

T = TypeVar("T")
# Features of more than these are read again rather than held twice.
_MOST_FEATURES = 50_000


class CachedLayers(Layers):
    """
    Layers that are read and brought to the grid's CRS once, not once a strip, an output or a run.

    A file that is another by now is found out whenever its layer is asked for.
    """

    def __init__(self, layers: Layers) -> None:
        super().__init__(layers.catalog)
        self.source = layers
        self._shapes: dict[str, np.ndarray | None] = {}
        self._frames: dict[str, gpd.GeoDataFrame] = {}
        self._derived = Remembered()
        self._open = threading.local()

    def checksum(self, id: str) -> str:
        """Check the file of a layer; see `Layers.checksum`."""
        return self.source.checksum(id)

    def _opened(self, id: str) -> AbstractContextManager[DatasetReader]:
        """Open a raster once in each thread, as no two may read from one at a time."""
        opened: dict[str, DatasetReader] = vars(self._open)
        if id not in opened:
            opened[id] = raster_at(self.catalog.path_of(id))
        return nullcontext(opened[id])

    def close(self) -> None:
        """Close the rasters that this thread has open; they are opened again when needed."""
        opened: dict[str, DatasetReader] = vars(self._open)
        while opened:
            opened.popitem()[1].close()

    def features(self, id: str, crs: str, where: Where | None = None) -> gpd.GeoDataFrame:
        """Read features, a copy of those read before; see `Layers.features`."""
        key = json.dumps([id, crs, dict(where or {})], sort_keys=True)
        if key in self._frames:
            self.checksum(id)
            return self._frames[key].copy()
        found = self.source.features(id, crs, where)
        if len(found) <= _MOST_FEATURES:
            self._frames[key] = found.copy()
        return found

    def shapes(self, id: str, crs: str, where: Where | None = None) -> np.ndarray:
        """Give the shapes of features; see `Layers.shapes`."""
        key = json.dumps([id, crs, dict(where or {})], sort_keys=True)
        if key not in self._shapes:
            self._shapes[key] = self.source.shapes(id, crs, where)
        self.checksum(id)
        found = self._shapes[key]
        assert found is not None
        return found

    def only(self, ids: Iterable[str]) -> Self:
        """Give some of the layers, read once with all others; see `Layers.only`."""
        fewer = super().only(ids)
        fewer.source = self.source.only(ids)
        return fewer

    def derived(self, ids: Iterable[str], make: Callable[..., T], *handed: object) -> T:
        """Give what a function makes of some layers, made once; see `Layers.derived`."""
        return self._derived.made(make, self.only(ids), *handed)

    def complete_within(self, id: str, crs: str) -> np.ndarray | None:
        """Give the polygons where a layer is complete; see `Layers.complete_within`."""
        key = json.dumps(["complete", id, crs])
        if key not in self._shapes:
            self._shapes[key] = self.source.complete_within(id, crs)
        within = self.catalog[id].complete_within
        if isinstance(within, CompleteWithin):
            self.checksum(within.layer)
        return self._shapes[key]
