"""The least relaxation that lets a yard fit: one need at a time, then two together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.near_misses.relaxation import (
    LADDERED,
    Laddered,
    Relaxation,
    Step,
    crossings,
    ladder,
    need_of,
    relaxed,
)
from maemoh_gis.yards.fit import LineSearch
from maemoh_gis.yards.verdicts import TESTS

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.yard_needs import YardNeeds

READ = ("grade", "straight")
"""Needs of which the reading itself tells how far they must give way."""
_DIGITS = {"grade": 2, "straight": 1}
# The tests a need has a say in; what fails by another one no level of it can mend.
_MENDS: dict[str, tuple[str, ...]] = {
    "siding": TESTS,
    "length": ("land", "one_side", "roads"),
    "width": ("land", "one_side", "roads"),
    "offset": ("tracks", "land", "one_side", "roads"),
    "roads": ("roads",),
}
_TO_THE_METRE = 1.0


@dataclass(frozen=True)
class Tried:
    """Places at one station and what the tests say of them as read, arrays (n,)."""

    search: LineSearch
    middles_m: FloatArray
    sides: IntArray
    beyond: IntArray
    """Bits of `TESTS` that fail as read."""
    permille: FloatArray
    stray_m: FloatArray

    def take(self, which: BoolArray) -> Tried:
        """Keep some of the places."""
        return replace(
            self,
            middles_m=self.middles_m[which],
            sides=self.sides[which],
            beyond=self.beyond[which],
            permille=self.permille[which],
            stray_m=self.stray_m[which],
        )

    def after(self, steps: tuple[Step, ...]) -> Tried:
        """Apply the tests anew with relaxed needs."""
        if not len(self.middles_m):
            return self
        search = self.search.having(relaxed(self.search.needs, steps))
        return tried_at(search, self.middles_m, self.sides)


def tried_at(search: LineSearch, middles: FloatArray, sides: IntArray) -> Tried:
    """Apply every test to some places."""
    siding = search.needs.sidings_m[0]
    return Tried(
        search,
        middles,
        sides,
        search.judge(middles, sides).beyond,
        search.grades(middles, siding).permille,
        search.chords(middles, siding).stray_m,
    )


def least_alone(tried: Tried) -> list[Relaxation]:
    """Give for every need that suffices alone the least it must give way, the least first."""
    found = [*_by_readings(tried, ()), *_by_crossings(tried)]
    for parameter in LADDERED:
        left = tried.take(_only(tried.beyond, _MENDS[parameter]))
        if (one := _first_level(left, parameter)) is not None:
            found.append(one)
    return _in_order(found)


def least_together(tried: Tried) -> Relaxation | None:
    """Give the least relaxation of two needs together."""
    found: list[Relaxation] = [*_both_read(tried)]
    for parameter in LADDERED:
        found += _with_level(tried, parameter, found)
    for step in crossings(tried.search.needs):
        left = tried.take(_only(tried.beyond, (*_MENDS["roads"], *READ)))
        found += _by_readings(left.after((step,)), (step,))
    if not found:
        found += _length_and_width(tried)
    best = next(iter(_in_order(found)), None)
    return None if best is None else _each_to_the_metre(tried, best)


def _each_to_the_metre(tried: Tried, found: Relaxation) -> Relaxation:
    """Take back of each level what is not needed where the other need stays as it is."""
    fit = tried.take(tried.after(found.steps).beyond == 0)
    for step in found.steps:
        if step.parameter in LADDERED:
            others = tuple(one for one in found.steps if one.parameter != step.parameter)
            held = _level_before(tried.search.needs, step)
            found = _to_the_metre(fit, step, held, others)
            fit = fit.take(fit.after(found.steps).beyond == 0)
    return found


def _level_before(needs: YardNeeds, step: Step) -> float:
    """Give the level of the ladder that was tried before a step, or the need itself."""
    held = step.was
    for one in ladder(needs, cast("Laddered", step.parameter)):
        if one.to == step.to:
            break
        held = one.to
    return held


def _in_order(found: list[Relaxation]) -> list[Relaxation]:
    return sorted(found, key=lambda one: (one.effort, one.middle_m, -one.side))


def _only(beyond: IntArray, tests: tuple[str, ...]) -> BoolArray:
    """Say which places fail by nothing but some tests."""
    mended = sum(1 << TESTS.index(test) for test in tests)
    return np.asarray((beyond & ~np.uint32(mended)) == 0)


def _by_readings(tried: Tried, before: tuple[Step, ...]) -> Iterator[Relaxation]:
    """Relax grade or straightness to the least reading of the places that fail by it alone."""
    for parameter in READ:
        at = np.flatnonzero(_only(tried.beyond, (parameter,)) & (tried.beyond > 0))
        reading = tried.permille[at] if parameter == "grade" else tried.stray_m[at]
        known = at[np.isfinite(reading)]
        if not len(known):
            continue
        best = known[int(np.argmin(reading[np.isfinite(reading)]))]
        step = _step_to(tried, parameter, int(best))
        if step is not None:
            yield _relaxation(tried, int(best), (*before, step))


def _step_to(tried: Tried, parameter: str, place: int) -> Step | None:
    """Relax grade or straightness up to the reading of a place, rounded so that it suffices."""
    needs = tried.search.needs
    scale = 10.0 ** _DIGITS[parameter]
    if parameter == "grade":
        to = math.ceil(float(tried.permille[place]) * scale) / scale
        return Step("grade", need_of(needs, "grade"), to)
    to = math.ceil(float(tried.stray_m[place]) * scale) / scale
    # A line that strays as far as the yard stands off would run through it.
    return Step("straight", need_of(needs, "straight"), to) if to < needs.offset_m else None


def _relaxation(tried: Tried, place: int, steps: tuple[Step, ...]) -> Relaxation:
    return Relaxation(steps, float(tried.middles_m[place]), int(tried.sides[place]))


def _by_crossings(tried: Tried) -> Iterator[Relaxation]:
    """Let a class of road across where nothing else fails."""
    left = tried.take(_only(tried.beyond, _MENDS["roads"]) & (tried.beyond > 0))
    for step in crossings(tried.search.needs):
        fits = np.flatnonzero(left.after((step,)).beyond == 0)
        if len(fits):
            yield _relaxation(left, int(fits[0]), (step,))


def _first_level(tried: Tried, parameter: Laddered) -> Relaxation | None:
    """Go down the ladder of a need to the first level at which a place fits, then to the metre."""
    if not len(tried.middles_m):
        return None
    held = need_of(tried.search.needs, parameter)
    tried = _mended_at_most(tried, parameter, ())
    for step in ladder(tried.search.needs, parameter) if len(tried.middles_m) else ():
        fits = tried.after((step,)).beyond == 0
        if fits.any():
            return _to_the_metre(tried.take(fits), step, held)
        held = step.to
    return None


def _mended_at_most(tried: Tried, parameter: Laddered, but: tuple[str, ...]) -> Tried:
    """Leave out places that fail, `but` by some tests, even where a need gives way to the last."""
    levels = list(ladder(tried.search.needs, parameter))
    # What fits a yard fits any within it; nothing of the kind holds for siding and distance.
    if parameter not in ("length", "width") or not levels or not len(tried.middles_m):
        return tried
    return tried.take(_only(tried.after((levels[-1],)).beyond, but))


def _to_the_metre(
    tried: Tried, step: Step, held: float, others: tuple[Step, ...] = ()
) -> Relaxation:
    """Halve between a level that fits, beside others, and one that does not, down to a metre."""
    fits = step.to
    while abs(held - fits) > _TO_THE_METRE:
        middle = round((held + fits) / 2.0)
        if middle in (held, fits):
            break
        at = tried.after((replace(step, to=float(middle)), *others)).beyond == 0
        if at.any():
            fits, tried = float(middle), tried.take(at)
        else:
            held = float(middle)
    return _relaxation(tried, 0, (replace(step, to=fits), *others))


def _both_read(tried: Tried) -> Iterator[Relaxation]:
    """Relax grade and straightness together."""
    needs = tried.search.needs
    both = _only(tried.beyond, READ) & (tried.beyond > 0)
    usable = both & np.isfinite(tried.permille) & (tried.stray_m < needs.offset_m)
    best = math.inf
    kept: Relaxation | None = None
    for place in np.flatnonzero(usable):
        steps = [_step_to(tried, parameter, int(place)) for parameter in READ]
        one = _relaxation(tried, int(place), tuple(step for step in steps if step is not None))
        if len(one.steps) == len(READ) and one.effort < best:
            kept, best = one, one.effort
    if kept is not None:
        yield kept


def _with_level(
    tried: Tried, parameter: Laddered, before: list[Relaxation]
) -> Iterator[Relaxation]:
    """Relax a need level by level, and grade or straightness as far as then needed."""
    least = min((one.effort for one in before), default=math.inf)
    left = tried.take(_only(tried.beyond, (*_MENDS[parameter], *READ)))
    left = _mended_at_most(left, parameter, READ)
    for step in ladder(tried.search.needs, parameter) if len(left.middles_m) else ():
        if step.effort >= least:
            return
        for one in _by_readings(left.after((step,)), (step,)):
            least = min(least, one.effort)
            yield one


def _length_and_width(tried: Tried) -> Iterator[Relaxation]:
    """Make the yard shorter and narrower together, by what asks for least."""
    needs = tried.search.needs
    left = tried.take(_only(tried.beyond, _MENDS["length"]))
    shorter, narrower = list(ladder(needs, "length")), list(ladder(needs, "width"))
    if not (len(left.middles_m) and shorter and narrower):
        return
    left = left.take(left.after((shorter[-1], narrower[-1])).beyond == 0)
    pairs = sorted(
        ((one, other) for one in shorter for other in narrower),
        key=lambda pair: pair[0].effort + pair[1].effort,
    )
    for pair in pairs if len(left.middles_m) else ():
        fits = np.flatnonzero(left.after(pair).beyond == 0)
        if len(fits):
            yield _relaxation(left, int(fits[0]), pair)
            return
