"""
Three briefs of one page each on finished runs beside each other: committee, EGAT, villagers.

What all runs say alike is said once; what they say otherwise is told run by run. The villagers'
brief has no score, no rank and no outline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.pages.content import Use
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Head,
    Items,
    Map,
    Paragraph,
    ReportContent,
    Section,
    Table,
    table_of,
)
from maemoh_gis.pages.report_map import draw_map
from maemoh_gis.pages.wording import Wording
from maemoh_gis.presentation.run_files import RunFiles, column, of_row, rows_of
from maemoh_gis.sheets.briefs import (
    AMOUNTS,
    IN_SHORT,
    MOST_OFFICES,
    WORK,
    amount_named,
    amount_of,
    new_work_of,
    order_of,
    people_of,
    requests_of,
    rests_on,
    steps_of,
    subdistricts_of,
    uses_on_map,
)
from maemoh_gis.sheets.maps import near_ground

if TYPE_CHECKING:
    import geopandas as gpd

_MOST_RUNS = 4
"""Runs that stand beside each other on a page; more are counted."""
_MOST_PLACES = 8
_MOST_CAUSES = 4
_YEARS = ("2575", "2593")


@dataclass(frozen=True)
class Beside:
    """Finished runs beside each other."""

    runs: Sequence[RunFiles]
    names: Sequence[Text]
    first: Sequence[Text]
    """What the comparison opens with: what moved, the steps to a yard, what they hinge on."""
    causes: Sequence[Sequence[Text]]
    """Cause, use, what it moves and where; empty where nobody worked them out."""
    sites: Mapping[str, gpd.GeoDataFrame]
    """By use, the sites of all runs: `number`, `found_by` (numbers of runs)."""

    @property
    def shown(self) -> list[tuple[Text, RunFiles]]:
        """Give the runs that a page has room for, each behind its name."""
        return list(zip(self.names, self.runs, strict=True))[:_MOST_RUNS]


def compared_brief(beside: Beside, id: str) -> ReportContent:
    """Write one of the briefs of a comparison."""
    makers = {"committee": _committee, "egat": _egat, "villagers": _villagers}
    sections = [
        Section(f"{id}-{place}", title, blocks, dense=True)
        for place, (title, blocks) in enumerate(makers[id](beside))
        if blocks
    ]
    return ReportContent(
        title=both(f"brief.{id}"),
        subtitle=both("brief.compared.about", n=len(beside.runs), runs=_names_of(beside)),
        notices=[both("brief.villagers_first" if id == "villagers" else "brief.screening")],
        facts=[],
        sections=sections,
        footer=both("brief.compared.footer", n=len(beside.runs)),
        numbered=False,
        one_page=True,
    )


_Parts = Iterator[tuple[Text, Sequence[Block]]]


def _committee(beside: Beside) -> _Parts:
    proposal = both("brief.compared.proposal", n=len(beside.runs))
    yield both("brief.proposal"), [Paragraph(proposal)]
    yield (
        both("brief.conclusion"),
        [
            *_map(beside),
            Items([*beside.first, *_where(beside)]),
        ],
    )
    yield both("brief.compared.causes"), _causes(beside)
    yield both("brief.changes"), _changes(beside, IN_SHORT)
    yield both("report.section.gates"), _gates(beside)
    yield both("brief.people"), [Items(_told(beside, lambda run: [people_of(run)]))]
    yield both("brief.limits"), [Items(_told(beside, lambda run: [rests_on(run)]))]
    yield both("brief.orders"), [Items(_requests(beside))]


def _egat(beside: Beside) -> _Parts:
    yield both("brief.conclusion"), [Items([*beside.first[:1], *_told(beside, steps_of)])]
    yield both("brief.register"), _register(beside)
    yield (
        both("brief.water_power"),
        [*_changes(beside, ["mw", "water_freed_mm3"]), Paragraph(both("brief.grid"))],
    )
    yield both("brief.work"), [*_changes(beside, ["jobs_exposed"]),
                               Paragraph(both("brief.headcount"))]  # fmt: skip
    yield both("brief.orders"), [Items(_requests(beside))]
    yield both("brief.mandate"), [Paragraph(both("brief.mandate_words"))]


def _villagers(beside: Beside) -> _Parts:
    compared = both("brief.compared.for_villagers", n=len(beside.runs), runs=_names_of(beside))
    yield both("brief.undecided"), [Paragraph(both("brief.undecided_words")), Paragraph(compared)]
    yield both("brief.our_village"), [Items(_told(beside, _near))]
    yield both("brief.what_changes"), _changes(beside, sorted(WORK, key=order_of))
    yield both("brief.new_work"), [Items(_told(beside, lambda run: [new_work_of(run)]))]
    yield both("brief.untitled"), [Paragraph(both("brief.untitled_words"))]
    yield both("brief.unknown"), [Items([both(f"brief.unknown_{n}") for n in ("a", "b", "c")])]
    yield both("brief.tell_us"), [Paragraph(both("brief.tell_us_words"))]


def _names_of(beside: Beside) -> Text:
    """Name the runs, and count those a page has no room for."""
    return _listed([name for name, _ in beside.shown], len(beside.runs))


def _listed(names: Sequence[Text], of: int) -> Text:
    told = joined(list(names), "; ")
    more = of - len(names)
    return both("brief.compared.more", told=told, n=more) if more > 0 else told


def _told(beside: Beside, tell: Callable[[RunFiles], Sequence[Text]]) -> list[Text]:
    """Tell what every run says alike once, then what they say otherwise, each behind its runs."""
    said = [list(tell(run)) for run in beside.runs]
    alike = [one for one in said[0] if all(one in other for other in said)]
    told = [both("brief.compared.all", told=one) for one in alike]
    apart: dict[tuple[tuple[str, str], ...], tuple[list[int], Text]] = {}
    for number, items in enumerate(said):
        for one in (one for one in items if one not in alike):
            apart.setdefault(tuple(sorted(one.items())), ([], one))[0].append(number)
    for numbers, one in list(apart.values())[:_MOST_RUNS]:
        told.append(_of_runs(beside, numbers, one))
    return told


def _of_runs(beside: Beside, numbers: Sequence[int], told: Text) -> Text:
    """Say whose words these are."""
    named = [beside.names[number] for number in numbers[:_MOST_RUNS]]
    return both("brief.compared.of_run", run=_listed(named, len(numbers)), told=told)


def _where(beside: Beside) -> list[Text]:
    """Say of each use by subdistrict where the runs have sites: once if all have the same."""
    said = []
    for use, sites in beside.sites.items():
        held = [n for n, run in enumerate(beside.runs) if use in run.uses]
        title = beside.runs[held[0]].uses[use]["title"]
        by_run = {n: _numbers_of(sites, n) for n in held}
        alike = len(held) == len(beside.runs) and len({tuple(one) for one in by_run.values()}) == 1
        for numbers in [held] if alike else [[n] for n in held[:_MOST_RUNS]]:
            words = _sites_told(sites, by_run[numbers[0]], title)
            every = both("brief.compared.all", told=words)
            said.append(every if alike else _of_runs(beside, numbers, words))
    return said


def _numbers_of(sites: gpd.GeoDataFrame, run: int) -> list[int]:
    if not len(sites):
        return []
    mine = sites[[run in found_by for found_by in sites["found_by"]]]
    return [int(number) for number in mine["number"]]


def _sites_told(sites: gpd.GeoDataFrame, numbers: Sequence[int], use: Text) -> Text:
    """Name the subdistricts of sites, each with their numbers as a key to the map."""
    if not numbers:
        return both("brief.nowhere", use=use)
    places: dict[str, tuple[Text, list[int]]] = {}
    for row in rows_of(sites[sites["number"].isin(numbers)]):
        place = of_row(row, "place")
        places.setdefault(place["th"], (place, []))[1].append(int(row["number"]))
    named = [
        {code: f"{words} ({', '.join(map(str, mine))})" for code, words in place.items()}
        for place, mine in places.values()
    ]
    told = _listed_places(named)
    if len(numbers) == 1:
        return both("brief.where_one", use=use, places=told)
    return both("brief.compared.where", use=use, n=len(numbers), places=told)


def _listed_places(named: Sequence[Text]) -> Text:
    told = joined(list(named[:_MOST_PLACES]), ", ")
    more = len(named) - _MOST_PLACES
    return both("brief.compared.more_places", told=told, n=more) if more > 0 else told


def _map(beside: Beside) -> list[Block]:
    """Draw the sites of all runs for one use: of an estate, where there are any."""
    first = beside.runs[0]
    for use in sorted(beside.sites, key=lambda one: one not in uses_on_map(first)):
        sites = beside.sites[use]
        if len(sites):
            title = next(run.uses[use]["title"] for run in beside.runs if use in run.uses)
            one = Use(use, title, (), (), sites)  # type: ignore[arg-type]
            caption = both("brief.compared.map_caption", use=title)
            figure = draw_map(near_ground(first), Wording.of_package(), alt=caption, use=one)
            return [Map(figure, caption, small=True)]
    return []


def _causes(beside: Beside) -> list[Block]:
    """List what moves most; nothing where nobody worked it out."""
    if not beside.causes:
        return []
    heads = [Head(both(f"compare.column.{one}")) for one in ("cause", "use", "moved", "places")]
    return [Table(heads, list(beside.causes)[:_MOST_CAUSES])]


def _changes(beside: Beside, wanted: Sequence[str]) -> list[Block]:
    """Set amounts of the runs beside each other in the years that matter, where they differ."""
    rows: list[list[Text]] = []
    alike: list[list[Text]] = []
    for file, key, name in AMOUNTS:
        if name not in wanted:
            continue
        by_run = [_by_year(run, file, key, name) for _, run in beside.shown]
        some = next((row for held in by_run for row in held.values()), None)
        if some is None:
            continue
        told = {year: [amount_of(held.get(year)) for held in by_run] for year in _YEARS}
        moves = [year for year, cells in told.items() if any(one != cells[0] for one in cells)]
        rows += [[amount_named(some), both("brief.year", year=y), *told[y]] for y in moves]
        if not moves:
            alike.append([amount_named(some), *(told[year][0] for year in _YEARS)])
    heads = [Head(both("report.column.amount")), Head(both("compare.column.year")),
             *(Head(name, "number") for name, _ in beside.shown)]  # fmt: skip
    found: list[Block] = [Table(heads, rows)] if rows else []
    if alike:
        every = [Head(both("brief.year", year=year), "number") for year in _YEARS]
        found.append(Table([Head(both("brief.compared.alike")), *every], alike))
    return found


def _by_year(run: RunFiles, file: str, key: str, name: str) -> dict[str, Mapping[str, str]]:
    return {row["year_be"]: row for row in run.table(file) if row[key] == name}


def _gates(beside: Beside) -> list[Block]:
    """Set the gates of one use in all runs beside each other, an estate's where there is one."""
    first = beside.runs[0]
    for use in sorted(first.uses, key=lambda one: one not in uses_on_map(first)):
        states = [
            {row["gate"]: row for row in run.table("gates.csv") if row["use"] == use}
            for _, run in beside.shown
        ]
        if all(states):
            title = Paragraph(first.uses[use]["title"], "lead")
            return [title, _gate_table(beside, states)]
    return []


def _gate_table(beside: Beside, states: Sequence[Mapping[str, Mapping[str, str]]]) -> Table:
    def state_in(one: Mapping[str, Mapping[str, str]], gate: str) -> Text:
        return of_row(one[gate], "state") if gate in one else same("–")

    columns: list[Column[str]] = [column("gate", lambda gate: of_row(states[0][gate], "gate"))]
    alike = all(
        state_in(one, gate) == state_in(states[0], gate) for one in states for gate in states[0]
    )
    if alike:
        columns.append(Column(both("brief.compared.every_run"), lambda g: state_in(states[0], g)))
    else:
        for (name, _), held in zip(beside.shown, states, strict=True):
            columns.append(Column(name, lambda gate, held=held: state_in(held, gate)))  # type: ignore[misc]
    columns.append(column("office", lambda gate: of_row(states[0][gate], "office")))
    return table_of(columns, list(states[0]))


def _register(beside: Beside) -> list[Block]:
    """Set the drawn zones of the register beside each other: from when free, and in which state."""
    by_run = [
        {row["zone"]: row for row in run.table("land_register.csv") if row["rai"]}
        for _, run in beside.shown
    ]
    zones = list(dict.fromkeys(zone for held in by_run for zone in held))
    if not zones:
        return []
    named = {zone: next(held[zone] for held in by_run if zone in held) for zone in zones}
    columns: list[Column[str]] = [column("zone", lambda zone: of_row(named[zone], "title"))]
    for (name, _), held in zip(beside.shown, by_run, strict=True):
        columns.append(Column(name, lambda zone, held=held: _zone_told(held.get(zone))))  # type: ignore[misc]
    return [table_of(columns, zones)]


def _zone_told(row: Mapping[str, str] | None) -> Text:
    if row is None:
        return same("–")
    state = of_row(row, "state")
    year = row["no_longer_in_use_from_be"]
    return both("brief.compared.zone", state=state, year=year) if year else state


def _near(run: RunFiles) -> list[Text]:
    """Name the subdistricts a run studies."""
    named = {
        thai: text for use in run.uses for thai, (text, _) in subdistricts_of(run, use).items()
    }
    if not named:
        return [both("brief.village_unknown")]
    places = joined(list(named.values()), ", ")
    return [both("brief.village_words", places=places), both("brief.village_unknown")]


def _requests(beside: Beside) -> list[Text]:
    """Say which offices to write to first: what most runs ask for stands in front."""
    asked: dict[tuple[tuple[str, str], ...], tuple[int, Text]] = {}
    for run in beside.runs:
        for one in requests_of(run):
            key = tuple(sorted(one.items()))
            asked[key] = (asked.get(key, (0, one))[0] + 1, one)
    return [one for _, one in sorted(asked.values(), key=lambda held: -held[0])][:MOST_OFFICES]
