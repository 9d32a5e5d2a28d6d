"""
Freight by road and by rail at once: every railhead competes for every box in the same run.

Costs are per TEU and hold everything the sender pays, with waiting valued. Emission and lorry-km
are those of the ways that are taken. A flow without any way is NaN and counted, and so is a flow
whose size nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.freight.boxes import (
    BOXES,
    ONE_WAY,
    WayBack,
    rail_co2_kg,
    rail_days,
    rail_parts,
    road_co2_kg,
    road_parts,
    total,
    truck_km,
    waiting_of,
    way_back_of,
    way_back_of_share,
)
from maemoh_gis.freight.choice import Choice, choose
from maemoh_gis.freight.tariffs import Case, Level, Prices, Tariffs
from maemoh_gis.freight.trains import WEEKS, Locomotive
from maemoh_gis.freight.world import BORDER_RAILHEADS, Direction, Flow, Railhead, World, level_of

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray

Empties = Literal["balanced", "tariff", "none"]
"""Boxes balance over the demand, by the share of the tariffs, or are left out."""


@dataclass(frozen=True)
class Terms:
    """What a run of freight assumes beside its tables."""

    year_be: int
    case: Case = "central"
    """Case of the prices and distances."""
    level: Level = "central"
    """Level of the demand."""
    choice: Choice = "least"
    empties: Empties = "balanced"
    match_back: float = 1.0
    """Share of the boxes that could come back loaded which do, for lorries and trains alike."""
    departures_a_week: float = 0.0
    """Least trains a week each way that a railhead must fill; 0 asks for none."""
    faster_kph: float | None = None
    """Speed of trains on double track, km/h."""
    stated_road_km: float = 700.0
    """Road distance that the days of the tariffs hold for."""
    stated_rail_km: float = 739.0
    """The same by rail."""
    locomotive: Locomotive = field(default_factory=Locomotive)


@dataclass(frozen=True)
class Ways:
    """Each flow (row) by road and by each railhead (columns), per TEU; NaN where there is none."""

    thb: FloatArray
    co2_kg: FloatArray
    truck_km: FloatArray
    days: FloatArray
    """By rail from yard to gateway with terminals."""

    def and_over(self, other: Ways, place: int) -> Ways:
        """Add the ways over one railhead of others."""
        column = place + 1
        both = zip(self._parts, other._parts, strict=True)
        return Ways(*(np.column_stack([mine, part[:, column]]) for mine, part in both))

    @property
    def _parts(self) -> tuple[FloatArray, ...]:
        return self.thb, self.co2_kg, self.truck_km, self.days


@dataclass(frozen=True)
class FreightResult:
    """Where freight goes in one case."""

    world: World
    terms: Terms
    prices: Prices
    ways: Ways
    shares: FloatArray
    """Of each flow (row) by road and by each railhead; NaN where there is no way."""
    teu_out: FloatArray
    """TEU a year of each flow to its gateway; NaN where unknown."""
    teu_in: FloatArray
    served: Mapping[str, tuple[str, ...]]
    """Railheads with trains, by gateway."""
    decided: FloatArray
    """What a TEU of each flow costs when its sender chooses, THB; see `generalised`."""

    @property
    def teu(self) -> FloatArray:
        """Give TEU a year of each flow in either direction; NaN where unknown."""
        return np.asarray(self.teu_out + self.teu_in)

    @cached_property
    def carried(self) -> FloatArray:
        """Give TEU a year of each flow by each way, zero where unknown or without a way."""
        return np.asarray(np.nan_to_num(self.shares * self.teu[:, None]))

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is soon worked out again."""
        return {name: value for name, value in vars(self).items() if name != "carried"}

    @property
    def unknown_flows(self) -> int:
        """Count flows whose TEU nobody knows."""
        return int(np.isnan(self.teu).sum())

    @property
    def unreached_flows(self) -> int:
        """Count flows without any way."""
        return int(np.isnan(self.ways.thb).all(axis=1).sum())

    @property
    def unreached_teu(self) -> float:
        """Give TEU a year without any way, as far as known."""
        none = np.isnan(self.ways.thb).all(axis=1)
        return float(np.nansum(self.teu[none]))

    def sum_of(self, each: FloatArray) -> float:
        """Add up something per TEU (flows, ways) over what is carried."""
        return float(np.nansum(self.carried * np.nan_to_num(each)))

    @property
    def thb(self) -> float:
        """Give cost of everything that has a way, waiting valued, THB a year."""
        return self.sum_of(self.ways.thb)

    @property
    def decided_thb(self) -> float:
        """Give what senders decide by: the cost, by logit less what a choice is worth, THB."""
        return float(np.nansum(self.decided * np.nan_to_num(self.teu)))

    @property
    def co2_kg(self) -> float:
        """Give CO2 of everything that has a way, kg a year."""
        return self.sum_of(self.ways.co2_kg)

    @property
    def truck_km(self) -> float:
        """Give lorry-km of everything that has a way, there and back, a year."""
        return self.sum_of(self.ways.truck_km)

    def column(self, railhead: str) -> int:
        """Find the column of a railhead; raise LayerError if there is none."""
        keys = [one.key for one in self.world.railheads]
        if railhead not in keys:
            raise LayerError(
                Fault("unknown_railhead", key=railhead, found=railhead, expected=", ".join(keys))
            )
        return keys.index(railhead) + 1

    def captured(self, railhead: str, *, box: str | None = None) -> float:
        """Give the loaded TEU a year that a railhead takes, in either direction."""
        of_box = [box is None or flow.demand.box == box for flow in self.world.flows]
        return float(self.carried[of_box, self.column(railhead)].sum())

    def through(self, railhead: str, gateway: str, direction: Direction) -> float:
        """Give the loaded TEU a year between a railhead and a gateway in one direction."""
        chosen = self.world.rows[gateway, direction]
        return float(self.carried[chosen, self.column(railhead)].sum())


def move(
    world: World, tariffs: Tariffs, terms: Terms, *, ways: Ways | None = None
) -> FreightResult:
    """Send all freight its way."""
    if world.faults:
        raise LayerError(world.faults)
    prices = tariffs.prices(terms.case)
    ways = ways or ways_of(world, prices, terms)
    teu = np.array([flow.teu(terms.level) for flow in world.flows], dtype=np.float64)
    out = np.logical_or.reduce([world.rows[one.key, "out"] for one in world.gateways])
    teu_out, teu_in = np.where(out, teu, 0.0), np.where(out, 0.0, teu)
    shares = np.full(ways.thb.shape, np.nan)
    decided = np.full(len(world.flows), np.nan)
    served = {}
    for gateway in world.gateways:
        rows = world.rows[gateway.key, "out"] | world.rows[gateway.key, "in"]
        found = choose(
            ways.thb[rows],
            teu_out[rows],
            teu_in[rows],
            least_teu=WEEKS * terms.departures_a_week * prices["block_train_minimum"],
            other_teu=np.array([railhead.other_teu for railhead in world.railheads]),
            choice=terms.choice,
            scale=prices["logit_scale"],
        )
        shares[rows], decided[rows] = found.shares, found.each
        served[gateway.key] = tuple(
            railhead.key
            for railhead, runs in zip(world.railheads, found.served, strict=True)
            if runs
        )
    return FreightResult(world, terms, prices, ways, shares, teu_out, teu_in, served, decided)


def limited_to(result: FreightResult, share: float) -> FreightResult:
    """Leave on the road what trains lack the wagons for: all but this share, 0 to 1."""
    part = min(1.0, max(0.0, share))
    rail = result.shares[:, 1:].copy()
    by_road = ~np.isnan(result.ways.thb[:, 0])
    rail[by_road] *= part
    road = 1.0 - rail.sum(axis=1)
    mixed = part * result.decided + (1.0 - part) * result.ways.thb[:, 0]
    return replace(
        result,
        shares=np.column_stack([road, rail]),
        decided=np.where(by_road, mixed, result.decided),
    )


def ways_of(world: World, prices: Prices, terms: Terms) -> Ways:
    """Cost every flow by road and by every railhead, per TEU."""
    shape = (len(world.flows), 1 + len(world.railheads))
    thb, co2, lorry, days = (np.full(shape, np.nan) for _ in range(4))
    waiting = waiting_of(prices, terms.stated_road_km, terms.stated_rail_km)
    kinds: dict[tuple[str, Direction], list[int]] = {}
    for row, flow in enumerate(world.flows):
        kinds.setdefault((flow.demand.box, flow.demand.direction), []).append(row)
    for (key, direction), chosen in kinds.items():
        box, back = BOXES[key], back_of(world.flows, key, direction, prices, terms)
        rows = np.array(chosen)
        km = np.array([_road_km(world, world.flows[row], terms.case) for row in chosen])
        thb[rows, 0] = total(road_parts(box, km, prices, back, waiting)) / box.teu
        co2[rows, 0] = road_co2_kg(box, km, prices) / box.teu
        lorry[rows, 0] = truck_km(box, km) / box.teu
        ends = [(world.flows[row].demand.origin, world.flows[row].gateway) for row in chosen]
        for col, railhead in enumerate(world.railheads, start=1):
            known = {pair: _rail_way(world, *pair, railhead, terms) for pair in dict.fromkeys(ends)}
            drayage, rail, double = np.array([known[pair] for pair in ends]).T
            fast, kph = np.minimum(double, rail), terms.faster_kph
            parts = rail_parts(
                box, drayage, rail, prices, back, waiting, faster_km=fast, faster_kph=kph
            )
            thb[rows, col] = total(parts) / box.teu
            days[rows, col] = rail_days(rail, prices, waiting, faster_km=fast, faster_kph=kph)
            co2[rows, col] = rail_co2_kg(box, drayage, rail, prices, back) / box.teu
            lorry[rows, col] = truck_km(box, None, drayage) / box.teu
    return Ways(thb, co2, lorry, days)


def back_of(
    flows: tuple[Flow, ...], box: str, direction: Direction, prices: Prices, terms: Terms
) -> WayBack:
    """Say how boxes of a class come back that go out loaded in a direction."""
    same, other = (
        float(
            np.nansum(
                [
                    flow.teu(terms.level)
                    for flow in flows
                    if flow.demand.box == box and (flow.demand.direction == direction) is alike
                ]
            )
        )
        for alike in (True, False)
    )
    return _back(same, other, prices, terms)


def _back(loaded: float, other: float, prices: Prices, terms: Terms) -> WayBack:
    if terms.empties == "none":
        return ONE_WAY
    if terms.empties == "tariff":
        return way_back_of_share(prices["empty_share_of_moves"])
    # Where nobody knows how much there is, nothing is known to come back loaded.
    return way_back_of(loaded, other, terms.match_back) if loaded > 0 else WayBack(1.0)


def _road_km(world: World, flow: Flow, case: Case) -> float:
    spread = world.road_km.get((flow.demand.origin, flow.gateway))
    return np.nan if spread is None else spread.at(level_of(case, "road"))


def _rail_way(
    world: World, origin: str, goal: str, railhead: Railhead, terms: Terms
) -> tuple[float, float, float]:
    """Give km of drayage, of rail and of that on double track; NaN where no train may take it."""
    none = (np.nan, np.nan, np.nan)
    gateway = next(one for one in world.gateways if one.key == goal)
    if any(year is not None and year > terms.year_be
           for year in (railhead.opens_be, gateway.rail_opens_be)):  # fmt: skip
        return none
    border = {one.key for one in world.gateways if one.role == "border"}
    # Freight that only passes through joins the railway at Den Chai or on the new line.
    if origin in border and railhead.role not in BORDER_RAILHEADS:
        return none
    spread = world.rail_km.get((railhead.key, gateway.key))
    drayage = world.drayage_km.get((origin, railhead.key), np.nan)
    if spread is None or np.isnan(drayage):
        return none
    track = world.tracks.get((railhead.key, gateway.key))
    return drayage, spread.at(level_of(terms.case, "rail")), track.double_km if track else 0.0
