"""The right to land of a use, by the register of land: which papers, from which year, how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from maemoh_gis.core import units
from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.phase_out.register import land_of_zone
from maemoh_gis.presentation.run_files import land
from maemoh_gis.scenario.after_use import (
    is_open,
    needs_of,
    open_from,
    open_until,
    outstanding,
    rule_for,
    year_to_ask,
)
from maemoh_gis.scenario.in_year import free_year, level_of

if TYPE_CHECKING:
    from maemoh_gis.documents.schema import Confidence
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.after_use import Rules
    from maemoh_gis.scenario.settings.gate import GateState
    from maemoh_gis.scenario.settings.phase_out import Need, Zone
    from maemoh_gis.scenario.settings.scenario import Scenario


@dataclass(frozen=True)
class LandRight:
    """How the right to land of a use stands in a year, on land of the register."""

    state: GateState
    papers: tuple[Need, ...]
    """Papers wanting on the zone that would open first."""
    earliest: int | None
    """First year in which it can be met there: of its papers where they are dated, else the year
    from which the use may be asked for."""
    open_rai: float
    """Land of known outline that is open for the use."""
    zones: tuple[Text, ...]
    """Zones that are open, or else the one that would open first."""
    until: int | None
    """Last year in which the papers of what is open are valid; None where they have no end."""
    supposed: bool
    """Whether any paper it rests on is a supposition of the scenario."""
    least_rai: float | None
    """Least land the use asks for, where it looks for land."""
    rests_on: tuple[Confidence, ...] = ()
    """How well its outlines, delays and years of units are known."""


def land_right(scenario: Scenario, use: str, rules: Rules, layers: Layers) -> LandRight | None:
    """Read the register for a use; None where no zone of it offers the use."""
    offered = [zone for zone in scenario.zones.values() if _rule(zone, use, rules)]
    if not offered:
        return None
    least = scenario.uses[use].land.least_rai if use in scenario.uses else None
    opened = [zone for zone in offered if _is_open(zone, scenario, use, rules)]
    if not opened:
        first = min(offered, key=lambda zone: _years(zone, scenario, use, rules))
        wanting = outstanding(first, [use], rules, scenario.year)
        return LandRight(
            "not_met",
            tuple(wanting),
            _earliest(first, scenario, use, rules),
            0.0,
            (first.title.both(),),
            None,
            supposed=False,
            least_rai=least,
            rests_on=tuple(_trust([first], scenario, use, rules)),
        )
    rai = _area(opened, scenario, layers)
    ends = [open_until(zone, use, rules) for zone in opened]
    until = min((end for end in ends if end is not None), default=None)
    return LandRight(
        "met" if least is None or rai >= least else "not_met",
        (),
        scenario.year,
        rai,
        tuple(zone.title.both() for zone in opened),
        until,
        supposed=any(_supposed(zone, use, rules) for zone in opened),
        least_rai=least,
        rests_on=tuple(_trust(opened, scenario, use, rules)),
    )


def _trust(zones: list[Zone], scenario: Scenario, use: str, rules: Rules) -> Iterator[Confidence]:
    """Say how well outline, delay and end of use of each zone are known."""
    units = scenario.timeline.units if scenario.timeline is not None else {}
    for zone in zones:
        rule = rule_for(zone, use, rules)
        yield zone.confidence
        if rule is not None:
            yield cast("Confidence", rule.confidence)
        yield from (units[id].confidence for id in zone.units if id in units)


def right_words(right: LandRight, year_be: int) -> Text:
    """Say why the gate stands as it does, and how long the papers of what is open last."""
    zones = joined(right.zones, ", ")
    if not right.open_rai:
        return both("gate.right_wanting", zone=zones)
    parts = [both("gate.right_open", rai=land(right.open_rai), zones=zones)]
    if right.state == "not_met":
        parts.append(both("gate.right_too_small", least=land(right.least_rai)))
    if right.until is None:
        parts.append(both("gate.right_no_end"))
    else:
        parts.append(both("gate.right_years_left", until=right.until, left=right.until - year_be))
    if right.supposed:
        parts.append(both("gate.right_supposed"))
    return joined(parts, " ")


def _rule(zone: Zone, use: str, rules: Rules) -> bool:
    # A zone without a class of land takes any use at any time: the table says nothing of it.
    return zone.land_class is not None and rule_for(zone, use, rules) is not None


def _is_open(zone: Zone, scenario: Scenario, use: str, rules: Rules) -> bool:
    ended, level = free_year(zone, scenario), level_of(scenario)
    return is_open(zone, use, rules, ended, level, scenario.year)


def _earliest(zone: Zone, scenario: Scenario, use: str, rules: Rules) -> int | None:
    """Give the year of dated papers, else that in which the use may be asked for, not gone by."""
    ended, level = free_year(zone, scenario), level_of(scenario)
    dated = open_from(zone, use, rules, ended, level)
    if dated is not None and dated > scenario.year:
        return dated
    asked = year_to_ask(zone, use, rules, ended, level)
    return None if asked is None else max(asked, scenario.year)


_NEVER = 9999


def _years(zone: Zone, scenario: Scenario, use: str, rules: Rules) -> tuple[int, bool, int]:
    """Order zones: the one that may open first, of known outline before those without."""
    earliest = _earliest(zone, scenario, use, rules)
    wanting = len(outstanding(zone, [use], rules, scenario.year))
    return (_NEVER if earliest is None else earliest), zone.layer is None, wanting


def _area(zones: list[Zone], scenario: Scenario, layers: Layers) -> float:
    import shapely

    shapes = [land_of_zone(zone, scenario.grid.crs, layers) for zone in zones]
    return units.rai_from_m2(float(shapely.union_all(shapes).area))


def _supposed(zone: Zone, use: str, rules: Rules) -> bool:
    return any(_by_supposition(zone, use, need) for need in needs_of(zone, [use], rules))


def _by_supposition(zone: Zone, use: str, need: Need) -> bool:
    """Say whether only suppositions of the scenario settle a need."""
    settling: Iterator[bool] = (
        document.supposed
        for document in zone.basis
        if need in document.covers and (not document.uses or use in document.uses)
    )
    return all(settling)
