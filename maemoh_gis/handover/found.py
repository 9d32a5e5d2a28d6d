"""Layers that a run found itself, read back from its GeoPackages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.pages.content import Column, Confidence, Style
from maemoh_gis.pages.still_picture import SITE_STYLE
from maemoh_gis.presentation.run_files import RunFiles
from maemoh_gis.sheets.maps import sites_of

LICENCE = "ODbL-1.0"
"""What is found rests on roads and land of OpenStreetMap, so its licence goes with it."""
_YARDS = Style("#0b5d3b", "#19a974", 0.75, 1.6)
_OPEN = Style("#7a4a00", "#ffd08a", 0.3, 1.6, dash="5 4")
_PLACES = Style("#1f2a2e", "#ffd200", 0.95, 1.2, radius_px=6.0)
_MARKET = Style("#4b4e8f", "#7d81c9", 0.12, 1.0)


@dataclass(frozen=True)
class Found:
    """A layer the run found."""

    id: str
    title: Text
    frame: gpd.GeoDataFrame
    columns: Sequence[Column]
    style: Style
    caution: Text
    confidence: Confidence = "L"
    licence: str = LICENCE
    shown: bool = True


def found_layers(run: RunFiles) -> Iterator[Found]:
    """Read sites, rectangles and stretches for a yard, places for it, its market; top first."""
    caution = joined([both("page.screening_only"), both("page.not_a_permit")], " ")
    yield from _several(run, "yards.gpkg", "yard_choice", caution)
    for use, definition in run.uses.items():
        sites = sites_of(run, use)
        if len(sites):
            title = both("handover.sites", use=definition["title"])
            yield Found(f"sites_{use}", title, sites, _site_columns(run, use), SITE_STYLE, caution)
        for stem in ("yards", "yards_open"):
            yield from _several(run, "yards.gpkg", f"{stem}_{use}", caution, like=stem)
    yield from _several(run, "freight_areas.gpkg", "market_areas", caution)


_STYLES = {"yards": _YARDS, "yards_open": _OPEN, "yard_choice": _PLACES, "market_areas": _MARKET}
_KEYS = {
    "yards": "outcome not_told station side length_m width_m area_rai siding_m grade_permille "
    "grade_error_permille longest_siding_m score_mean expansion_free",
    "yards_open": "stretch outcome not_told station side from_km to_km length_m places "
    "places_as_read siding_m grade_permille grade_error_permille grade_limit_permille "
    "straight_stray_m straight_error_m score_best ask",
    "yard_choice": "number class name eligible score_least score_greatest land_score_low "
    "land_score_high people_low people_high people_uncounted_share open_questions",
    "market_areas": "name against_road area_rai box_class gateway confidence",
}


def _several(
    run: RunFiles, file: str, layer: str, caution: Text, *, like: str | None = None
) -> Iterator[Found]:
    frame = run.features(file, layer)
    if frame is None or frame.empty:
        return
    like = like or layer
    columns = [Column(key, heading(key)) for key in _KEYS[like].split()]
    yield Found(
        layer,
        both(f"handover.layer.{like}"),
        frame,
        columns,
        _STYLES[like],
        caution,
        shown=like != "market_areas",
    )


def _site_columns(run: RunFiles, use: str) -> list[Column]:
    """Tell of a site what a committee asks, and what it scores by each criterion."""
    plain = (
        "number class name area_rai area_ha conditional_rai score_low score_high score_mean "
        "scored_share widest_m subject_to reserved_forest_acts protected_areas_acts "
        "people_1000_m_low people_1000_m_high people_5000_m_low people_5000_m_high "
        "people_confidence farm_rai farm_confidence"
    )
    columns = [Column(key, heading(key)) for key in plain.split()]
    for id, criterion in run.scenario["uses"][use]["criteria"].items():
        columns.append(Column(f"{id}_mean", both("handover.mean_of", criterion=criterion["title"])))
    return columns


def heading(key: str) -> Text:
    """Head a column of what was found."""
    return both(f"handover.column.{key}")
