"""
What one entry of the catalog says of a layer.

A layer without licence, source, date, checksum or a statement of completeness cannot be described
here, so it cannot be used.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pydantic

from maemoh_gis.documents.schema import (
    Checksum,
    ClassCode,
    Colour,
    Confidence,
    Crs,
    Dash,
    DateBE,
    Name,
    ProjectPath,
    Strict,
    Words,
    YearBE,
    custom_error,
)

Kind = Literal["polygons", "lines", "points", "raster", "table"]
DRAWN = ("polygons", "lines", "points")
"""Kinds that maps can draw."""
Nature = Literal["observed", "published", "indicative", "modelled", "assumed"]


_Value = str | int | float | bool
_Pair = Annotated[list[float], pydantic.Field(min_length=2, max_length=2)]


class Column(Words):
    """A column of a layer."""

    unit: str | None = None
    """Unit of its numbers."""


class LandClass(Words):
    """A class of a categorical raster."""

    key: Name
    """How scenarios name the class."""


class Scored(Strict):
    """How a layer becomes the score of the criterion it answers."""

    column: Annotated[str, pydantic.Field(min_length=1)] | None = None
    """Column of the figure inside its polygons; the distance to its features where none is said."""
    points: Annotated[list[_Pair], pydantic.Field(min_length=2)]
    """Pairs of figure, or metres, and score, rising."""


class CompleteWithin(Strict):
    """Polygons inside which nothing of the layer's kind is missing."""

    layer: Name
    """Polygon layer of this catalog."""
    where: dict[str, _Value | list[_Value]] = {}
    """Only the polygons with these attribute values; a list means any of its values."""
    margin_km: Annotated[float, pydantic.Field(ge=0, le=200)] = 0
    """How far around the polygons nothing is missing either."""


class Coordinates(Strict):
    """Columns of a CSV file with the place of each row."""

    x: Annotated[str, pydantic.Field(min_length=1)]
    """Longitude or easting."""
    y: Annotated[str, pydantic.Field(min_length=1)]
    """Latitude or northing."""


def is_encoding(name: str) -> bool:
    """Say whether a text names a code page."""
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True


def _encoding(name: str) -> str:
    if not is_encoding(name):
        raise custom_error("unknown_encoding")
    return name


Encoding = Annotated[str, pydantic.AfterValidator(_encoding)]
"""A code page by its name, such as cp874."""


def _complete_within(value: Any, check: pydantic.ValidatorFunctionWrapHandler) -> Any:
    """Make one fault of a wrong value, not one for every form it might have had."""
    if isinstance(value, dict):
        return CompleteWithin.model_validate(value)
    try:
        return check(value)
    except pydantic.ValidationError:
        raise custom_error("wrong_value", expected="none, extent, {layer: …}") from None


class Known(Strict):
    """How many of all there are a layer holds."""

    n: Annotated[int, pydantic.Field(ge=0)]
    """Features of the layer; the audit counts them."""
    of: Annotated[int, pydantic.Field(ge=1)]
    """How many there are."""
    what: Words
    """What is counted, in the plural."""
    where: dict[str, str | int | float | bool] = {}
    """Only the features with these attribute values."""
    source: Annotated[str, pydantic.Field(min_length=3)]
    """Who says how many there are."""

    @pydantic.model_validator(mode="after")
    def _no_more_than_all(self) -> Known:
        if self.n > self.of:
            raise custom_error("wrong_value", expected=f"n <= {self.of}")
        return self


class Draw(Strict):
    """How maps draw the features of a layer; a layer that says nothing of it is not drawn."""

    order: Annotated[int, pydantic.Field(ge=0, le=1000)] = 500
    """Layers of lower order lie beneath; those of the same stand as in the catalog."""
    group: Literal["place", "transport", "energy", "nature"] = "place"
    """Under which heading of the legend it stands."""
    colour: Colour = "#333333"
    """Of lines and edges."""
    fill: Colour | None = None
    """Of areas and points; areas without it are empty."""
    fill_opacity: Annotated[int | float, pydantic.Field(ge=0, le=1)] = 0.25
    width_px: Annotated[int | float, pydantic.Field(gt=0, le=20)] = 1.5
    dash: Dash | None = None
    """A full line without it."""
    radius_px: Annotated[int | float, pydantic.Field(gt=0, le=30)] = 5.0
    """Of points."""
    where: dict[str, str | list[str]] = {}
    """
    Values of columns of the features drawn; all are without it. Of several the first matters most:
    its labels come first, those of each next one from a zoom nearer.
    """
    columns: list[str] = []
    """Columns shown of a feature; one written in both languages without its `_th` or `_en`."""
    merged: bool = False
    """Whether features alike in all these columns are drawn as one."""
    label: str | None = None
    """Column written beside the features."""
    label_from_zoom: Annotated[int, pydantic.Field(ge=0, le=19)] = 11
    """Zoom of the map from which labels are shown."""
    shown: bool = True
    """Whether a map opens with it; else a reader turns it on."""
    from_zoom: Annotated[int, pydantic.Field(ge=0, le=19)] = 0
    """Zoom of the map from which features are drawn: from further away many would hide the rest."""


_READ_AS = frozenset({
    "kind", "table", "encoding", "coordinates", "crs", "datum_operation", "band", "unit", "classes",
    "resampling", "complete_within", "complete_where", "known",
})  # fmt: skip
"""Keys of a layer that change what a run makes of its file."""


class Layer(Strict):
    """One layer as received, with all that must be known before it is used."""

    title: Words
    """Name for people."""
    kind: Kind
    """Shape of the data."""
    path: ProjectPath
    """File, relative to the catalog."""
    table: Annotated[str, pydantic.Field(min_length=1)] | None = None
    """Which layer inside the file, where a GeoPackage holds several."""
    encoding: Encoding | None = None
    """Code page of the texts of a shapefile or a table, where they are not UTF-8."""
    coordinates: Coordinates | None = None
    """Columns of a CSV file that hold where its points are."""
    crs: Crs | None = None
    """Coordinate reference system; must be stated for everything but tables."""
    datum_operation: str | None = None
    """The named way to WGS 84, as EPSG code of the operation, where there are several from the
    datum of the CRS, as from Indian 1975."""
    nature: Nature
    """Whether it was observed, published, read off something else, modelled or assumed."""
    confidence: Confidence
    """Trust in the layer as a whole."""
    complete_within: Annotated[
        Literal["none", "extent"] | CompleteWithin, pydantic.WrapValidator(_complete_within)
    ]
    """Where nothing of its kind is missing: nowhere, its whole extent, or inside polygons."""
    complete_where: list[
        Annotated[dict[str, str | int | float | bool], pydantic.Field(min_length=1)]
    ] = []
    """Features by attribute values of which none is missing anywhere, such as the one plant of a
    name, though the layer may lack others."""
    answers: Name | None = None
    """
    Limit of the scenarios that it is the map of. One that waits for its map, and so `needs` a
    layer, is tested on it: land inside the polygons. Of one that is tested already the same test is
    put to this layer too. Or a criterion that waits for its map, which is scored as `scores` says.
    """
    scores: Scored | None = None
    """How it becomes a score, where it answers a criterion."""
    known: list[Known] = []
    """How many of all there are it holds; every answer that rests on it says so first."""
    unit: str | None = None
    """Unit of a raster's values."""
    source: Annotated[str, pydantic.Field(min_length=3)]
    """Who made what it was written from, and when."""
    licence: Annotated[str, pydantic.Field(min_length=2)]
    """Licence of the file, as SPDX id where there is one."""
    as_of: YearBE
    """Year the content describes."""
    retrieved: DateBE
    """Day it was obtained or written."""
    caution: Words
    """What a reader must know wherever the layer is used."""
    columns: dict[str, Column] = {}
    """Columns beside the geometry."""
    classes: dict[ClassCode, LandClass] = {}
    """Codes of a categorical raster."""
    accuracy: dict[Name, float] = {}
    """What was measured against fuller sources, name with unit."""
    band: Annotated[int, pydantic.Field(ge=1)] | None = None
    """Band of a raster, counted from 1; must be stated where the file has several."""
    resampling: Literal["nearest", "bilinear", "average"] | None = None
    """How a raster is brought onto another grid."""
    draw: Draw | None = None
    """How maps draw it."""
    sha256: Checksum
    """Checksum of the file."""

    def completeness_of(
        self, where: Mapping[str, Any]
    ) -> Literal["none", "extent"] | CompleteWithin:
        """Say where none of the features with some attribute values is missing."""
        if any(named.items() <= dict(where).items() for named in self.complete_where):
            return "extent"
        return self.complete_within

    @property
    def read_as(self) -> dict[str, Any]:
        """What decides how the file is read and what its absences prove, as plain data."""
        return self.model_dump(mode="json", include=set(_READ_AS), exclude_defaults=True)

    @property
    def modelled(self) -> bool:
        """True if every result that rests on the layer must say so."""
        return self.nature in {"modelled", "assumed"}


class Stack(Strict):
    """Layers in order of preference that are read as one, such as a survey above a world map."""

    title: Words
    """Name for people."""
    kind: Kind
    """Shape of the data, the same in every member."""
    best_of: Annotated[list[Name], pydantic.Field(min_length=1)] | None = None
    """Other entries, the best first. Of a raster every cell is read from the first that covers it,
    of anything else all is read from the first that is in the catalog."""
    slope_of: Name | None = None
    """In place of `best_of`: heights in metres, of which the slope in percent is read."""
    may_be_absent: bool = False
    """Whether features or rows may all be missing; they are then none, and none is proven."""
    unit: str | None = None
    """Unit that the values of every raster must have."""
    columns: dict[str, Column] = {}
    """Columns that every member must have, each in its unit."""
    classes: dict[ClassCode, LandClass] = {}
    """Codes that every categorical raster must have."""
    caution: Words | None = None
    """What a reader must know beside the cautions of the members."""
    draw: Draw | None = None
    """How maps draw it; members are drawn as their own entries say."""

    @property
    def named(self) -> list[str]:
        """List the entries it is made of."""
        return self.best_of if self.best_of is not None else [str(self.slope_of)]

    @pydantic.model_validator(mode="after")
    def _of_one_thing(self) -> Stack:
        if (self.best_of is None) == (self.slope_of is None):
            raise custom_error("wrong_value", expected="best_of / slope_of")
        return self


def entry_of(written: Any) -> Layer | Stack:
    """Read an entry as what it is: one with `best_of` or `slope_of` is a stack."""
    is_stack = isinstance(written, dict) and bool({"best_of", "slope_of"} & set(written))
    return (Stack if is_stack else Layer).model_validate(written)


def _entry(value: Any, _: pydantic.ValidatorFunctionWrapHandler) -> Layer | Stack:
    """Name what is wrong with an entry once, not once for each thing it might have been."""
    return entry_of(value)


class CatalogFile(Strict):
    """Content of a catalog file."""

    version: Literal[1]
    """Version of this format."""
    extends: Literal["bundled"] | None = None
    """Whether the layers that come with the program stand beneath those of this file."""
    layers: dict[Name, Annotated[Layer | Stack, pydantic.WrapValidator(_entry)]]
    """Layers by id, and stacks of them."""
