"""The frame around a picture that leaves its run: title, year, sources and what it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maemoh_gis.core.lines import columns, wrapped
from maemoh_gis.pictures import svg

MARGIN = 14
_TITLE, _ABOUT, _NOTICE, _SOURCE = 17, 12, 12, 9
# A letter is a little more than half as wide as it is high; marks above and below take no room.
_LETTER = 0.56


@dataclass(frozen=True)
class Drawing:
    """What is framed, in its own units."""

    width: float
    height: float
    body: str
    left: float = 0.0
    top: float = 0.0
    """Where its own units begin."""


@dataclass(frozen=True)
class Around:
    """Words that stand in every picture, in one language."""

    title: str
    about: str
    """Scenario, viewpoint and year."""
    notice: str
    """What the picture must not be taken for."""
    sources: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """Words in one look."""

    words: str
    size: int
    how: str = ""


def framed(drawing: Drawing, around: Around) -> str:
    """Put a drawing into its frame; the picture stands by itself."""
    width = drawing.width + 2 * MARGIN
    head, below = set_lines(_head(around), width, 8.0)
    top = below + 8
    placed = (
        f'<svg x="{MARGIN}" y="{top:g}" width="{drawing.width:g}" height="{drawing.height:g}" '
        f'viewBox="{drawing.left:g} {drawing.top:g} {drawing.width:g} {drawing.height:g}">'
        f"{drawing.body}</svg>"
    )
    foot, end = set_lines([small(one) for one in around.sources], width, top + drawing.height + 4)
    named = svg.escaped(around.title)
    return svg.picture(width, round(end + 10, 1), [head, placed, foot], named=named)


def _head(around: Around) -> list[Line]:
    lines = [
        Line(around.title, _TITLE, ' font-weight="700"'),
        Line(around.about, _ABOUT, ' fill="#4a565c"'),
        Line(around.notice, _NOTICE, ' font-weight="700" fill="#9a1b1b"'),
    ]
    return [line for line in lines if line.words]


def small(words: str) -> Line:
    """Set words as sources stand: small and grey."""
    return Line(words, _SOURCE, ' fill="#4a565c"')


def set_lines(lines: Sequence[Line], width: float, y: float) -> tuple[str, float]:
    """Set lines one below the other, broken where they are wider than the picture."""
    drawn = []
    for line in lines:
        for words in lines_of(line.words, width - 2 * MARGIN, line.size):
            y += line.size * 1.45
            drawn.append(
                f'<text x="{MARGIN}" y="{y:.1f}" font-size="{line.size}"{line.how}>'
                f"{svg.escaped(words)}</text>"
            )
    return "".join(drawn), y


def lines_of(words: str, width: float, size: float) -> list[str]:
    """Break words into lines that fit a width, in units of the picture."""
    return wrapped(words, int(width / (size * _LETTER)), "", "")


def width_of(words: str, size: float) -> float:
    """Say how wide words are at most, in units of the picture."""
    return columns(words) * size * _LETTER


def flowing(width: float, boxes: Sequence[float]) -> Iterator[tuple[float, int]]:
    """Give x and row of boxes set one behind the other in rows of a width."""
    x, row = 0.0, 0
    for wide in boxes:
        if x and x + wide > width:
            x, row = 0.0, row + 1
        yield x, row
        x += wide
