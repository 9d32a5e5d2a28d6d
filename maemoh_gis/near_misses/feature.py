"""Why no yard fits at a station, and the least that would have to give way."""

from __future__ import annotations

from maemoh_gis.near_misses import report
from maemoh_gis.near_misses.outputs import misses_on_record, write_misses
from maemoh_gis.near_misses.stages import near_miss_stages
from maemoh_gis.presentation.feature import Feature

FEATURE = Feature(
    stages=near_miss_stages,
    write=write_misses,
    record={33: misses_on_record},
    sections={212: report.near_misses},
)
