"""
Stages of the amounts of a table that stand at places, weakened by the minutes to a cell.

    network:ID ─> road_times:ID ─> potential:MEASURE ─> reached_at:MEASURE ─> reached_most:MEASURE
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.reach.over_roads import (
    Lattice,
    RoadTimes,
    cells_stages,
    points_over,
    road_times_stage,
    weakened,
)

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.over_roads import Potential
    from maemoh_gis.scenario.settings.scenario import Scenario


def potential_stages(asked: Potential, scenario: Scenario, catalog: Catalog) -> Iterator[Stage]:
    """
    Make the stages of what stands at places.

    Yields
    ------
    Stage
        `road_times:ID`, `RoadTimes`; `potential:MEASURE`, a `Lattice` over the study area; and
        those of its cells, see `cells_stages`.
    """
    area = scenario.area
    told: dict[str, Any] = asked.model_dump()
    name = json.dumps(told, sort_keys=True, ensure_ascii=False)
    times, lattice = road_times_stage(asked), f"potential:{name}"
    whole = all(catalog[one].complete_within == "extent" for one in asked.layers())

    def solved(context: StageContext, inputs: Mapping[str, Any]) -> Lattice:
        crs = context.grid.crs
        land = context.layers.shapes(area.layer, crs, area.where)
        return lattice_of(asked, inputs[times.id], context.layers, land, crs, whole=whole)

    params = {"asked": told, "where": dict(area.where), "whole": whole}
    layers = tuple(dict.fromkeys([area.layer, *asked.layers()]))
    yield times
    # Sites are measured again, cell by cell, once all is computed; the roads need not be.
    yield Stage(lattice, solved, "global", (times.id,), layers, params, whole=True)
    yield from cells_stages(name, lattice)


def lattice_of(
    asked: Potential, times: RoadTimes, layers: Layers, land: np.ndarray, crs: str, *, whole: bool
) -> Lattice:
    """
    Sum amounts over points of some land.

    The most is without end unless the layers are `whole` and every row has a size and a place.
    """
    places, amounts, known = placed(asked, layers, crs)
    grid, wanted = points_over(land, crs, asked.every_m)
    row, col = np.nonzero(wanted)
    points = np.column_stack((grid.x[col], grid.y[row]))
    measured, most = (np.full(grid.shape, np.nan) for _ in range(2))
    measured[wanted], most[wanted] = weakened(times, places, amounts, points, asked.half_minutes)
    return Lattice(grid, measured, most if whole and known else np.full(grid.shape, np.inf))


def placed(asked: Potential, layers: Layers, crs: str) -> tuple[FloatArray, FloatArray, bool]:
    """
    Put the amounts of each place together.

    Gives places, float64 (n, 2), m, amounts, (n,), and whether every row has a size and a place.
    """
    frame = layers.features(asked.to, crs)
    position = {str(code): n for n, code in enumerate(frame[asked.code])}
    rows = layers.rows(asked.amounts)
    sizes = np.array([_size(row[asked.weight]) for row in rows])
    if wrong := int(((sizes < 0) | np.isinf(sizes)).sum()):
        fault = Fault("amounts_not_amounts", asked.amounts, key=asked.weight, found=str(wrong))
        raise LayerError(fault)
    at = np.array([position.get(row[asked.by], -1) for row in rows], dtype=np.int64)
    known = (at >= 0) & ~np.isnan(sizes)
    amounts = np.bincount(at[known], weights=sizes[known], minlength=len(frame))
    xy = np.column_stack((frame.geometry.x, frame.geometry.y))
    return xy, np.asarray(amounts, dtype=np.float64), bool(known.all())


def _size(written: str) -> float:
    """Read an amount; NaN where it is not known, and below 0 where it is no number."""
    try:
        return float(written) if written.strip() else float("nan")
    except ValueError:
        return -1.0
