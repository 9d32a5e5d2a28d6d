"""What a run computed, handed to those who write and draw it; it names no feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar, cast

from maemoh_gis.cache.derived import Keyed, content_of
from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import Stage, StageContext, StagesAgain, upstream_of
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenario.resolve import Resolved

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.messages import Language
    from maemoh_gis.core.types import BoolArray

MAP = "map.html"

RECORD = "run.json"

STUDY = "study"
"""Stage that says which cells lie in the study area."""

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Place:
    """Land or a point that a feature found, for those who tell what lies near it."""

    kind: str
    """Such as `site`."""
    use: str
    """The use it is for."""
    number: int | None
    """Which of its kind and use; None where its name tells it."""
    shape: BaseGeometry
    """In the CRS of the grid."""
    title: Mapping[Language, str] | None = None
    """Its name; None where its number tells it."""
    preferred: bool = False
    """Whether the run prefers it to all others of its kind."""


@dataclass(frozen=True)
class Results:
    """Everything a run computed."""

    resolved: Resolved
    catalog: Catalog
    layers: Layers
    """Layers of the catalog, each read once."""
    grid: Grid
    found: Mapping[str, object]
    """Results of the stages whose outputs look at the whole, by stage; see `found_as`."""
    gathered: tuple[object, ...]
    """What was gathered as strips passed; `gathered_as` gives one of them."""
    keys: Mapping[str, str]
    """Checksum of every stage."""
    stages: tuple[Stage, ...]
    store: Store = NO_CACHE
    """Results of earlier runs."""
    described: Mapping[str, object] = field(default_factory=dict)
    """What features say of their results once all is computed, by key; see `described_as`."""
    places: tuple[Place, ...] = ()
    """What features found, of which others may tell what lies near."""

    @property
    def study(self) -> BoolArray:
        """Study area, (rows, cols); like the rasters of the uses an array, or one in a file."""
        return cast("BoolArray", self.found[STUDY])

    def found_as(self, stage: str, kind: type[_Found]) -> _Found | None:
        """Give the result of a stage by its type; None where the scenario has no such stage."""
        return _as(kind, self.found.get(stage))

    def described_as(self, key: str, kind: type[_Found]) -> _Found | None:
        """Give what a feature said by its type; None where it said nothing as yet."""
        return _as(kind, self.described.get(key))

    def keyed(self, stage: str) -> Keyed[object]:
        """Give the result of a stage by the key of the stage."""
        return Keyed(lambda: self.keys[stage], lambda: self.found[stage])

    def again(self, wanted: Sequence[str]) -> Keyed[StagesAgain]:
        """Give stages that can be computed again on parts of the grid, by their keys."""
        stages = upstream_of(self.stages, wanted)
        context = StageContext(self.resolved.scenario, self.layers, self.grid)
        return Keyed(
            lambda: content_of([[id, self.keys[id]] for id in wanted]),
            lambda: StagesAgain(tuple(wanted), stages, context, self.found),
        )

    def gathered_as(self, kind: type[_Found]) -> _Found:
        """Give what was gathered as strips passed, by its type."""
        return next(one for one in self.gathered if isinstance(one, kind))

    def describing(self, said: Mapping[str, object]) -> Results:
        """Put beside the results what a feature says of them."""
        return replace(self, described={**self.described, **said})


def _as(kind: type[_Found], found: object) -> _Found | None:
    assert found is None or isinstance(found, kind), f"{type(found)} where {kind} is expected"
    return found
