"""Where likeness and score disagree, on the map page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, both
from maemoh_gis.learnt.outputs import uses_asked
from maemoh_gis.learnt.stages import measures_learnt_from
from maemoh_gis.learnt.table import patches_told
from maemoh_gis.learnt.words import bias_words, push_words
from maemoh_gis.pages.content import Column, ContextLayer, Style

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.learnt.patches import Patch

_STYLES = {
    True: Style("#01665e", "#5ab4ac", 0.35, 1.2),
    False: Style("#8c510a", "#d8b365", 0.35, 1.2),
}
_LICENCE = "ODbL-1.0"


def learnt_layers(results: Results) -> list[ContextLayer]:
    """Draw where land is more alike than its score has it, and where less."""
    found = []
    for use in uses_asked(results):
        patches = patches_told(results, use)
        for above, style in _STYLES.items():
            mine = [one for one in (patches.told if patches else ()) if one.above == above]
            if mine:
                found.append(_layer(results, use, mine, style))
    return found


def _layer(results: Results, use: str, patches: list[Patch], style: Style) -> ContextLayer:
    id = "above" if patches[0].above else "below"
    title = results.resolved.scenario.uses[use].title.both()
    return ContextLayer(
        id=f"learnt_{id}_{use}",
        title=both(f"learnt.layer.{id}", use=title),
        frame=_frame(results, use, patches),
        style=style,
        confidence="L",
        caution=bias_words(results, use),
        licence=_LICENCE,
        source="maemoh_gis",
        group="found",
        columns=[
            Column("land_rai", both("learnt.column.land"), "area_rai"),
            Column("rank", both("learnt.column.rank"), "number", decimals=2),
            Column("score", both("learnt.column.score"), "number", decimals=2),
            Column("push", both(f"learnt.column.push.{id}")),
        ],
        shown=False,
    )


def _frame(results: Results, use: str, patches: list[Patch]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    names = list(measures_learnt_from(results.resolved.scenario, use))
    pushes = [push_words(results, use, names, one) for one in patches]
    values = {
        "land_rai": [one.land_rai for one in patches],
        "rank": [one.rank for one in patches],
        "score": [one.score for one in patches],
        **{f"push_{x}": [words[x] for words in pushes] for x in LANGUAGES},
    }
    return gpd.GeoDataFrame(values, geometry=[one.shape for one in patches], crs=results.grid.crs)
