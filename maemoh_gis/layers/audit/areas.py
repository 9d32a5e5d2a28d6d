"""Checks of districts and subdistricts: gaps, overlaps, parts that fill a whole, printed areas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.faults import Fault
from maemoh_gis.core.units import M2_PER_RAI
from maemoh_gis.layers.audit.subject import METRES, Subject, name_of, place_of, rai

if TYPE_CHECKING:
    import geopandas as gpd

LEAST_RAI = 0.01
"""Smaller pieces are rounding of coordinates."""
NARROW_DEGREES = 0.001
"""Strips between borders narrower than this (about 100 m) are gaps, not land outside."""
NOTED_PERCENT, WARNED_PERCENT = 5.0, 10.0
"""How far the area of a polygon may be from the published area."""
PARTS_PERCENT = 0.1
"""How much of a district its subdistricts may miss or exceed."""


def coverage_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Check that polygons lie side by side, without overlaps or gaps; an invalid one voids it."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    if not shapely.is_valid(shapes).all():
        return
    overlaps = list(_overlaps(subject, frame))
    gaps = list(_gaps(subject, frame))
    yield from overlaps
    yield from gaps
    if overlaps or gaps:
        return
    edges = shapely.coverage_invalid_edges(shapes, gap_width=NARROW_DEGREES)
    wrong = ~shapely.is_empty(edges)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        yield from subject.of_features(
            "borders_differ",
            wrong,
            values={
                "name": _name(frame, at),
                "place": place_of(*shapely.get_coordinates(_lonlat(frame, edges[at]))[0]),
            },
        )


def _overlaps(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    shapes = np.asarray(frame.geometry.array, dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    common = shapely.intersection(shapes[one], shapes[other])
    areas = _areas_rai(frame, common)
    if not (areas > LEAST_RAI).any():
        return
    worst = int(areas.argmax())
    yield subject.fault(
        "areas_overlap",
        values={
            "n": int((areas > LEAST_RAI).sum()),
            "rai": rai(areas[worst]),
            "one": _name(frame, int(one[worst])),
            "other": _name(frame, int(other[worst])),
            "place": _place_in(frame, common[worst]),
        },
    )


def _gaps(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    whole = shapely.union_all(np.asarray(frame.geometry.array, dtype=object))
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    holes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    areas = _areas_rai(frame, holes)
    if not (areas > LEAST_RAI).any():
        return
    worst = int(areas.argmax())
    yield subject.fault(
        "gap_between_areas",
        values={
            "n": int((areas > LEAST_RAI).sum()),
            "rai": rai(areas[worst]),
            "place": _place_in(frame, holes[worst]),
        },
    )


def part_faults(
    subject: Subject, parts: gpd.GeoDataFrame, wholes: gpd.GeoDataFrame
) -> Iterator[Fault]:
    """Check that subdistricts fill their districts, whichever CRS either comes in."""
    if "district_code" not in parts or "code" not in wholes:
        return
    parts, wholes = parts.to_crs(METRES), wholes.to_crs(METRES)
    codes = wholes["code"].astype(str)
    of = parts["district_code"].astype(str)
    lost = ~of.isin(codes)
    yield from subject.of_features(
        "unknown_district",
        lost,
        "columns",
        "district_code",
        found=", ".join(sorted(set(of) - set(codes))),
    )
    if lost.any():
        return  # the district they are missing from would only repeat it
    for number, (code, whole) in enumerate(zip(codes, wholes.geometry, strict=True)):
        own = np.asarray(parts.geometry[of == code].array, dtype=object)
        if not (whole.is_valid and shapely.is_valid(own).all()):
            continue
        difference = shapely.symmetric_difference(whole, shapely.union_all(own))
        if difference.area > whole.area * PARTS_PERCENT / 100:
            yield subject.fault(
                "parts_differ",
                values={
                    "name": _name(wholes, number),
                    "rai": rai(difference.area / M2_PER_RAI),
                    "place": _place_in(parts, max(shapely.get_parts(difference), key=_area)),
                },
            )


def published_area_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """
    Set the area of each polygon beside the published one.

    A note from 5 %, a warning from 10 %; never corrected, because both are shown.
    """
    if "area_rai_published" not in frame:
        return
    areas = frame.to_crs(METRES).area.to_numpy() / M2_PER_RAI
    for number, (area, published) in enumerate(
        zip(areas, frame["area_rai_published"].astype(float), strict=True)
    ):
        percent = 100 * (area / published - 1) if published > 0 else np.nan
        if abs(percent) >= NOTED_PERCENT:
            yield subject.fault(
                "area_not_as_published",
                "columns",
                "area_rai_published",
                severity="warns" if abs(percent) >= WARNED_PERCENT else "notes",
                values={
                    "name": _name(frame, number),
                    "polygon": rai(area),
                    "published": rai(published),
                    "percent": f"{percent:+.1f}",
                },
            )


def _areas_rai(frame: gpd.GeoDataFrame, shapes: np.ndarray) -> np.ndarray:
    import geopandas as gpd

    return np.asarray(gpd.GeoSeries(shapes, crs=frame.crs).to_crs(METRES).area) / M2_PER_RAI


def _place_in(frame: gpd.GeoDataFrame, shape: shapely.Geometry) -> str:
    point = _lonlat(frame, shapely.point_on_surface(shape))
    return place_of(*shapely.get_coordinates(point)[0])


def _lonlat(frame: gpd.GeoDataFrame, shape: shapely.Geometry) -> shapely.Geometry:
    import geopandas as gpd

    return gpd.GeoSeries([shape], crs=frame.crs).to_crs("EPSG:4326").iloc[0]


def _name(frame: gpd.GeoDataFrame, at: int) -> str:
    return name_of(frame.iloc[at].to_dict(), at + 1)


def _area(shape: shapely.Geometry) -> float:
    return float(shapely.area(shape))
