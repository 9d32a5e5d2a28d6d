"""What builders share that read the observed geodata of OpenStreetMap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis import files
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

AROUND_MAE_MO_M = 5000.0
"""How far around Mae Mo the source has every road."""

LEVELS: Mapping[str | None, int] = {"bridge": 1, "tunnel": -1}
"""Level of what `brunnel` says; all else is on the ground."""

_MAE_MO_PCODE = "TH5202"


def mae_mo_and_around(sources: Path) -> BaseGeometry:
    """Give Mae Mo district and `AROUND_MAE_MO_M` around it, in EPSG:32647."""
    districts = files.read_vector(sources / "reference" / "lampang_amphoe_codab.geojson")
    district = districts[districts["ADM2_PCODE"] == _MAE_MO_PCODE].to_crs(METRES)
    area: BaseGeometry = district.union_all().buffer(AROUND_MAE_MO_M)
    return area


def text_of(row: Mapping[Hashable, object], column: str) -> str | None:
    """Read a text; None where nothing is written."""
    value = row.get(column)
    return (value.strip() or None) if isinstance(value, str) else None


def names_of(row: Mapping[Hashable, object]) -> tuple[str | None, str | None]:
    """Read the one name of a source as a Thai or an English one, by its letters."""
    name = text_of(row, "name")
    if name is None:
        return None, None
    thai = any("\u0e00" <= letter <= "\u0e7f" for letter in name)
    return (name, None) if thai else (None, name)
