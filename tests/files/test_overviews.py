"""Smaller copies of rasters: means of what is known, and codes that are codes."""

import uuid

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.enums import Resampling
from rasterio.shutil import exists

from maemoh_gis import files
from maemoh_gis.core.grid import Grid
from maemoh_gis.files import rasters
from maemoh_gis.files.overviews import halved, write_overviews

UNKNOWN = float("nan")


def field(rows, cols):
    """Give heights of which a round part and some single cells are unknown."""
    down, across = np.mgrid[:rows, :cols]
    heights = (np.sin(down / 17) + np.cos(across / 29)).astype(np.float32)
    heights[(down - rows / 2) ** 2 + (across - cols / 2) ** 2 > (rows / 2) ** 2] = np.nan
    heights[::7, ::5] = np.nan
    return heights


def test_four_cells_become_the_mean_of_those_that_are_known():
    cells = np.array([[[1, 3, UNKNOWN, 5, 8], [5, 7, UNKNOWN, UNKNOWN, 4],
                       [UNKNOWN, UNKNOWN, 2, 4, 9]]], dtype=np.float32)  # fmt: skip
    assert np.array_equal(
        halved(cells, UNKNOWN), np.array([[[4, 5, 6], [UNKNOWN, 3, 9]]], np.float32), equal_nan=True
    )


def test_whole_numbers_stay_whole_and_leave_out_what_means_unknown():
    cells = np.array([[[1, 2, -1, -1], [2, 2, 7, -1]]], dtype=np.int16)
    assert halved(cells, -1).tolist() == [[[2, 7]]]
    assert halved(cells, None).tolist() == [[[2, 1]]]
    assert halved(cells, -1).dtype == np.int16
    assert halved(cells, -1, categorical=True).tolist() == [[[1, -1]]]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_no_mean_leaves_the_range_of_its_cells(rows, cols, seed):
    chance = np.random.default_rng(seed)
    cells = chance.uniform(-5, 5, (2, rows, cols))
    cells[chance.random(cells.shape) < 0.4] = np.nan
    found = halved(cells, UNKNOWN)
    assert found.shape == (2, -(-rows // 2), -(-cols // 2))
    for (band, row, col), mean in np.ndenumerate(found):
        part = cells[band, 2 * row : 2 * row + 2, 2 * col : 2 * col + 2]
        assert np.isnan(mean) == np.isnan(part).all()
        if not np.isnan(mean):
            assert np.nanmin(part) - 1e-9 <= mean <= np.nanmax(part) + 1e-9


def read_at(path, level):
    with rasterio.open(path, overview_level=level) as dataset:
        return dataset.read(1)


@pytest.mark.parametrize("dtype", ["float32", "int16"])
def test_gdal_gives_the_same_means(tmp_path, dtype):
    """With all sides a multiple of four, where its way with edges is ours."""
    heights = field(512, 256)
    nodata = UNKNOWN if dtype == "float32" else -32_768
    cells = np.where(np.isnan(heights), nodata, heights * 1_000).astype(dtype)
    profile = {"driver": "GTiff", "height": 512, "width": 256, "count": 1, "dtype": dtype,
               "nodata": nodata, "transform": Affine(30, 0, 0, 0, -30, 0)}  # fmt: skip
    for name in ("ours.tif", "theirs.tif"):
        with rasterio.open(tmp_path / name, "w", **profile) as dataset:
            dataset.write(cells, 1)
    write_overviews(str(tmp_path / "ours.tif"), 2, categorical=False)
    with rasterio.open(tmp_path / "theirs.tif", "r+") as dataset:
        dataset.build_overviews([2, 4], Resampling.average)
    for level in (0, 1):
        found, expected = (read_at(tmp_path / name, level) for name in ("ours.tif", "theirs.tif"))
        assert found.shape == expected.shape == (512 // 2 ** (level + 1), 256 // 2 ** (level + 1))
        if dtype == "float32":
            assert np.allclose(found, expected, rtol=1e-6, equal_nan=True)
        else:
            # A half is rounded to even here.
            assert np.abs(found.astype(int) - expected).max() <= 1


def test_a_raster_is_the_same_packed_from_memory_and_from_the_disk(tmp_path, monkeypatch):
    grid = Grid.covering((0, 0, 130_100, 70_300), crs="EPSG:32647", cell_m=100)
    bands = {"height": field(*grid.shape), "half": field(*grid.shape) / 2}
    places = []
    for name, most in (("memory", 64 << 20), ("disk", 0)):
        monkeypatch.setattr(rasters, "_BYTES_IN_MEMORY", most)
        path = tmp_path / name / "a.tif"
        files.write_raster(path, bands, grid, nodata=UNKNOWN)
        places.append(path)
        assert [one.name for one in path.parent.iterdir()] == ["a.tif"]
    one, two = places
    assert one.read_bytes() == two.read_bytes()
    with rasterio.open(one) as dataset:
        assert dataset.overviews(1) == [2, 4]


def test_nothing_is_left_in_memory_when_a_raster_is_packed_or_fails(tmp_path, monkeypatch):
    grid = Grid.covering((0, 0, 60_000, 60_000), crs="EPSG:32647", cell_m=100)
    monkeypatch.setattr(rasters.uuid, "uuid4", lambda: uuid.UUID(int=2569))
    place = f"/vsimem/{uuid.UUID(int=2569).hex}.tif"
    held, pack = [], rasters._copy_as_cog

    def packed(*args, **more):
        held.extend([exists(place), exists(f"{place}.ovr")])
        pack(*args, **more)

    monkeypatch.setattr(rasters, "_copy_as_cog", packed)

    def strips(fail):
        with files.raster_in_strips(
            tmp_path / "a.tif", ["a"], grid, dtype="float32", nodata=UNKNOWN, tags={}
        ) as write:
            write(0, [field(*grid.shape)])
            if fail:
                raise ZeroDivisionError

    strips(fail=False)
    with pytest.raises(ZeroDivisionError):
        strips(fail=True)
    assert held == [True, True]
    assert not exists(place)
    assert not exists(f"{place}.ovr")
