"""Two plain figures for notebooks: values with their ranges, and places by two measures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from maemoh_gis.pictures import svg

_WIDTH, _LABELS, _RIGHT = 860, 370, 60
_MOST_LETTERS = 62
"""Letters of a name beside an axis; what is longer ends in an ellipsis."""
_ROW, _HEAD, _FOOT = 26, 44, 34
_PLOT = 420
_INK, _QUIET, _MARK = "#1f2a2e", "#55626a", "#b3005e"


@dataclass(frozen=True)
class Range:
    """A value with what it may lie between."""

    name: str
    low: float
    central: float
    high: float


@dataclass(frozen=True)
class Spot:
    """A place by two measures."""

    name: str
    x: float
    y: float
    marked: bool
    """Whether it is drawn to stand out."""


def ranges_svg(title: str, unit: str, rows: Sequence[Range]) -> str:
    """
    Draw values as dots on the line of their range, from top to bottom.

    A value that is not known is left out; its name stays.
    """
    known = [v for row in rows for v in (row.low, row.central, row.high) if math.isfinite(v)]
    least, most = min([0.0, *known]), max([0.0, *known]) or 1.0
    inner = _WIDTH - _LABELS - _RIGHT

    def across(value: float) -> float:
        return round(_LABELS + (value - least) / (most - least) * inner, 1)

    body = []
    for number, row in enumerate(rows):
        y = _HEAD + number * _ROW + _ROW // 2
        body.append(_text(_LABELS - 10, y + 4, _short(row.name), anchor="end"))
        body.append(f'<path d="M{_LABELS} {y}H{_LABELS + inner}" stroke="#eceeee"/>')
        if math.isfinite(row.low) and math.isfinite(row.high):
            body.append(f'<path d="M{across(row.low)} {y}H{across(row.high)}" '
                        'stroke="#21918c" stroke-width="6" stroke-opacity="0.35"/>')  # fmt: skip
        if math.isfinite(row.central):
            body.append(f'<circle cx="{across(row.central)}" cy="{y}" r="5" fill="#21918c"/>')
            beyond = across(row.high) if math.isfinite(row.high) else across(row.central)
            body.append(_text(beyond + 9, y + 4, svg.number(row.central), _QUIET))
    height = _HEAD + len(rows) * _ROW + _FOOT
    bottom = height - _FOOT
    body.append(f'<path d="M{across(0)} {_HEAD}V{bottom}" stroke="{_QUIET}"/>')
    body += [
        _text(across(value), bottom + 16, svg.number(value), _QUIET, "middle")
        for value in (least, (least + most) / 2, most)
    ]
    body.append(_text(_LABELS - 10, bottom + 16, unit, _QUIET, "end"))
    return _svg(title, _WIDTH, height, body)


def spots_svg(title: str, x_title: str, y_title: str, spots: Sequence[Spot]) -> str:
    """Draw places by two measures."""
    known = [s for s in spots if math.isfinite(s.x) and math.isfinite(s.y)]
    xs, ys = ([0.0, *(getattr(s, axis) for s in known)] for axis in ("x", "y"))
    left, inner_w = 70, _WIDTH - 70 - 290
    inner_h = _PLOT - _HEAD - 60

    def place(spot: Spot) -> tuple[float, float]:
        return (
            round(left + (spot.x - min(xs)) / ((max(xs) - min(xs)) or 1.0) * inner_w, 1),
            round(_HEAD + (1 - (spot.y - min(ys)) / ((max(ys) - min(ys)) or 1.0)) * inner_h, 1),
        )

    bottom = _HEAD + inner_h
    body = [
        svg.axes(left, _HEAD, bottom, left + inner_w, _QUIET),
        _text(left + inner_w / 2, bottom + 34, x_title, _QUIET, "middle"),
        _text(left, _HEAD - 8, y_title, _QUIET),
        _text(left, bottom + 16, svg.number(min(xs)), _QUIET, "middle"),
        _text(left + inner_w, bottom + 16, svg.number(max(xs)), _QUIET, "middle"),
        _text(left - 6, bottom + 2, svg.number(min(ys)), _QUIET, "end"),
        _text(left - 6, _HEAD + 6, svg.number(max(ys)), _QUIET, "end"),
    ]
    taken: list[tuple[float, float]] = []
    for spot in sorted(known, key=lambda s: (s.y, s.x)):
        x, y = place(spot)
        colour = _MARK if spot.marked else "#21918c"
        body.append(f'<circle cx="{x}" cy="{y}" r="6" fill="{colour}" fill-opacity="0.85"/>')
        label = y + 4
        while any(abs(label - other) < 13 and abs(x - at) < 220 for at, other in taken):
            label -= 13
        taken.append((x, label))
        body.append(_text(x + 11, label, spot.name, colour if spot.marked else _INK))
    absent = ", ".join(s.name for s in spots if s not in known)
    if absent:
        body.append(_text(left, _PLOT - 6, f"– {absent}", _QUIET))
    return _svg(title, _WIDTH, _PLOT, body)


def _short(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1] + "…"


def _svg(title: str, width: int, height: int, body: Sequence[str]) -> str:
    headed = [svg.heading(6, 20, 15, svg.escaped(title)), *body]
    return svg.picture(width, height, headed, font_size=12)


def _text(x: float, y: float, words: str, colour: str = _INK, anchor: str = "start") -> str:
    written = svg.escaped(words)
    return svg.words(round(x, 1), round(y, 1), written, fill=colour, text_anchor=anchor)
