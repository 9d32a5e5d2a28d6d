"""Rasters: GeoTIFF and ASCII grids, read without side files; GeoTIFF written strip by strip."""

from __future__ import annotations

import math
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files.atomic import sha256_of, whole_file
from maemoh_gis.files.scratch import blocks_of
from maemoh_gis.files.sources import raster_driver

if TYPE_CHECKING:
    import numpy as np
    from rasterio.io import DatasetReader
    from rasterio.windows import Window

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.files.scratch import Raster

# Of a machine's memory GDAL would take a twentieth, however large that is.
_RASTER_CACHE_BYTES = 64 << 20
# No side file (.aux.xml, .ovr, .msk, .tfw) has a say: what a raster is stands in the file itself.
_ALONE = {"GDAL_PAM_ENABLED": "NO", "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
_TILE = 512
# Bands of the province at 100 m; those of larger grids lie in a file before they are packed.
_BYTES_IN_MEMORY = 64 << 20
# Below this a second thread waits longer than it packs.
_CELLS_FOR_THREADS = 10_000_000


@contextmanager
def open_raster(path: Path) -> Iterator[DatasetReader]:
    """Open a raster for reading, until the block ends; see `raster_at`."""
    with raster_at(path) as dataset:
        yield dataset


def raster_at(path: Path) -> DatasetReader:
    """Open a raster for reading."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    driver = raster_driver(path)
    try:
        # The checks of a layer say so, with its line in the catalog. For the whole process, since
        # what one thread hears for a moment, another may be made to hear too.
        warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)
        with rasterio.Env(**_ALONE):
            dataset = rasterio.open(path.absolute(), driver=driver)
            # GDAL looks for these when first asked, which must be while it may not look around.
            _ = dataset.mask_flag_enums, [dataset.overviews(band) for band in dataset.indexes]
    except RasterioError as error:
        raise FileError(Fault("not_a_raster", str(path), found=_reason(error, path))) from error
    return dataset


def read_numbers(dataset: DatasetReader, band: int = 1, window: Window | None = None) -> FloatArray:
    """
    Read a band as the numbers the file means: scaled, and nothing where it has none.

    Returns
    -------
    values : float64 array (rows, cols)
        With scale and offset of the band; NaN where nodata value, mask or alpha band say unknown.
    """
    import numpy as np
    from rasterio.errors import RasterioError

    if dataset.dtypes[band - 1].startswith("complex"):
        raise FileError(Fault("not_a_raster", dataset.name, found=dataset.dtypes[band - 1]))
    try:
        # A signalling NaN, as damaged floats may hold, is one like any other.
        with np.errstate(invalid="ignore"):
            values: FloatArray = dataset.read(band, window=window).astype(np.float64)
        unknown = dataset.read_masks(band, window=window) == 0
    except RasterioError as error:
        path = Path(dataset.name)
        raise FileError(Fault("not_a_raster", str(path), found=_reason(error, path))) from error
    scale, offset = dataset.scales[band - 1], dataset.offsets[band - 1]
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
    values[unknown] = np.nan
    return values


def _reason(error: Exception, path: Path) -> str:
    """Give GDAL's words without the folders of this machine."""
    return str(error).replace(str(path.absolute()), path.name).replace("\n", " ")


def write_raster(
    path: Path,
    bands: Mapping[str, Raster],
    grid: Grid,
    *,
    nodata: float | None,
    tags: Mapping[str, str] | None = None,
    categorical: bool = False,
    colours: Mapping[int, str] | None = None,
) -> str:
    """
    Write bands of one type, read a few rows at a time, as a cloud-optimised GeoTIFF.

    Overviews of `categorical` bands take the nearest cell, never a mean of codes. `colours` go
    along as the palette of a single band of bytes, `#rrggbb` by code.
    """
    first = next(iter(bands.values()))
    with raster_in_strips(
        path, list(bands), grid, dtype=first.dtype.name, nodata=nodata, tags=tags or {},
        categorical=categorical, colours=colours or {},
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
    colours: Mapping[int, str] | None = None,
) -> Iterator[Callable[[int, Sequence[np.ndarray]], None]]:
    """
    Write a raster that is never whole in memory; see `write_raster`.

    Yields
    ------
    callable
        Takes the first row of a strip and its arrays (rows, cols), one a band. The file stands in
        its place when the block has ended; rows that were never written hold `nodata`.
    """
    import rasterio
    from rasterio.windows import Window

    # Loaded where it is needed, as it takes a while.
    from maemoh_gis.files.overviews import write_overviews

    with (
        whole_file(path) as draft,
        rasterio.Env(GDAL_CACHEMAX=_RASTER_CACHE_BYTES, GDAL_DISABLE_READDIR_ON_OPEN="FALSE"),
        # The driver of such files can only copy.
        _plain(draft, grid, len(bands), dtype) as place,
    ):
        with rasterio.open(place, "w", **_profile(grid, len(bands), dtype, nodata)) as dataset:
            for index, name in enumerate(bands, start=1):
                dataset.set_band_description(index, name)
            dataset.update_tags(**tags)
            if colours:
                dataset.write_colormap(1, {code: _rgb(one) for code, one in colours.items()})

            def write(row: int, strip: Sequence[np.ndarray]) -> None:
                window = Window(0, row, grid.cols, len(strip[0]))
                for index, part in enumerate(strip, start=1):
                    dataset.write(part, index, window=window)

            yield write
        write_overviews(place, _halvings(grid), categorical=categorical)
        with rasterio.open(place) as dataset:
            _copy_as_cog(dataset, draft, categorical=categorical)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _halvings(grid: Grid) -> int:
    """Say how often a raster is halved until the whole is in one tile."""
    return max(math.ceil(math.log2(max(grid.rows, grid.cols) / _TILE)), 0)


@contextmanager
def _plain(draft: Path, grid: Grid, count: int, dtype: str) -> Iterator[str]:
    """Give a place for a raster that is to be packed: in GDAL's memory, or on the disk if large."""
    import numpy as np
    from rasterio.shutil import delete, exists

    if grid.rows * grid.cols * count * np.dtype(dtype).itemsize > _BYTES_IN_MEMORY:
        yield str(draft.with_name(f"plain-{draft.name}"))
        return
    place = f"/vsimem/{uuid.uuid4().hex}.tif"
    try:
        yield place
    finally:
        if exists(place):
            delete(place)


def _profile(grid: Grid, count: int, dtype: str, nodata: float | None) -> dict[str, Any]:
    return {
        "driver": "GTiff",
        "interleave": "band",
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

    threads = 1 if dataset.width * dataset.height < _CELLS_FOR_THREADS else 2
    with rasterio.Env(GDAL_NUM_THREADS=str(threads)):
        try:
            copy(
                dataset,
                draft,
                driver="COG",
                compress="ZSTD",
                level=1 if not categorical else 9,
                predictor="NO" if categorical else "STANDARD",
                overviews="FORCE_USE_EXISTING",
                blocksize=_TILE,
            )
        except Exception as error:  # what GDAL says here has no public type
            raise OSError(None, str(error)) from error
