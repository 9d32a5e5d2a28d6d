"""Features: read from GeoPackage, GeoJSON, shapefile, FlatGeobuf; GeoJSON, GeoPackages written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.errors import Fault, FileError
from maemoh_gis.files.sources import require_vector
from maemoh_gis.files.tables import json_value
from maemoh_gis.files.whole import sha256_of, whole_file, write_text

if TYPE_CHECKING:
    import geopandas as gpd

# GDAL stamps GeoPackages with the wall clock unless told otherwise.
_FIXED_DATE = "2000-01-01T00:00:00.000Z"


def read_vector(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """
    Read a vector file.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage, shapefile or FlatGeobuf.
    layer : str, optional
        Layer inside the file, where it holds several.

    Returns
    -------
    geopandas.GeoDataFrame
        Features in file order, CRS as the file states it.

    Raises
    ------
    FileError
        If it is absent or not a vector file.
    """
    import geopandas as gpd

    require_vector(path)
    try:
        frame = gpd.read_file(path.absolute(), layer=layer)
    except Exception as error:  # pyogrio raises kinds of its own for each driver
        raise FileError(Fault("not_a_vector_file", str(path), found=str(error))) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FileError(Fault("not_a_vector_file", str(path), found="no geometry"))
    return frame


def write_geojson(path: Path, frame: gpd.GeoDataFrame, *, decimals: int = 5) -> str:
    """
    Write features as GeoJSON (RFC 7946), one a line, so that a change shows as changed lines.

    Parameters
    ----------
    path : Path
        Where it belongs.
    frame : geopandas.GeoDataFrame
        Features with a CRS; they are written in WGS 84 longitude and latitude.
    decimals : int
        Digits of a degree to keep; 5 is about 1 m.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    import shapely

    lonlat = frame.to_crs("EPSG:4326")
    names = [name for name in lonlat.columns if name != lonlat.geometry.name]
    lines = []
    for row, shape in zip(
        lonlat[names].itertuples(index=False, name=None), lonlat.geometry, strict=True
    ):
        properties = {name: json_value(value) for name, value in zip(names, row, strict=True)}
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


def write_geopackage(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> str:
    """
    Write a GeoPackage whole, the same bytes for the same features.

    Parameters
    ----------
    path : Path
        Where it belongs.
    layers : mapping of str to geopandas.GeoDataFrame
        Features by layer name, in this order.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        with whole_file(path) as draft:
            for name, frame in layers.items():
                try:
                    pyogrio.write_dataframe(
                        frame, draft, layer=name, driver="GPKG", append=draft.exists()
                    )
                except (DataLayerError, DataSourceError) as error:
                    raise OSError(None, str(error)) from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return sha256_of(path)
