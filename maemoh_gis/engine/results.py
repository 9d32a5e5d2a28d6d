"""What a run computed, handed to those who write and draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from maemoh_gis.cache.store import NOTHING, Store
from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import Stage
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenario.resolve import Resolved

MAP = "map.html"

RECORD = "run.json"

_Gathered = TypeVar("_Gathered")


@dataclass(frozen=True)
class UseResult:
    """What a run says about one use."""

    use: str
    score: Any
    """`maemoh_gis.mcda.combine.Score`."""
    states: Any
    """`maemoh_gis.suitability.limits.States`."""
    share: Any
    """Which cells are sites: `Sites`, or `UseShare` where the uses share the land."""
    yards: Any
    """`maemoh_gis.yards.fit.YardSearch`, or None where no yard is asked for."""
    sites: Any = None
    """Sites, best first, a GeoDataFrame in the CRS of the grid; None before they are described."""


@dataclass(frozen=True)
class Results:
    """Everything a run computed."""

    resolved: Resolved
    catalog: Catalog
    layers: Layers
    """Layers of the catalog, each read once."""
    grid: Grid
    study: Any
    """Study area, bool (rows, cols); like the rasters of the uses an array, or one in a file."""
    uses: Mapping[str, UseResult]
    """Results by use."""
    contest: Any
    """`maemoh_gis.yard_choice.stages.Contest`, or None where no choice is asked for."""
    freight: Any
    """`maemoh_gis.freight.result.FreightReport`, or None without freight."""
    yard_sets: Any
    """`maemoh_gis.yard_choice.set_stage.FoundSets`, or None."""
    networks: Mapping[str, Any]
    """Networks by id: `maemoh_gis.network.stages.BuiltNetwork`."""
    gathered: tuple[object, ...]
    """What was gathered as strips passed; `gathered_as` gives one of them."""
    keys: Mapping[str, str]
    """Checksum of every stage."""
    stages: tuple[Stage, ...]
    people: Any = None
    """`maemoh_gis.exposure.population.People`, or None where the scenario asks for no exposure."""
    exposure: Any = None
    """`maemoh_gis.exposure.exposure.ExposureFound`, or None before it is asked for."""
    store: Store = NOTHING
    """Results of earlier runs."""

    def gathered_as(self, kind: type[_Gathered]) -> _Gathered:
        """Give what was gathered as strips passed, by its type."""
        return next(one for one in self.gathered if isinstance(one, kind))
