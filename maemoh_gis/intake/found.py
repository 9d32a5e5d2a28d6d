"""What a file of one's own says of itself, so that nobody need be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.crs import is_crs
from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text, both
from maemoh_gis.files import guessed_encoding, layers_in, read_vector
from maemoh_gis.intake.dates import YearsTold, years_in
from maemoh_gis.intake.points import TABLES, read_table_of_points
from maemoh_gis.layers.entries import is_encoding
from maemoh_gis.layers.features import SHAPES, of_kind

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.intake.said import Told

KINDS = ("points", "lines", "polygons")
_WGS84 = "EPSG:4326"
_AS_IS = frozenset({".geojson", ".json", ".gpkg", ".shp", ".fgb"})
"""Files that a catalog reads as they are."""


@dataclass(frozen=True)
class Found:
    """Features of a file with what was seen of them."""

    name: str
    """The file as its owner calls it."""
    path: Path | None
    """The file, where a catalog can read it as it is; None where it must be written anew."""
    frame: gpd.GeoDataFrame
    """Features in the CRS of the file, which may be none."""
    kind: str
    table: str | None = None
    encoding: str | None = None
    crs: str | None = None
    """As a catalog says it."""
    mended: int = 0
    """Polygons that crossed themselves."""
    years: tuple[YearsTold, ...] = ()
    notes: tuple[Text, ...] = field(default=())
    """What its owner ought to see."""

    @property
    def newest_be(self) -> int | None:
        """Give the newest year that a column of dates tells, B.E."""
        return max((one.last_be for one in self.years), default=None)


def tables_in(path: Path) -> list[str]:
    """List the layers of a file where there are several to choose from."""
    names = layers_in(path) if path.suffix.lower() in {".gpkg", ".kml"} else []
    return names if len(names) > 1 else []


def look_at(path: Path, told: Told) -> Found:
    """Read a file of features, guessing at nothing but the code page of its texts."""
    notes: list[Text] = []
    # A name of no code page is a fault of the answers, told with all others.
    encoding = told.encoding if told.encoding and is_encoding(told.encoding) else None
    if encoding is None and (guess := guessed_encoding(path)) is not None:
        encoding = guess[0]
        notes.append(both("intake.encoding", encoding=guess[0], sample=guess[1]))
    if path.suffix.lower() in TABLES:
        frame, read_by = read_table_of_points(path, encoding)
        if read_by != encoding:
            notes.append(both("intake.encoding_of_table", encoding=read_by))
        return _seen(frame, path.name, None, told, None, notes)
    frame = read_vector(path, told.table, encoding)
    as_is = path if path.suffix.lower() in _AS_IS else None
    return _seen(frame, path.name, as_is, told, encoding, notes)


def look_at_frame(frame: gpd.GeoDataFrame, told: Told) -> Found:
    """Take features that are read already."""
    return _seen(frame, "GeoDataFrame", None, told, None, [])


def _seen(
    frame: gpd.GeoDataFrame,
    name: str,
    path: Path | None,
    told: Told,
    encoding: str | None,
    notes: list[Text],
) -> Found:
    if frame.empty:
        raise FormatError(Fault("intake_empty", name))
    kind = kind_of(frame)
    # What names no CRS is a fault of the answers, told with all others.
    crs = told.crs if told.crs and is_crs(told.crs) else crs_of(frame)
    placed = frame if crs is None else frame.set_crs(crs, allow_override=True)
    whole, mended = _mended(placed, kind)
    if path is None:
        whole = _flat(whole, kind)
    if mended:
        notes.append(both("intake.mended", n=mended))
    years = tuple(years_in(whole.drop(columns=whole.geometry.name)))
    notes += [one.words for one in years]
    return Found(
        name,
        # What was mended is another file than the one that came.
        None if mended else path,
        whole,
        kind,
        told.table,
        encoding,
        crs,
        mended,
        years,
        tuple(notes),
    )


def kind_of(frame: gpd.GeoDataFrame) -> str:
    """Name the kind most features have; those of another are faults of the layer."""
    shapes = [one for one in frame.geometry if one is not None and not one.is_empty]
    found = [int(shapely.get_dimensions(one)) for one in shapes]
    return KINDS[max(sorted(set(found)), key=found.count, default=0)]


def crs_of(frame: gpd.GeoDataFrame) -> str | None:
    """Name the CRS of features as a catalog says it: by its code where it has one."""
    if frame.crs is None:
        return None
    authority = frame.crs.to_2d().to_authority(min_confidence=70)
    return ":".join(authority) if authority else str(frame.crs.to_wkt())


def _flat(frame: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Drop heights and take collections apart, as they will be read."""
    shapes = of_kind(np.asarray(frame.geometry.array, dtype=object), kind)
    flat = frame.set_geometry(shapes)
    return flat if frame.crs is None else flat.set_crs(frame.crs, allow_override=True)


def _mended(frame: gpd.GeoDataFrame, kind: str) -> tuple[gpd.GeoDataFrame, int]:
    """Make polygons sound that cross themselves; how many there were."""
    shapes = of_kind(np.asarray(frame.geometry.array, dtype=object), kind)
    unsound = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    # Bounds leave out what is no number; mending fails on it.
    unsound &= np.array([bool(np.isfinite(shapely.get_coordinates(one)).all()) for one in shapes])
    if kind != "polygons" or not unsound.any():
        return frame, 0
    mended = of_kind(shapely.make_valid(shapes[unsound]), kind)
    shapes[unsound] = mended
    kept = [one.geom_type in SHAPES[kind] for one in mended]
    if not all(kept):
        return frame, 0  # nothing of an area is left; the audit of the layer refuses it
    whole = frame.set_geometry(shapes)
    return (whole if frame.crs is None else whole.set_crs(frame.crs)), int(unsound.sum())
