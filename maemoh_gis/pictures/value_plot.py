"""Every value function of a use, drawn over the histogram of the study area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.messages import Text
from maemoh_gis.pictures import svg

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray

_WIDTH, _HEIGHT, _GAP = 420, 210, 24
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 52, 40
_COLUMNS = 2
_LINE = 15


@dataclass(frozen=True)
class ValuePlot:
    """One value function and the land it is put to."""

    title: Text
    """Name of the criterion in both languages."""
    unit: Text
    """Unit of the measure; empty for classes."""
    edges: FloatArray
    """Edges of the bars, float (n + 1,), in the unit; for classes 0, 1, 2, …"""
    areas_rai: FloatArray
    """Land of the study area in each bar, float (n,), rai."""
    measures: FloatArray
    """Measures the function is drawn at, float (m,); middles of the bars for classes."""
    scores: FloatArray
    """Scores there, float (m,)."""
    names: Sequence[Text] = ()
    """Names of the classes, one a bar; empty for numbers."""


def value_plots_svg(title: Text, plots: Sequence[ValuePlot]) -> str:
    """
    Draw value functions as one picture, in both languages, that needs nothing else.

    Bars are land in rai, the line is the score from 0 to 1.
    """
    width, height = _COLUMNS * (_WIDTH + _GAP) + _GAP, 30 + _GAP
    body = [svg.heading(_GAP, 30, 17, svg.beside(title))]
    for first in range(0, len(plots), _COLUMNS):
        row = plots[first : first + _COLUMNS]
        for k, plot in enumerate(row):
            x = _GAP + k * (_WIDTH + _GAP)
            body.append(svg.moved(x, height, _panel(plot)))
        height += _HEIGHT + _GAP + max(len(plot.names) for plot in row) * _LINE
    return svg.picture(width, height, body)


def _panel(plot: ValuePlot) -> str:
    inner_w, inner_h = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    first, last = float(plot.edges[0]), float(plot.edges[-1])
    # The last bar of numbers holds all land beyond it and would dwarf the others: it is cut off.
    counted = plot.areas_rai if plot.names else plot.areas_rai[:-1]
    most = float(counted.max()) or 1.0

    def across(measure: float) -> float:
        return round(_LEFT + (measure - first) / (last - first) * inner_w, 1)

    def down(share: float) -> float:
        return round(_TOP + (1.0 - share) * inner_h, 1)

    bars = "".join(
        f'<rect x="{across(a)}" y="{down(area / most)}" width="{round(across(b) - across(a), 1)}" '
        f'height="{round(down(0) - down(area / most), 1)}"/>'
        for a, b, area in zip(
            plot.edges[:-1], plot.edges[1:], np.minimum(plot.areas_rai, most), strict=True
        )
    )
    points = [
        f"{across(m)},{down(s)}"
        for m, s in zip(plot.measures, plot.scores, strict=True)
        if np.isfinite(s)
    ]
    line = (
        "".join(f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="4"/>' for p in points)
        if plot.names
        else f'<polyline points="{" ".join(points)}" fill="none" stroke-width="2"/>'
    )
    return (
        svg.heading(0, 14, 13, svg.beside(plot.title))
        + f'<g fill="#c9d3cf">{bars}</g><g fill="#b3005e" stroke="#b3005e">{line}</g>'
        + svg.axes(_LEFT, _TOP, _TOP + inner_h, _LEFT + inner_w)
        + svg.words(_LEFT - 6, down(1) + 4, "1", text_anchor="end")
        + svg.words(_LEFT - 6, down(0) + 4, "0", text_anchor="end")
        + svg.words(_LEFT + 4, _TOP - 8, f"≤ {most:,.0f} ไร่ · rai", fill="#666")
        + (_class_names(plot, across) if plot.names else _ends(plot, first, last, inner_w))
    )


def _ends(plot: ValuePlot, first: float, last: float, inner_w: int) -> str:
    y = _HEIGHT - _BOTTOM + 16
    return (
        svg.words(_LEFT, y, svg.number(first))
        + svg.words(_LEFT + inner_w, y, f"{svg.number(last)} +", text_anchor="end")
        + svg.words(_LEFT + inner_w / 2, y, svg.beside(plot.unit), text_anchor="middle")
    )


def _class_names(plot: ValuePlot, across: object) -> str:
    assert callable(across)
    y = _HEIGHT - _BOTTOM + 16
    return "".join(
        svg.words(across(k - 0.5), y, str(k), text_anchor="middle")
        + svg.words(_LEFT, y + 6 + k * _LINE, f"{k}  {svg.beside(_short(name))}")
        for k, name in enumerate(plot.names, start=1)
    )


def _short(name: Text) -> Text:
    """Leave out what stands in brackets, so that a name in both languages fits below a plot."""
    return {language: written.partition(" (")[0] for language, written in name.items()}
