"""Counting the land of the study area by what each criterion measures, strip by strip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis._types import FloatArray

if TYPE_CHECKING:
    from maemoh_gis.grid import Grid
    from maemoh_gis.scenarios.criterion_model import Criterion
    from maemoh_gis.scenarios.model import Scenario
    from maemoh_gis.workflow.stages import Stage

_BARS = 40
_MOST_CODES = 256


@dataclass
class Histograms:
    """Cells of the study area by measure; the one thing of a run that is filled as it goes."""

    scenario: Scenario
    stages: Sequence[Stage]
    counts: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """Cells in each bar, or of each class code, by use and criterion."""

    @property
    def wanted(self) -> set[str]:
        """The stages that must be shown strip by strip."""
        return {"study", *(source for _, _, source, _ in self._measured())}

    def add(self, strip: Grid, results: Mapping[str, Any]) -> None:  # noqa: ARG002
        """
        Count a strip.

        Parameters
        ----------
        strip : Grid
            The strip; only its results are looked at.
        results : mapping
            Results of the wanted stages.
        """
        study = results["study"]
        for use, id, source, criterion in self._measured():
            values = results[source][study]
            edges = bar_edges(criterion)
            if edges is None:
                counted = np.bincount(values.astype(int), minlength=_MOST_CODES)
            else:
                known = values[~np.isnan(values)]
                # Land beyond the ends stands in the last bars: they add up to the study area.
                counted, _ = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
            key = (use, id)
            self.counts[key] = self.counts.get(key, np.zeros(len(counted))) + counted

    def _measured(self) -> list[tuple[str, str, str, Criterion]]:
        sources = {stage.id: stage.inputs[0] for stage in self.stages if stage.inputs}
        return [
            (use, id, sources[f"criterion:{use}.{id}"], criterion)
            for use, definition in self.scenario.uses.items()
            for id, criterion in definition.criteria.items()
            if criterion.measure is not None
        ]


def bar_edges(criterion: Criterion) -> FloatArray | None:
    """
    Give the edges of the bars of a criterion.

    Parameters
    ----------
    criterion : Criterion
        A criterion that is measured.

    Returns
    -------
    float64 array (bars + 1,) or None
        In the unit of the measure, from 0 or the first point of the value function to a little
        beyond the last; None for classes, which have one bar each.
    """
    value = criterion.value
    assert value is not None
    if value.classes is not None:
        return None
    first = min(0.0, value.points[0][0]) if value.points else 0.0
    last = value.shape().last
    return np.linspace(first, max(first + (last - first) * 1.15, first + 1.0), _BARS + 1)
