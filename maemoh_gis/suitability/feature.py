"""How well land suits each use: limits and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.suitability import report
from maemoh_gis.suitability.on_record import suitability_on_record
from maemoh_gis.suitability.removed_table import with_removed, write_removed
from maemoh_gis.suitability.value_plots import write_value_plots

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.engine.results import Results


def _write(results: Results, folder: Path) -> dict[str, str]:
    return {**write_value_plots(results, folder), **write_removed(results, folder)}


FEATURE = Feature(
    describe=with_removed,
    write=_write,
    record={10: suitability_on_record},
    sections={
        230: report.limits,
        250: report.criteria,
        260: report.weights,
        270: report.method,
    },
)
