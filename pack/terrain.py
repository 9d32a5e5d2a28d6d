"""
Elevation and slope of the screening pack, on 500 m cells.

The heights are those of the Shuttle Radar Topography Mission (February 2000), thinned to 0.005
degree. How wrong they are is measured where heights of another origin exist: along the Northern
Line. The error of the slope is measured the same way and grows with the slope; whoever scores slope
widens it by that error, because at 500 m a bare number would be read as the slope of a site.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.ndimage import map_coordinates

from maemoh_gis import files
from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.grid import Grid
from pack.known_points import province_outline
from pack.traces import METRES

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.core.grid import Bounds
    from maemoh_gis.core.types import FloatArray, IntArray

CELL_M = 500.0
MARGIN_M = 15_000.0
UNKNOWN_M = -32768
UNKNOWN_PERCENT = 255
INTERVAL_SIGMAS = 1.645
"""Half width of the slope's interval in standard errors: 90 % of a normal error."""

_RAIL_STEP_M = 250.0
# The last two classes hold few points on the railway; they are joined so that each has at least 20.
_SLOPE_CLASSES = (0.0, 1.0, 2.0, 4.0, 8.0, 100.0)


@dataclass(frozen=True)
class RailHeights:
    """Ground heights along the railway, an origin independent of the radar."""

    x: FloatArray
    """Vertices in EPSG:32647, metres."""
    y: FloatArray
    height_m: FloatArray

    def every(self, step_m: float) -> RailHeights:
        """Give the same line at equal steps of its length."""
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(self.x), np.diff(self.y)))])
        at = np.arange(0.0, along[-1], step_m)
        return RailHeights(
            np.interp(at, along, self.x),
            np.interp(at, along, self.y),
            np.interp(at, along, self.height_m),
        )


@dataclass(frozen=True)
class SlopeError:
    """Standard error of the slope, growing with the slope itself."""

    base_percent: float
    """Standard error on level ground, percent of slope."""
    share: float
    """What each percent of slope adds to it."""

    def sigma(self, slope_percent: FloatArray) -> FloatArray:
        """Give the standard error in percent of slope, same shape."""
        return self.base_percent + self.share * slope_percent


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write elevation and slope.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        The layers folder.

    Returns
    -------
    dict
        Measured accuracy by layer id, then by measure.
    """
    source = sources / "reference" / "elevation_0p005deg.tif"
    grid = pack_grid(province_outline(sources).bounds, _reach(source))
    heights = _read_heights(source, grid)
    rail = rail_heights(sources)
    slope = whole_percent(horn_slope(np.where(heights == UNKNOWN_M, np.nan, heights), grid.cell_m))
    _write(out / "elevation.tif", heights, grid, UNKNOWN_M, "m")
    _write(out / "slope.tif", slope, grid, UNKNOWN_PERCENT, "percent")
    return {
        "elevation": measure_heights(heights, rail, grid),
        "slope": measure_slope(heights, slope, rail, grid),
    }


def pack_grid(province: Bounds, reach: Bounds) -> Grid:
    """
    Lay the grid over the province and a margin, as far as the source reaches.

    Parameters
    ----------
    province, reach : tuple of float
        West, south, east, north in EPSG:32647, metres: of the province, and of the ground on which
        the source has heights.

    Returns
    -------
    Grid
        500 m cells in EPSG:32647, every one of them inside `reach`.
    """
    wide = Grid.covering(province, crs=METRES, cell_m=CELL_M, pad_m=MARGIN_M).bounds
    west, south = (max(w, r) for w, r in zip(wide[:2], reach[:2], strict=True))
    east, north = (min(w, r) for w, r in zip(wide[2:], reach[2:], strict=True))
    inside = (
        math.ceil(west / CELL_M) * CELL_M,
        math.ceil(south / CELL_M) * CELL_M,
        math.floor(east / CELL_M) * CELL_M,
        math.floor(north / CELL_M) * CELL_M,
    )
    return Grid.covering(inside, crs=METRES, cell_m=CELL_M)


def horn_slope(heights_m: FloatArray, cell_m: float) -> FloatArray:
    """
    Measure the slope of the ground from the eight neighbours of each cell.

    Parameters
    ----------
    heights_m : float array (rows, cols), m
        Heights; NaN where unknown.
    cell_m : float
        Side of a cell, metres.

    Returns
    -------
    slope : float array (rows, cols), percent
        NaN on the outermost cells, and on and beside unknown heights.

    References
    ----------
    Horn, B. K. P. (1981). Hill shading and the reflectance map. Proceedings of the IEEE 69, 14-47.

    Examples
    --------
    >>> plane = np.array([[0.0, 5.0, 10.0]] * 3)
    >>> float(horn_slope(plane, cell_m=500.0)[1, 1])
    1.0
    """
    z = np.asarray(heights_m, dtype=np.float64)
    columns = z[:-2] + 2 * z[1:-1] + z[2:]
    rows = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
    eastward = columns[:, 2:] - columns[:, :-2]
    northward = rows[:-2] - rows[2:]
    slope = np.full(z.shape, np.nan)
    slope[1:-1, 1:-1] = 100.0 * np.hypot(eastward, northward) / (8 * cell_m)
    # The method does not look at the cell itself, so its own gap must be carried over.
    slope[np.isnan(z)] = np.nan
    return slope


def whole_percent(slope_percent: FloatArray) -> IntArray:
    """
    Round slope to whole percent, far below its error even on level ground.

    Parameters
    ----------
    slope_percent : float array (rows, cols)
        NaN where unknown.

    Returns
    -------
    uint8 array (rows, cols), percent
        `UNKNOWN_PERCENT` where unknown.
    """
    known = np.clip(np.round(slope_percent), 0, UNKNOWN_PERCENT - 1)
    whole: IntArray = np.where(np.isnan(slope_percent), UNKNOWN_PERCENT, known).astype(np.uint8)
    return whole


def rail_heights(sources: Path) -> RailHeights:
    """Read the ground heights along the Northern Line (vertices with a third coordinate, m)."""
    line = files.read_vector(
        sources / "reference" / "northern_line_denchai_maetannoi.geojson"
    ).geometry[0]
    lon, lat, height = shapely.get_coordinates(line, include_z=True).T
    x, y = transformer_between("EPSG:4326", METRES).transform(lon, lat)
    return RailHeights(np.asarray(x), np.asarray(y), height)


def measure_heights(heights_m: IntArray, rail: RailHeights, grid: Grid) -> dict[str, float | int]:
    """
    Compare the raster, read between cell centres, with the heights along the railway.

    Parameters
    ----------
    heights_m : int array (rows, cols), m
        The elevation layer.
    rail : RailHeights
        Heights to compare with.
    grid : Grid
        Grid of `heights_m`.

    Returns
    -------
    dict
        `rmse_m`, `bias_m` (raster minus railway), `p90_m` (nine in ten differ by less), `points`.
    """
    difference = height_at(heights_m, rail.x, rail.y, grid) - rail.height_m
    return {
        "rmse_m": round(float(np.sqrt(np.mean(difference**2))), 1),
        "bias_m": round(float(difference.mean()), 1),
        "p90_m": round(float(np.percentile(np.abs(difference), 90)), 1),
        "points": len(difference),
    }


def height_at(heights_m: IntArray, x: FloatArray, y: FloatArray, grid: Grid) -> FloatArray:
    """Read heights (rows, cols) between cell centres at x, y in the grid's CRS, metres."""
    rows = -y / grid.cell_m - grid.row0 - 0.5
    cols = x / grid.cell_m - grid.col0 - 0.5
    at: FloatArray = map_coordinates(heights_m.astype(np.float64), [rows, cols], order=1)
    return at


def measure_slope_error(
    heights_m: IntArray, slope_percent: IntArray, rail: RailHeights, grid: Grid
) -> SlopeError:
    """
    Fit how wrong the slope is, from the rise along the railway between points one cell apart.

    The raster's rise less the railway's is an error of slope in one direction. Its spread grows
    with the slope, so it is measured in classes of slope and a straight line is laid through them,
    each class weighing as many points as it has.

    Parameters
    ----------
    heights_m : int array (rows, cols), m
        The elevation layer.
    slope_percent : uint8 array (rows, cols)
        The slope layer made from it.
    rail : RailHeights
        Heights to compare with.
    grid : Grid
        Grid of both arrays.

    Returns
    -------
    SlopeError
        Base and share, rounded to 0.05 because the railway does not tell more.
    """
    slope, wrong = _grade_errors(heights_m, slope_percent, rail, grid)
    classes = np.digitize(slope, _SLOPE_CLASSES)
    middles, spreads, counts = [], [], []
    for number in np.unique(classes):
        of_class = classes == number
        middles.append(slope[of_class].mean())
        spreads.append(wrong[of_class].std())
        counts.append(of_class.sum())
    share, base = np.polyfit(middles, spreads, 1, w=np.sqrt(counts))
    return SlopeError(round(max(base, 0.0) * 20) / 20, round(share * 20) / 20)


def measure_slope(
    heights_m: IntArray, slope_percent: IntArray, rail: RailHeights, grid: Grid
) -> dict[str, float | int]:
    """
    Say how far the slope is to be trusted.

    Parameters
    ----------
    heights_m : int array (rows, cols), m
        The elevation layer.
    slope_percent : uint8 array (rows, cols)
        The slope layer.
    rail : RailHeights
        Heights to compare with.
    grid : Grid
        Grid of both arrays.

    Returns
    -------
    dict
        `slope_sigma_percent` is the standard error over all stretches of railway. Slope by slope it
        is `slope_sigma_base_percent + slope_sigma_share * slope`; `interval_holds_percent` is the
        share of stretches inside 1.645 times that, which 90 % should be.
    """
    error = measure_slope_error(heights_m, slope_percent, rail, grid)
    slope, wrong = _grade_errors(heights_m, slope_percent, rail, grid)
    inside = np.abs(wrong) <= INTERVAL_SIGMAS * error.sigma(slope)
    return {
        "slope_sigma_percent": round(float(wrong.std()), 1),
        "slope_sigma_base_percent": error.base_percent,
        "slope_sigma_share": error.share,
        "interval_holds_percent": round(100.0 * float(inside.mean())),
        "stretches": len(wrong),
    }


def _grade_errors(
    heights_m: IntArray, slope_percent: IntArray, rail: RailHeights, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    """Give slope of the ground and error of the rise, both percent, for stretches of one cell."""
    even = rail.every(_RAIL_STEP_M)
    lag = round(grid.cell_m / _RAIL_STEP_M)
    raster = height_at(heights_m, even.x, even.y, grid)
    run = np.hypot(even.x[lag:] - even.x[:-lag], even.y[lag:] - even.y[:-lag])
    rise_wrong = (raster - even.height_m)[lag:] - (raster - even.height_m)[:-lag]
    rows = np.floor(-even.y / grid.cell_m - grid.row0).astype(np.int64)
    cols = np.floor(even.x / grid.cell_m - grid.col0).astype(np.int64)
    at = slope_percent[rows, cols].astype(np.float64)
    return (at[lag:] + at[:-lag]) / 2, 100.0 * rise_wrong / run


def _write(path: Path, values: IntArray, grid: Grid, unknown: int, unit: str) -> None:
    files.write_raster(path, {path.stem: values}, grid, nodata=unknown, tags={"unit": unit})


def _reach(source: Path) -> Bounds:
    """Give the largest upright box in EPSG:32647 inside a source in degrees, metres."""
    with files.open_raster(source) as dataset:
        west, south, east, north = dataset.bounds
        half = dataset.res[0] / 2
    # Half a cell inwards: between the outermost centres and the edge nothing can be interpolated.
    to_metres = transformer_between("EPSG:4326", METRES)
    edge = np.linspace(0.0, 1.0, 101)
    lons = west + half + edge * (east - west - 2 * half)
    lats = south + half + edge * (north - south - 2 * half)
    return (
        float(to_metres.transform(np.full(101, lons[0]), lats)[0].max()),
        float(to_metres.transform(lons, np.full(101, lats[0]))[1].max()),
        float(to_metres.transform(np.full(101, lons[-1]), lats)[0].min()),
        float(to_metres.transform(lons, np.full(101, lats[-1]))[1].min()),
    )


def _read_heights(source: Path, grid: Grid) -> IntArray:
    """Read heights (rows, cols), m, as int16 on `grid`, `UNKNOWN_M` where there are none."""
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT

    # Without the tolerance GDAL places cells by an approximation; on a raster this coarse that
    # moved heights by up to 35 m.
    with (
        files.open_raster(source) as dataset,
        WarpedVRT(
            dataset,
            crs=grid.crs,
            transform=grid.transform,
            width=grid.cols,
            height=grid.rows,
            resampling=Resampling.bilinear,
            tolerance=1e-9,
            nodata=UNKNOWN_M,
        ) as aligned,
    ):
        heights: Any = aligned.read(1)
    found: IntArray = heights.astype(np.int16)
    return found
