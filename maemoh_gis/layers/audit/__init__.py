"""
The audit: every defect of a catalog and of its files, all at once.

It never stops at a fault and never mends one. What blocks would make a result wrong or a run
impossible; what warns must be looked at; what is noted is for information, such as a polygon whose
area is not the published one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.errors import Fault, FileError
from maemoh_gis.files import open_raster, read_csv, read_vector, sha256_of
from maemoh_gis.layers.audit import areas as areas
from maemoh_gis.layers.audit import geometry as geometry
from maemoh_gis.layers.audit import network as network
from maemoh_gis.layers.audit import raster as rasters
from maemoh_gis.layers.audit import table as tables
from maemoh_gis.layers.audit.catalog import NOT_STATED, read_for_audit
from maemoh_gis.layers.audit.subject import (
    DISTRICTS,
    RAILWAY,
    ROAD_CHECK,
    STATIONS,
    SUBDISTRICTS,
    Subject,
)
from maemoh_gis.layers.catalog import FILE_NAME, Catalog, CompleteWithin
from maemoh_gis.layers.pack.rebuild import SOURCES_FILE

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_NETWORK_COLUMNS = {"from_node", "to_node"}
_ROAD_REMARKS = {
    "agrees": "road_distance_agrees",
    "printed_value_rejected": "road_distance_printed_value_rejected",
    "printed_shorter_than_straight_line": "road_distance_printed_shorter_than_straight_line",
    "direct_road_missing": "road_distance_direct_road_missing",
}


@dataclass(frozen=True)
class Report:
    """What an audit found."""

    folder: str
    """Folder of the layers, as the user named it."""
    layers: int
    """How many layers the catalog describes."""
    findings: tuple[Fault, ...]
    """Everything found, in the order of the catalog."""

    @property
    def counts(self) -> dict[str, int]:
        """Number of findings by severity."""
        found = [fault.severity for fault in self.findings]
        return {kind: found.count(kind) for kind in ("blocks", "warns", "notes")}

    @property
    def blocks(self) -> bool:
        """True if the layers cannot be used as they are."""
        return any(fault.blocks for fault in self.findings)


def audit_folder(folder: Path) -> Report:
    """
    Audit a folder of layers, faulty catalog included.

    Parameters
    ----------
    folder : Path
        Folder that holds `catalog.yaml` and the files it describes.

    Returns
    -------
    Report
        Everything found.

    Raises
    ------
    FormatError
        If the catalog is not YAML, so that nothing can be looked up in it.
    FileError
        If there is no catalog.
    """
    catalog, faults = read_for_audit(folder)
    return _report(catalog, faults)


def audit(catalog: Catalog) -> Report:
    """
    Audit the files of a sound catalog.

    Parameters
    ----------
    catalog : Catalog
        What the layers are said to be.

    Returns
    -------
    Report
        Everything found.
    """
    return _report(catalog, [])


def _report(catalog: Catalog, faults: list[Fault]) -> Report:
    found = [*faults]
    frames: dict[str, gpd.GeoDataFrame] = {}
    for id in catalog:
        found += _layer_faults(catalog, id, frames)
    found += _faults_between(catalog, frames)
    found.sort(key=lambda fault: fault.line or 0)
    found += _strangers(catalog)
    entries = catalog.document.data["layers"]
    return Report(str(catalog.folder), len(entries), tuple(found))


def _layer_faults(
    catalog: Catalog, id: str, frames: dict[str, gpd.GeoDataFrame]
) -> Iterator[Fault]:
    """Check one layer by itself; what can be measured goes into `frames`."""
    subject = Subject(id, catalog[id], catalog.document)
    layer, path = subject.layer, catalog.path_of(id)
    yield from _completeness_faults(catalog, subject)
    try:
        found = sha256_of(path)
    except FileError:
        yield subject.fault("layer_file_absent", "path", found=layer.path)
        return
    if layer.sha256 not in (found, NOT_STATED):
        yield subject.fault(
            "checksum_differs", "sha256", found=found[:12], expected=layer.sha256[:12]
        )
    try:
        if layer.kind == "raster":
            yield from _raster_faults(subject, path)
        elif layer.kind == "table":
            yield from _table_faults(subject, path)
        else:
            yield from _vector_faults(subject, path, frames)
    except FileError:
        # The driver's own words differ from version to version and help nobody here.
        yield subject.fault("layer_unreadable", "path", found=layer.path, expected=layer.kind)


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


def _table_faults(subject: Subject, path: Path) -> Iterator[Fault]:
    import pandas as pd

    rows = read_csv(path)
    if not rows:
        yield subject.fault("layer_empty", "path", found=subject.layer.path)
        return
    table = pd.DataFrame(rows)
    yield from tables.column_faults(subject, list(table.columns))
    yield from tables.value_faults(subject, table)


def _vector_faults(
    subject: Subject, path: Path, frames: dict[str, gpd.GeoDataFrame]
) -> Iterator[Fault]:
    frame = read_vector(path)
    if frame.empty:
        yield subject.fault("layer_empty", "path", found=subject.layer.path)
        return
    placed = frame if frame.crs is not None else frame.set_crs(str(subject.layer.crs))
    measurable = geometry.usable(placed)
    misplaced = list(geometry.place_faults(subject, frame.crs, measurable))
    yield from misplaced
    yield from geometry.shape_faults(subject, placed)
    table: pd.DataFrame = frame.drop(columns=frame.geometry.name)
    yield from tables.column_faults(subject, list(table.columns))
    yield from tables.value_faults(subject, table)
    if subject.layer.kind != "lines":
        yield from tables.name_faults(subject, table)
    if any(fault.blocks for fault in misplaced):
        return  # lengths and areas of features in the wrong place say nothing
    if set(table.columns) >= _NETWORK_COLUMNS:
        yield from network.network_faults(subject, measurable)
    frames[subject.id] = measurable


def _faults_between(catalog: Catalog, frames: dict[str, gpd.GeoDataFrame]) -> Iterator[Fault]:
    """Check what a layer is for: areas that fill the province, a line, stations on it."""

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
    if ROAD_CHECK in catalog.layers and catalog.path_of(ROAD_CHECK).is_file():
        yield from _road_notes(subject(ROAD_CHECK), catalog.path_of(ROAD_CHECK))


def _road_notes(subject: Subject, path: Path) -> Iterator[Fault]:
    """Set the distance to each district seat on the network beside the printed one."""
    for row in read_csv(path):
        yield subject.fault(
            _ROAD_REMARKS.get(row.get("remark", ""), "road_distance_unexplained"),
            severity="notes",
            values={
                "name": f"{row.get('name_th')} / {row.get('name_en')}",
                "network": row.get("network_km"),
                "printed": row.get("printed_km"),
                "straight": row.get("straight_km"),
                "percent": row.get("difference_percent"),
            },
        )


def _strangers(catalog: Catalog) -> Iterator[Fault]:
    """Find files that no entry describes: nobody knows their licence."""
    described = {layer.get("path") for layer in catalog.document.data["layers"].values()
                 if isinstance(layer, dict)}  # fmt: skip
    described |= {FILE_NAME, SOURCES_FILE}
    for path in sorted(catalog.folder.iterdir()):
        is_data = path.is_file() and path.suffix != ".md" and not path.name.startswith(".")
        if is_data and path.name not in described:
            yield Fault(
                "file_not_described",
                f"{catalog.folder.name}/{path.name}",
                severity="warns",
                expected=catalog.document.file,
            )
