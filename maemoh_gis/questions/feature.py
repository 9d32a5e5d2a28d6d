"""Open legal questions: how far land lies from what they turn on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.questions import report
from maemoh_gis.questions.questions import (
    band_layers,
    questions_on_record,
    with_questions,
    write_questions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.scenario import Scenario


def _layers(scenario: Scenario) -> Iterable[str]:
    return [id for question in scenario.questions.values() for id in question.layers()]


def _on_record(results: Results) -> dict[str, Any]:
    return {"questions": questions_on_record(results)}


FEATURE = Feature(
    tell_near=with_questions,
    layers=_layers,
    write=write_questions,
    record={90: _on_record},
    map_layers={10: band_layers},
    sections={240: report.questions},
)
