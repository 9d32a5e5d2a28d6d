"""Likeness of land to where a use stands today, beside its score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.learnt import report
from maemoh_gis.learnt.map import learnt_layers
from maemoh_gis.learnt.outputs import learnt_on_record, with_patches, write_learnt
from maemoh_gis.presentation.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.scenario.settings.scenario import Scenario


def _layers(scenario: Scenario) -> Iterable[str]:
    return [id for asked in scenario.learnt.values() for id in asked.layers()]


FEATURE = Feature(
    describe=with_patches,
    layers=_layers,
    cautions=_layers,
    write=write_learnt,
    record={96: learnt_on_record},
    map_layers={25: learnt_layers},
    sections={255: report.learnt},
)
"""Its stages rest on those of every use, so the list of features puts them together."""
