"""What every test reads at one place for a yard: value, error, limit, and what that settles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.core.units import rai_from_m2
from maemoh_gis.yards.fit import LineSearch
from maemoh_gis.yards.land_under import zonal_sums
from maemoh_gis.yards.shapes import beside, polygons_of
from maemoh_gis.yards.verdicts import TESTS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.suitability.limits import Availability

Outcome = Literal[
    "holds", "fails", "cannot_be_told", "removed", "permit", "none_recorded", "not_checked"
]
"""Of a test what it settles; of a limit what stands on record of the land beneath."""
Unit = Literal["m", "permille", "rai"]
AT_LEAST = ("one_side", "roads")
"""Tests of which the reading must be no less than the limit; of the others no more."""
# How often the depth of a railway inside a yard is read along it.
_EVERY_M = 5.0


@dataclass(frozen=True)
class TestReading:
    """What one test reads at a place."""

    test: str
    """One of `verdicts.TESTS`, or `limit:` and the id of a limit."""
    value: float
    """NaN where nothing is known."""
    error: float
    """How far the truth may be from it; NaN is unknown, 0 none."""
    limit: float
    """The most allowed; of distances the least."""
    unit: Unit
    outcome: Outcome
    within: bool
    """Whether the reading itself keeps the limit, proven or not."""
    detail: str = ""
    """Classes of the roads that cross, joined by semicolons."""

    @property
    def margin(self) -> float:
        """Say how much room is left; what is short is negative."""
        if self.test in AT_LEAST:
            return self.value - self.limit
        return self.limit - self.value


def readings_at(search: LineSearch, middle_m: float, side: int) -> list[TestReading]:
    """Read every test at one place."""
    middles, sides = np.array([middle_m]), np.array([side])
    verdicts = search.judge(middles, sides)
    told: dict[str, tuple[float, float, float, Unit, str]] = {
        "straight": _straight(search, middles),
        "grade": _grade(search, middles),
        "tracks": _closed_rai(search, _tracks(search, middles, sides)),
        "land": _closed_rai(search, search.yards(middles, sides)),
        "one_side": _clearance(search, search.yards(middles, sides)),
        "roads": _nearest_road(search, middles, sides),
    }
    rows = []
    for test in TESTS:
        value, error, limit, unit, detail = told[test]
        outcome: Outcome = "holds"
        if verdicts.has(verdicts.failed, test)[0]:
            outcome = "fails"
        elif verdicts.has(verdicts.open, test)[0]:
            outcome = "cannot_be_told"
        within = not verdicts.has(verdicts.beyond, test)[0]
        rows.append(TestReading(test, value, error, limit, unit, outcome, bool(within), detail))
    return rows


def _straight(search: LineSearch, at: FloatArray) -> tuple[float, float, float, Unit, str]:
    stray = float(search.chords(at, search.needs.sidings_m[0]).stray_m[0])
    return stray, _known(search.stray_error_m), search.needs.straight_tolerance_m, "m", ""


def _grade(search: LineSearch, at: FloatArray) -> tuple[float, float, float, Unit, str]:
    grades = search.grades(at, search.needs.sidings_m[0])
    error, limit = _known(grades.error_permille), search.needs.greatest_grade_permille
    return float(grades.permille[0]), error, limit, "permille", ""


def _tracks(search: LineSearch, at: FloatArray, sides: IntArray) -> FloatArray:
    needs = search.needs
    far = needs.offset_m + needs.tracks_width_m
    siding_m = needs.sidings_m[0]
    return beside(search.chords(at, siding_m), sides, siding_m, needs.offset_m, far)


def _closed_rai(search: LineSearch, rectangle: FloatArray) -> tuple[float, float, float, Unit, str]:
    """Measure the land beneath that is not open to the use; what is not known counts as error."""
    found = zonal_sums(search.land, rectangle, search.needs.cell_m)
    cell = rai_from_m2(4 * rectangle[0, 4] * rectangle[0, 5]) / max(int(found.cells[0]), 1)
    unknown = int(found.unusable[0] - found.refused[0])
    return int(found.refused[0]) * cell, unknown * cell, 0.0, "rai", ""


def _clearance(search: LineSearch, rectangle: FloatArray) -> tuple[float, float, float, Unit, str]:
    """Measure how far a railway keeps from the yard; how deep it comes in is negative."""
    yard, error = polygons_of(rectangle)[0], _known(search.stray_error_m)
    inside = search.rails.geometries[search.rails.query(yard, predicate="intersects")]
    if len(inside):
        within = shapely.segmentize(shapely.intersection(inside, yard), _EVERY_M)
        points = shapely.get_coordinates(within)
        edge = shapely.distance(shapely.points(points), shapely.boundary(yard))
        return -float(edge.max(initial=0.0)), error, 0.0, "m", ""
    nearest = search.rails.query_nearest(yard, return_distance=True)[1]
    return float(nearest[0]) if len(nearest) else math.nan, error, 0.0, "m", ""


def _nearest_road(
    search: LineSearch, at: FloatArray, sides: IntArray
) -> tuple[float, float, float, Unit, str]:
    """Measure how far the nearest road of a declared class keeps from yard, tracks and lead."""
    needs, roads = search.needs, search.around.roads
    far = needs.offset_m + needs.width_m
    chords = search.chords(at, needs.sidings_m[0])
    zone = polygons_of(beside(chords, sides, needs.length_m, 0.0, far))[0]
    if roads is None or not len(search.roads.geometries):
        return math.nan, math.nan, 0.0, "m", ""
    away = float(search.roads.query_nearest(zone, return_distance=True)[1][0])
    declared = roads[roads["class"].isin(list(needs.road_classes))]
    crossing = declared["class"][declared.intersects(zone)]
    return away, math.nan, 0.0, "m", ";".join(sorted(set(crossing)))


def limit_readings(
    shape: BaseGeometry,
    grid: Grid,
    state: Availability,
    bits: Mapping[str, Sequence[str]],
    not_checked: Sequence[str],
) -> Iterator[TestReading]:
    """
    Tell for every limit how much of the land beneath a yard it takes, in rai.

    `bits` lists the limits in the order of their bits, for `removed` and for `permit`. That nothing
    is on record proves nothing where a layer may lack something.
    """
    rows, cols, inside = _cells_beneath(shape, grid)
    rai = rai_from_m2(shape.area) / max(int(inside.sum()), 1)
    of: tuple[tuple[Outcome, IntArray], ...] = (
        ("removed", state.removed_by),
        ("permit", state.conditional_by),
    )
    for outcome, held in of:
        beneath = np.asarray(held[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1])
        found = beneath[np.ix_(rows - rows.min(), cols - cols.min())][inside]
        for k, id in enumerate(bits[outcome]):
            taken = int((found >> np.uint32(k) & np.uint32(1)).sum()) * rai
            said: Outcome = outcome if taken else "none_recorded"
            within = not (taken and outcome == "removed")
            yield TestReading(f"limit:{id}", taken, math.nan, 0.0, "rai", said, within)
    for id in not_checked:
        yield TestReading(f"limit:{id}", math.nan, math.nan, 0.0, "rai", "not_checked", within=True)


def _cells_beneath(
    shape: BaseGeometry, grid: Grid, fine_m: float = 10.0
) -> tuple[IntArray, IntArray, BoolArray]:
    """Find the rows and columns of a grid that fine cells over a shape lie in, and which count."""
    fine = Grid.covering(shape.bounds, crs=grid.crs, cell_m=min(fine_m, grid.cell_m))
    inside = cells_inside(np.array([shape], dtype=object), fine)
    rows = np.floor(-fine.y / grid.cell_m).astype(np.int64) - grid.row0
    cols = np.floor(fine.x / grid.cell_m).astype(np.int64) - grid.col0
    held = np.outer(_on(rows, grid.rows), _on(cols, grid.cols))
    return rows.clip(0, grid.rows - 1), cols.clip(0, grid.cols - 1), inside & held


def _on(numbers: IntArray, count: int) -> BoolArray:
    return np.asarray((numbers >= 0) & (numbers < count))


def _known(error: float) -> float:
    return error if math.isfinite(error) else math.nan
