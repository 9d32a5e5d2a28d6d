"""
Leaving out lesser roads that have another road beside them, so that a province's roads stay light.

A road goes where every place on it has a kept road within a stated distance and the way between its
ends stays short, so what is near a road in the source is near one in the drawing, to that distance.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

import numpy as np
import shapely

from pack.noding import F, Point, Way, by_node, lines_in_metres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from maemoh_gis.core.types import BoolArray, IntArray

SAMPLE_M = 25.0
"""Spacing of the places on a road that must have another road beside them."""

DETOUR, DETOUR_MORE_M = 3.0, 300.0
"""Between the ends of what goes, the way may become three times as long and 300 m: a block."""


def thinned(ways: Sequence[Way[F]], may_go: BoolArray, beside_m: float) -> list[Way[F]]:
    """
    Leave out lesser ways, the shortest first.

    Parameters
    ----------
    ways : sequence of Way
        Noded lines.
    may_go : bool array (n,)
        Which of them may be left out.
    beside_m : float
        How near to every place on what goes a kept way must be, m.
    """
    lines = lines_in_metres(ways)
    network = _Network(ways, shapely.length(lines).tolist(), by_node(ways), [True] * len(ways))
    cover = _Cover.of(lines, may_go, beside_m)
    for index in sorted(np.flatnonzero(may_go).tolist(), key=lambda k: (network.length_m[k], k)):
        if cover.can_lose(index) and network.stays_joined(index):
            cover.lose(index)
            network.kept[index] = False
    return [way for way, kept in zip(ways, network.kept, strict=True) if kept]


@dataclass
class _Cover:
    """Places along the ways that may go, and the kept ways near each."""

    own: list[IntArray]
    """Places along each way."""
    beside: list[IntArray]
    """Places along others that each way is near to."""
    kept_near: IntArray
    """Number of kept ways near each place, (places,)."""
    gone: BoolArray
    """Whether the way of each place has gone, (places,)."""

    @classmethod
    def of(cls, lines: np.ndarray, may_go: BoolArray, beside_m: float) -> _Cover:
        """Find what lies near each place."""
        chosen = np.flatnonzero(may_go)
        dense = shapely.segmentize(lines[chosen], SAMPLE_M)
        xy, position = shapely.get_coordinates(dense, return_index=True)
        owner = chosen[position]
        place, way = shapely.STRtree(lines).query(
            shapely.points(xy), predicate="dwithin", distance=beside_m
        )
        other = way != owner[place]
        place, way = place[other], way[other]
        return cls(
            _grouped(np.arange(len(xy)), owner, len(lines)),
            _grouped(place, way, len(lines)),
            np.bincount(place, minlength=len(xy)),
            np.zeros(len(xy), dtype=bool),
        )

    def can_lose(self, way: int) -> bool:
        """Say whether a way lies beside kept ones, and no way that went rests on it alone."""
        beside = self.beside[way]
        rests = self.gone[beside] & (self.kept_near[beside] < 2)
        return bool((self.kept_near[self.own[way]] > 0).all() and not rests.any())

    def lose(self, way: int) -> None:
        """Let a way go."""
        self.gone[self.own[way]] = True
        self.kept_near[self.beside[way]] -= 1


def _grouped(values: IntArray, group: IntArray, groups: int) -> list[IntArray]:
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(1, groups))
    return np.split(values[order], bounds)


@dataclass
class _Network(Generic[F]):
    """Ways of which some have gone already."""

    ways: Sequence[Way[F]]
    length_m: list[float]
    at: dict[Point, list[int]]
    kept: list[bool]

    def stays_joined(self, index: int) -> bool:
        """Say whether the ends of a way stay joined by a short way without it."""
        start, end = self.ways[index].ends
        joins = [any(k != index for k, _, _ in self._from(node)) for node in (start, end)]
        if start == end or not all(joins):
            # A dead end leaves nothing apart; a road all by itself would be gone altogether.
            return any(joins)
        limit_m = DETOUR * self.length_m[index] + DETOUR_MORE_M
        return self._reached(start, end, without=index, limit_m=limit_m)

    def _reached(self, start: Point, end: Point, *, without: int, limit_m: float) -> bool:
        best = {start: 0.0}
        queue = [(0.0, start)]
        while queue:
            gone_m, node = heapq.heappop(queue)
            if node == end:
                return True
            for way, other, more_m in self._from(node):
                total = gone_m + more_m
                if way != without and total <= limit_m and total < best.get(other, np.inf):
                    best[other] = total
                    heapq.heappush(queue, (total, other))
        return False

    def _from(self, node: Point) -> Iterator[tuple[int, Point, float]]:
        """List the kept ways at a node, with their other end and length."""
        for way in self.at[node]:
            if self.kept[way]:
                one, other = self.ways[way].ends
                yield way, other if one == node else one, self.length_m[way]
