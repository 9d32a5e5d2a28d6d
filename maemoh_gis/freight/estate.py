"""
What boxes of an estate pay by lorry and by train.

Asked at full occupancy whatever the year, so that what would have to change is told before the
first tenant comes. Prices of boxes are those of a train that runs anyway: whether it fills is told
apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.estate.growth import when_full
from maemoh_gis.freight.boxes import BOXES, WayBack, rail_parts, road_parts, total, waiting_of
from maemoh_gis.freight.engine import Ways, back_of, ways_of
from maemoh_gis.freight.layers import ESTATE
from maemoh_gis.freight.tariffs import Case
from maemoh_gis.freight.world import level_of, split

if TYPE_CHECKING:
    from maemoh_gis.freight.engine import Terms
    from maemoh_gis.freight.layers import FreightLayers
    from maemoh_gis.freight.tariffs import Prices
    from maemoh_gis.freight.world import Demand, Flow, Railhead, World

ESTATE_CASES: tuple[Case, ...] = ("central", "favours_rail", "favours_road")


@dataclass(frozen=True)
class EstatePrice:
    """What a box of the estate pays to or from one gateway, in one case of prices."""

    case: Case
    box: str
    direction: str
    gateway: str
    teu: float
    """Loaded TEU a year of an estate that is full, central."""
    road_thb: float
    """A TEU by lorry all the way."""
    yard: str
    """Key of the new yard over which it is cheapest; empty without one."""
    yard_thb: float
    """A TEU over that yard; NaN without one."""
    rival: str
    """Key of the railhead that stands over which it is cheapest; empty without one."""
    rival_thb: float
    even_lorry_factor: float
    """Factor on the lorry's rate from which the yard costs no more; NaN where none does."""
    even_loaded_back: float
    """Share of boxes coming back loaded from which the yard costs no more; NaN where none does."""

    @property
    def by_rail(self) -> bool:
        """Say whether the new yard is the cheapest way."""
        others = [thb for thb in (self.road_thb, self.rival_thb) if not math.isnan(thb)]
        return self.yard_thb < min(others, default=math.inf)


@dataclass(frozen=True)
class EstateFreight:
    """What is known of the freight of an estate that is full."""

    prices: tuple[EstatePrice, ...]


def full_world(source: FreightLayers, world: World) -> World | None:
    """Give the world of freight with an estate that is full; None without one that sends any."""
    if source.estate is None:
        return None
    sent = source.demand_of_estate(when_full(source.estate))
    if not sent:
        return None
    table = [one for one in source.demand if one.origin != ESTATE]
    demand: list[Demand] = [*table, *sent]
    return replace(world, flows=split(demand, source.freight.shares_in(source.year_be)))


def estate_prices(
    source: FreightLayers, full: World, yards: Sequence[Railhead], terms: Terms
) -> tuple[EstatePrice, ...]:
    """Price the boxes of a full estate by lorry, over every yard and over every rival."""
    rivals = len(full.railheads)
    every = full.with_railheads([*full.railheads, *yards])
    # A yard that opens later is priced as if it stood: when it may is told elsewhere.
    late = max([terms.year_be, *(one.opens_be for one in yards if one.opens_be is not None)])
    found = []
    for case in ESTATE_CASES:
        at = replace(terms, case=case, year_be=late)
        prices = source.tariffs.prices(case)
        ways = ways_of(every, prices, at)
        for row, flow in enumerate(every.flows):
            if flow.demand.origin == ESTATE:
                found.append(_price(every, ways, row, flow, rivals, prices, at))
    return tuple(found)


def _price(
    world: World, ways: Ways, row: int, flow: Flow, rivals: int, prices: Prices, terms: Terms
) -> EstatePrice:
    thb = ways.thb[row]
    rival = _least(thb, range(1, rivals + 1))
    yard = _least(thb, range(rivals + 1, len(thb)))
    factor, loaded_back = math.nan, math.nan
    if yard is not None:
        factor, loaded_back = _even(world, flow, yard, prices, terms)
    keys = [one.key for one in world.railheads]
    return EstatePrice(
        terms.case, flow.demand.box, flow.demand.direction, flow.gateway,
        flow.teu("central"), float(thb[0]),
        "" if yard is None else keys[yard - 1], math.nan if yard is None else float(thb[yard]),
        "" if rival is None else keys[rival - 1], math.nan if rival is None else float(thb[rival]),
        factor, loaded_back,
    )  # fmt: skip


def _least(thb: np.ndarray, columns: range) -> int | None:
    """Find the cheapest of some ways; None where none is there."""
    known = [column for column in columns if not math.isnan(thb[column])]
    return min(known, key=lambda column: float(thb[column]), default=None)


def _even(world: World, flow: Flow, yard: int, prices: Prices, terms: Terms) -> tuple[float, float]:
    """
    Solve for the lorry rate, and for the share of boxes coming back loaded, at which both are even.

    Both costs are straight lines in either.
    """
    key, demand, box = world.railheads[yard - 1].key, flow.demand, BOXES[flow.demand.box]
    waiting = waiting_of(prices, terms.stated_road_km, terms.stated_rail_km)
    road_km = world.road_km[demand.origin, flow.gateway].at(level_of(terms.case, "road"))
    rail_km = world.rail_km[key, flow.gateway].at(level_of(terms.case, "rail"))
    track = world.tracks.get((key, flow.gateway))
    faster = min(track.double_km if track else 0.0, rail_km)

    def costs(back: WayBack) -> tuple[float, dict[str, float]]:
        rail = rail_parts(
            box, world.drayage_km[demand.origin, key], rail_km, prices, back, waiting,
            faster_km=faster, faster_kph=terms.faster_kph,
        )  # fmt: skip
        road = road_parts(box, road_km, prices, back, waiting)
        return float(total(rail)), {name: float(part) for name, part in road.items()}

    rail, road = costs(back_of(world.flows, demand.box, demand.direction, prices, terms))
    factor = (rail - road["gate"] - road["time"]) / road["haul"] if road["haul"] > 0 else math.nan
    none, every = (costs(WayBack(1.0 - share, share)) for share in (0.0, 1.0))
    above = [one[0] - math.fsum(one[1].values()) for one in (none, every)]
    # max(0.0, NaN) would be 0.0, and unknown would read as free.
    return (factor if math.isnan(factor) else max(0.0, factor)), _root(*above)


def _root(at_none: float, at_all: float) -> float:
    """Give the share from which a straight line is at or below zero; NaN where it never is."""
    if at_none <= 0:
        return 0.0
    return at_none / (at_none - at_all) if at_all <= 0 else math.nan
