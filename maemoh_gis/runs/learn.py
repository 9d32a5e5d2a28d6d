"""What the land says of a use, computed alone: without limits of other uses, sites or pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from maemoh_gis.core.errors import FormatError, raise_if_blocked
from maemoh_gis.documents.schema import validate
from maemoh_gis.engine.results import Results
from maemoh_gis.engine.stages import StageContext, keys_of, upstream_of
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.learnt.outputs import with_patches
from maemoh_gis.runs.layers_read import faults_before_run
from maemoh_gis.runs.run import whole_of
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.in_year import in_its_year
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.settings.scenario import Scenario

SECTION = "learnt"


def learnt_alone(
    resolved: Resolved, catalog: Catalog, use: str, asked: Mapping[str, Any]
) -> Results:
    """Learn of one use what `asked` says, as the section `learnt` of a scenario would."""
    asking = _asking(resolved, use, asked)
    raise_if_blocked(faults_before_run(asking, catalog), FormatError)
    scenario, layers = asking.scenario, CachedLayers(Layers(catalog))
    stages = upstream_of(stage_table(scenario, catalog), [f"beside:{use}"])
    grid = study_grid(scenario, layers)
    context = StageContext(scenario, layers, grid)
    found = execute_in_strips(stages, context, keep=whole_of(stages).__contains__)
    keys = keys_of(stages, layers, grid)
    return with_patches(Results(asking, catalog, layers, grid, found, (), keys, tuple(stages)))


def _asking(resolved: Resolved, use: str, asked: Mapping[str, Any]) -> Resolved:
    """Put the section into a scenario, in place of one it has; faults name its file."""
    section = {SECTION: {use: dict(asked)}}
    document = replace(resolved.document, data={**resolved.document.data, **section})
    written = validate(Scenario, document)
    return replace(
        resolved,
        scenario=in_its_year(written, resolved.rules),
        written=written,
        document=document,
        unworded={**resolved.raw, **section},
    )
