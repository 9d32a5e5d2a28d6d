"""
Points and areas that several themes of the pack share.

The fact tables call confidence high, medium and low, give a place as two columns of text and carry
remarks for their own keepers; the pack keeps the place, the grade and what a planner can use.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from maemoh_gis import files
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

NEAR_PROVINCE_M = 30_000.0
"""How far outside the province a feature can still bear on a site inside it."""

_GRADES = {"high": "H", "medium": "M", "low": "L", "H": "H", "M": "M", "L": "L"}


def confidence_grade(written: str) -> str:
    """Give the one-letter grade of a confidence written as a word; KeyError if it is none."""
    return _GRADES[written]


def points_from(
    rows: Sequence[Mapping[str, str]], attributes: Sequence[Mapping[str, object]]
) -> gpd.GeoDataFrame:
    """
    Place attributes at the positions of a fact table.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the fact table; `lon` and `lat` are WGS 84 degrees.
    attributes : sequence of mapping
        What the pack says of each row, in the same order and with the same keys.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326 in the order of the rows.
    """
    places = [shapely.Point(float(row["lon"]), float(row["lat"])) for row in rows]
    return gpd.GeoDataFrame(list(attributes), geometry=places, crs="EPSG:4326")


def province_outline(sources: Path) -> BaseGeometry:
    """
    Give the outline of Lampang province, in EPSG:32647, metres.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    """
    districts = files.read_vector(sources / "reference" / "lampang_amphoe_codab.geojson")
    outline: BaseGeometry = districts.to_crs(METRES).union_all()
    return outline


def near_province(sources: Path) -> BaseGeometry:
    """Give the province and `NEAR_PROVINCE_M` around it, in EPSG:32647, metres."""
    # The margin need not follow every bend of the border: 200 m of 30 km.
    near: BaseGeometry = province_outline(sources).simplify(200.0).buffer(NEAR_PROVINCE_M)
    return near


def number_before(unit: str, text: str) -> float | None:
    """
    Find the first number that stands before a unit in a remark.

    Parameters
    ----------
    unit : str
        The unit, such as `km2`.
    text : str
        The remark.

    Returns
    -------
    float or None
        The number, or None if there is none.

    Examples
    --------
    >>> number_before("km2", "1,214 km2 = 758,750 rai")
    1214.0
    """
    found = re.search(r"([\d,]*\d(?:\.\d+)?)\s*" + re.escape(unit) + r"\b", text)
    return float(found[1].replace(",", "")) if found else None


def subdistrict_names(out: Path) -> dict[str, dict[str, str]]:
    """
    Read codes and names of the subdistricts, as text, by subdistrict code.

    Parameters
    ----------
    out : Path
        Folder of the layers.
    """
    frame = files.read_vector(out / "subdistricts.geojson").drop(columns="geometry")
    rows = ({str(k): str(v) for k, v in row.items()} for _, row in frame.iterrows())
    return {row["code"]: row for row in rows}
