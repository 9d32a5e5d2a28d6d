"""
Dropping points of noded lines so that none of them crosses another afterwards, and measuring it.

Douglas-Peucker between nodes; lines that the dropped points would make cross get theirs back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from pack.noding import F, Way, crossing_pairs, lines_in_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import FloatArray

MEASURED_EVERY_M = 25.0


def generalised(ways: Sequence[Way[F]], tolerance_m: FloatArray) -> list[Way[F]]:
    """
    Drop points of each way within its tolerance; ends stay, and no new crossing comes of it.

    Parameters
    ----------
    ways : sequence of Way
        Noded lines.
    tolerance_m : float64 array (n,)
        How far the new line of each may leave its old one.
    """
    lines = lines_in_metres(ways)
    thinner = shapely.simplify(lines, tolerance_m, preserve_topology=False)
    found = [_kept(*one) for one in zip(ways, lines, thinner, strict=True)]
    while True:
        pairs = crossing_pairs(found)
        at_fault = [k for k in np.unique(pairs).tolist() if found[k] != ways[k]]
        doubled = _doubled(found)
        if not at_fault and not doubled:
            return found
        for k in {*at_fault, *doubled}:
            found[k] = ways[k]


def offsets_m(
    lines: np.ndarray, others: np.ndarray, within: BaseGeometry | None = None
) -> FloatArray:
    """
    Measure how far places every 25 m along some lines lie from the nearest of others.

    Parameters
    ----------
    lines, others : object array of shapely.LineString
        In one CRS in metres.
    within : shapely.Polygon, optional
        Places outside it do not count.
    """
    dense = shapely.segmentize(lines, MEASURED_EVERY_M)
    places = np.asarray(shapely.points(shapely.get_coordinates(dense)))
    if within is not None:
        shapely.prepare(within)
        places = places[shapely.intersects(within, places)]
    # Straight pieces, because the box round a long line is near to everything.
    xy, owner = shapely.get_coordinates(others, return_index=True)
    same = owner[1:] == owner[:-1]
    pieces = np.asarray(shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1)))
    _, away = shapely.STRtree(pieces).query_nearest(places, return_distance=True, all_matches=False)
    return np.asarray(away)


def offset_measures(away: FloatArray, prefix: str = "") -> dict[str, float | int]:
    """Give median, 95th percentile and maximum of offsets in metres."""
    return {
        f"{prefix}offset_median_m": round(float(np.median(away)), 1),
        f"{prefix}offset_p95_m": round(float(np.percentile(away, 95)), 1),
        f"{prefix}offset_max_m": round(float(away.max()), 1),
    }


def _kept(way: Way[F], before: shapely.LineString, after: shapely.LineString) -> Way[F]:
    """Find which points of a way its simpler line still has."""
    left = shapely.get_coordinates(after)
    if len(left) < (4 if way.is_ring else 2):
        return way
    points, at = [], 0
    for point, xy in zip(way.points, shapely.get_coordinates(before), strict=True):
        if at < len(left) and (xy == left[at]).all():
            points.append(point)
            at += 1
    assert at == len(left)
    return Way(tuple(points), way.facts)


def _doubled(ways: Sequence[Way[F]]) -> list[int]:
    """List the ways that lie on others: two of equal ends that both became straight."""
    at: dict[tuple[object, ...], list[int]] = {}
    for index, way in enumerate(ways):
        at.setdefault(min(way.points, way.points[::-1]), []).append(index)
    return [index for same in at.values() if len(same) > 1 for index in same]
