"""
Trains: what one can pull up the steepest grade, how many run, which wagons they need.

A locomotive pulls what its tractive effort holds against grade, curves and rolling resistance. The
grade that counts is the steepest one against the loaded train, so each direction has its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from maemoh_gis.freight.boxes import BOXES, BoxClass, weight_t
from maemoh_gis.freight.tariffs import Prices

_G = 9.81
_KN_PER_PER_MILLE = _G / 1000.0
"""Pull that a tonne needs for each per mille, kN."""
WEEKS = 52.0
DAYS = 365.0
_WAGON_TEU = 2.0


@dataclass(frozen=True)
class Locomotive:
    """One heavy diesel locomotive and the resistance of its train."""

    tractive_kn: float = 280.0
    """Continuous tractive effort; ASSUMPTION."""
    weight_t: float = 120.0
    """Its own weight, which it pulls too; ASSUMPTION."""
    rolling_per_mille: float = 2.5
    """Rolling resistance as a grade, the same as kg per t; ASSUMPTION."""
    curves_per_mille: float = 2.0
    """Resistance of curves as a grade; ASSUMPTION."""

    def trailing_t(self, grade_per_mille: float) -> float:
        """
        Give the tonnes it pulls up a grade of 0 or more; NaN where that is unknown.

        Examples
        --------
        >>> round(Locomotive().trailing_t(20.0))
        1045
        """
        against = grade_per_mille + self.rolling_per_mille + self.curves_per_mille
        return self.tractive_kn / (against * _KN_PER_PER_MILLE) - self.weight_t


def train_teu(
    grade_per_mille: float,
    prices: Prices,
    *,
    box: BoxClass = BOXES["heavy_20"],
    loaded: bool = True,
    locomotive: Locomotive = Locomotive(),
) -> float:
    """
    Give how many TEU a train takes over a line; NaN where the grade against it is unknown.

    Never more than on flat line, which length limits.
    """
    pulled = locomotive.trailing_t(grade_per_mille)
    if math.isnan(pulled):
        return math.nan
    fits = pulled / weight_t(box, prices, loaded=loaded) * box.teu
    return max(0.0, min(fits, prices["teu_per_train_flat_line"]))


@dataclass(frozen=True)
class Service:
    """Trains between a yard and a gateway over a year."""

    teu_south: float
    """Loaded TEU a year to the gateway."""
    teu_north: float
    """Loaded TEU a year from the gateway."""
    empty_teu: float
    """Empty TEU a year, in the direction that lacks loads."""
    trains_a_week: float
    """Each way."""
    teu_a_departure: float
    """Mean TEU on a train in its fuller direction; NaN without trains."""


def service_of(
    teu_south: float,
    teu_north: float,
    *,
    train_south_teu: float,
    train_north_teu: float,
    train_empty_teu: float,
) -> Service:
    """Count the trains a week that carry a year's loads and empties both ways."""
    lack_north = max(0.0, teu_south - teu_north)
    lack_south = max(0.0, teu_north - teu_south)
    south = teu_south / train_south_teu + lack_south / train_empty_teu
    north = teu_north / train_north_teu + lack_north / train_empty_teu
    trains = max(south, north)
    fuller = max(teu_south + lack_south, teu_north + lack_north)
    return Service(
        teu_south,
        teu_north,
        lack_north + lack_south,
        trains / WEEKS,
        fuller / trains if trains > 0 else math.nan,
    )


def wagons_needed(service: Service, days_each_way: float) -> float:
    """Give the wagons of two TEU that a service keeps busy, on the mean of the year."""
    each_way = max(service.teu_south, service.teu_north)
    return each_way / _WAGON_TEU * 2.0 * days_each_way / DAYS


@dataclass(frozen=True)
class Track:
    """Km of the way from a yard to a gateway, by tracks, as far as that is declared."""

    single_km: float
    double_km: float

    def single_train_km_a_week(self, trains_a_week: float) -> float:
        """Give train-km on single track, both directions, a week."""
        return 2.0 * trains_a_week * self.single_km
