"""What a check of the audit needs to know about a layer to say where a defect is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.faults import Fault, Severity
from maemoh_gis.documents.yaml import Document
from maemoh_gis.layers.entries import Layer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

DISTRICTS, SUBDISTRICTS = "districts", "subdistricts"
RAILWAY, STATIONS = "railway", "stations"
ROAD_CHECK = "road_distance_check"
"""Layers whose content the audit compares with one another; everything else goes by kind."""

METRES = "EPSG:32647"
"""Lengths and areas are measured in this CRS, in which everything at Mae Moh is computed."""


@dataclass(frozen=True)
class Subject:
    """A layer under audit."""

    id: str
    layer: Layer
    document: Document
    """The catalog it is described in."""

    def fault(self, code: str, *below: str, severity: Severity = "blocks", **more: Any) -> Fault:
        """Make a fault of this layer."""
        place = self.document.place(("layers", self.id, *below))
        return Fault(code, place.file, place.line, self.id, severity=severity, **more)

    def of_features(
        self,
        code: str,
        bad: ArrayLike,
        *below: str,
        severity: Severity = "blocks",
        values: Mapping[str, object] | None = None,
        **more: Any,
    ) -> list[Fault]:
        """
        Make one fault of all features that share a defect; nothing if no feature is at fault.

        The sentence of its `code` names `{n}` of `{m}` and the `{first}`; `below` are the keys
        below the layer's own whose line is to be named, `more` further fields of the fault.
        """
        at = np.flatnonzero(np.asarray(bad, dtype=bool))
        if not at.size:
            return []
        counted = {"n": at.size, "m": np.size(bad), "first": int(at[0]) + 1, **(values or {})}
        return [self.fault(code, *below, severity=severity, values=counted, **more)]


def place_of(lon: float, lat: float) -> str:
    """Write a WGS 84 place as `lat,lon`, the order of `--at`."""
    return f"{lat:.5f},{lon:.5f}"


def name_of(feature: Mapping[Any, Any], number: int) -> str:
    """Name a feature in both languages, or by its number where it has no name."""
    names = [feature.get("name_th"), feature.get("name_en")]
    known = [name for name in names if isinstance(name, str) and name.strip()]
    return " / ".join(known) or f"#{number}"


def rai(area_rai: float) -> str:
    """Write an area in rai, with decimals only where it is small."""
    return f"{area_rai:,.0f}" if area_rai >= 100 else f"{area_rai:,.2f}"


def listed(found: Iterable[object], most: int = 5) -> str:
    """Write at most `most` values, and how many more there are."""
    values = [str(value) for value in found]
    more = f" … (+{len(values) - most})" if len(values) > most else ""
    return ", ".join(values[:most]) + more
