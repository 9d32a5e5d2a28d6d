"""The features of a run: one list, of which everything else that names them is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from maemoh_gis.access.table import NETWORKS
from maemoh_gis.decision.feature import FEATURE as DECISION
from maemoh_gis.earthworks.feature import FEATURE as EARTHWORKS
from maemoh_gis.engine.results import STUDY as STUDY_STAGE
from maemoh_gis.estate.feature import FEATURE as ESTATE
from maemoh_gis.exposure.feature import FEATURE as EXPOSURE
from maemoh_gis.freight.feature import FEATURE as FREIGHT
from maemoh_gis.learnt.feature import FEATURE as LEARNT
from maemoh_gis.learnt.stages import learnt_stages
from maemoh_gis.near_misses.feature import FEATURE as NEAR_MISSES
from maemoh_gis.phase_out.feature import FEATURE as PHASE_OUT
from maemoh_gis.presentation.feature import Feature
from maemoh_gis.questions.feature import FEATURE as QUESTIONS
from maemoh_gis.runs.use_stages import inclusion_stages, use_stages
from maemoh_gis.sites.feature import FEATURE as SITES
from maemoh_gis.suitability import measure_stages
from maemoh_gis.suitability.feature import FEATURE as SUITABILITY
from maemoh_gis.yard_choice.feature import FEATURE as YARD_CHOICE
from maemoh_gis.yards.feature import FEATURE as YARDS

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Place, Results
    from maemoh_gis.engine.stages import Stage
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.scenario import Scenario


def _study_stages(scenario: Scenario, _: Catalog) -> list[Stage]:
    area = scenario.area
    study = measure_stages.inside_stage(area.layer, area.where, id=STUDY_STAGE)
    return [replace(study, whole=True), *inclusion_stages(scenario)]


def _learnt_stages(scenario: Scenario, catalog: Catalog) -> Iterable[Stage]:
    """Learn from the measures of a use, which only the stages of all uses know."""
    if not scenario.learnt:
        return ()
    of_uses = use_stages(scenario, catalog)
    return learnt_stages(scenario, {stage.id: stage.inputs[0] for stage in of_uses if stage.inputs})


def _grid_on_record(results: Results) -> dict[str, Any]:
    grid = results.grid
    return {
        "grid": {
            "crs": grid.crs,
            "cell_m": grid.cell_m,
            "rows": grid.rows,
            "cols": grid.cols,
            "bounds": list(grid.bounds),
            "area_scale_error": round(grid.area_scale_error(), 6),
        }
    }


STUDY = Feature(stages=_study_stages, record={60: _grid_on_record})
"""Where land is looked at: the study area, and where decisions change limits."""

FEATURES: tuple[Feature, ...] = (
    STUDY,
    NETWORKS,
    replace(SUITABILITY, stages=use_stages),
    SITES,
    replace(LEARNT, stages=_learnt_stages),
    YARDS,
    NEAR_MISSES,
    EARTHWORKS,
    EXPOSURE,
    PHASE_OUT,
    ESTATE,
    QUESTIONS,
    FREIGHT,
    YARD_CHOICE,
    DECISION,
)


def described(results: Results) -> Results:
    """Let every feature describe what it found, and list the places."""
    for feature in FEATURES:
        results = feature.describe(results)
    return replace(results, places=tuple(_places(results)))


def told_near(results: Results) -> Results:
    """Let features tell what lies near the places of all."""
    for feature in FEATURES:
        results = feature.tell_near(results)
    return results


def cautions(scenario: Scenario) -> list[str]:
    """List the layers whose caution is told, beyond those of limits and criteria."""
    return [id for feature in FEATURES for id in feature.cautions(scenario)]


def _places(results: Results) -> Iterator[Place]:
    for feature in FEATURES:
        yield from feature.places(results)
