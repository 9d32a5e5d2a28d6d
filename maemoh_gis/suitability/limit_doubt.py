"""Land a limit takes by a reading that is within its error of the limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.engine.cached_files import cached_value
from maemoh_gis.files.scratch import blocks_of
from maemoh_gis.suitability.result import states_of

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.limit import Limit

Doubt = Mapping[tuple[str, str], int]
"""Cells by use and limit."""


def within_error(results: Results, tested: Mapping[tuple[str, str], Mapping[str, Limit]]) -> Doubt:
    """Count the cells a limit takes by a reading that its error may put on the other side."""
    asked = [
        (use, outcome, bit, id, limit)
        for (use, outcome), limits in tested.items()
        for bit, (id, limit) in enumerate(limits.items())
        if limit.has_error
    ]
    if not asked:
        return {}
    stated = [
        (use, id, limit.layer, limit.test and limit.test.model_dump(), limit.plus_minus,
         limit.plus_minus_share)
        for use, _, _, id, limit in asked
    ]  # fmt: skip
    keys = [results.keys[f"state:{use}"] for use in results.resolved.scenario.uses]
    counted: Doubt = cached_value(
        results.store, lambda: _counted(results, asked), "within error", stated, keys
    )
    return counted


def _counted(
    results: Results, asked: list[tuple[str, str, int, str, Limit]]
) -> dict[tuple[str, str], int]:
    found = {(use, id): 0 for use, _, _, id, _ in asked}
    for rows in blocks_of(results.grid.shape):
        study = np.asarray(results.study[rows])
        part = replace(results.grid, row0=results.grid.row0 + rows.start, rows=len(study))
        for use, outcome, bit, id, limit in asked:
            assert limit.layer is not None
            bits = np.asarray(getattr(states_of(results, use), f"{outcome}_by")[rows])
            taken = study & ((bits >> np.uint32(bit)) & np.uint32(1)).astype(bool)
            if taken.any():
                readings = results.layers.numbers(limit.layer, part)[taken]
                found[use, id] += int(limit.unsure(readings).sum())
    return found
