"""A raster opened in Python holds what its file means, or is refused."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

import maemoh_gis as mm
from maemoh_gis.core.errors import LayerError
from maemoh_gis.files import sha256_of
from tests.tiny import ENTRY, UTM

PLACE = Affine(100, 0, 570_000, 0, -100, 2_020_000)


def folder_of(folder: Path, pixels: np.ndarray, *, place: Affine = PLACE, more: str = "",
              scale: float = 1.0) -> Path:  # fmt: skip
    path = folder / "it.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=pixels.shape[1], width=pixels.shape[2],
        count=len(pixels), dtype=pixels.dtype.name, crs=UTM, transform=place, nodata=-1,
    ) as out:  # fmt: skip
        out.write(pixels)
        out.scales = (scale,) * len(pixels)
    entry = ENTRY.format(id="it", kind="raster", complete="none", sha256=sha256_of(path))
    entry = entry.replace("it.geojson", "it.tif").replace("EPSG:4326", UTM)
    entry += f"    resampling: nearest\n    unit: m\n{more}"
    (folder / "catalog.yaml").write_text(f"version: 1\nlayers:\n{entry}", encoding="utf-8")
    return folder


def test_the_scale_of_the_file_is_applied(tmp_path: Path) -> None:
    pixels = np.array([[[10, 20], [-1, 40]]], dtype=np.int16)
    read = mm.open_catalog(folder_of(tmp_path, pixels, scale=0.5)).read("it")
    assert np.array_equal(read.values, [[5, 10], [np.nan, 20]], equal_nan=True)


def test_the_band_of_the_catalog_is_taken(tmp_path: Path) -> None:
    pixels = np.array([[[1, 2]], [[3, 4]]], dtype=np.int16)
    read = mm.open_catalog(folder_of(tmp_path, pixels, more="    band: 2\n")).read("it")
    assert read.values.tolist() == [[3, 4]]


def test_a_turned_raster_is_refused(tmp_path: Path) -> None:
    pixels = np.array([[[1, 2]]], dtype=np.int16)
    folder = folder_of(tmp_path, pixels, place=PLACE @ Affine.rotation(20))
    with pytest.raises(LayerError) as caught:
        mm.open_catalog(folder).read("it")
    assert caught.value.faults[0].code == "raster_turned"
