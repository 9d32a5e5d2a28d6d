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

import numpy as np

from maemoh_gis.core.faults import Fault
from maemoh_gis.files import parts_of, read_csv
from maemoh_gis.layers.audit.catalog import read_for_audit
from maemoh_gis.layers.audit.contents import faults_between, layer_faults
from maemoh_gis.layers.audit.subject import ROAD_CHECK, Subject
from maemoh_gis.layers.catalog import FILE_NAME, SOURCES_FILE, Catalog

if TYPE_CHECKING:
    import geopandas as gpd

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
    """Audit a folder of layers, faulty catalog included."""
    catalog, faults = read_for_audit(folder)
    return _report(catalog, faults)


# Damaged numbers are told as faults; they need not be warned of besides.
@np.errstate(over="ignore", invalid="ignore")
def _report(catalog: Catalog, faults: list[Fault]) -> Report:
    found = [*faults]
    frames: dict[str, gpd.GeoDataFrame] = {}
    for id in catalog:
        found += layer_faults(catalog, id, frames)
    found += faults_between(catalog, frames)
    if ROAD_CHECK in catalog.layers and catalog.path_of(ROAD_CHECK).is_file():
        found += _road_notes(
            Subject(ROAD_CHECK, catalog[ROAD_CHECK], catalog.document), catalog.path_of(ROAD_CHECK)
        )
    found.sort(key=lambda fault: _line_in_catalog(fault, catalog))
    found += _strangers(catalog)
    entries = catalog.document.data["layers"]
    return Report(str(catalog.folder), len(entries), tuple(found))


def _line_in_catalog(fault: Fault, catalog: Catalog) -> int:
    """Say where in the catalog the layer of a fault is described, also where its file is blamed."""
    if fault.file == catalog.document.file:
        return fault.line or 0
    id = (fault.key or "").split(".")[0]
    return (catalog.line_of(id) or 0) if id in catalog.layers else 0


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
    # An entry that is faulty itself may hold anything.
    entries = [
        layer for layer in catalog.document.data["layers"].values() if isinstance(layer, dict)
    ]
    described = {layer["path"] for layer in entries if isinstance(layer.get("path"), str)}
    parts = [part for id in catalog for part in parts_of(catalog.path_of(id))]
    described |= {FILE_NAME, SOURCES_FILE, *(part.name for part in parts)}
    for path in sorted(catalog.folder.iterdir()):
        is_data = path.is_file() and path.suffix != ".md" and not path.name.startswith(".")
        if is_data and path.name not in described:
            yield Fault(
                "file_not_described",
                f"{catalog.folder.name}/{path.name}",
                severity="warns",
                expected=catalog.document.file,
            )
