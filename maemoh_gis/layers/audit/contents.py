"""
What can be wrong with the content of layers, each by itself and one beside another.

The audit tells all of it; a run and its checks refuse what blocks (`gate`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import checksum_of, open_raster
from maemoh_gis.layers.audit import areas, geometry, network
from maemoh_gis.layers.audit import raster as rasters
from maemoh_gis.layers.audit import table as tables
from maemoh_gis.layers.audit.catalog import NOT_STATED
from maemoh_gis.layers.audit.subject import DISTRICTS, RAILWAY, STATIONS, SUBDISTRICTS, Subject
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.entries import CompleteWithin
from maemoh_gis.layers.features import SHAPES, features_of, of_kind
from maemoh_gis.layers.tables import few, read_texts, schemas_of, table_faults, text_faults

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_NO_HELP = {"not_a_vector_file", "not_a_raster", "file_unreadable"}
"""Faults with a driver's own words, which differ from version to version and help nobody here."""
_NETWORK_COLUMNS = {"from_node", "to_node"}


def layer_faults(catalog: Catalog, id: str, frames: dict[str, gpd.GeoDataFrame]) -> Iterator[Fault]:
    """Check one layer by itself; of a stack each member is checked as its own entry."""
    if id in catalog.stacks:
        _take_frame(catalog, id, frames)
    else:
        yield from _faults_of_layer(catalog, id, frames)


def _faults_of_layer(
    catalog: Catalog, id: str, frames: dict[str, gpd.GeoDataFrame]
) -> Iterator[Fault]:
    subject = Subject(id, catalog[id], catalog.document)
    layer, path = subject.layer, catalog.path_of(id)
    yield from _completeness_faults(catalog, subject)
    try:
        found = checksum_of(path, inside=catalog.folder_of(id))
    except FileError as error:
        (fault,) = error.faults
        if fault.code == "file_missing":
            yield subject.fault("layer_file_absent", "path", found=layer.path)
        else:
            yield subject.fault(fault.code, "path", found=fault.found)
        return
    if layer.sha256 not in (found, NOT_STATED):
        yield subject.fault(
            "checksum_differs", "sha256", found=found[:12], expected=layer.sha256[:12]
        )
    try:
        if layer.kind == "raster":
            yield from _raster_faults(subject, path)
        elif layer.kind == "table":
            yield from _table_faults(catalog, subject, path)
        else:
            yield from _vector_faults(catalog, subject, frames)
    except FileError as error:
        for fault in error.faults:
            if fault.code in _NO_HELP:
                yield subject.fault(
                    "layer_unreadable", "path", found=layer.path, expected=layer.kind
                )
            elif fault.line is None:
                place = catalog.document.place(("layers", id, "path"))
                yield replace(fault, file=place.file, line=place.line, key=id)
            else:
                yield in_its_file(fault, catalog, id)


def _take_frame(catalog: Catalog, id: str, frames: dict[str, gpd.GeoDataFrame]) -> None:
    """Set the features a stack is read from beside other layers."""
    for taken in catalog.read_from(id):
        if catalog[id].kind in SHAPES and taken not in frames:
            list(layer_faults(catalog, taken, frames))
        if taken in frames:
            frames[id] = frames[taken]


def feature_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Check features that are not in a file yet, in the CRS of the layer they are to be."""
    if frame.empty:
        yield subject.fault("layer_empty", "path", found=subject.layer.path)
        return
    shapes = of_kind(np.asarray(frame.geometry.array, dtype=object), subject.layer.kind)
    flat = frame.set_geometry(shapes).set_crs(str(subject.layer.crs), allow_override=True)
    yield from geometry.place_faults(subject, flat.crs, geometry.usable(flat))
    yield from geometry.shape_faults(subject, flat)
    yield from tables.value_faults(subject, flat.drop(columns=flat.geometry.name))


def in_its_file(fault: Fault, catalog: Catalog, id: str) -> Fault:
    """Name the file of a layer as the user knows it, and the layer before the column."""
    key = ".".join([id, *([fault.key] if fault.key else [])])
    return replace(fault, file=f"{catalog.folder_of(id).name}/{catalog[id].path}", key=key)


def _completeness_faults(catalog: Catalog, subject: Subject) -> Iterator[Fault]:
    """Check that the polygons a layer is complete in have the columns it names."""
    within = subject.layer.complete_within
    if isinstance(within, CompleteWithin) and within.layer in catalog.layers:
        for column in within.where:
            if column not in catalog[within.layer].columns:
                yield subject.fault(
                    "unknown_column",
                    "complete_within",
                    "where",
                    column,
                    found=column,
                    expected=", ".join(catalog[within.layer].columns),
                )


def _raster_faults(subject: Subject, path: Path) -> Iterator[Fault]:
    with open_raster(path) as dataset:
        box = rasters.footprint(dataset, subject.layer.crs)
        yield from geometry.place_faults(subject, dataset.crs, box)
        yield from rasters.raster_faults(subject, dataset)


def _table_faults(catalog: Catalog, subject: Subject, path: Path) -> Iterator[Fault]:
    import pandas as pd

    read = read_texts(path, subject.layer.encoding)
    if not read.rows:
        yield subject.fault("layer_empty", "path", found=subject.layer.path)
        return
    table = pd.DataFrame([row for _, row in read.rows])
    yield from tables.column_faults(subject, list(table.columns))
    yield from tables.value_faults(subject, table)
    yield from tables.known_faults(subject, table)
    wrong = [*text_faults(read)]
    for schema in schemas_of(subject.id, read.header):
        wrong += table_faults(read, schema)
    told = {(f.line, f.key, f.code): f for f in wrong}
    for fault in few(told.values()):
        yield in_its_file(fault, catalog, subject.id)


def _vector_faults(
    catalog: Catalog, subject: Subject, frames: dict[str, gpd.GeoDataFrame]
) -> Iterator[Fault]:
    received, frame = features_of(catalog, subject.id)
    if frame.empty:
        yield subject.fault("layer_empty", "path", found=subject.layer.path)
        return
    placed = frame if frame.crs is not None else frame.set_crs(str(subject.layer.crs))
    measurable = geometry.usable(placed)
    misplaced = list(geometry.place_faults(subject, frame.crs, measurable))
    yield from misplaced
    yield from geometry.received_faults(subject, received)
    yield from geometry.shape_faults(subject, placed)
    table: pd.DataFrame = frame.drop(columns=frame.geometry.name)
    yield from tables.column_faults(subject, list(table.columns))
    yield from tables.value_faults(subject, table)
    yield from tables.known_faults(subject, table)
    if subject.layer.kind != "lines":
        yield from tables.name_faults(subject, table)
    if any(fault.blocks for fault in misplaced):
        return  # lengths and areas of features in the wrong place say nothing
    yield from network.reading_faults(subject, placed)
    if set(table.columns) >= _NETWORK_COLUMNS:
        yield from network.network_faults(subject, measurable)
    frames[subject.id] = measurable


def faults_between(catalog: Catalog, frames: dict[str, gpd.GeoDataFrame]) -> Iterator[Fault]:
    """Check what layers are for: areas that fill the province, a line, stations on it."""

    def subject(id: str) -> Subject:
        return Subject(id, catalog[id], catalog.document)

    for id in (DISTRICTS, SUBDISTRICTS):
        if id in frames:
            yield from areas.coverage_faults(subject(id), frames[id])
            yield from areas.published_area_faults(subject(id), frames[id])
    if DISTRICTS in frames and SUBDISTRICTS in frames:
        yield from areas.part_faults(subject(SUBDISTRICTS), frames[SUBDISTRICTS], frames[DISTRICTS])
    if RAILWAY in frames:
        yield from network.line_faults(subject(RAILWAY), frames[RAILWAY])
    if RAILWAY in frames and STATIONS in frames:
        yield from network.station_faults(subject(STATIONS), frames[STATIONS], frames[RAILWAY])
