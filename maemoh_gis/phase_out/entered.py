"""
What holders of numbers enter themselves: ash dug from ponds, people at work by unit and contract.

Nothing here is known by default, and nothing is made up in its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maemoh_gis.documents.schema import Confidence
    from maemoh_gis.scenario.settings.phase_out import AshPonds, Coefficient, Contract, Headcount

Spread = tuple[float, float, float]
"""Low, central and high."""
NOTHING: Spread = (0.0, 0.0, 0.0)
_MILLION, _DAYS = 1e6, 365.0


def in_order(low: float, central: float, high: float) -> Spread:
    """Give the widest range of three numbers about the central one."""
    return min(low, central, high), central, max(low, central, high)


def dug_mt(ponds: AshPonds, year_be: int) -> Spread:
    """Give the ash dug from ponds in a year, million tonnes: steadily, while some is left."""
    stock, pace = ponds.stock_mt, ponds.dug_mt_a_year
    ends = ((stock.low, pace.low), (stock.central, pace.central), (stock.high, pace.high))
    return in_order(*(_dug(held, a_year, year_be - ponds.from_year) for held, a_year in ends))


def _dug(held: float, a_year: float, passed: int) -> float:
    return 0.0 if passed < 0 else max(0.0, min(a_year, held - a_year * passed))


def lorries_fewer(fallen_mt: Spread, dug: Spread, load_t: Coefficient) -> Spread:
    """
    Give the loaded lorries a day by which fewer leave the plant; negative where more do.

    `fallen_mt` is what coal no longer makes of what is carried, `dug` what leaves ponds instead.
    """
    net = (fallen_mt[0] - dug[2], fallen_mt[1] - dug[1], fallen_mt[2] - dug[0])
    least = load_t.high if net[0] >= 0 else load_t.low
    most = load_t.low if net[2] >= 0 else load_t.high
    loads = zip(net, (least, load_t.central, most), strict=True)
    low, central, high = (mt * _MILLION / load / _DAYS for mt, load in loads)
    return low, central, high


def at_units(counts: Mapping[str, Headcount], units: Iterable[str]) -> float:
    """Add up the people entered for some units."""
    return math.fsum(counts[id].jobs for id in units if id in counts)


def at_contracts(contracts: Iterable[Contract], year_be: int) -> float:
    """Add up the people of the contracts in force in a year."""
    return math.fsum(one.jobs for one in contracts if one.from_year <= year_be <= one.last_year)


def of_ended(contracts: Iterable[Contract], reference: int, year_be: int) -> float:
    """Add up the people of contracts that ended after the reference year and before a year."""
    return math.fsum(one.jobs for one in contracts if reference <= one.last_year < year_be)


def trust_of(counted: Iterable[Headcount | Contract]) -> Sequence[Confidence]:
    """List how well each headcount is known."""
    return [one.confidence for one in counted]
