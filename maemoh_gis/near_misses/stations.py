"""Each station of a line: does a yard fit there, which place comes nearest, what would it take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.core.types import BoolArray
from maemoh_gis.near_misses.least import Tried, least_alone, least_together
from maemoh_gis.near_misses.readings import TestReading, readings_at
from maemoh_gis.near_misses.relaxation import Relaxation, relaxed
from maemoh_gis.yards.fit import LineSearch
from maemoh_gis.yards.land_under import zonal_sums
from maemoh_gis.yards.shapes import polygons_of
from maemoh_gis.yards.table import at_line
from maemoh_gis.yards.verdicts import Verdicts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.messages import Text

WITHIN_M = 2000.0
"""How far along the line a place may lie to be one of a station. ASSUMPTION: a yard farther off
needs a station of its own."""
Survey = Literal["levels", "roads", "land", "none"]
"""The one survey that would settle most; none where what stands against a yard is certain."""
SettledBy: dict[Survey, tuple[str, ...]] = {
    "levels": ("straight", "grade", "one_side"),
    "roads": ("roads",),
    "land": ("land", "tracks"),
}
"""Tests that a survey settles."""
_TWO_SIGMA = 2.0


@dataclass(frozen=True)
class StationMiss:
    """A station, the place near it that comes nearest to a yard, and what is short there."""

    title: Text
    km: float
    """Along the line, of the station."""
    point: BaseGeometry
    places: int
    """Places tried within `WITHIN_M` of it along the line, both sides."""
    holds: int
    untold: int
    as_read: int
    """Of those that no test certainly turns down, the ones whose readings all keep the limits."""
    place_km: float
    side: int
    """+1 left, -1 right."""
    shape: BaseGeometry
    """The rectangle there, as relaxed where it is."""
    tests: tuple[TestReading, ...]
    """As asked for, before anything is relaxed."""
    alone: tuple[Relaxation, ...]
    """Each need that suffices alone, the least relaxed first; empty where a yard fits as read."""
    together: Relaxation | None
    """Two needs, where none suffices alone."""
    survey: Survey
    siding_m: float
    levels_within_m: float
    """Standard error of one height below which the grade there is told; NaN where that is none."""

    @property
    def verdict(self) -> Literal["holds", "as_read", "cannot_be_told", "fails"]:
        """Say whether a yard fits at the station as far as is known."""
        if self.holds:
            return "holds"
        if self.as_read:
            return "as_read"
        return "cannot_be_told" if self.untold else "fails"

    @property
    def least(self) -> Relaxation | None:
        """Give the least relaxation that makes a yard fit as read."""
        return self.alone[0] if self.alone else self.together


def station_misses(
    search: LineSearch, verdicts: Verdicts, inside: BoolArray
) -> tuple[StationMiss, ...]:
    """
    Look at every station of a line in the study area, in its order.

    `verdicts` are those of all places of `search`; `inside` tells of each station of
    `search.around` whether it lies in the study area.
    """
    stations = search.around.stations
    if stations is None:
        return ()
    own, chainage = at_line(search.line, stations.assign(inside=inside))
    if own is None:
        return ()
    middles, sides = search.places()
    siding = search.needs.sidings_m[0]
    tried = Tried(
        search,
        middles,
        sides,
        verdicts.beyond,
        search.grades(middles, siding).permille,
        search.chords(middles, siding).stray_m,
    )
    away = np.abs(middles[:, np.newaxis] - chainage[np.newaxis, :])
    nearest = away.argmin(axis=1)
    near = (away.min(axis=1) <= WITHIN_M) if len(middles) else np.zeros(0, dtype=bool)
    wanted = [int(k) for k in np.flatnonzero(own["inside"]) if (near & (nearest == k)).any()]

    def look(k: int) -> StationMiss:
        title = {x: str(own[f"name_{x}"].iloc[k]) for x in LANGUAGES}
        station = _Station(title, own.geometry.iloc[k], float(chainage[k]))
        return _at_station(station, tried, verdicts, near & (nearest == k))

    with ThreadPoolExecutor(2) as pool:
        # Most of the work is done by libraries that leave the interpreter free.
        return tuple(pool.map(look, wanted))


@dataclass(frozen=True)
class _Station:
    """A station on its line."""

    title: Text
    point: BaseGeometry
    chainage_m: float


def _at_station(
    station: _Station, tried: Tried, verdicts: Verdicts, here: BoolArray
) -> StationMiss:
    own = tried.take(here)
    of = Verdicts(verdicts.failed[here], verdicts.open[here], verdicts.beyond[here])
    fits = bool(of.as_read.any())
    alone = () if fits else tuple(least_alone(own))
    together = None if fits or alone else least_together(own)
    least = alone[0] if alone else together
    at = _nearest_place(own, of, least)
    middle, side = float(own.middles_m[at]), int(own.sides[at])
    tests = readings_at(own.search, middle, side)
    steps = () if least is None else least.steps
    shown = own.search.having(relaxed(own.search.needs, steps))
    yard = shown.yards(own.middles_m[at : at + 1], own.sides[at : at + 1])
    grade = next(one for one in tests if one.test == "grade")
    return StationMiss(
        title=station.title,
        km=station.chainage_m / 1000.0,
        point=station.point,
        places=int(here.sum()),
        holds=int(of.holds.sum()),
        untold=int(of.untold.sum()),
        as_read=int((of.as_read & ~of.fails).sum()),
        place_km=middle / 1000.0,
        side=side,
        shape=polygons_of(yard)[0],
        tests=tuple(tests),
        alone=alone,
        together=together,
        survey=_survey(tests),
        siding_m=own.search.needs.sidings_m[0],
        levels_within_m=_levels_within(grade, own.search.needs.sidings_m[0]),
    )


def _nearest_place(own: Tried, of: Verdicts, least: Relaxation | None) -> int:
    """Give the place to tell of: what fits on the best land, the near miss, or the least bad."""
    if least is not None:
        same = (own.middles_m == least.middle_m) & (own.sides == least.side)
        return int(np.flatnonzero(same)[0])
    beneath = zonal_sums(
        own.search.land, own.search.yards(own.middles_m, own.sides), own.search.needs.cell_m
    )
    failed = np.array([int(bits).bit_count() for bits in of.failed])
    beyond = np.array([int(bits).bit_count() for bits in of.beyond])
    order = np.lexsort((-beneath.mean_score, beneath.unusable, beyond, failed))
    return int(order[0])


def _survey(tests: Sequence[TestReading]) -> Survey:
    """Choose the survey that settles most of what is open at a place."""
    if any(one.outcome == "fails" for one in tests):
        return "none"
    still = {one.test for one in tests if one.outcome == "cannot_be_told"}
    settled = {kind: len(still.intersection(of)) for kind, of in SettledBy.items()}
    best = max(settled, key=lambda kind: settled[kind])
    return best if settled[best] else "none"


def _levels_within(grade: TestReading, siding_m: float) -> float:
    """Say how sure a height must be for the grade to be told: two errors of a difference of two."""
    if grade.outcome != "cannot_be_told" or math.isnan(grade.value):
        return math.nan
    room_m = abs(grade.margin) / 1000.0 * siding_m
    return room_m / (_TWO_SIGMA * math.sqrt(2.0))


def with_limits(miss: StationMiss, limits: Sequence[TestReading]) -> StationMiss:
    """Put what limits say of the land beneath behind the tests."""
    return replace(miss, tests=(*miss.tests, *limits))
