"""Freight: who sends what over which way, and what a yard brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.freight import report
from maemoh_gis.freight.map import flow_layers, freight_layers
from maemoh_gis.freight.outputs import all_on_record, write_all
from maemoh_gis.freight.stages import freight_stages
from maemoh_gis.presentation.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.scenario.settings.scenario import Scenario


def _layers(scenario: Scenario) -> Iterable[str]:
    return scenario.freight.layers() if scenario.freight else ()


FEATURE = Feature(
    stages=lambda scenario, _: freight_stages(scenario),
    cautions=_layers,
    write=write_all,
    record={40: all_on_record},
    map_layers={30: freight_layers, 40: flow_layers},
    sections={220: report.freight},
)
