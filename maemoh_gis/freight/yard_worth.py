"""
What a new yard brings, and whether that justifies it.

A candidate competes with all railheads that stand already. All candidates are compared with one and
the same world, that of those railheads alone, so that adding or taking away a candidate changes no
figure of another. It is justified in a case of prices and demand if it fills its trains, handles
what keeps a yard going, and what senders save pays for its land, tracks and machines; running it is
paid by its lifts. The verdict is "yes" or "no" only where every case agrees, else "unknown".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.freight.boxes import BOXES
from maemoh_gis.freight.engine import FreightResult, Terms, Ways, limited_to, move, ways_of
from maemoh_gis.freight.tariffs import Case, Level, Prices, Tariffs
from maemoh_gis.freight.trains import WEEKS, Service, Track, service_of, train_teu, wagons_needed
from maemoh_gis.freight.world import Railhead, World

Reason = Literal["justified", "not_open", "no_saving", "trains", "turnover", "fixed_cost"]
"""What decides: nothing is wanting; no trains yet; rail saves nobody anything; trains do not fill;
too few boxes for a yard; savings below the fixed cost."""
Verdict = Literal["yes", "no", "unknown"]

WHEN: tuple[tuple[Level, Case], ...] = (
    ("central", "central"),
    ("low", "central"),
    ("high", "central"),
    ("central", "low"),
    ("central", "high"),
    ("central", "favours_rail"),
    ("central", "favours_road"),
    ("low", "favours_road"),
    ("high", "favours_rail"),
)
"""Level of demand and case of prices, the central one first."""

_KG_PER_T, _MILLION = 1000.0, 1e6


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


@dataclass(frozen=True)
class YardCase:
    """What a candidate brings at one level of demand and one case of prices."""

    level: Level
    case: Case
    teu: float
    """Loaded TEU a year."""
    teu_by_box: Mapping[str, float]
    thb_saved: float
    """THB a year that all senders together save against the world without it."""
    co2_t_saved: float
    truck_km_avoided: float
    trains_a_week: float
    """Each way; NaN where the grade of its line is unknown."""
    wagons_needed: float
    single_train_km_a_week: float
    """Train-km on single track, as far as tracks are declared."""
    fixed_thb: float
    """Fixed cost, THB a year."""
    justified: bool
    reason: Reason
    teu_to_justify: float
    """Loaded TEU a year that would; NaN where no number would, as rail saves nothing."""


@dataclass(frozen=True)
class YardIndicators:
    """What a candidate brings in every case."""

    key: str
    cases: tuple[YardCase, ...]
    """In the order of `WHEN`."""
    unknown_flows: int
    """Flows of unknown size, which count for nothing here."""
    unreached_flows: int
    confidence: str

    def at(self, level: Level, case: Case) -> YardCase:
        """Give one case."""
        return next(one for one in self.cases if (one.level, one.case) == (level, case))

    @property
    def justified(self) -> Verdict:
        """Verdict over all cases."""
        said = {one.justified for one in self.cases}
        if len(said) > 1:
            return "unknown"
        return "yes" if said == {True} else "no"

    def row(self) -> dict[str, Any]:
        """
        Put everything in one row.

        Returns
        -------
        dict
            `railhead`; TEU, THB saved and `justified` by level of demand at central prices
            (`_low`, `_central`, `_high`) and at central demand by case of prices
            (`_favours_rail`, `_favours_road`); the rest at the central case; `justified` over all
            cases as yes, no or unknown. Numbers that nobody can know are NaN.
        """
        central = self.cases[0]
        row: dict[str, Any] = {"railhead": self.key}
        for suffix, level, case in _COLUMNS:
            one = self.at(level, case)
            row |= {
                f"teu_{suffix}": one.teu,
                f"thb_saved_{suffix}": one.thb_saved,
                f"justified_{suffix}": "yes" if one.justified else "no",
            }
        row |= {f"teu_{box}": teu for box, teu in central.teu_by_box.items()}
        for name in ("co2_t_saved", "truck_km_avoided", "trains_a_week", "wagons_needed",
                     "single_train_km_a_week", "fixed_thb", "teu_to_justify"):  # fmt: skip
            row[name] = getattr(central, name)
        rail = self.at("central", "favours_rail")
        return row | {
            "teu_to_justify_favours_rail": rail.teu_to_justify,
            "reason": central.reason,
            "justified": self.justified,
            "unknown_flows": self.unknown_flows,
            "unreached_flows": self.unreached_flows,
            "confidence": self.confidence,
        }


_COLUMNS: tuple[tuple[str, Level, Case], ...] = (
    ("low", "low", "central"),
    ("central", "central", "central"),
    ("high", "high", "central"),
    ("favours_rail", "central", "favours_rail"),
    ("favours_road", "central", "favours_road"),
)


def freight_indicators(
    candidates: Sequence[Railhead],
    world: World,
    tariffs: Tariffs,
    terms: Terms,
    *,
    costs: YardCosts = USUAL_COSTS,
    wagons: float | None = None,
) -> list[YardIndicators]:
    """Say of each candidate what it would bring if it alone were built."""
    standing = {one.key for one in world.railheads}
    if twice := [one.key for one in candidates if one.key in standing]:
        raise LayerError([Fault("railhead_twice", key=key, found=key) for key in twice])
    found: dict[str, list[YardCase]] = {candidate.key: [] for candidate in candidates}
    missing: dict[str, tuple[int, int]] = {}
    for level, case in WHEN:
        at = replace(terms, level=level, case=case)
        # Where trains must fill, also what would come if they need not: how far it falls short.
        pair = (at, replace(at, departures_a_week=0.0))
        # A way over one railhead costs the same whichever others there are.
        prices, new = tariffs.prices(case), world.with_railheads(candidates)
        old_ways, new_ways = ways_of(world, prices, at), ways_of(new, prices, at)
        before = _moved(world, tariffs, pair, wagons, old_ways)
        for place, candidate in enumerate(candidates):
            with_it = world.with_railheads([*world.railheads, candidate])
            after = _moved(with_it, tariffs, pair, wagons, old_ways.and_over(new_ways, place))
            found[candidate.key].append(_case(candidate, before, after, costs))
            missing[candidate.key] = (after[0].unknown_flows, after[0].unreached_flows)
    # All that is worked out rests on assumed prices, whatever the place of the yard is known by.
    return [
        YardIndicators(key, tuple(cases), *missing[key], "ASSUMPTION")
        for key, cases in found.items()
    ]


def services(result: FreightResult, railhead: str) -> dict[str, Service]:
    """Count the trains of a railhead."""
    held = result.world.railheads[result.column(railhead) - 1]
    pull = result.terms.locomotive
    prices = result.prices
    trains = {
        "train_south_teu": train_teu(held.south_per_mille, prices, locomotive=pull),
        "train_north_teu": train_teu(held.north_per_mille, prices, locomotive=pull),
        "train_empty_teu": train_teu(held.north_per_mille, prices, loaded=False, locomotive=pull),
    }
    found = {}
    for gateway in result.world.gateways:
        south = result.through(railhead, gateway.key, "out")
        north = result.through(railhead, gateway.key, "in")
        idle = Service(0.0, 0.0, 0.0, 0.0, math.nan)
        found[gateway.key] = service_of(south, north, **trains) if south + north > 0 else idle
    return found


def wagons_of(result: FreightResult, railhead: str) -> float:
    """Give the wagons that the trains of a railhead keep busy, on the mean of the year."""
    col = result.column(railhead)
    needed = 0.0
    for gateway, service in services(result, railhead).items():
        if service.trains_a_week != 0:
            rows = result.world.rows[gateway, "out"] | result.world.rows[gateway, "in"]
            needed += wagons_needed(service, float(np.nanmax(result.ways.days[rows, col])))
    return needed


def single_track_use(result: FreightResult, railhead: str) -> float:
    """Give train-km a week of a railhead on single track, as far as tracks are declared."""
    return sum(
        result.world.tracks.get((railhead, gateway), Track(0.0, 0.0)).single_train_km_a_week(
            service.trains_a_week
        )
        for gateway, service in services(result, railhead).items()
    )


def _moved(
    world: World, tariffs: Tariffs, several: Sequence[Terms], wagons: float | None, ways: Ways
) -> list[FreightResult]:
    """Send freight its way under terms that differ in the least service only."""
    return [within_wagons(move(world, tariffs, terms, ways=ways), wagons) for terms in several]


def within_wagons(result: FreightResult, wagons: float | None) -> FreightResult:
    """Leave on the road what the wagons do not carry, the same share of every flow."""
    needed = sum(wagons_of(result, one.key) for one in result.world.railheads)
    if wagons is None or not needed > wagons:
        return result
    return limited_to(result, wagons / needed)


def _case(
    candidate: Railhead,
    before: Sequence[FreightResult],
    after: Sequence[FreightResult],
    costs: YardCosts,
) -> YardCase:
    key, old, new = candidate.key, before[0], after[0]
    # Without a box nothing is saved: what is left is rounding.
    teu = new.captured(key)
    saved = old.decided_thb - new.decided_thb if teu > 0 else 0.0
    fixed = costs.thb_a_year(new.prices)
    might_take = after[1].captured(key)
    gained = before[1].decided_thb - after[1].decided_thb
    each = gained / might_take if might_take > 0 else 0.0
    least = _least_teu(after[1], key, fixed, each, new.terms.departures_a_week)
    reason = _reason(teu, saved, fixed, least)
    if candidate.opens_be is not None and candidate.opens_be > new.terms.year_be:
        reason = "not_open"
    return YardCase(
        level=new.terms.level,
        case=new.terms.case,
        teu=teu,
        teu_by_box={box: new.captured(key, box=box) for box in BOXES},
        thb_saved=saved,
        co2_t_saved=(old.co2_kg - new.co2_kg) / _KG_PER_T if teu > 0 else 0.0,
        truck_km_avoided=old.truck_km - new.truck_km if teu > 0 else 0.0,
        trains_a_week=sum(one.trains_a_week for one in services(new, key).values()),
        wagons_needed=wagons_of(new, key),
        single_train_km_a_week=single_track_use(new, key),
        fixed_thb=fixed,
        justified=reason == "justified",
        reason=reason,
        teu_to_justify=max(least.values(), default=math.nan),
    )


def _least_teu(
    result: FreightResult, key: str, fixed: float, saved_a_teu: float, departures_a_week: float
) -> dict[Reason, float]:
    """Give the loaded TEU a year that each condition asks for; none where rail saves nothing."""
    if saved_a_teu <= 0:
        return {}
    held = services(result, key).values()
    loaded = sum(one.teu_south + one.teu_north for one in held)
    handled = loaded + sum(one.empty_teu for one in held)
    return {
        "trains": WEEKS * departures_a_week * result.prices["block_train_minimum"],
        "turnover": result.prices["viable_yard_minimum"] * loaded / handled,
        "fixed_cost": fixed / saved_a_teu,
    }


def _reason(teu: float, saved: float, fixed: float, least: Mapping[Reason, float]) -> Reason:
    if not least:
        return "no_saving"
    if teu <= 0:
        return "trains"
    if teu < least["turnover"]:
        return "turnover"
    return "justified" if saved >= fixed else "fixed_cost"
