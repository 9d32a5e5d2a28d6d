"""Gathering the value functions of a run and the land they were put to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Text, has_text, text
from maemoh_gis.core.types import FloatArray
from maemoh_gis.files import write_text
from maemoh_gis.pictures.value_plot import ValuePlot, value_plots_svg
from maemoh_gis.suitability.histograms import Histograms, bar_edges

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.criterion import Criterion

_DRAWN_AT = 201


def write_value_plots(results: Results, folder: Path) -> dict[str, str]:
    """Draw the value functions of every use over the study area's histograms."""
    written: dict[str, str] = {}
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    for use, definition in results.resolved.scenario.uses.items():
        plots = [
            _plot(criterion, results.gathered_as(Histograms).counts[use, id] * rai, results)
            for id, criterion in definition.criteria.items()
            if criterion.measure is not None
        ]
        name = f"values_{use}.svg"
        svg = value_plots_svg(definition.title.both(), plots)
        written[name] = write_text(folder / name, svg)
    return written


def _plot(criterion: Criterion, areas_rai: FloatArray, results: Results) -> ValuePlot:
    value, measure, edges = criterion.value, criterion.measure, bar_edges(criterion)
    assert value is not None
    assert measure is not None
    title = criterion.title.both()
    if edges is not None:
        at = np.linspace(edges[0], edges[-1], _DRAWN_AT)
        scores = value.shape().score(at)
        return ValuePlot(title, _unit(value.unit), edges, areas_rai, at, scores)
    classes = results.catalog[measure.layer].classes
    given = value.classes or {}
    return ValuePlot(
        title,
        {"th": "", "en": ""},
        np.arange(len(classes) + 1.0),
        np.array([areas_rai[int(code)] for code in classes]),
        np.arange(len(classes)) + 0.5,
        np.array([given.get(k.key, np.nan) for k in classes.values()]),
        [k.both() for k in classes.values()],
    )


def _unit(unit: str | None) -> Text:
    id = f"unit.{(unit or '').replace(' ', '_')}"
    return {
        language: text(id, language) if has_text(id, language) else (unit or "")
        for language in LANGUAGES
    }
