"""The places that compete for a yard, and what was found beside the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.yard_choice import report
from maemoh_gis.yard_choice.map import choice_layers
from maemoh_gis.yard_choice.outputs import choice_on_record, write_choice
from maemoh_gis.yard_choice.result import compared_places
from maemoh_gis.yard_choice.set_stage import yard_set_stages
from maemoh_gis.yard_choice.stages import choice_stages
from maemoh_gis.yard_choice.yards_map import yard_layers
from maemoh_gis.yard_choice.yards_outputs import write_yards, yards_on_record
from maemoh_gis.yards.result import yards_by_use

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.engine.results import Results


def _write(results: Results, folder: Path) -> dict[str, str]:
    return {**write_yards(results, folder), **write_choice(results, folder)}


def _on_record(results: Results) -> dict[str, Any]:
    yards = {use: yards_on_record(search) for use, search in yards_by_use(results).items()}
    return {"yards": yards, "choice": choice_on_record(results)}


FEATURE = Feature(
    stages=lambda scenario, _: [*choice_stages(scenario), *yard_set_stages(scenario)],
    places=compared_places,
    write=_write,
    record={30: _on_record},
    map_layers={50: yard_layers, 60: choice_layers},
    sections={50: report.yards},
)
