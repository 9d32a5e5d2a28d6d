"""Where industrial land whose use has ended is open again, for one use in the scenario's year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cells.distance import cells_inside, metres_to_features
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.scenario.in_year import years_of

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import BoolArray, FloatArray
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.after_use import Rules
    from maemoh_gis.scenario.settings.phase_out import Zone
    from maemoh_gis.scenario.settings.scenario import Scenario


def reopened_stage(use: str, scenario: Scenario, rules: Rules) -> Stage:
    """Make the stage `reopened:USE`: 1 open for the use, 0 not, NaN outside the drawn zones."""
    drawn = [zone for zone in scenario.zones.values() if zone.layer is not None]
    opened = [is_open(zone, use, scenario, rules) for zone in drawn]

    def run(context: StageContext, _: Mapping[str, Any]) -> FloatArray:
        return reopened(drawn, opened, context.layers, context.grid)

    told = [[z.layer, dict(z.where), z.within_m, o] for z, o in zip(drawn, opened, strict=True)]
    layers = tuple(dict.fromkeys(_layers_of(drawn)))
    return Stage(f"reopened:{use}", run, "focal", layers=layers, params={"zones": told})


def is_open(zone: Zone, use: str, scenario: Scenario, rules: Rules) -> bool:
    """Say whether a zone is open for a use in the scenario's year: its use ended, papers there."""
    year = years_of(zone, use, scenario, rules).opened
    return year is not None and year <= scenario.year


def reopened(
    zones: Sequence[Zone], opened: Sequence[bool], layers: Layers, grid: Grid
) -> FloatArray:
    """
    Tell zones that are open from those that are not, at the middles of cells.

    float32 (rows, cols): 1, 0 where one of several zones is not open, NaN where there is none.
    """
    found = np.full(grid.shape, np.nan, dtype=np.float32)
    for zone, is_so in zip(zones, opened, strict=True):
        held = _cells_of(zone, layers, grid)
        found[held] = np.fmin(found[held], np.float32(is_so))
    return found


def _cells_of(zone: Zone, layers: Layers, grid: Grid) -> BoolArray:
    """Find the cells of a zone, as the limit that keeps it does."""
    assert zone.layer is not None
    shapes = layers.shapes(zone.layer, grid.crs, zone.where)
    if zone.within_m is None:
        return cells_inside(shapes, grid)
    return metres_to_features(shapes, grid, zone.within_m + 1.0) <= zone.within_m


def _layers_of(zones: Sequence[Zone]) -> Iterator[str]:
    yield from (zone.layer for zone in zones if zone.layer is not None)
