"""Features in WGS 84 degrees, one by one, and as little text as a page can read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import FloatArray

DECIMALS = 5
"""Digits of a degree that a page keeps; 5 is about 1 m."""
_MOST_LETTERS = 6
"""Of five bits each: a step over half the earth, with its sign, has 26."""


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


def packed_shapes(shapes: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    """
    Give shapes as GeoJSON in which each line of points is one text, a quarter of its numbers' room.

    Parameters
    ----------
    shapes : sequence of geometry
        In WGS 84 degrees, kept to `DECIMALS` digits.

    References
    ----------
    Encoded Polyline Algorithm Format, Google Maps Platform; here longitude comes first, as in
    GeoJSON.
    """
    lines: list[FloatArray] = []
    described = [_described(shape, lines) for shape in shapes]
    texts = iter(_polylines(lines))
    return [_filled(one, texts) for one in described]


def _described(shape: BaseGeometry, lines: list[FloatArray]) -> dict[str, Any]:
    """Describe a shape, adding its lines of points, which `_filled` meets in the same order."""
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    if shape.geom_type == "GeometryCollection":
        return {"type": shape.geom_type, "geometries": [_described(p, lines) for p in parts]}
    counts = []
    for part in parts:
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        counts.append(len(rings))
        lines.extend(shapely.get_coordinates(ring) for ring in rings)
    return {"type": shape.geom_type, "counts": counts}


def _filled(described: Mapping[str, Any], texts: Iterator[str]) -> dict[str, Any]:
    """Put the texts where GeoJSON has lines of points."""
    kind = described["type"]
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_filled(p, texts) for p in described["geometries"]]}
    parts: list[Any] = [[next(texts) for _ in range(n)] for n in described["counts"]]
    if not kind.endswith("Polygon"):
        parts = [text for part in parts for text in part]
    return {"type": kind, "packed": parts if kind.startswith("Multi") else next(iter(parts), "")}


def _polylines(lines: Sequence[FloatArray]) -> list[str]:
    """Write lines of points (points, 2) as steps from point to point, five bits a letter."""
    if not lines:
        return []
    places = np.rint(np.concatenate(lines) * 10**DECIMALS).astype(np.int64)
    sizes = [len(line) for line in lines]
    steps = np.diff(places, axis=0, prepend=0)
    firsts = np.cumsum([0, *sizes[:-1]])
    steps[firsts] = places[firsts]
    folded = np.where(steps >= 0, 2 * steps, -2 * steps - 1).ravel()
    parts = folded[:, None] >> (5 * np.arange(_MOST_LETTERS))
    used = parts > 0
    used[:, 0] = True
    more = np.pad(used[:, 1:], ((0, 0), (0, 1)))
    text = ((parts & 31) + 32 * more + 63)[used].astype(np.uint8).tobytes().decode("ascii")
    ends = np.cumsum(used.sum(axis=1))[2 * np.cumsum(sizes) - 1].tolist()
    return [text[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
