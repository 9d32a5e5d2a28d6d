"""Stages of limits: where each holds, where only with another layer, and where it is lifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.types import BoolArray
from maemoh_gis.engine.stages import Stage
from maemoh_gis.suitability import limits
from maemoh_gis.suitability.measure_stages import (
    codes_stage,
    depth_cap,
    depth_stage,
    distance_stage,
    inside_stage,
    numbers_stage,
    selector,
)

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.limit import Inclusion, Limit, Test
    from maemoh_gis.suitability.measure_stages import Inputs, Where

Tested = Callable[["Inputs"], limits.LimitCells]


def limit_stages(id: str, limit: Limit, catalog: Catalog, caps: Mapping[str, float]) -> list[Stage]:
    """
    Make the stages of a limit that is tested: what it measures, then `limit:ID`.

    `caps` say how far distances must be told, in metres, by choice of features.
    """
    assert limit.layer is not None
    assert limit.test is not None
    sources, tested = _tested(limit.layer, limit.where, limit.test, catalog, caps)
    params: dict[str, Any] = {"test": limit.test.model_dump(exclude_none=True)}
    only = limit.only_where
    if only is None:
        run = tested
    else:
        more, condition = _tested(only.layer, only.where, only.test, catalog, caps)
        sources = [*sources, *more]
        params["only_where"] = only.test.model_dump(exclude_none=True)

        def run(inputs: Inputs) -> limits.LimitCells:
            return limits.both_hold(tested(inputs), condition(inputs))

    inputs = tuple(dict.fromkeys(stage.id for stage in sources))
    return [*sources, Stage(f"limit:{id}", lambda _, i: run(i), "local", inputs, params=params)]


def inclusion_stages(
    inclusions: Mapping[str, Inclusion], year_be: int, caps: Mapping[str, float]
) -> list[Stage]:
    """Find the land of each inclusion that is in force in a year, as `inclusion:ID`."""
    stages: list[Stage] = []
    for id, inclusion in inclusions.items():
        if not inclusion.in_force(year_be):
            continue
        layer, where, within = inclusion.layer, inclusion.where, inclusion.within_m
        if within is None:
            stages.append(inside_stage(layer, where, id=f"inclusion:{id}"))
            continue
        source = distance_stage(layer, where, caps[selector(layer, where)])
        stages += [source, _near_stage(f"inclusion:{id}", source.id, within)]
    return stages


def _near_stage(id: str, source: str, within_m: float) -> Stage:
    def run(_: Any, inputs: Inputs) -> BoolArray:
        return limits.holds_within(inputs[source], within_m).hit

    return Stage(id, run, "local", (source,), params={"within_m": within_m})


def lifted(
    hits: Mapping[str, limits.LimitCells],
    inclusions: Mapping[str, Inclusion],
    inputs: Inputs,
) -> dict[str, limits.LimitCells]:
    """Lift limits on the land of inclusions."""
    result = dict(hits)
    for id, inclusion in inclusions.items():
        if f"inclusion:{id}" not in inputs:
            continue
        outside = ~inputs[f"inclusion:{id}"]
        for name in inclusion.limits:
            if name in result:
                was = result[name]
                result[name] = limits.LimitCells(
                    was.hit & outside, was.unknown & outside, (was.settled & ~was.hit) | ~outside
                )
    return result


def conditions_of(
    inclusions: Mapping[str, Inclusion], inputs: Inputs, shape: tuple[int, int]
) -> dict[str, limits.LimitCells]:
    """
    Make land that an inclusion turns conditional a conditional limit of its own.

    One that is not in force holds nowhere but keeps its bit, so that its year never moves the bit
    of another.
    """
    nowhere = np.zeros(shape, dtype=bool)
    return {
        id: limits.LimitCells(inputs.get(f"inclusion:{id}", nowhere), nowhere)
        for id, inclusion in inclusions.items()
        if inclusion.becomes == "conditional"
    }


def _tested(
    layer: str, where: Where, test: Test, catalog: Catalog, caps: Mapping[str, float]
) -> tuple[list[Stage], Tested]:
    """Give the stages a test reads, and how their results become `LimitCells`."""
    if test.kind == "inside":
        stage = inside_stage(layer, where)
        sources, depth = _with_depth(stage, where, layer, catalog, caps)
        return sources, lambda i: limits.holds_inside(i[stage.id], i[depth] if depth else None)
    if test.within_m is not None or test.beyond_m is not None:
        return _tested_by_distance(layer, where, test, catalog, caps)
    if test.classes is not None:
        wanted = [int(c) for c, k in catalog[layer].classes.items() if k.key in test.classes]
        stage = codes_stage(layer)
        return [stage], lambda i: limits.holds_for_codes(i[stage.id], wanted)
    stage = numbers_stage(layer)
    return [stage], lambda i: limits.holds_where(i[stage.id], above=test.above, below=test.below)


def _tested_by_distance(
    layer: str, where: Where, test: Test, catalog: Catalog, caps: Mapping[str, float]
) -> tuple[list[Stage], Tested]:
    source = distance_stage(layer, where, caps[selector(layer, where)])
    sources, depth = _with_depth(source, where, layer, catalog, caps)
    if test.within_m is not None:
        within = test.within_m
        return sources, lambda i: limits.holds_within(
            i[source.id], within, i[depth] if depth else None
        )
    beyond = test.beyond_m
    assert beyond is not None
    return sources, lambda i: limits.holds_beyond(i[source.id], i[depth] if depth else None, beyond)


def _with_depth(
    source: Stage, where: Where, layer: str, catalog: Catalog, caps: Mapping[str, float]
) -> tuple[list[Stage], str | None]:
    """Add the stage that says how deep a cell lies where the features are complete, and name it."""
    depth = depth_stage(layer, where, catalog, depth_cap(caps))
    return ([source], None) if depth is None else ([source, depth], depth.id)
