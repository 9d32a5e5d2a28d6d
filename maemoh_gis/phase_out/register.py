"""The register of land: state, papers, next step and earliest years of each zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from maemoh_gis.core import units as area_units
from maemoh_gis.core.messages import LANGUAGES, Text, both, joined
from maemoh_gis.files import write_csv
from maemoh_gis.scenario.after_use import (
    Rules,
    is_open,
    needs_of,
    open_until,
    outstanding,
    rule_for,
    year_to_ask,
)
from maemoh_gis.scenario.in_year import free_year, level_of, zone_state
from maemoh_gis.scenario.settings.phase_out import Level, Need, Zone, ZoneState

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.engine.results import Results
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.scenario import Scenario

REGISTER = "land_register.csv"
STRONGEST: tuple[ZoneState, ...] = (
    "in_use",
    "ended_not_returned",
    "closed",
    "restoration",
    "conditional",
    "open",
)
"""The first of these that a zone is in decides for land of several."""
_LEVELS: tuple[Level, ...] = get_args(Level)
_FIRST = (
    "zone",
    "title_th",
    "title_en",
    "class",
    "class_th",
    "class_en",
    "holder_th",
    "holder_en",
    "permit_th",
    "permit_en",
    "permit_number",
    "permit_until_be",
    "no_longer_in_use_from_be",
    "year_be",
    "state",
    "state_th",
    "state_en",
    "open_for",
    "papers_end_be",
    "papers_on_record",
    "papers_supposed",
    "papers_outstanding",
    "outstanding_th",
    "outstanding_en",
    "next_step_th",
    "next_step_en",
)
_LAST = ("rai_low", "rai", "rai_high", "confidence", "source_th", "source_en")


def land_of_zone(
    zone: Zone, crs: str, layers: Layers, within_m: float | None = None
) -> BaseGeometry | None:
    """Draw a zone, in the CRS of the grid; None where no outline is known."""
    import shapely

    if zone.layer is None:
        return None
    shapes = layers.shapes(zone.layer, crs, zone.where)
    reach = within_m or zone.within_m
    if reach is not None:
        shapes = shapely.buffer(shapes, reach, quad_segs=64)
    return shapely.union_all(shapes)


def offered(zone: Zone, uses: Sequence[str], rules: Rules) -> list[str]:
    """List the uses that may be asked for on a zone, now or later."""
    return [use for use in uses if rule_for(zone, use, rules) is not None]


def open_uses(zone: Zone, scenario: Scenario, rules: Rules) -> list[str]:
    """List the uses a zone is open for in the scenario's year."""
    ended, level = free_year(zone, scenario), level_of(scenario)
    year = scenario.year
    return [use for use in scenario.uses if is_open(zone, use, rules, ended, level, year)]


def papers_of(zone: Zone, scenario: Scenario, rules: Rules) -> list[dict[str, Any]]:
    """Tell each paper a zone needs for what may come after: office to ask, year on record."""
    asked = offered(zone, list(scenario.uses), rules)
    if not asked:
        return []
    return [
        {
            "need": need,
            "title": both(f"zone.need.{need}"),
            "office": both(f"zone.office.{need}"),
            "from": _on_record_from(zone, need, asked, rules),
        }
        for need in needs_of(zone, asked, rules)
    ]


def _on_record_from(zone: Zone, need: Need, uses: Sequence[str], rules: Rules) -> int | None:
    """Give the year from which a paper is on record for every use that needs it."""
    years = [zone.settled_from(need, use) for use in uses if need in needs_of(zone, [use], rules)]
    known = [year for year in years if year is not None]
    return max(known) if known and len(known) == len(years) else None


def _outstanding(zone: Zone, scenario: Scenario, rules: Rules) -> list[Need]:
    asked = offered(zone, list(scenario.uses), rules)
    return outstanding(zone, asked, rules, scenario.year) if asked else []


def asked_of(need: Need) -> Text:
    """Name a paper with the office to ask for it."""
    return both(
        "zone.paper_of", paper=both(f"zone.need.{need}"), office=both(f"zone.office.{need}")
    )


def next_step(zone: Zone, scenario: Scenario, rules: Rules) -> Text:
    """Say what is to be done next on a zone."""
    if zone.next_step is not None:
        return zone.next_step.both()
    if not offered(zone, list(scenario.uses), rules):
        return both("zone.next.stays")
    wanting = _outstanding(zone, scenario, rules)
    if wanting:
        return both("zone.next.ask", paper=asked_of(wanting[0]))
    opened = open_uses(zone, scenario, rules)
    return both("zone.next.open" if opened else "zone.next.restore")


def entry_of(zone: Zone, scenario: Scenario, rules: Rules, layers: Layers) -> dict[str, Any]:
    """Give what the record tells of a zone beyond state, year and outline."""
    crs, ends = scenario.grid.crs, (zone.within_low_m, zone.within_high_m)
    low, high = (_rai(land_of_zone(zone, crs, layers, m)) if m else None for m in ends)
    return {
        "class": zone.land_class,
        "class_title": rules.titles.get(zone.land_class or ""),
        "holder": zone.holder and zone.holder.both(),
        "permit": zone.permit
        and {
            "title": zone.permit.title.both(),
            "number": zone.permit.number,
            "until": zone.permit.until,
        },
        "open_for": open_uses(zone, scenario, rules),
        "needs": [paper["need"] for paper in papers_of(zone, scenario, rules)],
        "outstanding": _outstanding(zone, scenario, rules),
        "supposed": any(document.supposed for document in zone.basis),
        "next_step": next_step(zone, scenario, rules),
        "area_low_rai": low,
        "area_high_rai": high,
    }


def _rai(land: BaseGeometry | None) -> float | None:
    return None if land is None else round(area_units.rai_from_m2(float(land.area)), 1)


def land_by_state(scenario: Scenario, rules: Rules, layers: Layers) -> dict[str, Any]:
    """Measure the drawn land of each state in the scenario's year, and that open for each use."""
    import shapely

    crs, year = scenario.grid.crs, scenario.year
    drawn = {id: land_of_zone(zone, crs, layers) for id, zone in scenario.zones.items()}
    states = {id: zone_state(z, scenario, rules, year) for id, z in scenario.zones.items()}
    lands = {id: land for id, land in drawn.items() if land is not None}
    parts = apart([states[id] for id in lands], list(lands.values()))
    opened: dict[str, list[BaseGeometry]] = {}
    for id, land in lands.items():
        for use in open_uses(scenario.zones[id], scenario, rules):
            opened.setdefault(use, []).append(land)
    return {
        "by_state_rai": {state: _rai(land) for state, land in parts.items()},
        "open_for_rai": {
            use: _rai(shapely.intersection(shapely.union_all(of), parts["open"]))
            for use, of in opened.items()
        },
        "not_drawn": {id: states[id] for id, land in drawn.items() if land is None},
    }


def apart(states: Sequence[str], lands: Sequence[BaseGeometry]) -> dict[str, BaseGeometry]:
    """Give the land of each state, every place once, by the strongest state of its zones."""
    import shapely

    taken: BaseGeometry = shapely.Polygon()
    found: dict[str, BaseGeometry] = {}
    for state in STRONGEST:
        mine = [land for land, is_in in zip(lands, states, strict=True) if is_in == state]
        found[state] = shapely.difference(shapely.union_all(mine), taken)
        taken = shapely.union_all([taken, *mine])
    return found


def write_register(results: Results, folder: Path) -> dict[str, str]:
    """Write the register of land; nothing for a scenario without zones."""
    scenario, rules = results.resolved.scenario, results.resolved.rules
    if not scenario.zones:
        return {}
    uses = rules.uses or list(scenario.uses)
    columns = [*_FIRST, *(f"{use}_from_{x}" for use in uses for x in _LEVELS), *_LAST]
    rows = list(_rows(scenario, rules, results.layers, uses))
    return {REGISTER: write_csv(folder / REGISTER, columns, rows, for_excel=True)}


def _rows(
    scenario: Scenario, rules: Rules, layers: Layers, uses: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    for id, zone in scenario.zones.items():
        ended = free_year(zone, scenario)
        entry = entry_of(zone, scenario, rules, layers)
        state = zone_state(zone, scenario, rules, scenario.year)
        wanting = joined([asked_of(need) for need in entry["outstanding"]])
        permit = entry["permit"] or {"title": None, "number": None, "until": None}
        years = [year_to_ask(zone, use, rules, ended, level) for use in uses for level in _LEVELS]
        yield (
            id,
            *_words(zone.title.both()),
            zone.land_class or "",
            *_words(entry["class_title"]),
            *_words(entry["holder"]),
            *_words(permit["title"]),
            permit["number"],
            permit["until"],
            ended,
            scenario.year,
            state,
            *_words(both(f"timeline.state.{state}")),
            " ".join(entry["open_for"]),
            _papers_end(zone, scenario, rules),
            *_documents(zone, scenario.year),
            " ".join(entry["outstanding"]),
            *_words(wanting),
            *_words(entry["next_step"]),
            *years,
            entry["area_low_rai"],
            _rai(land_of_zone(zone, scenario.grid.crs, layers)),
            entry["area_high_rai"],
            zone.confidence,
            *_words(zone.source.both()),
        )


def _papers_end(zone: Zone, scenario: Scenario, rules: Rules) -> int | None:
    """Give the last year in which the papers of every use it is open for are valid."""
    ends = [open_until(zone, use, rules) for use in open_uses(zone, scenario, rules)]
    return min((end for end in ends if end is not None), default=None)


def _documents(zone: Zone, year_be: int) -> tuple[str, str]:
    """List the papers on record in a year: those that exist, and those a scenario supposes."""
    there = [document for document in zone.basis if document.year <= year_be]
    real, supposed = (
        {need for document in there if document.supposed is kind for need in document.covers}
        for kind in (False, True)
    )
    return " ".join(sorted(real)), " ".join(sorted(supposed))


def _words(words: Mapping[Any, str] | None) -> tuple[str, ...]:
    return tuple(words[x] if words else "" for x in LANGUAGES)
