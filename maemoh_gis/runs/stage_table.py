"""
The stage table of a scenario: which layers become which measures, limits, scores and sites.

    study ────────────────────────────────────────┐
    distance:* inside:* numbers:* codes:* around:* ┼─> limit:* ──────> state:USE ─┐
    depth:* ───────────────────────────────────────┴─> criterion:USE.* ─> score:USE ┴─> sites:USE
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.engine.stages import Stage, ordered
from maemoh_gis.runs import features

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.scenario import Scenario


def stage_table(scenario: Scenario, catalog: Catalog) -> list[Stage]:
    """List the stages of a scenario that fits the catalog; one that several ask for stands once."""
    stages: dict[str, Stage] = {}
    for feature in features.FEATURES:
        for stage in feature.stages(scenario, catalog):
            stages.setdefault(stage.id, stage)
    return ordered(stages.values())
