"""The path after coal: units, zones and what they free, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.phase_out import report
from maemoh_gis.phase_out.data import write_timeline_data
from maemoh_gis.phase_out.outputs import timeline_on_record, write_timeline
from maemoh_gis.phase_out.register import write_register
from maemoh_gis.presentation.feature import Feature

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.engine.results import Results


def _write(results: Results, folder: Path) -> dict[str, str]:
    return {
        **write_timeline(results, folder),
        **write_timeline_data(results, folder),
        **write_register(results, folder),
    }


def _on_record(results: Results) -> dict[str, Any]:
    return {"timeline": timeline_on_record(results)}


FEATURE = Feature(write=_write, record={70: _on_record}, sections={120: report.timeline})
