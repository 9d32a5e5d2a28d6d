"""
Every raster of the pack, written in every way a GIS may: the same values or a named refusal.

Pixels are only moved about, never resampled, so what is expected is what was there before. With
`pytest -s` the whole is printed as a table.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine
from rasterio.windows import from_bounds

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.grid import Grid
from maemoh_gis.documents.yaml import parse_yaml, written_yaml
from maemoh_gis.files import checksum_of, read_numbers, write_text
from maemoh_gis.layers import resample
from maemoh_gis.layers.audit.gate import require_sound
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from tests.layers.otherwise import Way, Ways, as_table, outcome
from tests.paths import LAYERS

UTM = "EPSG:32647"
# Centres of 700 m cells lie on no edge of the 100 m and 500 m pixels.
GRID = Grid.covering((540_000, 1_990_000, 610_000, 2_060_000), crs=UTM, cell_m=700)
AROUND_GRID = (535_000, 1_985_000, 615_000, 2_065_000)
BY_THE_EDGE = Grid.covering((475_000, 2_130_000, 520_000, 2_165_000), crs=UTM, cell_m=700)


@dataclass
class Raster:
    """A raster of the pack, with what its catalog says."""

    id: str
    pixels: np.ndarray
    known: np.ndarray
    transform: Affine
    nodata: float
    entry: dict[str, Any]

    @property
    def is_classes(self) -> bool:
        return "classes" in self.entry


@cache
def entries() -> dict[str, dict[str, Any]]:
    return parse_yaml((LAYERS / "catalog.yaml").read_text("utf-8"), "c").data["layers"]


def raster_of(id: str, **more: Any) -> Raster:
    entry = entries()[id]
    with rasterio.open(LAYERS / entry["path"]) as source:
        # Of the finer ones what lies around the cells that are read.
        fine = source.width > 1_000
        here = from_bounds(*AROUND_GRID, source.transform) if fine else None
        known = source.read_masks(1, window=here) > 0
        size, west, north = source.transform.a, AROUND_GRID[0], AROUND_GRID[3]
        place = Affine(size, 0, west, 0, -size, north) if fine else source.transform
        pixels = source.read(1, window=here)
        return Raster(id, pixels, known, place, source.nodata, {**entry, **more})


@cache
def bundled() -> list[Raster]:
    # A stack has no file of its own.
    of_files = (id for id, entry in entries().items() if "path" in entry)
    found = [raster_of(id) for id in of_files if entries()[id]["kind"] == "raster"]
    averaged = raster_of("elevation", resampling="average")
    averaged.id = "elevation, averaged"
    nearest = raster_of("elevation", resampling="nearest")
    nearest.id = "elevation, nearest"
    return [*found, averaged, nearest]


def written(
    folder: Path, raster: Raster, pixels: np.ndarray | None = None, *, told: dict[str, Any] | None
    = None, name: str = "a.tif", **profile: Any,
) -> Path:  # fmt: skip
    """Write pixels (rows, cols) or (bands, rows, cols) and a catalog; give the folder."""
    pixels = raster.pixels if pixels is None else pixels
    bands = pixels if pixels.ndim == 3 else pixels[np.newaxis]
    about = {
        "driver": "GTiff", "crs": UTM, "transform": raster.transform, "nodata": raster.nodata,
        "dtype": bands.dtype.name, "count": bands.shape[0], "height": bands.shape[1],
        "width": bands.shape[2],
    }  # fmt: skip
    with rasterio.open(folder / name, "w", **{**about, **profile}) as out:
        out.write(bands)
    return described(folder, raster, name, **(told or {}))


def described(folder: Path, raster: Raster, name: str, **told: Any) -> Path:
    entry = {**raster.entry, "complete_within": "none", **told, "path": name,
             "sha256": checksum_of(folder / name)}  # fmt: skip
    write_text(folder / "catalog.yaml", written_yaml({"version": 1, "layers": {"it": entry}}))
    return folder


def read(folder: Path) -> list[np.ndarray]:
    """Give all that a run reads of the raster, once nothing of it is refused."""
    catalog = read_catalog(folder)
    require_sound(catalog, ["it"])
    layers = Layers(catalog)
    if catalog["it"].classes:
        return [layers.codes("it", grid) for grid in (GRID, BY_THE_EDGE)]
    points = np.column_stack([GRID.x[:50] + 3.0, GRID.y[:50] - 7.0])
    grids = [layers.numbers("it", grid) for grid in (GRID, BY_THE_EDGE)]
    return [*grids, layers.numbers_at("it", points, UTM)]


ways = Ways()


@ways.way()
def as_it_is(raster: Raster, folder: Path) -> Path:
    return written(folder, raster)


@ways.way()
def tiled_and_packed(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, tiled=True, blockxsize=64, blockysize=128, compress="deflate",
                   predictor=2)  # fmt: skip


@ways.way()
def packed_row_by_row(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, compress="lzw", blockysize=1)


@ways.way()
def as_big_tiff(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, BIGTIFF="YES")


@ways.way()
def big_end_first(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, ENDIANNESS="BIG")


@ways.way()
def as_cog_with_overviews(raster: Raster, folder: Path) -> Path:
    from rasterio.shutil import copy

    written(folder, raster, name="plain.tif")
    copy(folder / "plain.tif", folder / "a.tif", driver="COG", overviews="IGNORE_EXISTING")
    return described(folder, raster, "a.tif")


@ways.way()
def overviews_of_something_else(raster: Raster, folder: Path) -> Path:
    written(folder, raster)
    with rasterio.open(folder / "a.tif", "r+") as out:
        out.build_overviews([2, 4], Resampling.mode)
    with rasterio.open(folder / "a.tif", "r+", OVERVIEW_LEVEL=0) as out:
        out.write(np.full((1, out.height, out.width), 1, dtype=out.dtypes[0]))
    return described(folder, raster, "a.tif")


@ways.way()
def pixel_is_point(raster: Raster, folder: Path) -> Path:
    written(folder, raster)
    with rasterio.open(folder / "a.tif", "r+") as out:
        out.update_tags(AREA_OR_POINT="Point")
    return described(folder, raster, "a.tif")


@ways.way()
def south_up(raster: Raster, folder: Path) -> Path:
    rows = raster.pixels.shape[0]
    turned = raster.transform @ Affine(1, 0, 0, 0, -1, rows)
    return written(folder, raster, raster.pixels[::-1], transform=turned)


@ways.way()
def east_to_west(raster: Raster, folder: Path) -> Path:
    cols = raster.pixels.shape[1]
    turned = raster.transform @ Affine(-1, 0, cols, 0, 1, 0)
    return written(folder, raster, raster.pixels[:, ::-1], transform=turned)


@ways.way()
def turned_by_180_degrees(raster: Raster, folder: Path) -> Path:
    rows, cols = raster.pixels.shape
    turned = raster.transform @ Affine(-1, 0, cols, 0, -1, rows)
    return written(folder, raster, raster.pixels[::-1, ::-1], transform=turned)


@ways.way()
def columns_as_rows(raster: Raster, folder: Path) -> Path:
    turned = raster.transform @ Affine(0, 1, 0, 1, 0, 0)
    return written(folder, raster, np.ascontiguousarray(raster.pixels.T), transform=turned)


@ways.way()
def turned_by_90_degrees(raster: Raster, folder: Path) -> Path:
    rows = raster.pixels.shape[0]
    turned = raster.transform @ Affine(0, 1, 0, -1, 0, rows)
    return written(folder, raster, np.ascontiguousarray(raster.pixels[::-1].T), transform=turned)


@ways.way()
def each_pixel_as_nine(raster: Raster, folder: Path) -> Path | None:
    if raster.entry["resampling"] == "bilinear":
        return None  # what lies between pixel centres is then another thing
    finer = raster.transform @ Affine.scale(1 / 3)
    return written(folder, raster, raster.pixels.repeat(3, 0).repeat(3, 1), transform=finer)


@ways.way()
def more_land_without_data(raster: Raster, folder: Path) -> Path:
    wider = np.pad(raster.pixels, ((3, 9), (5, 7)), constant_values=int(raster.nodata))
    return written(folder, raster, wider, transform=raster.transform @ Affine.translation(-5, -3))


@ways.way()
def as_float_64(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, raster.pixels.astype(np.float64))


@ways.way()
def as_int_32(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, raster.pixels.astype(np.int32))


def filled(raster: Raster, value: float, dtype: str) -> np.ndarray:
    return np.where(raster.known, raster.pixels, np.array(value, dtype=dtype)).astype(dtype)


@ways.way()
def unknown_is_nan(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, filled(raster, np.nan, "float32"), nodata=np.nan)


@ways.way()
def unknown_is_nan_without_a_word(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, filled(raster, np.nan, "float32"), nodata=None)


@ways.way()
def unknown_is_minus_9999(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, filled(raster, -9999, "int16"), nodata=-9999)


@ways.way()
def unknown_is_the_least_float(raster: Raster, folder: Path) -> Path:
    least = float(np.finfo("float32").min)
    return written(folder, raster, filled(raster, least, "float32"), nodata=least)


@ways.way()
def unknown_by_a_mask_inside(raster: Raster, folder: Path) -> Path:
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        written(folder, raster, filled(raster, 7, raster.pixels.dtype.name), nodata=None)
        with rasterio.open(folder / "a.tif", "r+") as out:
            out.write_mask(raster.known)
    return described(folder, raster, "a.tif")


@ways.way()
def unknown_by_an_alpha_band(raster: Raster, folder: Path) -> Path:
    alpha = (raster.known * 255).astype(raster.pixels.dtype)
    pixels = np.stack([filled(raster, 7, raster.pixels.dtype.name), alpha])
    written(folder, raster, pixels, nodata=None, alpha="YES")
    with rasterio.open(folder / "a.tif", "r+") as out:
        out.colorinterp = [ColorInterp.gray, ColorInterp.alpha]
    return described(folder, raster, "a.tif")


def scaled(folder: Path, raster: Raster, scale: float, offset: float) -> Path:
    pixels = np.round((raster.pixels - offset) / scale).astype(np.int32)
    written(folder, raster, np.where(raster.known, pixels, -2_000_000_000).astype(np.int32),
            nodata=-2_000_000_000)  # fmt: skip
    with rasterio.open(folder / "a.tif", "r+") as out:
        out.scales, out.offsets = (scale,), (offset,)
    return described(folder, raster, "a.tif")


@ways.way()
def in_halves(raster: Raster, folder: Path) -> Path:
    return scaled(folder, raster, 0.5, 0.0)


@ways.way()
def in_tenths_less_a_hundred(raster: Raster, folder: Path) -> Path | None:
    return None if raster.is_classes else scaled(folder, raster, 0.1, 100.0)


@ways.way()
def in_the_second_band(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, np.stack([raster.pixels * 0 + 1, raster.pixels]),
                   told={"band": 2})  # fmt: skip


@ways.way()
def by_bands_of_pixels(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, np.stack([raster.pixels, raster.pixels * 0 + 1]),
                   told={"band": 1}, interleave="pixel")  # fmt: skip


@ways.way()
def as_ascii_grid(raster: Raster, folder: Path) -> Path | None:
    from rasterio.shutil import copy

    written(folder, raster, filled(raster, -9999, "int32"), nodata=-9999, name="plain.tif")
    copy(folder / "plain.tif", folder / "a.asc", driver="AAIGrid")
    return described(folder, raster, "a.asc")


@ways.way()
def crs_by_another_name(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, told={"crs": "urn:ogc:def:crs:EPSG::32647"})


@ways.way()
def crs_as_wkt(raster: Raster, folder: Path) -> Path:
    from pyproj import CRS

    return written(folder, raster, told={"crs": CRS(UTM).to_wkt()})


@ways.way()
def side_files_that_lie(raster: Raster, folder: Path) -> Path:
    written(folder, raster)
    (folder / "a.tfw").write_text("7\n0\n0\n-7\n1\n1\n")
    (folder / "a.tif.aux.xml").write_text(
        "<PAMDataset><GeoTransform>0, 1, 0, 0, 0, -1</GeoTransform><PAMRasterBand band='1'>"
        "<NoDataValue>9</NoDataValue><Scale>3</Scale><UnitType>ft</UnitType></PAMRasterBand>"
        "</PAMDataset>"
    )
    for ending in (".msk", ".ovr"):
        shutil.copy(folder / "a.tif", folder / f"a.tif{ending}")
    return folder


@ways.way()
def unit_by_another_name(raster: Raster, folder: Path) -> Path | None:
    if raster.is_classes:
        return None
    written(folder, raster)
    with rasterio.open(folder / "a.tif", "r+") as out:
        out.units = ({"m": "metre", "percent": "%"}[raster.entry["unit"]],)
    return described(folder, raster, "a.tif")


@ways.way("raster_unit_differs")
def unit_of_another_thing(raster: Raster, folder: Path) -> Path | None:
    if raster.is_classes:
        return None
    written(folder, raster)
    with rasterio.open(folder / "a.tif", "r+") as out:
        out.units = ("ft",)
    return described(folder, raster, "a.tif")


@ways.way("raster_band_not_named")
def two_bands_and_none_named(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, np.stack([raster.pixels * 0 + 1, raster.pixels]))


@ways.way("raster_band_absent")
def a_band_there_is_not(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, told={"band": 2})


@ways.way("raster_fill_as_value", "class_code_unknown")
def unknown_is_minus_9999_without_a_word(raster: Raster, folder: Path) -> Path | None:
    if raster.known.all():
        return None
    return written(folder, raster, filled(raster, -9999, "int16"), nodata=None)


@ways.way("raster_fill_as_value", "class_code_unknown")
def another_value_is_called_unknown(raster: Raster, folder: Path) -> Path | None:
    if raster.known.all():
        return None
    return written(folder, raster, filled(raster, -32768, "int16"), nodata=-1)


@ways.way("raster_empty")
def nothing_known(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, np.full_like(raster.pixels, int(raster.nodata)))


@ways.way("raster_complex")
def complex_numbers(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, raster.pixels.astype(np.complex64))


@ways.way("class_code_unknown")
def codes_a_little_off(raster: Raster, folder: Path) -> Path | None:
    if not raster.is_classes:
        return None
    return written(folder, raster, filled(raster, 0, "float32") + np.float32(0.9) * raster.known)


@ways.way("class_code_unknown")
def codes_a_byte_too_high(raster: Raster, folder: Path) -> Path | None:
    if not raster.is_classes:
        return None
    return written(folder, raster, raster.pixels.astype(np.int16) + np.int16(256) * raster.known)


@ways.way("raster_without_place")
def no_place(raster: Raster, folder: Path) -> Path:
    with pytest.warns(NotGeoreferencedWarning):
        return written(folder, raster, transform=Affine.identity())


@ways.way("raster_without_place")
def a_place_by_world_file(raster: Raster, folder: Path) -> Path:
    no_place(raster, folder)
    place = raster.transform
    numbers = (place.a, 0, 0, place.e, place.c + place.a / 2, place.f + place.e / 2)
    (folder / "a.tfw").write_text("\n".join(map(str, numbers)))
    return folder


@ways.way("raster_without_place")
def control_points_only(raster: Raster, folder: Path) -> Path:
    rows, cols = raster.pixels.shape
    no_place(raster, folder)
    corners = [(0, 0), (0, cols), (rows, 0)]
    places = [raster.transform @ (col, row, 1) for row, col in corners]
    points = [GroundControlPoint(row, col, place[0], place[1])
              for (row, col), place in zip(corners, places, strict=True)]  # fmt: skip
    with rasterio.open(folder / "a.tif", "r+") as out:
        out.gcps = (points, out.crs)
    return described(folder, raster, "a.tif")


@ways.way("crs_differs")
def crs_of_another_zone(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, crs="EPSG:32648")


@ways.way("crs_differs")
def on_the_old_datum(raster: Raster, folder: Path) -> Path:
    return written(folder, raster, crs="EPSG:24047")


@ways.way("layer_unreadable")
def cut_short(raster: Raster, folder: Path) -> Path:
    written(folder, raster)
    content = (folder / "a.tif").read_bytes()
    (folder / "a.tif").write_bytes(content[: len(content) // 2])
    return described(folder, raster, "a.tif")


@ways.way("layer_unreadable", "raster_format")
def as_vrt(raster: Raster, folder: Path) -> Path:
    from rasterio.shutil import copy

    written(folder, raster, name="plain.tif")
    copy(folder / "plain.tif", folder / "a.vrt", driver="VRT")
    return described(folder, raster, "a.vrt")


OUTCOMES: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module", autouse=True)
def _table() -> Iterator[None]:
    yield
    sys.stdout.write(f"\n{as_table(OUTCOMES)}\n")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[np.ndarray]]:
    return {r.id: read(written(tmp_path_factory.mktemp("plain"), r)) for r in bundled()}


@pytest.mark.parametrize("way", list(ways), ids=lambda way: way.name)
def test_the_same_values_or_a_refusal(
    way: Way, tmp_path: Path, expected: dict[str, list[np.ndarray]]
) -> None:
    for number, raster in enumerate(bundled()):
        folder = tmp_path / str(number)
        folder.mkdir()

        def differences(found: list[np.ndarray], id: str = raster.id) -> str | None:
            for was, now in zip(expected[id], found, strict=True):
                # Sums of four shares may differ in their last bit of float32.
                if not np.allclose(now, was, rtol=3e-7, atol=1e-6, equal_nan=True):
                    return f"{id}: {np.count_nonzero(now != was)} of {was.size} values differ"
            return None

        OUTCOMES[raster.id, way.name] = outcome(way, raster, folder, read, differences)


def test_what_is_expected_are_the_pixels_themselves(
    expected: dict[str, list[np.ndarray]],
) -> None:
    raster = next(r for r in bundled() if r.id == "elevation, nearest")
    with rasterio.open(LAYERS / raster.entry["path"]) as source:
        x, y = np.meshgrid(GRID.x, GRID.y)
        pixels = source.read(1)
        rows, cols = rasterio.transform.rowcol(source.transform, x.ravel(), y.ravel())
    found = expected[raster.id][0].ravel()
    known = ~np.isnan(found)
    assert known.any()
    assert (found[known] == pixels[rows, cols][known]).all()


def test_a_raster_turned_by_any_angle_is_read_by_hand(tmp_path: Path) -> None:
    raster = bundled()[0]
    # Four pixels of 1 km turned by 30 degrees about their common corner.
    turned = (
        Affine.translation(580_000, 2_020_000) @ Affine.rotation(30) @ Affine.scale(1000, -1000)
    )
    turned = turned @ Affine.translation(-1, -1)
    pixels = np.array([[1, 2], [3, 4]], dtype=np.int16)
    folder = written(tmp_path, raster, pixels, transform=turned, nodata=-1,
                     told={"resampling": "nearest"})  # fmt: skip
    # 707 m from the corner, along the diagonals of the pixels: 135, 45, -135, -45 degrees and 30.
    angles = np.radians(np.array([135.0, 45.0, -135.0, -45.0]) + 30)
    points = np.column_stack([580_000 + 707 * np.cos(angles), 2_020_000 + 707 * np.sin(angles)])
    require_sound(read_catalog(folder), ["it"])
    found = Layers(read_catalog(folder)).numbers_at("it", points, UTM)
    assert found.tolist() == [1, 2, 3, 4]
    far = Layers(read_catalog(folder)).numbers_at("it", np.array([[582_000.0, 2_020_000.0]]), UTM)
    assert np.isnan(far).all()


def test_a_window_of_a_turned_raster_has_the_cells_of_the_whole(tmp_path: Path) -> None:
    raster = bundled()[0]
    turned = raster.transform @ Affine.rotation(20)
    layers = Layers(read_catalog(written(tmp_path, raster, transform=turned)))
    whole = layers.numbers("it", GRID)
    rows, cols = slice(20, 33), slice(40, 77)
    part = Grid(UTM, GRID.cell_m, GRID.col0 + 40, GRID.row0 + 20, 13, 37)
    assert np.isfinite(whole[rows, cols]).any()
    assert np.array_equal(layers.numbers("it", part), whole[rows, cols], equal_nan=True)


def mean_by_hand(raster: Raster, west: float, north: float, side: float) -> float:
    """Average pixels over a square by the area they share with it, one after another."""
    total = area = 0.0
    step = raster.transform.a
    for row, col in zip(*np.nonzero(raster.known), strict=True):
        left, top = raster.transform.c + col * step, raster.transform.f - row * step
        wide = min(left + step, west + side) - max(left, west)
        high = min(top, north) - max(top - step, north - side)
        if wide > 0 and high > 0:
            total += wide * high * float(raster.pixels[row, col])
            area += wide * high
    return total / area if area else float("nan")


def test_averages_are_those_of_shared_areas(tmp_path: Path) -> None:
    raster = next(r for r in bundled() if r.id == "elevation, averaged")
    layers = Layers(read_catalog(written(tmp_path, raster)))
    for grid in (GRID, BY_THE_EDGE):
        found = layers.numbers("it", grid)
        for row, col in ((0, 0), (7, 30), (31, 6), (50, 49)):
            west, north = grid.x[col] - 350, grid.y[row] + 350
            by_hand = mean_by_hand(raster, west, north, 700.0)
            assert found[row, col] == pytest.approx(by_hand, rel=1e-6, nan_ok=True)


def test_averages_of_a_finer_raster_in_degrees_are_near(tmp_path: Path) -> None:
    raster = next(r for r in bundled() if r.id == "elevation, averaged")
    # A plane in degrees, in pixels of some 55 m: its mean over a cell is its value at the centre.
    step = 0.0005
    rows, cols = np.mgrid[0:400, 0:400]
    plane = (cols * 2.0 + rows * 3.0).astype(np.float32)
    folder = written(tmp_path, raster, plane, nodata=-1.0, crs="EPSG:4326", told={"crs":
                     "EPSG:4326"}, transform=Affine(step, 0, 99.6, 0, -step, 18.4))  # fmt: skip
    grid = Grid.covering((580_000, 2_020_000, 583_000, 2_022_000), crs=UTM, cell_m=500)
    layers = Layers(read_catalog(folder))
    found = layers.numbers("it", grid)
    x, y = np.meshgrid(grid.x, grid.y)
    lon, lat = transformer_between(UTM, "EPSG:4326").transform(x, y)
    expected = ((lon - 99.6) / step - 0.5) * 2 + ((18.4 - lat) / step - 0.5) * 3
    # Points at half a pixel tell shares to a quarter: 1 % of the 47 the plane rises in a cell.
    assert np.abs(found - expected).max() < 0.5
    part = Grid(UTM, 500, grid.col0 + 2, grid.row0 + 1, 2, 3)
    assert np.array_equal(layers.numbers("it", part), found[1:3, 2:5])


def test_averages_of_a_fine_raster_are_read_in_small_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pixels of 10 m under cells of 500 m: 2,500 of them a cell, and no more than asked at once."""
    raster = next(r for r in bundled() if r.id == "elevation, averaged")
    pixels = np.random.default_rng(1).uniform(0, 900, (1000, 600)).astype(np.float32)
    place = Affine(10, 0, 580_000, 0, -10, 2_030_000)
    layers = Layers(read_catalog(written(tmp_path, raster, pixels, nodata=-1.0, transform=place)))
    grid = Grid.covering((580_000, 2_020_000, 586_000, 2_030_000), crs=UTM, cell_m=500)
    whole = layers.numbers("it", grid)
    read: list[int] = []

    def noted(source: Any, band: int, window: Any) -> Any:
        read.append(int(window.width * window.height))
        return read_numbers(source, band, window)

    monkeypatch.setattr(resample, "_BLOCK_CELLS", 60_000)
    monkeypatch.setattr(resample, "read_numbers", noted)
    assert np.array_equal(layers.numbers("it", grid), whole)
    # Two rows of cells, and a pixel on each side.
    assert max(read) <= 602 * 102
    mean = pixels.reshape(20, 50, 12, 50).mean(axis=(1, 3), dtype=np.float64)
    assert np.abs(whole - mean).max() < 1e-3
