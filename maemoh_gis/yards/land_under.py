"""What lies beneath rectangles beside the line, on fine cells cut out of a coarser grid."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.yards.kernels import stretch_starts, sums_beneath

# Scores are summed in millionths as whole numbers: the mean is the same in every window.
_MILLION = 1_000_000
# Longest side of the land cut out at once, in metres beyond which a new stretch begins.
_STRETCH_M = 5_000.0


@dataclass(frozen=True)
class YardLand:
    """Land beside the line, arrays (rows, cols) on `grid`."""

    grid: Grid
    usable: BoolArray
    """Land a yard may stand on: allowed, and conditional where the use takes it."""
    score: FloatArray
    """Suitability 0 to 1; NaN is unknown, so that usable land is not known to be usable."""
    conditional: BoolArray | None = None
    """Land that needs a permit."""
    unknown: BoolArray | None = None
    """Land of which nobody can say whether a yard may stand on it."""
    greatest: FloatArray | None = None
    """Greatest score the facts allow; the score itself if not given, NaN may be anything."""


@dataclass(frozen=True)
class ZonalSums:
    """What lies beneath each rectangle, arrays (n,)."""

    cells: IntArray
    """Cells whose centre is inside."""
    unusable: IntArray
    """Cells that are not usable, not known, or outside the grid."""
    refused: IntArray
    """Those of them that are certainly not usable, or outside the grid."""
    mean_score: FloatArray
    """Mean score of all cells; what is not usable counts 0."""
    greatest_mean: FloatArray
    """Greatest mean score the facts allow; what is not known to be unusable may be worth 1."""
    conditional_share: FloatArray
    """Share of cells that need a permit."""


def zonal_sums(land: YardLand, rectangles: FloatArray, cell_m: float) -> ZonalSums:
    """
    Read the land beneath rectangles.

    Parameters
    ----------
    land : YardLand
        The land.
    rectangles : float64 array (n, 6), m
        See `yard_shapes.beside`; neighbours in the array should be neighbours on the ground.
    cell_m : float
        Side of the fine cells; land on coarser cells is read by the nearest, so a cell counts by
        the share of it that lies beneath.
    """
    sums = np.zeros((len(rectangles), 6), dtype=np.int64)
    fine_m = min(cell_m, land.grid.cell_m)

    def read(stretch: slice) -> None:
        part = rectangles[stretch]
        grid = Grid.covering(_bounds(part), crs=land.grid.crs, cell_m=fine_m, pad_m=fine_m)
        west, _, _, north = grid.bounds
        sums[stretch] = sums_beneath(part, _fine_sums(land, grid), west, north, fine_m)

    stretches = _stretches(rectangles)
    if len(stretches) > 1:
        with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
            list(pool.map(read, stretches))
    elif stretches:
        read(stretches[0])  # Most questions; threads would take longer to begin than it takes.
    cells = np.maximum(sums[:, 0], 1)
    return ZonalSums(
        cells=sums[:, 0],
        # A rectangle too thin to hold a cell centre is not proven usable.
        unusable=np.where(sums[:, 0] > 0, sums[:, 1], 1),
        refused=sums[:, 4],
        mean_score=sums[:, 2] / cells / _MILLION,
        greatest_mean=sums[:, 5] / cells / _MILLION,
        conditional_share=sums[:, 3] / cells,
    )


def _fine_sums(land: YardLand, grid: Grid) -> np.ndarray:
    """
    Bring unusable, score, conditional, refused and greatest score onto a fine grid.

    They come as running sums (5, rows, cols + 1).
    """
    rows = np.floor(-grid.y / land.grid.cell_m).astype(np.int64) - land.grid.row0
    cols = np.floor(grid.x / land.grid.cell_m).astype(np.int64) - land.grid.col0
    counted = _counted(land, np.arange(rows[0], rows[-1] + 1), np.arange(cols[0], cols[-1] + 1))
    sums = np.zeros((len(counted), grid.rows, grid.cols + 1), dtype=np.int64)
    # Summed along the coarse rows, which are fewer, and then given to all fine ones.
    along = np.cumsum(counted[:, :, cols - cols[0]], axis=2)
    np.take(along, rows - rows[0], axis=1, out=sums[:, :, 1:])
    return sums


def _counted(land: YardLand, rows: IntArray, cols: IntArray) -> np.ndarray:
    """Give what is summed of cells of the land, int64 (5, rows, cols); outside all is refused."""
    inside = np.outer((rows >= 0) & (rows < land.grid.rows), (cols >= 0) & (cols < land.grid.cols))
    at = np.ix_(rows.clip(0, land.grid.rows - 1), cols.clip(0, land.grid.cols - 1))
    score = land.score[at]
    usable = land.usable[at] & inside & ~np.isnan(score)
    unknown = land.usable[at] & inside & np.isnan(score)
    if land.unknown is not None:
        unknown |= land.unknown[at] & inside & ~usable
    millionths = np.where(usable, _millionths(score, 0.0), 0.0)
    most = _millionths(score if land.greatest is None else land.greatest[at], 1.0)
    greatest = np.where(usable, most, np.where(unknown, float(_MILLION), 0.0))
    permit = np.zeros_like(usable) if land.conditional is None else land.conditional[at] & inside
    return np.stack((~usable, millionths, permit, ~usable & ~unknown, greatest)).astype(np.int64)


def _millionths(score: FloatArray, unknown: float) -> FloatArray:
    return np.asarray(np.round(np.nan_to_num(score, nan=unknown) * float(_MILLION)))


def _stretches(rectangles: FloatArray) -> list[slice]:
    """Cut the rectangles, in their order, into runs of neighbours."""
    cuts = stretch_starts(rectangles, _STRETCH_M).tolist()
    return [slice(a, b) for a, b in zip(cuts, [*cuts[1:], len(rectangles)], strict=True) if a < b]


def _bounds(rectangles: FloatArray) -> tuple[float, float, float, float]:
    reach = np.hypot(rectangles[:, 4], rectangles[:, 5])
    return (
        float((rectangles[:, 0] - reach).min()),
        float((rectangles[:, 1] - reach).min()),
        float((rectangles[:, 0] + reach).max()),
        float((rectangles[:, 1] + reach).max()),
    )
