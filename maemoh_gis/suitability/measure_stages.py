"""
Stages that measure layers: distances, values, classes, and what lies around a cell.

A measure is named by what it reads, so limits and criteria that need the same one share it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cells import around, distance
from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.entries import CompleteWithin

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.measure import Measure, ShareOf

Inputs = Mapping[str, Any]
Where = Mapping[str, Any]


def selector(layer: str, where: Where) -> str:
    """Name a choice of features: the layer, with the wanted values where there are any."""
    return layer + (json.dumps(dict(where), sort_keys=True, ensure_ascii=False) if where else "")


def inside_stage(layer: str, where: Where, *, id: str | None = None) -> Stage:
    """Find the cells inside the polygons of a layer."""

    def run(context: StageContext, _: Inputs) -> BoolArray:
        shapes = context.layers.shapes(layer, context.grid.crs, where)
        return distance.cells_inside(shapes, context.grid)

    return Stage(id or f"inside:{selector(layer, where)}", run, "local", layers=(layer,),
                 params={"where": dict(where)})  # fmt: skip


def distance_stage(layer: str, where: Where, cap_m: float) -> Stage:
    """Measure the distance to the features of a layer."""

    def run(context: StageContext, _: Inputs) -> FloatArray:
        if not context.layers.catalog.read_from(layer):
            # A stack none of whose layers is there: any distance may be true, as far from all.
            return np.full(context.grid.shape, np.inf, dtype=np.float32)
        shapes = context.layers.shapes(layer, context.grid.crs, where)
        return distance.metres_to_features(shapes, context.grid, cap_m)

    return Stage(f"distance:{selector(layer, where)}", run, "focal", layers=(layer,),
                 params={"where": dict(where), "cap_m": cap_m})  # fmt: skip


def numbers_stage(layer: str) -> Stage:
    """Read a raster of numbers."""
    return Stage(
        f"numbers:{layer}", lambda b, _: b.layers.numbers(layer, b.grid), "local", layers=(layer,)
    )


def codes_stage(layer: str) -> Stage:
    """Read a categorical raster."""
    return Stage(
        f"codes:{layer}", lambda b, _: b.layers.codes(layer, b.grid), "local", layers=(layer,)
    )


def depth_cap(caps: Mapping[str, float]) -> float:
    """Give how far depths must be told, in metres: as far as any distance, more than nothing."""
    return max(caps.values(), default=1.0)


def depth_stage(layer: str, where: Where, catalog: Catalog, cap_m: float) -> Stage | None:
    """Measure how deep a cell lies where features are complete; None: complete everywhere."""
    within = catalog[layer].completeness_of(where)
    if within == "extent":
        return None
    polygons: tuple[str, ...] = ()
    params: dict[str, Any] = {"cap_m": cap_m}
    key = "none"
    if isinstance(within, CompleteWithin):
        polygons = (within.layer,)
        margin = {"margin_km": within.margin_km} if within.margin_km else {}
        key = selector(within.layer, {**within.where, **margin})
        params |= {"where": within.where, "margin_km": within.margin_km}

    def run(context: StageContext, _: Inputs) -> FloatArray:
        shapes = context.layers.complete_within(layer, context.grid.crs)
        assert shapes is not None
        if len(shapes) == 0:
            return np.zeros(context.grid.shape, dtype=np.float32)
        return distance.metres_to_outside(shapes, context.grid, cap_m)

    return Stage(f"depth:{key}", run, "focal", layers=polygons, params=params)


def measure_stage(measure: Measure, catalog: Catalog, cap_m: float) -> Stage:
    """
    Make the stage of a measure of a kind in `MAKERS`; networks measure the others.

    It names every layer its kind declares, so a change of any of them changes its key.
    """
    stage = MAKERS[measure.kind](measure, catalog, cap_m)
    return replace(stage, layers=measure.layers())


def _distance(measure: Measure, _: Catalog, cap_m: float) -> Stage:
    return distance_stage(measure.layer, measure.where, cap_m)


def _numbers(measure: Measure, _: Catalog, __: float) -> Stage:
    return numbers_stage(measure.layer)


def _codes(measure: Measure, _: Catalog, __: float) -> Stage:
    return codes_stage(measure.layer)


def _around(measure: Measure, run: Callable[[StageContext, Inputs], FloatArray]) -> Stage:
    """Make the stage of what lies around a cell, named by all that a file says of it."""
    params = measure.model_dump(exclude_none=True, exclude={"plus_minus", "plus_minus_share"})
    name = json.dumps(params, sort_keys=True, ensure_ascii=False)
    return Stage(f"around:{name}", run, "focal", layers=measure.layers(), params=params)


def _gravity(measure: Measure, _: Catalog, __: float) -> Stage:
    spec = measure.gravity
    assert spec is not None

    def run(context: StageContext, _: Inputs) -> FloatArray:
        frame = context.layers.features(spec.layer, context.grid.crs, measure.where)
        weights = frame[spec.weight].to_numpy(dtype=np.float64)
        shapes = np.asarray(frame.geometry.array, dtype=object)
        return around.gravity(shapes, weights, context.grid, kph=spec.kph, within_m=spec.within_m)

    return _around(measure, run)


def _density(measure: Measure, _: Catalog, __: float) -> Stage:
    spec = measure.density
    assert spec is not None

    def run(context: StageContext, _: Inputs) -> FloatArray:
        shapes = context.layers.shapes(spec.layer, context.grid.crs, measure.where)
        return around.density(shapes, context.grid, spec.within_m)

    return _around(measure, run)


def _share_of(measure: Measure, catalog: Catalog, _: float) -> Stage:
    spec = measure.share_of
    assert spec is not None
    wanted = [int(c) for c, k in catalog[spec.layer].classes.items() if k.key in spec.classes]

    def run(context: StageContext, _: Inputs) -> FloatArray:
        wider = context.grid.padded(spec.within_m)
        codes = context.layers.codes(spec.layer, wider)
        radius = spec.within_m / context.grid.cell_m
        return around.share_around(np.isin(codes, wanted), codes > 0, radius, math.ceil(radius))

    return _around(measure, run)


def _zone(measure: Measure, _: Catalog, __: float) -> Stage:
    spec = measure.zone
    assert spec is not None

    def run(context: StageContext, _: Inputs) -> FloatArray:
        frame = context.layers.features(spec.layer, context.grid.crs)
        figures = frame[spec.column].to_numpy(dtype=np.float64)
        return around.zone_figure(
            np.asarray(frame.geometry.array, dtype=object), figures, context.grid
        )

    return _around(measure, run)


MAKERS: Mapping[str, Callable[[Measure, Catalog, float], Stage]] = {
    "distance_to": _distance,
    "value_of": _numbers,
    "class_of": _codes,
    "gravity": _gravity,
    "density": _density,
    "share_of": _share_of,
    "zone": _zone,
}
"""How each kind of measure that is read off layers becomes a stage."""


def known_share_stage(spec: ShareOf) -> Stage:
    """Measure the share of the land around a cell of which the class is known, as `known:`."""

    def run(context: StageContext, _: Inputs) -> FloatArray:
        known = context.layers.codes(spec.layer, context.grid.padded(spec.within_m)) > 0
        radius = spec.within_m / context.grid.cell_m
        return around.share_around(known, np.ones_like(known), radius, math.ceil(radius))

    params = {"layer": spec.layer, "within_m": spec.within_m}
    name = json.dumps(params, sort_keys=True, ensure_ascii=False)
    return Stage(f"known:{name}", run, "focal", layers=(spec.layer,), params=params)
