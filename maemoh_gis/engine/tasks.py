"""A strip to compute and what came of it, as engines hand them about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.cached_stages import NO_STAGE_CACHE, StageCache


@dataclass(frozen=True)
class Task:
    """What is to be done for one strip; it can be sent to another process."""

    strip: Grid
    stages: tuple[str, ...]
    """Stages to run, inputs first."""
    wanted: tuple[str, ...]
    """Stages whose results are wanted."""
    given: Mapping[str, Any]
    """Results, cut to the strip, of stages that ran before; or `CachedStrip` in their place."""
    shelf: StageCache = NO_STAGE_CACHE
    """Where results are kept as they come."""


@dataclass(frozen=True)
class Done:
    """What came of a task."""

    strip: Grid
    results: Mapping[str, Any]
    """Wanted results by stage id."""
    seconds: Mapping[str, float]
    """How long each stage took."""


Room = Callable[[tuple[int, ...], Any], Any]
"""Makes room for a raster of a shape and a type: `numpy.empty`, or `Scratch.raster`."""
