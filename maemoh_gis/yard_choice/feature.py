"""The places that compete for a yard."""

from __future__ import annotations

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.yard_choice import report
from maemoh_gis.yard_choice.map import choice_layers
from maemoh_gis.yard_choice.outputs import choice_on_record, write_choice
from maemoh_gis.yard_choice.result import compared_places
from maemoh_gis.yard_choice.set_stage import yard_set_stages
from maemoh_gis.yard_choice.stages import choice_stages
from maemoh_gis.yard_choice.yards_map import yard_layers

FEATURE = Feature(
    stages=lambda scenario, _: [*choice_stages(scenario), *yard_set_stages(scenario)],
    places=compared_places,
    write=write_choice,
    record={31: lambda results: {"choice": choice_on_record(results)}},
    map_layers={50: yard_layers, 60: choice_layers},
    sections={55: report.choice},
)
