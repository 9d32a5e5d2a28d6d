"""
Contiguous patches of land from runs of cells, with what they hold summed, without a label raster.

A run is a stretch of usable cells in one row. Runs are gathered strip by strip with the sums of
whatever is measured on them; then runs that touch by an edge are joined. Memory goes with the
number of runs, not of cells, and sums are taken in one fixed order whatever the strips were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.compiled import kernel


@dataclass(frozen=True)
class Runs:
    """Runs of usable cells, in reading order."""

    row: IntArray
    """Row, int32 (runs,), counted like `first_row` of `runs_of`."""
    start: IntArray
    """First column, int32 (runs,)."""
    end: IntArray
    """Column after the last, int32 (runs,)."""
    sums: FloatArray
    """Sum of each measure over the run, float64 (runs, measures)."""


@dataclass(frozen=True)
class Patches:
    """Patches of land, numbered by their first cell in reading order."""

    cells: IntArray
    """Number of cells, int64 (patches,)."""
    sums: FloatArray
    """Sum of each measure, float64 (patches, measures)."""
    of_run: IntArray
    """Patch of each run, int64 (runs,); -1: too small."""


def runs_of(usable: BoolArray, measures: Sequence[FloatArray], first_row: int = 0) -> Runs:
    """
    Gather the runs of a strip.

    Parameters
    ----------
    usable : bool array (rows, cols)
        Land a patch may hold.
    measures : sequence of float32 array (rows, cols)
        What to sum.
    first_row : int
        Row of the strip in the whole.

    Returns
    -------
    Runs
        In reading order.
    """
    usable = np.ascontiguousarray(usable)
    count = _count(usable)
    row, start, end = (np.empty(count, dtype=np.int32) for _ in range(3))
    _find(usable, row, start, end)
    sums = np.empty((count, len(measures)))
    for k, measure in enumerate(measures):
        _sum(measure, row, start, end, sums, k)
    return Runs(row + np.int32(first_row), start, end, sums)


def joined(strips: Sequence[Runs], least_cells: int) -> Patches:
    """
    Join runs into patches.

    Parameters
    ----------
    strips : sequence of Runs
        From north to south, every row once.
    least_cells : int
        Smaller patches are left out.

    Returns
    -------
    Patches
        Cells touch by edges, not by corners.
    """
    row, start, end = (
        np.concatenate([getattr(runs, name) for runs in strips]) for name in ("row", "start", "end")
    )
    sums = np.concatenate([runs.sums for runs in strips])
    root = _roots(row, start, end)
    cells = np.bincount(root, weights=(end - start).astype(np.float64), minlength=len(row))
    large = np.flatnonzero(cells >= least_cells) if len(row) else np.empty(0, dtype=np.int64)
    number = np.full(len(row), -1, dtype=np.int64)
    number[large] = np.arange(len(large))
    of_run = number[root]
    kept = of_run >= 0
    table = np.empty((len(large), sums.shape[1]))
    for k, column in enumerate(sums.T):
        table[:, k] = np.bincount(of_run[kept], weights=column[kept], minlength=len(large))
    return Patches(cells[large].astype(np.int64), table, of_run)


@kernel()
def _count(usable: BoolArray) -> int:
    count = 0
    for row in range(usable.shape[0]):
        before = False
        for col in range(usable.shape[1]):
            here = usable[row, col]
            count += here and not before
            before = here
    return count


@kernel()
def _find(usable: BoolArray, row: IntArray, start: IntArray, end: IntArray) -> None:
    run = -1
    for y in range(usable.shape[0]):
        before = False
        for x in range(usable.shape[1]):
            here = usable[y, x]
            if here and not before:
                run += 1
                row[run], start[run] = y, x
            if here:
                end[run] = x + 1
            before = here


@kernel()
def _sum(
    measure: FloatArray, row: IntArray, start: IntArray, end: IntArray, sums: FloatArray, k: int
) -> None:
    for run in range(len(row)):
        total = 0.0
        for col in range(start[run], end[run]):
            total += measure[row[run], col]
        sums[run, k] = total


@kernel()
def _roots(row: IntArray, start: IntArray, end: IntArray) -> IntArray:
    """Give the first run of the patch of each run."""
    parent = np.arange(len(row))
    above = 0
    for run in range(len(row)):
        while above < run and (
            row[above] < row[run] - 1 or (row[above] == row[run] - 1 and end[above] <= start[run])
        ):
            above += 1
        other = above
        while other < run and row[other] == row[run] - 1 and start[other] < end[run]:
            one, two = _root(parent, run), _root(parent, other)
            # The earlier run is the root, so numbers go in reading order.
            parent[max(one, two)] = min(one, two)
            other += 1
    for run in range(len(row)):
        parent[run] = parent[parent[run]]
    return parent


@kernel()
def _root(parent: IntArray, run: int) -> int:
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run
