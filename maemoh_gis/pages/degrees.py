"""Features in WGS 84 degrees, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

DECIMALS = 5
"""Digits of a degree that a page keeps; 5 is about 1 m."""


def in_degrees(frame: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Bring the features of a layer to WGS 84 degrees and leave out those without a shape."""
    if frame.crs is None:
        raise LayerError(Fault("layer_without_crs", key=layer))
    there = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    return there.to_crs("EPSG:4326")


def rows_of(frame: gpd.GeoDataFrame) -> list[tuple[Mapping[str, Any], BaseGeometry]]:
    """Give the features of a frame as properties by column and shape."""
    names = [name for name in frame.columns if name != frame.geometry.name]
    rows = frame[names].itertuples(index=False, name=None) if names else [()] * len(frame)
    return [
        (dict(zip(names, row, strict=True)), shape)
        for row, shape in zip(rows, frame.geometry, strict=True)
    ]
