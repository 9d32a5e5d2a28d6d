"""
Stages of accessibility: the roads solved towards destinations, and what each cell reaches.

    network:ID ─> ways:ACCESS ─> access:ACCESS ─> access_bounds:ACCESS

Minutes are read at each cell as travel minutes are, and the formula is applied there, so the figure
does not depend on where roads are cut into edges, nor on the window.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.engine.assemble import OfNoCell
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.network.places import with_places
from maemoh_gis.reach.access_field import AccessField, roads_of
from maemoh_gis.reach.accessibility import cumulative, gravity, reached_ratios, supply_ratios

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.network.stages import BuiltNetwork
    from maemoh_gis.scenario.settings.access import Access
    from maemoh_gis.scenario.settings.network import Network
    from maemoh_gis.scenario.settings.parts import Where
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.measure_stages import Inputs

# Cells times destinations worked on at once, to bound memory; it changes no figure.
_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class AccessBounds:
    """Between what accessibility lies where layers may lack roads, destinations or people."""

    least: FloatArray
    """float32 (rows, cols), never above what is measured; NaN where that is."""
    most: FloatArray
    """float32 (rows, cols), never below it; infinite where unrecorded destinations may add."""


@dataclass(frozen=True)
class Completeness:
    """Which layers are complete over the land."""

    roads: bool
    offered: bool
    asked: bool


@dataclass(init=False, eq=False)
class Ways(OfNoCell):
    """Destinations on the roads, and what each offers."""

    access: Access
    field: AccessField
    offered: FloatArray
    """What each destination offers, (destinations,)."""
    ratios: FloatArray
    """Supply of each by who asks for it; empty where nobody is asked for."""
    least_ratios: FloatArray
    """The same, were every way as quick as any unrecorded road could be."""

    def __init__(
        self, access: Access, network: Network, graph: Graph, layers: Layers, crs: str
    ) -> None:
        assert network.walk_kph is not None
        assert network.most_walk_m is not None
        roads = roads_of(graph)
        asking: list[int] = []
        asked: FloatArray = np.empty(0)
        if access.demand is not None:
            demand = access.demand
            chosen = (demand.layer, demand.where, demand.weight)
            roads, asking, asked = _placed(roads, chosen, access.most_m, layers, crs)
        roads, ends, self.offered = _placed(
            roads, (access.to, access.where, access.weight), access.most_m, layers, crs
        )
        self.access = access
        self.ratios = self.least_ratios = np.empty(0)
        self.field = AccessField(
            roads, ends, walk_kph=network.walk_kph, most_walk_m=network.most_walk_m
        )
        if access.demand is not None:
            assert access.within_minutes is not None
            known, straight = self.field.minutes_from(asking)
            within = access.within_minutes
            self.ratios = supply_ratios(known, self.offered, asked, within)
            straight = np.fmin(straight, known)
            self.least_ratios = supply_ratios(straight, self.offered, asked, within)

    def measured(self, grid: Grid) -> FloatArray:
        """
        Measure accessibility by the recorded roads, float32 (rows, cols), in the CRS of the
        network.

        NaN where no destination can be reached, and where a supply is within reach that nobody asks
        for.
        """
        ratios = None if self.access.demand is None else self.ratios
        return self._by_cell(grid, lambda x, y: self._figure(self.field.minutes(x, y), ratios))

    def bounds(self, grid: Grid, measured: FloatArray, complete: Completeness) -> AccessBounds:
        """
        Bound accessibility, as `measured` on the same grid, where layers may lack something.

        An unrecorded road leads straight, at the speed of the fastest recorded one, at best; so it
        brings a cell nearer to what is offered, and brings others nearer who share it. Unrecorded
        destinations may add without end; unrecorded people may leave nothing.
        """
        catchment = self.access.demand is not None
        least = most = measured
        if catchment and not complete.asked:
            least = np.zeros_like(measured)
        elif catchment and not complete.roads:
            fewest = np.nan_to_num(self.least_ratios, nan=0.0)
            least = self._by_cell(grid, lambda x, y: self._figure(self.field.minutes(x, y), fewest))
        if not complete.offered:
            most = np.full_like(measured, np.inf)
        elif not complete.roads:
            ratios = None
            if catchment:
                alone = np.where(self.offered > 0, np.inf, 0.0)
                ratios = np.where(np.isnan(self.ratios), alone, self.ratios)
            most = self._by_cell(grid, lambda x, y: self._figure(self._straight(x, y), ratios))
        # Rounding must not put the figure outside; where it is unknown, so are its bounds.
        return AccessBounds(np.minimum(least, measured), np.maximum(most, measured))

    def _straight(self, x: FloatArray, y: FloatArray) -> FloatArray:
        return np.asarray(np.fmin(self.field.least_minutes(x, y), self.field.minutes(x, y)))

    def _figure(self, minutes: FloatArray, ratios: FloatArray | None) -> FloatArray:
        access = self.access
        if access.decay is not None:
            assert access.rate is not None
            return gravity(minutes, self.offered, decay=access.decay, rate=access.rate).values
        assert access.within_minutes is not None
        if ratios is not None:
            return reached_ratios(minutes, ratios, access.within_minutes).values
        return cumulative(minutes, self.offered, access.within_minutes).values

    def _by_cell(
        self, grid: Grid, figure: Callable[[FloatArray, FloatArray], FloatArray]
    ) -> FloatArray:
        xs, ys = np.meshgrid(grid.x, grid.y)
        x, y = xs.ravel(), ys.ravel()
        out = np.empty(len(x), dtype=np.float32)
        step = max(_AT_ONCE // len(self.offered), 1)
        for start in range(0, len(x), step):
            part = slice(start, start + step)
            out[part] = figure(x[part], y[part])
        return out.reshape(grid.shape)


def access_stages(access: Access, network: Network, catalog: Catalog) -> Iterator[Stage]:
    """
    Make the stages of accessibility.

    Yields
    ------
    Stage
        `ways:ACCESS`, a `Ways`; `access:ACCESS`, float32 (rows, cols), by the roads the layer has;
        and, where a layer may lack something, `access_bounds:ACCESS`, an `AccessBounds`.
    """
    params: dict[str, Any] = access.model_dump(exclude_none=True)
    name = json.dumps(params, sort_keys=True, ensure_ascii=False)
    built = f"network:{access.network}"

    def solved(context: StageContext, inputs: Inputs) -> Ways:
        return Ways(access, network, inputs[built].graph, context.layers, context.grid.crs)

    ways, source = f"ways:{name}", f"access:{name}"
    walk = {"walk_kph": network.walk_kph, "most_walk_m": network.most_walk_m}
    yield Stage(ways, solved, "global", (built,), access.layers(), {"access": params, **walk})
    yield Stage(source, lambda b, i: i[ways].measured(b.grid), "local", (ways,))
    whole = {id: catalog[id].complete_within == "extent" for id in
             (network.roads.layer, *access.layers())}  # fmt: skip
    if not all(whole.values()):
        complete = Completeness(
            whole[network.roads.layer],
            whole[access.to],
            access.demand is None or whole[access.demand.layer],
        )
        yield Stage(
            f"access_bounds:{name}",
            lambda b, i: i[ways].bounds(b.grid, i[source], complete),
            "local",
            (ways, source),
            params={"complete": [complete.roads, complete.offered, complete.asked]},
        )


def build_access(scenario: Scenario, built: Mapping[str, BuiltNetwork], layers: Layers) -> None:
    """Solve every accessibility of a scenario to see whether it can be; else raise LayerError."""
    for use in scenario.uses.values():
        for criterion in use.criteria.values():
            access = criterion.measure.access if criterion.measure else None
            if access is not None:
                network = scenario.networks[access.network]
                graph = built[access.network].graph
                Ways(access, network, graph, layers, scenario.grid.crs)


def _placed(
    roads: Graph, chosen: tuple[str, Where, str | None], most_m: float, layers: Layers, crs: str
) -> tuple[Graph, list[int], FloatArray]:
    """Put points on the roads; give their nodes and their amounts."""
    layer, where, weight = chosen
    frame = layers.features(layer, crs, where)
    amounts = np.ones(len(frame))
    if weight is not None:
        amounts = frame[weight].to_numpy(dtype=np.float64, na_value=np.nan)
        if wrong := int((~(amounts >= 0) | np.isinf(amounts)).sum()):
            raise LayerError(Fault("amounts_not_amounts", layer, key=weight, found=str(wrong)))
    named = "name_en" if "name_en" in frame else None
    try:
        roads, landings = with_places(roads, frame, most_m=most_m, name_column=named)
    except LayerError as error:
        raise LayerError([f if f.file else replace(f, file=layer) for f in error.faults]) from error
    return roads, [landing.node for landing in landings], amounts
