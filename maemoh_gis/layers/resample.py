"""
Reading a raster at the centres of a grid's cells, or its mean in them, the same in every window.

GDAL's warper approximates positions and works through the output in chunks, so a cell's value could
depend on the window it was asked for with. Here every place is taken to the source's own pixel
coordinates by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from maemoh_gis.core.crs import parsed, shifted_between, transformer_between
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.files import read_numbers

if TYPE_CHECKING:
    from rasterio.io import DatasetReader
    from scipy.sparse import csr_array

    from maemoh_gis.core.grid import Grid

Method = Literal["nearest", "bilinear"]

# Cells or points whose positions are worked out at once: bounds memory, and as much as a
# processor keeps at hand is quickest; changes no result.
_BLOCK_CELLS = 250_000
# Points a side of a cell at which a raster that lies askew is averaged.
_FEWEST_POINTS, _MOST_POINTS = 4, 32


@dataclass(frozen=True)
class Band:
    """A band of an open raster and where it lies."""

    source: DatasetReader
    """Open raster; north up, south up or turned."""
    crs: str
    """Its CRS, by the catalog."""
    number: int = 1
    """Which band, counted from 1."""
    operation: str | None = None
    """Way from its datum to WGS 84, where it is on an old one."""
    slope: bool = False
    """Whether it holds heights of which the slope is wanted, in percent."""

    def lies_on(self, crs: str) -> bool:
        """Say whether its pixels are counted in the same metres as a CRS."""
        return self.operation is None and parsed(self.crs) == parsed(crs)

    def pixels_at(self, x: FloatArray, y: FloatArray, crs: str) -> tuple[FloatArray, FloatArray]:
        """
        Give the pixel coordinates of places: whole numbers are pixel edges.

        Where the raster `lies_on` the CRS, x may be a row and y a column.
        """
        if self.operation is not None:
            x, y = shifted_between(self.crs, crs, self.operation, back=True)(x, y)
        elif not self.lies_on(crs):
            x, y = transformer_between(crs, self.crs).transform(x, y)
        affine = self.source.transform
        if affine.b == affine.d == 0:
            return (x - affine.c) / affine.a, (y - affine.f) / affine.e
        back = ~affine
        return back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f


def sample(band: Band, grid: Grid, method: Method) -> FloatArray:
    """
    Read a raster at the centres of a grid's cells.

    Parameters
    ----------
    band : Band
        What to read.
    grid : Grid
        Cells to read at.
    method : {"nearest", "bilinear"}
        `nearest` takes the pixel the centre lies in; `bilinear` weighs the four nearest pixel
        centres, leaving out those without data.

    Returns
    -------
    values : float64 array (rows, cols)
        NaN where the pixel a centre lies in has no data, or outside the raster.
    """
    result = np.full(grid.shape, np.nan)
    step = max(_BLOCK_CELLS // grid.cols, 1)
    for top in range(0, grid.rows, step):
        rows = slice(top, min(top + step, grid.rows))
        x, y = np.meshgrid(grid.x, grid.y[rows], sparse=band.lies_on(grid.crs))
        result[rows] = _read_at(band, *band.pixels_at(x, y, grid.crs), method)
    return result


def sample_points(band: Band, xy: FloatArray, crs: str, method: Method) -> FloatArray:
    """
    Read a raster at points (n, 2) of a CRS, float64 (n,); methods as in `sample`.

    NaN where the pixel a point lies in has no data, or outside the raster.
    """
    if len(xy) == 0:
        return np.empty(0)
    blocks = (xy[at : at + _BLOCK_CELLS].T for at in range(0, len(xy), _BLOCK_CELLS))
    return np.concatenate([_read_at(band, *band.pixels_at(x, y, crs), method) for x, y in blocks])


def averaged(band: Band, grid: Grid) -> FloatArray:
    """
    Average a finer raster over a grid's cells.

    Returns
    -------
    values : float64 array (rows, cols)
        Mean of what is known in each cell, weighted by overlap; NaN where nothing is. Where the
        pixels lie along the grid the overlaps are exact, elsewhere they are counted at points.

    Notes
    -----
    GDAL's warper knows or does not know the cells across a raster's edge, whichever way round the
    raster is written, and its default moves elevation by up to 35 m.
    """
    return _in_cells(band, grid, mean=True)


def known_shares(band: Band, grid: Grid) -> FloatArray:
    """
    Measure how much of each cell of a grid a raster knows.

    Returns
    -------
    shares : float64 array (rows, cols)
        Share of the cell's area that lies on pixels with data, 0 outside the raster; exact or
        counted at points as in `averaged`.
    """
    return _in_cells(band, grid, mean=False)


def _in_cells(band: Band, grid: Grid, *, mean: bool) -> FloatArray:
    """Give the mean of the known pixels in each cell, or the share of the cell they fill."""
    found = np.empty(grid.shape)
    back = ~band.source.transform
    along = parsed(band.crs) == parsed(grid.crs) and (
        back.b == back.d == 0 or back.a == back.e == 0
    )
    each = 1 if along else _points_a_side(band, grid)
    # Beneath a cell lie as many pixels as its area holds, and they are read for all of a block.
    pixels = grid.cell_area_m2 * abs(back.determinant) if along else each
    step = max(int(_BLOCK_CELLS / (grid.cols * max(pixels, 1))), 1)
    for top in range(0, grid.rows, step):
        rows = slice(top, min(top + step, grid.rows))
        # Edges counted from the CRS origin, so that those of two windows are one number.
        x = np.arange(grid.col0, grid.col0 + grid.cols + 1) * grid.cell_m
        y = -np.arange(grid.row0 + rows.start, grid.row0 + rows.stop + 1) * grid.cell_m
        if along:
            found[rows] = _overlaps(band, x, y, mean=mean)
        else:
            east, north = np.meshgrid(x, y)
            corners = band.pixels_at(east, north, grid.crs)
            found[rows] = _counted(band, *corners, each, mean=mean)
    return found


def _overlaps(band: Band, x: FloatArray, y: FloatArray, *, mean: bool) -> FloatArray:
    """Look into cells between edges, by the share of each pixel's side in each cell's."""
    back = ~band.source.transform
    turned = back.a == 0
    across = (back.b * y if turned else back.a * x) + back.c
    down = (back.d * x if turned else back.e * y) + back.f
    values, col0, row0 = _window(band, across, down)
    if values.size == 0:
        return np.full((len(y) - 1, len(x) - 1), np.nan if mean else 0.0)
    beside = _sides(across - col0, values.shape[1])
    below = _sides(down - row0, values.shape[0])
    known = ~np.isnan(values)
    weight = beside @ (below @ known.astype(np.float64)).T
    if mean:
        total = beside @ (below @ np.where(known, values, 0.0)).T
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.where(weight > 0, total / weight, np.nan)
    else:
        found = weight / np.abs(np.outer(np.diff(across), np.diff(down)))
    return np.asarray(found if turned else found.T)


def _sides(edges: FloatArray, count: int) -> csr_array:
    """Give how much of each of `count` pixels lies between neighbouring edges."""
    from scipy.sparse import csr_array

    low, high = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
    widest = int(np.ceil((high - low).max())) + 1
    pixel = np.floor(low).astype(int)[:, np.newaxis] + np.arange(widest)
    shared = np.minimum(high[:, np.newaxis], pixel + 1) - np.maximum(low[:, np.newaxis], pixel)
    row = np.repeat(np.arange(len(low)), widest).reshape(pixel.shape)
    inside = (shared > 0) & (pixel >= 0) & (pixel < count)
    return csr_array((shared[inside], (row[inside], pixel[inside])), (len(low), count))


def _points_a_side(band: Band, grid: Grid) -> int:
    """Give how many points of a cell's side are read: two for each pixel, by the raster's own
    middle, so that it is one number for every window.
    """
    source = band.source
    middle, beside = (
        source.xy(source.height // 2, source.width // 2),
        source.xy(source.height // 2, source.width // 2 + 1),
    )
    x, y = np.array([middle, beside], dtype=np.float64).T
    if parsed(band.crs) != parsed(grid.crs):
        x, y = shifted_between(band.crs, grid.crs, band.operation)(x, y)
    pixel_m = float(np.hypot(*(np.diff(x), np.diff(y)))[0])
    wanted = 2 * grid.cell_m / pixel_m if pixel_m > 0 else np.inf
    return int(np.clip(np.ceil(wanted), _FEWEST_POINTS, _MOST_POINTS))


def _counted(
    band: Band, across: FloatArray, down: FloatArray, each: int, *, mean: bool
) -> FloatArray:
    """
    Look into cells at `each` times `each` points, from the pixel coordinates of their corners.

    Between corners a projection bends by less than a millimetre in a cell of 100 m.
    """
    values, col0, row0 = _window(band, across, down)
    values = _rimmed(values)
    total = np.zeros((across.shape[0] - 1, across.shape[1] - 1))
    known = np.zeros(total.shape)
    for low in (np.arange(each) + 0.5) / each:
        for right in (np.arange(each) + 0.5) / each:
            col, row = (
                (corner[:-1, :-1] * (1 - right) + corner[:-1, 1:] * right) * (1 - low)
                + (corner[1:, :-1] * (1 - right) + corner[1:, 1:] * right) * low
                for corner in (across - col0, down - row0)
            )
            found = _pixels(values, *_whole(row, col))
            known += ~np.isnan(found)
            total += np.where(np.isnan(found), 0.0, found)
    if not mean:
        return known / each**2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known > 0, total / known, np.nan)


def _read_at(band: Band, across: FloatArray, down: FloatArray, method: Method) -> FloatArray:
    """Read values at pixel coordinates, either of one shape or a row of them and a column."""
    values, col0, row0 = _window(band, across, down)
    across, down, values = across - col0, down - row0, _rimmed(values)
    nearest = _pixels(values, *_whole(down, across))
    return nearest if method == "nearest" else _bilinear(values, across, down, nearest)


def _window(band: Band, across: FloatArray, down: FloatArray) -> tuple[FloatArray, int, int]:
    """Read the smallest part of a raster that holds all pixel coordinates; give its first column
    and row too.
    """
    from rasterio.windows import Window

    source = band.source
    reached = [positions[np.isfinite(positions)] for positions in (across, down)]
    if not all(positions.size for positions in reached):
        return np.empty((0, 0)), 0, 0
    col0, row0 = (int(max(np.floor(p.min()) - 1, 0)) for p in reached)
    col1 = int(min(np.ceil(reached[0].max()) + 1, source.width))
    row1 = int(min(np.ceil(reached[1].max()) + 1, source.height))
    if col0 >= col1 or row0 >= row1:
        return np.empty((0, 0)), 0, 0
    if band.slope:
        return _slopes(band, col0, row0, col1, row1), col0, row0
    window = Window(col0, row0, col1 - col0, row1 - row0)
    return read_numbers(source, band.number, window), col0, row0


def _slopes(band: Band, col0: int, row0: int, col1: int, row1: int) -> FloatArray:
    """
    Measure the slope of pixels from the eight around each.

    Heights of one raster only are set against one another: a step between two models is no slope.
    So the outermost pixels of a raster, and those beside unknown ones, have none of their own, and
    what is read there is the slope of the raster beneath it in a stack (`stacked`), worked out on
    its own pixels in the same way; no ring without a slope is left at the seam.

    Returns
    -------
    slopes : float64 array (rows, cols), percent
        NaN where one of the nine heights is not known.

    References
    ----------
    Horn 1981, Hill Shading and the Reflectance Map, Proceedings of the IEEE 69.
    """
    from rasterio.windows import Window

    source = band.source
    left, top = max(col0 - 1, 0), max(row0 - 1, 0)
    right, low = min(col1 + 1, source.width), min(row1 + 1, source.height)
    read = read_numbers(source, band.number, Window(left, top, right - left, low - top))
    beside = ((top - row0 + 1, row1 + 1 - low), (left - col0 + 1, col1 + 1 - right))
    z = np.pad(read, beside, constant_values=np.nan)
    affine = source.transform
    wide, high = np.hypot(affine.a, affine.d), np.hypot(affine.b, affine.e)
    east, west = z[:, 2:], z[:, :-2]
    across = (east - west)[:-2] + 2 * (east - west)[1:-1] + (east - west)[2:]
    down = (z[2:] - z[:-2])[:, :-2] + 2 * (z[2:] - z[:-2])[:, 1:-1] + (z[2:] - z[:-2])[:, 2:]
    slopes = 100.0 * np.hypot(across / (8 * wide), down / (8 * high))
    return np.where(np.isnan(z[1:-1, 1:-1]), np.nan, slopes)


def _whole(rows: FloatArray, cols: FloatArray) -> tuple[IntArray, IntArray]:
    """Give the pixels positions lie in; -1 for those a projection does not reach."""
    row, col = (np.floor(np.where(np.isfinite(p), p, -1.0)).astype(int) for p in (rows, cols))
    return row, col


def _bilinear(
    values: FloatArray, across: FloatArray, down: FloatArray, nearest: FloatArray
) -> FloatArray:
    across, down = (np.where(np.isfinite(p), p, -9.0) for p in (across, down))
    left, top = np.floor(across - 0.5), np.floor(down - 0.5)
    right_share, low_share = across - 0.5 - left, down - 0.5 - top
    total, weight = np.zeros(nearest.shape), np.zeros(nearest.shape)
    for below, share_down in ((0, 1.0 - low_share), (1, low_share)):
        for beside, share_across in ((0, 1.0 - right_share), (1, right_share)):
            pixel = _pixels(values, top.astype(int) + below, left.astype(int) + beside)
            share, unknown = share_down * share_across, np.isnan(pixel)
            pixel[unknown] = share[unknown] = 0.0
            total += share * pixel
            weight += share
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.isnan(nearest), np.nan, total / weight)


def _rimmed(values: FloatArray) -> FloatArray:
    """Put a rim of nothing around pixels, so that a look beyond them finds nothing."""
    return np.pad(values, 1, constant_values=np.nan)


def _pixels(rimmed: FloatArray, rows: IntArray, cols: IntArray) -> FloatArray:
    """Take pixels by index, counted without their rim; NaN outside them."""
    below, beside = (n - 1 for n in rimmed.shape)
    return np.asarray(rimmed[np.clip(rows + 1, 0, below), np.clip(cols + 1, 0, beside)])
