"""Checks of where features are and whether their shapes can be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.audit.subject import METRES, Subject, listed, place_of
from maemoh_gis.layers.features import SHAPES, given_twice, has_other_parts

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from maemoh_gis.core.types import BoolArray

LAMPANG = (98.87, 17.20, 100.13, 19.42)
"""Box round the province: west, south, east, north in degrees."""
REACH_M = 120_000.0
"""How far from the province a layer for screening reaches at most."""
THAILAND = (97.3, 5.5, 105.7, 20.5)
REGION = (92.0, 0.0, 115.0, 30.0)
"""Mainland South-East Asia and the ports that freight of Lampang goes through."""


def place_faults(subject: Subject, found: Any, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """
    Check the CRS of a file, and where its features are if that is right.

    What follows from a wrong CRS is no defect of its own. A raster comes as one box.
    """
    faults = list(crs_faults(subject, found))
    yield from faults
    if not any(fault.blocks for fault in faults):
        yield from extent_faults(subject, frame)


def crs_faults(subject: Subject, found: Any) -> Iterator[Fault]:
    """Compare the CRS of a file with that of the catalog."""
    from pyproj import CRS

    layer = subject.layer
    if layer.crs is None:
        return  # the catalog's own fault
    if found is None:
        yield subject.fault("crs_not_in_file", "crs", severity="warns", expected=layer.crs)
    elif not CRS(found).to_2d().equals(CRS(layer.crs).to_2d(), ignore_axis_order=True):
        yield subject.fault("crs_differs", "crs", found=_crs_name(CRS(found)), expected=layer.crs)


def _crs_name(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else str(crs.name)


def extent_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """
    Look for swapped axes and for features far from the province.

    A datum shift of a few hundred metres changes nothing here.
    """
    if frame.empty:
        return
    lonlat = frame.to_crs("EPSG:4326").geometry
    shapes = np.asarray(lonlat.array, dtype=object)
    outside = ~_inside(shapes, REGION)
    turned = shapely.transform(np.asarray(frame.geometry.array, dtype=object), _swapped)
    import geopandas as gpd

    back = gpd.GeoSeries(turned, crs=frame.crs).to_crs("EPSG:4326")
    swapped = outside & _inside(np.asarray(back.array, dtype=object), THAILAND)
    yield from subject.of_features("axes_swapped", swapped, values=_first_place(shapes, swapped))
    lost = outside & ~swapped
    yield from subject.of_features("outside_region", lost, values=_first_place(shapes, lost))
    far = ~outside & _far(lonlat)
    yield from subject.of_features(
        "far_from_lampang",
        far,
        severity="notes" if subject.layer.kind == "points" else "warns",
        values={**_first_place(shapes, far), "km": f"{REACH_M / 1000:g}"},
    )


def shape_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Look for features without geometry, of another kind, or invalid."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    yield from subject.of_features("geometry_missing", missing)
    kinds = np.array([shape.geom_type if shape is not None else "" for shape in shapes])
    other = ~missing & ~np.isin(kinds, sorted(SHAPES[subject.layer.kind]))
    yield from subject.of_features(
        "geometry_kind",
        other,
        "kind",
        found=listed(sorted(set(kinds[other]))),
        expected=subject.layer.kind,
    )
    invalid = ~missing & ~shapely.is_valid(shapes)
    if invalid.any():
        reason = str(shapely.is_valid_reason(shapes[np.flatnonzero(invalid)[0]]))
        yield from subject.of_features("geometry_invalid", invalid, found=_readable(reason))


def received_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Tell what of a file is read otherwise than it is written."""
    yield from subject.of_features("feature_twice", given_twice(frame), severity="warns")
    shapes = np.asarray(frame.geometry.array, dtype=object)
    mixed = has_other_parts(shapes, subject.layer.kind)
    yield from subject.of_features(
        "parts_left_out", mixed, "kind", severity="warns", expected=subject.layer.kind
    )


def usable(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the features that further checks can measure."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    good = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    good &= np.isfinite(shapely.bounds(shapes)).all(axis=1)
    kept: gpd.GeoDataFrame = frame[good]
    return kept


def _inside(shapes: np.ndarray, box: tuple[float, float, float, float]) -> BoolArray:
    """Say which shapes lie wholly inside a box; what projects to nowhere does not."""
    west, south, east, north = shapely.bounds(shapes).T
    with np.errstate(invalid="ignore"):
        inside = (west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3])
    return np.asarray(inside, dtype=bool)


def _far(lonlat: gpd.GeoSeries) -> BoolArray:
    import geopandas as gpd

    home = gpd.GeoSeries([shapely.box(*LAMPANG)], crs="EPSG:4326").to_crs(METRES).iloc[0]
    shapes = np.asarray(lonlat.to_crs(METRES).array, dtype=object)
    # What projects to nowhere has no distance, and GEOS refuses to measure it.
    placed = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    far = np.zeros(len(shapes), dtype=bool)
    far[placed] = shapely.distance(shapes[placed], home) > REACH_M
    return far


def _swapped(xy: np.ndarray) -> np.ndarray:
    return xy[:, ::-1]


def _first_place(shapes: np.ndarray, bad: BoolArray) -> dict[str, object]:
    if not bad.any():
        return {}
    # The first corner, not a point inside: what projects to nowhere has no inside.
    return {"place": place_of(*shapely.get_coordinates(shapes[np.flatnonzero(bad)[0]])[0])}


def _readable(reason: str) -> str:
    """Write GEOS's `Self-intersection[99.7 18.3]` with the place as `lat,lon`."""
    match = re.fullmatch(r"(.+)\[(\S+) (\S+)\]", reason)
    if not match:
        return reason
    return f"{match[1]}, {float(match[3]):.5f},{float(match[2]):.5f}"
