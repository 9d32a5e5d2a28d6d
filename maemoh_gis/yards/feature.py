"""Rectangles for a yard beside the line; `yard_stages` finds them for each use that asks."""

from __future__ import annotations

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.yards.result import yard_places

FEATURE = Feature(places=yard_places)
