"""One picture of the switches: each alone on the diagonal, each pair below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maemoh_gis.core.messages import Text
from maemoh_gis.pictures import svg

_CELL, _EDGE = 30, 30
COLOURS = {"no": "#d9d9d9", "high_only": "#fdd49e", "not_low": "#7fbfb2", "yes": "#00566b"}
"""By state, dull to full; each cell carries its sign too, for those who see no colour."""
SIGNS = {"no": "–", "high_only": "△", "not_low": "●", "yes": "●●"}
_INK = {"no": "#444", "high_only": "#444", "not_low": "#000", "yes": "#fff"}


@dataclass(frozen=True)
class Grid:
    """What is drawn; rows and columns are named by letters, which words beside it explain."""

    title: Text
    states: Sequence[Sequence[str | None]]
    """State by row and column up to the diagonal; None where one switch cannot stand twice."""


def size_of(grid: Grid) -> tuple[int, int]:
    """Give width and height."""
    side = 2 * _EDGE + _CELL * len(grid.states)
    return side, side


def grid_svg(grid: Grid) -> str:
    """Draw the settings alone and in pairs."""
    body = []
    for row, states in enumerate(grid.states):
        y = row * _CELL + 8
        body.append(svg.words(_EDGE - 8, y + 20, letter(row), text_anchor="end"))
        body += [_cell(_EDGE + col * _CELL, y, state) for col, state in enumerate(states) if state]
    bottom = _CELL * len(grid.states) + 24
    for col in range(len(grid.states)):
        middle = _EDGE + col * _CELL + _CELL / 2
        body.append(svg.words(middle, bottom, letter(col), text_anchor="middle"))
    return svg.picture(*size_of(grid), body, font_size=13, named=svg.beside(grid.title))


def letter(number: int) -> str:
    """Name a row and its column."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def _cell(x: float, y: float, state: str) -> str:
    drawn = (
        f'<rect x="{x + 1}" y="{y + 1}" width="{_CELL - 2}" height="{_CELL - 2}" '
        f'fill="{COLOURS[state]}"/>'
    )
    sign = svg.words(x + _CELL / 2, y + 20, SIGNS[state], text_anchor="middle", fill=_INK[state])
    return drawn + sign
