"""Counting the land of the study area by what each criterion measures, strip by strip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.types import FloatArray
from maemoh_gis.engine.stages import Stage

if TYPE_CHECKING:
    from maemoh_gis.engine.stages import StageContext
    from maemoh_gis.scenario.settings.criterion import Criterion
    from maemoh_gis.scenario.settings.scenario import Scenario

_BARS = 40
_MOST_CODES = 256
_PREFIX = "counted:"


@dataclass
class Histograms:
    """Cells of the study area by measure; filled while a run passes strip by strip."""

    counts: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """Cells in each bar, or of each class code, by use and criterion."""

    def wanted(self, stage: str) -> bool:
        """Say whether a stage must be shown strip by strip."""
        return stage.startswith(_PREFIX)

    def add(self, results: Mapping[str, Any]) -> None:
        """Count a strip."""
        for stage, counted in results.items():
            if stage.startswith(_PREFIX):
                use, _, id = stage.removeprefix(_PREFIX).partition(".")
                self.counts[use, id] = self.counts.get((use, id), np.zeros(len(counted))) + counted


def with_counting(scenario: Scenario, stages: Sequence[Stage]) -> list[Stage]:
    """Put behind a table a stage for each criterion that counts its measure, `counted:USE.ID`."""
    sources = {stage.id: stage.inputs[0] for stage in stages if stage.inputs}
    counting: dict[str, list[Stage]] = {}
    for use, definition in scenario.uses.items():
        for id, criterion in definition.criteria.items():
            if criterion.measure is not None:
                source = sources[f"criterion:{use}.{id}"]
                counting.setdefault(source, []).append(_counting(use, id, source, criterion))
    return [one for stage in stages for one in (stage, *counting.get(stage.id, ()))]


def _counting(use: str, id: str, source: str, criterion: Criterion) -> Stage:
    edges = bar_edges(criterion)

    def run(_: StageContext, inputs: Mapping[str, Any]) -> Any:
        values = inputs[source][inputs["study"]]
        if edges is None:
            return np.bincount(values.astype(int), minlength=_MOST_CODES)
        known = values[~np.isnan(values)]
        # Land beyond the ends stands in the last bars: they add up to the study area.
        return np.histogram(np.clip(known, edges[0], edges[-1]), edges)[0]

    params = {"edges": None if edges is None else edges.tolist()}
    return Stage(f"{_PREFIX}{use}.{id}", run, "local", (source, "study"), params=params)


def bar_edges(criterion: Criterion) -> FloatArray | None:
    """
    Give the edges of the bars of a criterion, float64 (bars + 1,), in the unit of the measure.

    From 0 or the first point of the value function to a little beyond the last; None for classes,
    which have one bar each.
    """
    value = criterion.value
    assert value is not None
    if value.classes is not None:
        return None
    first = min(0.0, value.points[0][0]) if value.points else 0.0
    last = value.shape().last
    return np.linspace(first, max(first + (last - first) * 1.15, first + 1.0), _BARS + 1)
