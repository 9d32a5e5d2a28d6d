"""GeoPackages that bring their looks along: QGIS takes the style of a layer from its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from maemoh_gis.files import write_geopackage
from maemoh_gis.handover.handed import Handed
from maemoh_gis.handover.styles import qml

STYLES = "layer_styles"
"""Table in which QGIS looks for the style of a layer."""
_NO_TIME = "2000-01-01T00:00:00.000Z"


def write_with_styles(path: Path, layers: Sequence[Handed]) -> None:
    """Write layers into one file, each with title, credit and style."""
    frames: dict[str, pd.DataFrame] = {one.id: one.frame for one in layers}
    about = {one.id: {"IDENTIFIER": one.title, "DESCRIPTION": credit(one)} for one in layers}
    write_geopackage(path, frames | {STYLES: _styles(layers)}, about)


def credit(layer: Handed) -> str:
    """Say where a layer comes from, under which licence, how sure it is, what to beware of."""
    return f"{layer.source} | {layer.licence} | {layer.confidence} | {layer.caution}"


def _styles(layers: Sequence[Handed]) -> pd.DataFrame:
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": one.id,
            "f_geometry_column": "geom",
            "styleName": one.title,
            "styleQML": qml(one),
            "styleSLD": "",
            "useAsDefault": True,
            "description": one.title,
            "owner": "",
            "ui": "",
            "update_time": _NO_TIME,
        }
        for one in layers
    ]
    return pd.DataFrame(rows)
