"""
The cells of numbered sites, listed one by one.

Sites hold a few thousand cells of millions, so a list is small where a raster of ranks is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from maemoh_gis.core.types import BoolArray, IntArray
from maemoh_gis.files.scratch import Raster
from maemoh_gis.mcda.classes import classes_of, least_leads, listing


class Grown(Protocol):
    """A piece of land that was grown."""

    @property
    def rows(self) -> IntArray:
        """Row of each cell."""

    @property
    def cols(self) -> IntArray:
        """Column of each cell."""

    @property
    def mean(self) -> float:
        """Mean score."""


@dataclass(frozen=True)
class SiteCells:
    """The cells of all sites of one use, by number; arrays (n,)."""

    shape: tuple[int, int]
    """Rows and columns of the grid."""
    count: int
    """Number of sites."""
    number: IntArray
    """Number of the site each cell belongs to, int32, rising from 1."""
    row: IntArray
    col: IntArray
    in_hole: BoolArray
    """Whether the cell is a filled hole."""
    classes: tuple[int, ...] = ()
    """Class of each site by number, 1 on top; empty where they were not compared."""

    @property
    def label(self) -> IntArray:
        """Number of the site of each cell, int32 (rows, cols); 0 where there is none."""
        return self.label_in(slice(0, self.shape[0]))

    @property
    def filled(self) -> BoolArray:
        """Which cells of sites are filled holes, bool (rows, cols)."""
        return self.filled_in(slice(0, self.shape[0]))

    def label_in(self, rows: slice) -> IntArray:
        """Give the numbers on some rows of the grid, int32 (rows, cols)."""
        label = np.zeros((rows.stop - rows.start, self.shape[1]), dtype=np.int32)
        here = (self.row >= rows.start) & (self.row < rows.stop)
        label[self.row[here] - rows.start, self.col[here]] = self.number[here]
        return label

    def filled_in(self, rows: slice) -> BoolArray:
        """Give the filled holes on some rows of the grid, bool (rows, cols)."""
        filled = np.zeros((rows.stop - rows.start, self.shape[1]), dtype=bool)
        here = self.in_hole & (self.row >= rows.start) & (self.row < rows.stop)
        filled[self.row[here] - rows.start, self.col[here]] = True
        return filled

    def site(self, number: int) -> tuple[tuple[slice, slice], BoolArray, BoolArray]:
        """Draw one site."""
        first, last = np.searchsorted(self.number, [number, number + 1])
        row, col, in_hole = self.row[first:last], self.col[first:last], self.in_hole[first:last]
        top, left = int(row.min()), int(col.min())
        window = (slice(top, int(row.max()) + 1), slice(left, int(col.max()) + 1))
        cells = np.zeros((window[0].stop - top, window[1].stop - left), dtype=bool)
        cells[row - top, col - left] = True
        filled = np.zeros_like(cells)
        filled[row[in_hole] - top, col[in_hole] - left] = True
        return window, cells, filled


def numbered_cells(
    pieces: Sequence[Grown], shape: tuple[int, int], hole_places: IntArray
) -> SiteCells:
    """
    Give pieces that do not overlap numbers by mean score, the first cell breaking ties.

    `hole_places` are the cells of fillable holes as `row * cols + col`, rising.
    """
    ranked = sorted(pieces, key=lambda p: (-p.mean, int((p.rows * shape[1] + p.cols).min())))
    none = [np.empty(0, dtype=np.int64)]
    row = np.concatenate([*none, *(piece.rows for piece in ranked)])
    col = np.concatenate([*none, *(piece.cols for piece in ranked)])
    sizes = [len(piece.rows) for piece in ranked]
    number = np.repeat(np.arange(1, len(ranked) + 1, dtype=np.int32), sizes)
    in_hole = np.isin(row * shape[1] + col, hole_places)
    return SiteCells(shape, len(ranked), number, row, col, in_hole)


def in_list(cells: SiteCells, low: Raster, high: Raster) -> SiteCells:
    """
    List sites by what is certain of them, and put them into classes.

    `low` and `high` (rows, cols) are the least and greatest score the facts allow, by a way of
    combining that rises with each criterion; only rows that hold sites are read.
    """
    ends = np.empty((2, cells.count))
    places = np.empty(cells.count, dtype=np.int64)
    for k in range(cells.count):
        (rows, cols), site, filled = cells.site(k + 1)
        for end, values in zip(ends, (low, high), strict=True):
            land = np.asarray(values[rows, cols])[site & ~filled]
            end[k] = land.mean(dtype=np.float64)
        first = int(np.flatnonzero(site)[0])
        places[k] = (rows.start + first // site.shape[1]) * cells.shape[1] + first % site.shape[1]
        places[k] += cols.start
    order = listing(ends[0], places)
    classes = classes_of(least_leads(*ends))[order]
    at = [np.flatnonzero(cells.number == k + 1) for k in order]
    sorted_at = np.concatenate([np.empty(0, dtype=np.int64), *at])
    number = np.repeat(np.arange(1, cells.count + 1, dtype=np.int32), [len(one) for one in at])
    return SiteCells(
        cells.shape, cells.count, number, cells.row[sorted_at], cells.col[sorted_at],
        cells.in_hole[sorted_at], tuple(int(one) for one in classes),
    )  # fmt: skip
