"""
Layers brought onto a grid: features in its CRS, rasters in its cells, and where each is complete.

Nothing is guessed on the way: the file must be the one the catalog describes (checksum), the CRS is
the catalog's, a datum shift is the named one, and a raster is read at the exact place whatever
window is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from copy import copy
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
import shapely

from maemoh_gis.cache.derived import later
from maemoh_gis.core.crs import shifted_between
from maemoh_gis.core.errors import FileError, LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.files import cannot, checksum_of, open_raster, parts_of, read_csv
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.entries import CompleteWithin, Layer
from maemoh_gis.layers.features import features_of
from maemoh_gis.layers.resample import Band, Method, averaged, known_shares, sample, sample_points
from maemoh_gis.layers.stacked import stacked
from maemoh_gis.layers.table_schemas import Schema
from maemoh_gis.layers.tables import Row, read_table

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from rasterio.io import DatasetReader

    from maemoh_gis.core.grid import Grid

Where = Mapping[str, Any]
T = TypeVar("T")
_MOST_NAMED = 5


class Layers:
    """The layers of a catalog, read once each and checked on the way in."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._features: dict[str, gpd.GeoDataFrame] = {}
        self._checked: dict[str, tuple[tuple[int, ...], str]] = {}

    def checksum(self, id: str) -> str:
        """
        Check that the file of a layer is the one the catalog describes.

        It is read once, and again if its size, time or place on the disk has changed since. Of a
        stack every file it is read from is checked.
        """
        for one in self.catalog.read_from(id):
            self._file_checksum(one)
        return self.catalog[id].sha256

    def _file_checksum(self, id: str) -> str:
        path, layer = self.catalog.path_of(id), self.catalog[id]
        try:
            seen = _marks_of(path)
            if id in self._checked and self._checked[id][0] == seen:
                return self._checked[id][1]
            found = checksum_of(path, inside=self.catalog.folder_of(id))
        except FileError as error:
            fault = error.faults[0]
            code = "layer_file_missing" if fault.code == "file_missing" else fault.code
            what = " → ".join([layer.path, *([fault.found] if fault.found else [])])
            raise LayerError(self._fault(code, id, found=what)) from error
        if found != layer.sha256:
            raise LayerError(
                self._fault("checksum_differs", id, found=found[:12], expected=layer.sha256[:12])
            )
        self._checked[id] = (seen, found)
        return found

    def features(self, id: str, crs: str, where: Where | None = None) -> gpd.GeoDataFrame:
        """Read features of a vector layer into a CRS; a list in `where` means any of its values."""
        self.checksum(id)
        if not self.catalog.read_from(id):
            return _none_of(self.catalog[id], crs)
        if id not in self._features:
            self._features[id] = _set_crs(features_of(self.catalog, id).features, self.catalog[id])
        frame = self._features[id]
        for column, wanted in (where or {}).items():
            if column not in frame:
                raise LayerError(self._fault("column_missing", id, found=column))
            values = wanted if isinstance(wanted, list) else [wanted]
            frame = frame[frame[column].isin(values)]
        if frame.empty:
            raise LayerError(self._fault("no_features", id, found=str(dict(where or {}))))
        placed = _to_crs(frame, crs, self.catalog[id])
        self._require_reached(placed, frame, id, crs)
        return placed

    def shapes(self, id: str, crs: str, where: Where | None = None) -> np.ndarray:
        """Give the shapes of features as an object array (n,); see `features`."""
        return np.asarray(self.features(id, crs, where).geometry.array, dtype=object)

    def only(self, ids: Iterable[str]) -> Self:
        """Give some of the layers, and those in whose polygons they are complete."""
        fewer = copy(self)
        fewer.catalog = self.catalog.only(ids)
        return fewer

    def cache_key(self) -> list[Any]:
        """Give what decides all that can be read, as plain data; see `cache.derived`."""
        layers = self.catalog.layers.items()
        return [[[id, self.checksum(id), layer] for id, layer in layers], self.catalog.stacks]

    def derived(self, ids: Iterable[str], make: Callable[..., T], *handed: object) -> T:
        """Give what a function makes of some layers and what else it is handed."""
        return later(make, self.only(ids), *handed).value

    def rows(self, id: str) -> list[dict[str, str]]:
        """Give the rows of a table; LayerError if the file is not as described."""
        self.checksum(id)
        if not self.catalog.read_from(id):
            return []
        return read_csv(self.catalog.path_of(id), self.catalog[id].encoding)

    def table(self, id: str, schema: Schema) -> list[Row]:
        """Give the rows of a table in the types of its kind."""
        self.checksum(id)
        if not self.catalog.read_from(id):
            return []
        layer, path = self.catalog[id], self.catalog.path_of(id)
        try:
            return read_table(path, schema, encoding=layer.encoding,
                              file=f"{self.catalog.folder_of(id).name}/{layer.path}")  # fmt: skip
        except FileError as error:
            raise LayerError(error.faults) from error

    def numbers(self, id: str, grid: Grid) -> FloatArray:
        """
        Bring a raster of numbers onto a grid.

        Returns
        -------
        values : float32 array (rows, cols), in the layer's unit
            NaN where it has no data.
        """
        return self._sampled(id, grid).astype(np.float32)

    def codes(self, id: str, grid: Grid) -> IntArray:
        """
        Bring a categorical raster onto a grid by the nearest cell.

        Returns
        -------
        codes : uint8 array (rows, cols)
            0 where it has no data, or a code the class table does not hold.
        """
        values = self._sampled(id, grid)
        is_code = (values >= 0) & (values <= 255) & (values == np.floor(values))
        codes = np.where(is_code, values, 0.0).astype(np.uint8)
        known = np.zeros(256, dtype=np.uint8)
        for code in map(int, self.catalog[id].classes):
            known[code] = code
        return np.asarray(known[codes])

    def complete_within(self, id: str, crs: str) -> np.ndarray | None:
        """
        Give the polygons inside which nothing of a layer's kind is missing, in a CRS.

        One without borders inside; empty where the layer is complete nowhere; None where it is
        complete everywhere it reaches.
        """
        within = self.catalog[id].complete_within
        if within == "extent":
            return None
        if isinstance(within, CompleteWithin):
            whole = shapely.union_all(self.shapes(within.layer, crs, within.where))
            if within.margin_km:
                whole = whole.buffer(within.margin_km * 1000.0)
            return np.array([whole])
        return np.empty(0, dtype=object)

    def numbers_at(self, id: str, xy: FloatArray, crs: str) -> FloatArray:
        """Read a raster of numbers at points (n, 2) of a CRS, float64 (n,); NaN if it has none."""
        self.checksum(id)
        slopes = self.catalog.slopes_of(id)
        found = [
            self._read_at(one, xy, crs, slope=one in slopes) for one in self.catalog.read_from(id)
        ]
        return stacked(np.full(len(xy), np.nan), found, [])[0]

    def members(self, id: str, grid: Grid) -> IntArray:
        """
        Say which member of a stack of rasters each cell of a grid is read from.

        Returns
        -------
        members : int16 array (rows, cols)
            Place in `Catalog.read_from`, from 0; -1 where no member has data. A layer that is no
            stack is its own member.
        """
        return self._stacked(id, grid)[1]

    def _sampled(self, id: str, grid: Grid) -> FloatArray:
        return self._stacked(id, grid)[0]

    def _stacked(self, id: str, grid: Grid) -> tuple[FloatArray, IntArray]:
        """Read a raster, or the members of a stack one above the other."""
        self.checksum(id)
        members, slopes = self.catalog.read_from(id), self.catalog.slopes_of(id)
        found = [self._sampled_alone(one, grid, slope=one in slopes) for one in members]
        covers = [
            self._covers(one, grid, reading, slope=one in slopes)
            for one, reading in zip(members[:-1], found, strict=False)
        ]
        return stacked(np.full(grid.shape, np.nan), found, covers)

    def _covers(self, id: str, grid: Grid, found: FloatArray, *, slope: bool) -> FloatArray:
        """Give the share of each cell a raster knows, not looking where none was found."""
        if np.isnan(found).all():
            return np.zeros(grid.shape)
        return self._read(id, lambda band: known_shares(band, grid), slope=slope)

    def _sampled_alone(self, id: str, grid: Grid, *, slope: bool) -> FloatArray:
        layer = self.catalog[id]
        if layer.resampling == "average":
            return self._read(id, lambda band: averaged(band, grid), slope=slope)
        method: Method = "bilinear" if layer.resampling == "bilinear" else "nearest"
        return self._read(id, lambda band: sample(band, grid, method), slope=slope)

    def _read_at(self, id: str, xy: FloatArray, crs: str, *, slope: bool) -> FloatArray:
        method: Method = "bilinear" if self.catalog[id].resampling == "bilinear" else "nearest"
        return self._read(id, lambda band: sample_points(band, xy, crs, method), slope=slope)

    def _read(self, id: str, values_of: Callable[[Band], FloatArray], *, slope: bool) -> FloatArray:
        """Open the raster of a layer that is no stack and read from the band the catalog names."""
        layer = self.catalog[id]
        try:
            with self._opened(id) as source:
                return values_of(
                    Band(source, str(layer.crs), layer.band or 1, layer.datum_operation, slope)
                )
        except FileError as error:
            fault = self._fault("layer_unreadable", id, found=layer.path, expected=layer.kind)
            raise LayerError(fault) from error

    def _opened(self, id: str) -> AbstractContextManager[DatasetReader]:
        """Open the raster of a layer."""
        return open_raster(self.catalog.path_of(id))

    def _require_reached(
        self, placed: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, id: str, crs: str
    ) -> None:
        """Refuse features where the projection does not reach: they would be left out unseen."""
        before, after = (np.asarray(f.geometry.array, dtype=object) for f in (frame, placed))
        there = ~shapely.is_missing(before) & ~shapely.is_empty(before)
        lost = np.flatnonzero(there & ~np.isfinite(shapely.bounds(after)).all(axis=1))
        if lost.size:
            numbers = [int(frame.index[at]) + 1 for at in lost[:_MOST_NAMED]]
            more = f" … (+{lost.size - _MOST_NAMED})" if lost.size > _MOST_NAMED else ""
            rows = ", ".join(map(str, numbers)) + more
            raise LayerError(
                self._fault("feature_nowhere", id, expected=crs, values={"rows": rows})
            )

    def _fault(self, code: str, id: str, **more: Any) -> Fault:
        return self.catalog.document.fault(code, ("layers", id), **more)


def _marks_of(path: Path) -> tuple[int, ...]:
    """Give what changes when a file does: size, time and place of all its parts."""
    try:
        about = [part.stat() for part in parts_of(path)]
    except OSError as error:
        raise cannot("read", path, error) from error
    return tuple(n for one in about for n in (one.st_size, one.st_mtime_ns, one.st_ino))


def _set_crs(frame: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Take the catalog's word for the CRS; the audit compares it with the file's."""
    return frame.set_crs(str(layer.crs), allow_override=True)


def _none_of(layer: Layer, crs: str) -> gpd.GeoDataFrame:
    """Give no features, with the columns a layer is to have."""
    import geopandas as gpd

    columns: dict[str, list[object]] = {name: [] for name in layer.columns}
    return gpd.GeoDataFrame(columns, geometry=[], crs=crs)


def _to_crs(frame: gpd.GeoDataFrame, crs: str, layer: Layer) -> gpd.GeoDataFrame:
    """Reproject, by the named operation where the datum needs one."""
    return to_crs(frame, crs, layer.datum_operation)


def to_crs(frame: gpd.GeoDataFrame, crs: str, operation: str | None) -> gpd.GeoDataFrame:
    """Bring features to a CRS on WGS 84, by a named datum operation where there is one."""
    if operation is None:
        return frame.to_crs(crs)
    assert frame.crs is not None
    way = shifted_between(frame.crs, crs, operation)

    def moved(xy: Any) -> Any:
        return np.column_stack(way(xy[:, 0], xy[:, 1]))

    shifted = shapely.transform(np.asarray(frame.geometry.array, dtype=object), moved)
    return frame.set_geometry(shifted).set_crs(crs, allow_override=True)
