"""What is known of freight once it is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, same
from maemoh_gis.freight.engine import FreightResult
from maemoh_gis.freight.estate import EstateFreight
from maemoh_gis.freight.tariffs import Case
from maemoh_gis.freight.yard_worth import YardIndicators
from maemoh_gis.phase_out.path import Amount

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.engine.results import Results

STAGE = "freight"
"""Id of the stage that gives a `FreightReport`."""


@dataclass(frozen=True)
class Emission:
    """What a part of the boxes of a year emits."""

    yard: str
    """Key of the new yard; empty without one."""
    case: str
    """Case of prices by which senders choose."""
    way: str
    """`road`, `rail` (with the lorry between yard and sender), `all`, or `change`: all with the
    yard less all without it."""
    teu: float
    lorry_km: float
    """There and back."""
    co2_t: Amount


@dataclass(frozen=True)
class BreakEven:
    """From which road distance a box goes by rail on a straight corridor, in one case."""

    box: str
    case: Case
    one_way_km: float
    """Counting the loaded way alone; NaN if never."""
    balanced_km: float
    """With an empty box back by rail for each loaded one; NaN if never."""


@dataclass(frozen=True)
class FreightReport:
    """What the stage found."""

    indicators: Mapping[str, YardIndicators]
    """By id of the place, of a new yard there; places that no train can reach are absent."""
    left_out: tuple[str, ...]
    """Places too far from the line for trains."""
    unreached: tuple[str, ...]
    """Places by the line that lie too far from every recorded road: what freight a yard there would
    take is not known."""
    best: str | None
    """Place whose yard saves most beside all railheads that stand already, where prices favour
    rail; None if none saves anything."""
    alone: YardIndicators | None
    """What the best yard would bring in another world, in which no railhead that stands loads
    containers: that any does is not confirmed. It is compared with no figure of `indicators`."""
    loaded_alone: YardIndicators | None
    """The same in the world in which no box goes back empty by train either; None where the
    scenario lets none do so."""
    flows: Mapping[tuple[str, Case], FreightResult]
    """Where freight goes, by place of the yard and case: without a new yard (""), and with the best
    one."""
    names: Mapping[str, Text]
    """Names of origins, commodities, gateways and railheads, new yards too, by
    key."""
    break_even: tuple[BreakEven, ...]
    areas: gpd.GeoDataFrame
    """From where heavy boxes go over which railhead; see `market_areas`."""
    lines: gpd.GeoDataFrame
    """Where freight goes over drawn roads and rails; see `flow_lines`."""
    emissions: tuple[Emission, ...]
    """What the flows emit; see `emissions_of`."""
    costs: tuple[tuple[object, ...], ...]
    """What a box costs part by part; see `cost_rows`."""
    wagons: float
    """Wagons that may serve the region in the year."""
    gaps: frozenset[tuple[str, str]]
    """Origin, and railhead or gateway, between which the layer of roads must be taken to lack one:
    the recorded way is too long, and so are the costs that rest on it too high."""
    estate: EstateFreight | None = None
    """What is known of the freight of a full estate; None without one."""

    def name_of(self, place: str) -> Text:
        """Name a new yard by the id of its place; empty without one."""
        found = self.indicators.get(place)
        return self.names.get(place if found is None else found.key, same(""))

    @property
    def senders(self) -> tuple[str, ...]:
        """List the origins that have freight, known or not."""
        flows = self.flows["", "central"].world.flows
        return tuple(dict.fromkeys(flow.demand.origin for flow in flows))

    def gap_senders(self, place: str) -> tuple[str, ...]:
        """List the origins whose drayage to the yard of a place rests on a gap of the layer."""
        key = self.indicators[place].key
        return tuple(origin for origin in self.senders if (origin, key) in self.gaps)


def freight_of(results: Results) -> FreightReport | None:
    """Give what a run found of freight; None without freight."""
    return results.found_as(STAGE, FreightReport)
