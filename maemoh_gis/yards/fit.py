"""
Yard fit: every place along the railway where a container yard physically fits, best first.

A preference for flat, near and open land finds patches; a yard is a rectangle. Every step of the
line is tried on both sides: is the line straight over the siding, is its grade gentle enough, are
the tracks and the yard wholly on usable land, does no railway and no declared class of road cross.
A reading within its error of a limit settles nothing, so a place holds, certainly fails, or cannot
be told (`yard_verdicts`). Places that cannot be told are told as stretches of the line, and those
whose readings are all within their limits are drawn as rectangles that fit as read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.errors import GridError, LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.scenario.settings.yard_needs import YardNeeds
from maemoh_gis.yards.bed import Bed, earth_test, platforms
from maemoh_gis.yards.kernels import chord_geometry
from maemoh_gis.yards.land_under import YardLand, ZonalSums, zonal_sums
from maemoh_gis.yards.shapes import Chords, beside, polygons_of
from maemoh_gis.yards.stretches import Readings, stations_table, stretches_table
from maemoh_gis.yards.table import Chosen, fits_table
from maemoh_gis.yards.track_grade import Grades, LineHeights, grade_over
from maemoh_gis.yards.verdicts import (
    TestCount,
    Tested,
    Verdicts,
    both,
    compare,
    counted,
    either,
    verdicts_of,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_TOUCH_M2 = 1.0


@dataclass(frozen=True)
class YardSurroundings:
    """What is around the line, all in the CRS of the grid."""

    roads: gpd.GeoDataFrame | None = None
    """Roads with a column `class`; None where no road is known at all."""
    roads_complete: np.ndarray | None = None
    """Polygons inside which no road of a declared class is missing: empty is nowhere, None is
    everywhere."""
    rails: np.ndarray | None = None
    """Lines of other railways, which must not cross a yard either."""
    stations: gpd.GeoDataFrame | None = None
    """Stations with `name_th` and `name_en`."""
    line_accuracy_m: float | None = None
    """How far the drawn line may be from the real one; None is unknown."""
    bed: Bed | None = None
    """How a yard may stand on its own bed where the line is too steep; None is not at all."""


@dataclass(frozen=True)
class YardSearch:
    """What was tried and what was found."""

    fits: gpd.GeoDataFrame
    """Yards that fit as read and do not overlap, best first; see `yard_table.fits_table`."""
    places: int
    """Places tried: positions along the line, twice for its two sides."""
    holds: int
    """Places at which every test certainly holds."""
    untold: int
    """Places that no test certainly turns down and at least one cannot settle."""
    tests: tuple[TestCount, ...]
    """What each test says of the places, then all together."""
    stretches: gpd.GeoDataFrame
    """Neighbouring places that cannot be told, along the line; see
    `yard_stretches.stretches_table`."""
    stations: pd.DataFrame
    """What was found near each station; see `yard_stretches.stations_table`."""


def find_yards(
    line: shapely.LineString,
    land: YardLand,
    needs: YardNeeds,
    *,
    heights: LineHeights | None = None,
    around: YardSurroundings | None = None,
    verdicts: Verdicts | None = None,
) -> YardSearch:
    """
    Try a yard at every step along a line, on both sides; the line is one of `joined_line`.

    Coarser land is read by its nearest cell on cells of `needs.cell_m`. Without heights no grade is
    known and no place can be told; without roads, crossings are neither tested nor proven.
    `verdicts` are what `judged_places` found with the same line, needs, heights and surroundings on
    land of the same use; found here where not given.
    """
    search = LineSearch(line, land, needs, heights, around or YardSurroundings())
    middles, sides = search.places()
    found = search.judge(middles, sides) if verdicts is None else verdicts
    chosen = _distinct(search, middles, sides, np.flatnonzero(found.as_read))
    readings = search.readings(middles, sides, found)
    stretches = stretches_table(readings, needs, land.grid.crs)
    return YardSearch(
        fits=fits_table(search.describe(chosen, middles, sides, found), needs, land.grid),
        places=len(middles),
        holds=int(found.holds.sum()),
        untold=int(found.untold.sum()),
        tests=counted(found),
        stretches=stretches,
        stations=stations_table(readings, stretches),
    )


def judged_places(
    line: shapely.LineString,
    land: YardLand,
    needs: YardNeeds,
    *,
    heights: LineHeights | None = None,
    around: YardSurroundings | None = None,
) -> Verdicts:
    """Apply every test to every place along a line; how good the land is decides none of them."""
    search = LineSearch(line, land, needs, heights, around or YardSurroundings())
    return search.judge(*search.places())


def joined_line(shapes: np.ndarray) -> shapely.LineString:
    """Join the pieces of a railway, which meet end to end in any order, into one line."""
    merged = shapely.line_merge(shapely.union_all(shapes))
    if not isinstance(merged, shapely.LineString):
        pieces = shapely.get_num_geometries(merged)
        raise LayerError(Fault("railway_in_pieces", found=str(pieces)))
    first = shapely.line_locate_point(merged, [shapely.get_point(shapes[0], i) for i in (0, -1)])
    return merged if first[0] <= first[1] else shapely.reverse(merged)


class LineSearch:
    """A line with everything around it, ready to be asked about places."""

    def __init__(
        self,
        line: shapely.LineString,
        land: YardLand,
        needs: YardNeeds,
        heights: LineHeights | None,
        around: YardSurroundings,
    ) -> None:
        if land.usable.shape != land.grid.shape or land.score.shape != land.grid.shape:
            raise GridError(
                Fault("wrong_shape", found=str(land.score.shape), expected=str(land.grid.shape))
            )
        if not line.length > 0:
            raise LayerError(Fault("line_without_length"))
        self.line, self.land, self.needs = line, land, needs
        self.heights, self.around = heights, around
        self.xy = np.ascontiguousarray(shapely.get_coordinates(line))
        steps = np.hypot(*np.diff(self.xy, axis=0).T)
        self.chainage = np.concatenate([[0.0], np.cumsum(steps)])
        rails = [line, *(around.rails if around.rails is not None else ())]
        self.rails = shapely.STRtree(_pieces(np.array(rails, dtype=object)))
        self._trees: dict[tuple[str, ...], shapely.STRtree] = {}
        self.roads = self._roads_of(needs.road_classes)

    def having(self, needs: YardNeeds) -> LineSearch:
        """Give the same line and land for a yard that needs something else."""
        other = copy(self)
        other.needs = needs
        other.roads = self._roads_of(needs.road_classes)
        return other

    def _roads_of(self, classes: tuple[str, ...]) -> shapely.STRtree:
        """Give the roads of some classes, made ready once for all that are asked alike."""
        if classes not in self._trees:
            pieces = _pieces(_declared(self.around.roads, classes))
            self._trees[classes] = shapely.STRtree(pieces)
        return self._trees[classes]

    def places(self) -> tuple[FloatArray, IntArray]:
        """List chainage and side (+1 left, -1 right) of every place to try."""
        step, reach = self.needs.step_m, self.needs.taken_m / 2
        first, last = np.ceil(reach / step), np.floor((self.chainage[-1] - reach) / step)
        middles = np.arange(first, last + 1) * step
        return np.repeat(middles, 2), np.tile([1, -1], len(middles))

    def chords(self, middles: FloatArray, length_m: float) -> Chords:
        """Lay chords along the line."""
        found = chord_geometry(self.xy, self.chainage, middles, length_m)
        return Chords(found[:, :2], found[:, 2:4], found[:, 4])

    def yards(self, middles: FloatArray, sides: IntArray) -> FloatArray:
        """Lay a yard beside the line at places."""
        needs = self.needs
        far = needs.offset_m + needs.width_m
        chords = self.chords(middles, needs.sidings_m[0])
        return beside(chords, sides, needs.length_m, needs.offset_m, far)

    @property
    def stray_error_m(self) -> float:
        """
        How far the true stray may be from the drawn one.

        The ends of the chord and what lies between them may be drawn too far to opposite sides.
        """
        accuracy = self.around.line_accuracy_m
        return math.inf if accuracy is None else 2.0 * accuracy

    def judge(self, middles: FloatArray, sides: IntArray) -> Verdicts:
        """Apply every test to every place."""
        needs = self.needs
        chords = self.chords(middles, needs.sidings_m[0])
        far = needs.offset_m + needs.width_m
        reach = beside(chords, sides, needs.length_m, 0.0, far)
        yard = self.yards(middles, sides)
        found = self.judge_siding(middles, sides, needs.sidings_m[0])
        if (bed := self.around.bed) is not None:
            # A platform of its own does not rise with the line.
            laid = platforms(bed, yard, self.land.grid.crs, needs.cell_m)
            found["grade"] = either(found["grade"], earth_test(bed, laid))
        found["land"] = _on_land(zonal_sums(self.land, yard, needs.cell_m))
        found["one_side"] = both(found["one_side"], self.judge_rails(yard))
        found["roads"] = both(found["roads"], self.judge_roads(polygons_of(reach)))
        return verdicts_of(found)

    def judge_siding(
        self, middles: FloatArray, sides: IntArray, siding_m: float
    ) -> dict[str, Tested]:
        """Apply the tests of the tracks alone, for one length of siding."""
        needs = self.needs
        chords = self.chords(middles, siding_m)
        # A siding past the end of the line has no chord: it certainly fails.
        lost = ~np.isfinite(chords.stray_m)
        far = needs.offset_m + needs.tracks_width_m
        tracks = beside(chords, sides, siding_m, needs.offset_m, far)
        grades = self.grades(middles, siding_m)
        straight = compare(chords.stray_m, self.stray_error_m, needs.straight_tolerance_m)
        surveyed = self.heights is not None and self.heights.surveyed
        return {
            "straight": both(straight, Tested(lost, ~lost, lost)),
            "grade": compare(grades.permille, grades.error_permille, needs.greatest_grade_permille,
                            provable=surveyed),
            "tracks": _on_land(zonal_sums(self.land, tracks, needs.cell_m)),
            "land": Tested(lost, ~lost, lost),
            "one_side": self.judge_rails(tracks),
            "roads": self.judge_roads(polygons_of(beside(chords, sides, siding_m, 0.0, far))),
        }  # fmt: skip

    def judge_rails(self, rectangles: FloatArray) -> Tested:
        """Ask whether a railway, this one or another, comes into rectangles."""
        crossed = _crossed(self.rails, polygons_of(rectangles))
        if math.isinf(self.stray_error_m):
            nowhere = np.zeros(len(crossed), dtype=bool)
            return Tested(nowhere, nowhere, crossed)
        # A line drawn nearer to the edge than its error may in truth pass on its other side.
        error = np.array([0.0, 0.0, 0.0, 0.0, self.stray_error_m, self.stray_error_m])
        inner = rectangles - error
        inside = crossed & (inner[:, 4:] > 0).all(axis=1)
        inside[inside] = _crossed(self.rails, polygons_of(inner[inside]))
        clear = ~crossed
        clear[clear] = ~_crossed(self.rails, polygons_of((rectangles + error)[clear]))
        return Tested(inside, clear, crossed)

    def judge_roads(self, zones: np.ndarray) -> Tested:
        """Ask whether a road of a declared class crosses; none is proven where some may miss."""
        crossed = _crossed(self.roads, zones)
        return Tested(crossed, ~crossed & _covered(self.around, zones), crossed)

    def grades(self, middles: FloatArray, siding_m: float) -> Grades:
        """Measure the grade of the line over sidings."""
        return grade_over(self.heights, middles, siding_m, self.needs.greatest_grade_permille)

    def readings(self, middles: FloatArray, sides: IntArray, verdicts: Verdicts) -> Readings:
        """Gather what is read at every place, and how good the land is where it cannot be told."""
        needs, untold = self.needs, np.flatnonzero(verdicts.untold)
        yards = self.yards(middles[untold], sides[untold])
        beneath = zonal_sums(self.land, yards, needs.cell_m)
        grades = self.grades(middles, needs.sidings_m[0])
        return Readings(
            middles_m=middles, sides=sides, verdicts=verdicts, untold=untold, yards=yards,
            score=np.round(beneath.mean_score, 6),
            greatest=np.round(beneath.greatest_mean, 6),
            conditional_share=np.round(beneath.conditional_share, 6),
            grade_permille=grades.permille, grade_error_permille=grades.error_permille,
            stray_m=self.chords(middles, needs.sidings_m[0]).stray_m,
            stray_error_m=self.stray_error_m, line=self.line, stations=self.around.stations,
        )  # fmt: skip

    def describe(
        self, chosen: Sequence[int], middles: FloatArray, sides: IntArray, verdicts: Verdicts
    ) -> Chosen:
        """Gather what the table says about the chosen places."""
        needs, pick = self.needs, np.asarray(chosen, dtype=np.intp)
        at, side = middles[pick], sides[pick]
        chords = self.chords(at, needs.sidings_m[0])
        far = needs.offset_m + needs.width_m
        yard = self.yards(at, side)
        strip = beside(chords, side, needs.length_m, far, far + max(needs.expansion_m, 0.0))
        longest = np.full(len(at), needs.sidings_m[0])
        for siding_m in needs.sidings_m[1:]:
            found = self.judge_siding(at, side, siding_m)
            longest[~np.logical_or.reduce([one.beyond for one in found.values()])] = siding_m
        return Chosen(
            middles_m=at,
            sides=side,
            chords=chords,
            polygons=polygons_of(yard),
            beneath=zonal_sums(self.land, yard, needs.cell_m),
            expansion=zonal_sums(self.land, strip, needs.cell_m),
            expansion_crossed=_crossed(self.roads, polygons_of(strip))
            | _crossed(self.rails, polygons_of(strip)),
            verdicts=Verdicts(verdicts.failed[pick], verdicts.open[pick], verdicts.beyond[pick]),
            grades=self.grades(at, needs.sidings_m[0]),
            longest_m=longest,
            longest_grades={s: self.grades(at, s) for s in needs.sidings_m},
            stray_error_m=self.stray_error_m,
            line=self.line,
            stations=self.around.stations,
        )


def _distinct(
    search: LineSearch, middles: FloatArray, sides: IntArray, passed: IntArray
) -> list[int]:
    """Take places that pass, best land first, each free of those before it."""
    needs = search.needs
    yards = search.yards(middles[passed], sides[passed])
    score = np.round(zonal_sums(search.land, yards, needs.cell_m).mean_score, 6)
    order = passed[np.lexsort((sides[passed], middles[passed], -score))]
    free = np.ones(len(middles), dtype=bool)
    taken: list[int] = []
    shapes: list[shapely.Polygon] = []
    for place in order.tolist():
        if not free[place]:
            continue
        one = slice(place, place + 1)
        shape = polygons_of(search.yards(middles[one], sides[one]))[0]
        # Beyond the end of one siding another may still reach over it from round a bend.
        if shapes and (shapely.area(shapely.intersection(shapes, shape)) > _TOUCH_M2).any():
            continue
        taken.append(place)
        shapes.append(shape)
        near = np.abs(middles - middles[place]) < needs.taken_m - 1e-6
        free[near & (sides == sides[place])] = False
    return taken


def _on_land(beneath: ZonalSums) -> Tested:
    """Ask for land that is usable throughout; land that is not known leaves it open."""
    return Tested(beneath.refused > 0, beneath.unusable == 0, beneath.unusable > 0)


def _pieces(lines: np.ndarray) -> np.ndarray:
    """Take lines apart into pieces of two vertices, so that a search box stays small."""
    xy, owner = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    if len(xy) < 2:
        return np.empty(0, dtype=object)
    joined = owner[1:] == owner[:-1]
    return np.asarray(shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[joined]))


def _declared(roads: gpd.GeoDataFrame | None, classes: Sequence[str]) -> np.ndarray:
    """Take the roads of the declared classes."""
    if roads is None:
        return np.empty(0, dtype=object)
    wanted = roads["class"].isin(list(classes))
    return np.asarray(roads.geometry[wanted].array, dtype=object)


def _crossed(tree: shapely.STRtree, zones: np.ndarray) -> BoolArray:
    """Find zones that a line of the tree touches or crosses, exactly."""
    crossed = np.zeros(len(zones), dtype=bool)
    if len(zones):
        crossed[tree.query(zones, predicate="intersects")[0]] = True
    return crossed


def _covered(around: YardSurroundings, zones: np.ndarray) -> BoolArray:
    """Find zones where no road of a declared class can be missing."""
    if around.roads is None:
        return np.zeros(len(zones), dtype=bool)
    if around.roads_complete is None:
        return np.ones(len(zones), dtype=bool)
    return np.asarray(shapely.covered_by(zones, shapely.union_all(around.roads_complete)))
