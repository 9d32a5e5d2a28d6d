"""Numbering the different values of an array without sorting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from maemoh_gis.core.types import IntArray

# A table with a place for every value up to here is smaller than most arrays of cells.
_MOST_IN_TABLE = 1 << 20


def numbered(values: IntArray) -> tuple[IntArray, IntArray]:
    """
    Give what `np.unique` gives with the inverse, in a tenth of the time where values are small.

    Parameters
    ----------
    values : int array (n,)
        None below 0.

    Returns
    -------
    different : int array (k,)
        The values that occur, rising.
    number : int array (n,)
        Place of each value among them.
    """
    if values.max(initial=0) >= _MOST_IN_TABLE:
        different, number = np.unique(values, return_inverse=True)
        return different, number
    counts = np.bincount(values)
    different = np.flatnonzero(counts)
    place = np.zeros(len(counts), dtype=np.int64)
    place[different] = np.arange(len(different))
    return different.astype(values.dtype), place[values]
