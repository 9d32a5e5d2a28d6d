"""
Which results of a table are kept between runs, and what of a table then need not be run.

Results of cells are kept strip by strip as they pass, those that look at everything whole. A run
starts from what is wanted of it and goes back through the table no farther than to what is there:
with another weight only scores and what rests on them are computed. An entry that is found spoilt
or gone in the midst of a run raises `NotKeptError`, and the run starts again without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maemoh_gis.cache.derived import content_of
from maemoh_gis.cache.store import NO_CACHE, NoCache, NotKeptError, Store, name_of
from maemoh_gis.engine.stages import key_of, keys_of

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.engine.stages import Stage, StageContext
    from maemoh_gis.layers.load import Layers

# What takes longer to compute than to read again. Limits, insides and lines crossed do not.
_OF_CELLS = frozenset({"study", "criterion", "score", "state", "packed", "counted", "tallied"})
_MEASURES = frozenset({"distance", "depth", "numbers", "around", "minutes", "least_minutes",
                       "access", "access_bounds", "reached_at", "reached_most",
                       "reopened"})  # fmt: skip
# What other runs of a batch weigh and put together again.
_HELD = frozenset({"study", "criterion", "state"})
# Measures serve other criteria on the same layers. On larger grids they would push out criteria.
_MOST_CELLS_OF_MEASURES = 10_000_000


@dataclass(frozen=True)
class StageCache:
    """Where the results of one table are kept; it can be sent to another process."""

    store: Store
    names: Mapping[str, str]
    """Name of each stage's result that is worth keeping, by stage id."""
    blind: bool = False
    """Take nothing for kept, and write everything anew."""

    def has(self, stage: Stage, strips: Sequence[Grid]) -> bool:
        """Say whether the result of a stage is there, of all strips or whole, as it works."""
        if stage.id not in self.names or self.blind:
            return False
        parts = [None] if stage.scope == "global" else strips
        return all(self.store.has(self._name(stage.id, strip)) for strip in parts)

    def load(self, id: str, strip: Grid | None = None) -> Any:
        """Give the result of a stage; raise NotKeptError if it is not there whole."""
        return self.store.load(self._name(id, strip))

    def keep(self, id: str, result: Any, strip: Grid | None = None) -> None:
        """Keep the result of a stage, if it is worth it."""
        if id in self.names:
            hold = id.partition(":")[0] in _HELD
            self.store.keep(self._name(id, strip), result, anew=self.blind, hold=hold)

    def _name(self, id: str, strip: Grid | None) -> str:
        return name_of(self.names[id], None if strip is None else [strip.row0, strip.rows])


NO_STAGE_CACHE = StageCache(NO_CACHE, {})


@dataclass(frozen=True)
class CachedStrip:
    """Stands for the result of a stage in one strip until it is needed."""

    shelf: StageCache
    id: str
    strip: Grid

    def load(self) -> Any:
        """Give the result; raise NotKeptError if it is not there whole."""
        return self.shelf.load(self.id, self.strip)


def shelf_of(store: Store, stages: Sequence[Stage], layers: Layers, grid: Grid) -> StageCache:
    """Name the results of a table that are worth keeping."""
    if isinstance(store, NoCache):
        return NO_STAGE_CACHE
    small = grid.rows * grid.cols <= _MOST_CELLS_OF_MEASURES
    wanted = _OF_CELLS | _MEASURES if small else _OF_CELLS
    keys = keys_of(stages, layers, grid)
    return StageCache(store, {
        stage.id: keys[stage.id] for stage in stages
        if stage.scope == "global" or stage.id.partition(":")[0] in wanted
    })  # fmt: skip


def left_to_run(
    stages: Sequence[Stage], wanted: Callable[[str], bool], has: Callable[[Stage], bool]
) -> tuple[set[str], set[str]]:
    """Find which stages must be run and which are there, going back from what is wanted."""
    needed = {stage.id for stage in stages if wanted(stage.id)}
    run: set[str] = set()
    there: set[str] = set()
    for stage in reversed(stages):
        if stage.id not in needed:
            continue
        if has(stage):
            there.add(stage.id)
        else:
            run.add(stage.id)
            needed.update(stage.inputs)
    return run, there


def global_result(
    stage: Stage, context: StageContext, inputs: Mapping[str, Any], shelf: StageCache
) -> tuple[Any, bool]:
    """Run a stage that looks at everything, unless one by its content is there."""
    if not stage.by_content or shelf is NO_STAGE_CACHE:
        result = stage.run(context, inputs)
        shelf.keep(stage.id, result)
        return result, False
    content = [[id, content_of(inputs[id])] for id in stage.inputs]
    name = name_of("by content", key_of(stage, context.layers, context.grid, content))
    try:
        result, there = shelf.store.load(name), True
    except NotKeptError:
        result, there = stage.run(context, inputs), False
        shelf.store.keep(name, result)
    shelf.keep(stage.id, result)
    return result, there
