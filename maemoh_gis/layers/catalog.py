"""
The catalog: what each layer is, where it comes from, how far it can be trusted, where it is
complete.

A layer without licence, source, date, checksum or a statement of completeness cannot be described
here, so it cannot be used.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic

from maemoh_gis.core.crs import datum_of, needs_operation, to_wgs84
from maemoh_gis.core.errors import FormatError, GridError, LayerError, raise_if_blocked
from maemoh_gis.core.faults import Fault
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
    nearest,
    validate,
)
from maemoh_gis.documents.yaml import Document, read_yaml

FILE_NAME = "catalog.yaml"
_GREATEST_CODE = 255
"""Codes of classes are held in a byte; 0 is no data."""

Kind = Literal["polygons", "lines", "points", "raster", "table"]
DRAWN = ("polygons", "lines", "points")
"""Kinds that maps can draw."""
Nature = Literal["observed", "published", "indicative", "modelled", "assumed"]


class Column(Words):
    """A column of a layer."""

    unit: str | None = None
    """Unit of its numbers."""


class LandClass(Words):
    """A class of a categorical raster."""

    key: Name
    """How scenarios name the class."""


class CompleteWithin(Strict):
    """Polygons inside which nothing of the layer's kind is missing."""

    layer: Name
    """Polygon layer of this catalog."""
    where: dict[str, str | int | float | bool] = {}
    """Only the polygons with these attribute values."""
    margin_km: Annotated[float, pydantic.Field(ge=0, le=200)] = 0
    """How far around the polygons nothing is missing either."""


class Coordinates(Strict):
    """Columns of a CSV file with the place of each row."""

    x: Annotated[str, pydantic.Field(min_length=1)]
    """Longitude or easting."""
    y: Annotated[str, pydantic.Field(min_length=1)]
    """Latitude or northing."""


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise custom_error("unknown_encoding") from None
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
    columns: list[str] = []
    """Columns shown of a feature; one written in both languages without its `_th` or `_en`."""
    label: str | None = None
    """Column written beside the features."""
    label_from_zoom: Annotated[int, pydantic.Field(ge=0, le=19)] = 11
    """Zoom of the map from which labels are shown."""
    shown: bool = True
    """Whether a map opens with it; else a reader turns it on."""


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


class CatalogFile(Strict):
    """Content of a catalog file."""

    version: Literal[1]
    """Version of this format."""
    layers: dict[Name, Layer]
    """Layers by id."""


_Faults = tuple[Fault, ...]


@dataclass(frozen=True)
class Catalog:
    """A checked catalog and the folder it stands in."""

    folder: Path
    document: Document
    layers: Mapping[str, Layer]
    withheld: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    """Faults of the entries that cannot be used, by layer; they stop only who asks for one."""

    def __getitem__(self, id: str) -> Layer:
        """Give a layer; raise LayerError with its faults, or naming the nearest id if there is
        none.
        """
        if id in self.withheld:
            raise LayerError(self.withheld[id])
        if id not in self.layers:
            raise LayerError(
                Fault("unknown_layer", self.document.file, key=id, found=id, expected=self.near(id))
            )
        return self.layers[id]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids in file order."""
        return iter(self.layers)

    def near(self, id: str) -> str:
        """Name the layer that was most likely meant, or all of them."""
        return nearest(id, self.layers) or ", ".join(self.layers)

    def path_of(self, id: str) -> Path:
        """Give the file of a layer."""
        return self.folder / self[id].path

    def line_of(self, id: str) -> int | None:
        """Give the line where a layer is described."""
        return self.document.place(("layers", id)).line


def read_catalog(folder: Path, *, name: str | None = None, whole: bool = True) -> Catalog:
    """Read and check `catalog.yaml` of a layers folder."""
    document = read_yaml(folder / FILE_NAME, name=name or f"{folder.name}/{FILE_NAME}")
    try:
        layers, withheld = dict(validate(CatalogFile, document).layers), dict[str, _Faults]()
    except FormatError as error:
        if whole:
            raise
        layers, withheld = _entries_apart(document, error.faults)
    if whole:
        faults = [f for id in layers for f in contradictions(id, layers, document)]
        raise_if_blocked(faults, FormatError)
        return Catalog(folder, document, layers)
    _withhold_contradictory(layers, withheld, document)
    return Catalog(folder, document, layers, withheld)


def _entries_apart(
    document: Document, faults: tuple[Fault, ...]
) -> tuple[dict[str, Layer], dict[str, _Faults]]:
    """Tell sound entries from those at fault; what belongs to no entry is raised."""
    entries = document.data.get("layers") if isinstance(document.data, dict) else None
    named = entries if isinstance(entries, dict) else {}
    of = {id: tuple(f for f in faults if f"{f.key}.".startswith(f"layers.{id}.")) for id in named}
    theirs = [fault for found in of.values() for fault in found]
    if rest := [fault for fault in faults if fault not in theirs]:
        raise FormatError(rest)
    sound = {id: Layer.model_validate(entry) for id, entry in named.items() if not of[id]}
    return sound, {id: found for id, found in of.items() if found}


def _withhold_contradictory(
    layers: dict[str, Layer], withheld: dict[str, _Faults], document: Document
) -> None:
    """Move entries that contradict themselves to those withheld, and what rests on them."""
    before = -1
    while before != len(withheld):
        before = len(withheld)
        for id in list(layers):
            found = [f for f in contradictions(id, layers, document) if f.blocks]
            found = [
                known
                for fault in found
                for known in (
                    withheld.get(fault.found or "", (fault,))
                    if fault.code == "unknown_layer"
                    else (fault,)
                )
            ]
            if found:
                withheld[id] = tuple(found)
                del layers[id]


def _draw_faults(layer: Layer, path: tuple[str, str], document: Document) -> Iterator[Fault]:
    """Find what maps could not draw: rasters and tables, columns the entry does not describe."""
    if layer.draw is None:
        return
    if layer.kind not in DRAWN:
        yield document.fault(
            "draw_needs_features", (*path, "draw"), found=layer.kind, expected=" / ".join(DRAWN)
        )
    wanted = [("columns", name) for name in layer.draw.columns]
    wanted += [("label", layer.draw.label)] if layer.draw.label else []
    for key, name in wanted:
        if not {name, f"{name}_th"} & set(layer.columns):
            near = nearest(name, layer.columns) or ", ".join(layer.columns)
            yield document.fault("unknown_column", (*path, "draw", key), found=name, expected=near)


def contradictions(id: str, layers: Mapping[str, Layer], document: Document) -> Iterator[Fault]:
    """Find what each key allows but the whole does not."""
    layer = layers[id]
    path = ("layers", id)
    if layer.kind != "table" and layer.crs is None:
        yield document.fault("layer_without_crs", (*path, "crs"))
    if layer.kind == "raster" and layer.resampling is None:
        yield document.fault("raster_without_resampling", (*path, "resampling"))
    if layer.classes and layer.resampling not in (None, "nearest"):
        yield document.fault(
            "classes_need_nearest",
            (*path, "resampling"),
            found=layer.resampling,
            expected="nearest",
        )
    if layer.kind != "raster" and (layer.classes or layer.resampling or layer.band):
        yield document.fault("key_only_for_rasters", path, found=layer.kind)
    yield from _draw_faults(layer, path, document)
    yield from _datum_faults(layer, path, document)
    yield from _reading_faults(layer, path, document)
    for code in layer.classes:
        if not 1 <= int(code) <= _GREATEST_CODE:
            yield document.fault("class_code_range", (*path, "classes", code), found=code,
                                 expected=f"1…{_GREATEST_CODE}")  # fmt: skip
    keys = [c.key for c in layer.classes.values()]
    for twice in sorted({k for k in keys if keys.count(k) > 1}):
        yield document.fault("class_key_twice", (*path, "classes"), found=twice)
    if isinstance(layer.complete_within, CompleteWithin):
        within = layers.get(layer.complete_within.layer)
        where = (*path, "complete_within", "layer")
        if within is None:
            near = nearest(layer.complete_within.layer, layers) or ", ".join(layers)
            yield document.fault(
                "unknown_layer", where, found=layer.complete_within.layer, expected=near
            )
        elif within.kind != "polygons":
            yield document.fault("not_polygons", where, found=layer.complete_within.layer)
    if not re.fullmatch(r"[A-Za-z0-9.+-]+(-or-later)?", layer.licence):
        yield document.fault(
            "licence_not_spdx", (*path, "licence"), found=layer.licence, severity="warns"
        )


def _datum_faults(layer: Layer, path: tuple[str, ...], document: Document) -> Iterator[Fault]:
    """Refuse a datum from which no way to WGS 84 is named, and one that nobody knows."""
    if layer.crs is None:
        return
    where = (*path, "datum_operation")
    if layer.datum_operation is None:
        if needs_operation(layer.crs):
            yield document.fault(
                "datum_operation_missing", where, found=layer.crs, expected=datum_of(layer.crs)
            )
        return
    try:
        to_wgs84(layer.crs, layer.datum_operation)
    except GridError as error:
        fault = error.faults[0]
        yield document.fault(fault.code, where, found=fault.found, expected=fault.expected)


def _reading_faults(layer: Layer, path: tuple[str, ...], document: Document) -> Iterator[Fault]:
    """Find ways of reading that do not fit the kind of a layer."""
    is_csv = layer.path.lower().endswith(".csv")
    if layer.kind == "points" and is_csv and layer.coordinates is None:
        yield document.fault("csv_without_coordinates", (*path, "coordinates"), found=layer.path)
    elif layer.coordinates is not None and not (layer.kind == "points" and is_csv):
        yield document.fault("coordinates_only_for_csv", (*path, "coordinates"), found=layer.path)
    elif layer.kind in {"lines", "polygons"} and is_csv:
        yield document.fault("csv_holds_points_only", (*path, "kind"), found=layer.kind)
    if layer.kind == "raster":
        for key in ("table", "encoding"):
            if getattr(layer, key) is not None:
                yield document.fault("key_not_for_rasters", (*path, key), found=key)


SOURCES_FILE = "sources.csv"
