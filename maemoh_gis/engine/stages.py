"""
A run is a table of stages; everything that must know the steps of a run reads this table.

A stage names its inputs, the layers it reads, the parameters that decide its result, and how far it
looks: its scope (local, focal, global). Its key is a checksum over what decides its result, so two
stages with one key have one result, and a changed weight changes no key of a distance.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.scenario import Scenario

Scope = Literal["local", "focal", "global"]

# Raised by hand whenever the meaning of a stage's result changes, so old results are never reused.
TABLE_VERSION = 3


@dataclass(frozen=True)
class StageContext:
    """What every stage may use beside its inputs."""

    scenario: Scenario
    layers: Layers
    grid: Grid


@dataclass(frozen=True)
class Stage:
    """One step of a run."""

    id: str
    """Unique name, such as `distance:railway`."""
    run: Callable[[StageContext, Mapping[str, Any]], Any]
    """Computes the result from the context and the results of the inputs."""
    scope: Scope
    """How far a cell of the result looks: at its own cell, at a margin around it, at everything."""
    inputs: tuple[str, ...] = ()
    """Stages whose results it needs."""
    layers: tuple[str, ...] = ()
    """Layers it reads."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else decides its result, as plain data; the order of what it lists counts."""
    by_content: bool = False
    """Its inputs are small plain data, and what they are decides it rather than how they came
    about: where they are the same as before, so is its result."""
    whole: bool = False
    """Those who write and draw look at its whole result when all is computed."""


@dataclass(frozen=True)
class Event:
    """Something that happened in a run, for progress and logs."""

    stage: str
    number: int
    """Stage number, from 1."""
    of: int
    """Number of stages."""
    seconds: float | None
    """How long it took; None when it begins."""
    kept: bool = False
    """Its result was there from an earlier run, or nobody needed it as a later one was."""


def ordered(stages: Iterable[Stage]) -> list[Stage]:
    """Put stages in an order in which every input comes first."""
    waiting = list(stages)
    names = [stage.id for stage in waiting]
    assert len(set(names)) == len(names), "two stages with one name"
    done: set[str] = set()
    result = []
    while waiting:
        ready = [stage for stage in waiting if done.issuperset(stage.inputs)]
        assert ready, "stages wait for each other"
        result += ready
        done.update(stage.id for stage in ready)
        waiting = [stage for stage in waiting if stage.id not in done]
    return result


def local_stages(stages: Sequence[Stage]) -> list[Stage]:
    """Keep the stages that can say something of one cell without the rest of the land."""
    needed: set[str] = set()
    kept = []
    for stage in reversed(stages):
        if stage.scope != "global" or stage.id in needed:
            needed.update(stage.inputs)
            kept.append(stage)
    return kept[::-1]


def upstream_of(stages: Sequence[Stage], wanted: Iterable[str]) -> list[Stage]:
    """Keep some stages and all they rest on."""
    needed = set(wanted)
    for stage in reversed(stages):
        if stage.id in needed:
            needed.update(stage.inputs)
    return [stage for stage in stages if stage.id in needed]


def memory_order(stages: Sequence[Stage], wanted: Iterable[str]) -> list[str]:
    """Put stages in an order in which few results wait for their last use."""
    table, asked = {stage.id for stage in stages}, set(wanted)
    inputs = {stage.id: [id for id in stage.inputs if id in table] for stage in stages}
    missing = {id: set(needed) for id, needed in inputs.items()}
    users: dict[str, set[str]] = {stage.id: set() for stage in stages}
    for id, needed in inputs.items():
        for one in needed:
            users[one].add(id)

    def cost(id: str) -> tuple[int, int]:
        holds = id not in asked and bool(users[id])
        frees = sum(one not in asked and users[one] == {id} for one in inputs[id])
        return holds - frees, min((len(missing[user]) for user in users[id]), default=0)

    order: list[str] = []
    waiting = [stage.id for stage in stages]
    while waiting:
        done = min((id for id in waiting if not missing[id]), key=cost)
        for user in users[done]:
            missing[user].discard(done)
        for one in inputs[done]:
            users[one].discard(done)
        order.append(done)
        waiting.remove(done)
    return order


def keys_of(stages: Sequence[Stage], layers: Layers, grid: Grid) -> dict[str, str]:
    """Give every stage the checksum of everything that decides its result."""
    keys: dict[str, str] = {}
    for stage in stages:
        keys[stage.id] = key_of(stage, layers, grid, [[id, keys[id]] for id in stage.inputs])
    return keys


def key_of(stage: Stage, layers: Layers, grid: Grid, inputs: Sequence[Any]) -> str:
    """Give one stage the checksum of everything that decides its result."""
    content = {
        "version": TABLE_VERSION,
        "what": stage.id.partition(":")[0],
        "grid": [grid.crs, grid.cell_m, grid.row0, grid.col0, grid.rows, grid.cols],
        "params": stage.params,
        "layers": [
            [id, layers.checksum(id), layers.catalog[id].model_dump(mode="json", exclude={"draw"})]
            for id in _with_members(stage.layers, layers.catalog)
        ],
        "inputs": inputs,
    }
    written = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _with_members(ids: Iterable[str], catalog: Catalog) -> list[str]:
    """List layers, and behind each stack the layers that decide what it holds."""
    return [one for id in ids for one in dict.fromkeys([id, *catalog.known_by(id)])]


def no_events(event: Event) -> None:
    """Watch nothing."""


def execute(
    stages: Sequence[Stage],
    context: StageContext,
    *,
    keep: Callable[[str], bool],
    given: Mapping[str, Any] | None = None,
    watch: Callable[[Event], None] = no_events,
) -> dict[str, Any]:
    """Run the stages one after another."""
    results: dict[str, Any] = dict(given or {})
    stages = [stage for stage in stages if stage.id not in results]
    last_use = {id: stage.id for stage in stages for id in stage.inputs}
    for number, stage in enumerate(stages, start=1):
        watch(Event(stage.id, number, len(stages), None))
        start = time.perf_counter()
        results[stage.id] = stage.run(context, {id: results[id] for id in stage.inputs})
        watch(Event(stage.id, number, len(stages), time.perf_counter() - start))
        for id in (*stage.inputs, stage.id):
            if last_use.get(id, stage.id) == stage.id and not keep(id):
                results.pop(id, None)
    return {id: result for id, result in results.items() if keep(id)}


class StagesAgain:
    """Stages and all they rest on, computed again on parts of a grid; the bits are the run's."""

    def __init__(
        self,
        wanted: Sequence[str],
        stages: Sequence[Stage],
        context: StageContext,
        found: Mapping[str, Any] | None = None,
    ) -> None:
        """Make ready what looks at everything, the same on every part, unless it was `found`."""
        self._wanted, self._context = frozenset(wanted), context
        self._stages = [stage for stage in stages if stage.scope != "global"]
        wide = [stage for stage in stages if stage.scope == "global"]
        there = {stage.id: found[stage.id] for stage in wide if found and stage.id in found}
        asked = self._wanted.union(*(stage.inputs for stage in self._stages))
        left = upstream_of([stage for stage in wide if stage.id not in there], asked)
        self._wide = execute(left, context, keep=asked.__contains__, given=there)

    def on(self, part: Grid) -> dict[str, Any]:
        """Compute them on a part of the grid."""
        context = replace(self._context, grid=part)
        return execute(self._stages, context, keep=self._wanted.__contains__, given=self._wide)
