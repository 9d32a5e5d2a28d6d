"""Land within reach, as outlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray


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
