"""Freight on the map page: the market areas of railheads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.core.messages import both, same
from maemoh_gis.freight.outputs import named_areas
from maemoh_gis.freight.result import freight_of
from maemoh_gis.pages.content import Column, ContextLayer, Style

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


_LEAST_BAND_M, _MOST_BAND_M, _LINE_TOLERANCE_M = 150.0, 2_500.0, 250.0
# Less than this share of the busiest stretch is not drawn; `freight_areas.gpkg` has it all.
_MAIN_SHARE = 0.02


def freight_layers(results: Results) -> list[ContextLayer]:
    """Draw from where heavy boxes would go over which railhead."""
    report = freight_of(results)
    if report is None:
        return []
    areas = named_areas(report)
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
                title=both(f"freight.layer.{id}"),
                frame=chosen.reset_index(drop=True),
                style=style,
                confidence="ASSUMPTION",
                caution=both("freight.caution"),
                licence="ODbL-1.0",
                source="maemoh_gis",
                label="name",
                group="found",
                columns=[
                    Column("name", both("freight.column.name")),
                    Column("area_rai", both("freight.column.area"), "area_rai"),
                    Column("confidence", both("freight.column.confidence"), "confidence"),
                ],
                shown=False,
                label_from_zoom=8,
            )
        )
    return found


def flow_layers(results: Results) -> list[ContextLayer]:
    """Draw where freight goes, each stretch as wide as its TEU."""
    report = freight_of(results)
    if report is None:
        return []
    found = []
    for id, yard, case, style in (
        ("freight_flows", "", "central", Style("#8c2d04", "#d95f0e", 0.55, 0.6)),
        ("freight_flows_yard", report.best, "favours_rail", Style("#084081", "#2b8cbe", 0.55, 0.6)),
    ):
        lines = report.lines
        chosen = lines[(lines["yard"] == yard) & (lines["case"] == case)] if len(lines) else lines
        if chosen.empty:
            continue
        most = float(chosen["teu"].max())
        chosen = chosen[chosen["teu"] >= _MAIN_SHARE * most].dissolve(["carrier", "teu"])
        chosen = chosen.reset_index()
        # A band in metres on the ground keeps its proportion at every zoom.
        half = _LEAST_BAND_M + (_MOST_BAND_M - _LEAST_BAND_M) * chosen["teu"] / most
        thin = chosen.geometry.line_merge().simplify(_LINE_TOLERANCE_M)
        bands = thin.buffer(half / 2, quad_segs=1, cap_style="flat").simplify(_LINE_TOLERANCE_M / 2)
        carriers = {c: both(f"network.mode.{c}") for c in ("road", "rail")}
        name = report.name_of(yard) if yard else same("–")
        found.append(
            ContextLayer(
                id=id,
                title=both(f"freight.layer.{id}"),
                frame=chosen.set_geometry(bands),
                style=style,
                confidence="ASSUMPTION",
                caution=both(f"freight.drawn.{id}", name=name),
                licence="ODbL-1.0",
                source="maemoh_gis",
                group="found",
                columns=[
                    Column("carrier", both("freight.column.carrier"), values=carriers),
                    Column("teu", both("freight.column.teu"), "number", decimals=0),
                ],
                shown=False,
            )
        )
    return found
