"""Networks of a run, and `access.csv`: minutes, km and costs between their named places."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.access.costs import COST_COLUMNS, BoxCosts, Over
from maemoh_gis.access.distances import PairDistances
from maemoh_gis.cache.derived import by_content, cached_files
from maemoh_gis.core.messages import LANGUAGES, text
from maemoh_gis.engine.stages import StageContext
from maemoh_gis.files import write_csv
from maemoh_gis.freight.layers import FreightLayers
from maemoh_gis.freight.year import STAGE as FREIGHT_YEAR
from maemoh_gis.freight.year import freight_year, in_freight_year
from maemoh_gis.network.outputs import networks_on_record
from maemoh_gis.network.stages import network_stages
from maemoh_gis.presentation.feature import Feature
from maemoh_gis.reach.map import reach_layers

if TYPE_CHECKING:
    from maemoh_gis.access.distances import Way
    from maemoh_gis.engine.results import Results
    from maemoh_gis.network.stages import BuiltNetwork


ACCESS_COLUMNS = (
    "network", "from_kind", "from_th", "from_en", "to_kind", "to_th", "to_en",
    "road_minutes", "road_km", "road_stated_km", "road_offset_m", "road_straight_km", "road_gap",
    "road_gap_th", "road_gap_en", "rail_minutes", "rail_km", "rail_stated_km", "confidence",
    *COST_COLUMNS,
)  # fmt: skip

_NAMED_MOST = 200
"""Places beyond this many would make a table nobody reads; only the first are in it."""


def write_access(
    folder: Path, networks: Mapping[str, tuple[str, float]], source: FreightLayers | None,
    *built: BuiltNetwork,
) -> dict[str, str]:  # fmt: skip
    """
    Write minutes, km and costs between the named places of networks.

    `networks` gives confidence and speed of lorries by id, in the order of the networks themselves.
    """
    rows: list[tuple[object, ...]] = []
    for (id, (trust, kph)), one in zip(networks.items(), built, strict=True):
        pairs = PairDistances(one, one.places[:_NAMED_MOST], source, kph)
        rows += _access_rows(id, trust, pairs)
    path = folder / "access.csv"
    return {path.name: write_csv(path, ACCESS_COLUMNS, rows, for_excel=True)}


def _bench_of_freight(results: Results) -> StageContext:
    """Look at freight in the year from which on it is as in the scenario's, as its stages do."""
    context = StageContext(results.resolved.scenario, results.layers, results.grid)
    return in_freight_year(context, {FREIGHT_YEAR: freight_year(context)})


def _access_rows(id: str, trust: str, pairs: PairDistances) -> Iterator[tuple[object, ...]]:
    """Give a row for every two named places that lorries or trains join."""
    places = pairs.places
    prices = None if pairs.source is None else _PairCosts(pairs, BoxCosts.of(pairs.source))
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
                *_numbers(rail), trust, *costs,
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


def _write_access(results: Results, folder: Path) -> dict[str, str]:
    """Write the table, or take that of any scenario with the same networks and the same freight."""
    scenario, store = results.resolved.scenario, results.store
    if not scenario.networks:
        return {}
    built = [by_content(store, results.keyed(f"network:{id}")) for id in scenario.networks]
    asked = {id: (one.confidence, one.linehaul.road_kph if one.linehaul else math.nan)
             for id, one in scenario.networks.items()}  # fmt: skip
    source = FreightLayers.of(_bench_of_freight(results)) if scenario.freight else None
    return cached_files(store, folder, write_access, asked, source, *built)


def _networks_on_record(results: Results) -> dict[str, Any]:
    return {"networks": networks_on_record(results)}


NETWORKS = Feature(
    stages=lambda scenario, _: network_stages(scenario),
    write=_write_access,
    record={50: _networks_on_record},
    map_layers={20: reach_layers},
)
