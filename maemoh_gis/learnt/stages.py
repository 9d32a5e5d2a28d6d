"""
The stages of what is learnt: a model from measures and places, then likeness beside the score.

Both look at all land at once. Neither gives anything to a score, a state or a site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.engine.results import STUDY
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.learnt.beside import Beside, correlation, is_open, laid_beside, scale_of
from maemoh_gis.learnt.elsewhere import Ground, samples_elsewhere
from maemoh_gis.learnt.found import Asked, Learnt, Verdict, tested_on, verdict_before
from maemoh_gis.learnt.places import (
    Measures,
    known_cells,
    land_cells,
    measures_of,
    place_cells,
    sample_of,
    taken,
)
from maemoh_gis.suitability.measure_stages import Inputs

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.files.scratch import Raster
    from maemoh_gis.scenario.settings.learnt import Learnt as Settings
    from maemoh_gis.scenario.settings.scenario import Scenario

M_PER_KM = 1000.0


def learnt_stages(scenario: Scenario, sources: Mapping[str, str]) -> Iterator[Stage]:
    """Make the stages of every use something is to be learnt of.

    `sources` gives the stage of a criterion's measure by the stage of the criterion.
    """
    for use, asked in scenario.learnt.items():
        if use in scenario.uses:
            measured = {
                id: sources[f"criterion:{use}.{id}"] for id in measures_learnt_from(scenario, use)
            }
            classed = measures_learnt_from(scenario, use)
            yield _learnt_stage(use, asked, scenario.seed, measured, classed)
            yield _beside_stage(use, measured, classed)


def measures_learnt_from(scenario: Scenario, use: str) -> dict[str, bool]:
    """List the criteria whose measures are learnt from, and whether they hold classes."""
    left_out = scenario.learnt[use].leave_out
    return {
        id: one.measure.kind == "class_of"
        for id, one in scenario.uses[use].criteria.items()
        # Zones are no property of land: outside them nothing is measured, so no land would be left.
        if one.measure is not None and not one.measure.of.of_zones and id not in left_out
    }


def learnt_of(results: Results, use: str) -> Learnt | None:
    """Give what was learnt of a use; None where the scenario does not ask."""
    return results.found_as(f"learnt:{use}", Learnt)


def beside_of(results: Results, use: str) -> Beside | None:
    """Give likeness beside the score; None where it is not told."""
    return results.found_as(f"beside:{use}", Beside)


def _learnt_stage(
    use: str, asked: Settings, seed: int, measured: Mapping[str, str], classed: Mapping[str, bool]
) -> Stage:
    presence = asked.presence

    def run(context: StageContext, inputs: Inputs) -> Learnt:
        shapes = context.layers.shapes(presence.layer, context.grid.crs, presence.where)
        measures = _measures(measured, classed, inputs)
        return _learn(shapes, measures, inputs[STUDY], asked, seed, context)

    return Stage(
        f"learnt:{use}",
        run,
        "global",
        (*dict.fromkeys([*measured.values(), STUDY]),),
        layers=(presence.layer,),
        params={
            **asked.model_dump(mode="json", exclude={"basis", "leave_out"}),
            "seed": seed,
            "measures": [[id, source, classed[id]] for id, source in measured.items()],
        },
        whole=True,
    )


def _measures(measured: Mapping[str, str], classed: Mapping[str, bool], inputs: Inputs) -> Measures:
    return measures_of(classed, [inputs[source] for source in measured.values()])


def _learn(
    shapes: np.ndarray,
    measures: Measures,
    study: Raster,
    asked: Settings,
    seed: int,
    context: StageContext,
) -> Learnt:
    grid = context.grid
    known = known_cells(measures, study, grid)
    places = place_cells(shapes, grid, known, study)
    land = land_cells(known, asked.land_cells, (seed,))
    block_m = asked.block_km * M_PER_KM
    sample = sample_of(measures, places, land, grid, block_m)
    test = Asked(asked.least_places, asked.least_blocks, asked.folds, seed)
    verdict, tested = verdict_before(sample, test), None
    if verdict == "told":
        ground = Ground(known, grid, block_m)
        others = samples_elsewhere(measures, places, land, ground, asked.permutations, seed)
        tested = tested_on(sample, others, test)
        verdict = _unless_chance(tested.as_good)
    return Learnt(
        verdict,
        len(sample.places),
        len(sample.blocks),
        places.outside,
        places.unknown,
        land,
        tested,
    )


def _unless_chance(as_good: int) -> Verdict:
    return "chance" if as_good else "told"


def _beside_stage(use: str, measured: Mapping[str, str], classed: Mapping[str, bool]) -> Stage:
    learnt, score, state = f"learnt:{use}", f"score:{use}", f"state:{use}"

    def run(context: StageContext, inputs: Inputs) -> Beside | None:
        found: Learnt = inputs[learnt]
        if found.model is None or found.tested is None:
            return None
        grid, likeness = context.grid, found.tested.likeness
        scored = taken(inputs[score].value, found.land, grid)
        opened = is_open(taken(inputs[state].state, found.land, grid))
        bands = laid_beside(
            found.model,
            _measures(measured, classed, inputs),
            inputs[score].value,
            inputs[state].state,
            inputs[STUDY],
            scale_of(likeness, scored, opened),
            grid,
        )
        return Beside(*bands, correlation(likeness, scored, opened))

    sources = dict.fromkeys([learnt, score, state, STUDY, *measured.values()])
    params = {"measures": [[id, source, classed[id]] for id, source in measured.items()]}
    return Stage(f"beside:{use}", run, "global", tuple(sources), params=params, whole=True)
