"""Freight on the map page: the market areas of railheads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.language import LANGUAGES, text
from maemoh_gis.maps.content import Column, ContextLayer, Style
from maemoh_gis.workflow.freight_outputs import named_areas

if TYPE_CHECKING:
    from maemoh_gis.maps.content import Text
    from maemoh_gis.workflow.run import Results


def freight_layers(results: Results) -> list[ContextLayer]:
    """
    Draw from where heavy boxes would go over which railhead.

    Parameters
    ----------
    results : Results
        What the run computed.

    Returns
    -------
    list of ContextLayer
        Areas among railheads alone at central prices, and where rail beats the road at prices that
        favour it; none where there is no such land. Switched off when the page opens.
    """
    if results.freight is None:
        return []
    areas = named_areas(results.freight)
    found = []
    for id, against_road, case, style in (
        ("freight_among", False, "central", Style("#4b2e83", "#b9a3e3", 0.12, 1.6, dash="6 4")),
        ("freight_rail", True, "favours_rail", Style("#0b5d3b", "#7cc6a0", 0.2, 1.6)),
    ):
        chosen = areas[(areas["against_road"] == against_road) & (areas["case"] == case)]
        if chosen.empty:
            continue
        found.append(
            ContextLayer(
                id=id,
                title=_both(f"freight.layer.{id}"),
                frame=chosen.reset_index(drop=True),
                style=style,
                confidence="ASSUMPTION",
                caution=_both("freight.caution"),
                licence="ODbL-1.0",
                source="maemoh_gis",
                label="name",
                group="found",
                columns=[
                    Column("name", _both("freight.column.name")),
                    Column("area_rai", _both("freight.column.area"), "area_rai"),
                    Column("confidence", _both("freight.column.confidence"), "confidence"),
                ],
                shown=False,
                label_from_zoom=8,
            )
        )
    return found


def _both(id: str) -> Text:
    return {language: text(id, language) for language in LANGUAGES}
