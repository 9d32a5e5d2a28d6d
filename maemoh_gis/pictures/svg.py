"""What drawn pictures share: the picture itself, its axes, and words and numbers in them."""

from __future__ import annotations

import html
from collections.abc import Iterable

from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.pages.offline import fonts
from maemoh_gis.pages.wording import clean


def picture(
    width: float,
    height: float,
    body: Iterable[str],
    *,
    font_size: int = 11,
    named: str = "",
    alone: bool = True,
) -> str:
    """Put elements into a picture; one that stands alone brings its fonts, `named` is read out."""
    said = f' role="img" aria-label="{named}"' if named else ""
    style = f"<style>{fonts()}</style>" if alone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="Sarabun, Noto Sans Thai, sans-serif" '
        f'font-size="{font_size}"{said}>{style}<rect width="100%" height="100%" fill="#ffffff"/>'
        + "".join(body)
        + "</svg>\n"
    )


def moved(x: float, y: float, drawn: str) -> str:
    """Move elements right and down."""
    return f'<g transform="translate({x} {y})">{drawn}</g>'


def words(x: float, y: float, written: str, **how: object) -> str:
    """Write escaped words; `text_anchor="end"` becomes the attribute `text-anchor`."""
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in how.items())
    return f'<text x="{x}" y="{y}"{more}>{written}</text>'


def heading(x: float, y: float, size: int, written: str) -> str:
    """Write escaped words above what they name."""
    return words(x, y, written, font_size=size, font_weight=700)


def axes(left: float, top: float, bottom: float, right: float, colour: str = "#444") -> str:
    """Draw both axes of a panel."""
    return f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="{colour}"/>'


def number(value: float) -> str:
    """Write a number with no more digits than one reads off a picture."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def escaped(written: str) -> str:
    """Write words as they may stand in a picture."""
    return html.escape(clean(written))


def beside(text: Text) -> str:
    """Write both languages beside each other, once where they say the same."""
    return html.escape(" · ".join(dict.fromkeys(clean(text[code]) for code in LANGUAGES)))


def either(text: Text) -> str:
    """Write both languages, marked so that a page can show one of them."""
    th, en = (html.escape(text[code]) for code in LANGUAGES)
    between = '<tspan class="between"> · </tspan>'
    return f'<tspan lang="th">{th}</tspan>{between}<tspan lang="en">{en}</tspan>'


def wrapped(written: str, most: int) -> list[str]:
    """Break a text at spaces into lines of at most so many letters where that can be."""
    lines = [""]
    for word in written.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
