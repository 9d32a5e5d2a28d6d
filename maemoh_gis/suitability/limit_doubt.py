"""Land a limit takes by a reading that is within its error of the limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.cache.derived import cached
from maemoh_gis.engine.results import STUDY
from maemoh_gis.files.scratch import blocks_of

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.engine.results import Results
    from maemoh_gis.files.scratch import Raster
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.suitability.limits import Availability

Doubt = Mapping[tuple[str, str], int]
"""Cells by use and limit."""


def within_error(results: Results, tested: Mapping[tuple[str, str], Mapping[str, Limit]]) -> Doubt:
    """Count the cells a limit takes by a reading that its error may put on the other side."""
    return {
        (use, id): cached(
            results.store, _counted, results.grid, results.layers.only([limit.layer]),
            results.keyed(STUDY), results.keyed(f"state:{use}"), outcome, bit, limit,
        )
        for (use, outcome), limits in tested.items()
        for bit, (id, limit) in enumerate(limits.items())
        if limit.has_error and limit.layer is not None
    }  # fmt: skip


def _counted(
    grid: Grid, layers: Layers, study: Raster, states: Availability, outcome: str, bit: int,
    limit: Limit,
) -> int:  # fmt: skip
    found = 0
    assert limit.layer is not None
    for rows in blocks_of(grid.shape):
        inside = np.asarray(study[rows])
        bits = np.asarray(getattr(states, f"{outcome}_by")[rows])
        taken = inside & ((bits >> np.uint32(bit)) & np.uint32(1)).astype(bool)
        if taken.any():
            part = replace(grid, row0=grid.row0 + rows.start, rows=len(inside))
            found += int(limit.unsure(layers.numbers(limit.layer, part)[taken]).sum())
    return found
