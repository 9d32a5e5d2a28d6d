"""What is handed over: vector layers with their words, looks and credit, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd

from maemoh_gis.core.messages import Language, both
from maemoh_gis.handover.found import found_layers
from maemoh_gis.pages.content import Column, Style
from maemoh_gis.presentation.run_files import RunFiles
from maemoh_gis.sheets.maps import layers_of

GROUPS = ("found", "place", "transport", "energy", "nature")
"""Headings of the layers, top first."""
ODBL = "ODbL"
_FOUND_FROM_ZOOM = 8


@dataclass(frozen=True)
class Handed:
    """A layer as it is handed over, with columns of one language only."""

    id: str
    title: str
    frame: gpd.GeoDataFrame
    """Features in the CRS of the run's grid; its columns are the keys of `headings`."""
    headings: Mapping[str, str]
    style: Style
    group: str
    licence: str
    source: str
    caution: str
    confidence: str
    label: str | None = None
    label_from_zoom: int = 11
    shown: bool = True
    from_zoom: int = 0

    @property
    def is_odbl(self) -> bool:
        """Say whether it comes from a database that must stay a database of its own."""
        return self.licence.startswith(ODBL)


def handed_layers(run: RunFiles, language: Language) -> list[Handed]:
    """Gather what the run found and the layers beneath its maps, top first."""
    return [*_found(run, language), *reversed(list(_beneath(run, language)))]


def _found(run: RunFiles, language: Language) -> Iterator[Handed]:
    for one in found_layers(run):
        frame, headings = in_language(one.frame, one.columns, language)
        # A number, since names are longer than the sites on a sheet; they stand in the list.
        numbered = "number" if "number" in frame else None
        yield Handed(
            one.id,
            one.title[language],
            frame.to_crs(run.grid.crs),
            headings,
            one.style,
            "found",
            one.licence,
            "maemoh_gis",
            one.caution[language],
            one.confidence,
            numbered,
            _FOUND_FROM_ZOOM,
            one.shown,
        )


def _beneath(run: RunFiles, language: Language) -> Iterator[Handed]:
    for layer in layers_of(run) or ():
        columns = list(layer.columns)
        if layer.label and layer.label not in [one.key for one in columns]:
            columns.insert(0, Column(layer.label, both("page.name")))
        frame, headings = in_language(layer.lonlat, columns, language)
        label = layer.label and (
            f"{layer.label}_{language}" if f"{layer.label}_{language}" in frame else layer.label
        )
        yield Handed(
            layer.id,
            layer.title[language],
            frame.to_crs(run.grid.crs),
            headings,
            layer.style,
            layer.group,
            layer.licence,
            layer.source,
            layer.caution[language],
            layer.confidence,
            label or None,
            layer.label_from_zoom,
            layer.shown,
            layer.from_zoom,
        )


def in_language(
    frame: gpd.GeoDataFrame, columns: Sequence[Column], language: Language
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Keep the columns that are told, codes put into words; give their headings as well."""
    headings: dict[str, str] = {}
    kept = {}
    for column in columns:
        key = f"{column.key}_{language}" if f"{column.key}_{language}" in frame else column.key
        if key not in frame:
            continue
        headings[key] = _heading(column, language)
        words = {code: text[language] for code, text in column.values.items()}
        kept[key] = (
            frame[key].map(lambda value, words=words: words.get(value, value))
            if words
            else frame[key]
        )
    told = gpd.GeoDataFrame(kept, geometry=frame.geometry.array, crs=frame.crs, index=frame.index)
    return told.reset_index(drop=True), headings


def _heading(column: Column, language: Language) -> str:
    unit = column.unit[language] if column.unit else ""
    return f"{column.title[language]} ({unit})" if unit else column.title[language]
