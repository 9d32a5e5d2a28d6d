"""Gathering the value functions of a run and the land they were put to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis import units
from maemoh_gis._types import FloatArray
from maemoh_gis.files import write_text
from maemoh_gis.language import LANGUAGES, has_text, text
from maemoh_gis.maps.value_plot import ValuePlot, value_plots_svg

if TYPE_CHECKING:
    from maemoh_gis.maps.content import Text
    from maemoh_gis.scenarios.criterion_model import Criterion
    from maemoh_gis.workflow.run import Results

_BARS, _DRAWN_AT = 40, 201


def write_value_plots(results: Results, folder: Path) -> dict[str, str]:
    """
    Draw the value functions of every use over the study area's histograms.

    Parameters
    ----------
    results : Results
        What the run computed.
    folder : Path
        Run folder.

    Returns
    -------
    dict of str to str
        Checksum of each `values_USE.svg`.
    """
    written = {}
    for use, result in results.uses.items():
        definition = results.resolved.scenario.uses[use]
        plots = [
            _plot(criterion, result.measures[id], results)
            for id, criterion in definition.criteria.items()
            if id in result.measures
        ]
        name = f"values_{use}.svg"
        written[name] = write_text(folder / name, value_plots_svg(definition.title.both(), plots))
    return written


def _plot(criterion: Criterion, measure: Any, results: Results) -> ValuePlot:
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    if criterion.value is not None and criterion.value.classes is not None:
        return _of_classes(criterion, criterion.value.classes, measure, results, rai)
    return _of_numbers(criterion, measure[results.study], rai)


def _of_numbers(criterion: Criterion, values: FloatArray, rai: float) -> ValuePlot:
    value = criterion.value
    assert value is not None
    shape = value.shape()
    known = values[~np.isnan(values)]
    low = min(0.0, float(known.min())) if known.size else 0.0
    edges = np.linspace(low, max(shape.last * 1.15, low + 1.0), _BARS + 1)
    # Land beyond the last point stands in the last bar, so the bars add up to the study area.
    counts, _ = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
    at = np.linspace(edges[0], edges[-1], _DRAWN_AT)
    return ValuePlot(
        criterion.title.both(), _unit(value.unit), edges, counts * rai, at, shape.score(at)
    )


def _of_classes(
    criterion: Criterion,
    scores: Mapping[str, float],
    codes: FloatArray,
    results: Results,
    rai: float,
) -> ValuePlot:
    assert criterion.measure is not None
    classes = results.catalog[criterion.measure.layer].classes
    counts = np.bincount(codes[results.study].astype(int).ravel(), minlength=256)
    at = np.arange(len(classes)) + 0.5
    return ValuePlot(
        criterion.title.both(),
        {"th": "", "en": ""},
        np.arange(len(classes) + 1.0),
        np.array([counts[int(code)] * rai for code in classes]),
        at,
        np.array([scores.get(k.key, np.nan) for k in classes.values()]),
        [k.both() for k in classes.values()],
    )


def _unit(unit: str | None) -> Text:
    id = f"unit.{(unit or '').replace(' ', '_')}"
    return {
        language: text(id, language) if has_text(id, language) else (unit or "")
        for language in LANGUAGES
    }
