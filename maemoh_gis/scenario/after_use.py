"""
What may be asked for, and what opens, on land whose use has ended.

Years permit asking and papers open land: neither does alone. What the table of a scenario does not
offer on a class of land is restoration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from maemoh_gis.core.errors import FileError, LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text
from maemoh_gis.documents.schema import nearest
from maemoh_gis.layers.load import Layers
from maemoh_gis.layers.table_schemas import AFTER_USE
from maemoh_gis.layers.tables import read_texts
from maemoh_gis.scenario.settings.phase_out import CERTIFICATE, RETURN, Level, Need, Zone

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.phase_out import ZoneState
    from maemoh_gis.scenario.settings.scenario import Scenario

NEEDS: tuple[Need, ...] = get_args(Need)


@dataclass(frozen=True)
class Rule:
    """What a class of land asks of a use."""

    delay: Mapping[Level, int | None]
    """Years after the end of use before it may be asked for; None where it is not offered."""
    needs: tuple[Need, ...]
    """Papers it needs."""
    only_if_named: bool
    """Whether it may be asked for only where an approved plan of the zone names it."""
    confidence: str

    @property
    def is_offered(self) -> bool:
        """Say whether it may be asked for at all."""
        return self.delay["central"] is not None


@dataclass(frozen=True)
class Rules:
    """The table of a scenario."""

    by_class: Mapping[str, Mapping[str, Rule]]
    """By class of land, then by use."""
    titles: Mapping[str, Text]
    """Name of each class."""

    @property
    def uses(self) -> list[str]:
        """List the uses the table knows, in its order."""
        return list(dict.fromkeys(use for rules in self.by_class.values() for use in rules))


NO_RULES = Rules({}, {})
_ANY_TIME = Rule(
    dict.fromkeys(get_args(Level), 0), (), only_if_named=False, confidence="ASSUMPTION"
)


def rules_of(scenario: Scenario, catalog: Catalog) -> Rules:
    """Read the table a scenario names; none if it cannot be read, which the checks tell."""
    asked = scenario.after_use
    if asked is None or not catalog.has(asked.layer):
        return NO_RULES
    try:
        rows = Layers(catalog).table(asked.layer, AFTER_USE)
    except LayerError:
        return NO_RULES
    found: dict[str, dict[str, Rule]] = {}
    for row in rows:
        needs = tuple(need for need in NEEDS if need in row["papers"].split())
        delay: dict[Level, int | None] = {x: row[f"years_{x}"] for x in get_args(Level)}
        rule = Rule(delay, needs, bool(row["only_if_named"]), row["confidence"])
        found.setdefault(row["class"], {})[row["use"]] = rule
    titles: dict[str, Text] = {
        row["class"]: {"th": row["title_th"], "en": row["title_en"]} for row in rows
    }
    return Rules(found, titles)


def table_faults(scenario: Scenario, catalog: Catalog) -> Iterator[Fault]:
    """Find papers in the table that are none."""
    asked = scenario.after_use
    if asked is None or not catalog.has(asked.layer):
        return
    file = f"{catalog.folder_of(asked.layer).name}/{catalog[asked.layer].path}"
    for line, row in _written(catalog, asked.layer):
        for paper in row.get("papers", "").split():
            if paper not in NEEDS:
                near = nearest(paper, NEEDS) or ", ".join(NEEDS)
                yield Fault("unknown_paper", file, line, "papers", found=paper, expected=near)


def _written(catalog: Catalog, id: str) -> Sequence[tuple[int, Mapping[str, str]]]:
    """Read the rows as texts by line; none of a file that cannot be read, which the audit tells."""
    try:
        return read_texts(catalog.path_of(id), catalog[id].encoding).rows
    except FileError:
        return ()


def rule_for(zone: Zone, use: str, rules: Rules) -> Rule | None:
    """Say what a zone asks of a use; None where it is not offered or another was approved."""
    if zone.approved_after_use and use not in zone.approved_after_use:
        return None
    if zone.land_class is None:
        return _ANY_TIME
    rule = rules.by_class.get(zone.land_class, {}).get(use)
    if rule is None or not rule.is_offered:
        return None
    return None if rule.only_if_named and use not in zone.approved_after_use else rule


def needs_of(zone: Zone, uses: Iterable[str], rules: Rules) -> list[Need]:
    """List the papers a zone needs for uses, with those it needs whatever comes after."""
    found = [rule for use in uses if (rule := rule_for(zone, use, rules)) is not None]
    wanted = {*zone.needs, *(need for rule in found for need in rule.needs)}
    return [need for need in NEEDS if need in wanted]


def year_to_ask(zone: Zone, use: str, rules: Rules, ended: int | None, level: Level) -> int | None:
    """Give the first year in which a use may be asked for, whatever papers are there, B.E."""
    rule = rule_for(zone, use, rules)
    years = None if rule is None else rule.delay[level]
    return None if ended is None or years is None else ended + years


def asked_from(zone: Zone, use: str, rules: Rules, ended: int | None, level: Level) -> int | None:
    """Give the first year in which a use leaves land conditional; a pit or dump needs its
    certificate before.
    """
    needs = needs_of(zone, [use], rules)
    years = [year_to_ask(zone, use, rules, ended, level)]
    if CERTIFICATE in needs:
        years.append(zone.settled_from(CERTIFICATE, use))
    return _last(years)


def open_from(zone: Zone, use: str, rules: Rules, ended: int | None, level: Level) -> int | None:
    """Give the first year in which a use is allowed: asked for, and every paper on record."""
    if zone.land_class is None and use not in zone.approved_after_use:
        return None
    needs = needs_of(zone, [use], rules)
    papers = [zone.settled_from(need, use) for need in needs]
    return _last([year_to_ask(zone, use, rules, ended, level), *papers])


def open_until(zone: Zone, use: str, rules: Rules) -> int | None:
    """Give the last year in which every paper of a use is valid; None where none has an end."""
    ends = [zone.settled_until(need, use) for need in needs_of(zone, [use], rules)]
    return min((end for end in ends if end is not None), default=None)


def is_open(
    zone: Zone, use: str, rules: Rules, ended: int | None, level: Level, year_be: int
) -> bool:
    """Say whether a use is allowed in a year: opened by then, and no paper at its end."""
    first, last = open_from(zone, use, rules, ended, level), open_until(zone, use, rules)
    return first is not None and first <= year_be <= (year_be if last is None else last)


def _last(years: Iterable[int | None]) -> int | None:
    known = list(years)
    there = [year for year in known if year is not None]
    return max(there) if len(there) == len(known) else None


def outstanding(zone: Zone, uses: Iterable[str], rules: Rules, year_be: int) -> list[Need]:
    """List the papers a zone needs for uses that are not on record in a year."""
    asked = list(uses)
    return [
        need
        for need in needs_of(zone, asked, rules)
        if not _on_record(zone, need, asked, rules, year_be)
    ]


def _on_record(zone: Zone, need: Need, uses: Iterable[str], rules: Rules, year_be: int) -> bool:
    """Say whether a paper is on record for every use that needs it."""
    wanting = [use for use in uses if need in needs_of(zone, [use], rules)]
    years = [zone.settled_from(need, use) for use in wanting] or [zone.settled_from(need)]
    last = _last(years)
    ends = [zone.settled_until(need, use) for use in wanting] or [zone.settled_until(need)]
    lapsed = any(end is not None and end < year_be for end in ends)
    return last is not None and last <= year_be and not lapsed


def state_of(
    zone: Zone, uses: Iterable[str], rules: Rules, ended: int | None, level: Level, year_be: int
) -> ZoneState:
    """Give the state of a zone in a year, B.E.; `ended` is the first year it is not in use in."""
    offered = [use for use in uses if rule_for(zone, use, rules) is not None]
    returned = zone.settled_from(RETURN)
    lapses = zone.settled_until(RETURN)
    is_returned = returned is not None and returned <= year_be <= (lapses or year_be)
    if ended is None or year_be < ended:
        past = zone.permit is not None and (zone.permit.until or year_be) < year_be
        return "ended_not_returned" if past and not is_returned else "in_use"

    def by(first: int | None) -> bool:
        return first is not None and first <= year_be

    needs = needs_of(zone, offered, rules)
    if any(is_open(zone, use, rules, ended, level, year_be) for use in offered):
        return "open"
    if CERTIFICATE in needs and not by(zone.settled_from(CERTIFICATE)):
        return "closed"
    if RETURN in needs and not is_returned:
        return "ended_not_returned"
    if any(by(asked_from(zone, use, rules, ended, level)) for use in offered):
        return "conditional"
    return "restoration"
