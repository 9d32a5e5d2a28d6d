"""Stages of sites: each use on its own land, or all uses sharing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis import units
from maemoh_gis._types import BoolArray
from maemoh_gis.suitability import cuts, sites
from maemoh_gis.suitability.land_mix import Contender, mix_uses
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.site_shape import cells_across
from maemoh_gis.suitability.sites import SiteNeeds
from maemoh_gis.workflow.measure_stages import selector
from maemoh_gis.workflow.stages import Bench, Stage

if TYPE_CHECKING:
    from maemoh_gis.grid import Grid
    from maemoh_gis.scenarios.model import Land, Scenario
    from maemoh_gis.scenarios.parts import Selection
    from maemoh_gis.workflow.measure_stages import Inputs


def site_stages(scenario: Scenario) -> list[Stage]:
    """
    Make the stages that grow sites, `sites:USE`, or `mix` for uses that share the land.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of Stage
        Each `sites:USE` gives `Sites`; `mix` gives `UseShare` by use.
    """
    stages = []
    for use, definition in scenario.uses.items():
        crossed = [_crossed_stage(selection) for selection in definition.land.cut_by]
        stages += crossed
        if not scenario.mix:
            stages.append(_own_stage(use, scenario, [stage.id for stage in crossed]))
    if scenario.mix:
        stages.append(_mix_stage(scenario))
    return stages


def needs_of(land: Land, grid: Grid) -> SiteNeeds:
    """
    Turn what a use asks of a site into cells.

    Parameters
    ----------
    land : Land
        What is asked, in rai and metres.
    grid : Grid
        Cells to count in.

    Returns
    -------
    SiteNeeds
        Areas and widths rounded up, so that no site is smaller than asked.
    """
    rai = units.rai_from_m2(grid.cell_area_m2)
    return SiteNeeds(
        cells=max(int(np.ceil(land.area_rai / rai)), 1),
        least_cells=max(int(np.ceil(land.least_rai / rai)), 1),
        least_score=land.least_score,
        count=land.sites,
        spacing_cells=land.spacing_m / grid.cell_m,
        width_cells=cells_across(land.least_width_m, grid.cell_m),
        least_compactness=land.least_compactness,
        hole_cells=int(land.fill_holes_rai / rai),
        pull=land.roundness,
    )


def _own_stage(use: str, scenario: Scenario, crossed: list[str]) -> Stage:
    def run(bench: Bench, inputs: Inputs) -> sites.Sites:
        land = _contender(use, scenario, bench.grid, inputs)
        return sites.delineate(
            land.score, land.usable, land.needs, barrier=land.barrier, fillable=land.fillable
        )

    inputs = (f"score:{use}", f"state:{use}", *crossed)
    params = {"land": scenario.uses[use].land.model_dump(exclude={"basis"})}
    return Stage(f"sites:{use}", run, "global", inputs, params=params)


def _mix_stage(scenario: Scenario) -> Stage:
    inputs = [f"{what}:{use}" for use in scenario.uses for what in ("score", "state")]
    inputs += [_crossed_stage(cut).id for u in scenario.uses.values() for cut in u.land.cut_by]
    params = {
        use: {"land": u.land.model_dump(exclude={"basis"}), "priority": u.priority}
        for use, u in scenario.uses.items()
    }

    def run(bench: Bench, given: Inputs) -> Mapping[str, Any]:
        return mix_uses(
            {use: _contender(use, scenario, bench.grid, given) for use in scenario.uses}
        )

    return Stage("mix", run, "global", tuple(dict.fromkeys(inputs)), params=params)


def _contender(use: str, scenario: Scenario, grid: Grid, inputs: Inputs) -> Contender:
    definition = scenario.uses[use]
    land, states, score = definition.land, inputs[f"state:{use}"], inputs[f"score:{use}"].value
    taken = [State.ALLOWED, State.CONDITIONAL] if land.conditional else [State.ALLOWED]
    usable = np.isin(states.state, taken)
    barrier: BoolArray | None = None
    for selection in land.cut_by:
        crossed = inputs[_crossed_stage(selection).id]
        barrier = crossed if barrier is None else barrier | crossed
    return Contender(
        score=score,
        usable=usable,
        needs=needs_of(land, grid),
        priority=definition.priority,
        barrier=barrier,
        fillable=(usable & ~np.isnan(score)) | _forgiven(use, scenario, states),
    )


def _forgiven(use: str, scenario: Scenario, states: Any) -> BoolArray:
    """Find removed land that may lie in a filled hole: only named limits remove it."""
    names = [
        id
        for id, limit in scenario.limits_of(use).items()
        if limit.test and limit.outcome == "removed"
    ]
    allowed = scenario.uses[use].land.fill_removed_by
    mask = np.uint32(sum(1 << k for k, id in enumerate(names) if id in allowed))
    others = states.removed_by & ~mask
    return np.asarray((states.state == State.REMOVED) & (others == 0))


def _crossed_stage(selection: Selection) -> Stage:
    def run(bench: Bench, _: Inputs) -> BoolArray:
        lines = bench.layers.shapes(selection.layer, bench.grid.crs, selection.where)
        return cuts.cells_crossed(lines, bench.grid)

    name = selector(selection.layer, selection.where)
    return Stage(f"crossed:{name}", run, "cell", layers=(selection.layer,),
                 params={"where": selection.where})  # fmt: skip
