"""
The map page: one bilingual HTML file that opens with the network off.

Python writes everything a reader can read (title, warnings, legend, tables, credits) as markup in
both languages, and everything the map draws as data. The page's script (`page/*.js`) turns the
still picture into a map, switches the language and never builds markup from text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from markupsafe import Markup, escape

from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.core.units import number
from maemoh_gis.files import write_text
from maemoh_gis.pages import offline, still_picture
from maemoh_gis.pages.budget import lighter
from maemoh_gis.pages.cells import cells_data, utm_zone
from maemoh_gis.pages.content import Column, ContextLayer, Group, PageContent, Style, Use
from maemoh_gis.pages.features import (
    layer_data,
    place_data,
    site_columns,
    site_rows,
    style_data,
    use_data,
)
from maemoh_gis.pages.phase_out import path_data, turning_rows, zone_states
from maemoh_gis.pages.raster_image import (
    Picture,
    Placement,
    corners,
    draw,
    legend_colours,
    picture_data,
    place,
)
from maemoh_gis.pages.wording import Messages, Wording, clean, plain

__all__ = ["Column", "ContextLayer", "PageContent", "Style", "Use", "write_page"]


def write_page(
    content: PageContent, path: Path, *, messages: Messages | None = None, store: Store = NO_CACHE
) -> str:
    """Write a map page."""
    wording = Wording.of_package() if messages is None else Wording(messages)
    return write_text(path, page_html(content, wording, store))


def page_html(content: PageContent, wording: Wording, store: Store = NO_CACHE) -> str:
    """Write the whole page as text."""
    layers = [lighter(layer, wording) for layer in content.layers]
    content = dataclasses.replace(content, layers=layers)
    placement = place(content.grid)
    pictures = {
        use.id: draw(use.score, use.state, content.grid, placement, store) for use in content.uses
    }
    west, south, east, north = content.view
    markup, map_script = offline.map_parts(
        offline.OfflineMap(((south + north) / 2, (west + east) / 2))
    )
    scripts = [offline.library_script(), map_script, offline.page_script()]
    style = offline.page_style()
    return offline.rendered(
        "page.html",
        say=lambda name, **values: both(wording(name, **values)),
        both=both,
        plain=plain,
        content=content,
        year=wording.year(content.year_be),
        policy=offline.policy([], [style]),
        policy_script=offline.policy_script(scripts, [style]),
        style=style,
        scripts=scripts,
        map_markup=markup,
        uses=[_use_parts(use, content, pictures[use.id], wording) for use in content.uses],
        still=_still_parts(content, placement, wording),
        legend=_legend_parts(content, placement, wording),
        explained=_explained(content, wording),
        groups=_groups(content.layers),
        turns=[] if content.path is None else turning_rows(content.path, wording),
        zone_states=[] if content.path is None else zone_states(content.path),
        previewed=wording("weights_preview", error=_error(content)),
        software=", ".join(offline.software()),
        data=offline.json_block(_data(content, placement, wording)),
    )


# A report has thousands of texts: joined markup is ten times as fast as formatted markup.
_SAME, _END = Markup('<bdi class="same">'), Markup("</bdi>")
_OF = {code: Markup('<bdi lang="{}">').format(code) for code in LANGUAGES}
_BOTH, _BOTH_END = Markup('<span class="both">'), Markup("</span>")


def both(text: Text) -> Markup:
    """Mark up a text in both languages, escaped; the page's style shows one of them."""
    words = {code: escape(clean(text[code])) for code in LANGUAGES}
    if len(set(words.values())) == 1:
        return _SAME + next(iter(words.values())) + _END
    th, en = (_OF[code] + words[code] + _END for code in LANGUAGES)
    return _BOTH + th + en + _BOTH_END


def _use_parts(
    use: Use, content: PageContent, picture: Picture, wording: Wording
) -> dict[str, Any]:
    frame = still_picture.Frame.around(content.view)
    columns = site_columns(use, wording)
    return {
        "id": use.id,
        "title": use.title,
        "uri": picture.uri,
        "columns": [column.title for column in columns],
        "column_ids": [column.key for column in columns],
        "rows": site_rows(use, wording),
        "told": use.told,
        "marks": still_picture.site_marks(use, frame),
        "names": still_picture.site_names(use, frame, wording),
        "alt": wording("picture_of", use=use.title),
        "confidence": use.confidence and wording("score_confidence", shares=use.confidence),
    }


def _still_parts(content: PageContent, placement: Placement, wording: Wording) -> dict[str, Any]:
    bounds, relief = placement.bounds_3857, content.relief
    frame = still_picture.Frame.around(content.view)
    return {
        **still_picture.still_parts(content.view, bounds, content.layers, wording),
        "relief": relief and still_picture.image_box(relief.bounds_3857, frame),
    }


def cell_words(cell_m: float, placement: Placement, wording: Wording) -> Text:
    """Say how large a cell is, and a pixel where the picture is drawn coarser."""
    cell = number(cell_m)
    if placement.pixel_m > cell_m * 1.01:
        return wording("drawn_coarser", cell=cell, pixel=number(placement.pixel_m))
    return wording("cell_size", cell=cell)


def _legend_parts(content: PageContent, placement: Placement, wording: Wording) -> dict[str, Any]:
    return {
        **legend_colours(),
        "cell": cell_words(content.grid.cell_m, placement, wording),
        "site": still_picture.SITE_STYLE,
    }


def _groups(layers: Sequence[ContextLayer]) -> list[tuple[str, list[tuple[int, ContextLayer]]]]:
    """Put the layers under their headings, each with its place among all."""
    groups: dict[str, list[tuple[int, ContextLayer]]] = {}
    for index, layer in enumerate(layers):
        groups.setdefault(layer.group, []).append((index, layer))
    return [(group, groups[group]) for group in get_args(Group) if group in groups]


def _explained(content: PageContent, wording: Wording) -> Text | None:
    """Say of which cells the page can tell everything, and how exactly; None: of none."""
    cells, cell_m = content.cells, content.grid.cell_m
    if cells is None or utm_zone(content.grid.crs) is None:
        return None
    error = _error(content)
    if cells.step == 1:
        return wording("explain_exact", error=error)
    side = number(cell_m * cells.step)
    return wording("explain_coarse", error=error, cell=number(cell_m), side=side)


def _error(content: PageContent) -> str:
    return "" if content.cells is None else f"{content.cells.greatest_error:.4f}"


def head_data(title: Text, wording: Wording) -> dict[str, Any]:
    """Give what the script of every page with a map takes first."""
    return {
        "languages": list(LANGUAGES),
        "tiles": dataclasses.asdict(offline.TILES),
        "messages": {code: dict(wording.messages[code]) for code in LANGUAGES},
        "title": {code: clean(title[code]) for code in LANGUAGES},
    }


def _data(content: PageContent, placement: Placement, wording: Wording) -> dict[str, Any]:
    return {
        **head_data(content.title, wording),
        "question": {code: clean(content.question[code]) for code in LANGUAGES},
        "map": {"name": f"map_{offline.MAP_ID}", "view": corners(content.view)},
        "picture": picture_data(placement),
        "siteStyle": style_data(still_picture.SITE_STYLE),
        "uses": [use_data(use, wording) for use in content.uses],
        "cells": cells_data(content.cells, content.grid, wording),
        "layers": [layer_data(layer, content.view, wording) for layer in content.layers],
        "relief": content.relief and {"corners": corners(content.relief.bounds_lonlat)},
        "path": path_data(content.path, wording),
        "places": [place_data(place) for place in content.places],
    }
