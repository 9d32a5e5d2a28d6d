"""Features as the catalog describes them, whatever the file they come from."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import shapely

from maemoh_gis.core.errors import FileError
from maemoh_gis.files import read_vector
from maemoh_gis.layers.points_table import read_points

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from maemoh_gis.core.types import BoolArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.entries import Layer

T = TypeVar("T")

SHAPES = {
    "polygons": frozenset({"Polygon", "MultiPolygon"}),
    "lines": frozenset({"LineString", "MultiLineString"}),
    "points": frozenset({"Point", "MultiPoint"}),
}
"""Types of geometry by the kind of a layer."""
_DIMENSION = {"points": 0, "lines": 1, "polygons": 2}
_COLLECTION = 7
_MOST_REMEMBERED = 64

# Features of more than these are read again rather than held.
_MOST_FEATURES = 50_000

_read: dict[tuple[object, ...], AsReceived] = {}
_received: dict[tuple[object, ...], gpd.GeoDataFrame] = {}


class AsReceived(NamedTuple):
    """Features of a layer as they were received and as its kind has them, not to be changed."""

    received: gpd.GeoDataFrame
    features: gpd.GeoDataFrame


def read_as_received(path: Path, layer: Layer) -> gpd.GeoDataFrame:
    """
    Read the features of a layer in file order, in the CRS that the file states.

    A table of points states none: theirs is that of the catalog.
    """
    if layer.coordinates is not None:
        return read_points(path, layer.coordinates, str(layer.crs), layer.encoding)
    return read_vector(path, layer.table, layer.encoding)


def features_of(catalog: Catalog, id: str) -> AsReceived:
    """
    Give the features of a layer.

    A file is read once for all who check it and compute with it, as long as it stays the same.
    """
    state = state_of(catalog, id)
    if state in _read:
        return _read[state]
    received = _received_once(catalog.path_of(id), catalog[id])
    found = AsReceived(received, _as_its_kind(received, catalog[id]))
    if len(received) <= _MOST_FEATURES:
        _remember(_read, state, found)
    return found


def _received_once(path: Path, layer: Layer) -> gpd.GeoDataFrame:
    """Read a file once, be it a layer of its own and the only member of a stack besides."""
    how = (layer.coordinates, layer.crs, layer.table, layer.encoding)
    state = (_files_of(path), how)
    if state in _received:
        return _received[state]
    found = read_as_received(path, layer)
    if len(found) <= _MOST_FEATURES:
        _remember(_received, state, found)
    return found


def _remember(known: dict[tuple[object, ...], T], key: tuple[object, ...], value: T) -> None:
    """Put one more aside, forgetting all once there are too many."""
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[key] = value


def _as_its_kind(frame: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Give features that were read of a layer as its kind has them."""
    flat = frame.set_geometry(of_kind(np.asarray(frame.geometry.array, dtype=object), layer.kind))
    flat = flat.set_crs(frame.crs, allow_override=True) if frame.crs is not None else flat
    kept: gpd.GeoDataFrame = flat[~given_twice(flat)].reset_index(drop=True)
    return kept


def attributes_of(catalog: Catalog, id: str) -> pd.DataFrame | None:
    """
    Give what stands in the columns of a vector layer, to check a choice of its features.

    Its columns beside the geometry, not to be changed; None where the file cannot be read, which
    the checks of its content tell.
    """
    try:
        frame = features_of(catalog, id).features
    except FileError:
        return None
    return frame.drop(columns=frame.geometry.name)


def state_of(catalog: Catalog, id: str) -> tuple[object, ...]:
    """Say what decides how a layer is read: its description, where that stands, its files."""
    described = catalog[id].model_dump_json()
    files = _files_of(catalog.path_of(id))
    return (catalog.document.file, catalog.line_of(id), described, files)


def _files_of(path: Path) -> tuple[object, ...]:
    """Say what changes when one of the files of a layer does."""
    files = sorted(path.parent.glob(f"{glob.escape(path.stem)}.*")) if path.parent.is_dir() else []
    seen = tuple(
        (file.name, about.st_size, about.st_mtime_ns, about.st_ino)
        for file in files
        if file.exists()
        for about in [file.stat()]
    )
    return (str(path.absolute()), *seen)


def of_kind(shapes: np.ndarray, kind: str) -> np.ndarray:
    """
    Take the parts of a layer's kind out of collections, and drop heights and measures.

    None where there is no geometry; a collection without a part of the kind stays as it is.
    """
    flat = np.asarray(shapely.force_2d(shapes), dtype=object)
    for at in np.flatnonzero(shapely.get_type_id(flat) == _COLLECTION):
        parts = [part for part in _simple_parts(flat[at]) if _fits(part, kind)]
        if parts:
            flat[at] = parts[0] if len(parts) == 1 else _together(parts, kind)
    return flat


def has_other_parts(shapes: np.ndarray, kind: str) -> BoolArray:
    """Say which geometries are collections that hold parts of the kind and others."""
    found = np.zeros(len(shapes), dtype=bool)
    for at in np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION):
        fits = [_fits(part, kind) for part in _simple_parts(shapes[at])]
        found[at] = any(fits) and not all(fits)
    return found


def given_twice(frame: gpd.GeoDataFrame) -> BoolArray:
    """Say which features repeat an earlier one, geometry and attributes alike."""
    import pandas as pd

    shapes = np.asarray(frame.geometry.array, dtype=object)
    written = pd.Series(shapely.to_wkb(shapes), dtype=object)
    # Few features lie where another does, so that the attributes of few need be looked at.
    same = np.flatnonzero(written.duplicated(keep=False) & ~shapely.is_missing(shapes))
    texts = frame.drop(columns=frame.geometry.name).iloc[same].astype(str)
    twice = np.zeros(len(frame), dtype=bool)
    twice[same] = texts.assign(_shape=written.iloc[same].to_numpy()).duplicated()
    return twice


def _simple_parts(shape: Any) -> Iterator[Any]:
    """Go through the points, lines and polygons of a geometry, however deep they lie."""
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _simple_parts(part)
    elif not shape.is_empty:
        yield shape


def _fits(part: Any, kind: str) -> bool:
    return int(shapely.get_dimensions(part)) == _DIMENSION[kind]


def _together(parts: list[Any], kind: str) -> Any:
    if kind == "points":
        return shapely.multipoints(parts)
    return shapely.multilinestrings(parts) if kind == "lines" else shapely.multipolygons(parts)
