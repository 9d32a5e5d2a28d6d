"""How much of a layer a page holds: a large one is generalised, too many features left out."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import shapely

from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.core.units import number
from maemoh_gis.pages.content import ContextLayer

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.pages.wording import Wording

MOST_POINTS = 40_000
"""Corners of all shapes of a layer, about a megabyte on the page."""
MOST_FEATURES = 4_000
"""More would stop a phone, whatever their shapes."""
TOLERANCES_M = (10, 30, 100, 300, 1_000)
"""How far generalised lines may lie from the layer's, tried in turn."""

_METRES_PER_DEGREE = 111_000


def lighter(layer: ContextLayer, wording: Wording) -> ContextLayer:
    """Bring a layer to what a page can hold."""
    frame = layer.lonlat
    if len(frame) > MOST_FEATURES:
        return _left_out(layer, frame, wording)
    if _points(frame) <= MOST_POINTS:
        return layer
    for tolerance_m in TOLERANCES_M:
        # On the ground a degree of longitude is shorter, so this generalises less than allowed.
        drawn = frame.set_geometry(frame.geometry.simplify(tolerance_m / _METRES_PER_DEGREE))
        if _points(drawn) <= MOST_POINTS:
            said = wording("layer_generalised", metres=number(tolerance_m))
            return dataclasses.replace(layer, frame=drawn, caution=_joined(layer.caution, said))
    return _left_out(layer, frame, wording)


def _points(frame: gpd.GeoDataFrame) -> int:
    return int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())


def _left_out(layer: ContextLayer, frame: gpd.GeoDataFrame, wording: Wording) -> ContextLayer:
    said = wording("layer_left_out", n=number(len(frame)), points=number(_points(frame)))
    return dataclasses.replace(
        layer, frame=frame.iloc[:0], caution=_joined(layer.caution, said), shown=False
    )


def _joined(caution: Text, said: Text) -> Text:
    return {code: f"{said[code]} {caution[code]}" for code in LANGUAGES}
