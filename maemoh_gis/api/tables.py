"""Tables and rasters of a folder as pandas and xarray, with units, CRS and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import open_raster, read_csv, read_numbers, read_vector

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr
    from rasterio.io import DatasetReader

_CRS_COORD = "spatial_ref"
_UNIT_BY_ENDING = {
    "_rai": "rai", "_ha": "ha", "_m": "m", "_km": "km", "_deg": "degree", "_permille": "per mille",
    "_thb": "THB", "_share": "share", "_minutes": "minutes", "_be": "year B.E.", "_mw": "MW",
    "_percent": "percent",
}  # fmt: skip
"""Units that the name of a column states."""
_SCORE_STARTS = ("score", "topsis", "land_score")


def units_of(columns: list[str]) -> dict[str, str]:
    """
    Read units from names of columns.

    Parameters
    ----------
    columns : list of str
        Names.

    Returns
    -------
    dict of str to str
        Unit by column, for columns whose name states one.
    """
    found = {}
    for name in columns:
        ends = [unit for ending, unit in _UNIT_BY_ENDING.items() if name.endswith(ending)]
        if ends:
            found[name] = ends[0]
        elif name.startswith(_SCORE_STARTS) or name.endswith("_mean"):
            found[name] = "score, 0 bad to 1 good"
    return found


def read_table(path: Path, encoding: str | None = None) -> pd.DataFrame:
    """
    Read a table of a folder.

    Parameters
    ----------
    path : Path
        CSV file.
    encoding : str, optional
        Code page; UTF-8 if not given.

    Returns
    -------
    pandas.DataFrame
        Numbers as float, yes and no as bool where a whole column is; an empty cell is missing.
        `attrs["units"]` holds the units that names of columns state.
    """
    import pandas as pd

    frame = pd.DataFrame(read_csv(path, encoding)).replace("", None)
    for name in frame.columns:
        known = frame[name].dropna()
        if known.empty:
            continue
        if known.isin(["True", "False"]).all():
            frame[name] = frame[name].map({"True": True, "False": False})
            continue
        try:
            numbers = pd.to_numeric(known)
        except (ValueError, TypeError):
            continue
        # Codes of districts and the like keep their leading zeros.
        if not known.str.match(r"0\d").any():
            frame[name] = numbers.reindex(frame.index)
    frame.attrs["units"] = units_of([str(name) for name in frame.columns])
    return frame


def read_features(path: Path, layer: str | None, attrs: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """
    Read features of a folder.

    Parameters
    ----------
    path : Path
        GeoPackage or GeoJSON.
    layer : str or None
        Layer inside the file.
    attrs : mapping
        What is known of them.

    Returns
    -------
    geopandas.GeoDataFrame
        In the CRS of the file; `attrs` holds CRS, units and what was given.
    """
    frame = read_vector(path, layer)
    names = [str(name) for name in frame.columns]
    frame.attrs.update({"crs": str(frame.crs), "units": units_of(names), **attrs})
    return frame


def read_layer(path: Path, layer: str, crs: str, attrs: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """
    Read a layer that a run writes only where it found something.

    Parameters
    ----------
    path : Path
        GeoPackage, which may be absent.
    layer : str
        Layer inside the file, which may be absent.
    crs : str
        CRS of the run.
    attrs : mapping
        What is known of its features.

    Returns
    -------
    geopandas.GeoDataFrame
        Empty, in `crs`, where there is no such layer.
    """
    import geopandas as gpd

    if path.is_file() and layer in set(gpd.list_layers(path)["name"]):
        return read_features(path, layer, attrs)
    empty = gpd.GeoDataFrame({"id": []}, geometry=[], crs=crs)
    empty.attrs |= {"crs": crs, "units": {}, **attrs}
    return empty


def read_bands(path: Path, crs: str, attrs: Mapping[str, Any]) -> xr.Dataset:
    """
    Read a raster with named bands.

    Parameters
    ----------
    path : Path
        GeoTIFF.
    crs : str
        Its CRS by authority and code.
    attrs : mapping
        What is known of all bands.

    Returns
    -------
    xarray.Dataset
        One array (y, x) a band, at cell centres, with the CRS as odc-geo and rioxarray read it.
        Unknown numbers are NaN; codes keep 0 where there is nothing. Scale and offset of the file
        are applied.

    Raises
    ------
    LayerError
        If the raster is turned, so that it has no rows of one y.
    """
    import xarray as xr

    arrays = {}
    with open_raster(path) as dataset:
        if dataset.transform.b or dataset.transform.d:
            raise LayerError(Fault("raster_turned", str(path)))
        coords = _coords_of(dataset, crs)
        for number, name in enumerate(dataset.descriptions, start=1):
            scaled = (dataset.scales[number - 1], dataset.offsets[number - 1]) != (1.0, 0.0)
            values = read_numbers(dataset, number) if scaled else dataset.read(number)
            array = xr.DataArray(values, coords, [dim for dim in coords if dim != _CRS_COORD])
            array.encoding["grid_mapping"] = _CRS_COORD
            array.attrs |= {"nodata": dataset.nodata} if dataset.nodata is not None else {}
            array.attrs |= {"crs": crs, "cell_m": float(abs(dataset.transform.a)), **attrs}
            arrays[str(name or f"band_{number}")] = array
        tags = dict(dataset.tags())
    whole = xr.Dataset(arrays)
    whole.attrs |= {"crs": crs, **attrs, **{k: v for k, v in tags.items() if k.islower()}}
    return whole


def _coords_of(dataset: DatasetReader, crs: str) -> dict[str, xr.DataArray]:
    """
    Give cell centres and the CRS after the CF conventions.

    odc-geo has a function for it, but with it comes dask, which nothing here needs.
    """
    import numpy as np
    import xarray as xr
    from pyproj import CRS

    known, place = CRS.from_user_input(crs), dataset.transform
    dims = ("latitude", "longitude") if known.is_geographic else ("y", "x")
    north, east = (
        ("degrees_north", "degrees_east")
        if known.is_geographic
        else (known.axis_info[0].unit_name,) * 2
    )
    y = place.f + place.e * (np.arange(dataset.height) + 0.5)
    x = place.c + place.a * (np.arange(dataset.width) + 0.5)
    corner = " ".join(f"{n:.15g}" for n in place.to_gdal())
    about = {"spatial_ref": known.to_wkt(), **known.to_cf(), "GeoTransform": corner}
    return {
        dims[0]: xr.DataArray(y, dims=dims[:1], attrs={"units": north, "resolution": place.e,
                                                       "crs": crs}),
        dims[1]: xr.DataArray(x, dims=dims[1:], attrs={"units": east, "resolution": place.a,
                                                       "crs": crs}),
        _CRS_COORD: xr.DataArray(np.int32(known.to_epsg() or 0), attrs=about),
    }  # fmt: skip
