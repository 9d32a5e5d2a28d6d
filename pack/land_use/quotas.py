"""
Read what the land use map must add up to: farm land by district, built-up land and forest.

Built-up land is published for the province only. It is split among the districts by their
households, an assumption that the table of quotas names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from pack.land_use.model import FARM, Quotas, split_by_households

DISTRICT_STATISTICS = "district_statistics.csv"
PROVINCE_STATISTICS = "province_statistics.csv"
PROVINCE_FIGURES: Mapping[str, tuple[str, str]] = {
    "built_up": ("land_cover_2561", "built_up"),
    "forest": ("agriculture", "forest_area"),
}
"""Topic and item of the province's totals. Forest is the one that stands in the same list as the
farm land; the Land Development Department mapped 0.8 % more."""
FARM_COLUMNS: Mapping[str, str] = {name: f"{name}_rai" for name in FARM}


def read_province(out: Path) -> dict[str, float]:
    """
    Read how much built-up land and forest the province has.

    Parameters
    ----------
    out : Path
        Folder of the layers.

    Returns
    -------
    dict of str to float
        Rai by class.

    Raises
    ------
    LayerError
        With every figure that is absent or not a number.
    """
    table = files.read_csv(out / PROVINCE_STATISTICS)
    written = {(row["topic"], row["item"]): row["value"] for row in table if row["unit"] == "rai"}
    figures, faults = {}, []
    for name, (topic, item) in PROVINCE_FIGURES.items():
        figures[name] = _number(written.get((topic, item), ""))
        if math.isnan(figures[name]):
            faults.append(_missing(PROVINCE_STATISTICS, topic, item))
    raise_if_blocked(faults, LayerError)
    return figures


def read_quotas(out: Path, codes: list[str], built_up_rai: float) -> Quotas:
    """
    Read the farm quotas and split the built-up total among the districts.

    Parameters
    ----------
    out : Path
        Folder of the layers.
    codes : list of str
        Codes of the districts that need figures, in the order wanted.
    built_up_rai : float
        Built-up land of the province, in rai.

    Returns
    -------
    mapping of str to mapping of str to float
        Rai by class, by district code.

    Raises
    ------
    LayerError
        With every figure that is absent or not a number.
    """
    rows = {row["code"]: row for row in files.read_csv(out / DISTRICT_STATISTICS)}
    columns = {**FARM_COLUMNS, "households": "households"}
    figures = {
        code: {name: _number(rows.get(code, {}).get(col, "")) for name, col in columns.items()}
        for code in codes
    }
    faults = [
        _missing(DISTRICT_STATISTICS, code, columns[name])
        for code, row in figures.items()
        for name, value in row.items()
        if math.isnan(value)
    ]
    raise_if_blocked(faults, LayerError)
    households = {code: int(row.pop("households")) for code, row in figures.items()}
    built_up = split_by_households(built_up_rai, households)
    return {code: {**row, "built_up": built_up[code]} for code, row in figures.items()}


def _number(written: str | None) -> float:
    """Read a number; NaN if there is none."""
    try:
        return float(written or "nan")
    except ValueError:
        return math.nan


def _missing(file: str, row: str, column: str) -> Fault:
    return Fault(
        "quota_missing", file, key=f"{row}.{column}", values={"row": row, "column": column}
    )
