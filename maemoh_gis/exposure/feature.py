"""Whom and what a site touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.exposure import report
from maemoh_gis.exposure.outputs import exposure_on_record, with_exposure, write_exposure
from maemoh_gis.exposure.population import people_stages
from maemoh_gis.presentation.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.scenario import Scenario


def _layers(scenario: Scenario) -> Iterable[str]:
    return scenario.exposure.layers() if scenario.exposure else ()


def _on_record(results: Results) -> dict[str, Any]:
    return {"exposure": exposure_on_record(results)}


FEATURE = Feature(
    stages=people_stages,
    tell_near=with_exposure,
    layers=_layers,
    write=write_exposure,
    record={80: _on_record},
    sections={280: report.exposure},
)
