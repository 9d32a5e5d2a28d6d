"""
The stage table of a scenario: which layers become which measures, limits, scores and sites.

    study ───────────────────────────────┐
    distance:* inside:* numbers:* codes:* ┼─> limit:* ──────> state:USE ─┐
    depth:* ──────────────────────────────┴─> criterion:USE.* ─> score:USE ┴─> sites:USE
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray
from maemoh_gis.layers.catalog import Catalog, CompleteWithin
from maemoh_gis.scenarios.model import Criterion, Limit, Measure, Scenario
from maemoh_gis.suitability import distance, limits, sites, values
from maemoh_gis.suitability.aggregate import weighted_sum
from maemoh_gis.suitability.combine import CriterionScore, Score
from maemoh_gis.workflow.stages import Bench, Stage, ordered

Inputs = Mapping[str, Any]


def stage_table(scenario: Scenario, catalog: Catalog) -> list[Stage]:
    """
    List the stages of a scenario.

    Parameters
    ----------
    scenario : Scenario
        A scenario that fits the catalog.
    catalog : Catalog
        The layers it names.

    Returns
    -------
    list of Stage
        Inputs first; every measure stands in it once, however many limits and criteria use it.
    """
    builder = _Builder(scenario, catalog)
    builder.add(_study_stage(scenario))
    for use in scenario.uses:
        builder.use(use)
    return ordered(builder.stages.values())


class _Builder:
    """Gathers stages, each measure once."""

    def __init__(self, scenario: Scenario, catalog: Catalog) -> None:
        self.scenario = scenario
        self.catalog = catalog
        self.stages: dict[str, Stage] = {}
        self.caps = dict(_distance_caps(scenario))

    def add(self, stage: Stage) -> str:
        self.stages.setdefault(stage.id, stage)
        return stage.id

    def use(self, use: str) -> None:
        """Add everything one use needs."""
        checked = {
            id: self.limit(id, limit)
            for id, limit in self.scenario.limits_of(use).items()
            if limit.test is not None
        }
        weights = self.scenario.weights(use)
        criteria = self.scenario.uses[use].criteria
        scored = {
            id: self.criterion(use, id, criterion)
            for id, criterion in criteria.items()
            if criterion.measure is not None
        }
        self.add(_score_stage(use, {id: weights[id] for id in criteria}, scored))
        outcomes = {id: self.scenario.limits[id].outcome for id in checked}
        self.add(_state_stage(use, checked, outcomes, tuple(scored.values())))
        self.add(_sites_stage(use, self.scenario))

    def limit(self, id: str, limit: Limit) -> str:
        """Add a limit and what it is tested on."""
        assert limit.layer is not None
        assert limit.test is not None
        test, layer = limit.test, self.catalog[limit.layer]
        params: dict[str, Any] = {"test": test.model_dump(exclude_none=True)}
        if test.kind == "inside":
            source = self.add(_inside_stage(limit.layer, limit.where))
            run = _inside_limit
        elif test.kind in {"within_m", "beyond_m"}:
            source = self.distance(limit.layer, limit.where)
            depth = self.depth(limit.layer) if test.kind == "beyond_m" else None
            stage = Stage(f"limit:{id}", _distance_limit(limit, source, depth), "cell",
                          tuple(filter(None, (source, depth))), params=params)  # fmt: skip
            return self.add(stage)
        elif test.classes is not None:
            source = self.add(_codes_stage(limit.layer))
            wanted = [int(c) for c, k in layer.classes.items() if k.key in test.classes]
            params["codes"] = wanted
            run = _class_limit(wanted)
        else:
            source = self.add(_numbers_stage(limit.layer))
            run = _threshold_limit(limit)
        return self.add(Stage(f"limit:{id}", lambda _, i: run(i[source]), "cell", (source,),
                              params=params))  # fmt: skip

    def criterion(self, use: str, id: str, criterion: Criterion) -> str:
        """Add a criterion and what it measures."""
        measure, value = criterion.measure, criterion.value
        assert measure is not None
        assert value is not None
        layer = self.catalog[measure.layer]
        params: dict[str, Any] = {
            "value": value.model_dump(exclude_none=True),
            "plus_minus": [measure.plus_minus, measure.plus_minus_share],
        }
        inputs: tuple[str, ...]
        if measure.kind == "distance_to":
            source = self.distance(measure.layer, measure.where)
            depth = self.depth(measure.layer)
            inputs = tuple(filter(None, (source, depth)))
            points = value.points or []
            incomplete = layer.complete_within == "none"
            params["incomplete"] = incomplete

            def run(_: Bench, i: Inputs) -> CriterionScore:
                return _distance_score(i[source], i[depth] if depth else None, points, incomplete)

        elif measure.kind == "class_of":
            source = self.add(_codes_stage(measure.layer))
            inputs = (source,)
            scores = {int(c): (value.classes or {}).get(k.key) for c, k in layer.classes.items()}
            known = {code: score for code, score in scores.items() if score is not None}
            params["codes"] = {str(code): score for code, score in known.items()}

            def run(_: Bench, i: Inputs) -> CriterionScore:
                return CriterionScore(values.score_by_class(i[source], known))

        else:
            source = self.add(_numbers_stage(measure.layer))
            inputs = (source,)

            def run(_: Bench, i: Inputs) -> CriterionScore:
                return _value_score(i[source], value.points or [], measure)

        return self.add(Stage(f"criterion:{use}.{id}", run, "cell", inputs, params=params))

    def distance(self, layer: str, where: Mapping[str, Any]) -> str:
        """Add the distance to features of a layer, as far as anything needs it."""
        cap = self.caps[_selector(layer, where)]
        return self.add(
            Stage(
                f"distance:{_selector(layer, where)}",
                lambda bench, _: distance.metres_to_features(
                    bench.layers.shapes(layer, bench.grid.crs, where), bench.grid, cap
                ),
                "halo",
                layers=(layer,),
                params={"where": dict(where), "cap_m": cap},
            )
        )

    def depth(self, layer: str) -> str | None:
        """Add how deep a cell lies where a layer is complete; None: complete everywhere."""
        within = self.catalog[layer].complete_within
        if within == "extent":
            return None
        cap = max(self.caps.values())
        polygons: tuple[str, ...] = ()
        params: dict[str, Any]
        key, params = "none", {"cap_m": cap}
        if isinstance(within, CompleteWithin):
            polygons = (within.layer,)
            margin = {"margin_km": within.margin_km} if within.margin_km else {}
            key = _selector(within.layer, {**within.where, **margin})
            params |= {"where": within.where, "margin_km": within.margin_km}
        return self.add(
            Stage(
                f"depth:{key}",
                lambda bench, _: _depth(bench, layer, cap),
                "halo",
                layers=polygons,
                params=params,
            )
        )


def _study_stage(scenario: Scenario) -> Stage:
    area = scenario.area

    def run(bench: Bench, _: Inputs) -> BoolArray:
        return distance.cells_inside(
            bench.layers.shapes(area.layer, bench.grid.crs, area.where), bench.grid
        )

    return Stage("study", run, "cell", layers=(area.layer,), params={"where": area.where})


def _inside_stage(layer: str, where: Mapping[str, Any]) -> Stage:
    def run(bench: Bench, _: Inputs) -> BoolArray:
        return distance.cells_inside(bench.layers.shapes(layer, bench.grid.crs, where), bench.grid)

    return Stage(f"inside:{_selector(layer, where)}", run, "cell", layers=(layer,),
                 params={"where": dict(where)})  # fmt: skip


def _numbers_stage(layer: str) -> Stage:
    return Stage(f"numbers:{layer}", lambda b, _: b.layers.numbers(layer, b.grid), "halo",
                 layers=(layer,))  # fmt: skip


def _codes_stage(layer: str) -> Stage:
    return Stage(f"codes:{layer}", lambda b, _: b.layers.codes(layer, b.grid), "cell",
                 layers=(layer,))  # fmt: skip


def _score_stage(use: str, weights: Mapping[str, float], scored: Mapping[str, str]) -> Stage:
    def run(bench: Bench, inputs: Inputs) -> Score:
        pairs = [
            (weight, inputs[scored[id]] if id in scored else CriterionScore(None))
            for id, weight in weights.items()
        ]
        return weighted_sum(pairs, bench.grid.shape)

    return Stage(f"score:{use}", run, "cell", tuple(scored.values()),
                 params={"weights": dict(weights)})  # fmt: skip


def _state_stage(
    use: str, checked: Mapping[str, str], outcomes: Mapping[str, str], criteria: tuple[str, ...]
) -> Stage:
    def run(bench: Bench, inputs: Inputs) -> limits.States:
        by_outcome = {
            outcome: {id: inputs[stage] for id, stage in checked.items() if outcomes[id] == outcome}
            for outcome in ("removed", "conditional")
        }
        unknown = np.zeros(bench.grid.shape, dtype=bool)
        for id in criteria:
            unknown |= _input_missing(inputs[id])
        return limits.combine_limits(
            inputs["study"], by_outcome["removed"], by_outcome["conditional"], unknown
        )

    return Stage(f"state:{use}", run, "cell", ("study", *checked.values(), *criteria),
                 params={"outcomes": dict(outcomes)})  # fmt: skip


def _sites_stage(use: str, scenario: Scenario) -> Stage:
    land = scenario.uses[use].land

    def run(bench: Bench, inputs: Inputs) -> Any:
        rai = bench.grid.cell_area_m2 / 1600.0
        states = [limits.State.ALLOWED]
        if land.conditional:
            states.append(limits.State.CONDITIONAL)
        return sites.grow_sites(
            inputs[f"score:{use}"].value,
            np.isin(inputs[f"state:{use}"].state, states),
            sites.SiteNeeds(
                cells=max(int(np.ceil(land.area_rai / rai)), 1),
                least_cells=max(int(np.ceil(land.least_rai / rai)), 1),
                least_score=land.least_score,
                count=land.sites,
                spacing_cells=land.spacing_m / bench.grid.cell_m,
            ),
        )

    return Stage(f"sites:{use}", run, "global", (f"score:{use}", f"state:{use}"),
                 params={"land": land.model_dump(exclude={"basis"})})  # fmt: skip


def _inside_limit(inside: BoolArray) -> limits.LimitCells:
    return limits.LimitCells(inside, np.zeros_like(inside))


def _distance_limit(limit: Limit, source: str, depth: str | None) -> Any:
    assert limit.test is not None
    within, beyond = limit.test.within_m, limit.test.beyond_m

    def run(_: Bench, inputs: Inputs) -> limits.LimitCells:
        if within is not None:
            return limits.holds_within(inputs[source], within)
        assert beyond is not None
        return limits.holds_beyond(inputs[source], inputs[depth] if depth else None, beyond)

    return run


def _class_limit(wanted: list[int]) -> Any:
    return lambda codes: limits.holds_for_codes(codes, wanted)


def _threshold_limit(limit: Limit) -> Any:
    assert limit.test is not None
    test = limit.test
    return lambda numbers: limits.holds_where(numbers, above=test.above, below=test.below)


def _distance_score(
    metres: FloatArray,
    depth: FloatArray | None,
    points: Any,
    incomplete: bool,  # noqa: FBT001
) -> CriterionScore:
    """
    Score a distance that is only an upper bound where unrecorded features may be nearer.

    Where the layer is complete to a depth of `d` metres around a cell, the true distance lies
    between min(distance, d) and the distance to the nearest recorded feature, and the worst score
    in between is taken: land must not gain by lying where less is known. A layer that is complete
    nowhere never credits land: its least score is the worst one there is, and the cell stays
    unscored unless the recorded features alone settle the score.
    """
    score = values.score_by_points(metres, points)
    if depth is None:
        return CriterionScore(score)
    low, high = values.score_interval_by_points(np.minimum(metres, depth), metres, points)
    if incomplete:
        low = np.full_like(low, min(s for _, s in points))
        return CriterionScore(np.where(low == high, score, np.float32(np.nan)), low, high)
    return CriterionScore(low, low, high)


def _value_score(numbers: FloatArray, points: Any, measure: Measure) -> CriterionScore:
    """Score a raster; an uncertain value gives an interval around its score."""
    score = values.score_by_points(numbers, points)
    if measure.plus_minus is None and measure.plus_minus_share is None:
        return CriterionScore(score)
    error = (measure.plus_minus or 0.0) + (measure.plus_minus_share or 0.0) * np.abs(numbers)
    low, high = values.score_interval_by_points(numbers - error, numbers + error, points)
    return CriterionScore(score, low, high)


def _input_missing(criterion: CriterionScore) -> BoolArray:
    """Find cells where the measure itself is missing, not merely unproven."""
    assert criterion.value is not None
    bound = criterion.high if criterion.high is not None else criterion.value
    return np.isnan(bound)


def _depth(bench: Bench, layer: str, cap: float) -> FloatArray:
    polygons = bench.layers.complete_within(layer, bench.grid.crs)
    assert polygons is not None
    if len(polygons) == 0:
        return np.zeros(bench.grid.shape, dtype=np.float32)
    return distance.metres_to_outside(polygons, bench.grid, cap)


def _selector(layer: str, where: Mapping[str, Any]) -> str:
    """Name a choice of features: the layer, with the wanted values where there are any."""
    return layer + (json.dumps(dict(where), sort_keys=True, ensure_ascii=False) if where else "")


def _distance_caps(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Find how far each distance must be told, over every limit and criterion that uses it."""
    caps: dict[str, float] = {}
    wanted = [
        (limit.layer, limit.where, limit.test.value)
        for limit in scenario.limits.values()
        if limit.layer and limit.test and limit.test.kind in {"within_m", "beyond_m"}
    ]
    for use in scenario.uses.values():
        for criterion in use.criteria.values():
            measure: Measure | None = criterion.measure
            if measure and measure.distance_to and criterion.value and criterion.value.points:
                last = criterion.value.points[-1][0]
                wanted.append((measure.distance_to, measure.where, last))
    for layer, where, reach in wanted:
        key = _selector(str(layer), where)
        caps[key] = max(caps.get(key, 0.0), float(reach))
    # One metre more, so a feature exactly at the last value that matters is still told apart.
    yield from ((key, cap + 1.0) for key, cap in caps.items())
