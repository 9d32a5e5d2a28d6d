"""Masks of open land: pieces large enough, holes that may be filled, sums over squares."""

from __future__ import annotations

import math

import numpy as np
from scipy import ndimage

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.sites.growth import QUANTUM
from maemoh_gis.sites.shape import covered_by_circles, enclosed, where_circles_fit

_TOUCHING = np.ones((3, 3), dtype=bool)


def large_enough(land: BoolArray, counted: BoolArray, least_cells: int) -> BoolArray:
    """Keep only connected pieces with at least `least_cells` that count."""
    pieces, number = ndimage.label(land)
    good = np.bincount(pieces[counted], minlength=number + 1) >= least_cells
    good[0] = False
    return good[pieces]


def fillable_holes(counted: BoolArray, may_fill: BoolArray, most_cells: int) -> BoolArray:
    """Find the holes of the land that are small and may be filled throughout."""
    if most_cells <= 0:
        return np.zeros_like(counted)
    holes = enclosed(counted)
    sizes = np.bincount(holes.ravel())
    fills = np.bincount(holes[may_fill], minlength=len(sizes))
    good = (sizes <= most_cells) & (fills == sizes)
    good[0] = False
    return np.asarray(good[holes])


def square_sums(values: IntArray, side: int) -> IntArray:
    """Sum over a square around every cell, or around its last corner where `side` is even."""
    return np.asarray(_square_sums(values, (side - 1) // 2, side // 2))


def with_holes(
    site: BoolArray, land: BoolArray, holes: BoolArray, *, hole_cells: int, across: int
) -> BoolArray:
    """Take in enclosed pockets of land; give up holes that are not wholly enclosed."""
    pockets = enclosed(site)
    sizes = np.bincount(pockets.ravel())
    good = sizes <= hole_cells
    good[0] = False
    good[np.unique(pockets[~land])] = False
    site = site | good[pockets]
    while True:
        # A hole with a neighbour outside the site would be a dent, not a hole.
        inside = site & holes
        parts, _ = ndimage.label(inside, structure=_TOUCHING)
        open_parts = np.unique(parts[ndimage.binary_dilation(~site, _TOUCHING) & inside])
        kept = _one_piece(site & ~np.isin(parts, open_parts[open_parts > 0]), across)
        if (kept == site).all():
            return site
        site = kept


def _one_piece(site: BoolArray, across: int) -> BoolArray:
    """Keep the largest part of a site that circles can sweep in one go."""
    middles, number = ndimage.label(where_circles_fit(site, across))
    if number <= 1:
        return covered_by_circles(middles > 0, across)
    # Parts of the same size are rare enough to leave to reading order.
    largest = 1 + int(np.argmax(np.bincount(middles.ravel())[1:]))
    return covered_by_circles(middles == largest, across)


@kernel()
def take_scored(score: FloatArray, least: float, quanta: IntArray, counted: BoolArray) -> None:
    """Turn scores into whole parts, and count no cell that scores below the least or not at all."""
    rows, cols = score.shape
    for r in range(rows):
        for c in range(cols):
            value = score[r, c]
            counted[r, c] = counted[r, c] and value >= least
            quanta[r, c] = 0 if math.isnan(value) else np.rint(value * QUANTUM)


@kernel()
def _square_sums(values: IntArray, before: int, after: int) -> IntArray:
    rows, cols = values.shape
    sums = np.empty((rows, cols), dtype=np.int64)
    # Of each column, from the first to the last row of the square; rows come in and go out.
    column = np.zeros(cols, dtype=np.int64)
    for r in range(-after, rows):
        if r + after < rows:
            column += values[r + after]
        if r < 0:
            continue
        if r > before:
            column -= values[r - before - 1]
        total = 0
        for c in range(-after, cols):
            if c + after < cols:
                total += column[c + after]
            if c < 0:
                continue
            if c > before:
                total -= column[c - before - 1]
            sums[r, c] = total
    return sums
