"""A chart of a run folder in one language, to be framed."""

from __future__ import annotations

import re

from maemoh_gis.core.messages import LANGUAGES, Language
from maemoh_gis.office.frame import Drawing

# Charts are our own (`pictures.svg`): words marked with a language hold no further element.
_BETWEEN = re.compile(r'<tspan class="between">[^<]*</tspan>')
_HEAD = re.compile(
    r'<svg [^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>(?:<style>.*?</style>)?', re.DOTALL
)
_END = "</svg>"


def chart_drawing(svg: str, language: Language) -> Drawing:
    """Take the drawing out of a chart, with the words of one language where they are marked."""
    head = _HEAD.match(svg)
    assert head is not None, "a chart of pictures.svg begins with its size"
    body = svg[head.end() : svg.rindex(_END)]
    return Drawing(float(head[1]), float(head[2]), in_one_language(body, language))


def in_one_language(body: str, language: Language) -> str:
    """Leave out what is marked as another language, and what stands between two."""
    for other in LANGUAGES:
        if other != language:
            marked = rf'<(tspan|text) lang="{other}"[^>]*>[^<]*</\1>'
            body = re.sub(marked, "", body)
    return _BETWEEN.sub("", body)
