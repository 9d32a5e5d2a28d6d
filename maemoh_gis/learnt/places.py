"""From shapes and rasters to a sample: which cells hold places, which stand for all land."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cells.distance import cells_inside, present
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.files.scratch import blocks_of
from maemoh_gis.learnt.sample import (
    LAND,
    Measured,
    Sample,
    blocks_at,
    thinned,
    whole_places_in_blocks,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.files.scratch import Raster


@dataclass(frozen=True)
class PlaceCells:
    """Cells of places that can be learnt from, and how many places cannot."""

    place: IntArray
    """Number of the place, int64 (cells,)."""
    cell: IntArray
    """Where it lies in the grid, read row by row, int64 (cells,)."""
    outside: int
    """Places off the study area."""
    unknown: int
    """Places on which a measure is not known."""


@dataclass(frozen=True)
class Measures:
    """What is measured of all land: rasters (rows, cols) in memory or in files."""

    of: tuple[Measured, ...]
    rasters: Sequence[Raster]

    def at(self, rows: slice) -> FloatArray:
        """Give the cells of some rows, float64 (cells, measures); NaN where unknown."""
        parts = [
            _numbers(one, np.asarray(raster[rows]))
            for one, raster in zip(self.of, self.rasters, strict=True)
        ]
        return np.column_stack(parts)

    def taken(self, cells: IntArray, grid: Grid) -> FloatArray:
        """Give some cells, float64 (cells, measures)."""
        found = np.empty((len(cells), len(self.of)))
        for rows, mine in _by_rows(cells, grid):
            found[mine] = self.at(rows)[cells[mine] - rows.start * grid.cols]
        return found


def known_cells(measures: Measures, study: Raster, grid: Grid) -> BoolArray:
    """Find the cells of the study area on which every measure is known, flat bool (cells,)."""
    known = np.zeros(grid.rows * grid.cols, dtype=bool)
    for rows in blocks_of(grid.shape):
        here = ~np.isnan(measures.at(rows)).any(axis=1) & np.asarray(study[rows]).ravel()
        known[rows.start * grid.cols : rows.stop * grid.cols] = here
    return known


def taken(raster: Raster, cells: IntArray, grid: Grid) -> FloatArray:
    """Give some cells of a raster, float64 (cells,)."""
    found = np.empty(len(cells))
    for rows, mine in _by_rows(cells, grid):
        found[mine] = np.asarray(raster[rows]).ravel()[cells[mine] - rows.start * grid.cols]
    return found


def place_cells(shapes: np.ndarray, grid: Grid, known: BoolArray, study: Raster) -> PlaceCells:
    """Find the cells of polygons and points; of one smaller than a cell, the cell it lies in."""
    place, cell, outside, unknown = list[IntArray](), list[IntArray](), 0, 0
    for shape in present(shapes):
        inside = _cells_of(shape, grid)
        inside = inside[taken(study, inside, grid) > 0]
        told = thinned(inside[known[inside]])
        outside += not len(inside)
        unknown += bool(len(inside) and not len(told))
        place.append(np.full(len(told), len(place)))
        cell.append(told)
    return PlaceCells(_joined(place), _joined(cell), outside, unknown)


def land_cells(known: BoolArray, count: int, seed: Sequence[int]) -> IntArray:
    """Draw cells that stand for all land, each at most once, in order of place."""
    there = np.flatnonzero(known)
    draw = np.random.default_rng(seed)
    return np.sort(draw.choice(there, min(count, len(there)), replace=False))


def sample_of(
    measures: Measures, places: PlaceCells, land: IntArray, grid: Grid, block_m: float
) -> Sample:
    """Put places and land together."""
    cells = np.concatenate([places.cell, land])
    place = np.concatenate([places.place, np.full(len(land), LAND)])
    block = cell_blocks(cells, grid, block_m)
    values = measures.taken(cells, grid)
    return Sample(measures.of, values, place, whole_places_in_blocks(place, block))


def cell_blocks(cells: IntArray, grid: Grid, block_m: float) -> IntArray:
    """Give the blocks cells lie in, int64 (cells,)."""
    return blocks_at(grid.x[cells % grid.cols], grid.y[cells // grid.cols], block_m)


def measures_of(named: Mapping[str, bool], rasters: Sequence[Raster]) -> Measures:
    """Put rasters beside what they measure, by criterion and whether they hold classes."""
    return Measures(tuple(Measured(id, classed) for id, classed in named.items()), rasters)


def _numbers(measured: Measured, values: np.ndarray) -> FloatArray:
    numbers = values.ravel().astype(np.float64)
    return np.where(numbers == 0, np.nan, numbers) if measured.classed else numbers


def _by_rows(cells: IntArray, grid: Grid) -> Iterable[tuple[slice, IntArray]]:
    """Give blocks of rows with the places in a list of the cells they hold."""
    for rows in blocks_of(grid.shape):
        inside = (cells >= rows.start * grid.cols) & (cells < rows.stop * grid.cols)
        if inside.any():
            yield rows, np.flatnonzero(inside)


def _cells_of(shape: BaseGeometry, grid: Grid) -> IntArray:
    part = Grid.covering(shape.bounds, crs=grid.crs, cell_m=grid.cell_m)
    down, right = np.nonzero(cells_inside(np.array([shape]), part))
    if not len(down):
        x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        down = np.array([int(np.floor(-y / grid.cell_m)) - part.row0])
        right = np.array([int(np.floor(x / grid.cell_m)) - part.col0])
    row, col = down + part.row0 - grid.row0, right + part.col0 - grid.col0
    on = (row >= 0) & (row < grid.rows) & (col >= 0) & (col < grid.cols)
    return np.asarray((row * grid.cols + col)[on])


def _joined(parts: Sequence[IntArray]) -> IntArray:
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])
