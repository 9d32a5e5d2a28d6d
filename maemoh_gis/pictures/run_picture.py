"""The score and sites of one use as a picture that stands by itself, for notebooks and reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maemoh_gis.core.grid import Bounds, Grid
from maemoh_gis.core.messages import Text
from maemoh_gis.pages.content import ContextLayer, Style, Use
from maemoh_gis.pages.raster_image import draw, legend_colours, place
from maemoh_gis.pages.still_picture import (
    SITE_STYLE,
    WIDTH,
    Frame,
    Mark,
    Name,
    image_box,
    layer_marks,
    layer_names,
    site_marks,
    site_names,
)
from maemoh_gis.pages.wording import Wording
from maemoh_gis.pictures import svg

# Enough for a picture as wide as a page; the map page holds every cell.
_MOST_PIXELS = 350_000
_TITLE, _KEY = 34, 74


@dataclass(frozen=True)
class RunPicture:
    """What is drawn."""

    use: Use
    """Score, state and sites; its title is the picture's."""
    grid: Grid
    """Grid of score and state."""
    view: Bounds
    """West, south, east, north in degrees of what is shown."""
    layers: Sequence[ContextLayer]
    """Layers that help to read it, bottom first; those not shown are left out."""


def run_picture_svg(content: RunPicture) -> str:
    """Draw a run's score with its sites."""
    wording = Wording.of_package()
    frame = Frame.around(content.view)
    placement = place(content.grid, _MOST_PIXELS)
    picture = draw(content.use.score, content.use.state, content.grid, placement)
    x, y, width, height = image_box(placement.bounds_3857, frame)
    shown = [layer for layer in content.layers if layer.shown]
    marks = [mark for layer in shown for mark in layer_marks(layer, frame)]
    names = layer_names(shown, frame, wording)
    whole = _TITLE + frame.height + _KEY
    drawn = (
        f'<svg y="{_TITLE}" width="{WIDTH}" height="{frame.height}" '
        f'viewBox="0 0 {WIDTH} {frame.height}"><rect width="100%" height="100%" fill="#eef0ec"/>'
        f'<image href="{picture.uri}" x="{x}" y="{y}" width="{width}" height="{height}" '
        'preserveAspectRatio="none" opacity="0.8"/>'
        f"{drawn_marks(marks)}{drawn_marks(site_marks(content.use, frame))}"
        f"{_named(names)}{_ranked(site_names(content.use, frame, wording))}</svg>"
    )
    title = svg.heading(4, 22, 15, svg.beside(content.use.title))
    key = svg.moved(4, _TITLE + frame.height + 10, _key(wording))
    return svg.picture(WIDTH, whole, [title, drawn, key])


def drawn_marks(marks: Iterable[Mark]) -> str:
    """Draw marks as elements of a picture."""
    parts = []
    for mark in marks:
        shape = shape_attributes(mark.style)
        if mark.path:
            parts.append(
                f'<path d="{mark.path}" fill-rule="evenodd" stroke-linejoin="round" {shape}/>'
            )
        parts += [
            f'<circle cx="{x}" cy="{y}" r="{mark.style.radius_px}" {shape}/>'
            for x, y in mark.points
        ]
    return "".join(parts)


def shape_attributes(style: Style) -> str:
    """Write how a shape is filled and outlined as attributes."""
    dash = f' stroke-dasharray="{style.dash}"' if style.dash else ""
    return (
        f'fill="{style.fill or "none"}" fill-opacity="{style.fill_opacity}" '
        f'stroke="{style.colour}" stroke-width="{style.width_px}"{dash}'
    )


_HALO = 'paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round"'


def _named(names: Iterable[Name]) -> str:
    rows = []
    for name in names:
        th, en = (svg.escaped(name.text[code]) for code in ("th", "en"))
        second = "" if th == en else f'<tspan x="{name.x}" dy="12" fill="#55626a">{en}</tspan>'
        rows.append(f'<text x="{name.x}" y="{name.y}">{th}{second}</text>')
    return f'<g text-anchor="middle" {_HALO}>{"".join(rows)}</g>'


def _ranked(names: Iterable[Name]) -> str:
    rows = "".join(
        f'<text x="{name.x}" y="{name.y}" dy="6">{svg.escaped(name.text["en"])}</text>'
        for name in names
    )
    return (
        f'<g text-anchor="middle" font-size="16" font-weight="700" fill="{SITE_STYLE.colour}" '
        f"{_HALO}>{rows}</g>"
    )


def _key(wording: Wording) -> str:
    """Explain the colours: scores of allowed and conditional land, removed, unknown, sites."""
    colours = legend_colours()
    parts = []
    for row, state in enumerate(("allowed", "conditional")):
        y = row * 26
        parts.append(_ramp(colours[state], y) + _word(118, y + 10, wording(f"state_{row + 1}")))
    shown = ((colours["removed"], "state_3"), (colours["unknown"][0], "state_4"))
    for row, (colour, id) in enumerate(shown):
        y = row * 26
        parts.append(
            f'<rect x="420" y="{y}" width="26" height="12" fill="{colour}" stroke="#8a847c"/>'
            + _word(452, y + 10, wording(id))
        )
    site = f'<rect x="1" y="52" width="26" height="11" {shape_attributes(SITE_STYLE)}/>'
    return "".join(parts) + site + _word(34, 62, wording("sites"))


def _ramp(colours: Sequence[str], y: int) -> str:
    boxes = "".join(
        f'<rect x="{10 * k}" y="{y}" width="10.2" height="12" fill="{colour}"/>'
        for k, colour in enumerate(colours)
    )
    ends = "".join(
        f'<text x="{x}" y="{y + 22}" font-size="9" fill="#55626a">{label}</text>'
        for x, label in ((0, "0"), (52, "0.5"), (104, "1"))
    )
    return boxes + ends


def _word(x: int, y: int, words: Text) -> str:
    return svg.words(x, y, svg.beside(words))
