"""The smallest change that would alter the verdict on a place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.ask import limit_change
from maemoh_gis.core.types import BoolArray, IntArray
from maemoh_gis.mcda import score_change
from maemoh_gis.mcda.score_change import CriterionReading
from maemoh_gis.suitability.score_stages import aggregate_of

if TYPE_CHECKING:
    from maemoh_gis.ask.parts import CriterionPart
    from maemoh_gis.engine.stages import Stage
    from maemoh_gis.scenario.settings.criterion import Criterion
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.scenario.settings.scenario import Scenario

MOVABLE = "planning"
"""Ground of limits that may be weighed against a wish: choices of whoever plans."""


@dataclass(frozen=True)
class LimitStep:
    """A limit that would have to give way."""

    id: str
    threshold: float | None
    """Where it stands; None where there is no more or less."""
    needed: float | None
    """Where it would have to stand for most of the place to be free of it."""


@dataclass(frozen=True)
class CriterionStep:
    """A criterion that alone would bring the score to the least the use asks for."""

    id: str
    measure: float | None
    needed: float | None
    """The nearest measure that would do."""
    score_needed: float


@dataclass(frozen=True)
class SmallestChange:
    """What would alter the verdict."""

    limits: tuple[LimitStep, ...]
    """Choices of whoever plans that would all have to give way; empty where no limit removes most
    of the place, or one that may not be weighed does."""
    fixed: tuple[str, ...]
    """Limits that hold most of the place and stand on law, on the land itself or on who lives
    near: no preference moves them."""
    criteria: tuple[CriterionStep, ...]
    """Where limits spare the place: criteria that alone would move its score across the least the
    use asks for, the smallest change first."""
    falls: bool
    """True if the score is above that now, and the criteria say what would exclude the place."""


def smallest_change(
    scenario: Scenario,
    use: str,
    results: Mapping[str, Any],
    table: Mapping[str, Stage],
    cells: BoolArray,
    parts: Sequence[CriterionPart],
) -> SmallestChange:
    """Find the smallest change that would alter the verdict on the cells of a place."""
    limits = {
        id: limit
        for id, limit in scenario.limits_of(use).items()
        if limit.test and limit.outcome == "removed"
    }
    wanted = int(cells.sum()) // 2 + 1
    bits = results[f"state:{use}"].removed_by[cells]
    if limit_change.fewest_limits_to_free(list(limits), bits, wanted) is None:
        return _by_criteria(scenario, use, parts)
    movable = {id for id, limit in limits.items() if limit.ground == MOVABLE}
    change = limit_change.fewest_limits_to_free(list(limits), bits, wanted, movable)
    if change is None:
        return SmallestChange((), tuple(_fixed(limits, movable, bits)), (), falls=False)
    steps = [_limit_step(id, limits[id], results, table, cells, wanted) for id in change.limits]
    return SmallestChange(tuple(steps), (), (), falls=False)


def _fixed(limits: Mapping[str, Limit], movable: Collection[str], bits: IntArray) -> Iterator[str]:
    """List the limits that may not be weighed and hold somewhere in the place, most land first."""
    held = {id: int((bits >> np.uint32(k) & 1).sum()) for k, id in enumerate(limits)}
    unmoved = [id for id in limits if id not in movable and held[id]]
    yield from sorted(unmoved, key=lambda id: -held[id])


def _limit_step(
    id: str,
    limit: Limit,
    results: Mapping[str, Any],
    table: Mapping[str, Stage],
    cells: BoolArray,
    wanted: int,
) -> LimitStep:
    """Say where a limit would have to stand to free most of the place."""
    test = limit.test
    assert test is not None
    if test.kind in {"inside", "classes"} or limit.only_where is not None:
        return LimitStep(id, None, None)
    held = results[f"limit:{id}"].hit & cells
    values = results[table[f"limit:{id}"].inputs[0]][held]
    free = int(cells.sum() - held.sum())
    needed = limit_change.threshold_to_free(
        values, test.kind, float(test.value), max(wanted - free, 1)
    )
    known = needed is not None and np.isfinite(needed)
    return LimitStep(id, float(test.value), needed if known else None)


def _by_criteria(scenario: Scenario, use: str, parts: Sequence[CriterionPart]) -> SmallestChange:
    definition = scenario.uses[use]
    readings = []
    for part in parts:
        value = definition.criteria[part.id].value
        number = value is not None and value.classes is None
        readings.append(
            CriterionReading(
                part.id,
                part.weight,
                part.score,
                part.low,
                part.high,
                part.measure,
                value.shape() if value is not None and number else None,
                value.classes if value is not None else None,
            )
        )
    combine = score_change.combiner_of(aggregate_of(definition.combine))
    found = score_change.changes_to_reach(readings, definition.land.least_score, combine)
    given = _not_weighed(scenario, use)
    steps = tuple(
        CriterionStep(step.id, step.measure, step.measure_needed, step.score_needed)
        for step in found.single
        if step.measure_needed is not None and np.isfinite(step.measure_needed)
        if not _layers_of(definition.criteria[step.id]) & given
    )
    falls = found.score is not None and found.score >= found.target
    return SmallestChange((), (), steps, falls=falls)


def _not_weighed(scenario: Scenario, use: str) -> set[str]:
    """List the layers that limits stand on which no preference moves: hazards, water, homes."""
    limits = scenario.limits_of(use).values()
    return {limit.layer for limit in limits if limit.layer and limit.ground != MOVABLE}


def _layers_of(criterion: Criterion) -> set[str]:
    """List the layers a criterion measures; none for minutes and access, which are of roads."""
    measure = criterion.measure
    travelled = measure is None or measure.of.by_network() is not None
    return set() if measure is None or travelled else set(measure.layers())
