"""
Limits: law and physics that remove land or make it conditional, kept apart from preferences.

Four states of a cell are kept apart: allowed, conditional (a permit is needed), removed, unknown.
The order of limits never matters, and what each removes at all and alone adds up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.scenario.settings.limit import MAX_LIMITS


class State(IntEnum):
    """What the limits say about a cell."""

    OUTSIDE = 0
    """Outside the study area."""
    ALLOWED = 1
    """No limit that was checked removes it or asks for a permit."""
    CONDITIONAL = 2
    """A permit is needed."""
    REMOVED = 3
    """A limit certainly removes it."""
    UNKNOWN = 4
    """An input is missing, so it is neither allowed nor removed."""


@dataclass(frozen=True)
class LimitCells:
    """Where a limit holds, bool arrays (rows, cols)."""

    hit: BoolArray
    """The limit certainly holds."""
    unknown: BoolArray
    """The input does not say, so the land is neither allowed nor removed."""
    spared: BoolArray | None = None
    """The limit certainly does not hold, which a layer proves only where it is complete; all that
    is neither hit nor unknown, if not given."""

    @property
    def settled(self) -> BoolArray:
        """Whether it is known if the limit holds: the land that was checked against it."""
        return ~self.unknown if self.spared is None else self.hit | self.spared


@dataclass(frozen=True)
class Availability:
    """What all limits together say."""

    state: IntArray
    """`State` of each cell, uint8 (rows, cols)."""
    removed_by: IntArray
    """Bit k is set where the k-th removing limit holds, uint32 (rows, cols)."""
    conditional_by: IntArray
    """Bit k is set where the k-th conditional limit holds, uint32 (rows, cols)."""


@dataclass(frozen=True)
class RemovedRow:
    """What one limit does to the study area."""

    limit: str
    """Id of the limit; `all` for all together."""
    at_all_m2: float
    """Land it removes, whether or not another limit does too."""
    alone_m2: float
    """Land that only this limit removes."""
    shared_m2: float
    """Land that it removes together with others."""


def holds_inside(inside: BoolArray, depth: FloatArray | None) -> LimitCells:
    """
    Hold inside polygons.

    Parameters
    ----------
    inside : bool array (rows, cols)
        Cells inside a recorded polygon.
    depth : float array (rows, cols), m, or None
        How deep the cell lies inside the land where the layer is complete; None: complete
        everywhere.
    """
    spared = ~inside if depth is None else ~inside & (depth > 0)
    return LimitCells(inside, np.zeros_like(inside), spared)


def holds_within(
    distance: FloatArray, reach_m: float, depth: FloatArray | None = None
) -> LimitCells:
    """
    Hold where a feature is up to `reach_m` away; a cell exactly at the reach is inside it.

    Never unknown: a feature that is there removes land even where the layer is incomplete. Known
    not to hold only where no feature can be missing within reach.

    Parameters
    ----------
    distance : float array (rows, cols), m
        Distance to the nearest known feature.
    reach_m : float
        Reach of the limit in metres.
    depth : float array (rows, cols), m, or None
        How deep the cell lies inside the land where the layer is complete; None: complete
        everywhere.
    """
    hit, missing = distance <= reach_m, np.isnan(distance)
    spared = ~hit & ~missing
    return LimitCells(hit, missing, spared if depth is None else spared & (depth > reach_m))


def holds_beyond(distance: FloatArray, depth: FloatArray | None, reach_m: float) -> LimitCells:
    """
    Hold where every feature is certainly farther than `reach_m`.

    Parameters
    ----------
    distance : float array (rows, cols), m
        Distance to the nearest known feature: an upper bound where the layer may be incomplete.
    depth : float array (rows, cols), m, or None
        How deep the cell lies inside the land where the layer is complete; None: complete
        everywhere.
    reach_m : float
        Reach of the limit in metres.
    """
    far = distance > reach_m
    certain = far if depth is None else far & (depth > reach_m)
    return LimitCells(certain, (far & ~certain) | np.isnan(distance), distance <= reach_m)


def holds_where(values: FloatArray, *, above: float | None, below: float | None) -> LimitCells:
    """
    Hold where a raster (rows, cols) is above or below a threshold in its unit; NaN is unknown.

    A cell exactly at the threshold is not beyond it.
    """
    hit = np.zeros(values.shape, dtype=bool)
    if above is not None:
        hit |= values > above
    if below is not None:
        hit |= values < below
    missing = np.isnan(values)
    return LimitCells(hit, missing, ~hit & ~missing)


def holds_for_codes(codes: IntArray, wanted: Sequence[int]) -> LimitCells:
    """Hold where a categorical raster (uint8, 0 is no data) has one of the wanted codes."""
    hit, missing = np.isin(codes, np.asarray(wanted)), codes == 0
    return LimitCells(hit, missing, ~hit & ~missing)


def both_hold(one: LimitCells, other: LimitCells) -> LimitCells:
    """Hold where two conditions hold together."""
    hit = one.hit & other.hit
    possible = (one.hit | one.unknown) & (other.hit | other.unknown)
    never = (one.settled & ~one.hit) | (other.settled & ~other.hit)
    return LimitCells(hit, possible & ~hit, never)


def combine_limits(
    study: BoolArray,
    removing: Mapping[str, LimitCells],
    conditional: Mapping[str, LimitCells],
    unknown: BoolArray,
) -> Availability:
    """
    Say for every cell whether it is allowed, conditional, removed or unknown.

    Parameters
    ----------
    study : bool array (rows, cols)
        The study area.
    removing, conditional : mapping of str to LimitCells
        Limits by id and outcome, at most 32 of each.
    unknown : bool array (rows, cols)
        Cells with an input missing outside the limits.
    """
    missing = unknown.copy()
    for limit in (*removing.values(), *conditional.values()):
        missing |= limit.unknown
    removed_by = _bits(removing, study)
    conditional_by = _bits(conditional, study)
    state = np.full(study.shape, State.ALLOWED, dtype=np.uint8)
    state[conditional_by > 0] = State.CONDITIONAL
    state[missing] = State.UNKNOWN
    state[removed_by > 0] = State.REMOVED
    state[~study] = State.OUTSIDE
    return Availability(state, removed_by, conditional_by)


def removed_rows(
    names: Sequence[str], patterns: IntArray, counts: IntArray, cell_area_m2: float
) -> list[RemovedRow]:
    """
    Say what each limit removes, from counts of the limits that hold together.

    `names` stand in the order of their bits; `patterns` holds each set of bits once, `counts` the
    cells where they hold.
    """
    several = (patterns & (patterns - 1)) != 0
    rows = []
    for k, name in enumerate(names):
        mine = (patterns >> np.uint32(k)) & np.uint32(1) == 1
        at_all = int(counts[mine].sum())
        alone = int(counts[mine & ~several].sum())
        rows.append(_row(name, at_all, alone, cell_area_m2))
    hit = patterns > 0
    rows.append(
        _row("all", int(counts[hit].sum()), int(counts[hit & ~several].sum()), cell_area_m2)
    )
    return rows


def _row(name: str, at_all: int, alone: int, cell_area_m2: float) -> RemovedRow:
    return RemovedRow(
        name, at_all * cell_area_m2, alone * cell_area_m2, (at_all - alone) * cell_area_m2
    )


def _bits(limits: Mapping[str, LimitCells], study: BoolArray) -> IntArray:
    assert len(limits) <= MAX_LIMITS  # `check` refuses more
    bits = np.zeros(study.shape, dtype=np.uint32)
    for k, limit in enumerate(limits.values()):
        bits[limit.hit & study] |= np.uint32(1 << k)
    return bits
