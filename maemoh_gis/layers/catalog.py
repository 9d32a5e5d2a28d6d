"""
The catalog: what each layer is, where it comes from, how far it can be trusted, where it is
complete.

What one entry may say stands in `entries`; here a file of them is read and checked as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from maemoh_gis.core.crs import datum_of, needs_operation, to_wgs84
from maemoh_gis.core.errors import FormatError, GridError, LayerError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import nearest, validate
from maemoh_gis.documents.yaml import Document, read_yaml
from maemoh_gis.layers.bundled import with_bundled
from maemoh_gis.layers.entries import (
    DRAWN,
    CatalogFile,
    CompleteWithin,
    Layer,
    Stack,
    entry_of,
)
from maemoh_gis.layers.stacks import Entries, Members, as_layer, members_of, stack_faults

FILE_NAME = "catalog.yaml"
SOURCES_FILE = "sources.csv"
_GREATEST_CODE = 255
"""Codes of classes are held in a byte; 0 is no data."""

T = TypeVar("T")
_Faults = tuple[Fault, ...]


@dataclass(frozen=True)
class Catalog:
    """A checked catalog and the folder it stands in."""

    folder: Path
    document: Document
    layers: Mapping[str, Layer]
    """Layers, and stacks as the one layer each is read as."""
    withheld: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    """Faults of the entries that cannot be used, by layer; they stop only who asks for one."""
    stacks: Mapping[str, Members] = field(default_factory=dict)
    """What each stack is read from."""
    folders: Mapping[str, Path] = field(default_factory=dict)
    """Where layers stand that come with the program; all others stand in the catalog's folder."""

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

    @property
    def with_files(self) -> tuple[str, ...]:
        """List the layers with a file of their own, in file order; stacks are left out."""
        return tuple(id for id in self.layers if id not in self.stacks)

    def has(self, id: str) -> bool:
        """Whether there is an entry for a layer, be it at fault."""
        return id in self.layers or id in self.withheld

    def only(self, ids: Iterable[str]) -> Catalog:
        """Keep some layers, members of stacks, and those in whose polygons they are complete."""
        wanted, waiting = set[str](), list(ids)
        while waiting:
            if (id := waiting.pop()) not in wanted:
                wanted.add(id)
                waiting += self.known_by(id)
                within = self.layers[id].complete_within if id in self.layers else None
                waiting += [within.layer] if isinstance(within, CompleteWithin) else []
        return replace(
            self,
            layers=_among(wanted, self.layers),
            withheld=_among(wanted, self.withheld),
            stacks=_among(wanted, self.stacks),
        )

    def near(self, id: str) -> str:
        """Name the layer that was most likely meant, or all of them."""
        return nearest(id, self.layers) or ", ".join(self.layers)

    def path_of(self, id: str) -> Path:
        """Give the file of a layer."""
        return self.folder_of(id) / self[id].path

    def folder_of(self, id: str) -> Path:
        """Give the folder of a layer; that of a stack is the one of its first member."""
        first = next(iter(self.read_from(id)), id)
        return self.folders.get(first, self.folder)

    def read_from(self, id: str) -> tuple[str, ...]:
        """List the layers with a file of their own from which a layer is read, the first first."""
        return self.stacks[id].read if id in self.stacks else (id,)

    def slopes_of(self, id: str) -> frozenset[str]:
        """List those of the layers it is read from that hold heights and are read as slope."""
        return self.stacks[id].slopes if id in self.stacks else frozenset()

    def known_by(self, id: str) -> tuple[str, ...]:
        """List the layers with a file of their own that decide what a layer holds."""
        return self.stacks[id].present if id in self.stacks else (id,)

    def require_one_file(self, id: str) -> None:
        """Refuse a stack that is read from several files or none, for those who want one."""
        if len(read := self.read_from(id)) != 1 or self.slopes_of(id):
            place = ("layers", id, "best_of")
            raise LayerError(
                self.document.fault("stack_not_one_file", place, found=", ".join(read) or "–")
            )

    def line_of(self, id: str) -> int | None:
        """Give the line where a layer is described."""
        return self.document.place(("layers", id)).line


def _among(wanted: set[str], entries: Mapping[str, T]) -> dict[str, T]:
    return {id: one for id, one in entries.items() if id in wanted}


def read_catalog(folder: Path, *, name: str | None = None, whole: bool = True) -> Catalog:
    """Read and check `catalog.yaml` of a layers folder."""
    document = read_yaml(folder / FILE_NAME, name=name or f"{folder.name}/{FILE_NAME}")
    return catalog_of(document, folder, whole=whole)


def catalog_of(document: Document, folder: Path, *, whole: bool = True) -> Catalog:
    """Check a catalog that is read, or not written yet, of the layers in a folder."""
    try:
        entries, withheld = dict(validate(CatalogFile, document).layers), dict[str, _Faults]()
    except FormatError as error:
        if whole:
            raise
        entries, withheld = _entries_apart(document, error.faults)
    entries, folders = with_bundled(document, entries, FILE_NAME)
    if whole:
        raise_if_blocked(entry_faults(entries, document), FormatError)
    else:
        _withhold_contradictory(entries, withheld, document)
    return described(folder, document, entries, withheld, folders)


def described(
    folder: Path,
    document: Document,
    entries: Entries,
    withheld: Mapping[str, _Faults] | None = None,
    folders: Mapping[str, Path] | None = None,
) -> Catalog:
    """Make a catalog of sound entries."""
    stacks = {id: members_of(id, entries) for id, one in entries.items() if isinstance(one, Stack)}
    layers = {
        id: as_layer(one, stacks[id], entries) if isinstance(one, Stack) else one
        for id, one in entries.items()
    }
    return Catalog(folder, document, layers, withheld or {}, stacks, folders or {})


def entry_faults(
    entries: Entries, document: Document, ids: Iterable[str] | None = None
) -> Iterator[Fault]:
    """Find what each key of an entry allows but the whole does not, in all entries or in some."""
    for id in entries if ids is None else ids:
        if isinstance(one := entries[id], Stack):
            yield from stack_faults(id, entries, document)
            layer = as_layer(one, members_of(id, entries), entries)
            yield from _draw_faults(layer, ("layers", id), document)
        else:
            yield from contradictions(id, entries, document)


def _entries_apart(
    document: Document, faults: tuple[Fault, ...]
) -> tuple[dict[str, Layer | Stack], dict[str, _Faults]]:
    """Tell sound entries from those at fault; what belongs to no entry is raised."""
    entries = document.data.get("layers") if isinstance(document.data, dict) else None
    named = entries if isinstance(entries, dict) else {}
    of = {id: tuple(f for f in faults if f"{f.key}.".startswith(f"layers.{id}.")) for id in named}
    theirs = [fault for found in of.values() for fault in found]
    if rest := [fault for fault in faults if fault not in theirs]:
        raise FormatError(rest)
    sound = {id: entry_of(entry) for id, entry in named.items() if not of[id]}
    return sound, {id: found for id, found in of.items() if found}


def _withhold_contradictory(
    entries: dict[str, Layer | Stack], withheld: dict[str, _Faults], document: Document
) -> None:
    """Move entries that contradict themselves to those withheld, and what rests on them."""
    before = -1
    while before != len(withheld):
        before = len(withheld)
        for id in list(entries):
            found = [f for f in entry_faults(entries, document, [id]) if f.blocks]
            found = [
                known
                for fault in found
                for known in (
                    withheld.get(fault.found or "", (fault,))
                    if fault.code == "unknown_layer"
                    else (fault,)
                )
            ]
            if isinstance(one := entries[id], Stack):
                lost = [fault for name in one.named for fault in withheld.get(name, ())]
                found = lost or found
            if found:
                withheld[id] = tuple(found)
                del entries[id]


def _draw_faults(layer: Layer, path: tuple[str, str], document: Document) -> Iterator[Fault]:
    """Find what maps could not draw: rasters and tables, columns the entry does not describe."""
    if layer.draw is None:
        return
    if layer.kind not in DRAWN:
        yield document.fault(
            "draw_needs_features", (*path, "draw"), found=layer.kind, expected=" / ".join(DRAWN)
        )
    shown = [("columns", name) for name in layer.draw.columns]
    shown += [("label", layer.draw.label)] if layer.draw.label else []
    lost = [one for one in shown if not {one[1], f"{one[1]}_th"} & set(layer.columns)]
    # What is shown may be written in both languages; what is looked for stands in one column.
    lost += [("where", name) for name in layer.draw.where if name not in layer.columns]
    for key, name in lost:
        near = nearest(name, layer.columns) or ", ".join(layer.columns)
        yield document.fault("unknown_column", (*path, "draw", key), found=name, expected=near)


def contradictions(id: str, layers: Entries, document: Document) -> Iterator[Fault]:
    """Find what each key of a layer allows but the whole does not."""
    layer = layers[id]
    assert isinstance(layer, Layer)
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
