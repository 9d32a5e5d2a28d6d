"""
The path after coal of a run as plain data, for pages and other programs: `timeline.json`.

Every list named in the plural below has one entry a year of `years`, 2560 to 2600 B.E. Texts are
`{"th": ..., "en": ...}`. Areas are in rai with hectares beside them, water in million m3, `null` is
what is not known or not defined. An amount is low, central and high with its confidence.

- `version` 3; `scenario`, `title`, `year` (the run's), `reference_year` (the last observed one),
  `years`.
- `note`: what the reader must know of all of it.
- `units`: `id`, `title`, `mw`, `start`, `last_year` (the last it runs to the end of), `gone_from`
  (the first without it, one later), `unsure_to` (last year in which it is not certain that it is
  gone), `never` (taken as never to run), `counted`, `confidence` (of its last year), `basis`, and
  `runs`, whether it runs in each year.
- `capacity`: `mw`, `mw_not_certain` (units of which it is not known whether they run, never part of
  `mw`) and `confidence` by year.
- `closing`: units that no longer run from this year on, by year.
- `amounts`: by id (`lignite_mt`, `fly_ash_mt`, `gypsum_mt`, `freight_mt`, `ash_wanting_mt`,
  `lorries_fewer_a_day`, `water_freed_mm3`, `jobs_exposed`; and where somebody entered them
  `pond_ash_mt`, `plant_jobs`, `mine_jobs`): `title`, `unit`, and `low`, `central`, `high`,
  `confidence` and `observed` (measured, not modelled) by year. What is counted from the reference
  year (wanting ash, fewer lorries, water, jobs exposed) is `null` before it.
- `rail`: sections of railway: `id`, `title`, `double_from`, `confidence`, `basis`, and `states`
  (`single_track` or `double_track`) by year.
- `zones`: land in use until its units are gone: `id`, `title`, `kind`, `units`,
  `no_longer_in_use_from`, `states` by year, `area_rai` and `area_ha` (of the whole zone, `null`
  without an outline), `returns_to`, `papers` (each with `need`, its `title`, the `office` to ask
  and the year it is on record `from`, `null` if it never is), `documents`, `approved_after_use`,
  `next_step` (in the year of the run), `confidence`, `source`, and `outline`, a GeoJSON geometry in
  degrees (WGS 84) or `null`. A state is `in_use`; `ended_not_returned`, use or permit at its end
  without return on record; `closed`, for want of a geotechnical certificate; `conditional`, some
  use may be asked for; `open` for some use; or `restoration`.
- `land`: by year, `no_longer_in_use_rai` and of it `ended_not_returned_rai`, `closed_rai`,
  `conditional_rai`, `open_rai`, `restoration_rai`; land of several zones counts once, in the first
  of these states and in use before them. `zones_not_drawn` names zones that are no longer in use
  but have no outline and so no area.
- `states`: name and colour of each state of zones and rails.
- `turning_points`: what changes when: `year`, `kind` (`unit`, `zone`, `zone_use`, `rail`, `limit`,
  `inclusion` or `network`), `id`, `title`, `becomes`. Between two of them no zone, limit, decision
  or section of railway changes, so no state of a cell does; freight moves with the lignite of
  every year.
- `uses`: by use of the run its `title` and what its land in each zone would be once the zone is no
  longer in use: `zones` by id with what it `becomes` at last (`removed` where the use never may be
  asked for, `conditional` or `allowed`), `asked_from` and `open_from` (first years of both, or
  `null`), its `land_rai` in the study area by cells of the run, and of it `other_limits_rai` (other
  limits of this run remove it still, each named with its land in `by_limit_rai`) and `left_rai` (no
  other limit removes it: `becomes` holds at best, and some of it may be unknown). And `sites`:
  `id`, `number`, `zones` (rai of the site in each, those it touches) and `not_before`, the year
  from which all of them are no longer in use, `null` where it touches none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core import units as area_units
from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.messages import LANGUAGES, both
from maemoh_gis.files import write_json
from maemoh_gis.phase_out.outputs import AMOUNT_UNITS, STATE_COLOURS
from maemoh_gis.phase_out.path import FIRST_YEAR, LAST_YEAR, YearFacts
from maemoh_gis.phase_out.register import STRONGEST, apart, next_step, papers_of
from maemoh_gis.phase_out.units import path_of, units_of
from maemoh_gis.phase_out.zone_land import sites_in_zones, zone_lands, zones_for
from maemoh_gis.presentation.words import rounded
from maemoh_gis.scenario.in_year import free_year, years_of, zone_state

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.engine.results import Results
    from maemoh_gis.phase_out.path import Amount, Unit
    from maemoh_gis.scenario.resolve import Resolved
    from maemoh_gis.scenario.settings.phase_out import Zone
    from maemoh_gis.scenario.settings.scenario import Scenario

_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
_LEVELS = ("low", "central", "high")


def write_timeline_data(results: Results, folder: Path) -> dict[str, str]:
    """Write `timeline.json`."""
    data = timeline_data(results)
    return {} if data is None else {"timeline.json": write_json(folder / "timeline.json", data)}


def timeline_data(results: Results) -> dict[str, Any] | None:
    """
    Give the path of a run year by year.

    Plain data in the format at the head of this module, the same for the same inputs; None for a
    scenario without a timeline.
    """
    scenario = results.resolved.scenario
    timeline = scenario.timeline
    if timeline is None:
        return None
    units = units_of(results.resolved, results.catalog)
    facts = path_of(results.resolved, results.catalog, _YEARS)
    lands = zone_lands(scenario, results.layers)
    return {
        "version": 3,
        "scenario": scenario.id,
        "title": scenario.title.both(),
        "year": scenario.year,
        "reference_year": timeline.reference_year,
        "years": list(_YEARS),
        "note": both("timeline.note"),
        "units": [_unit(unit, scenario) for unit in units],
        "capacity": {
            "mw": [year.mw for year in facts],
            "mw_not_certain": [year.mw_unsure for year in facts],
            "confidence": [year.confidence for year in facts],
        },
        "closing": [[unit.id for unit in units if unit.gone_from == year] for year in _YEARS],
        "amounts": _amounts(facts),
        "rail": [
            {
                "id": id,
                "title": section.title.both(),
                "double_from": section.double_from,
                "confidence": section.confidence,
                "basis": section.basis,
                "states": [
                    "double_track" if year.double_track[id] else "single_track" for year in facts
                ],
            }
            for id, section in scenario.rail.items()
        ],
        "zones": [
            _zone(id, zone, results.resolved, facts, lands.get(id))
            for id, zone in scenario.zones.items()
        ],
        "land": land_of_years(facts, lands),
        "states": {
            state: {"title": both(f"timeline.state.{state}"), "colour": colour}
            for state, colour in STATE_COLOURS.items()
        },
        "turning_points": turning_points(results.resolved, units),
        "uses": {
            use: {"title": scenario.uses[use].title.both(),
                  "zones": dict(zones_for(use, lands, results)),
                  "sites": list(sites_in_zones(use, lands, results))}
            for use in scenario.uses
        },
    }  # fmt: skip


def turning_points(resolved: Resolved, units: Sequence[Unit]) -> list[dict[str, Any]]:
    """List what changes from one year to the next."""
    found = [
        {"year": year, "kind": kind, "id": id, "title": dict(title), "becomes": becomes}
        for year, kind, id, title, becomes in _turns(resolved, units)
        if year is not None and FIRST_YEAR <= year <= LAST_YEAR
    ]
    return sorted(found, key=lambda turn: turn["year"])


_Turn = tuple[int | None, str, str, Mapping[Any, str], str]


def _turns_of_zone(id: str, zone: Zone, resolved: Resolved) -> Iterator[_Turn]:
    """Yield the years in which a zone changes its state, and those its uses may be asked for in."""
    scenario, rules, title = resolved.scenario, resolved.rules, zone.title.both()
    states = [zone_state(zone, scenario, rules, year) for year in _YEARS]
    for year, was, now in zip(_YEARS[1:], states, states[1:], strict=False):
        if was != now:
            yield year, "zone", id, title, now
    for use, asked in scenario.uses.items():
        years = years_of(zone, use, scenario, rules)
        named = both("timeline.zone_for_use", zone=title, use=asked.title.both())
        if years.asked is not None and years.asked != years.opened:
            yield years.asked, "zone_use", f"{id}.{use}", named, "may_be_asked"
        yield years.opened, "zone_use", f"{id}.{use}", named, "opens"


def _turns(resolved: Resolved, units: Sequence[Unit]) -> Iterator[_Turn]:
    scenario = resolved.scenario
    for unit in units:
        title = unit.title
        if unit.never:
            continue
        yield unit.start, "unit", unit.id, title, "runs"
        yield unit.gone_from, "unit", unit.id, title, "gone"
    for id, zone in scenario.zones.items():
        yield from _turns_of_zone(id, zone, resolved)
    for id, section in scenario.rail.items():
        yield section.double_from, "rail", id, section.title.both(), "double_track"
    of_zones = scenario.limits.keys() | scenario.inclusions.keys()
    of_zones -= resolved.written.limits.keys() | resolved.written.inclusions.keys()
    for kind, ruled in (("limit", scenario.limits), ("inclusion", scenario.inclusions)):
        for id, rule in ruled.items():
            if id in of_zones:
                continue
            ends = None if rule.until is None else rule.until + 1
            yield rule.since, kind, id, rule.title.both(), "in_force"
            yield ends, kind, id, rule.title.both(), "no_longer_in_force"
    for id, network in scenario.networks.items():
        links = network.linehaul.links if network.linehaul else {}
        for name, link in links.items():
            untitled = dict.fromkeys(LANGUAGES, f"{link.start} – {link.end}")
            title = link.title.both() if link.title else untitled
            yield link.open_year, "network", f"{id}.{name}", title, "open"


def _unit(unit: Unit, scenario: Scenario) -> dict[str, Any]:
    assert scenario.timeline is not None
    plan = scenario.timeline.units.get(unit.id)
    return {
        "id": unit.id,
        "title": unit.title,
        "mw": unit.mw,
        "start": unit.start,
        "last_year": unit.last_year,
        "gone_from": unit.gone_from,
        "unsure_to": unit.unsure_to,
        "never": unit.never,
        "counted": unit.counted,
        "confidence": unit.confidence,
        "basis": plan.basis if plan else None,
        "runs": [unit.runs(year) for year in _YEARS],
    }


def _amounts(facts: Sequence[YearFacts]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for quantity, unit in AMOUNT_UNITS.items():
        if quantity not in facts[0].amounts:
            continue
        by_year = [year.amounts[quantity] for year in facts]
        told[quantity] = {
            "title": both(f"timeline.{quantity}"),
            "unit": both(f"timeline.unit.{unit}"),
            **{level: [_part(a, level) for a in by_year] for level in _LEVELS},
            "confidence": [a and a.confidence for a in by_year],
            "observed": [a is not None and a.observed for a in by_year],
        }
    return told


def _part(amount: Amount | None, level: str) -> float | None:
    return None if amount is None else rounded(float(getattr(amount, level)))


def _zone(
    id: str,
    zone: Zone,
    resolved: Resolved,
    facts: Sequence[YearFacts],
    land: BaseGeometry | None,
) -> dict[str, Any]:
    scenario, rules = resolved.scenario, resolved.rules
    area = None if land is None else land.area
    return {
        "id": id,
        "title": zone.title.both(),
        "kind": zone.kind,
        "units": list(zone.units),
        "no_longer_in_use_from": free_year(zone, scenario),
        "states": [year.zones[id] for year in facts],
        "area_rai": None if area is None else round(area_units.rai_from_m2(area), 1),
        "area_ha": None if area is None else round(area_units.ha_from_m2(area), 2),
        "returns_to": zone.returns_to.both(),
        "papers": papers_of(zone, scenario, rules),
        "next_step": next_step(zone, scenario, rules),
        "documents": [document.title.both() for document in zone.basis],
        "approved_after_use": list(zone.approved_after_use),
        "confidence": zone.confidence,
        "source": zone.source.both(),
        "outline": None if land is None else _in_degrees(land, scenario.grid.crs),
    }


def _in_degrees(land: BaseGeometry, crs: str) -> dict[str, Any]:
    """Give an outline as GeoJSON with five decimals of a degree, about a metre."""
    import shapely

    to_degrees = transformer_between(crs, "EPSG:4326")

    def turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])).round(5)

    # A metre off is less than any outline is known to.
    drawn = shapely.transform(shapely.simplify(land, 1.0), turned)
    return dict(shapely.geometry.mapping(drawn))


def land_of_years(facts: Sequence[YearFacts], lands: Mapping[str, BaseGeometry]) -> dict[str, Any]:
    """Measure in rai the land of every state in each year, each place once."""
    measured: dict[tuple[str, ...], dict[str, float]] = {}
    by_year = []
    for year in facts:
        states = tuple(year.zones[id] for id in lands)
        if states not in measured:
            measured[states] = _by_state(states, list(lands.values()))
        by_year.append(measured[states])
    later = STRONGEST[1:]
    return {
        "no_longer_in_use_rai": [round(sum(of[s] for s in later), 1) for of in by_year],
        **{f"{state}_rai": [round(of[state], 1) for of in by_year] for state in later},
        "zones_not_drawn": [
            [id for id, state in year.zones.items() if id not in lands and state != "in_use"]
            for year in facts
        ],
    }


def _by_state(states: Sequence[str], lands: Sequence[BaseGeometry]) -> dict[str, float]:
    return {
        state: area_units.rai_from_m2(float(land.area))
        for state, land in apart(states, lands).items()
    }
