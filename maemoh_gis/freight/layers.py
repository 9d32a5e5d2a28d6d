"""
The layers of freight, read and checked, and distances by road between their places.

Inside the mapped region a road is as long as the network says; beyond it published distances count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.estate.growth import boxes_of
from maemoh_gis.freight.distances import Linehaul, between, read_linehaul, road_beyond
from maemoh_gis.freight.tariffs import Level, Tariffs, read_tariffs
from maemoh_gis.freight.world import Demand, Spread, read_demand
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.detours import is_gap
from maemoh_gis.network.edges import pieces_of
from maemoh_gis.network.places import Ground
from maemoh_gis.network.stages import joined_roads
from maemoh_gis.scenario.settings.freight import row_in

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.engine.stages import StageContext
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.network.edges import Piece
    from maemoh_gis.scenario.settings.estate import Estate
    from maemoh_gis.scenario.settings.freight import Freight
    from maemoh_gis.scenario.settings.phase_out import RailSection

ESTATE = "estate"
"""Key of the estate among the origins, and before the key of what its tenants send."""
_KM = 1000.0
# No id holds a colon, so no place can take the key of another's yard.
_NEW = ":new"


@dataclass(frozen=True)
class Place:
    """A place for a new yard; `new_yard` makes one."""

    key: str
    """Of the railhead it would be; see `yard_key`."""
    xy: tuple[float, float]
    """In the CRS of the grid."""
    opens_be: int | None = None
    """Year its railway opens."""


def yard_key(freight: Freight, id: str) -> str:
    """Give the key of a new yard at a place."""
    return f"{id}{_NEW}" if id in freight.railheads else id


def new_yard(
    source: FreightLayers, id: str, xy: tuple[float, float], opens_be: int | None = None
) -> Place:
    """
    Plan a new yard at a place in the CRS of the grid.

    It opens in the year given, else with the line that opens the place.
    """
    return Place(yard_key(source.freight, id), xy, opens_be or source.opening(id, None))


@dataclass(frozen=True, eq=False)
class FreightLayers:
    """The layers of freight, read and checked once."""

    freight: Freight
    year_be: int
    rail: Mapping[str, RailSection]
    layers: Layers
    """Those of freight and no other."""
    crs: str
    estate: Estate | None = None
    """An estate that sends freight beside the table."""

    @classmethod
    def of(cls, context: StageContext) -> FreightLayers:
        """Look at the freight of a scenario."""
        scenario, freight = context.scenario, context.scenario.freight
        assert freight is not None
        layers = context.layers.only(freight.layers())
        return cls(freight, scenario.year, scenario.rail, layers, context.grid.crs, scenario.estate)

    @cached_property
    def tariffs(self) -> Tariffs:
        """Read the rates with their ranges."""
        return read_tariffs(
            self.layers.rows(self.freight.tariffs), file=self._file(self.freight.tariffs)
        )

    @cached_property
    def distances(self) -> list[Linehaul]:
        """Read published and stated long distances."""
        id = self.freight.distances
        return read_linehaul(self.layers.rows(id), file=self._file(id))

    @cached_property
    def demand_rows(self) -> list[dict[str, str]]:
        """Read the table of demand, as texts."""
        return self.layers.rows(self.freight.demand)

    @cached_property
    def demand(self) -> list[Demand]:
        """Gather the demand of the table and of the scenario."""
        known = list(self.origins["key"])
        found = read_demand(self.demand_rows, known, file=self._file(self.freight.demand))
        for commodity, more in self.freight.more_demand.items():
            if more.origin not in known:
                raise LayerError(
                    Fault("freight_unknown_place", key=commodity, found=more.origin,
                          expected=", ".join(known))
                )  # fmt: skip
            if more.from_year is None or more.from_year <= self.year_be:
                found.append(
                    Demand(more.origin, commodity, more.box, more.direction, Spread(*more.teu),
                           more.confidence)
                )  # fmt: skip
        return [*found, *self.demand_of_estate(self.year_be)]

    def demand_of_estate(self, year_be: int) -> list[Demand]:
        """Give what the tenants of an estate send and take in a year."""
        if self.estate is None:
            return []
        return [
            Demand(
                ESTATE,
                f"{ESTATE}_{one.industry}",
                one.box,
                one.direction,
                Spread(one.teu.low, one.teu.central, one.teu.high),
                one.teu.confidence,
            )
            for one in boxes_of(self.estate, year_be)
        ]

    @cached_property
    def gateways(self) -> gpd.GeoDataFrame:
        """Read the gateways of the scenario, with `key`."""
        return self._named(self.freight.gateways_layer, self.freight.gateways)

    @cached_property
    def railheads(self) -> gpd.GeoDataFrame:
        """Read the rival railheads of the scenario, with `key`."""
        return self._named(self.freight.railheads_layer, self.freight.railheads)

    @cached_property
    def origins(self) -> gpd.GeoDataFrame:
        """Read where freight begins or ends, with `key`: districts, mapped railheads, an estate."""
        import geopandas as gpd
        import pandas as pd

        about = self.freight.origins
        frame = self.layers.features(about.layer, self.crs, about.where)
        districts = frame.assign(key=frame[self.freight.origin_column].astype(str))
        mapped = [not self.freight.railheads[key].off_map for key in self.railheads["key"]]
        columns = ["key", "name_th", "name_en", "geometry"]
        both = [districts[columns], self.railheads[mapped][columns], *self._estate_at()]
        return gpd.GeoDataFrame(pd.concat(both, ignore_index=True), crs=self.crs)

    def _estate_at(self) -> list[gpd.GeoDataFrame]:
        import geopandas as gpd

        if self.estate is None:
            return []
        place = self.estate.place
        named = {"key": [ESTATE], "name_th": [place.title.th], "name_en": [place.title.en]}
        point = gpd.points_from_xy([place.lon], [place.lat])
        return [gpd.GeoDataFrame(named, geometry=point, crs="EPSG:4326").to_crs(self.crs)]

    @cached_property
    def roads(self) -> Ground:
        """Make the network of roads between origins and railheads, once for all who ask."""
        freight = self.freight
        asked = (freight.roads, dict[str, Any](), self.crs, freight.least_part_km)
        return self.layers.derived([freight.roads], joined_roads, *asked)[0]

    def reached(self, places: Sequence[Place]) -> list[Place]:
        """Keep the places that lie near enough to a recorded road."""
        import geopandas as gpd

        if not places:
            return []
        spots = gpd.GeoDataFrame(
            geometry=[shapely.Point(place.xy) for place in places], crs=self.crs
        )
        metres = self.roads.metres_to(spots)
        return [place for place, m in zip(places, metres, strict=True) if m <= self.freight.most_m]

    def opening(self, key: str, planned: Any) -> int | None:
        """Give the year a gateway or railhead gets trains: the scenario's, else the layer's."""
        import pandas as pd

        for line in self.freight.new_lines.values():
            if key in line.opens:
                return line.open_from
        year = pd.to_numeric(planned)
        return None if pd.isna(year) else int(year)

    def _named(self, id: str, wanted: Iterable[str]) -> gpd.GeoDataFrame:
        frame = self.layers.features(id, self.crs)
        absent = [key for key in wanted if key not in set(frame["key"])]
        if absent:
            known = ", ".join(frame["key"])
            raise LayerError(
                [Fault("unknown_freight_place", key=key, found=key, expected=known)
                 for key in absent]
            )  # fmt: skip
        order = {key: index for index, key in enumerate(wanted)}
        chosen = frame[frame["key"].isin(order)]
        return chosen.iloc[np.argsort([order[key] for key in chosen["key"]], kind="stable")]

    def _file(self, id: str) -> str:
        return str(self.layers.catalog[id].path)


class RoadDistances:
    """Distances by road of a scenario, all from one search each."""

    def __init__(
        self, source: FreightLayers, places: Sequence[Place], *, most_m: float | None = None
    ) -> None:
        import geopandas as gpd

        self.source, self.freight = source, source.freight
        railheads = source.railheads[
            [not self.freight.railheads[key].off_map for key in source.railheads["key"]]
        ]
        points: dict[tuple[str, str], Any] = {}
        for key, shape in zip(source.origins["key"], source.origins.geometry, strict=True):
            points["origin", key] = shape
        for key, shape in zip(railheads["key"], railheads.geometry, strict=True):
            points["railhead", key] = shape
        for place in places:
            points["railhead", place.key] = shapely.Point(place.xy)
        lonlat = gpd.GeoSeries.from_xy(
            [one.lon for one in self.freight.exits.values()],
            [one.lat for one in self.freight.exits.values()],
            crs="EPSG:4326",
        ).to_crs(source.crs)
        for key, shape in zip(self.freight.exits, lonlat, strict=True):
            points["exit", key] = shape
        self.names = list(points)
        frame = gpd.GeoDataFrame(
            {"name_en": [key for _, key in self.names]},
            geometry=list(points.values()),
            crs=source.crs,
        )
        # The straight way from a place to the road is part of the drive.
        off_km = source.roads.metres_to(frame) / _KM
        most_m = self.freight.most_m if most_m is None else most_m
        ground = source.roads.copied()
        landings = ground.put(frame, most_m=most_m, name_column=None)
        graph = ground.graph
        nodes = [landing.node for landing in landings]
        self.graph = graph
        self.nodes = dict(zip(self.names, nodes, strict=True))
        self.network = network_arrays(graph, "length")
        km = np.divide(least_costs(self.network, nodes, nodes).values, _KM)
        self.off_km = off_km[:, None] + off_km[None, :]
        # To the millimetre: one place more cuts an edge, which must change no last bit elsewhere.
        self.km = np.round(km + self.off_km, 6)
        x, y = (np.array([getattr(shape, axis) for shape in points.values()]) for axis in "xy")
        self.straight_km = np.hypot(x[:, None] - x, y[:, None] - y) / _KM

    @cached_property
    def pieces(self) -> list[Piece]:
        """The stretches of its roads on the ground."""
        return pieces_of(self.graph)

    def is_gap(self, start: tuple[str, str], end: tuple[str, str]) -> bool:
        """
        Say whether a way is so long that the layer of roads must be taken to lack one.

        See `detours`; never for two places at one spot.
        """
        if end[0] == "far":
            leaves = self.leaves_by(start, end[1])
            if leaves is None:
                return False
            end = ("exit", leaves)
        row, col = self.names.index(start), self.names.index(end)
        return is_gap(float(self.km[row, col]), float(self.straight_km[row, col]))

    def gaps(self, railheads: Iterable[str]) -> frozenset[tuple[str, str]]:
        """Find the ways of freight by road on which the layer must be taken to lack a road."""
        origins = [key for kind, key in self.names if kind == "origin"]
        ends = [
            ("railhead" if ("railhead", key) in self.nodes else "far", key) for key in railheads
        ]
        ends += [("far", key) for key in self.freight.gateways]
        return frozenset(
            (origin, end[1])
            for origin in origins
            for end in ends
            if self.is_gap(("origin", origin), end)
        )

    def leaves_by(self, start: tuple[str, str], key: str) -> str | None:
        """
        Find the exit over which a place is nearest to a far one.

        Of equal exits the first; None where the distance is stated from the place itself, or no
        exit is reached.
        """
        place = self._place_of(key)
        if start[0] == "origin" and self.stated(start[1], place) is not None:
            return None
        rest = self.beyond_exits(key, place, "central")
        row = self.names.index(start)
        km = {id: self.km[row, self.names.index(("exit", id))] + far for id, far in rest.items()}
        reached = {id: value for id, value in km.items() if not np.isnan(value)}
        return min(reached, key=lambda id: reached[id], default=None)

    def _place_of(self, key: str) -> str:
        """Give the name of a far place in the table of distances."""
        return (self.freight.gateways.get(key) or self.freight.railheads[key]).place

    def _table(self, rows: str, cols: str) -> tuple[list[str], list[str], FloatArray]:
        row = [i for i, (kind, _) in enumerate(self.names) if kind == rows]
        col = [i for i, (kind, _) in enumerate(self.names) if kind == cols]
        return ([self.names[i][1] for i in row], [self.names[i][1] for i in col],
                self.km[np.ix_(row, col)])  # fmt: skip

    def road_km(self) -> dict[tuple[str, str], Spread]:
        """Give km from origins to gateways."""
        return {
            (origin, gateway): km
            for gateway in self.freight.gateways
            for origin, km in self.far_km(gateway).items()
        }

    def far_km(self, key: str, kind: str = "origin") -> dict[str, Spread]:
        """
        Give km from places to one beyond the region.

        By place: what is stated from itself, else over the exit that makes the way shortest. Empty
        where no distance is stated at all.
        """
        place = self._place_of(key)
        found = self._beyond(key, place, kind)
        for start in found if kind == "origin" else ():
            if own := self.stated(start, place):
                found[start] = own
        return found

    def stated(self, origin: str, place: str) -> Spread | None:
        """Give km from an origin to a far place where they are stated from itself."""
        name = self.freight.own_distances.get(origin)
        if name is None:
            return None
        return between(self.source.distances, name, place, "road", self.source.year_be)

    def drayage_km(self) -> dict[tuple[str, str], float]:
        """Give km from origins to railheads and places."""
        origins, railheads, km = self._table("origin", "railhead")
        found = {
            (origin, railhead): float(km[i, j])
            for i, origin in enumerate(origins)
            for j, railhead in enumerate(railheads)
        }
        for key, about in self.freight.railheads.items():
            if about.off_map:
                far = self.far_km(key)
                found |= {(origin, key): spread.central for origin, spread in far.items()}
        return found

    def beyond_exits(self, key: str, place: str, level: Level) -> dict[str, float]:
        """Give what remains from each exit to a far place."""
        anchor = self.freight.anchor
        origins, exits, km = self._table("origin", "exit")
        whole = between(self.source.distances, anchor.place, place, "road", self.source.year_be)
        if whole is None or anchor.origin not in origins:
            return {}
        away = km[origins.index(anchor.origin)]
        return {
            id: max(0.0, whole.at(level) - float(away[j]))
            for j, id in enumerate(exits)
            if key in self.freight.exits[id].toward
        }

    def _beyond(self, key: str, place: str, kind: str) -> dict[str, Spread]:
        """Give km from places of a kind to a far place, over the exits that lead to it."""
        anchor = self.freight.anchor
        origins, exits, km = self._table("origin", "exit")
        starts, _, there = self._table(kind, "exit")
        used = [j for j, id in enumerate(exits) if key in self.freight.exits[id].toward]
        whole = between(self.source.distances, anchor.place, place, "road", self.source.year_be)
        if whole is None or not used:
            return {}
        if anchor.origin not in origins:
            raise LayerError(
                Fault("freight_unknown_place", key="anchor", found=anchor.origin,
                      expected=", ".join(origins))
            )  # fmt: skip
        spreads = road_beyond(there[:, used], km[origins.index(anchor.origin)][used], whole)
        return dict(zip(starts, spreads, strict=True))


def fleet_of(source: FreightLayers) -> float:
    """Give the wagons that may serve the region in the scenario's year."""
    fleet = source.freight.fleet
    return row_in(fleet.wagons, source.year_be) * fleet.share
