"""Masks of open land: pieces large enough, holes that may be filled, sums over squares."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from maemoh_gis._types import BoolArray, IntArray
from maemoh_gis.scratch import blocks_of
from maemoh_gis.suitability.site_shape import (
    covered_by_circles,
    enclosed,
    where_circles_fit,
)

_TOUCHING = np.ones((3, 3), dtype=bool)


def large_enough(land: BoolArray, counted: BoolArray, least_cells: int) -> BoolArray:
    """Keep only connected pieces with at least `least_cells` that count."""
    pieces, number = ndimage.label(land)
    good = _sizes(np.where(counted, pieces, 0), number) >= least_cells
    good[0] = False
    return np.asarray(good[pieces])


def fillable_holes(counted: BoolArray, may_fill: BoolArray, most_cells: int) -> BoolArray:
    """Find the holes of the land that are small and may be filled throughout."""
    if most_cells <= 0:
        return np.zeros_like(counted)
    holes = enclosed(counted)
    good = _sizes(holes, int(holes.max())) <= most_cells
    good[0] = False
    for rows in blocks_of(holes.shape):
        good[holes[rows][~may_fill[rows]]] = False
    return np.asarray(good[holes])


def _sizes(label: IntArray, most: int) -> IntArray:
    """Count the cells of each label; counting all at once would make all of them 64 bits wide."""
    sizes = np.zeros(most + 1, dtype=np.int64)
    for rows in blocks_of(label.shape):
        sizes += np.bincount(label[rows].ravel(), minlength=most + 1)
    return sizes


def square_sums(values: IntArray, side: int) -> IntArray:
    """Sum over a square around every cell, or around its last corner where `side` is even."""
    before, after = (side - 1) // 2, side // 2
    sums = values
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (before + 1, after)
        running = np.cumsum(np.pad(sums, pad), axis=axis)
        sums = running[side:] - running[:-side] if axis == 0 else (
            running[:, side:] - running[:, :-side]
        )  # fmt: skip
    return np.asarray(sums)


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
