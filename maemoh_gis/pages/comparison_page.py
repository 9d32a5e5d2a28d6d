"""
The page that compares runs: two maps in step, what differs, and the tables beside.

Built like the map page: one bilingual HTML file that opens with the network off. Differences are
worked out by the page's script from the score pictures, so that any two runs can be compared and
no picture stands in the file twice.
"""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path
from typing import Any

from maemoh_gis.core.messages import Text, joined
from maemoh_gis.files import write_text
from maemoh_gis.pages import offline, still_picture
from maemoh_gis.pages.budget import lighter
from maemoh_gis.pages.comparison_content import ComparisonContent, PageRun, PageUse
from maemoh_gis.pages.features import compact, geojson, layer_data, style_data
from maemoh_gis.pages.map_page import both, cell_words, head_data
from maemoh_gis.pages.phase_out import path_data
from maemoh_gis.pages.raster_image import (
    SCORE_STEPS,
    corners,
    good_step,
    legend_colours,
    picture_data,
)
from maemoh_gis.pages.wording import Wording, plain

# Orange to blue: told apart with every common kind of colour vision, and by lightness from grey.
LOSES = ("fdd49e", "fdae6b", "f16913", "d94801", "8c2d04")
GAINS = ("c6dbef", "9ecae1", "4292c6", "2171b5", "084594")
STEP_EDGES = (0.04, 0.1, 0.2, 0.3)
"""Differences of score at which the next colour begins; the first begins above nothing."""
SAME, UNKNOWN = "e3e1dc", "8a847c"
GOOD_BOTH = "5c3d7a"
"""Good in both runs; good in the left or the right one alone takes the last colours above."""
BAR, RANGE = "#88b6d8", "#1c1c1c"
"""Bars of the charts and the line of what their value may lie between: apart by lightness alone."""


def write_comparison_page(content: ComparisonContent, path: Path) -> str:
    """Write a page that compares runs."""
    return write_text(path, comparison_html(content, Wording.of_package()))


def comparison_html(content: ComparisonContent, wording: Wording) -> str:
    """Write the whole page as text."""
    layers = [lighter(layer, wording) for layer in content.layers]
    content = dataclasses.replace(content, layers=layers)
    scripts = [offline.library_script(), offline.page_script(offline.COMPARISON_SCRIPTS)]
    folder = offline.page_folder()
    style = offline.page_style(folder.joinpath("compare.css").read_text("utf-8"))
    return offline.rendered(
        "compare.html",
        say=lambda name, **values: both(wording(name, **values)),
        both=both,
        plain=plain,
        content=content,
        policy=offline.policy([], [style]),
        policy_script=offline.policy_script(scripts, [style]),
        style=style,
        scripts=scripts,
        still=still_picture.still_parts(
            content.view, content.placement.bounds_3857, content.layers, wording
        ),
        shown=[_shown_by(content, picture, wording) for picture in range(len(content.pictures))],
        legend=_legend(content, wording),
        colours={"bar": BAR, "range": RANGE},
        along=_along,
        software=", ".join(offline.software()),
        data=offline.json_block(_data(content, wording)),
    )


def _along(value: float, full: float) -> float:
    """Place a value on an axis of 1,000 units."""
    return round(1000 * value / full, 1) if full > 0 else 0.0


def _shown_by(content: ComparisonContent, picture: int, wording: Wording) -> Text:
    """Say what a picture shows: use and runs."""
    shown = [
        wording("compare_shows", use=use.title, runs=joined([
            content.runs[n].name for n, one in enumerate(use.pictures) if one == picture], ", "))
        for use in content.uses
        if picture in use.pictures
    ]  # fmt: skip
    return joined(shown)


def _legend(content: ComparisonContent, wording: Wording) -> dict[str, Any]:
    spans = [f"{a:g}–{b:g}" for a, b in pairwise(STEP_EDGES)]
    first, last = f"{STEP_EDGES[0]:g}", f"{STEP_EDGES[-1]:g}"
    more = [f"≤ +{first}", *(f"+{span}" for span in spans), f"> +{last}"]
    less = [f"≥ −{first}", *(f"−{span}" for span in spans), f"< −{last}"]
    return {
        **legend_colours(),
        "cell": cell_words(content.cell_m, content.placement, wording),
        "gains": [(f"#{c}", span) for c, span in zip(GAINS, more, strict=True)][::-1],
        "loses": [(f"#{c}", span) for c, span in zip(LOSES, less, strict=True)],
        "same": f"#{SAME}",
        "not_known": f"#{UNKNOWN}",
        "good": {"both": f"#{GOOD_BOTH}", "left": f"#{LOSES[-2]}", "right": f"#{GAINS[-2]}"},
    }


def _data(content: ComparisonContent, wording: Wording) -> dict[str, Any]:
    return {
        **head_data(content.title, wording),
        "view": corners(content.view),
        "picture": {
            **picture_data(content.placement),
            "steps": SCORE_STEPS,
            "goodStep": good_step(content.good_from),
        },
        "difference": {
            "edges": [round(edge * SCORE_STEPS) for edge in STEP_EDGES],
            "gains": [f"#{colour}" for colour in GAINS],
            "loses": [f"#{colour}" for colour in LOSES],
            "same": f"#{SAME}",
            "unknown": f"#{UNKNOWN}",
            "goodBoth": f"#{GOOD_BOTH}",
        },
        "siteStyle": style_data(still_picture.SITE_STYLE),
        "paths": [path_data(path, wording) for path in content.paths],
        "runs": [_run(run) for run in content.runs],
        "uses": [_use(use, wording) for use in content.uses],
        "layers": [layer_data(layer, content.view, wording) for layer in content.layers],
    }


def _run(run: PageRun) -> dict[str, Any]:
    return {
        "name": compact(run.name),
        "title": compact(run.title),
        "year": run.year_be,
        "viewpoint": compact(run.viewpoint),
        "path": run.path,
    }


def _use(use: PageUse, wording: Wording) -> dict[str, Any]:
    return {
        "id": use.id,
        "title": compact(use.title),
        "pictures": list(use.pictures),
        "pieces": [
            {
                "id": piece.id,
                "name": compact(piece.name),
                "shape": geojson(piece.shape),
                "area": compact(wording.area(piece.area_rai)),
                "foundBy": list(piece.found_by),
                "payoffs": list(piece.payoffs),
            }
            for piece in use.pieces
        ],
    }
