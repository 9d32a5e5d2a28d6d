"""
How fast one gets on along an edge, and what its parts carry.

An edge says what it takes as a whole. Where the ground makes some of it slower, `pace` says how the
minutes are spread along its course, so a part of it, a place on it and the land beside it get their
own. What an edge carries as a total is shared out to its parts wherever it is cut; a part never
takes the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray

PACE = "pace"
"""Attribute of edges: float64 (k, 2), share of the course and share of the minutes up to there, in
the direction of the edge, from 0, 0 to 1, 1. Without it minutes are spread evenly."""
BY_LENGTH = ("length", "level_minutes", "stated_km", "km_low", "km_high")
"""Totals of an edge that its parts have by their length."""
BY_PACE = ("minutes", "travel_time")
"""Totals that its parts have by their minutes."""


def minutes_at(held: Mapping[str, Any], share: FloatArray) -> FloatArray:
    """
    Give what part of the minutes of an edge is gone at places on it.

    Parameters
    ----------
    held : mapping
        What the edge holds.
    share : float64 array (n,)
        Share of the course from its start to the places.

    Returns
    -------
    float64 array (n,)
        From 0 to 1.
    """
    pace = held.get(PACE)
    if pace is None:
        return np.asarray(share, dtype=np.float64)
    return np.asarray(np.interp(share, pace[:, 0], pace[:, 1]))


def turned(pace: FloatArray) -> FloatArray:
    """Give the pace of an edge the other way round."""
    return np.asarray(1.0 - pace[::-1])


def parts_of_edge(held: Mapping[str, Any], stops: Sequence[float]) -> list[dict[str, Any]]:
    """Share out what an edge holds where it is cut, at shares of its course rising from 0 to 1."""
    gone = minutes_at(held, np.asarray(stops, dtype=np.float64))
    parts = []
    for (start, end), (before, after) in zip(pairwise(stops), pairwise(gone), strict=True):
        own = dict(held)
        own |= {what: float(held[what]) * (end - start) for what in BY_LENGTH if what in held}
        own |= {what: float(held[what]) * float(after - before) for what in BY_PACE if what in held}
        if PACE in held:
            own[PACE] = _between(held[PACE], (start, end), (float(before), float(after)))
        parts.append(own)
    return parts


def _between(pace: FloatArray, ends: tuple[float, float], gone: tuple[float, float]) -> FloatArray:
    """Give the pace of a part by itself."""
    inside = pace[(pace[:, 0] > ends[0]) & (pace[:, 0] < ends[1])]
    whole = np.vstack([[ends[0], gone[0]], inside, [ends[1], gone[1]]])
    return np.asarray((whole - whole[0]) / (whole[-1] - whole[0]))
