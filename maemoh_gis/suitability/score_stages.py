"""Stages that combine criteria to a score and limits to a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.mcda import aggregate
from maemoh_gis.mcda.combine import CriterionScore, Score
from maemoh_gis.mcda.order_weights import quantifier_of_order_weights, quantifier_of_orness
from maemoh_gis.mcda.partly_known import where_settled
from maemoh_gis.suitability import limit_stages, limits

if TYPE_CHECKING:
    from maemoh_gis.mcda.values import Shape
    from maemoh_gis.scenario.settings.measure import Measure
    from maemoh_gis.scenario.settings.scenario import Combine, Scenario
    from maemoh_gis.suitability.measure_stages import Inputs


def _score_stage(
    use: str, weights: Mapping[str, float], scored: Mapping[str, str], combine: Combine
) -> Stage:
    aggregated = aggregate_of(combine)

    def run(context: StageContext, inputs: Inputs) -> Score:
        pairs = [
            (weight, inputs[scored[id]] if id in scored else CriterionScore(None))
            for id, weight in weights.items()
        ]
        return aggregated(pairs, context.grid.shape)

    params = {"weights": dict(weights), "scored": list(scored),
              "combine": combine.model_dump(exclude_none=True)}  # fmt: skip
    return Stage(f"score:{use}", run, "local", tuple(scored.values()), params=params, whole=True)


def aggregate_of(
    combine: Combine,
) -> Callable[[aggregate.Weighted, tuple[int, int]], Score]:
    """Give the way of combining criteria, by weight and score, that a use asks for."""
    if combine.method == "weighted_product":
        return aggregate.weighted_product
    if combine.method == "fuzzy_gamma":
        gamma = combine.gamma
        assert gamma is not None
        return lambda pairs, shape: aggregate.fuzzy_gamma(pairs, shape, gamma)
    if combine.method == "owa":
        return lambda pairs, shape: _ordered(list(pairs), shape, combine)
    return aggregate.weighted_sum


def _ordered(
    pairs: list[tuple[float, CriterionScore]], shape: tuple[int, int], combine: Combine
) -> Score:
    if combine.orness is not None:
        quantifier = quantifier_of_orness(combine.orness)
    else:
        quantifier = quantifier_of_order_weights(combine.order_weights or [], len(pairs))
    return aggregate.ordered_weighted_average(pairs, shape, quantifier)


def _state_stage(
    use: str, scenario: Scenario, checked: list[str], criteria: tuple[str, ...]
) -> Stage:
    outcomes = {id: scenario.limits[id].outcome for id in checked}
    inclusions = scenario.inclusions_of(use)

    def run(context: StageContext, inputs: Inputs) -> limits.Availability:
        hits = {id: inputs[f"limit:{id}"] for id in checked}
        hits = limit_stages.lifted(hits, inclusions, inputs)
        unknown = np.zeros(context.grid.shape, dtype=bool)
        for id in criteria:
            unknown |= _input_missing(inputs[id])
        return limits.combine_limits(
            inputs["study"],
            {id: hit for id, hit in hits.items() if outcomes[id] == "removed"},
            {id: hit for id, hit in hits.items() if outcomes[id] == "conditional"}
            | limit_stages.conditions_of(inclusions, inputs, context.grid.shape),
            unknown,
        )

    lifts = {id: [i.limits, i.becomes] for id, i in inclusions.items() if i.in_force(scenario.year)}
    sources = ("study", *(f"limit:{id}" for id in checked), *criteria,
               *(f"inclusion:{id}" for id in lifts))  # fmt: skip
    return Stage(
        f"state:{use}",
        run,
        "local",
        sources,
        params={
            "outcomes": outcomes,
            "inclusions": lifts,
            "bits": list(scenario.conditions_of(use)),
        },
        whole=True,
    )


def _value_score(numbers: FloatArray, shape: Shape, measure: Measure) -> CriterionScore:
    """Score a raster; an uncertain value gives an interval around its score."""
    score = shape.score(numbers)
    if measure.plus_minus is None and measure.plus_minus_share is None:
        return CriterionScore(score)
    error = _error(numbers, measure)
    low, high = shape.interval(numbers - error, numbers + error)
    # A value between two ends may score below or above both only through a summit, which
    # `interval` counts; rounding must not put the value outside.
    return CriterionScore(score, np.minimum(low, score), np.maximum(high, score))


def _bounded_score(
    least: FloatArray, most: FloatArray, shape: Shape, measure: Measure
) -> CriterionScore:
    """
    Score a value that lies between two bounds, the upper one known with an error.

    Land must not gain by lying where less is known, so the worst score between the bounds counts.
    """
    score = shape.interval(least, most)[0]
    error = _error(most, measure)
    low, high = shape.interval(np.minimum(least, most - error), most + error)
    return CriterionScore(score, low, high)


def _reached_score(
    measured: FloatArray, most: FloatArray, shape: Shape, measure: Measure, *, offered: bool
) -> CriterionScore:
    """
    Score what is reached, of which the recorded roads and places tell the least.

    The worst between the bounds counts where places are `offered` whole; elsewhere, and where no
    recorded road can be gone to, only a score that nothing unrecorded could change.
    """
    least = np.nan_to_num(measured, nan=0.0)
    most = np.where(np.isnan(most), np.float32(np.inf), most)
    low, high = shape.interval(least, most)
    worst = low
    if measure.plus_minus is not None or measure.plus_minus_share is not None:
        lowest = np.maximum(least - _error(least, measure), 0.0)
        low, high = shape.interval(lowest, most + _error(most, measure))
    known = ~np.isnan(measured) & offered
    return CriterionScore(np.where(known, worst, where_settled(worst, low, high)), low, high)


def _error(numbers: FloatArray, measure: Measure) -> FloatArray:
    """Give the standard error of a value, in its unit."""
    share = measure.plus_minus_share
    # Not a share of 0: of what has no upper end that would be no number.
    of_value = share * np.abs(numbers) if share else np.zeros_like(numbers)
    return np.asarray((measure.plus_minus or 0.0) + of_value)


def _input_missing(criterion: CriterionScore) -> BoolArray:
    """Find cells where the measure itself is missing, not merely unproven."""
    assert criterion.value is not None
    bound = criterion.high if criterion.high is not None else criterion.value
    return np.isnan(bound)
