"""The grid that covers the study area of a scenario."""

from __future__ import annotations

import math

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenario.settings.scenario import Scenario

# At 40 bytes each they take 40 GB while a run lasts.
_MOST_CELLS = 1_000_000_000


def study_grid(scenario: Scenario, layers: Layers) -> Grid:
    """Make the grid that covers the study area of a scenario."""
    crs = scenario.grid.crs
    frame = layers.features(scenario.area.layer, crs, scenario.area.where)
    west, south, east, north = (float(v) for v in frame.total_bounds)
    cell_m = scenario.grid.cell_m
    cells = (east - west) * (north - south) / cell_m**2
    if not cells <= _MOST_CELLS:
        least = math.ceil(cell_m * math.sqrt(cells / _MOST_CELLS)) if math.isfinite(cells) else 100
        raise RunError(
            Fault("too_many_cells", key="grid.cell_m", found=f"{cell_m:g}", expected=str(least),
                  values={"cells": f"{cells:.3g}"})
        )  # fmt: skip
    return Grid.covering((west, south, east, north), crs=crs, cell_m=cell_m)
