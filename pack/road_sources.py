"""
Drawing the roads anew from two partial sources and one published itinerary.

The newer source (OpenStreetMap) has the trunk and primary roads, each carriageway by itself and
generalised by up to about 0.9 km. The older one (Digital Chart of the World, early 1990s) has the
lesser connections, off by a kilometre or more. Neither has the road from Pha Lat to Mae Mo.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis import files
from pack.known_points import near_province
from pack.lines import as_line, as_point, joined, lines_of, metres_along
from pack.stations import station_point
from pack.traces import METRES

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

TWIN_M = 1000.0
"""Two lines of the newer source closer than this are carriageways of one road."""

SAME_ROAD_M = 1200.0
"""An older line closer than this to a newer one is the same road, drawn worse."""

SHORTEST_M = 2000.0
"""Left-over pieces of thinned lines shorter than this are dropped."""

AROUND_RAILHEAD_M = 10_000.0
SPACING_M = 400.0
TOLERANCE_M = 40.0

_OLDER_CLASSES = {"Primary Route": "secondary", "Secondary Route": "secondary", "Unknown": "minor"}


@dataclass(frozen=True)
class Road:
    """A piece of road before it is joined into the network."""

    shape: shapely.LineString
    """Centre line, EPSG:32647."""
    road_class: str
    """trunk, primary, secondary, minor or track."""
    source: str
    """osm, dcw or itinerary."""
    confidence: str
    name: str | None = None
    """Key of a road with a name of its own."""


def newer_roads(sources: Path) -> list[Road]:
    """
    Draw trunk and primary roads as single centre lines.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.

    Returns
    -------
    list of Road
        Longest first within each class, trunk before primary.
    """
    frame = files.read_vector(sources / "reference" / "osm_trunk_primary_simplified.geojson")
    area = road_area(sources)
    frame = frame.to_crs(METRES)
    drawn: list[Road] = []
    for road_class in ("trunk", "primary"):
        chosen = frame[frame["highway"] == road_class].geometry
        lines = sorted(
            (part for shape in chosen for part in lines_of(shape.intersection(area))),
            key=lambda line: (-line.length, line.coords[0]),
        )
        kept = without_twins(lines, [road.shape for road in drawn])
        drawn += [Road(redraw(line), road_class, "osm", "M") for line in kept]
    return drawn


def older_roads(sources: Path, newer: list[Road], *, trails: bool) -> list[Road]:
    """
    Take from the older source what the newer one lacks.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    newer : list of Road
        Roads drawn already.
    trails : bool
        Take the trails instead of the roads.

    Returns
    -------
    list of Road
        Pieces farther than `SAME_ROAD_M` from every newer road.
    """
    frame = files.read_vector(sources / "reference" / "dcw_roads_simplified.geojson").to_crs(METRES)
    area = road_area(sources)
    frame = frame[(frame["F_CODE_DES"] == "Trail") == trails]
    found = []
    for shape, kind in zip(frame.geometry, frame["RTT_DESCRI"], strict=True):
        road_class = "track" if trails else _OLDER_CLASSES[kind]
        found += [
            Road(redraw(part), road_class, "dcw", "L")
            for line in lines_of(shape.intersection(area))
            for part in apart_from(line, [road.shape for road in newer], SAME_ROAD_M)
        ]
    return found


def road_area(sources: Path) -> BaseGeometry:
    """
    Give the area roads are drawn in: the province, 30 km around it and the rival railheads.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.

    Returns
    -------
    shapely.Polygon
        EPSG:32647.
    """
    railheads = [station_point(sources, name) for name in ("Den Chai", "Lamphun")]
    circles = [point.buffer(AROUND_RAILHEAD_M) for point in railheads]
    return shapely.union_all([near_province(sources), *circles])


def without_twins(
    lines: list[shapely.LineString], accepted: list[shapely.LineString]
) -> list[shapely.LineString]:
    """
    Merge lines that run side by side into one.

    Parameters
    ----------
    lines : list of shapely.LineString
        Lines in metres, the most trusted first.
    accepted : list of shapely.LineString
        Lines already drawn; they stay as they are.

    Returns
    -------
    list of shapely.LineString
        Every road once, moved half way to its twin where it has one.
    """
    kept: list[shapely.LineString] = []
    for line in lines:
        kept += apart_from(line, [*accepted, *kept], TWIN_M)
    return [_halfway(line, [other for other in lines if other is not line]) for line in kept]


def apart_from(
    line: shapely.LineString, others: list[shapely.LineString], reach_m: float
) -> list[shapely.LineString]:
    """
    Take away what runs along other lines, but leave what crosses or meets them.

    Parameters
    ----------
    line : shapely.LineString
        Line in metres.
    others : list of shapely.LineString
        Lines that are drawn already.
    reach_m : float
        Distance within which a line runs along another.

    Returns
    -------
    list of shapely.LineString
        What remains. A stretch is taken away when more than 2.5 times `reach_m` of it lies within
        reach: a crossing is shorter.

    Examples
    --------
    >>> old = [shapely.LineString([(0, 0), (9000, 0)])]
    >>> beside = shapely.LineString([(0, 500), (9000, 500)])
    >>> crossing = shapely.LineString([(4000, -9000), (4000, 9000)])
    >>> [len(apart_from(line, old, 1000.0)) for line in (beside, crossing)]
    [0, 1]
    """
    if not others:
        return [line]
    near = shapely.union_all(others).buffer(reach_m, cap_style="flat")
    along = joined(lines_of(line.intersection(near)))
    crossing = [part for part in along if part.length <= 2.5 * reach_m]
    if len(crossing) == len(along):
        return [line]
    rest = joined([*lines_of(line.difference(near)), *crossing])
    return [part for part in rest if part.length > SHORTEST_M]


def redraw(line: shapely.LineString) -> shapely.LineString:
    """
    Draw a line anew through evenly spaced points, keeping its ends.

    Parameters
    ----------
    line : shapely.LineString
        Line in metres.

    Returns
    -------
    shapely.LineString
        The drawing.
    """
    return as_line(_sampled(line).simplify(TOLERANCE_M))


def itinerary_road(
    highway: shapely.LineString, office: shapely.Point, plant: shapely.Point
) -> list[Road]:
    """
    Draw the Pha Lat - Mae Mo road from its published itinerary.

    "Highway 11 to kilometre 10, left on the Pha Lat - Mae Mo road, 10 km to the district office, 6
    km more to the plant" (EGAT, Mae Moh power plant, visitors' page). The course between these
    places is not known: it is drawn almost straight, which already takes the 10 km.

    Parameters
    ----------
    highway : shapely.LineString
        Highway 11 from its start on Highway 1, EPSG:32647.
    office, plant : shapely.Point
        District office (known to 1 km) and power plant, EPSG:32647.

    Returns
    -------
    list of Road
        Highway 11 to the office, and the office to the plant.
    """
    start = as_point(highway.interpolate(ITINERARY_KM_ON_HIGHWAY * 1000))
    to_office, to_plant = (
        shapely.LineString([(one.x, one.y), _bulge(one, other), (other.x, other.y)])
        for one, other in pairwise((start, office, plant))
    )
    return [
        Road(shape, "secondary", "itinerary", "L", "pha_lat") for shape in (to_office, to_plant)
    ]


ITINERARY_KM_ON_HIGHWAY = 10.0
"""Kilometre of Highway 11 where the itinerary turns left."""


def _bulge(one: shapely.Point, other: shapely.Point) -> tuple[float, float]:
    """Give the middle of two points, moved aside so that the way is 2 % longer than the flight."""
    aside = 0.1
    return (
        (one.x + other.x) / 2 + aside * (other.y - one.y),
        (one.y + other.y) / 2 - aside * (other.x - one.x),
    )


def _sampled(line: shapely.LineString) -> shapely.LineString:
    pieces = max(1, round(line.length / SPACING_M))
    along = np.linspace(0.0, line.length, pieces + 1)
    return shapely.LineString(shapely.get_coordinates(shapely.line_interpolate_point(line, along)))


def _halfway(line: shapely.LineString, others: list[shapely.LineString]) -> shapely.LineString:
    """Move a line half way to the line beside it, wherever there is one within `TWIN_M`."""
    points = np.asarray(_sampled(line).coords)
    shifts = np.asarray([_to_twin(shapely.Point(x, y), others) for x, y in points]) / 2
    # The shift fades in and out over five points, so that the line has no kink where a twin ends.
    weights = np.asarray([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
    padded = np.pad(shifts, ((2, 2), (0, 0)), mode="edge")
    smooth = np.column_stack([np.convolve(padded[:, i], weights, mode="valid") for i in (0, 1)])
    return shapely.LineString(points + smooth)


def _to_twin(here: shapely.Point, others: list[shapely.LineString]) -> tuple[float, float]:
    """Give the way from a point to the nearest line beside it; none beyond a line's own ends."""
    near = [other for other in others if other.distance(here) < TWIN_M]
    for other in sorted(near, key=lambda line: line.distance(here)):
        along = metres_along(other, here)
        if 1.0 < along < other.length - 1.0:
            there = other.interpolate(along)
            return there.x - here.x, there.y - here.y
    return 0.0, 0.0
