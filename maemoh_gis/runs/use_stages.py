"""The stages of every use: what is measured, limits, criteria, scores and states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.exposure.reached import people_within_stages
from maemoh_gis.mcda import values
from maemoh_gis.mcda.combine import CriterionScore
from maemoh_gis.mcda.partly_known import (
    score_in_parcels,
    score_of_count,
    score_of_distance,
    score_of_share,
    where_settled,
)
from maemoh_gis.network import stages as network_stages
from maemoh_gis.phase_out.reopened import reopened_stage
from maemoh_gis.reach.potential import potential_stages
from maemoh_gis.reach.stages import access_stages
from maemoh_gis.scenario.after_use import rules_of
from maemoh_gis.suitability import limit_stages, measure_stages
from maemoh_gis.suitability.measure_stages import selector
from maemoh_gis.suitability.score_stages import (
    _bounded_score,
    _error,
    _reached_score,
    _score_stage,
    _state_stage,
    _value_score,
)
from maemoh_gis.yards.stages import yard_stages

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.mcda.values import Shape
    from maemoh_gis.scenario.settings.access import Access
    from maemoh_gis.scenario.settings.criterion import Criterion
    from maemoh_gis.scenario.settings.measure import Measure
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.measure_stages import Inputs


Scored = Callable[[StageContext, "Inputs"], CriterionScore]
"""How a criterion's stage works."""


def inclusion_stages(scenario: Scenario) -> list[Stage]:
    """Make the stages that say where decisions change limits."""
    return list(
        limit_stages.inclusion_stages(scenario.inclusions, scenario.year, distance_caps(scenario))
    )


def use_stages(scenario: Scenario, catalog: Catalog) -> Iterable[Stage]:
    """
    Make the stages of every use, each measure once.

    They stand above suitability because a use may measure minutes of a network, accessibility,
    and may ask for a yard.
    """
    builder = _Builder(scenario, catalog)
    for use in scenario.uses:
        builder.use(use)
    return builder.stages.values()


class _Builder:
    """Gathers stages, each measure once."""

    def __init__(self, scenario: Scenario, catalog: Catalog) -> None:
        self.scenario = scenario
        self.catalog = catalog
        self.stages: dict[str, Stage] = {}
        self.caps = distance_caps(scenario)

    def add(self, stage: Stage) -> str:
        """Add a stage unless it is there."""
        self.stages.setdefault(stage.id, stage)
        return stage.id

    def use(self, use: str) -> None:
        """Add everything one use needs."""
        checked = {id: limit for id, limit in self.scenario.limits_of(use).items() if limit.test}
        for id, limit in checked.items():
            for stage in limit_stages.limit_stages(id, limit, self.catalog, self.caps):
                self.add(stage)
        definition = self.scenario.uses[use]
        scored = {
            id: self.criterion(use, id, criterion)
            for id, criterion in definition.criteria.items()
            if criterion.measure is not None
        }
        weights = self.scenario.weights(use)
        self.add(_score_stage(use, weights, scored, definition.combine))
        self.add(_state_stage(use, self.scenario, list(checked), tuple(scored.values())))

        if definition.yard is not None:
            conditional = definition.land.conditional
            for stage in yard_stages(use, definition.yard, self.catalog, conditional=conditional):
                self.add(stage)

    def criterion(self, use: str, id: str, criterion: Criterion) -> str:
        """Add a criterion and what it measures."""
        measure, value = criterion.measure, criterion.value
        assert measure is not None
        assert value is not None
        params: dict[str, Any] = {
            "value": value.model_dump(exclude_none=True),
            "plus_minus": [measure.plus_minus, measure.plus_minus_share],
        }
        if measure.kind == "class_of":
            source = self.add(self.source(measure))
            classes = self.catalog[measure.layer].classes
            scores = {int(c): (value.classes or {}).get(k.key) for c, k in classes.items()}
            known = {code: score for code, score in scores.items() if score is not None}
            params["codes"] = {str(code): score for code, score in known.items()}
            inputs: tuple[str, ...] = (source,)

            def scored(_: StageContext, i: Inputs) -> CriterionScore:
                return CriterionScore(values.score_by_class(i[source], known))

            run: Scored = scored
        else:
            inputs, run = self.number(measure, value.shape(), use)
            if self.in_parcels(measure):
                params["outside"] = "anything"
            if measure.access is not None:
                params["offered"] = self.catalog[measure.access.to].complete_within != "none"
        return self.add(Stage(f"criterion:{use}.{id}", run, "local", inputs, params=params))

    def number(self, measure: Measure, shape: Shape, use: str) -> tuple[tuple[str, ...], Scored]:
        """Add a measure that is a number; give its stages and how they become a score."""
        if measure.minutes in self.scenario.networks:
            return self.travel(str(measure.minutes), measure, shape)
        if measure.access is not None:
            return self.reached(measure.access, measure, shape)
        if measure.people_within is not None or measure.potential is not None:
            return self.over_roads(measure, shape)
        if measure.reopened is not None:
            return self.reopened(measure, shape, use)
        source = self.add(self.source(measure))
        if self.in_parcels(measure):
            return (source,), lambda _, i: score_in_parcels(i[source], shape)
        if measure.share_of is not None:
            known = self.add(measure_stages.known_share_stage(measure.share_of))
            return (source, known), lambda _, i: score_of_share(
                i[source], i[known], _error(i[source], measure), shape
            )
        nearer = measure.kind == "distance_to"
        reach = measure.of.reach_m()
        if not nearer and reach is None:
            return (source,), lambda _, i: _value_score(i[source], shape, measure)
        depth_stage = measure_stages.depth_stage(
            measure.layer, measure.where, self.catalog, measure_stages.depth_cap(self.caps)
        )
        if depth_stage is None:
            return (source,), lambda _, i: CriterionScore(shape.score(i[source]))
        depth = self.add(depth_stage)

        def run(_: StageContext, i: Inputs) -> CriterionScore:
            if nearer:
                return score_of_distance(i[source], i[depth], shape)
            assert reach is not None
            return score_of_count(i[source], i[depth], reach, shape)

        return (source, depth), run

    def in_parcels(self, measure: Measure) -> bool:
        """Say whether a figure is told of some parcels only and may be any elsewhere."""
        return measure.zone is not None and self.catalog[measure.layer].scores is not None

    def travel(self, id: str, measure: Measure, shape: Shape) -> tuple[tuple[str, ...], Scored]:
        """Add minutes of a network; they are an upper bound where roads may be missing."""
        network = self.scenario.networks[id]
        minutes, least = f"minutes:{id}", f"least_minutes:{id}"
        for stage in network_stages.minutes_stages(id, network, self.catalog):
            self.add(stage)
        if least not in self.stages:
            return (minutes,), lambda _, i: _value_score(i[minutes], shape, measure)
        return (minutes, least), lambda _, i: _bounded_score(i[least], i[minutes], shape, measure)

    def reached(
        self, access: Access, measure: Measure, shape: Shape
    ) -> tuple[tuple[str, ...], Scored]:
        """Add accessibility; it lies between two bounds where its layers may lack something."""
        network = self.scenario.networks[access.network]
        _, source, *more = [self.add(s) for s in access_stages(access, network, self.catalog)]
        if not more:
            return (source,), lambda _, i: _value_score(i[source], shape, measure)
        offered = self.catalog[access.to].complete_within != "none"

        def run(_: StageContext, i: Inputs) -> CriterionScore:
            bounds = i[more[0]]
            low, high = shape.interval(
                bounds.least - _error(bounds.least, measure),
                bounds.most + _error(bounds.most, measure),
            )
            worst = shape.interval(bounds.least, bounds.most)[0]
            if offered:
                return CriterionScore(worst, low, high)
            return CriterionScore(where_settled(worst, low, high), low, high)

        return (source, *more), run

    def over_roads(self, measure: Measure, shape: Shape) -> tuple[tuple[str, ...], Scored]:
        """Add what is reached by road; roads and places that layers lack may bring more."""
        if measure.people_within is not None:
            assert self.scenario.exposure is not None
            counted = self.scenario.exposure.population
            stages = people_within_stages(measure.people_within, self.scenario, self.catalog)
        else:
            assert measure.potential is not None
            counted = measure.potential.amounts
            stages = potential_stages(measure.potential, self.scenario, self.catalog)
        offered = self.catalog[counted].complete_within != "none"
        *_, source, most = [self.add(stage) for stage in stages]
        return (source, most), lambda _, i: _reached_score(
            i[source], i[most], shape, measure, offered=offered
        )

    def reopened(self, measure: Measure, shape: Shape, use: str) -> tuple[tuple[str, ...], Scored]:
        """Add which zones are open for the use; land outside them may have been used or not."""
        rules = rules_of(self.scenario, self.catalog)
        source = self.add(reopened_stage(use, self.scenario, rules))

        def run(_: StageContext, i: Inputs) -> CriterionScore:
            most = np.nan_to_num(i[source], nan=1.0)
            return _reached_score(i[source], most, shape, measure, offered=True)

        return (source,), run

    def source(self, measure: Measure) -> Stage:
        """Give the stage of a measure."""
        cap = self.caps.get(selector(measure.layer, measure.where), 0.0)
        return measure_stages.measure_stage(measure, self.catalog, cap)


def distance_caps(scenario: Scenario) -> dict[str, float]:
    """Find how far each distance must be told, over every limit and criterion that uses it."""
    caps: dict[str, float] = {}
    for layer, where, reach in _distances(scenario):
        key = selector(layer, where)
        caps[key] = max(caps.get(key, 0.0), float(reach))
    # One metre more, so a feature exactly at the last value that matters is still told apart.
    return {key: cap + 1.0 for key, cap in caps.items()}


def _distances(scenario: Scenario) -> Iterator[tuple[str, Mapping[str, Any], float]]:
    for limit in scenario.limits.values():
        for part in (limit, limit.only_where):
            if part and part.layer and part.test and part.test.kind in {"within_m", "beyond_m"}:
                yield part.layer, part.where, part.test.value
    for inclusion in scenario.inclusions.values():
        if inclusion.within_m is not None:
            yield inclusion.layer, inclusion.where, inclusion.within_m
    for use in scenario.uses.values():
        for criterion in use.criteria.values():
            measure, value = criterion.measure, criterion.value
            if measure is None or value is None:
                continue
            if measure.distance_to is not None:
                yield measure.distance_to, measure.where, value.shape().last
            elif (reach := measure.of.reach_m()) is not None:
                # Only the depth of completeness is needed this far, never a distance.
                yield f"reach of {measure.layer}", measure.where, reach
