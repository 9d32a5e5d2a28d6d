"""Ways so much longer than the straight line that a road is likely missing from the layer."""

from __future__ import annotations

import math

MOST_DETOUR = 2.0
"""Way over straight line beyond which the layer, not the ground, is taken to make it so long.
ASSUMPTION: of the ways between towns of the bundled roads most take 1.2 to 1.6 times the straight
line; a road that winds over a range may take twice that line and still be whole."""


_SAME_KM = 0.001
"""Places nearer than this stand at one spot: the way from one to the other is that to the road."""


def detour(way_km: float, straight_km: float) -> float:
    """
    Give how many times the straight line, km, a way takes.

    NaN where the way is not known, or both ends are one place and the way has no length; infinity
    where only the straight line has none.

    Examples
    --------
    >>> detour(106.0, 8.9) > MOST_DETOUR
    True
    """
    if straight_km > 0:
        return way_km / straight_km
    return math.inf if way_km > 0 else math.nan


def is_gap(way_km: float, straight_km: float) -> bool:
    """
    Say whether a way is so long that the layer must be taken to lack a road.

    Whether it takes more than `MOST_DETOUR` times the straight line; never for two places at one
    spot, nor where no way is known.
    """
    return straight_km > _SAME_KM and detour(way_km, straight_km) > MOST_DETOUR
