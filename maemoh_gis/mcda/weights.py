"""
Weights that people give directly: points, or an order of importance.

Weights by pairwise comparison are in `ahp` and `group_ahp`; what the land itself says about the
criteria is in `information_weights`. Every way ends in shares that sum to one, keyed by criterion.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from maemoh_gis.core.errors import FormatError, raise_if_blocked
from maemoh_gis.core.faults import Fault


def weights_from_points(points: Mapping[str, float]) -> dict[str, float]:
    """
    Turn points into shares.

    Examples
    --------
    >>> weights_from_points({"rail": 60, "road": 30, "water": 30})
    {'rail': 0.5, 'road': 0.25, 'water': 0.25}
    """
    raise_if_blocked(_faults(points), FormatError)
    # Divided by the greatest first: points as small as 1e-320 or as large as 1e308 still add up.
    greatest = max(points.values())
    scaled = {criterion: point / greatest for criterion, point in points.items()}
    total = math.fsum(scaled.values())
    return {criterion: part / total for criterion, part in scaled.items()}


def rank_order_centroid(ranks: Mapping[str, int]) -> dict[str, float]:
    """
    Turn an order of importance into weights, by the centroid of all weights that keep the order.

    References
    ----------
    Rank order centroid weights: Barron and Barrett 1996, Management Science 42(11), 1515-1523.

    Examples
    --------
    >>> rank_order_centroid({"rail": 1, "road": 2})
    {'rail': 0.75, 'road': 0.25}
    """
    faults = [
        Fault("wrong_value", key=criterion, found=str(rank), expected="1, 2, 3, …")
        for criterion, rank in ranks.items()
        if rank < 1
    ]
    if not ranks:
        faults.append(Fault("weights_sum_to_nothing"))
    raise_if_blocked(faults, FormatError)
    count = len(ranks)
    places = [
        math.fsum(1 / k for k in range(place, count + 1)) / count for place in range(1, count + 1)
    ]
    shares = {}
    for criterion, rank in ranks.items():
        better = sum(other < rank for other in ranks.values())
        equal = sum(other == rank for other in ranks.values())
        shares[criterion] = math.fsum(places[better : better + equal]) / equal
    return shares


def _faults(points: Mapping[str, float]) -> list[Fault]:
    faults = [
        Fault("weight_negative", key=criterion, found=f"{point:g}")
        for criterion, point in points.items()
        if not (0 <= point < math.inf)
    ]
    if not faults and not any(point > 0 for point in points.values()):
        faults.append(Fault("weights_sum_to_nothing"))
    return faults
