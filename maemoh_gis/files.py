"""
The only module that opens and writes files.

A file appears whole or not at all: it is written beside its place and moved there in one step. The
same content gives the same bytes: GeoPackages carry a fixed date and layer name, GeoJSON has one
feature a line, spreadsheets hold no times. Every write gives back the checksum.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.errors import Fault, FileError
from maemoh_gis.locks import workshop
from maemoh_gis.scratch import blocks_of

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from rasterio.io import DatasetReader

    from maemoh_gis.grid import Grid
    from maemoh_gis.scratch import Raster

# GDAL stamps GeoPackages with the wall clock unless told otherwise.
_FIXED_DATE = "2000-01-01T00:00:00.000Z"
_FIXED_DAY = (2000, 1, 1, 0, 0, 0)
_READ_BLOCK = 1 << 20
# Of a machine's memory GDAL would take a twentieth, however large that is.
_RASTER_CACHE_BYTES = 64 << 20


def sha256_of(path: Path) -> str:
    """
    Give the checksum of a file.

    Parameters
    ----------
    path : Path
        File to read.

    Returns
    -------
    str
        SHA-256 in lower-case hexadecimal.

    Raises
    ------
    FileError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_READ_BLOCK):
                digest.update(block)
    except OSError as error:
        raise _cannot("read", path, error) from error
    return digest.hexdigest()


def read_bytes(path: Path) -> bytes:
    """Read a whole file; raise FileError if that fails."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _cannot("read", path, error) from error


def read_text(path: Path) -> str:
    """Read a whole UTF-8 text file, with or without a byte order mark; raise FileError if that
    fails.
    """
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(Fault("not_utf8", str(path), found=str(error.reason))) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """
    Write a file beside its place and move it there when it is whole.

    Drafts that killed processes left beside it are removed.

    Parameters
    ----------
    path : Path
        Where the file belongs; its folder is made if need be.

    Yields
    ------
    Path
        A file of the same ending to write to. If the body raises, it is removed and `path` stays as
        it was.

    Raises
    ------
    FileError
        If the folder or the file cannot be written.
    """
    # A folder of its own keeps drivers' side files (-journal, .aux.xml) away from the real one.
    with workshop(path.parent, ".writing-") as folder:
        try:
            draft = folder / path.name
            yield draft
            with draft.open("rb+") as stream:
                os.fsync(stream.fileno())
            draft.replace(path)
        except OSError as error:
            raise _cannot("write", path, error) from error


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """
    Write a folder of files beside its place and move it there when it is whole.

    Parameters
    ----------
    path : Path
        Where the folder belongs; one that stands there is replaced.

    Yields
    ------
    Path
        An empty folder to write to. If the body raises, it is removed and `path` stays as it was.

    Raises
    ------
    FileError
        If the folder cannot be written.
    """
    with workshop(path.parent, ".writing-") as folder:
        draft, old = folder / "new", folder / "old"
        try:
            draft.mkdir()
            yield draft
            if path.exists():
                path.replace(old)
            try:
                draft.replace(path)
            except OSError:
                if old.exists():
                    old.replace(path)
                raise
        except OSError as error:
            raise _cannot("write", path, error) from error


def write_bytes(path: Path, content: bytes) -> str:
    """Write a file whole; return its SHA-256."""
    with whole_file(path) as draft:
        draft.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def write_text(path: Path, content: str) -> str:
    """Write a UTF-8 text file whole, with line feeds on every system; return its SHA-256."""
    return write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any) -> str:
    """Write indented JSON whole, keys in the order given, Thai letters as they are; return its
    SHA-256.
    """
    return write_text(
        path, json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    )


def read_json(path: Path) -> Any:
    """Read a JSON file; raise FileError where it is not JSON."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise FileError(Fault("not_json", str(path), error.lineno, found=error.msg)) from error


def write_csv(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], *, for_excel: bool = False
) -> str:
    """
    Write a CSV table whole.

    Parameters
    ----------
    path : Path
        Where it belongs.
    columns : sequence of str
        Header.
    rows : iterable of sequence
        Cells in the order of `columns`; None becomes an empty cell.
    for_excel : bool
        Begin with a byte order mark, without which Excel garbles Thai.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return write_bytes(path, stream.getvalue().encode("utf-8-sig" if for_excel else "utf-8"))


def read_csv(path: Path) -> list[dict[str, str]]:
    """Read a CSV table with a header as one dict of texts a row; raise FileError if that fails."""
    return list(csv.DictReader(io.StringIO(read_text(path), newline="")))


def read_vector(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """
    Read a vector file.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage, shapefile or anything else GDAL reads.
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

    if not path.exists():
        raise FileError(Fault("file_missing", str(path)))
    try:
        frame = gpd.read_file(path, layer=layer)
    except Exception as error:  # pyogrio raises kinds of its own for each driver
        raise FileError(Fault("not_a_vector_file", str(path), found=str(error))) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FileError(Fault("not_a_vector_file", str(path), found="no geometry"))
    return frame


@contextmanager
def open_raster(path: Path) -> Iterator[DatasetReader]:
    """
    Open a raster for reading.

    Parameters
    ----------
    path : Path
        GeoTIFF or anything else GDAL reads.

    Yields
    ------
    rasterio dataset
        Open until the block ends.

    Raises
    ------
    FileError
        If it is absent or not a raster.
    """
    import rasterio
    from rasterio.errors import RasterioIOError

    if not path.exists():
        raise FileError(Fault("file_missing", str(path)))
    try:
        dataset = rasterio.open(path)
    except RasterioIOError as error:
        raise FileError(Fault("not_a_raster", str(path), found=str(error))) from error
    with dataset:
        yield dataset


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
        properties = {name: _json_value(value) for name, value in zip(names, row, strict=True)}
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

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        with whole_file(path) as draft:
            for name, frame in layers.items():
                pyogrio.write_dataframe(
                    frame, draft, layer=name, driver="GPKG", append=draft.exists()
                )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return sha256_of(path)


def write_raster(
    path: Path,
    bands: Mapping[str, Raster],
    grid: Grid,
    *,
    nodata: float | None,
    tags: Mapping[str, str] | None = None,
    categorical: bool = False,
) -> str:
    """
    Write bands of one type as a cloud-optimised GeoTIFF.

    Parameters
    ----------
    path : Path
        Where it belongs.
    bands : mapping of str to Raster (rows, cols)
        Arrays of one dtype by band name; they are read a few rows at a time.
    grid : Grid
        Grid the arrays stand on.
    nodata : float or None
        Value that means unknown.
    tags : mapping, optional
        Dataset tags, such as unit and confidence.
    categorical : bool
        True for codes: overviews then take the nearest cell, never a mean of codes.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    first = next(iter(bands.values()))
    with raster_in_strips(
        path, list(bands), grid, dtype=first.dtype.name, nodata=nodata, tags=tags or {},
        categorical=categorical,
    ) as write:  # fmt: skip
        for rows in blocks_of(grid.shape):
            write(rows.start, [band[rows] for band in bands.values()])
    return sha256_of(path)


@contextmanager
def raster_in_strips(
    path: Path,
    bands: Sequence[str],
    grid: Grid,
    *,
    dtype: str,
    nodata: float | None,
    tags: Mapping[str, str],
    categorical: bool = False,
) -> Iterator[Callable[[int, Sequence[np.ndarray]], None]]:
    """
    Write a raster that is never whole in memory; see `write_raster`.

    Parameters
    ----------
    path : Path
        Where it belongs.
    bands : sequence of str
        Names of the bands.
    grid : Grid
        Grid the strips are rows of.
    dtype : str
        Type of every band.
    nodata : float or None
        Value that means unknown; rows that are never written hold it.
    tags : mapping
        Dataset tags.
    categorical : bool
        True for codes.

    Yields
    ------
    callable
        Takes the first row of a strip and its arrays (rows, cols), one a band. The file stands in
        its place when the block has ended.
    """
    import numpy as np
    import rasterio
    from rasterio.windows import Window

    with whole_file(path) as draft, rasterio.Env(GDAL_CACHEMAX=_RASTER_CACHE_BYTES):
        # The driver of such files can only copy, so they are written twice.
        plain = draft.with_name(f"plain-{draft.name}")
        with rasterio.open(plain, "w", **_profile(grid, len(bands), dtype, nodata)) as dataset:
            for index, name in enumerate(bands, start=1):
                dataset.set_band_description(index, name)
            dataset.update_tags(**tags)

            def write(row: int, strip: Sequence[np.ndarray]) -> None:
                window = Window(0, row, grid.cols, len(strip[0]))
                dataset.write(np.stack(strip), window=window)

            yield write
        with rasterio.open(plain) as dataset:
            _copy_as_cog(dataset, draft, categorical=categorical)


def _profile(grid: Grid, count: int, dtype: str, nodata: float | None) -> dict[str, Any]:
    return {
        "driver": "GTiff",
        "bigtiff": "if_safer",
        "height": grid.rows,
        "width": grid.cols,
        "count": count,
        "dtype": dtype,
        "crs": grid.crs,
        "transform": grid.transform,
        "nodata": nodata,
    }


def _copy_as_cog(dataset: DatasetReader, draft: Path, *, categorical: bool) -> None:
    import rasterio
    from rasterio.shutil import copy

    with rasterio.Env(GDAL_NUM_THREADS="2"):
        copy(
            dataset,
            draft,
            driver="COG",
            compress="ZSTD",
            level=1 if not categorical else 9,
            predictor="NO" if categorical else "YES",
            overview_resampling="nearest" if categorical else "average",
            blocksize=512,
        )


def write_xlsx(
    path: Path, sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[object]]]]
) -> str:
    """
    Write a workbook whole, without times in it.

    Parameters
    ----------
    path : Path
        Where it belongs.
    sheets : mapping of str to (columns, rows)
        Tables by sheet name. Texts are written as texts, so a name that begins with `=` stays a
        name.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    import datetime as dt

    import xlsxwriter

    with whole_file(path) as draft:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        with xlsxwriter.Workbook(str(draft), options) as book:
            book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
            for name, (columns, rows) in sheets.items():
                sheet = book.add_worksheet(name[:31])
                sheet.write_row(0, 0, columns)
                for index, row in enumerate(rows, start=1):
                    sheet.write_row(index, 0, [_json_value(value) for value in row])
    return sha256_of(path)


def write_zip(path: Path, members: Mapping[str, Path | str]) -> str:
    """
    Write an archive whole, the same bytes for the same content.

    Parameters
    ----------
    path : Path
        Where it belongs.
    members : mapping of str to Path or str
        Files by their name in the archive, or texts that stand there as files.

    Returns
    -------
    str
        SHA-256 of the file.

    Raises
    ------
    FileError
        If a file cannot be read or the archive cannot be written.
    """
    import zipfile

    with whole_file(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _FIXED_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            if isinstance(content, str):
                archive.writestr(entry, content.encode("utf-8"))
                continue
            with content.open("rb") as source, archive.open(entry, "w") as place:
                shutil.copyfileobj(source, place, _READ_BLOCK)
    return sha256_of(path)


def _json_value(value: object) -> Any:
    """Turn a cell of a data frame into what JSON can hold: missing values become null."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    item = getattr(value, "item", None)
    plain = item() if callable(item) else value
    if isinstance(plain, float) and math.isnan(plain):
        return None
    if isinstance(plain, float) and plain.is_integer() and abs(plain) < 1e15:
        return int(plain)
    return plain if isinstance(plain, str | int | float | bool) else str(plain)


def _cannot(what: str, path: Path, error: OSError) -> FileError:
    if isinstance(error, FileError):
        return error
    if isinstance(error, FileNotFoundError) and what == "read":
        return FileError(Fault("file_missing", str(path)))
    return FileError(Fault(f"cannot_{what}", str(path), found=error.strerror or str(error)))
