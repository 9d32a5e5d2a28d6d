"""
What a scenario amounts to in its year: the uses it holds, and the limits its zones bring with them.

A zone becomes limits and inclusions, so that everything that knows those knows zones too. Its limit
and inclusions always stand in the scenario, whatever the year, so that the year of one zone never
moves the bit of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.documents.schema import Words
from maemoh_gis.scenario.settings.phase_out import Zone

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.scenario import Scenario

from maemoh_gis.core.messages import both, joined
from maemoh_gis.scenario.settings.limit import Inclusion, Limit, Test
from maemoh_gis.scenario.settings.scenario import Scenario

_NEVER = 2700


def in_its_year(scenario: Scenario) -> Scenario:
    """Put what a scenario holds and what its zones mean into uses, limits and inclusions."""
    limits, inclusions = dict(scenario.limits), dict(scenario.inclusions)
    for id, zone in scenario.zones.items():
        if zone.layer is None:
            continue
        if not zone.held_by:
            limits[f"zone_{id}"] = _in_use(zone)
        since = free_year(zone, scenario)
        inclusions |= _no_longer_in_use(id, zone, since, list(scenario.uses))
    held = scenario.holds or list(scenario.uses)
    uses = {id: use for id, use in scenario.uses.items() if id in held}
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


def _no_longer_in_use(
    id: str, zone: Zone, since: int | None, uses: list[str]
) -> dict[str, Inclusion]:
    """Make what a zone becomes: conditional, and allowed only for uses with every paper."""
    assert zone.layer is not None
    state = zone.state_from()
    lifts = [] if state == "closed" else zone.held_by or [f"zone_{id}"]
    needs = [both(f"zone.need.{need}") for need in zone.outstanding]
    reason = both("zone.reason", returns_to=zone.returns_to.both(), needs=joined(needs))
    whole = Inclusion(
        layer=zone.layer,
        where=zone.where,
        within_m=zone.within_m,
        title=_words("zone.inclusion", zone),
        reason=Words.model_validate(reason),
        limits=lifts,
        becomes="conditional",
        since=_NEVER if since is None else since,
    )
    if state != "settled":
        return {f"zone_{id}": whole}
    settled = whole.model_copy(update={"becomes": "allowed", "uses": zone.approved_after_use})
    other_uses = [use for use in uses if use not in zone.approved_after_use]
    others = whole.model_copy(update={"uses": other_uses})
    return {f"zone_{id}": others, f"zone_{id}_settled": settled}


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
