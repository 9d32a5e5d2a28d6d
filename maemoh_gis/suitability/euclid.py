"""
Straight-line distance between cells, exact, for what is known as cells and not as shapes.

Two passes: down and up every column, then along every row the lower envelope of the parabolas that
stand on the columns' distances. Squares of whole cells stay whole, so the result is the same in
every window that holds the cap around it.
"""

from __future__ import annotations

import math

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.compiled import kernel
from maemoh_gis.suitability.bands import in_bands

_FAR = 65_535
_COLUMN_BAND = 1_024


def metres_to_cells(wanted: BoolArray, cell_m: float, cap_m: float = math.inf) -> FloatArray:
    """
    Measure how far each cell centre is from the centre of the nearest wanted cell.

    Parameters
    ----------
    wanted : bool array (rows, cols)
        Cells to measure to, at most 65,534 rows.
    cell_m : float
        Side of a cell in metres.
    cap_m : float
        Distances beyond this are not told apart, in metres.

    Returns
    -------
    distance : float32 array (rows, cols), m
        Infinite beyond `cap_m`; NaN everywhere when no cell is wanted.

    References
    ----------
    A. Meijster, J. Roerdink, W. Hesselink: A general algorithm for computing distance transforms
    in linear time (2000). P. Felzenszwalb, D. Huttenlocher: Distance transforms of sampled
    functions (2012).

    Examples
    --------
    >>> metres_to_cells(np.array([[True, False, False]]), 30.0)
    array([[ 0., 30., 60.]], dtype=float32)
    """
    wanted = np.ascontiguousarray(wanted, dtype=np.bool_)
    rows, cols = wanted.shape
    assert rows < _FAR
    if not wanted.any():
        return np.full(wanted.shape, np.nan, dtype=np.float32)
    above = np.empty(wanted.shape, dtype=np.uint16)
    farthest = _FAR - 1 if cap_m >= (_FAR - 1) * cell_m else int(cap_m // cell_m) + 1
    in_bands(
        lambda left, right: _down_and_up(wanted, above, left, right, farthest),
        cols,
        band=_COLUMN_BAND,
    )
    distance = np.empty(wanted.shape, dtype=np.float32)
    in_bands(lambda top, end: _along_rows(above[top:end], distance[top:end], cell_m, cap_m), rows)
    return distance


@kernel()
def _down_and_up(wanted: BoolArray, gap: IntArray, left: int, right: int, farthest: int) -> None:
    """Set `gap` to the cells up or down to the nearest wanted one; `_FAR` beyond `farthest`."""
    rows = len(wanted)
    for col in range(left, right):
        gap[0, col] = 0 if wanted[0, col] else _FAR
    for row in range(1, rows):
        for col in range(left, right):
            before = gap[row - 1, col]
            one_more = before + 1 if before < farthest else _FAR
            gap[row, col] = 0 if wanted[row, col] else one_more
    for row in range(rows - 2, -1, -1):
        for col in range(left, right):
            after = gap[row + 1, col]
            one_more = after + 1 if after < farthest else _FAR
            gap[row, col] = min(gap[row, col], one_more)


@kernel(error_model="numpy")
def _along_rows(gap: IntArray, distance: FloatArray, cell_m: float, cap_m: float) -> None:
    """Write the root of the lower envelope of the parabolas of each row."""
    rows, cols = gap.shape
    at = np.empty(cols, dtype=np.int64)
    height = np.empty(cols)
    start = np.empty(cols)
    limit = np.float32(cap_m)
    for row in range(rows):
        top = -1
        for col in range(cols):
            if gap[row, col] == _FAR:
                continue
            square = np.float64(gap[row, col]) ** 2
            begin = -1.0
            while top >= 0:
                # Where the new parabola passes below the last one.
                apart = col - at[top]
                begin = 0.5 * ((square - height[top]) / apart + (col + at[top]))
                if begin > start[top]:
                    break
                top -= 1
                begin = -1.0
            if begin >= cols:
                continue
            top += 1
            at[top], height[top], start[top] = col, square, begin
        if top < 0:
            distance[row, :] = np.inf
            continue
        # Each parabola is lowest from where it starts to where the next one does.
        col = 0
        for k in range(top + 1):
            end = cols if k == top else min(int(np.floor(start[k + 1])) + 1, cols)
            for here in range(col, end):
                away = np.float64(here - at[k])
                metres = np.float32(np.sqrt(away * away + height[k]) * cell_m)
                distance[row, here] = metres if metres <= limit else np.float32(np.inf)
            col = max(col, end)
