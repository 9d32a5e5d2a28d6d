"""
From where rail is worth it: the break-even distance and the market area of each railhead.

Rail is cheaper from some distance on, and a railhead draws from the land around it: both depend on
class of box, prices and what happens to the empties, so each is told for one of each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.freight.boxes import BOXES, WayBack, rail_parts, road_parts, total, waiting_of
from maemoh_gis.freight.engine import Terms

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.freight.tariffs import Prices

UNKNOWN, BY_ROAD = 0, 1
FIRST_RAILHEAD = 2
"""Codes of a market area: no way, the road, and the railheads from 2 on in their order."""


@dataclass(frozen=True)
class Market:
    """Which way is cheapest from each cell, for one class of box and one gateway."""

    cheapest: IntArray
    """Uint8 (rows, cols): 0 unknown, 1 by road, 2 and on the railheads in their order."""
    nearest: IntArray
    """The same among the railheads alone, as if no lorry went all the way."""
    railheads: tuple[str, ...]


def market_area(
    to_railheads_km: Mapping[str, FloatArray],
    to_gateway_km: FloatArray,
    rail_km: Mapping[str, float],
    box: str,
    prices: Prices,
    *,
    back: WayBack,
    terms: Terms,
) -> Market:
    """
    Find the cheapest way from each cell.

    `to_railheads_km` and `to_gateway_km` are by road, float arrays (rows, cols), NaN where there is
    no way; `rail_km` leaves out railheads without trains.
    """
    if len(to_railheads_km) > 200:
        raise RunError(Fault("too_many_railheads", found=str(len(to_railheads_km)), expected="200"))
    kind, waiting = BOXES[box], waiting_of(prices, terms.stated_road_km, terms.stated_rail_km)
    by_rail = [
        total(rail_parts(kind, km, rail_km.get(key, math.nan), prices, back, waiting))
        for key, km in to_railheads_km.items()
    ]
    by_road = total(road_parts(kind, to_gateway_km, prices, back, waiting))
    return Market(
        _least([by_road, *by_rail], BY_ROAD),
        _least(by_rail, FIRST_RAILHEAD) if by_rail else np.zeros(by_road.shape, dtype=np.uint8),
        tuple(to_railheads_km),
    )


def market_polygons(market: Market, grid: Grid) -> gpd.GeoDataFrame:
    """Outline the market areas."""
    import geopandas as gpd
    import shapely
    from rasterio.features import shapes

    rows, outlines = [], []
    for against_road, codes in ((True, market.cheapest), (False, market.nearest)):
        for code, railhead in enumerate(market.railheads, start=FIRST_RAILHEAD):
            within = np.asarray(codes == code)
            if not within.any():
                continue
            parts = shapes(within.astype(np.uint8), mask=within, transform=grid.transform)
            outlines.append(shapely.union_all([shapely.geometry.shape(part) for part, _ in parts]))
            area = float(within.sum()) * grid.cell_area_m2
            rows.append((railhead, against_road, area))
    columns = ["railhead", "against_road", "area_m2"]
    values = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    return gpd.GeoDataFrame(values, geometry=outlines, crs=grid.crs)


def _least(costs: list[FloatArray], first: int) -> IntArray:
    stack = np.stack(costs)
    none = np.isnan(stack).all(axis=0)
    codes = np.where(np.isnan(stack), np.inf, stack).argmin(axis=0) + first
    return np.where(none, UNKNOWN, codes).astype(np.uint8)
