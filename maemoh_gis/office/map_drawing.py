"""A map for paper as a picture that stands by itself, with legend, scale bar and north."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maemoh_gis.core.messages import Language
from maemoh_gis.office.frame import Drawing, flowing, set_lines, small, width_of
from maemoh_gis.pages.content import ContextLayer
from maemoh_gis.pages.raster_image import legend_colours
from maemoh_gis.pages.report_map import EDGE, Line, MapFigure
from maemoh_gis.pages.still_picture import SITE_STYLE, Name
from maemoh_gis.pages.wording import Wording
from maemoh_gis.pictures import svg
from maemoh_gis.pictures.run_picture import drawn_marks, shape_attributes

_KEY, _ROW, _FONT = 30, 18, 11
_BESIDE = 440
"""Room for legend and sources beside a map."""
_HALO = 'paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round"'


@dataclass(frozen=True)
class _Key:
    drawn: str
    """A sign 26 wide and 12 high."""
    words: str


def map_drawing(
    figure: MapFigure, layers: Sequence[ContextLayer], wording: Wording, language: Language
) -> Drawing:
    """Draw a map with the legend below it."""
    width = figure.width + 2 * EDGE
    legend, rows = _legend(_keys(figure, layers, wording, language), width - 8)
    top = figure.height + 26
    body = _map(figure, wording, language) + svg.moved(4 - EDGE, top, legend)
    return Drawing(width, EDGE / 2 + top + rows * _ROW, body, -EDGE, -EDGE / 2)


def wide_drawing(
    figure: MapFigure,
    layers: Sequence[ContextLayer],
    wording: Wording,
    language: Language,
    sources: Sequence[str],
) -> Drawing:
    """Draw a map with legend and sources beside it, for slides and pages with words."""
    keys = _keys(figure, layers, wording, language)
    legend, rows = _legend(keys, _ROW)
    told, below = set_lines([small(one) for one in sources], _BESIDE, rows * _ROW)
    left = figure.width + 14
    body = _map(figure, wording, language) + svg.moved(left, 0, legend + told)
    height = max(figure.height + 26, below + 6)
    return Drawing(left + EDGE + _BESIDE, height + 8, body, -EDGE, -8)


def _keys(
    figure: MapFigure, layers: Sequence[ContextLayer], wording: Wording, language: Language
) -> list[_Key]:
    return [*_score_keys(figure, wording, language), *_layer_keys(layers, language)]


def _map(figure: MapFigure, wording: Wording, language: Language) -> str:
    name = f"seen-{figure.ground.id}"
    window = f'width="{figure.width}" height="{figure.height}"'
    inside = (
        f'<rect {window} fill="#eef0ec"/>{_image(figure)}{drawn_marks(figure.ground.marks)}'
        f"{_graticule(figure)}{drawn_marks(figure.sites)}"
        f"{_named(figure.names, language)}{_ranked(figure.ranks, language)}"
    )
    return (
        f'<defs><clipPath id="{name}"><rect {window}/></clipPath></defs>'
        f'<g clip-path="url(#{name})">{inside}</g>'
        f'<rect {window} fill="none" stroke="#1f2a2e" stroke-width="1.2"/>'
        f"{_degrees(figure)}{_scale(figure, wording('report_km')[language])}"
        f"{_north(figure, wording('report_north')[language])}"
    )


def _image(figure: MapFigure) -> str:
    if figure.image is None:
        return ""
    x, y, width, height = figure.box
    return (
        f'<image href="{figure.image}" x="{x}" y="{y}" width="{width}" height="{height}" '
        'preserveAspectRatio="none" image-rendering="optimizeSpeed" opacity="0.85"/>'
    )


def _graticule(figure: MapFigure) -> str:
    ways = [f"M{line.at} 0V{figure.height}" for line in figure.meridians]
    ways += [f"M0 {line.at}H{figure.width}" for line in figure.parallels]
    return (
        f'<path d="{"".join(ways)}" fill="none" stroke="#2b3a42" stroke-width="0.6" '
        'stroke-opacity="0.45"/>'
    )


def _named(names: Iterable[Name], language: Language) -> str:
    rows = "".join(
        f'<text x="{name.x}" y="{name.y}">{svg.escaped(name.text[language])}</text>'
        for name in names
    )
    return (
        f'<g text-anchor="middle" font-size="12" font-weight="700" fill="#1f2a2e" {_HALO}>'
        f"{rows}</g>"
    )


def _ranked(names: Iterable[Name], language: Language) -> str:
    rows = "".join(
        f'<text x="{name.x}" y="{name.y}" dy="6">{svg.escaped(name.text[language])}</text>'
        for name in names
    )
    return (
        f'<g text-anchor="middle" font-size="16" font-weight="700" '
        f'fill="{SITE_STYLE.colour}" {_HALO}>{rows}</g>'
    )


def _degrees(figure: MapFigure) -> str:
    below = [_degree(line, line.at, figure.height + 15.0, "middle") for line in figure.meridians]
    beside = [_degree(line, -5.0, line.at + 4, "end") for line in figure.parallels]
    return "".join([*below, *beside])


def _degree(line: Line, x: float, y: float, anchor: str) -> str:
    return svg.words(x, y, line.label, text_anchor=anchor)


def _scale(figure: MapFigure, km: str) -> str:
    bar, half = figure.scale.length, figure.scale.length / 2
    numbers = zip((0.0, half, bar), ("0", figure.scale.half, figure.scale.whole), strict=True)
    drawn = (
        f'<rect x="-14" y="-20" width="{bar + 50}" height="30" fill="#ffffff" '
        f'fill-opacity="0.85"/><rect width="{half}" height="5" fill="#111111"/>'
        f'<rect x="{half}" width="{half}" height="5" fill="#ffffff" stroke="#111111"/>'
        + "".join(svg.words(x, -5, label, text_anchor="middle") for x, label in numbers)
        + svg.words(bar + 12, 6, svg.escaped(km))
    )
    return svg.moved(figure.width - bar - 44, figure.height - 18, drawn)


def _north(figure: MapFigure, letter: str) -> str:
    drawn = (
        '<rect x="-15" y="-32" width="30" height="48" fill="#ffffff" fill-opacity="0.85"/>'
        '<path d="M0 -12L8 12L0 6L-8 12Z" fill="#111111"/>'
        + svg.words(0, -17, svg.escaped(letter), text_anchor="middle", font_weight=700)
    )
    return svg.moved(figure.width - 26, 40, drawn)


def _score_keys(figure: MapFigure, wording: Wording, language: Language) -> list[_Key]:
    """Explain the colours of the score where there is one, and the outline of sites."""
    site = (
        [_Key(_box(shape_attributes(SITE_STYLE)), wording("sites")[language])]
        if figure.sites
        else []
    )
    if figure.image is None:
        return site
    colours = legend_colours()
    unknown, dots = colours["unknown"]
    patches = [
        (_ramp(colours["allowed"]), "state_1", " 0–1"),
        (_ramp(colours["conditional"]) + _hatch(), "state_2", " 0–1"),
        (_box(f'fill="{colours["removed"]}" stroke="#8a847c"'), "state_3", ""),
        (_box(f'fill="{unknown}" stroke="#8a847c"') + _dots(dots), "state_4", ""),
    ]
    return [_Key(drawn, wording(id)[language] + more) for drawn, id, more in patches] + site


def _box(how: str) -> str:
    return f'<rect x="1" y="1" width="24" height="10" {how}/>'


def _ramp(colours: Sequence[str]) -> str:
    step = 26 / len(colours)
    return "".join(
        f'<rect x="{k * step:.2f}" width="{step + 0.1:.2f}" height="12" fill="{colour}"/>'
        for k, colour in enumerate(colours)
    )


def _hatch() -> str:
    strokes = "".join(f"M{x} 0L{x - 6} 12" for x in range(6, 27, 7))
    return f'<path d="{strokes}" stroke="#ffffff" stroke-width="1.4"/>'


def _dots(colour: str) -> str:
    return "".join(
        f'<rect x="{x}" y="{y}" width="1.6" height="1.6" fill="{colour}"/>'
        for y in (3, 7)
        for x in range(3, 23, 4)
    )


def _layer_keys(layers: Sequence[ContextLayer], language: Language) -> list[_Key]:
    """Explain how the layers beneath are drawn, top first."""
    return [_Key(_sign(layer), layer.title[language]) for layer in reversed(layers)]


def _sign(layer: ContextLayer) -> str:
    kinds = set(layer.lonlat.geom_type)
    shape = shape_attributes(layer.style)
    if any("Polygon" in kind for kind in kinds):
        return _box(shape)
    if any("Line" in kind for kind in kinds):
        return f'<path d="M0 6H26" {shape}/>'
    return f'<circle cx="13" cy="6" r="{min(layer.style.radius_px, 6)}" {shape}/>'


def _legend(keys: Sequence[_Key], width: float) -> tuple[str, int]:
    """Set the signs with their words in rows; give the number of rows as well."""
    boxes = [_KEY + width_of(key.words, _FONT) + 10 for key in keys]
    places = list(flowing(width, boxes))
    drawn = "".join(
        svg.moved(x, row * _ROW, key.drawn + svg.words(_KEY, 10, svg.escaped(key.words)))
        for key, (x, row) in zip(keys, places, strict=True)
    )
    return drawn, places[-1][1] + 1 if places else 0
