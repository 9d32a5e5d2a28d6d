"""What a network brings within reach, and what its closures would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.network.arrays import (
    NetworkArrays,
    least_from,
    least_ways,
    network_arrays,
)
from maemoh_gis.network.edges import held_by, pieces_of

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.network.edges import EdgeKey, Graph, Piece


@dataclass(frozen=True)
class Closure:
    """What happens if one stretch of road or rail is shut in both directions."""

    edges: tuple[EdgeKey, ...]
    """The directed edges that are shut with it."""
    name: str
    """Name or number of the road, empty if it has none."""
    extra: float
    """What all pairs that still have a way lose together, in the unit of the cost."""
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
    origins = sorted({origin for origin, _ in pairs})
    rows = np.array([origins.index(origin) for origin, _ in pairs], dtype=np.int64)
    starts = network.positions(origins)
    ends = network.positions([destination for _, destination in pairs])
    before = least_from(network.matrix()[0], starts)[rows, ends]
    position = {key: index for index, key in enumerate(network.keys)}
    closures = []
    for piece in _used(graph, network, pairs):
        closed = np.zeros(len(network.keys), dtype=bool)
        closed[[position[key] for key in piece.edges]] = True
        after = least_from(network.matrix(closed)[0], starts)[rows, ends]
        cut = np.isnan(after) & ~np.isnan(before)
        closures.append(
            Closure(
                piece.edges, _name(graph, piece), float(np.nansum(after - before)), int(cut.sum())
            )
        )
    return sorted(closures, key=lambda c: (-c.cut_off, -c.extra, c.edges))


def _used(graph: Graph, network: NetworkArrays, pairs: Sequence[tuple[int, int]]) -> list[Piece]:
    """List the pieces on the least ways of the pairs."""
    used: set[EdgeKey] = set()
    for origin in sorted({origin for origin, _ in pairs}):
        ways = least_ways(network, origin, [end for start, end in pairs if start == origin])
        used.update(key for way in ways if way for key in way)
    return [piece for piece in pieces_of(graph) if used.intersection(piece.edges)]


def _name(graph: Graph, piece: Piece) -> str:
    held = held_by(graph, piece.edges[0])
    named = held.get("name") or held.get("ref") or ""
    return "; ".join(map(str, named)) if isinstance(named, list) else str(named)
