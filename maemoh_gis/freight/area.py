"""Market areas of railheads on the ground, and what a box costs part by part."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.grid import Grid
from maemoh_gis.freight.boxes import BOXES, WayBack, rail_parts, road_parts, waiting_of
from maemoh_gis.freight.market import market_area, market_polygons
from maemoh_gis.freight.tariffs import CASES, Case
from maemoh_gis.freight.world import level_of
from maemoh_gis.network.arrays import least_from
from maemoh_gis.network.travel import Roadside

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.freight.engine import Terms
    from maemoh_gis.freight.layers import FreightLayers, RoadDistances
    from maemoh_gis.freight.world import World

AREA_CASES: tuple[Case, ...] = ("central", "favours_rail")
"""Cases of prices whose market areas are drawn."""
AREA_BOX = "heavy_20"
AREA_CELL_M = 2000.0
"""Side of the cells of a market area: lanes are missing from the roads, so finer would be false."""
_MOST_OFF_ROAD_M = 10_000.0
_BALANCED = WayBack(1.0)

COST_PARTS = (
    "haul", "drayage", "yard_lifts", "shunting", "linehaul", "port_lift", "gate", "time",
    "empty_lifts", "empty_shunting", "empty_linehaul",
)  # fmt: skip
COST_COLUMNS = (
    "origin", "way", "gateway", "box_class", "case", "road_km", "rail_km", "total_thb",
    "loaded_way_alone_thb", *COST_PARTS, "road_gap", "confidence",
)  # fmt: skip
_EMPTY_PARTS = ("empty_lifts", "empty_shunting", "empty_linehaul")


def market_areas(
    source: FreightLayers, roads: RoadDistances, world: World, terms: Terms, grid: Grid
) -> gpd.GeoDataFrame:
    """Draw from where heavy boxes go over which railhead."""
    import pandas as pd

    shares = source.freight.shares_in(source.year_be)
    gateway = max(shares, key=lambda key: shares[key])
    coarse = Grid.covering(grid.bounds, crs=grid.crs, cell_m=AREA_CELL_M)
    fields = _KmFields(roads, coarse)
    open_now = [
        one.key
        for one in world.railheads
        if (one.opens_be is None or one.opens_be <= source.year_be)
        and (one.key, gateway) in world.rail_km
        and ("railhead", one.key) in roads.nodes
    ]
    to_railheads = {key: fields.km(roads.nodes["railhead", key]) for key in open_now}
    place = source.freight.gateways[gateway].place
    frames = []
    for case in AREA_CASES:
        level = level_of(case, "road")
        rest = roads.beyond_exits(gateway, place, level)
        by_exit = [fields.km(roads.nodes["exit", id]) + km for id, km in rest.items()]
        none = np.full(coarse.shape, np.nan)
        rail = {key: world.rail_km[key, gateway].at(level_of(case, "rail")) for key in open_now}
        market = market_area(
            to_railheads,
            np.fmin.reduce([none, *by_exit]),
            rail,
            AREA_BOX,
            source.tariffs.prices(case),
            back=_BALANCED,
            terms=terms,
        )
        frame = market_polygons(market, coarse)
        frames.append(frame.assign(case=case, box_class=AREA_BOX, gateway=gateway))
    return pd.concat(frames, ignore_index=True).set_geometry("geometry").set_crs(grid.crs)


def cost_rows(
    source: FreightLayers,
    world: World,
    origins: Sequence[str],
    terms: Terms,
    gaps: Container[tuple[str, str]] = frozenset(),
) -> Iterator[tuple[object, ...]]:
    """
    Take the cost of a box apart, for a few origins.

    Yields
    ------
    tuple
        Cells of `COST_COLUMNS`, THB per loaded box with one empty box back for each; ways that do
        not exist are left out.
    """
    for case in CASES:
        prices = source.tariffs.prices(case)
        waiting = waiting_of(prices, terms.stated_road_km, terms.stated_rail_km)
        for origin in origins:
            for gateway in (one.key for one in world.gateways):
                for box in BOXES.values():
                    spread = world.road_km.get((origin, gateway))
                    if spread is not None:
                        km = spread.at(level_of(case, "road"))
                        parts = road_parts(box, km, prices, _BALANCED, waiting)
                        gap = (origin, gateway) in gaps
                        yield _cost(origin, "road", gateway, box.key, case, (km, gap, ""), parts)
                    for railhead in world.railheads:
                        there = world.rail_km.get((railhead.key, gateway))
                        drayage = world.drayage_km.get((origin, railhead.key), np.nan)
                        if there is None or np.isnan(drayage):
                            continue
                        rail = there.at(level_of(case, "rail"))
                        track = world.tracks.get((railhead.key, gateway))
                        parts = rail_parts(
                            box, drayage, rail, prices, _BALANCED, waiting,
                            faster_km=min(rail, track.double_km) if track else 0.0,
                            faster_kph=terms.faster_kph,
                        )  # fmt: skip
                        yield _cost(
                            origin,
                            railhead.key,
                            gateway,
                            box.key,
                            case,
                            (drayage, (origin, railhead.key) in gaps, rail),
                            parts,
                        )


def _cost(
    origin: str,
    way: str,
    gateway: str,
    box: str,
    case: str,
    km: tuple[float, bool, float | str],
    parts: dict[str, FloatArray],
) -> tuple[object, ...]:
    thb = {name: round(float(part), 1) + 0.0 for name, part in parts.items()}
    whole = round(sum(thb.values()), 1)
    alone = round(whole - sum(thb.get(name, 0.0) for name in _EMPTY_PARTS), 1)
    rail = round(km[2], 1) if isinstance(km[2], float) else ""
    gap = "yes" if km[1] else "no"
    named = (thb.get(name, "") for name in COST_PARTS)
    return (origin, way, gateway, box, case, round(km[0], 1), rail, whole, alone, *named,
            gap, "ASSUMPTION")  # fmt: skip


class _KmFields:
    """Km by road from places to the cells of one grid, which are found beside the roads once."""

    def __init__(self, roads: RoadDistances, grid: Grid) -> None:
        self._network, self._shape = roads.network, grid.shape
        self._roadside = Roadside(roads.graph, roads.network, roads.pieces)
        x, y = np.meshgrid(grid.x, grid.y)
        self._cells = self._roadside.snap(x.ravel(), y.ravel(), _MOST_OFF_ROAD_M)
        self._known: dict[int, FloatArray] = {}

    def km(self, node: int) -> FloatArray:
        """Give km from a node to every cell, float64 (rows, cols); NaN where no road is near."""
        if node not in self._known:
            (costs,) = least_from(self._network.cheapest[0], self._network.positions([node]))
            metres = self._roadside.read(costs, self._cells, a_metre=1.0)
            found = (metres / 1000).astype(np.float32)
            self._known[node] = found.reshape(self._shape).astype(np.float64)
        return self._known[node]
