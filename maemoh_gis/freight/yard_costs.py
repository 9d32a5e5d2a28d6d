"""What a yard costs a year beside running it, which its lifts pay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maemoh_gis.freight.tariffs import Prices

_MILLION = 1e6


@dataclass(frozen=True)
class YardCosts:
    """What a yard costs beside running it; all ASSUMPTION."""

    rai: float = 100.0
    """Land that is laid out, rai."""
    years: float = 30.0
    """Life of the yard."""
    interest: float = 0.05
    """A year."""
    stackers: float = 2.0
    """Reach stackers."""
    stacker_years: float = 10.0

    def thb_a_year(self, prices: Prices) -> float:
        """Spread land, tracks and machines over their years, THB a year."""
        yard = self.rai * prices["yard_capex"] * annuity(self.interest, self.years)
        stackers = self.stackers * prices["reach_stacker"]
        return _MILLION * (yard + stackers * annuity(self.interest, self.stacker_years))


USUAL_COSTS = YardCosts()


def annuity(interest: float, years: float) -> float:
    """
    Give the yearly share that pays back a loan.

    Examples
    --------
    >>> annuity(0.0, 20.0), round(annuity(0.05, 30.0), 4)
    (0.05, 0.0651)
    """
    return interest / -math.expm1(-years * math.log1p(interest)) if interest else 1.0 / years
