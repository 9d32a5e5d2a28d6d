"""
What a new yard carries in one world, without running the land again.

Places, roads and distances are those of the run; what a switch moves is put into the scenario, the
tariffs, the railheads that stand or the railway, and freight is sent its way anew. All boxes that
go over the yard count, of the estate and of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.decision.ladder import WORLDS
from maemoh_gis.estate.growth import LEVELS, Level
from maemoh_gis.freight.boxes import waiting_of
from maemoh_gis.freight.engine import FreightResult, Terms, Ways, move, ways_of
from maemoh_gis.freight.inputs import candidates, freight_world, on_line
from maemoh_gis.freight.layers import ESTATE, FreightLayers, RoadDistances, fleet_of
from maemoh_gis.freight.stages import terms_of
from maemoh_gis.freight.tariffs import Tariffs
from maemoh_gis.freight.trains import Track
from maemoh_gis.freight.world import Railhead, Spread, level_of
from maemoh_gis.freight.yard_worth import YardCosts, within_wagons

if TYPE_CHECKING:
    from maemoh_gis.freight.layers import Place
    from maemoh_gis.freight.world import World
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.scenario.settings.switches import RailLink, Setting

_KG_PER_T, _HOURS = 1000.0, 24.0


@dataclass(frozen=True)
class Brought:
    """What the yard of a world brings in the year asked for, at one level; a year each."""

    teu_estate: float
    """Loaded TEU of the estate over it."""
    teu_other: float
    """Loaded TEU of all others over it."""
    thb_estate: float
    """What the senders of the estate save, THB."""
    thb_other: float
    fixed_thb: float
    """What land, tracks and machines of a container yard cost, THB."""
    days_more: float
    """Days a box over it is longer on the way than by lorry; NaN without a box."""
    co2_t_saved: float
    truck_km_avoided: float

    @property
    def thb_saved(self) -> float:
        """Give what all senders save together, THB."""
        return self.thb_estate + self.thb_other


@dataclass(frozen=True)
class YardWorld:
    """The best new yard of a world and what it brings."""

    yard: str
    """Key of its railhead; empty where no place is reached by a train."""
    brought: Mapping[Level, Brought]


@dataclass(frozen=True)
class Ground:
    """What stays the same in every world."""

    source: FreightLayers
    """Layers of freight in the year asked for."""
    places: Sequence[Place]
    """Places for a new yard that a road reaches."""
    roads: RoadDistances


def yard_world(ground: Ground, scenario: Scenario, settings: Sequence[Setting]) -> YardWorld:
    """Find the best yard of a world, by what its senders save where prices favour rail."""
    source = _source(ground, scenario, settings)
    world = _standing(ground, source, settings)
    terms = terms_of(source.freight, source.year_be)
    tariffs = _priced(source.tariffs, settings)
    yards = candidates(source, ground.places)
    best = _best(world, yards, tariffs, terms)
    if best is None:
        return YardWorld("", {})
    return YardWorld(
        best.key, {lv: _brought(source, world, best, tariffs, terms, lv) for lv in LEVELS}
    )


def _source(ground: Ground, scenario: Scenario, settings: Sequence[Setting]) -> FreightLayers:
    """Take the layers of freight as they are read, under what the switches change."""
    freight = scenario.freight
    assert freight is not None
    more = {id: one for setting in settings for id, one in setting.demand.items()}
    freight = freight.model_copy(update={"more_demand": freight.more_demand | more})
    made = replace(ground.source, freight=freight, rail=scenario.rail, estate=scenario.estate)
    # Tables and points rest on nothing a switch moves, and reading them takes longer than the rest.
    kept = ("tariffs", "distances", "demand_rows", "gateways", "railheads", "origins", "roads")
    vars(made).update({name: getattr(ground.source, name) for name in kept})
    return made


def _standing(ground: Ground, source: FreightLayers, settings: Sequence[Setting]) -> World:
    """Make the world of freight with the railheads and railways the switches leave."""
    world = freight_world(source, ground.places, ground.roads)
    shut = {key for setting in settings for key in setting.shut}
    world = world.with_railheads([one for one in world.railheads if one.key not in shut])
    for setting in settings:
        if setting.link is not None:
            world = linked(world, _posts(source, ground.places), setting.link)
    return world


def _posts(source: FreightLayers, places: Sequence[Place]) -> dict[str, float]:
    """Give the kilometre post of everything that stands on the line itself."""
    lines = on_line(source, places)
    return {key: one.km_post for key, one in lines.items() if not one.branch_km}


def linked(world: World, posts: Mapping[str, float], link: RailLink) -> World:
    """Send trains over a new railway where that is shorter; it is single track."""
    rail_km, tracks = dict(world.rail_km), dict(world.tracks)
    beyond = {gateway: km for (key, gateway), km in world.rail_km.items() if key == link.to}
    for key, post in posts.items():
        more = abs(post - link.from_km_post) + link.km
        for gateway, far in beyond.items():
            over = Spread(*(more + far.at(level) for level in LEVELS))
            known = rail_km.get((key, gateway))
            if known is None or over.central < known.central:
                rail_km[key, gateway] = over
                last = world.tracks.get((link.to, gateway), Track(0.0, 0.0))
                tracks[key, gateway] = Track(more + last.single_km, last.double_km)
    return replace(world, rail_km=rail_km, tracks=tracks)


def _priced(tariffs: Tariffs, settings: Sequence[Setting]) -> Tariffs:
    """Put the factors of the switches on the rates."""
    rates = dict(tariffs.rates)
    for setting in settings:
        for item, factor in setting.rates.items():
            one = rates[item]
            low, central, high = (factor * n for n in (one.low, one.central, one.high))
            rates[item] = replace(one, low=low, central=central, high=high)
    return Tariffs(rates)


def _best(
    world: World, yards: Sequence[Railhead], tariffs: Tariffs, terms: Terms
) -> Railhead | None:
    """Choose as the run does: most saved where prices favour rail, trains filled or not."""
    at = replace(terms, case=WORLDS["high"], departures_a_week=0.0)
    prices = tariffs.prices(at.case)
    old, new = ways_of(world, prices, at), ways_of(world.with_railheads(yards), prices, at)
    paid = [
        move(
            world.with_railheads([*world.railheads, yard]),
            tariffs,
            at,
            ways=old.and_over(new, place),
        ).decided_thb
        for place, yard in enumerate(yards)
    ]
    return yards[int(np.argmin(paid))] if yards else None


def _brought(
    source: FreightLayers,
    world: World,
    yard: Railhead,
    tariffs: Tariffs,
    terms: Terms,
    level: Level,
) -> Brought:
    """Set the world with the yard beside that without it."""
    at, wagons = replace(terms, level=level, case=WORLDS[level]), fleet_of(source)
    prices = tariffs.prices(at.case)
    old_ways = ways_of(world, prices, at)
    new_ways = old_ways.and_over(ways_of(world.with_railheads([yard]), prices, at), 0)
    before = within_wagons(move(world, tariffs, at, ways=old_ways), wagons)
    both = world.with_railheads([*world.railheads, yard])
    after = within_wagons(move(both, tariffs, at, ways=new_ways), wagons)
    of_estate = np.array([flow.demand.origin == ESTATE for flow in world.flows], dtype=bool)
    over = after.carried[:, after.column(yard.key)]
    saved = np.nan_to_num((before.decided - after.decided) * after.teu) * (over.sum() > 0)
    costs = YardCosts(**source.freight.yard.model_dump(exclude={"basis"}))
    any_box = float(over.sum() > 0)
    return Brought(
        float(over[of_estate].sum()),
        float(over[~of_estate].sum()),
        float(saved[of_estate].sum()),
        float(saved[~of_estate].sum()),
        costs.thb_a_year(prices),
        _days_more(after, over, new_ways, at),
        any_box * (before.co2_kg - after.co2_kg) / _KG_PER_T,
        any_box * (before.truck_km - after.truck_km),
    )


def _days_more(result: FreightResult, over: np.ndarray, ways: Ways, terms: Terms) -> float:
    """Give the mean of the days that boxes over the yard, the last of the ways, take longer."""
    if not over.sum() > 0:
        return float("nan")
    world, prices = result.world, result.prices
    waiting = waiting_of(prices, terms.stated_road_km, terms.stated_rail_km)
    level = level_of(terms.case, "road")
    km = [world.road_km.get((one.demand.origin, one.gateway)) for one in world.flows]
    road = np.array([np.nan if one is None else one.at(level) for one in km])
    days = waiting.road_days + road / prices["road_average_speed_long_haul"] / _HOURS
    more = ways.days[:, -1] - days
    known = (over > 0) & ~np.isnan(more)
    return float((more[known] * over[known]).sum() / over[known].sum()) if known.any() else np.nan
