"""
Where a rectangle fits: every centre cell and every direction tried, nothing sampled away.

A rectangle is turned on the grid once for each direction and written as runs of cells along rows;
running sums along the rows then count what is beneath it at every centre. Scores are summed as
whole numbers, so the answer is the same bit for bit whatever the blocks, threads or window.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.compiled import kernel
from maemoh_gis.errors import Fault, GridError

MAX_DIRECTIONS = 32
_BLOCK_ROWS, _BLOCK_COLS = 256, 1024
_LARGEST_SUM = 2**31 - 1
_FINEST_QUANTUM = 2**20


@dataclass(frozen=True)
class RectangleFit:
    """Where a rectangle fits, arrays (rows, cols) by centre cell."""

    fits: IntArray
    """Bit k is set where it fits in direction k, uint32."""
    direction: IntArray
    """Direction with the greatest mean score, the first of equals, int8; -1 where none fits."""
    mean: FloatArray
    """Mean score beneath it in that direction, float32; NaN where none fits."""
    directions_deg: tuple[float, ...]
    """Directions of the long side, degrees from east, counter-clockwise."""


def fit_rectangles(
    usable: BoolArray,
    score: FloatArray,
    *,
    length_cells: float,
    width_cells: float,
    directions: int = 12,
    threads: int | None = None,
) -> RectangleFit:
    """
    Try a rectangle on every centre cell in every direction.

    Parameters
    ----------
    usable : bool array (rows, cols)
        Land the rectangle may stand on. Land outside the array is not usable.
    score : float array (rows, cols)
        Score 0 to 1; NaN is unknown and never usable.
    length_cells, width_cells : float
        Sides in cells. A cell is beneath the rectangle if its centre is.
    directions : int
        Directions tried, evenly spread over half a turn from east, at most 32.
    threads : int, optional
        Threads; all cores by default. They do not change the answer.

    Returns
    -------
    RectangleFit
        Exact for every centre cell and direction; its memory does not grow with the directions.

    Raises
    ------
    GridError
        If the arrays differ in shape, a score is outside 0 to 1, or the rectangle or the number of
        directions is not possible.

    References
    ----------
    Running sums along rows over the rows of a turned rectangle: a summed-area table (Crow, 1984)
    generalised from boxes to any convex shape.
    """
    _require(usable, score, length_cells, width_cells, directions)
    angles = tuple(180.0 * k / directions for k in range(directions))
    runs = [rectangle_runs(length_cells, width_cells, angle) for angle in angles]
    # Rows are cheap and runs are dear: a steep rectangle is run along columns instead.
    steep = [len(r) > int(np.ptp(r[:, 1:])) + 1 for r in runs]
    runs = [_turned(r) if s else r for r, s in zip(runs, steep, strict=True)]
    cells = max(int((r[:, 2] - r[:, 1] + 1).sum()) for r in runs)
    quantum = min(2 ** int(math.log2(_LARGEST_SUM / cells)), _FINEST_QUANTUM)
    halo = max(int(np.abs(r).max()) for r in runs) + 1
    fits = np.zeros(usable.shape, dtype=np.uint32)
    direction = np.full(usable.shape, -1, dtype=np.int8)
    mean = np.full(usable.shape, np.nan, dtype=np.float32)

    def block(at: tuple[int, int]) -> None:
        row, col = at
        window = (slice(row, row + _BLOCK_ROWS), slice(col, col + _BLOCK_COLS))
        out = (fits[window], direction[window], mean[window])
        _fit_block(usable, score, at, runs, steep, halo, quantum, *out)

    corners = [
        (row, col)
        for row in range(0, usable.shape[0], _BLOCK_ROWS)
        for col in range(0, usable.shape[1], _BLOCK_COLS)
    ]
    with ThreadPoolExecutor(threads or min(os.cpu_count() or 1, 8)) as pool:
        list(pool.map(block, corners))
    return RectangleFit(fits, direction, mean, angles)


def rectangle_runs(length_cells: float, width_cells: float, angle_deg: float) -> IntArray:
    """
    Write a turned rectangle as runs of cells.

    Parameters
    ----------
    length_cells, width_cells : float
        Sides in cells.
    angle_deg : float
        Direction of the long side, degrees from east, counter-clockwise.

    Returns
    -------
    runs : int32 array (n, 3)
        Row, first col and last col relative to the centre cell, rows counted southward. A cell
        belongs if its centre is inside; of two opposite sides one is inside, so a side of 4 cells
        holds 4.

    Examples
    --------
    >>> rectangle_runs(4, 1, 0.0).tolist()
    [[0, -2, 1]]
    """
    turn = math.radians(angle_deg)
    reach = math.ceil(math.hypot(length_cells, width_cells) / 2) + 1
    steps = np.arange(-reach, reach + 1, dtype=np.float64)
    east, north = steps[np.newaxis, :], -steps[:, np.newaxis]
    # Rounded, so that a centre exactly on a side falls on the same side of it in every direction.
    along = np.round(east * math.cos(turn) + north * math.sin(turn), 9)
    across = np.round(north * math.cos(turn) - east * math.sin(turn), 9)
    inside = (-length_cells / 2 <= along) & (along < length_cells / 2)
    inside &= (-width_cells / 2 <= across) & (across < width_cells / 2)
    rows = np.flatnonzero(inside.any(axis=1))
    first = inside[rows].argmax(axis=1)
    last = inside.shape[1] - 1 - inside[rows][:, ::-1].argmax(axis=1)
    return np.stack([rows, first, last], axis=1).astype(np.int32) - np.int32(reach)


def best_centre(fit: RectangleFit) -> tuple[int, int, float, float] | None:
    """
    Give the best place of all.

    Parameters
    ----------
    fit : RectangleFit
        What was found.

    Returns
    -------
    tuple or None
        Row, col, direction in degrees and mean score, the most northern then western of equals;
        None where nothing fits.
    """
    if not (fit.direction >= 0).any():
        return None
    at = int(np.nanargmax(fit.mean))
    row, col = divmod(at, fit.mean.shape[1])
    return row, col, fit.directions_deg[fit.direction[row, col]], float(fit.mean[row, col])


def _require(
    usable: BoolArray, score: FloatArray, length: float, width: float, directions: int
) -> None:
    if usable.shape != score.shape or usable.ndim != 2:
        raise GridError(Fault("wrong_shape", found=str(score.shape), expected=str(usable.shape)))
    if not (1 <= width <= length and length * width < 2**16 and math.isfinite(length)):
        raise GridError(Fault("rectangle_size", found=f"{length:g} x {width:g}"))
    if not 1 <= directions <= MAX_DIRECTIONS:
        raise GridError(
            Fault("too_many_directions", found=str(directions), expected=str(MAX_DIRECTIONS))
        )
    if score.size and not (np.nanmin(score, initial=0) >= 0 and np.nanmax(score, initial=0) <= 1):
        raise GridError(Fault("score_out_of_range", key="score"))


def _turned(runs: IntArray) -> IntArray:
    """Write the same cells as runs along columns: col, first row, last row."""
    cells = np.concatenate([
        np.column_stack([np.full(last - first + 1, row), np.arange(first, last + 1)])
        for row, first, last in runs.tolist()
    ])  # fmt: skip
    cols = np.unique(cells[:, 1])
    bounds = [(rows.min(), rows.max()) for rows in (cells[cells[:, 1] == c, 0] for c in cols)]
    return np.column_stack([cols, np.array(bounds)]).astype(np.int32)


def _fit_block(
    usable: BoolArray,
    score: FloatArray,
    at: tuple[int, int],
    runs: list[IntArray],
    steep: list[bool],
    halo: int,
    quantum: int,
    fits: IntArray,
    direction: IntArray,
    mean: FloatArray,
) -> None:
    """Try every direction on the centres of one block, writing into its windows of the result."""
    bad, value = _cut(usable, score, at, fits.shape, halo, quantum)
    tables: dict[bool, tuple[IntArray, IntArray]] = {}
    best = np.full(fits.shape, -1, dtype=np.int32)
    cells = np.ones(len(runs))
    for k, (shape, turned) in enumerate(zip(runs, steep, strict=True)):
        if turned not in tables:
            # One array in memory order for each way of running.
            tables[turned] = _running_sums(
                np.ascontiguousarray(bad.T if turned else bad),
                np.ascontiguousarray(value.T if turned else value),
            )
        sums = np.empty(fits.shape[::-1] if turned else fits.shape, dtype=np.int32)
        _sums_beneath(*tables[turned], shape, halo, sums)
        cells[k] = (shape[:, 2] - shape[:, 1] + 1).sum()
        _keep_best(sums.T if turned else sums, k, cells, best, fits, direction)
    found = direction >= 0
    mean[found] = best[found] / cells[direction[found]] / quantum


@kernel()
def _cut(
    usable: BoolArray,
    score: FloatArray,
    at: tuple[int, int],
    shape: tuple[int, int],
    halo: int,
    quantum: int,
) -> tuple[IntArray, IntArray]:
    """Cut a block with a margin out of the arrays; what is outside or unknown is not usable."""
    rows, cols = shape[0] + 2 * halo, shape[1] + 2 * halo
    bad = np.ones((rows, cols), np.uint8)
    value = np.zeros((rows, cols), np.int32)
    for r in range(rows):
        row = at[0] - halo + r
        if row < 0 or row >= usable.shape[0]:
            continue
        for c in range(cols):
            col = at[1] - halo + c
            if 0 <= col < usable.shape[1] and usable[row, col]:
                number = score[row, col]
                if number == number:  # noqa: PLR0124 - NaN is not equal to itself
                    bad[r, c] = 0
                    value[r, c] = np.int32(np.floor(number * quantum + 0.5))
    return bad, value


@kernel()
def _running_sums(bad: IntArray, value: IntArray) -> tuple[IntArray, IntArray]:
    """Sum along rows; wrapping round is fine, because only differences are used."""
    rows, cols = bad.shape
    count = np.zeros((rows, cols + 1), np.uint16)
    total = np.zeros((rows, cols + 1), np.int32)
    for r in range(rows):
        for c in range(cols):
            count[r, c + 1] = count[r, c] + bad[r, c]
            total[r, c + 1] = total[r, c] + value[r, c]
    return count, total


@kernel()
def _sums_beneath(
    count: IntArray, total: IntArray, runs: IntArray, halo: int, sums: IntArray
) -> None:
    """Sum the score beneath the shape at every centre; -1 where a cell beneath is not usable."""
    rows, cols = sums.shape
    blocked = np.empty(cols, np.uint16)
    scored = np.empty(cols, np.int32)
    n = runs.shape[0]
    for r in range(rows):
        blocked[:] = 0
        open_cells = cols
        for k in range(n):
            row = r + halo + runs[k, 0]
            first = count[row, halo + runs[k, 1] :]
            after = count[row, halo + runs[k, 2] + 1 :]
            for c in range(cols):
                blocked[c] += after[c] - first[c]
            if k % 8 == 7 or k == n - 1:
                open_cells = 0
                for c in range(cols):
                    open_cells += blocked[c] == 0
                if open_cells == 0:
                    break
        if open_cells == 0:
            sums[r, :] = -1
            continue
        scored[:] = 0
        for k in range(n):
            row = r + halo + runs[k, 0]
            start = total[row, halo + runs[k, 1] :]
            end = total[row, halo + runs[k, 2] + 1 :]
            for c in range(cols):
                scored[c] += end[c] - start[c]
        for c in range(cols):
            sums[r, c] = scored[c] if blocked[c] == 0 else -1


@kernel()
def _keep_best(
    sums: IntArray,
    k: int,
    cells: FloatArray,
    best: IntArray,
    fits: IntArray,
    direction: IntArray,
) -> None:
    """Note where direction `k` fits, and where its mean beats those before it."""
    rows, cols = sums.shape
    for r in range(rows):
        for c in range(cols):
            if sums[r, c] < 0:
                continue
            fits[r, c] |= np.uint32(1) << np.uint32(k)
            before = direction[r, c]
            # Shapes differ by a few cells from one direction to another: means decide, not sums.
            if before < 0 or sums[r, c] * cells[before] > best[r, c] * cells[k]:
                best[r, c] = sums[r, c]
                direction[r, c] = k
