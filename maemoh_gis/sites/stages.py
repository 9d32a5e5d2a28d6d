"""Stages of sites: each use on its own land, or all uses sharing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core import units
from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.files.scratch import blocks_of
from maemoh_gis.sites import cuts, delineate
from maemoh_gis.sites.cells import SiteCells, in_list
from maemoh_gis.sites.delineate import SiteNeeds
from maemoh_gis.sites.land_mix import mix_uses
from maemoh_gis.sites.result import MIX
from maemoh_gis.sites.shape import cells_across
from maemoh_gis.suitability.limits import Availability, State
from maemoh_gis.suitability.measure_stages import selector

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.scenario.settings.parts import Selection
    from maemoh_gis.scenario.settings.scenario import Land, Scenario
    from maemoh_gis.suitability.measure_stages import Inputs


def site_stages(scenario: Scenario) -> list[Stage]:
    """Make the stages that grow sites, `sites:USE`, or `mix` for uses that share the land."""
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
    """Turn what a use asks of a site, in rai and metres, into cells of the grid."""
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
    def run(context: StageContext, inputs: Inputs) -> delineate.Sites:
        found = delineate.sites_on(_Contender(use, scenario, context.grid, inputs))
        return replace(found, cells=_listed(found.cells, use, inputs))

    inputs = (f"score:{use}", f"state:{use}", *crossed)
    params = {"land": scenario.uses[use].land.model_dump(exclude={"basis"})}
    return Stage(f"sites:{use}", run, "global", inputs, params=params, whole=True)


def _mix_stage(scenario: Scenario) -> Stage:
    inputs = [f"{what}:{use}" for use in scenario.uses for what in ("score", "state")]
    inputs += [_crossed_stage(cut).id for u in scenario.uses.values() for cut in u.land.cut_by]
    params = {
        use: {"land": u.land.model_dump(exclude={"basis"}), "priority": u.priority}
        for use, u in scenario.uses.items()
    }

    def run(context: StageContext, given: Inputs) -> Mapping[str, Any]:
        shares = mix_uses(
            {use: _Contender(use, scenario, context.grid, given) for use in scenario.uses}
        )
        return {
            use: replace(share, cells=_listed(share.cells, use, given))
            for use, share in shares.items()
        }

    return Stage(MIX, run, "global", tuple(dict.fromkeys(inputs)), params=params, whole=True)


def _listed(cells: SiteCells, use: str, inputs: Inputs) -> SiteCells:
    """List the sites of a use by what is certain of them; growing went by the likely score."""
    score = inputs[f"score:{use}"]
    return in_list(cells, score.low, score.high)


@dataclass(frozen=True)
class _Contender:
    """A use that looks for land; what it looks at is read when it is asked for, and not kept."""

    use: str
    scenario: Scenario
    grid: Grid
    inputs: Inputs

    @property
    def priority(self) -> int:
        """Uses with a lower number choose first."""
        return self.scenario.uses[self.use].priority

    @property
    def needs(self) -> SiteNeeds:
        """What it asks of a site."""
        return needs_of(self._land, self.grid)

    @property
    def score(self) -> FloatArray:
        """Suitability, float32 (rows, cols)."""
        return np.asarray(self.inputs[f"score:{self.use}"].value)

    @property
    def usable(self) -> BoolArray:
        """Land its sites may hold."""
        conditional = self._land.conditional
        taken = [State.ALLOWED, State.CONDITIONAL] if conditional else [State.ALLOWED]
        state = self._states.state
        usable = np.empty(state.shape, dtype=bool)
        for rows in blocks_of(state.shape):
            usable[rows] = np.isin(state[rows], taken)
        return usable

    @property
    def barrier(self) -> BoolArray | None:
        """Cells no site of it may hold or reach across."""
        crossed = [self.inputs[_crossed_stage(s).id] for s in self._land.cut_by]
        if not crossed:
            return None
        barrier = np.array(crossed[0])
        for other in crossed[1:]:
            barrier |= np.asarray(other)
        return barrier

    @property
    def fillable(self) -> BoolArray:
        """Land that may lie in its filled holes."""
        fillable = self.usable
        states, score = self._states, self.inputs[f"score:{self.use}"].value
        forgiven = self._forgiven_bits()
        for rows in blocks_of(fillable.shape):
            fillable[rows] &= ~np.isnan(score[rows])
            # Removed land may lie in a hole where only named limits remove it.
            others = states.removed_by[rows] & ~forgiven
            fillable[rows] |= (states.state[rows] == State.REMOVED) & (others == 0)
        return fillable

    @property
    def _land(self) -> Land:
        return self.scenario.uses[self.use].land

    @property
    def _states(self) -> Availability:
        states: Availability = self.inputs[f"state:{self.use}"]
        return states

    def _forgiven_bits(self) -> np.uint32:
        """Set the bits of the limits whose land may lie in a filled hole."""
        limits = self.scenario.limits_of(self.use).items()
        names = [id for id, limit in limits if limit.test and limit.outcome == "removed"]
        return np.uint32(
            sum(1 << k for k, id in enumerate(names) if id in self._land.fill_removed_by)
        )


def _crossed_stage(selection: Selection) -> Stage:
    def run(context: StageContext, _: Inputs) -> BoolArray:
        lines = context.layers.shapes(selection.layer, context.grid.crs, selection.where)
        return cuts.cells_crossed(lines, context.grid)

    name = selector(selection.layer, selection.where)
    return Stage(
        f"crossed:{name}",
        run,
        "local",
        layers=(selection.layer,),
        params={"where": selection.where},
    )
