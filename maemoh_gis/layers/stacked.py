"""Rasters one above the other: every cell from the first that has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from maemoh_gis.core.types import FloatArray, IntArray

_WHOLE = 1.0 - 1e-9
"""Shares of a cell are sums of parts, which miss one by less than this."""


def stacked(
    nothing: FloatArray, found: Sequence[FloatArray], covers: Iterable[FloatArray]
) -> tuple[FloatArray, IntArray]:
    """
    Lay readings of one place by several rasters over one another.

    A cell on the edge of a raster holds the mean of a part of it only, so a raster above another is
    taken where it covers the whole cell: the cells across its edge are read from the one beneath,
    and none of them is lost. Where none beneath has data either, the part counts after all, as it
    does for a raster that stands alone: a stack knows whatever one of its members knows.

    Parameters
    ----------
    nothing : float array
        NaN everywhere, in the shape of the readings.
    found : sequence of float arrays
        Readings, the best raster first; NaN where it has no data.
    covers : iterable of float arrays
        Share of each cell that is known, 0 to 1, for each raster but the last; empty for points,
        which have no edge.

    Returns
    -------
    values : float array
        NaN where no raster has data.
    members : int16 array
        Which raster each is read from, from 0; -1 where none has data.
    """
    values, members = nothing.copy(), np.full(nothing.shape, -1, dtype=np.int16)
    shares = [*covers, *([None] * len(found))]
    rounds = (True, False) if any(share is not None for share in shares) else (True,)
    for whole in rounds:
        for number, (reading, share) in enumerate(zip(found, shares, strict=False)):
            if share is None and not whole:
                continue  # All of it was taken in the first round.
            here = (members < 0) & ~np.isnan(reading)
            if whole and share is not None:
                here &= share >= _WHOLE
            np.copyto(values, reading, where=here)
            np.copyto(members, np.int16(number), where=here)
    return values, members
