"""Freight: who sends what over which way, and what a yard brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.freight import report
from maemoh_gis.freight.emissions import emissions_on_record, write_emissions
from maemoh_gis.freight.map import flow_layers, freight_layers
from maemoh_gis.freight.outputs import freight_on_record, write_freight
from maemoh_gis.freight.result import freight_of
from maemoh_gis.freight.stages import freight_stages
from maemoh_gis.presentation.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.scenario import Scenario


def _layers(scenario: Scenario) -> Iterable[str]:
    return scenario.freight.layers() if scenario.freight else ()


def _write(results: Results, folder: Path) -> dict[str, str]:
    found = freight_of(results)
    if found is None:
        return {}
    return {**write_freight(found, folder), **write_emissions(results, folder)}


def _on_record(results: Results) -> dict[str, Any]:
    found = freight_of(results)
    return {
        "freight": None if found is None else freight_on_record(found),
        "freight_emissions": emissions_on_record(results),
    }


FEATURE = Feature(
    stages=lambda scenario, _: freight_stages(scenario),
    cautions=_layers,
    write=_write,
    record={40: _on_record},
    map_layers={30: freight_layers, 40: flow_layers},
    sections={60: report.freight},
)
