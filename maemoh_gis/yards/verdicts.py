"""
What can be known of a place for a yard: it holds, it certainly fails, or it cannot be told.

Every test of a place compares a reading with a limit, and most readings have an error larger than
the limit. A place certainly fails only where the reading is beyond the limit by more than its
error; it holds only where the reading is within the limit by as much; between nobody can tell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

TESTS = ("straight", "grade", "tracks", "land", "one_side", "roads")
"""What is tested, in the order of the bits of `Verdicts`."""


@dataclass(frozen=True)
class Tested:
    """What one test says of places, bool arrays (n,)."""

    fails: BoolArray
    """Certainly fails, whatever the error."""
    holds: BoolArray
    """Certainly holds, whatever the error."""
    beyond: BoolArray
    """Fails as read: the reading is beyond the limit, or there is none."""


@dataclass(frozen=True)
class Verdicts:
    """What all tests say of places, uint32 arrays (n,): a bit a test, in the order of `TESTS`."""

    failed: IntArray
    """The test certainly fails."""
    open: IntArray
    """The test cannot be told."""
    beyond: IntArray
    """The test fails as read, whether or not its error allows otherwise."""

    @property
    def fails(self) -> BoolArray:
        """Say at which places at least one test certainly fails."""
        return np.asarray(self.failed > 0)

    @property
    def untold(self) -> BoolArray:
        """Say at which no test certainly fails and at least one cannot be told."""
        return np.asarray((self.failed == 0) & (self.open > 0))

    @property
    def holds(self) -> BoolArray:
        """Say at which places every test certainly holds."""
        return np.asarray((self.failed == 0) & (self.open == 0))

    @property
    def as_read(self) -> BoolArray:
        """Say at which places every reading is within its limit, proven or not."""
        return np.asarray(self.beyond == 0)

    def has(self, bits: IntArray, test: str) -> BoolArray:
        """Say where the bit of a test is set."""
        return np.asarray((bits >> TESTS.index(test)) & 1 == 1)


def compare(reading: FloatArray, error: float, limit: float, *, provable: bool = True) -> Tested:
    """
    Compare readings that have an error with the most that is allowed.

    Parameters
    ----------
    reading : float array (n,)
        What was read; NaN where nothing is known.
    error : float
        How far the truth may be from a reading; infinite where nobody knows.
    limit : float
        The most that is allowed, in the unit of the reading.
    provable : bool
        Whether readings of this kind can prove that the limit is kept.

    Examples
    --------
    >>> found = compare(np.array([1.0, 3.0, 9.0]), 1.0, 2.5)
    >>> found.holds.tolist(), found.fails.tolist(), found.beyond.tolist()
    ([True, False, False], [False, False, True], [False, True, True])
    """
    if math.isinf(error):
        nowhere = np.zeros(len(reading), dtype=bool)
        return Tested(nowhere, nowhere, ~(reading <= limit))
    return Tested(
        fails=np.asarray(reading - error > limit),
        holds=np.asarray(reading + error <= limit) & provable,
        beyond=~(reading <= limit),
    )


def verdicts_of(found: dict[str, Tested]) -> Verdicts:
    """Put the tests of places together."""

    def bits(which: dict[str, BoolArray]) -> IntArray:
        each = [which[test].astype(np.uint32) << k for k, test in enumerate(TESTS)]
        return np.asarray(sum(each), dtype=np.uint32)

    return Verdicts(
        failed=bits({test: one.fails for test, one in found.items()}),
        open=bits({test: ~one.fails & ~one.holds for test, one in found.items()}),
        beyond=bits({test: one.beyond for test, one in found.items()}),
    )


def both(one: Tested, other: Tested) -> Tested:
    """Give a test that holds only where two hold and fails where either fails."""
    return Tested(one.fails | other.fails, one.holds & other.holds, one.beyond | other.beyond)


def either(one: Tested, other: Tested) -> Tested:
    """Give a test that holds where either of two holds and fails only where both fail."""
    return Tested(one.fails & other.fails, one.holds | other.holds, one.beyond & other.beyond)


@dataclass(frozen=True)
class TestCount:
    """How many places one test settles or leaves open."""

    test: str
    """One of `TESTS`; `all` for all together."""
    at_all: int
    """Places it certainly turns down, whether or not another test does too."""
    alone: int
    """Places that only this test certainly turns down."""
    untold: int
    """Places that no test certainly turns down and at which this one cannot be told."""
    beyond: int
    """Of these, places at which its reading is beyond the limit, or there is none."""


def counted(verdicts: Verdicts) -> tuple[TestCount, ...]:
    """Count what each test says, then all together."""
    failed, untold = verdicts.failed, verdicts.untold
    rows = []
    for k, test in enumerate(TESTS):
        open_here = untold & verdicts.has(verdicts.open, test)
        rows.append(
            TestCount(
                test,
                at_all=int(verdicts.has(failed, test).sum()),
                alone=int((failed == 1 << k).sum()),
                untold=int(open_here.sum()),
                beyond=int((open_here & verdicts.has(verdicts.beyond, test)).sum()),
            )
        )
    alone = sum(row.alone for row in rows)
    beyond = int((untold & (verdicts.beyond > 0)).sum())
    return (*rows, TestCount("all", int((failed > 0).sum()), alone, int(untold.sum()), beyond))
