"""The whole path after coal as one picture: megawatts, what follows from them, land and rails."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.pictures import svg

_WIDTH, _HEIGHT, _GAP = 420, 210, 24
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 52, 30
_COLUMNS = 2
_ROW = 26
_KEY = 19
_LABELS = 330
# Dark to light, told apart under the common kinds of colour blindness.
_COLOURS = ("#1b3a5c", "#b3005e", "#c77700", "#2b7a6f")
_STACK = ("#27496d", "#4f7da6")


StateT = TypeVar("StateT")


@dataclass(frozen=True)
class Series:
    """A quantity through the years."""

    title: Text
    """Name in both languages."""
    low: Sequence[float]
    """Low value by year; NaN where it is not defined."""
    central: Sequence[float]
    """Central value by year."""
    high: Sequence[float]
    """High value by year."""
    measured: Sequence[bool] = ()
    """Whether each year was measured; none was where it is empty."""


@dataclass(frozen=True)
class Panel:
    """One set of axes."""

    title: Text
    """What is drawn."""
    unit: Text
    """Its unit."""
    series: Sequence[Series]
    """Drawn over one another, or upon one another where they are stacked."""
    stacked: bool = False
    """Whether the central values are stacked as steps."""


@dataclass(frozen=True)
class Band:
    """A zone or a section of railway through the years."""

    title: Text
    """Name."""
    states: Sequence[str]
    """State by year."""


@dataclass(frozen=True)
class TimelineChart:
    """Everything the picture shows."""

    title: Text
    """Name of the scenario."""
    years: Sequence[int]
    """Years B.E., one after another."""
    year: int
    """Year of the scenario, marked."""
    reference_year: int
    """Last observed year, marked."""
    panels: Sequence[Panel]
    """Axes, two a row."""
    bands: Sequence[Band]
    """Bands below them."""
    states: Mapping[str, tuple[Text, str]]
    """Name and colour of each state."""
    notes: Sequence[Text]
    """What the reader must know, below everything."""
    observed: Text
    """What a dot stands for: a year that was measured."""


def timeline_svg(chart: TimelineChart, *, alone: bool = True) -> str:
    """Draw the path as one picture that needs nothing else."""
    width = _COLUMNS * (_WIDTH + _GAP) + _GAP
    body = [svg.heading(_GAP, 30, 17, svg.either(chart.title))]
    for k, panel in enumerate(chart.panels):
        x = _GAP + (k % _COLUMNS) * (_WIDTH + _GAP)
        y = 30 + _GAP + (k // _COLUMNS) * (_HEIGHT + _GAP)
        body.append(svg.moved(x, y, _panel(panel, chart)))
    y = 30 + _GAP + -(-len(chart.panels) // _COLUMNS) * (_HEIGHT + _GAP)
    body.append(svg.moved(_GAP, y, _bands(chart, width - 2 * _GAP)))
    y += (len(chart.bands) + 2) * _ROW + 12
    body.append(svg.moved(_GAP, y, _key(chart)))
    y += _KEY * (len(chart.states) + 1) + 8
    for note in chart.notes:
        for language in LANGUAGES:
            for line in svg.wrapped(note[language], 140):
                body.append(f'<text lang="{language}" x="{_GAP}" y="{y}" fill="#444">'
                            f'{html.escape(line)}</text>')  # fmt: skip
                y += 16
    return svg.picture(width, y + 8, body, named=svg.beside(chart.title), alone=alone)


class _Axes:
    """Places of years and values in a panel."""

    def __init__(self, chart: TimelineChart, left: float, width: float, most: float) -> None:
        self.first, self.count = chart.years[0], len(chart.years)
        self.left, self.width, self.most = left, width, most or 1.0

    def across(self, year: float) -> float:
        """Give the left edge of a year."""
        return round(self.left + (year - self.first) / self.count * self.width, 1)

    def down(self, value: float) -> float:
        """Give the height of a value."""
        return round(_TOP + (1 - value / self.most) * (_HEIGHT - _TOP - _BOTTOM), 1)


def _panel(panel: Panel, chart: TimelineChart) -> str:
    if panel.stacked:
        most = max(sum(s.central[k] for s in panel.series) for k in range(len(chart.years)))
    else:
        most = max((v for s in panel.series for v in s.high if math.isfinite(v)), default=0.0)
    axes = _Axes(chart, _LEFT, _WIDTH - _LEFT - _RIGHT, most)
    drawn = _stack(panel, chart, axes) if panel.stacked else _ranges(panel, chart, axes)
    unit = panel.unit["en"] if panel.unit["en"] == panel.unit["th"] else svg.either(panel.unit)
    bottom, right = axes.down(0), _WIDTH - _RIGHT
    return (
        svg.heading(0, 14, 13, svg.either(panel.title))
        + svg.words(_LEFT + 4, _TOP - 6, unit, fill="#666")
        + drawn
        + _marks(chart, axes, _TOP, bottom)
        + svg.axes(_LEFT, _TOP, bottom, right)
        + svg.words(_LEFT - 6, _TOP + 4, svg.number(axes.most), text_anchor="end")
        + svg.words(_LEFT - 6, bottom + 4, "0", text_anchor="end")
        + _years(chart, axes, bottom + 15)
        + _names(panel)
    )


def _stack(panel: Panel, chart: TimelineChart, axes: _Axes) -> str:
    """Draw the central values upon one another, each year as wide as the next."""
    below = [0.0] * len(chart.years)
    parts = []
    for number, series in enumerate(panel.series):
        edges = [(under, under + own) for under, own in zip(below, series.central, strict=True)]
        for first, last, (under, top) in _runs(edges):
            x, y = axes.across(chart.years[first]), axes.down(top)
            wide = round(axes.across(chart.years[last] + 1) - x, 1)
            tall = round(axes.down(under) - y, 1)
            if top > under:
                parts.append(f'<rect x="{x}" y="{y}" width="{wide}" height="{tall}" '
                             f'fill="{_STACK[number % 2]}"/>')  # fmt: skip
        below = [top for _, top in edges]
    return "".join(parts)


def _ranges(panel: Panel, chart: TimelineChart, axes: _Axes) -> str:
    """Draw each quantity as a line over the range from low to high."""
    parts = []
    for number, series in enumerate(panel.series):
        colour = _COLOURS[number % len(_COLOURS)]
        known = [k for k, v in enumerate(series.central) if math.isfinite(v)]
        if not known:
            continue

        def drawn(values: Sequence[float], known: Sequence[int] = known) -> list[str]:
            return [f"{axes.across(chart.years[k] + 0.5)},{axes.down(values[k])}" for k in known]

        around = [*drawn(series.high), *reversed(drawn(series.low))]
        parts.append(
            f'<polygon points="{" ".join(around)}" fill="{colour}" fill-opacity="0.18"/>'
            f'<polyline points="{" ".join(drawn(series.central))}" fill="none" '
            f'stroke="{colour}" stroke-width="2"/>'
        )
        parts += [
            f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>'
            for k, measured in enumerate(series.measured)
            if measured
            for x, y in (dot.split(",") for dot in drawn(series.central, [k]))
        ]
    return "".join(parts)


def _names(panel: Panel) -> str:
    """Name the series at the top right where there are several and they are not units."""
    if len(panel.series) < 2 or panel.stacked:
        return ""
    return "".join(
        svg.words(_WIDTH - _RIGHT, _TOP + 6 + 13 * k, svg.either(series.title), text_anchor="end",
                  fill=_COLOURS[k % len(_COLOURS)])
        for k, series in enumerate(panel.series)
    )  # fmt: skip


def _bands(chart: TimelineChart, inner: float) -> str:
    axes = _Axes(chart, _LABELS, inner - _LABELS, 1.0)
    parts = []
    for number, band in enumerate(chart.bands):
        y = number * _ROW + 8
        parts.append(f'<text lang="th" x="0" y="{y + 8}">{html.escape(band.title["th"])}</text>'
                     f'<text lang="en" x="0" y="{y + 19}" font-size="9" fill="#666">'
                     f'{html.escape(band.title["en"])}</text>')  # fmt: skip
        for first, last, state in _runs(band.states):
            x = axes.across(chart.years[first])
            wide = round(axes.across(chart.years[last] + 1) - x, 1)
            colour = chart.states[state][1]
            parts.append(f'<rect x="{x}" y="{y}" width="{wide}" height="18" fill="{colour}"/>')
    bottom = len(chart.bands) * _ROW + 6
    return "".join(parts) + _marks(chart, axes, 4, bottom) + _years(chart, axes, bottom + 15)


def _runs(states: Sequence[StateT]) -> list[tuple[int, int, StateT]]:
    """Join years of one state: first and last index, state."""
    runs: list[tuple[int, int, StateT]] = []
    for k, state in enumerate(states):
        if runs and runs[-1][2] == state:
            runs[-1] = (runs[-1][0], k, state)
        else:
            runs.append((k, k, state))
    return runs


def _marks(chart: TimelineChart, axes: _Axes, top: float, bottom: float) -> str:
    """Mark the last observed year and the scenario's."""
    drawn = ""
    for year, colour, dash in ((chart.reference_year, "#888888", "3 3"), (chart.year, "#111", "")):
        if chart.years[0] <= year <= chart.years[-1]:
            x = axes.across(year + 0.5)
            drawn += f'<path d="M{x} {top}V{bottom}" stroke="{colour}" stroke-dasharray="{dash}"/>'
    return drawn


def _years(chart: TimelineChart, axes: _Axes, y: float) -> str:
    return "".join(
        svg.words(axes.across(year + 0.5), y, str(year), text_anchor="middle")
        for year in chart.years
        if year % 10 == 0
    )


def _key(chart: TimelineChart) -> str:
    return "".join(
        f'<rect x="0" y="{k * _KEY - 10}" width="13" height="13" fill="{colour}"/>'
        + svg.words(20, k * _KEY + 1, svg.either(name))
        for k, (name, colour) in enumerate(chart.states.values())
    ) + (
        f'<circle cx="6" cy="{len(chart.states) * _KEY - 4}" r="3" fill="{_COLOURS[0]}"/>'
        + svg.words(20, len(chart.states) * _KEY + 1, svg.either(chart.observed))
    )
