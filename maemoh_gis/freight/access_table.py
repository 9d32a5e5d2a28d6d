"""Networks of a run, and `access.csv`: minutes, km and costs between their named places."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, text
from maemoh_gis.engine.cached_files import cached_outputs
from maemoh_gis.engine.stages import StageContext
from maemoh_gis.files import write_csv
from maemoh_gis.freight.access_costs import COST_COLUMNS, BoxCosts, Over
from maemoh_gis.freight.layers import FreightLayers
from maemoh_gis.freight.pair_distances import PairDistances
from maemoh_gis.freight.year import STAGE as FREIGHT_YEAR
from maemoh_gis.freight.year import freight_year, in_freight_year
from maemoh_gis.network.outputs import content_of_network, networks_on_record, write_networks
from maemoh_gis.network.result import network_of, networks_of
from maemoh_gis.network.stages import network_stages
from maemoh_gis.presentation.feature import Feature
from maemoh_gis.reach.map import reach_layers

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.pair_distances import Way


ACCESS_COLUMNS = (
    "network", "from_kind", "from_th", "from_en", "to_kind", "to_th", "to_en",
    "road_minutes", "road_km", "road_stated_km", "road_offset_m", "road_straight_km", "road_gap",
    "road_gap_th", "road_gap_en", "rail_minutes", "rail_km", "rail_stated_km", "confidence",
    *COST_COLUMNS,
)  # fmt: skip

_NAMED_MOST = 200
"""Places beyond this many would make a table nobody reads; only the first are in it."""


def write_access(results: Results, folder: Path) -> dict[str, str]:
    """Write minutes, km and costs between the named places of every network, if there is one."""
    networks = networks_of(results)
    if not networks:
        return {}
    path = folder / "access.csv"
    rows = [row for id in networks for row in _access_rows(results, id)]
    return {path.name: write_csv(path, ACCESS_COLUMNS, rows, for_excel=True)}


def facts_of_freight(results: Results) -> list[Any] | None:
    """
    Give what decides the distances and costs of freight between the places of a network.

    Freight with its layers, and the year from which on it is as in the scenario's; None where no
    freight is sent.
    """
    scenario, catalog = results.resolved.scenario, results.catalog
    if scenario.freight is None:
        return None
    return [
        scenario.freight.model_dump(mode="json", exclude={"basis"}),
        {id: catalog[id].model_dump(mode="json") for id in scenario.freight.layers()},
        {id: section.double_from for id, section in scenario.rail.items()},
        _bench_of_freight(results).scenario.year,
        results.grid.crs,
    ]


def _bench_of_freight(results: Results) -> StageContext:
    """Look at freight in the year from which on it is as in the scenario's, as its stages do."""
    bench = StageContext(results.resolved.scenario, results.layers, results.grid)
    return in_freight_year(bench, {FREIGHT_YEAR: freight_year(bench)})


def _access_rows(results: Results, id: str) -> Iterator[tuple[object, ...]]:
    """Give a row for every two named places that lorries or trains join."""
    scenario = results.resolved.scenario
    network, built = scenario.networks[id], network_of(results, id)
    places = built.places[:_NAMED_MOST]
    source = None
    if scenario.freight is not None:
        source = FreightLayers(_bench_of_freight(results))
    kph = network.linehaul.road_kph if network.linehaul else math.nan
    pairs = PairDistances(built, places, source, kph)
    prices = None if source is None else _PairCosts(pairs, BoxCosts.of(source))
    for start, one in enumerate(places):
        for end, other in enumerate(places):
            road, rail = pairs.road(start, end), pairs.rail(start, end)
            if start == end or (math.isnan(road.minutes) and math.isnan(rail.minutes)):
                continue
            names = (one.kind, one.name_th, one.name_en, other.kind, other.name_th, other.name_en)
            off = "" if math.isnan(road.minutes) else round(one.offset_m + other.offset_m)
            costs = [""] * len(COST_COLUMNS) if prices is None else prices.row(start, end)
            yield (
                id, *names, *_numbers(road), off, *_gap(pairs, start, end),
                *_numbers(rail), network.confidence, *costs,
            )  # fmt: skip


def _numbers(way: Way) -> list[object]:
    if math.isnan(way.minutes):
        return ["", "", ""]
    return [round(way.minutes, 1), round(way.km.central, 2), round(way.stated_km, 2)]


def _gap(pairs: PairDistances, start: int, end: int) -> list[object]:
    """Give the straight line, and say where the way is so long that the layer lacks a road."""
    if math.isnan(pairs.road(start, end).minutes):
        return [""] * 4
    straight = round(pairs.straight_km(start, end), 2)
    if not pairs.is_gap(start, end):
        return [straight, "no", "", ""]
    return [straight, "yes", *(text("access.gap", language) for language in LANGUAGES)]


class _PairCosts:
    """Costs of boxes between the named places of a network."""

    def __init__(self, pairs: PairDistances, costs: BoxCosts) -> None:
        self.pairs, self.costs = pairs, costs
        self._over: dict[tuple[int, int], Over | None] = {}

    def row(self, start: int, end: int) -> list[object]:
        """Give the cells of `COST_COLUMNS` for two places, by their numbers."""
        gateways = [self.pairs.is_gateway(number) for number in (start, end)]
        road = self.pairs.road(start, end)
        if all(gateways):
            return [""] * len(COST_COLUMNS)
        if any(gateways):
            near, gateway = (end, start) if gateways[0] else (start, end)
            return self.costs.to_gateway(road.km, self._station(near, gateway))
        return self.costs.within(road.km.central)

    def _station(self, near: int, gateway: int) -> Over | None:
        """Find the station over which a box costs least, of those with trains to a gateway."""
        if (near, gateway) not in self._over:
            self._over[near, gateway] = self._cheapest(near, gateway)
        return self._over[near, gateway]

    def _cheapest(self, near: int, gateway: int) -> Over | None:
        found: list[tuple[float, int, Over]] = []
        own = self.pairs.rail(near, gateway)
        # From a station a box goes by its own trains.
        numbers = range(len(self.pairs.places)) if math.isnan(own.minutes) else [near]
        for number in numbers:
            rail = self.pairs.rail(number, gateway)
            if math.isnan(rail.minutes) or self.pairs.is_gateway(number):
                continue
            km = 0.0 if number == near else self.pairs.road(near, number).km.central
            if not math.isnan(km):
                place, gap = self.pairs.places[number], self.pairs.is_gap(near, number)
                over = Over(place.name_th, place.name_en, km, rail, gap=gap and number != near)
                found.append((self.costs.by_rail("heavy_20", "central", over), number, over))
        return min(found, key=lambda one: one[:2])[2] if found else None


def _write_networks(results: Results, folder: Path) -> dict[str, str]:
    """Write networks, or take those of any scenario with the same ones and the same freight."""
    scenario = results.resolved.scenario
    return cached_outputs(
        results.store, folder,
        lambda place: write_networks(results, place) | write_access(results, place),
        "networks",
        {id: [content_of_network(results, id), one.confidence,
              one.linehaul.road_kph if one.linehaul else None]
         for id, one in scenario.networks.items()},
        facts_of_freight(results) if scenario.networks else None,
    )  # fmt: skip


def _networks_on_record(results: Results) -> dict[str, Any]:
    return {"networks": networks_on_record(results)}


NETWORKS = Feature(
    stages=lambda scenario, _: network_stages(scenario),
    write=_write_networks,
    record={50: _networks_on_record},
    map_layers={20: reach_layers},
)
