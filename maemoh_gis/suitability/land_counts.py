"""Counting which limits hold where, block by block, over the study area and by its polygons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.cells.around import zone_figure
from maemoh_gis.files.scratch import blocks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import IntArray
    from maemoh_gis.engine.results import Results
    from maemoh_gis.files.scratch import Raster
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.parts import Selection
    from maemoh_gis.suitability.limits import Availability

_OUTCOMES = ("removed", "conditional")
_ZONE_SHIFT = np.uint64(32)


@dataclass(frozen=True)
class LandCounts:
    """Cells of the study area by the limits that hold there."""

    zones: gpd.GeoDataFrame
    """Polygons of the study area."""
    cells: dict[tuple[str, str], Counter[tuple[int, int]]]
    """Cells by zone and bits of the limits, by use and outcome; zone 0 is in no polygon, the others
    count from 1."""

    def patterns(
        self, use: str, outcome: str, zone: int | None = None
    ) -> tuple[IntArray, IntArray]:
        """
        List which limits hold together, and on how many cells.

        Returns
        -------
        patterns, counts : uint32 array (n,), int64 array (n,)
            Bits of the limits, rising, and cells.
        """
        found: Counter[int] = Counter()
        for (where, bits), count in self.cells[use, outcome].items():
            if zone is None or where == zone + 1:
                found[bits] += count
        rising = sorted(found)
        return np.array(rising, dtype=np.uint32), np.array([found[b] for b in rising], dtype=int)


def count_land(
    area: Selection, layers: Layers, grid: Grid, uses: Sequence[str], study: Raster,
    *states: Availability,
) -> LandCounts:  # fmt: skip
    """Count the study area by the limits that hold, reading each raster once, in blocks of rows."""
    zones = layers.features(area.layer, grid.crs, area.where)
    shapes = np.asarray(zones.geometry.array, dtype=object)
    cells: dict[tuple[str, str], Counter[tuple[int, int]]] = {
        (use, outcome): Counter() for use in uses for outcome in _OUTCOMES
    }
    for rows in blocks_of(grid.shape):
        inside = study[rows]
        part = replace(grid, row0=grid.row0 + rows.start, rows=len(inside))
        zone = _zones_on(part, shapes)[inside]
        for use, found in zip(uses, states, strict=True):
            for outcome in _OUTCOMES:
                bits = getattr(found, f"{outcome}_by")[rows][inside]
                _add(cells[use, outcome], zone, bits)
    return LandCounts(zones, cells)


def cells_by_shape(results: Results, shapes: np.ndarray) -> IntArray:
    """
    Count the cells of the study area by the polygons they lie in.

    Parameters
    ----------
    results : Results
        What a run computed.
    shapes : object array (n,)
        Polygons in the CRS of the grid.

    Returns
    -------
    int64 array (n + 1,)
        Cells in no polygon first, then by polygon.
    """
    grid = results.grid
    counts = np.zeros(len(shapes) + 1, dtype=np.int64)
    for rows in blocks_of(grid.shape):
        study = results.study[rows]
        part = replace(grid, row0=grid.row0 + rows.start, rows=len(study))
        zone = _zones_on(part, shapes)[study].astype(np.int64)
        counts += np.bincount(zone, minlength=len(counts))
    return counts


def _zones_on(grid: Grid, shapes: np.ndarray) -> IntArray:
    """Give each cell the number of its polygon, from 1; 0 is none."""
    figures = zone_figure(shapes, np.arange(1.0, len(shapes) + 1), grid)
    return np.nan_to_num(figures).astype(np.uint64)


def _add(found: Counter[tuple[int, int]], zone: IntArray, bits: IntArray) -> None:
    both, counts = np.unique((zone << _ZONE_SHIFT) | bits, return_counts=True)
    for key, count in zip(both.tolist(), counts.tolist(), strict=True):
        found[divmod(key, 1 << 32)] += count
