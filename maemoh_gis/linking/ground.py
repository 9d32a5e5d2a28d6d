"""What a way would pass on the grid of a run: limits, slope, land, water, ways that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.files import open_raster

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.runs.finished import Run
    from maemoh_gis.scenario.settings.links import Led, Links, Way

OUTSIDE = "outside"
"""What bars a way beyond the study area, named like a limit."""
_OUTSIDE_STATE, _UNKNOWN_STATE = 0, 4


@dataclass(frozen=True)
class Ground:
    """The land of a run as ways look at it, arrays (rows, cols)."""

    grid: Grid
    limits: Mapping[str, BoolArray]
    """Where limits that name no use hold, removing ones first; `OUTSIDE` last."""
    removing: tuple[str, ...]
    """Those that remove land."""
    unknown: BoolArray
    """Where an input of a limit is missing."""
    slope: FloatArray
    """Percent; NaN is unknown."""
    land: IntArray
    """Codes of the classes; 0 is unknown."""
    classes: Mapping[int, str]
    modelled: BoolArray
    """Whether the class of land is modelled, not observed."""
    heights: FloatArray
    """Metres; NaN is unknown."""
    heights_error: FloatArray
    """Standard error of a height, metres; NaN is unknown."""
    features: Mapping[str, gpd.GeoDataFrame]
    """Features of the layers, by the key of their selection."""
    _touched: dict[str, BoolArray] = field(default_factory=dict, repr=False)

    def drawn(self, several: Iterable[Led]) -> list[gpd.GeoDataFrame]:
        """Give the features of some selections, those that are there."""
        keys = [key_of(one) for one in several]
        return [self.features[key] for key in keys if key in self.features]

    def touched(self, several: Sequence[Led]) -> BoolArray:
        """Find the cells that features of some selections touch, however little."""
        for one in several:
            key = key_of(one)
            if key not in self._touched:
                self._touched[key] = touched(shapes_of(self.drawn([one])), self.grid)
        return np.asarray(np.logical_or.reduce([self._touched[key_of(one)] for one in several]))

    @cached_property
    def by_class(self) -> Mapping[str, int]:
        """Give the code of each class by its key."""
        return {key: code for code, key in self.classes.items()}


def ground_of(run: Run, links: Links, layers: Layers) -> Ground:
    """Read the land of a finished run: limits as the run found them, all else from the layers."""
    limits, removing, unknown = _limits(run)
    grid, catalog = run.grid, layers.catalog
    modelled = [catalog[id].nature != "observed" for id in catalog.read_from(links.land)]
    errors = [catalog[i].accuracy.get("rmse_m", np.nan) for i in catalog.read_from(links.heights)]
    return Ground(
        grid,
        limits,
        removing,
        unknown,
        layers.numbers(links.slope, grid),
        layers.codes(links.land, grid),
        {int(code): one.key for code, one in catalog[links.land].classes.items()},
        np.array([*modelled, True])[_members(links.land, layers, grid)],
        layers.numbers(links.heights, grid),
        np.array([*errors, np.nan])[_members(links.heights, layers, grid)],
        dict(_features(links, layers, grid.crs)),
    )


def _members(id: str, layers: Layers, grid: Grid) -> IntArray:
    """Say which member of a stack each cell is read from; a layer by itself is not read again."""
    if len(layers.catalog.read_from(id)) == 1:
        return np.zeros(grid.shape, dtype=np.int16)
    return layers.members(id, grid)


def key_of(led: Led) -> str:
    """Name a selection of features."""
    return f"{led.layer} {sorted(led.where.items())}"


def _features(links: Links, layers: Layers, crs: str) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    for _, led in links.selections():
        if layers.catalog.has(led.layer) or not led.may_be_absent:
            yield key_of(led), layers.features(led.layer, crs, led.where)


def _limits(run: Run) -> tuple[dict[str, BoolArray], tuple[str, ...], BoolArray]:
    """
    Take from the rasters of a run where limits hold.

    Those that name uses are about the land of these uses, not about ways to it. Where decisions
    lift a limit for one use and not for another, it holds.
    """
    scenario, shape = run.scenario, run.grid.shape
    found: dict[str, BoolArray] = {}
    unknown, outside = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    removing: dict[str, None] = {}
    for use in scenario.uses:
        with open_raster(run.folder / f"limits_{use}.tif") as source:
            state, *bits = (source.read(band) for band in (1, 2, 3))
            tags = source.tags()
        unknown |= state == _UNKNOWN_STATE
        outside |= state == _OUTSIDE_STATE
        for outcome, held in zip(("removed", "conditional"), bits, strict=True):
            for bit, id in enumerate(tags[f"{outcome}_by_bits"].split(",")):
                if id not in scenario.limits or scenario.limits[id].uses is not None:
                    continue
                here = (held >> bit) & 1 == 1
                found[id] = found[id] | here if id in found else here
                if outcome == "removed":
                    removing[id] = None
    ids = sorted(found, key=lambda id: (id not in removing, list(scenario.limits).index(id)))
    return {id: found[id] for id in ids} | {OUTSIDE: outside}, (*removing, OUTSIDE), unknown


@dataclass(frozen=True)
class Costs:
    """What one kind of way costs on each cell, arrays (rows, cols)."""

    per_m: FloatArray
    """Metres over open, level ground that a metre is as dear as; infinite is a barrier."""
    sources: BoolArray
    """Cells of what it leads to."""
    barred: tuple[str, ...]
    """Limits that bar it."""
    along: BoolArray
    """Cells of lesser ways it may follow."""


def costs_of(way: Way, links: Links, ground: Ground) -> Costs:
    """
    Work out what a kind of way costs: slope times land, and what it crosses on top.

    What is not known costs as the dearest that is.
    """
    slope_x, slope_y = (np.array(one) for one in zip(*way.slope_costs, strict=True))
    slope = np.interp(ground.slope, slope_x, slope_y)
    slope[np.isnan(ground.slope)] = slope_y.max()
    factors = np.ones(256)
    for name, factor in way.land_costs.items():
        factors[ground.by_class[name]] = factor
    factors[0] = factors.max()
    land = factors[ground.land]
    along = np.zeros(ground.grid.shape, dtype=bool)
    if way.along is not None:
        along = ground.touched([way.along])
        land[along] = way.along.cost
    cost = (slope * land).astype(np.float32)
    for kind, metres in way.crossing_m.items():
        crossed = ground.touched(links.crossed[kind])
        cost[crossed] += metres / ground.grid.cell_m
    sources = ground.touched(way.leads_to)
    barred = tuple(id for id in ground.removing if id not in way.passes)
    for id in barred:
        # What it leads to is there already.
        cost[ground.limits[id] & ~(sources & ~ground.limits[OUTSIDE])] = np.inf
    return Costs(cost, sources & np.isfinite(cost), barred, along)


def shapes_of(frames: Iterable[gpd.GeoDataFrame]) -> list[BaseGeometry]:
    """List the shapes of some features, in their order."""
    return [shape for frame in frames for shape in frame.geometry]


def touched(shapes: Sequence[BaseGeometry], grid: Grid) -> BoolArray:
    """Find the cells that shapes touch, however little."""
    from rasterio.features import rasterize

    if not shapes:
        return np.zeros(grid.shape, dtype=bool)
    burnt = rasterize(
        shapes, out_shape=grid.shape, transform=grid.transform, all_touched=True, dtype=np.uint8
    )
    return np.asarray(burnt == 1)
