"""What earth a yard on its own bed would move."""

from __future__ import annotations

from maemoh_gis.earthworks import report
from maemoh_gis.earthworks.outputs import write_earthworks
from maemoh_gis.earthworks.stages import earthwork_stages
from maemoh_gis.presentation.feature import Feature

FEATURE = Feature(
    stages=earthwork_stages,
    write=write_earthworks,
    sections={214: report.earthworks},
)
