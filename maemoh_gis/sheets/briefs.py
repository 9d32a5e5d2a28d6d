"""
Three briefs of one page each: for a committee, for EGAT at Mae Moh, and for villagers.

They say nothing that the other outputs do not say; every number has its range, and what is not
known is named. The villagers' brief has no score, no rank and no outline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.core.units import number
from maemoh_gis.decision.assumed import share_words
from maemoh_gis.decision.report import answer, answered, led_to
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
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    land,
    of_row,
    range_of,
)
from maemoh_gis.sheets.maps import near_ground, sites_of

BRIEFS = ("committee", "egat", "villagers")
YEARS = (2569, 2575, 2580, 2593)
AMOUNTS = (
    ("timeline.csv", "id", "mw"),
    ("timeline.csv", "id", "jobs_exposed"),
    ("timeline.csv", "id", "water_freed_mm3"),
    ("timeline.csv", "id", "ash_wanting_mt"),
    ("timeline.csv", "id", "pond_ash_mt"),
    ("timeline.csv", "id", "lorries_fewer_a_day"),
    ("timeline.csv", "id", "plant_jobs"),
    ("timeline.csv", "id", "mine_jobs"),
    ("estate.csv", "quantity", "occupied_rai"),
    ("estate.csv", "quantity", "jobs"),
    ("estate.csv", "quantity", "teu"),
)
WORK = frozenset({"mw", "jobs_exposed", "water_freed_mm3", "lorries_fewer_a_day", "jobs"})
BY_PRODUCTS = frozenset({"ash_wanting_mt", "pond_ash_mt", "lorries_fewer_a_day"})
ENTERED = frozenset({"plant_jobs", "mine_jobs"})
"""People whom whoever counts them entered."""
IN_SHORT = [one for _, _, one in AMOUNTS if one not in BY_PRODUCTS | ENTERED]
"""What a page for a committee has room for."""
_MILLION = 1e6
_NEAR = "1000_m"
MOST_OFFICES = 3
_MOST_USES = 2
"""Uses whose gates stand beside each other on a page."""


def brief(run: RunFiles, id: str, footer: Text) -> ReportContent:
    """Write one of the briefs of a run."""
    makers = {"committee": _committee, "egat": _egat, "villagers": _villagers}
    sections = [
        Section(f"{id}-{place}", title, blocks, dense=True)
        for place, (title, blocks) in enumerate(makers[id](run))
        if blocks
    ]
    return ReportContent(
        title=both(f"brief.{id}"),
        subtitle=both("brief.about", title=run.record["title"], year=run.record["year"]),
        notices=[both("brief.villagers_first" if id == "villagers" else "brief.screening")],
        facts=[],
        sections=sections,
        footer=footer,
        numbered=False,
        one_page=True,
    )


_Parts = Iterator[tuple[Text, Sequence[Block]]]


def _committee(run: RunFiles) -> _Parts:
    yield both("brief.proposal"), [Paragraph(_proposal(run))]
    lead = [Paragraph(one, "lead") for one in led_to(run.record)]
    yield both("brief.conclusion"), [*_map(run), *lead, *_answers(run)]
    yield both("brief.changes"), [_changes(run, IN_SHORT),
                                  Paragraph(both("brief.range_note"), "quiet")]  # fmt: skip
    yield both("report.section.gates"), _gates(run)
    yield both("brief.choices"), [Paragraph(_choices(run))]
    yield both("brief.people"), [Paragraph(people_of(run))]
    yield both("brief.limits"), [Paragraph(rests_on(run))]
    yield both("brief.orders"), [Items(requests_of(run))]


def _egat(run: RunFiles) -> _Parts:
    yield both("brief.conclusion"), [Items(steps_of(run))]
    yield both("brief.stations"), stations_of(run)
    yield both("brief.register"), register_of(run)
    yield both("brief.water_power"), [_changes(run, ["mw", "water_freed_mm3"]),
                                      Paragraph(both("brief.grid"))]  # fmt: skip
    yield both("brief.by_products"), [_changes(run, sorted(BY_PRODUCTS, key=order_of)),
                                      *_ponds(run)]  # fmt: skip
    yield both("brief.work"), _headcounts(run)
    yield both("brief.orders"), [Items(requests_of(run))]
    yield both("brief.mandate"), [Paragraph(both("brief.mandate_words"))]


def _villagers(run: RunFiles) -> _Parts:
    yield both("brief.undecided"), [Paragraph(both("brief.undecided_words"))]
    yield both("brief.our_village"), [Items(_subdistricts_near(run))]
    yield both("brief.what_changes"), [_changes(run, sorted(WORK, key=order_of))]
    yield both("brief.new_work"), [Paragraph(new_work_of(run))]
    yield both("brief.untitled"), [Paragraph(both("brief.untitled_words"))]
    yield both("brief.unknown"), [Items([both(f"brief.unknown_{n}") for n in ("a", "b", "c")])]
    yield both("brief.tell_us"), [Paragraph(both("brief.tell_us_words"))]


def _ponds(run: RunFiles) -> list[Block]:
    """Say that ponds may be dug, where nobody has said how much there is."""
    entered = (run.scenario.get("timeline") or {}).get("ponds")
    return [] if entered else [Paragraph(both("brief.ponds"), "quiet")]


def _headcounts(run: RunFiles) -> list[Block]:
    """Set the people entered by unit and contract, and say what stands for the rest."""
    table = _changes(run, [*sorted(ENTERED, key=order_of), "jobs_exposed"])
    entered = any((run.scenario.get("timeline") or {}).get("work", {}).values())
    said = Paragraph(both("brief.headcount_entered" if entered else "brief.headcount"))
    return [table, said] if entered else [said]


def order_of(name: str) -> int:
    """Give the place of an amount among those that briefs tell."""
    return [one for _, _, one in AMOUNTS].index(name)


def _proposal(run: RunFiles) -> Text:
    uses = joined([definition["title"] for definition in run.uses.values()], ", ")
    if not has_estate(run):
        return both("brief.proposal_uses", uses=uses)
    return both("brief.proposal_words", uses=uses, rai=land(run.record["estate"]["planned_rai"]))


def has_estate(run: RunFiles) -> bool:
    """Say whether any land of an estate is planned."""
    return bool((run.record.get("estate") or {}).get("planned_rai"))


def _where(run: RunFiles) -> list[Text]:
    """Say by subdistrict where each use has candidate land, or that it has none."""
    if "sites.gpkg" in run.missing:
        return [both("brief.lost")]
    said = []
    for use, definition in run.uses.items():
        named = [with_numbers(name, of) for name, of in subdistricts_of(run, use).values()]
        if not len(sites_of(run, use)):
            said.append(both("brief.nowhere", use=definition["title"]))
        elif named:
            classes = list(sites_of(run, use)["class"])
            said.append(_place_words(definition["title"], classes, joined(named, ", ")))
    return said


def _place_words(use: Text, classes: Sequence[str], places: Text) -> Text:
    """Say how many sites lie where, and how many of them the facts do not tell apart."""
    n, best = len(classes), classes.count(min(classes))
    if n == 1:
        return both("brief.where_one", use=use, places=places)
    id = "brief.where" if best == n else "brief.where_classes"
    return both(id, use=use, n=n, best=best, places=places)


def subdistricts_of(run: RunFiles, use: str) -> dict[str, tuple[Text, list[str]]]:
    """Name the subdistricts candidate land of a use lies in, each with the numbers of its sites."""
    found: dict[str, tuple[Text, list[str]]] = {}
    for row in run.table("acts_by_site.csv"):
        if row["use"] == use:
            named = (row[f"subdistricts_{code}"].split(", ") for code in ("th", "en"))
            for thai, english in zip(*named, strict=False):
                _, numbers = found.setdefault(thai, ({"th": f"ต.{thai}", "en": english}, []))
                if row["number"] not in numbers:
                    numbers.append(row["number"])
    return found


def with_numbers(name: Text, numbers: Sequence[str]) -> Text:
    """Write the numbers of its sites behind a subdistrict, as a key to the map."""
    return {code: f"{words} ({', '.join(numbers)})" for code, words in name.items()}


def steps_of(run: RunFiles) -> list[Text]:
    """Say what heads the answer on the yard, or that no step can be told."""
    return answer(run.record)[:2] or [both("brief.no_step")]


def _answers(run: RunFiles) -> list[Block]:
    """Set what a planner asks beside what the run says to it, then what each step is."""
    # The page ends with all that offices are asked for.
    told = answered(run.record, without={"ask"})
    if not told or not run.record.get("ladder"):
        told.append(Items(steps_of(run)))
    else:
        steps = run.scenario["estate"]["steps"].values()
        named = [both("ladder.step", n=n, title=one["title"]) for n, one in enumerate(steps)]
        told.append(Paragraph(both("brief.steps", steps=joined(named, "; ")), "quiet"))
    return [*told, *(Paragraph(one, "quiet") for one in _where(run))]


def _map(run: RunFiles) -> list[Block]:
    """Draw the candidate land of one use: of the estate's, where it has any."""
    asked = sorted(run.uses.items(), key=lambda one: one[0] not in uses_on_map(run))
    for use, definition in asked:
        frame = sites_of(run, use)
        if len(frame):
            one = Use(use, definition["title"], (), (), frame)  # type: ignore[arg-type]
            caption = both("brief.map_caption", use=definition["title"])
            figure = draw_map(near_ground(run), Wording.of_package(), alt=caption, use=one)
            return [Map(figure, caption, small=True)]
    return []


def uses_on_map(run: RunFiles) -> set[str]:
    """Name the uses whose gate of demand counts land: an estate, not a yard."""
    gates = run.scenario.get("gates") or {}
    return {use for use, of_use in gates.items() if of_use.get("demand_rai") is not None}


def _changes(run: RunFiles, wanted: Sequence[str]) -> Table:
    """Tell what changes in the years that matter, with ranges."""
    years = sorted({*YEARS, int(run.record["year"])})
    heads = [Head(both("report.column.amount")),
             *(Head(both("brief.year", year=year), "number") for year in years)]  # fmt: skip
    rows = []
    for file, key, name in AMOUNTS:
        if name not in wanted:
            continue
        by_year = {row["year_be"]: row for row in run.table(file) if row[key] == name}
        some = next(iter(by_year.values()), None)
        if some is not None:
            cells = [amount_of(by_year.get(str(year))) for year in years]
            rows.append([amount_named(some), *cells])
    return Table(heads, rows)


def amount_named(row: Mapping[str, str]) -> Text:
    """Name an amount with its unit."""
    title = of_row(row, "title")
    unit = of_row(row, "unit") if "unit_th" in row else _unit(row)
    return {x: f"{title[x]} ({unit[x]})" for x in title}


def _unit(row: Mapping[str, str]) -> Text:
    """Name the unit of a row of the timeline."""
    if row["kind"] == "capacity":
        return both("timeline.unit.mw")
    return both(f"report.unit.{row['unit'].replace(' ', '_')}")


def amount_of(row: Mapping[str, str] | None) -> Text:
    """Write an amount with its range."""
    if row is None or row["central"] == "":
        return NOT_KNOWN
    decimals = 1 if float(row["high"]) < 100 else 0
    if row["low"] == row["high"]:
        return same(number(float(row["central"]), decimals))
    return range_of(row["low"], row["central"], row["high"], decimals)


def _gates(run: RunFiles) -> list[Block]:
    """Set the gates of the uses of the run beside each other."""
    told = run.table("gates.csv")
    uses = [use for use in run.uses if any(row["use"] == use for row in told)][:_MOST_USES]
    if not uses:
        return []
    state = {(row["use"], row["gate"]): row for row in told}
    gates = list(dict.fromkeys(row["gate"] for row in told))
    columns: list[Column[str]] = [column("gate", lambda gate: of_row(state[uses[0], gate], "gate"))]
    columns += [_state_column(state, use, run) for use in uses]
    columns.append(column("office", lambda gate: _offices(state, uses, gate)))
    return [table_of(columns, gates)]


def _offices(
    state: Mapping[tuple[str, str], Mapping[str, str]], uses: Sequence[str], gate: str
) -> Text:
    """Name the office of every use for a gate, one that several share once."""
    named = {row["office_th"]: of_row(row, "office") for row in (state[u, gate] for u in uses)}
    return joined(list(named.values()), "; ")


def _state_column(
    state: Mapping[tuple[str, str], Mapping[str, str]], use: str, run: RunFiles
) -> Column[str]:
    return Column(run.uses[use]["title"], lambda gate: of_row(state[use, gate], "state"))


def _choices(run: RunFiles) -> Text:
    """Name the choices, and what a yard that nobody fills costs a year."""
    fixed = sorted(float(row["fixed_thb"]) / _MILLION for row in run.table("freight_yards.csv"))
    if not fixed:
        return both("brief.choices_words", worst=NOT_KNOWN)
    return both("brief.choices_words", worst=same(f"{fixed[0]:,.0f}–{fixed[-1]:,.0f}"))


def people_of(run: RunFiles) -> Text:
    """Say how many people live near the sites."""
    rows = [row for row in run.table("exposure.csv") if row["kind"] == "site"]
    low = [float(row[f"people_{_NEAR}_low"]) for row in rows if row.get(f"people_{_NEAR}_low")]
    high = [float(row[f"people_{_NEAR}_high"]) for row in rows if row.get(f"people_{_NEAR}_high")]
    if not high:
        return both("brief.people_unknown")
    return both("brief.people_words", low=f"{min(low, default=0):,.0f}", high=f"{max(high):,.0f}")


def rests_on(run: RunFiles) -> Text:
    """Say how many numbers are assumed and how many laws are checked."""
    laws = run.record["legal_limits"]
    counts = {"checked": len(laws["checked"]), "partly": len(laws["partly"]), "of": laws["of"]}
    checked = both("brief.limits_checked", **counts)
    assumed = run.record.get("assumed") or {}
    told = [
        both(f"brief.assumed.{name}", **share_words((n, m)))
        for name in ("answer", "steps", "gates")
        if name in assumed
        for n, m in [assumed[name]]
    ]
    return joined([*told, checked], " ")


def requests_of(run: RunFiles) -> list[Text]:
    """Say which offices to write to first, and for what."""
    acts = [row for row in run.table("questions.csv") if row["kind"] == "act"]
    limits = run.scenario["limits"]
    said = [
        both("brief.ask", office=of_row(row, "ask"), what=_wanted(row, limits[row["question"]]))
        for row in acts
    ]
    for id in run.record["legal_limits"]["not_checked"]:
        limit = limits[id]
        told = any(row["question"] == id for row in acts)
        # The office of a limit may lift it; whether it holds the map is not known.
        if not told and limit.get("needs") and limit.get("office"):
            said.append(both("brief.ask_for", office=limit["office"], what=limit["needs"]))
    return said[:MOST_OFFICES] or [both("brief.ask_nobody")]


def _wanted(row: Mapping[str, str], limit: Mapping[str, Any]) -> Text:
    """Say what to ask of an act's office: what the limit needs, and the notice by its name."""
    parts = [limit.get("needs"), of_row(row, "name") if row["name_th"] else None]
    return joined([part for part in parts if part] or [limit["title"]], ": ")


def stations_of(run: RunFiles) -> list[Block]:
    """Set the positions of a yard by station."""
    rows = run.table("yards_stations.csv")
    if not rows:
        return []
    choice = run.scenario.get("choice") or {"places": {}}
    names = [place["where"].get("name_en") for place in choice["places"].values()]
    wanted = [row for row in rows if row["station_en"] in names]
    columns: list[Column[Mapping[str, str]]] = [
        column("station", lambda row: of_row(row, "station")),
        column("holds", lambda row: same(row["holds"])),
        column("cannot_be_told", lambda row: same(row["cannot_be_told"])),
        column("certainly_fails", lambda row: same(row["fails"])),
        column("reason", lambda row: of_row(row, "reason")),
    ]
    return [table_of(columns, wanted or rows)]


def register_of(run: RunFiles) -> list[Block]:
    """Tell which land is no longer in use from when, and what it wants."""
    rows = run.table("land_register.csv")
    if not rows:
        return []
    columns: list[Column[Mapping[str, str]]] = [
        column("zone", lambda row: of_row(row, "title")),
        column("free_from", lambda row: same(row["no_longer_in_use_from_be"] or NOT_KNOWN["en"])),
        column("gate_state", lambda row: of_row(row, "state")),
        column("outstanding", _wanting, "number"),
        column("next_step", lambda row: of_row(row, "next_step")),
    ]
    drawn = [row for row in rows if row["rai"]]
    others = [of_row(row, "title") for row in rows if not row["rai"]]
    told: list[Block] = [table_of(columns, drawn)]
    if others:
        told.append(Paragraph(both("brief.not_drawn", zones=joined(others, ", ")), "quiet"))
    return told


def _wanting(row: Mapping[str, str]) -> Text:
    """Count the papers that are wanting."""
    return same(f"{len(row['papers_outstanding'].split())}")


def _subdistricts_near(run: RunFiles) -> list[Text]:
    named = {
        thai: text for use in run.uses for thai, (text, _) in subdistricts_of(run, use).items()
    }
    if not named:
        return [both("brief.village_unknown")]
    return [both("brief.village_words", places=joined(list(named.values()), ", ")),
            both("brief.village_unknown")]  # fmt: skip


def new_work_of(run: RunFiles) -> Text:
    """Say how many places of work an estate may bring."""
    rows = [row for row in run.table("estate.csv") if row["quantity"] == "jobs"]
    if not has_estate(run):
        return both("brief.no_estate")
    if not rows:
        return both("brief.lost")
    last: Mapping[str, Any] = rows[-1]
    return both("brief.new_work_words", low=f"{float(last['low']):,.0f}",
                high=f"{float(last['high']):,.0f}", year=last["year_be"])  # fmt: skip
