"""Rectangles for a yard beside the line; `yard_stages` finds them for each use that asks."""

from __future__ import annotations

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.yards import report
from maemoh_gis.yards.outputs import write_yards, yards_on_record
from maemoh_gis.yards.result import yard_places

FEATURE = Feature(
    places=yard_places,
    write=write_yards,
    record={30: yards_on_record},
    sections={210: report.yards},
)
