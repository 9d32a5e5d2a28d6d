"""
Stages of the people who reach a cell by road.

    network:ID ─> road_times:ID ─┬─> reached:MEASURE ─> reached_at:MEASURE ─> reached_most:MEASURE
    people ──────────────────────┘

The roads are solved once over the study area, at points some way apart; cells lie between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cells.distance import metres_to_outside
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.exposure.homes import central_shares
from maemoh_gis.exposure.population import PEOPLE, People
from maemoh_gis.layers.entries import CompleteWithin
from maemoh_gis.network.travel import MINUTES_PER_M_AT_1_KPH
from maemoh_gis.reach.over_roads import (
    Lattice,
    RoadTimes,
    cells_stages,
    points_over,
    road_times_stage,
    within,
)

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.over_roads import PeopleWithin
    from maemoh_gis.scenario.settings.scenario import Scenario


def people_within_stages(
    asked: PeopleWithin, scenario: Scenario, catalog: Catalog
) -> Iterator[Stage]:
    """
    Make the stages of the people who reach a cell.

    Yields
    ------
    Stage
        `road_times:ID`, `RoadTimes`; `reached:MEASURE`, a `Lattice` over the study area; and those
        of its cells, see `cells_stages`.
    """
    assert scenario.exposure is not None
    area, counted = scenario.area, scenario.exposure.population
    params: dict[str, Any] = asked.model_dump()
    name = json.dumps(params, sort_keys=True, ensure_ascii=False)
    times, lattice = road_times_stage(asked), f"reached:{name}"
    yield times

    def solved(context: StageContext, inputs: Mapping[str, Any]) -> Lattice:
        crs = context.grid.crs
        land = context.layers.shapes(area.layer, crs, area.where)
        whole = context.layers.complete_within(counted, crs)
        return lattice_of(asked, inputs[times.id], inputs[PEOPLE], land, whole)

    complete = catalog[counted].complete_within
    layers = [area.layer, *([complete.layer] if isinstance(complete, CompleteWithin) else [])]
    told = complete.model_dump() if isinstance(complete, CompleteWithin) else complete
    params = {"asked": params, "where": dict(area.where), "complete": told}
    # Sites are measured again, cell by cell, once all is computed; the roads need not be.
    yield Stage(lattice, solved, "global", (times.id, PEOPLE), tuple(dict.fromkeys(layers)), params,
                whole=True)  # fmt: skip
    yield from cells_stages(name, lattice)


def lattice_of(
    asked: PeopleWithin,
    times: RoadTimes,
    people: People,
    land: np.ndarray,
    counted_within: np.ndarray | None,
) -> Lattice:
    """
    Count who reaches points of some land by road.

    Where the polygons inside which everybody is counted end within reach, there may be any number;
    None counts everybody everywhere.
    """
    grid, wanted = points_over(land, people.grid.crs, asked.every_m)
    row, col = np.nonzero(wanted)
    points = np.column_stack((grid.x[col], grid.y[row]))
    bounded = np.ones(grid.shape, dtype=bool)
    if counted_within is not None:
        far_m = asked.minutes * times.fastest_kph / MINUTES_PER_M_AT_1_KPH
        bounded = _depth(counted_within, grid, far_m) >= far_m
    measured, most = np.full(grid.shape, np.nan), np.full(grid.shape, np.inf)
    measured[wanted], most[wanted] = within(
        times, *blocks_of(people, asked.block_m), points, asked.minutes, bounded[wanted]
    )
    return Lattice(grid, measured, most)


def _depth(polygons: np.ndarray, grid: Any, cap_m: float) -> FloatArray:
    if len(polygons) == 0:
        return np.zeros(grid.shape)
    return metres_to_outside(polygons, grid, cap_m + 1.0)


def blocks_of(people: People, block_m: float) -> tuple[FloatArray, FloatArray]:
    """
    Gather people into square blocks, by the central mixture of the estimates.

    Gives the middle of the people of each block, float64 (n, 2), m, and their number, (n,). People
    of a subdistrict without a cell stand at a point of its land.
    """
    told = np.array([one.told for one in people.placed])
    central = np.array([share for share, _ in people.believed])
    at, amount = [], []
    for one, share in zip(people.placed, central_shares(told, central), strict=True):
        at.append(one.at)
        amount.append(one.people * share[people.zone.ravel()[one.at] - 1])
    cell, held = np.concatenate(at), np.concatenate(amount)
    row, col = np.divmod(cell, people.grid.cols)
    alone = [(land.representative_point(), n) for land, n in people.without_cells]
    x = np.concatenate((people.grid.x[col], [point.x for point, _ in alone]))
    y = np.concatenate((people.grid.y[row], [point.y for point, _ in alone]))
    held = np.concatenate((held, [n for _, n in alone]))
    return _gathered(x, y, held, block_m)


def _gathered(
    x: FloatArray, y: FloatArray, held: FloatArray, block_m: float
) -> tuple[FloatArray, FloatArray]:
    across, down = (np.floor(v / block_m).astype(np.int64) for v in (x, y))
    width = int(across.max(initial=0) - across.min(initial=0)) + 1
    _, block = np.unique(down * width + across, return_inverse=True)
    total = np.bincount(block, weights=held)
    middle = [np.bincount(block, weights=held * v) for v in (x, y)]
    some = total > 0
    amounts = np.asarray(total[some], dtype=np.float64)
    return np.column_stack([m[some] / amounts for m in middle]), amounts
