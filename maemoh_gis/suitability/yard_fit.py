"""
Yard fit: every place along the railway where a container yard physically fits, best first.

A preference for flat, near and open land finds patches; a yard is a rectangle. Every step of the
line is tried on both sides: is the line straight over the siding, is its grade gentle enough, are
the tracks and the yard wholly on usable land, does no railway and no declared class of road cross.
What the data cannot settle - grades from terrain heights, roads missing from an incomplete layer -
is said with every fit, never assumed away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.errors import Fault, GridError, LayerError
from maemoh_gis.suitability.track_grade import Grades, LineHeights, grade_over
from maemoh_gis.suitability.yard_beneath import YardLand, land_beneath
from maemoh_gis.suitability.yard_kernels import chord_geometry
from maemoh_gis.suitability.yard_shapes import Chords, YardNeeds, beside, polygons_of
from maemoh_gis.suitability.yard_table import Chosen, fits_table

if TYPE_CHECKING:
    import geopandas as gpd

TESTS = ("straight", "grade", "grade_known", "tracks", "land", "one_side", "roads")
"""What is tested, in the order of `YardSearch.turned_down`."""
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


@dataclass(frozen=True)
class TurnedDown:
    """How many places one test turns down."""

    test: str
    """One of `TESTS`; `all` for all together."""
    at_all: int
    """Places it turns down, whether or not another test does too."""
    alone: int
    """Places that only this test turns down."""


@dataclass(frozen=True)
class YardSearch:
    """What was tried and what was found."""

    fits: gpd.GeoDataFrame
    """Yards that fit and do not overlap, best first; see `yard_table.fits_table`."""
    places: int
    """Places tried: positions along the line, twice for its two sides."""
    turned_down: tuple[TurnedDown, ...]
    """Places turned down by each test, then by all."""


def find_yards(
    line: shapely.LineString,
    land: YardLand,
    needs: YardNeeds,
    *,
    heights: LineHeights | None = None,
    around: YardSurroundings | None = None,
    failed: IntArray | None = None,
) -> YardSearch:
    """
    Try a yard at every step along a line, on both sides.

    Parameters
    ----------
    line : LineString
        Centre line of the railway in the CRS of the land; see `joined_line`.
    land : YardLand
        Usable land and its score. Coarser land is read by its nearest cell on cells of
        `needs.cell_m`.
    needs : YardNeeds
        What a yard asks for.
    heights : LineHeights, optional
        Heights of the line. Without them no grade is known and nothing fits.
    around : YardSurroundings, optional
        Roads, other railways, stations. Without roads, crossings are neither tested nor proven.
    failed : int array (n,), optional
        What `failed_tests` found with the same line, needs, heights and surroundings on land of the
        same use; it is found here where it is not given.

    Returns
    -------
    YardSearch
        Yards that fit, greatest mean score beneath first, equals by chainage; none overlaps another
        and none shares its siding on the same side. The same inputs give the same answer, and a
        larger window of land changes no fit.

    Raises
    ------
    GridError
        If the arrays of the land differ in shape.
    LayerError
        If the line has no length.
    """
    search = _Search(line, land, needs, heights, around or YardSurroundings())
    middles, sides = search.places()
    if len(middles) == 0:
        return YardSearch(fits_table(search.describe([], middles, sides), needs, land.grid), 0, ())
    bits = search.judge(middles, sides) if failed is None else failed
    chosen = _distinct(search, middles, sides, np.flatnonzero(bits == 0))
    table = fits_table(search.describe(chosen, middles, sides), needs, land.grid)
    return YardSearch(table, len(middles), _turned_down(bits))


def failed_tests(
    line: shapely.LineString,
    land: YardLand,
    needs: YardNeeds,
    *,
    heights: LineHeights | None = None,
    around: YardSurroundings | None = None,
) -> IntArray:
    """
    Apply every test to every place along a line; how good the land is decides none of them.

    Parameters
    ----------
    line : LineString
        As for `find_yards`, like all that follows.
    land : YardLand
        Of the score only where it is unknown counts.
    needs : YardNeeds
        What a yard asks for.
    heights : LineHeights, optional
        Heights of the line.
    around : YardSurroundings, optional
        Roads, other railways, stations.

    Returns
    -------
    uint32 array (n,)
        A bit a test, in the order of `TESTS`, set where it fails; a value a place, in the order in
        which `find_yards` tries them.

    Raises
    ------
    GridError, LayerError
        As for `find_yards`.
    """
    search = _Search(line, land, needs, heights, around or YardSurroundings())
    middles, sides = search.places()
    return search.judge(middles, sides) if len(middles) else np.empty(0, dtype=np.uint32)


def joined_line(shapes: np.ndarray) -> shapely.LineString:
    """
    Join the pieces of a railway into one line.

    Parameters
    ----------
    shapes : object array of LineString (n,)
        Pieces that meet end to end, in any order.

    Returns
    -------
    LineString
        The whole, running the way the first piece runs.

    Raises
    ------
    LayerError
        If the pieces do not make one line.
    """
    merged = shapely.line_merge(shapely.union_all(shapes))
    if not isinstance(merged, shapely.LineString):
        pieces = shapely.get_num_geometries(merged)
        raise LayerError(Fault("railway_in_pieces", found=str(pieces)))
    first = shapely.line_locate_point(merged, [shapely.get_point(shapes[0], i) for i in (0, -1)])
    return merged if first[0] <= first[1] else shapely.reverse(merged)


class _Search:
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
        self.roads = shapely.STRtree(_pieces(_declared(around.roads, needs.road_classes)))

    def places(self) -> tuple[FloatArray, IntArray]:
        """List chainage and side (+1 left, -1 right) of every place to try."""
        step, reach = self.needs.step_m, self.needs.straight_m / 2
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
        chords = self.chords(middles, needs.straight_m)
        return beside(chords, sides, needs.length_m, needs.offset_m, far)

    def judge(self, middles: FloatArray, sides: IntArray) -> IntArray:
        """Apply every test to every place; a bit is set where it fails."""
        needs = self.needs
        chords = self.chords(middles, needs.straight_m)
        far = needs.offset_m + needs.width_m
        yard = self.yards(middles, sides)
        reach = beside(chords, sides, needs.length_m, 0.0, far)
        failed = self.judge_siding(middles, sides, needs.sidings_m[0])
        beneath = land_beneath(self.land, yard, needs.cell_m)
        failed["straight"] = failed["straight"] | (chords.stray_m > needs.straight_tolerance_m)
        failed["land"] = beneath.unusable > 0
        failed["one_side"] |= _crossed(self.rails, polygons_of(yard))
        failed["roads"] |= _crossed(self.roads, polygons_of(reach))
        bits = sum(failed[test].astype(np.uint32) << k for k, test in enumerate(TESTS))
        return np.asarray(bits, dtype=np.uint32)

    def judge_siding(
        self, middles: FloatArray, sides: IntArray, siding_m: float
    ) -> dict[str, BoolArray]:
        """Apply the tests of the tracks alone, for one length of siding."""
        needs = self.needs
        chords = self.chords(middles, siding_m)
        fits = np.isfinite(chords.stray_m)
        # A siding past the end of the line has no chord: it fails and is looked at no further.
        failed = dict.fromkeys(TESTS, ~fits)
        inside, side = chords.take(fits), sides[fits]
        far = needs.offset_m + needs.tracks_width_m
        tracks = beside(inside, side, siding_m, needs.offset_m, far)
        grades = self.grades(middles[fits], siding_m)
        verdicts = {
            "straight": inside.stray_m > needs.straight_tolerance_m,
            "grade": grades.permille > needs.greatest_grade_permille,
            "grade_known": np.isnan(grades.permille),
            "tracks": land_beneath(self.land, tracks, needs.cell_m).unusable > 0,
            "land": np.zeros(len(side), dtype=bool),
            "one_side": _crossed(self.rails, polygons_of(tracks)),
            "roads": _crossed(self.roads, polygons_of(beside(inside, side, siding_m, 0.0, far))),
        }
        for test, verdict in verdicts.items():
            failed[test] = failed[test].copy()
            failed[test][fits] = verdict
        return failed

    def grades(self, middles: FloatArray, siding_m: float) -> Grades:
        """Measure the grade of the line over sidings."""
        return grade_over(self.heights, middles, siding_m, self.needs.greatest_grade_permille)

    def describe(self, chosen: Sequence[int], middles: FloatArray, sides: IntArray) -> Chosen:
        """Gather what the table says about the chosen places."""
        needs, pick = self.needs, np.asarray(chosen, dtype=np.intp)
        at, side = middles[pick], sides[pick]
        chords = self.chords(at, needs.straight_m)
        far = needs.offset_m + needs.width_m
        yard = self.yards(at, side)
        strip = beside(chords, side, needs.length_m, far, far + max(needs.expansion_m, 0.0))
        longest = np.zeros(len(at))
        for siding_m in needs.sidings_m:
            failed = self.judge_siding(at, side, siding_m)
            longest[~np.logical_or.reduce([failed[t] for t in TESTS])] = siding_m
        reach = polygons_of(beside(chords, side, needs.length_m, 0.0, far))
        return Chosen(
            middles_m=at,
            sides=side,
            chords=chords,
            polygons=polygons_of(yard),
            beneath=land_beneath(self.land, yard, needs.cell_m),
            expansion=land_beneath(self.land, strip, needs.cell_m),
            expansion_crossed=_crossed(self.roads, polygons_of(strip))
            | _crossed(self.rails, polygons_of(strip)),
            siding_m=longest,
            grades=self.grades(at, needs.sidings_m[0]),
            roads_proven=_covered(self.around, reach),
            line=self.line,
            stations=self.around.stations,
            line_accuracy_m=self.around.line_accuracy_m,
        )


def _distinct(search: _Search, middles: FloatArray, sides: IntArray, passed: IntArray) -> list[int]:
    """Take places that pass, best land first, each free of those before it."""
    needs = search.needs
    yards = search.yards(middles[passed], sides[passed])
    score = np.round(land_beneath(search.land, yards, needs.cell_m).mean_score, 6)
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
        near = np.abs(middles - middles[place]) < needs.straight_m - 1e-6
        free[near & (sides == sides[place])] = False
    return taken


def _turned_down(bits: IntArray) -> tuple[TurnedDown, ...]:
    rows = [
        TurnedDown(test, int((bits >> k & 1).sum()), int((bits == 1 << k).sum()))
        for k, test in enumerate(TESTS)
    ]
    alone = sum(row.alone for row in rows)
    return (*rows, TurnedDown("all", int((bits > 0).sum()), alone))


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
