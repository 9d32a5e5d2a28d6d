"""What a piece of land is called: its number, where it lies, and how far from a known place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from maemoh_gis.core.messages import LANGUAGES, both, joined
from maemoh_gis.core.units import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, Self

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.messages import Text
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers

SUBDISTRICTS = "subdistricts"
LANDMARKS = ("district_seats", "stations")
"""Layers of places that people of the province know, by id; each with a name in both languages."""
_STEMS = ("name", "district_name")
_DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def naming_layers(catalog: Catalog) -> list[str]:
    """Name the layers that places are named by, those the catalog has."""
    return [id for id in (SUBDISTRICTS, *LANDMARKS) if _known(catalog, id)]


def _known(catalog: Catalog, id: str) -> bool:
    return id in catalog.layers and bool(catalog.read_from(id))


@dataclass(frozen=True)
class Names:
    """Words for where land lies."""

    subdistricts: Subdistricts
    landmarks: Landmarks

    @classmethod
    def of(cls, layers: Layers, crs: str) -> Self:
        """Read what places are named by, in a projected CRS."""
        return cls(Subdistricts.of(layers, crs), Landmarks.of(layers, crs))

    def of_shape(self, kind: Literal["name", "piece", "strip"], number: int,
                 shape: BaseGeometry) -> Named:  # fmt: skip
        """Name a site of a run, or a piece of land or a place beside the line of several runs."""
        place = self.subdistricts.place_of(shape)
        name = both(f"site.{kind}", number=number, place=place)
        return Named(place, name, self.landmarks.near(shape))


@dataclass(frozen=True)
class Named:
    """A piece of land in words."""

    place: Text
    """Subdistrict and district."""
    name: Text
    """Its number with the place."""
    near: Text | None
    """How far it lies from a known place; None where none is known."""

    @property
    def at_length(self) -> Text:
        """Give its name with how far it lies from a known place."""
        return self.name if self.near is None else joined([self.name, self.near], " ")


@dataclass(frozen=True)
class Landmarks:
    """Places that people know, as points, with their names."""

    points: Sequence[BaseGeometry]
    words: Sequence[Text]

    @classmethod
    def of(cls, layers: Layers, crs: str, ids: Sequence[str] = LANDMARKS) -> Self:
        """Read those of the catalog, in a projected CRS; places without a name are left out."""
        found = [
            one
            for id in ids
            if _known(layers.catalog, id)
            for one in _landmarks(id, layers.features(id, crs))
        ]
        return cls([point for point, _ in found], [words for _, words in found])

    def near(self, shape: BaseGeometry) -> Text | None:
        """Say how far, and which way, the middle of a shape lies from the nearest of them."""
        if not len(self.points):
            return None
        middle = shape.centroid
        metres = shapely.distance(list(self.points), middle)
        nearest = int(metres.argmin())
        km = round(float(metres[nearest]) / 1000)
        if km < 1:
            return both("site.beside", landmark=self.words[nearest])
        way = both(f"site.way.{_direction(self.points[nearest], middle)}")
        return both("site.near", landmark=self.words[nearest], km=number(km), way=way)


def _landmarks(id: str, frame: gpd.GeoDataFrame) -> list[tuple[BaseGeometry, Text]]:
    """Pair the places of a layer that have a name with it."""
    columns = [f"name_{language}" for language in LANGUAGES]
    if not set(columns) <= set(frame.columns):
        return []
    named = zip(frame.geometry, frame[columns].to_numpy().tolist(), strict=True)
    return [
        (shape.centroid, both(f"site.landmark.{id}", name=_text(words)))
        for shape, words in named
        if all(isinstance(word, str) and word.strip() for word in words)
    ]


def _direction(start: BaseGeometry, end: BaseGeometry) -> str:
    """Say in which of eight directions one point lies as seen from another."""
    (east, north) = shapely.get_coordinates(end)[0] - shapely.get_coordinates(start)[0]
    return _DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % len(_DIRECTIONS)]


@dataclass(frozen=True)
class Subdistricts:
    """Subdistricts with the words for a place in them."""

    shapes: Sequence[BaseGeometry]
    words: Sequence[Text]

    @classmethod
    def of(cls, layers: Layers, crs: str) -> Self:
        """Read those of the catalog, in a projected CRS; none where none is known by name."""
        if not _known(layers.catalog, SUBDISTRICTS):
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
