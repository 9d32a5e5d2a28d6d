"""What a network brings within reach, and what its closures would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.network.around import WaysAround
from maemoh_gis.network.arrays import network_arrays

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.network.edges import Graph, Piece

_DIGITS = 9


@dataclass(frozen=True)
class Closure:
    """What happens if one stretch of road or rail is shut in both directions."""

    piece: Piece
    """The stretch, with the directed edges that are shut with it."""
    extra: float
    """What all pairs that still have a way lose together, in the unit of the cost."""
    worst: float
    """What the pair that loses most loses; NaN where none has another way."""
    cut_off: int
    """Pairs that have no way any more."""


def reach_polygons(
    minutes: FloatArray, grid: Grid, steps_minutes: Sequence[float]
) -> gpd.GeoDataFrame:
    """
    Outline the land within reach for each time, the shortest first.

    `minutes` (rows, cols) are NaN where there is no way. Rows have `minutes`, `area_m2` and the
    outline of whole cells; none where nothing is within reach. Longer times hold the shorter ones.
    """
    import geopandas as gpd
    from rasterio.features import shapes

    steps = sorted(steps_minutes)
    outlines, areas = [], []
    for step in steps:
        within = np.asarray(minutes <= step)
        parts = shapes(within.astype(np.uint8), mask=within, transform=grid.transform)
        outlines.append(shapely.union_all([shapely.geometry.shape(part) for part, _ in parts]))
        areas.append(float(within.sum()) * grid.cell_area_m2)
    return gpd.GeoDataFrame(
        {"minutes": [float(s) for s in steps], "area_m2": areas}, geometry=outlines, crs=grid.crs
    )


def worst_closures(
    graph: Graph, pairs: Sequence[tuple[int, int]], *, weight: str = "minutes"
) -> list[Closure]:
    """
    Rank stretches by what shutting each of them alone would cost.

    Worst first: by pairs cut off, then by what the others lose. Only stretches on a least way of
    some pair can hurt; the rest are left out. Pairs without a way to begin with do not count.
    """
    network = network_arrays(graph, weight)
    asked: dict[int, list[int]] = {}
    for origin, end in pairs:
        asked.setdefault(origin, []).append(end)
    ways = WaysAround.of(graph, network, asked)
    rows = [ways.starts.index(origin) for origin, _ in pairs]
    columns = [ways.ends.index(end) for _, end in pairs]
    before = ways.before[rows, columns]
    closures = []
    for piece in ways.pieces:
        lost = ways.around(piece)[rows, columns] - before
        cut = np.isnan(lost) & ~np.isnan(before)
        # What is below is rounding of sums, and would put equal stretches into an order.
        extra, worst = (round(float(n), _DIGITS) for n in (np.nansum(lost), _most(lost)))
        closures.append(Closure(piece, extra, worst, int(cut.sum())))
    return sorted(closures, key=lambda c: (-c.cut_off, -c.extra, c.piece.edges))


def _most(lost: FloatArray) -> float:
    """Give the most of what is known, NaN where nothing is."""
    return float(np.nanmax(lost)) if np.isfinite(lost).any() else float("nan")
