"""On about how much land limits are known, told before anything is run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import StageContext, execute, upstream_of
from maemoh_gis.engine.study import study_grid
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.suitability.known_land import KnownLand, limit_tallies, zone_names
from maemoh_gis.suitability.limit_status import LimitStatus, limit_statuses

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.scenario import Scenario

# Cells that show about how much of an area a limit is known on, in the time of reading its layers.
_COARSE = 40_000


def statuses_ahead(scenario: Scenario, catalog: Catalog, layers: Layers) -> list[LimitStatus]:
    """Say of every limit in force on about how much land it can be checked."""
    grid = study_grid(scenario, layers)
    wider = math.ceil(math.sqrt(grid.rows * grid.cols / _COARSE))
    seen = Grid.covering(grid.bounds, crs=grid.crs, cell_m=grid.cell_m * wider)
    table = [*stage_table(scenario, catalog), *limit_tallies(scenario, catalog)]
    counted = table[-1].id
    found = execute(upstream_of(table, [counted]), StageContext(scenario, layers, seen),
                    keep=lambda id: id == counted)  # fmt: skip
    return limit_statuses(
        scenario, KnownLand(scenario, found, zone_names(scenario, layers)).coverage()
    )
