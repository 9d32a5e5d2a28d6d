"""
How the land of several runs differs, on plain arrays: land by state, good land, overlap, consensus.

Good land is land above a score fixed before anything is compared: a short list of best sites is cut
off somewhere, and a stricter scenario can show more hectares on it than a looser one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.suitability.limits import State

_STATES, _GOODS = 5, 4
# A cell falls into one part: state, good or not, and what the interval of its score allows.
PARTS = _STATES * _GOODS * 4


class Good(IntEnum):
    """Whether a cell is good land for a use."""

    OUTSIDE = 0
    """Outside the study area."""
    NO = 1
    """Removed, or scored below the fixed score."""
    YES = 2
    """Allowed or conditional, and scored at the fixed score or above."""
    UNKNOWN = 3
    """An input is missing, so it is neither."""


@dataclass(frozen=True)
class LandAreas:
    """Land of a study area or a zone by what a run says about it, in cells."""

    study: int
    """All of it."""
    allowed: int
    conditional: int
    """A permit is needed."""
    removed: int
    unknown: int
    """Neither allowed nor removed, since an input is missing."""
    good_allowed: int
    """Allowed and at or above the fixed score."""
    good_conditional: int
    """Conditional and at or above the fixed score."""
    good_unknown: int
    """Land that may be good, but an input is missing."""
    good_surely: int
    """Good even at the least score the facts allow."""
    good_possibly: int
    """Open land that is good at the greatest score the facts allow."""

    @property
    def open(self) -> int:
        """Allowed and conditional land together."""
        return self.allowed + self.conditional

    @property
    def good(self) -> int:
        """Good land, allowed and conditional together."""
        return self.good_allowed + self.good_conditional


@dataclass(frozen=True)
class Overlap:
    """How far two sets of cells are the same land."""

    both: int
    """Cells in both."""
    first_only: int
    second_only: int
    unknown: int
    """Cells left out because it is unknown, in one or both, whether they belong."""

    @property
    def jaccard(self) -> float:
        """Shared part of what is in either; NaN where nothing is in either."""
        either = self.both + self.first_only + self.second_only
        return self.both / either if either else float("nan")


@dataclass(frozen=True)
class Consensus:
    """Land by the number of runs that call it good, in cells."""

    by_runs: tuple[int, ...]
    """Cells that are good in exactly 0, 1, ... of the runs."""
    possible: int
    """Cells good in all runs that know them, but unknown in at least one."""

    @property
    def good_in_all(self) -> int:
        """Count of cells that are good in every run."""
        return self.by_runs[-1]


def good_land(state: IntArray, score: FloatArray, at_least: float) -> IntArray:
    """
    Tell of every cell whether it is good land.

    Parameters
    ----------
    state : uint8 array (rows, cols)
        `State` of each cell.
    score : float array (rows, cols)
        Score from 0 to 1, NaN unknown.
    at_least : float
        The fixed score; a cell exactly at it is good.

    Returns
    -------
    good : uint8 array (rows, cols)
        `Good` of each cell. A cell in an unknown state that is known to score below the fixed score
        is not good.
    """
    reaches = score >= at_least
    may_reach = reaches | np.isnan(score)
    open_land = (state == State.ALLOWED) | (state == State.CONDITIONAL)
    good = np.full(state.shape, Good.NO, dtype=np.uint8)
    good[open_land & reaches] = Good.YES
    good[(open_land & np.isnan(score)) | ((state == State.UNKNOWN) & may_reach)] = Good.UNKNOWN
    good[state == State.OUTSIDE] = Good.OUTSIDE
    return good


def parts_of(
    state: IntArray, good: IntArray, low: FloatArray, high: FloatArray, at_least: float
) -> IntArray:
    """
    Give each cell one code for its state, whether it is good, and how sure that is.

    Parameters
    ----------
    state, good : uint8 array (rows, cols)
        `State` and `Good` of each cell.
    low, high : float array (rows, cols)
        Least and greatest score the facts allow, NaN unknown.
    at_least : float
        The fixed score.

    Returns
    -------
    part : int64 array (rows, cols)
        Below `PARTS`; see `areas_of`.
    """
    sure = (low >= at_least).astype(np.int64)
    possible = (high >= at_least).astype(np.int64)
    return ((state.astype(np.int64) * _GOODS + good) * 2 + sure) * 2 + possible


def count_parts(part: IntArray, zone: IntArray, zones: int) -> IntArray:
    """
    Count the cells of each part by zone; counts of strips may be added up.

    Parameters
    ----------
    part : int array (rows, cols)
        From `parts_of`.
    zone : int array (rows, cols)
        Number of the zone, from 0.
    zones : int
        How many zones there are.

    Returns
    -------
    count : int64 array (zones, PARTS)
        Cells.
    """
    flat = np.bincount((zone.astype(np.int64) * PARTS + part).ravel(), minlength=zones * PARTS)
    return flat.reshape(zones, PARTS)


def areas_of(count: IntArray) -> LandAreas:
    """Read the land of one zone, or of zones added up, from its counts of `count_parts`."""
    by = count.reshape(_STATES, _GOODS, 2, 2)
    known = by[State.ALLOWED] + by[State.CONDITIONAL]
    return LandAreas(
        study=int(by[State.ALLOWED :].sum()),
        allowed=int(by[State.ALLOWED].sum()),
        conditional=int(by[State.CONDITIONAL].sum()),
        removed=int(by[State.REMOVED].sum()),
        unknown=int(by[State.UNKNOWN].sum()),
        good_allowed=int(by[State.ALLOWED, Good.YES].sum()),
        good_conditional=int(by[State.CONDITIONAL, Good.YES].sum()),
        good_unknown=int(by[:, Good.UNKNOWN].sum()),
        good_surely=int(known[Good.YES, 1].sum()),
        good_possibly=int(known[:, :, 1].sum()),
    )


def cross_count(first: IntArray, second: IntArray) -> IntArray:
    """
    Count cells by what two runs say of them; counts of strips may be added up.

    Parameters
    ----------
    first, second : uint8 array (rows, cols)
        `Good` of each cell in either run.

    Returns
    -------
    count : int64 array (4, 4)
        Cells by `Good` in the first run (rows) and in the second (cols).
    """
    pair = first.astype(np.int64) * _GOODS + second
    return np.bincount(pair.ravel(), minlength=_GOODS * _GOODS).reshape(_GOODS, _GOODS)


def overlap_of_good(count: IntArray) -> Overlap:
    """Compare the good land of two runs by their `cross_count`."""
    yes, no, out, unknown = Good.YES, Good.NO, Good.OUTSIDE, Good.UNKNOWN
    return Overlap(
        both=int(count[yes, yes]),
        first_only=int(count[yes, no] + count[yes, out]),
        second_only=int(count[no, yes] + count[out, yes]),
        unknown=int(count[unknown].sum() + count[:, unknown].sum() - count[unknown, unknown]),
    )


def overlap_of_cells(first: IntArray, second: IntArray) -> Overlap:
    """Compare two sets of cells, each number once, such as the sites of two runs."""
    both = np.intersect1d(first, second, assume_unique=True).size
    return Overlap(both, first.size - both, second.size - both, 0)


def score_difference(first: FloatArray, second: FloatArray) -> FloatArray:
    """
    Take the score of the first run from that of the second.

    Parameters
    ----------
    first, second : float32 array (rows, cols)
        Scores from 0 to 1, NaN unknown.

    Returns
    -------
    difference : float32 array (rows, cols)
        From -1 to 1, above 0 where the second run scores better; NaN where either is unknown.
    """
    return np.asarray(second - first, dtype=np.float32)


def agreement(goods: Sequence[IntArray]) -> tuple[IntArray, IntArray, BoolArray]:
    """
    Count in how many runs each cell is good.

    Parameters
    ----------
    goods : sequence of uint8 array (rows, cols)
        `Good` of each cell, one array a run.

    Returns
    -------
    good : uint8 array (rows, cols)
        Runs in which the cell is good.
    unknown : uint8 array (rows, cols)
        Runs in which that is unknown.
    study : bool array (rows, cols)
        Cells inside the study area of at least one run.
    """
    good = np.zeros(goods[0].shape, dtype=np.uint8)
    unknown, study = np.zeros_like(good), np.zeros(good.shape, dtype=bool)
    for one in goods:
        good += one == Good.YES
        unknown += one == Good.UNKNOWN
        study |= one != Good.OUTSIDE
    return good, unknown, study


def consensus_counts(good: IntArray, unknown: IntArray, study: BoolArray, runs: int) -> IntArray:
    """
    Count cells by the runs that call them good; counts of strips may be added up.

    Parameters
    ----------
    good, unknown : uint8 array (rows, cols)
        From `agreement`.
    study : bool array (rows, cols)
        Cells that count.
    runs : int
        How many runs there are.

    Returns
    -------
    count : int64 array (runs + 2,)
        Cells good in 0 to `runs` runs; last, cells good in all that know them, unknown in some.
    """
    count = np.bincount(good[study], minlength=runs + 1)
    possible = (study & (unknown > 0) & (good + unknown == runs)).sum()
    return np.append(count, possible)


def consensus_of(count: IntArray) -> Consensus:
    """Read the consensus of runs from its counts, see `consensus_counts`."""
    return Consensus(tuple(int(n) for n in count[:-1]), int(count[-1]))
