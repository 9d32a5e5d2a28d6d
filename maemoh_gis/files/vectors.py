"""Features: read from GeoPackage, GeoJSON, shapefile, FlatGeobuf; GeoJSON, GeoPackages written."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files.atomic import read_bytes, sha256_of, whole_file, write_text
from maemoh_gis.files.sources import require_vector
from maemoh_gis.files.tables import json_value

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

# GDAL stamps GeoPackages with the wall clock unless told otherwise.
_FIXED_DATE = "2000-01-01T00:00:00.000Z"


def read_vector(
    path: Path, layer: str | None = None, encoding: str | None = None
) -> gpd.GeoDataFrame:
    """
    Read a vector file.

    Returns
    -------
    geopandas.GeoDataFrame
        Features in file order, CRS as the file states it; a geometry that cannot be built, such as
        a ring that is not closed, is None, and lists are written as JSON.
    """
    require_vector(path)
    encoding = encoding or _encoding_found(path)
    try:
        frame = _read(path, layer, encoding)
    except _SeveralLayersError:
        frame = _read(path, _the_only_one(path), encoding)
    if path.suffix.lower() == ".kml":
        frame = frame.drop(columns=[name for name in frame.columns if name in _OF_KML])
    names = [name for name in frame.columns if name != frame.geometry.name]
    for name in names:
        if frame[name].dtype == object and frame[name].map(_is_nested).any():
            frame[name] = frame[name].map(lambda v: _as_json(v) if _is_nested(v) else v)
    return frame


_OF_KML = frozenset({
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility",
    "drawOrder", "icon", "snippet",
})  # fmt: skip
"""Columns that the driver makes of how a feature is shown."""


class _SeveralLayersError(Exception):
    """A file holds several layers and none was named."""


def _read(path: Path, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame:
    import geopandas as gpd

    # What GDAL warns of is looked for by the checks of layers, which name file and feature.
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            frame = gpd.read_file(
                path.absolute(), layer=layer, encoding=encoding, on_invalid="ignore"
            )
        except LookupError as error:
            raise FileError(Fault("unknown_encoding", str(path), found=encoding)) from error
        except Exception as error:  # pyogrio raises kinds of its own for each driver
            names = [] if layer is None else layers_in(path)
            if layer is not None and names and layer not in names:
                raise FileError(
                    Fault("unknown_table", str(path), found=layer, expected=", ".join(names))
                ) from error
            raise FileError(Fault("not_a_vector_file", str(path), found=str(error))) from error
    if layer is None and any("More than one layer" in str(one.message) for one in heard):
        raise _SeveralLayersError
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FileError(Fault("no_geometry", str(path), expected=", ".join(frame.columns)))
    return frame


def _the_only_one(path: Path) -> str:
    """Name the one layer of features among tables; raise FileError where there are several."""
    names = layers_in(path)
    if len(names) == 1:
        return names[0]
    raise FileError(Fault("several_tables", str(path), found=", ".join(names), expected=names[0]))


def layers_in(path: Path) -> list[str]:
    """List the layers of a file that hold features."""
    import pyogrio

    try:
        return [
            str(name) for name, kind in pyogrio.list_layers(path.absolute()) if kind is not None
        ]
    except Exception:  # as above
        return []


def _is_nested(value: object) -> bool:
    return isinstance(value, list | tuple | dict) or type(value).__name__ == "ndarray"


def _as_json(value: Any) -> str:
    plain = value.tolist() if hasattr(value, "tolist") else value
    return json.dumps(plain, ensure_ascii=False, default=str)


_UNSAID = {0x00, 0x57}
"""Language drivers of a shapefile that name no code page: none, and "that of the machine"."""
_THAI = "cp874"


def guessed_encoding(path: Path) -> tuple[str, str] | None:
    """
    Say how the texts of a shapefile are coded that names no code page, going by its content.

    The encoding and a word read by it; None where there is nothing to guess.
    """
    texts = _texts_of_no_code_page(path)
    if texts is None:
        return None
    for encoding in ("utf-8", _THAI):
        try:
            return encoding, _sample(texts.decode(encoding))
        except UnicodeDecodeError:
            continue
    return "cp1252", "?"


def _encoding_found(path: Path) -> str | None:
    """Say how the texts of a shapefile are coded where GDAL would take them for Latin letters."""
    guessed = guessed_encoding(path)
    if guessed is None or guessed[0] == "utf-8":
        # Bytes of another code page are hardly ever sound UTF-8.
        return None if guessed is None else guessed[0]
    raise FileError(Fault("encoding_not_stated", str(path), found=guessed[1], expected=guessed[0]))


def _texts_of_no_code_page(path: Path) -> bytes | None:
    """Give the texts of a shapefile that are not ASCII where nothing says how they are coded."""
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or not table.is_file():
        return None
    if path.with_suffix(".cpg").exists() or path.with_suffix(".CPG").exists():
        return None
    content = read_bytes(table)
    if len(content) < _DBF_HEAD or content[29] not in _UNSAID:
        return None
    begin = int.from_bytes(content[8:10], "little")
    names = b" ".join(content[at : at + 11] for at in range(_DBF_HEAD, begin - 1, _DBF_HEAD))
    texts = names + content[begin:]
    return None if texts.isascii() else texts


_DBF_HEAD = 32


def _sample(read: str) -> str:
    """Give the first word with letters that are not ASCII."""
    return next(word for word in re.split(r"[\s\x00]+", read) if not word.isascii())[:40]


def write_geojson(
    path: Path, frame: gpd.GeoDataFrame, *, decimals: int = 5, sparse: bool = False
) -> str:
    """
    Write features as GeoJSON (RFC 7946), one a line, so that a change shows as changed lines.

    Whatever their CRS, they stand in WGS 84 degrees; 5 `decimals` are about 1 m. `sparse` leaves
    out what a feature has no value for: read back, it is missing all the same.
    """
    import shapely

    lonlat = frame.to_crs("EPSG:4326")
    names = [name for name in lonlat.columns if name != lonlat.geometry.name]
    lines = []
    for row, shape in zip(
        lonlat[names].itertuples(index=False, name=None), lonlat.geometry, strict=True
    ):
        properties = {name: json_value(value) for name, value in zip(names, row, strict=True)}
        if sparse:
            properties = {name: value for name, value in properties.items() if value is not None}
        geometry = json.loads(
            shapely.to_geojson(shape), parse_float=lambda t: round(float(t), decimals)
        )
        lines.append(
            json.dumps(
                {"type": "Feature", "properties": properties, "geometry": geometry},
                ensure_ascii=False,
                separators=(",", ":"),
            )
        )
    head = json.dumps({"type": "FeatureCollection", "name": path.stem}, separators=(",", ":"))
    return write_text(path, head[:-1] + ',"features":[\n' + ",\n".join(lines) + "\n]}\n")


def write_geopackage(
    path: Path,
    layers: Mapping[str, pd.DataFrame],
    about: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """
    Write a GeoPackage whole, the same bytes for the same features.

    Frames without shapes are tables in it. `about` gives creation options of GDAL by layer, such as
    its DESCRIPTION.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        with whole_file(path) as draft:
            for name, frame in layers.items():
                try:
                    # Where there is no feature, nothing says of what kind it would be.
                    kind = {"geometry_type": "Unknown"} if frame.empty else {}
                    pyogrio.write_dataframe(
                        frame,
                        draft,
                        layer=name,
                        driver="GPKG",
                        append=draft.exists(),
                        **kind,
                        layer_options=dict((about or {}).get(name, {})),
                    )
                except (DataLayerError, DataSourceError) as error:
                    raise OSError(None, str(error)) from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return sha256_of(path)


def write_geoparquet(path: Path, frame: gpd.GeoDataFrame) -> str:
    """Write features as GeoParquet; columns of several kinds of value become texts."""
    from pandas.api.types import infer_dtype

    mixed = [
        name
        for name in frame.columns
        if name != frame.geometry.name and infer_dtype(frame[name], skipna=True).startswith("mixed")
    ]
    plain = frame.copy()
    for name in mixed:
        plain[name] = [None if value is None else str(value) for value in frame[name]]
    with whole_file(path) as draft:
        plain.to_parquet(draft, index=False, compression="zstd")
    return sha256_of(path)


def write_kml(path: Path, layers: Mapping[str, tuple[str, str | None, gpd.GeoDataFrame]]) -> str:
    """
    Write features for a telephone or Google Earth, in WGS 84 degrees, a folder for each layer.

    A layer comes with its title and the column that names a feature, if there is one.
    """
    import pyogrio

    with whole_file(path) as draft:
        place = draft.with_suffix(".kml")
        for title, label, frame in layers.values():
            lonlat = frame.to_crs("EPSG:4326")
            names = lonlat[label] if label else [title] * len(lonlat)
            told = lonlat[[lonlat.geometry.name]].assign(Name=[_plain(name) for name in names])
            pyogrio.write_dataframe(
                told, place, layer=_file_like(title), driver="LIBKML", append=place.exists()
            )
        place.replace(draft)
    return sha256_of(path)


def _file_like(title: str) -> str:
    """Name a folder as the driver wants it, which takes each name for that of a file."""
    return re.sub(r'[<>:"/\\|?*]+', " –", _plain(title))


def _plain(words: object) -> str:
    """Leave out what XML cannot hold."""
    return "".join(letter for letter in str(words) if letter.isprintable())
