"""
Cutting and measuring single lines in metres.

Thin, typed doors to shapely: a wrong kind of geometry is our own mistake and stops at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from shapely.ops import linemerge, substring

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry


def as_line(shape: BaseGeometry) -> shapely.LineString:
    """Take a geometry that must be one line."""
    assert isinstance(shape, shapely.LineString), shape.geom_type
    return shape


def as_point(shape: BaseGeometry) -> shapely.Point:
    """Take a geometry that must be one point."""
    assert isinstance(shape, shapely.Point), shape.geom_type
    return shape


def metres_along(line: shapely.LineString, point: BaseGeometry) -> float:
    """Give the distance from the start of a line to the place on it nearest to a point."""
    return float(line.project(as_point(point)))


def piece(line: shapely.LineString, start_m: float, end_m: float) -> shapely.LineString:
    """Cut the piece between two distances along a line."""
    return as_line(substring(line, start_m, end_m))


def lines_of(shape: BaseGeometry) -> list[shapely.LineString]:
    """List the lines of any geometry; points and empty parts fall out."""
    return [
        part
        for part in shapely.get_parts(shape, return_index=False)
        if isinstance(part, shapely.LineString) and not part.is_empty
    ]


def joined(lines: Iterable[shapely.LineString]) -> list[shapely.LineString]:
    """Join lines that share an end nobody else shares."""
    return lines_of(linemerge(list(lines)))
