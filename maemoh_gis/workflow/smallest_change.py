"""The smallest change that would alter the verdict on a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis._types import BoolArray
from maemoh_gis.suitability import score_change, verdict
from maemoh_gis.suitability.score_change import CriterionReading
from maemoh_gis.workflow.table import aggregate_of

if TYPE_CHECKING:
    from maemoh_gis.scenarios.limit_model import Limit
    from maemoh_gis.scenarios.model import Scenario
    from maemoh_gis.workflow.explain import CriterionPart
    from maemoh_gis.workflow.stages import Stage


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
    """Limits that would all have to give way; empty where none removes most of the place."""
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
    """
    Find the smallest change that would alter the verdict on a place.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    use : str
        Id of the use.
    results : mapping
        Results of the stages by id.
    table : mapping
        Stages by id.
    cells : bool array (rows, cols)
        Cells of the place.
    parts : sequence of CriterionPart
        What each criterion says, means over the place.

    Returns
    -------
    SmallestChange
        By limits where they remove most of the place, else by criteria.
    """
    limits = {
        id: limit
        for id, limit in scenario.limits_of(use).items()
        if limit.test and limit.outcome == "removed"
    }
    wanted = int(cells.sum()) // 2 + 1
    bits = results[f"state:{use}"].removed_by[cells]
    change = verdict.fewest_limits_to_free(list(limits), bits, wanted)
    if change is not None:
        steps = [_limit_step(id, limits[id], results, table, cells, wanted) for id in change.limits]
        return SmallestChange(tuple(steps), (), falls=False)
    return _by_criteria(scenario, use, parts)


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
    needed = verdict.threshold_to_free(values, test.kind, float(test.value), max(wanted - free, 1))
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
    steps = tuple(
        CriterionStep(step.id, step.measure, step.measure_needed, step.score_needed)
        for step in found.single
        if step.measure_needed is not None and np.isfinite(step.measure_needed)
    )
    falls = found.score is not None and found.score >= found.target
    return SmallestChange((), steps, falls=falls)
