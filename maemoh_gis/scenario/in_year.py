"""
What a scenario amounts to in its year: the uses it holds, and the limits its zones bring with them.

A zone becomes limits and inclusions, so that everything that knows those knows zones too. Its limit
and inclusions always stand in the scenario, whatever the year, so that the year of one zone never
moves the bit of another.
"""

from __future__ import annotations

from typing import NamedTuple

from maemoh_gis.core.messages import both, joined
from maemoh_gis.documents.schema import Words
from maemoh_gis.scenario.after_use import (
    NO_RULES,
    Rules,
    asked_from,
    open_from,
    open_until,
    outstanding,
    rule_for,
    state_of,
)
from maemoh_gis.scenario.settings.limit import Inclusion, Limit, Test
from maemoh_gis.scenario.settings.phase_out import Level, Zone, ZoneState
from maemoh_gis.scenario.settings.scenario import Scenario

_NEVER = 2700


def in_its_year(scenario: Scenario, rules: Rules = NO_RULES) -> Scenario:
    """Put what a scenario holds and what its zones mean into uses, limits and inclusions."""
    limits, inclusions = dict(scenario.limits), dict(scenario.inclusions)
    held = scenario.holds or list(scenario.uses)
    uses = {id: use for id, use in scenario.uses.items() if id in held}
    for id, zone in scenario.zones.items():
        if zone.layer is None:
            continue
        if not zone.held_by:
            limits[f"zone_{id}"] = _in_use(zone)
        for use in uses:
            inclusions |= _after_use(id, zone, use, scenario, rules)
    choice = scenario.choice if scenario.choice and scenario.choice.use in uses else None
    meant = {"limits": limits, "inclusions": inclusions, "uses": uses, "choice": choice}
    return scenario.model_copy(update=meant)


def _in_use(zone: Zone) -> Limit:
    """Make the limit that keeps a zone."""
    test = Test(inside=True) if zone.within_m is None else Test(within_m=zone.within_m)
    return Limit(
        title=_words("zone.limit", zone),
        ground="physics",
        basis=zone.source,
        outcome="removed",
        layer=zone.layer,
        where=zone.where,
        test=test,
    )


def _after_use(
    id: str, zone: Zone, use: str, scenario: Scenario, rules: Rules
) -> dict[str, Inclusion]:
    """Make what a zone becomes for one use: conditional, then allowed; nothing if not offered."""
    if rule_for(zone, use, rules) is None:
        return {}
    assert zone.layer is not None
    asked, opened = years_of(zone, use, scenario, rules)
    wanting = outstanding(zone, [use], rules, scenario.year)
    needs = [both(f"zone.need.{need}") for need in wanting]
    reason = both("zone.reason", returns_to=zone.returns_to.both(), needs=joined(needs))
    # Once it opens it is no longer conditional, but keeps its bit.
    never_asked = asked is None or (opened is not None and opened <= asked)
    conditional = Inclusion(
        layer=zone.layer,
        where=zone.where,
        within_m=zone.within_m,
        title=_words("zone.inclusion", zone),
        reason=Words.model_validate(reason),
        limits=zone.held_by or [f"zone_{id}"],
        becomes="conditional",
        since=_NEVER if never_asked else asked,
        until=None if never_asked or opened is None else opened - 1,
        uses=[use],
    )
    found = {f"zone_{id}_{use}": conditional}
    if opened is not None:
        last = open_until(zone, use, rules)
        when = {"becomes": "allowed", "since": opened, "until": last}
        found[f"zone_{id}_{use}_open"] = conditional.model_copy(update=when)
    return found


class YearsOfUse(NamedTuple):
    """The first years, B.E., in which a zone is conditional and allowed for a use, if ever."""

    asked: int | None
    opened: int | None


def years_of(zone: Zone, use: str, scenario: Scenario, rules: Rules) -> YearsOfUse:
    """Say from when a use may be asked for on a zone, and from when it is open for it."""
    ended, level = free_year(zone, scenario), level_of(scenario)
    return YearsOfUse(
        asked_from(zone, use, rules, ended, level), open_from(zone, use, rules, ended, level)
    )


def level_of(scenario: Scenario) -> Level:
    """Give the level of the years that a scenario waits."""
    return scenario.after_use.delay if scenario.after_use else "central"


def zone_state(zone: Zone, scenario: Scenario, rules: Rules, year_be: int) -> ZoneState:
    """Give the state of a zone in a year, B.E.; without a known year it stays in use."""
    ended = free_year(zone, scenario)
    return state_of(zone, scenario.uses, rules, ended, level_of(scenario), year_be)


def _words(id: str, zone: Zone) -> Words:
    return Words.model_validate(both(id, title=zone.title.both()))


def year_after(last_year: int | None) -> int | None:
    """Give the first year without what has a last year."""
    return None if last_year is None else last_year + 1


def free_year(zone: Zone, scenario: Scenario) -> int | None:
    """
    Give the first year in which a zone is no longer in use.

    The later of its earliest year and the first without any of its units, B.E.; None where neither
    is known, or one of its units has no year (or is no unit; the check says so).
    """
    plans = scenario.timeline.units if scenario.timeline else {}
    years = [year_after(plans[unit].last_year) if unit in plans else None for unit in zone.units]
    if zone.earliest_year is not None:
        years.append(zone.earliest_year)
    known = [year for year in years if year is not None]
    return max(known) if known and len(known) == len(years) else None
