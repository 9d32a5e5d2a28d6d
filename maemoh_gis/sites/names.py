"""What a site is called: its number, and the subdistrict and district it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from maemoh_gis.core.messages import LANGUAGES, both

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.messages import Text
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers

SUBDISTRICTS = "subdistricts"
_STEMS = ("name", "district_name")


def naming_layers(catalog: Catalog) -> list[str]:
    """Name the layers that places are named by, those the catalog has."""
    known = SUBDISTRICTS in catalog.layers and catalog.read_from(SUBDISTRICTS)
    return [SUBDISTRICTS] if known else []


@dataclass(frozen=True)
class Subdistricts:
    """Subdistricts with the words for a place in them."""

    shapes: Sequence[BaseGeometry]
    words: Sequence[Text]

    @classmethod
    def of(cls, layers: Layers, crs: str) -> Self:
        """Read those of the catalog, in a projected CRS; none where none is known by name."""
        if not naming_layers(layers.catalog):
            return cls([], [])
        areas = layers.features(SUBDISTRICTS, crs)
        columns = [[f"{stem}_{language}" for language in LANGUAGES] for stem in _STEMS]
        if not {name for pair in columns for name in pair} <= set(areas.columns):
            return cls([], [])
        own, district = (areas[pair].to_numpy().tolist() for pair in columns)
        words = [_place(one, other) for one, other in zip(own, district, strict=True)]
        return cls(list(areas.geometry), words)

    def place_of(self, shape: BaseGeometry) -> Text:
        """Say in which subdistrict most of a shape of the same CRS lies, or that none is known."""
        shared = shapely.area(shapely.intersection(list(self.shapes), shape))
        if not len(shared) or not shared.max():
            return both("site.place_unknown")
        return self.words[int(shared.argmax())]


def _place(own: Sequence[object], district: Sequence[object]) -> Text:
    """Name a subdistrict and its district; as unknown where the layer leaves either empty."""
    if not all(isinstance(one, str) and one.strip() for one in (*own, *district)):
        return both("site.place_unknown")
    return both("site.place", subdistrict=_text(own), district=_text(district))


def _text(words: Sequence[object]) -> Text:
    return {language: str(one) for language, one in zip(LANGUAGES, words, strict=True)}


def name_of(number: int, place: Text) -> Text:
    """Name a site in full, as a sentence calls it."""
    return both("site.name", number=number, place=place)
