"""
Lines on a grid of whole numbers: cutting them where they meet, joining them where nothing branches.

Coordinates are counted in steps of 0.00001 degree, so that "at the same place" is exact and whether
two lines cross is decided without rounding. A bridge or tunnel meets others at its two ends only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np
import shapely
from pyproj import Transformer

from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

Point = tuple[int, int]
"""Longitude and latitude in steps of the grid."""

STEPS_PER_DEGREE = 100_000

_ROUNDS = 12
"""A crossing moved to the grid may make another one; it settles after two or three rounds."""

_TO_METRES = Transformer.from_crs("EPSG:4326", METRES, always_xy=True)


class Facts(Protocol):
    """What is told of a line; two lines of equal facts may become one."""

    @property
    def level(self) -> int:
        """0 on the ground, 1 on a bridge, -1 in a tunnel."""

    @property
    def directed(self) -> bool:
        """Whether the order of the points has a meaning."""

    def __hash__(self) -> int:
        """Facts are values."""


F = TypeVar("F", bound=Facts)


@dataclass(frozen=True)
class Way(Generic[F]):
    """A line with what is told of it."""

    points: tuple[Point, ...]
    facts: F

    @property
    def ends(self) -> tuple[Point, Point]:
        """First and last point."""
        return self.points[0], self.points[-1]

    @property
    def is_ring(self) -> bool:
        """Whether it ends where it begins."""
        return self.points[0] == self.points[-1]


def on_grid(line: shapely.LineString) -> tuple[Point, ...]:
    """Bring a line in degrees to the grid; points that fall together become one."""
    steps = np.rint(shapely.get_coordinates(line) * STEPS_PER_DEGREE).astype(int)
    new = np.append(True, (np.diff(steps, axis=0) != 0).any(axis=1))
    return tuple((int(x), int(y)) for x, y in steps[new])


def in_metres(points: Iterable[Point]) -> FloatArray:
    """Give points of the grid in EPSG:32647, float64 (n, 2)."""
    degrees = np.array(list(points), dtype=float).reshape(-1, 2) / STEPS_PER_DEGREE
    return np.column_stack(_TO_METRES.transform(degrees[:, 0], degrees[:, 1]))


def grid_point(place: shapely.Point) -> Point:
    """Give the point of the grid nearest to a place in EPSG:32647."""
    lon, lat = _TO_METRES.transform(place.x, place.y, direction="INVERSE")
    return round(lon * STEPS_PER_DEGREE), round(lat * STEPS_PER_DEGREE)


def lines_in_metres(ways: Sequence[Way[F]]) -> np.ndarray:
    """Give the lines in EPSG:32647, object array (n,) of shapely.LineString."""
    counts = [len(way.points) for way in ways]
    xy = in_metres(point for way in ways for point in way.points)
    return np.asarray(shapely.linestrings(xy, indices=np.repeat(np.arange(len(ways)), counts)))


def lengths_m(ways: Sequence[Way[F]]) -> FloatArray:
    """Give the length of each way in EPSG:32647, (n,), m."""
    return np.asarray(shapely.length(lines_in_metres(ways)))


def noded(ways: Sequence[Way[F]]) -> tuple[list[Way[F]], int]:
    """
    Cut lines wherever they meet on one level, with a point where two cross without one.

    Returns
    -------
    tuple of list and int
        Pieces that meet at their ends only, and how many crossings had no common point.
    """
    crossed = 0
    pieces = list(ways)
    for _ in range(_ROUNDS):
        added, new = _with_crossings(pieces)
        pieces = cut_at_nodes(added)
        if not new:
            return without_doubles(pieces), crossed
        crossed += new
    raise AssertionError("crossings do not settle")


def cut_at_nodes(ways: Sequence[Way[F]]) -> list[Way[F]]:
    """Cut lines at the points they share on one level, or where another one ends."""
    ends = {point for way in ways for point in way.ends}
    passing: defaultdict[tuple[Point, int], int] = defaultdict(int)
    for way in ways:
        for point in way.points[1:-1]:
            passing[point, way.facts.level] += 1
    pieces = []
    for way in ways:
        level = way.facts.level
        inner = range(1, len(way.points) - 1)
        cuts = [k for k in inner if way.points[k] in ends or passing[way.points[k], level] > 1]
        bounds = [0, *cuts, len(way.points) - 1]
        pieces += [Way(way.points[start : end + 1], way.facts) for start, end in pairwise(bounds)]
    return pieces


def without_doubles(ways: Sequence[Way[F]]) -> list[Way[F]]:
    """Keep the first of ways with the same points, in whatever direction."""
    seen: set[tuple[Point, ...]] = set()
    kept = []
    for way in ways:
        key = min(way.points, way.points[::-1])
        if key not in seen and not (way.is_ring and len(way.points) < 4):
            seen.add(key)
            kept.append(way)
    return kept


def by_node(ways: Sequence[Way[F]]) -> dict[Point, list[int]]:
    """List the ways at each node by their position; a ring stands twice at its own."""
    at: defaultdict[Point, list[int]] = defaultdict(list)
    for index, way in enumerate(ways):
        for point in way.ends:
            at[point].append(index)
    return dict(at)


def merged(ways: Sequence[Way[F]]) -> list[Way[F]]:
    """Join ways of equal facts through nodes where nothing else begins or ends."""
    at = by_node(ways)
    through = {node: two for node, two in at.items() if _runs_on(node, [ways[k] for k in two])}
    used: set[int] = set()
    whole = []
    for index, way in enumerate(ways):
        if index in used:
            continue
        used.add(index)
        points = list(way.points)
        for _ in range(2):
            _extend(points, index, ways, through, used)
            points.reverse()
        whole.append(Way(tuple(points), way.facts))
    return whole


def crossing_pairs(ways: Sequence[Way[F]]) -> IntArray:
    """
    Find ways of one level that meet elsewhere than at a common point of both.

    Returns
    -------
    int64 array (n, 2)
        Positions of the ways; a way that crosses itself stands with itself.
    """
    segments = _Segments.of(ways)
    one, other, _ = segments.crossings()
    return np.unique(np.column_stack([segments.way[one], segments.way[other]]), axis=0)


def _extend(
    points: list[Point],
    index: int,
    ways: Sequence[Way[F]],
    through: dict[Point, list[int]],
    used: set[int],
) -> None:
    """Lead a line on from its last point for as long as nothing branches."""
    here = index
    while points[-1] in through:
        following = next((k for k in through[points[-1]] if k != here), here)
        if following in used:
            return
        used.add(following)
        more = ways[following].points
        points += more[1:] if more[0] == points[-1] else more[-2::-1]
        here = following


def _runs_on(node: Point, two: list[Way[F]]) -> bool:
    """Say whether two ways at a node are one line that merely was cut there."""
    if len(two) != 2 or two[0] is two[1] or two[0].facts != two[1].facts:
        return False
    return not two[0].facts.directed or (two[0].ends[1] == node) != (two[1].ends[1] == node)


def _with_crossings(ways: Sequence[Way[F]]) -> tuple[list[Way[F]], int]:
    """Put a point on lines of one level that cross without one, and count those crossings."""
    segments = _Segments.of(ways)
    one, other, places = segments.crossings()
    added: defaultdict[int, list[tuple[int, Point]]] = defaultdict(list)
    for pair, place in zip(zip(one, other, strict=True), places, strict=True):
        point = (int(place[0]), int(place[1]))
        for segment in pair:
            added[int(segments.way[segment])].append((int(segments.at[segment]), point))
    changed = list(ways)
    for index, points in added.items():
        changed[index] = Way(_inserted(ways[index].points, points), ways[index].facts)
    return changed, len(one)


def _inserted(points: tuple[Point, ...], new: list[tuple[int, Point]]) -> tuple[Point, ...]:
    """Put points into segments of a line, in the order in which they lie along it."""
    order = sorted(
        new,
        key=lambda item: (
            item[0],
            (item[1][0] - points[item[0]][0]) ** 2 + (item[1][1] - points[item[0]][1]) ** 2,
        ),
    )
    found: list[Point] = []
    for at, point in enumerate(points):
        found.append(point)
        found += [place for segment, place in order if segment == at]
    return tuple(p for k, p in enumerate(found) if k == 0 or p != found[k - 1])


@dataclass(frozen=True)
class _Segments:
    """All straight pieces of some ways."""

    start: IntArray
    end: IntArray
    way: IntArray
    at: IntArray
    level: IntArray

    @classmethod
    def of(cls, ways: Sequence[Way[F]]) -> _Segments:
        """Take ways apart."""
        counts = np.array([len(way.points) for way in ways])
        points = np.array([point for way in ways for point in way.points], dtype=np.int64)
        last = np.cumsum(counts) - 1
        first = np.setdiff1d(np.arange(len(points)), last)
        way = np.repeat(np.arange(len(ways)), counts)[first]
        at = first - (last - counts + 1)[way]
        level = np.array([one.facts.level for one in ways])[way]
        return cls(points[first], points[first + 1], way, at, level)

    def crossings(self) -> tuple[IntArray, IntArray, IntArray]:
        """Find pairs on one level that meet elsewhere than at an end of both, and where."""
        straight = np.asarray(shapely.linestrings(np.stack([self.start, self.end], axis=1)))
        one, other = shapely.STRtree(straight).query(straight)
        kept = (one < other) & (self.level[one] == self.level[other])
        one, other = one[kept], other[kept]
        a, b, c, d = self.start[one], self.end[one], self.start[other], self.end[other]
        turns = [_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)]
        proper = (turns[0] * turns[1] < 0) & (turns[2] * turns[3] < 0)
        found = [(one[proper], other[proper], _meeting(a, b, c, d)[proper])]
        # An end of one on the other, or on the same straight: that end is the place.
        for turn, place, (p, q) in zip(
            turns, (c, d, a, b), ((a, b), (a, b), (c, d), (c, d)), strict=True
        ):
            on = (turn == 0) & _strictly_between(place, p, q)
            found.append((one[on], other[on], place[on]))
        return (
            np.concatenate([part[0] for part in found]),
            np.concatenate([part[1] for part in found]),
            np.concatenate([part[2] for part in found]),
        )


def _turn(a: IntArray, b: IntArray, c: IntArray) -> IntArray:
    """Say on which side of a-b each c lies: 1, 0 or -1."""
    ab, ac = b - a, c - a
    return np.asarray(np.sign(ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]))


def _strictly_between(place: IntArray, p: IntArray, q: IntArray) -> BoolArray:
    """Say whether a place on the straight through p and q lies between them."""
    along = ((place - p) * (q - p)).sum(axis=1)
    return np.asarray((along > 0) & (along < ((q - p) ** 2).sum(axis=1)))


def _meeting(a: IntArray, b: IntArray, c: IntArray, d: IntArray) -> IntArray:
    """Give the points of the grid nearest to where a-b and c-d cross; 0 where they do not."""
    ab, cd, ac = (b - a).astype(float), (d - c).astype(float), (c - a).astype(float)
    across = ab[:, 0] * cd[:, 1] - ab[:, 1] * cd[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (ac[:, 0] * cd[:, 1] - ac[:, 1] * cd[:, 0]) / across
    place = a + np.where(np.isfinite(share), share, 0.0)[:, None] * ab
    return np.asarray(np.rint(np.clip(place, -1e9, 1e9)).astype(np.int64))
