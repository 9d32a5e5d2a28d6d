"""
Smaller copies of a raster, for whoever looks at it from afar.

GDAL makes them too, but holds the interpreter meanwhile and takes some ten times as long for means
of cells of which some are unknown. Each lies in a file beside the larger one, with `.ovr` after its
name, as GDAL looks for them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.files.scratch import BLOCK_CELLS

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray


def write_overviews(place: str, halvings: int, *, categorical: bool) -> None:
    """Write copies of half the size, of a quarter and so on."""
    import rasterio
    from rasterio.windows import Window

    for _ in range(halvings):
        with rasterio.open(place) as larger:
            rows, cols = -(-larger.height // 2), -(-larger.width // 2)
            step = max(BLOCK_CELLS // larger.width // 2, 1)
            profile = {**larger.profile, "height": rows, "width": cols,
                       "transform": _twice(larger.transform)}  # fmt: skip
            place += ".ovr"
            with rasterio.open(place, "w", **profile) as smaller:
                for row in range(0, rows, step):
                    deep = min(2 * step, larger.height - 2 * row)
                    cells = larger.read(window=Window(0, 2 * row, larger.width, deep))
                    found = halved(cells, larger.nodata, categorical=categorical)
                    smaller.write(found, window=Window(0, row, cols, found.shape[1]))


def _twice(transform: Affine) -> Affine:
    """Give the transform of cells twice as wide and high from the same corner."""
    from affine import Affine

    a, b, c, d, e, f = tuple(transform)[:6]
    return Affine(2 * a, 2 * b, c, 2 * d, 2 * e, f)


def halved(cells: NDArray[Any], nodata: float | None, *, categorical: bool = False) -> NDArray[Any]:
    """
    Put four cells together to one.

    Parameters
    ----------
    cells : array (bands, rows, cols)
        Numbers or codes. At an odd edge two cells or one are put together.
    nodata : float or None
        Value that means unknown.
    categorical : bool
        Take the north-western cell, as a mean of codes is none. Else the mean of the cells that
        are known, whole where the type is.

    Returns
    -------
    array (bands, half the rows, half the cols)
        Of the same type.
    """
    if categorical:
        return cells[:, ::2, ::2]
    bands, rows, cols = cells.shape
    out = np.empty((bands, -(-rows // 2), -(-cols // 2)), cells.dtype)
    whole = np.issubdtype(cells.dtype, np.integer)
    _means(cells, math.nan if nodata is None else float(nodata), whole, out)
    return out


@kernel()
def _means(
    cells: NDArray[Any],
    nodata: float,
    whole: bool,  # noqa: FBT001
    out: NDArray[Any],
) -> None:
    """Put the mean of up to four known cells in one; nodata where none is known."""
    bands, rows, cols = cells.shape
    for band in range(bands):
        for row in range(out.shape[1]):
            for col in range(out.shape[2]):
                total, known, some = 0.0, 0, nodata
                for y in range(2 * row, min(2 * row + 2, rows)):
                    for x in range(2 * col, min(2 * col + 2, cols)):
                        value = float(cells[band, y, x])
                        if value != nodata and not math.isnan(value):
                            total += value
                            known += 1
                if known > 0:
                    some = total / known
                out[band, row, col] = np.rint(some) if whole else some
