"""Uses without land of their own in a run: what they could be, and the gates before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.core.units import number
from maemoh_gis.decision.report import gate_table
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    figure,
    land,
    of_row,
    range_of,
    trust,
)
from maemoh_gis.scenario.after_use import outstanding, rules_of
from maemoh_gis.scenario.settings.scenario import Scenario

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.phase_out import Need

    Row = Mapping[str, str]

_POPULATION, _DISTRICTS = "subdistrict_population", "districts"
_SEATS = "seats"
_LONGER = 1.2
"""A way may take a fifth longer or less: speeds are of low confidence. ASSUMPTION."""


def other_uses(run: RunFiles) -> Section | None:
    """Tell of each use that is asked for megawatts or people what is known, and its gates."""
    blocks = [block for use, of_use in (run.scenario.get("gates") or {}).items()
              for block in _use(run, use, of_use)]  # fmt: skip
    if not blocks:
        return None
    note = Paragraph(both("report.other_uses_note"), "caution")
    return Section("other_uses", both("report.section.other_uses"), [note, *blocks])


def _use(run: RunFiles, use: str, of_use: Mapping[str, Any]) -> Iterator[Block]:
    told = [
        *(_power(run, use, of_use) if of_use.get("rai_per_mw") else ()),
        *(_load(use, of_use["load"]) if of_use.get("load") else ()),
        *(_people(run, of_use["people_within"]) if of_use.get("people_within") else ()),
    ]
    if told:
        yield Heading(of_use["title"])
        yield from told
        rows = [row for row in run.table("gates.csv") if row["use"] == use]
        if rows:
            yield gate_table(rows)


def _power(run: RunFiles, use: str, of_use: Mapping[str, Any]) -> Iterator[Block]:
    """Give the megawatts each class of land after coal would bear, and from when."""
    asked = of_use["rai_per_mw"]
    rows = [row for row in run.table("land_register.csv") if row.get(f"{use}_from_central")]
    opened = [row for row in rows if use in row["open_for"].split()]
    by_class: dict[str, list[Row]] = {}
    for row in rows:
        by_class.setdefault(row["class"], []).append(row)
    year = run.record["year"]
    open_mw = joined([_mw(opened, asked), both("compare.year.unit.mw")], " ")
    yield Paragraph(
        both("report.mw_open", year=year, mw=open_mw if opened else both("report.no_mw"))
    )
    yield _class_table(use, of_use, list(by_class.values()), wanting_of(run, use))
    about: dict[str, object] = {
        "low": f"{asked['low']:g}",
        "high": f"{asked['high']:g}",
        "source": asked["source"],
    }
    yield Paragraph(both("report.mw_note", **about), "quiet")


def _class_table(
    use: str,
    of_use: Mapping[str, Any],
    classes: Sequence[Sequence[Row]],
    wanting: Mapping[str, Sequence[Need]],
) -> Table:
    asked, water = of_use["rai_per_mw"], set(of_use.get("no_mw_on") or ())
    columns: list[Column[Sequence[Row]]] = [
        column("land_class", lambda rows: of_row(rows[0], "class")),
        column("rai", _rai, "number"),
        column("mw_borne", lambda rows: NOT_KNOWN if rows[0]["class"] in water
               else _mw(rows, asked), "number"),
        column("asked_from", lambda rows: _from(use, rows), "number"),
        column("papers_missing", lambda rows: _papers(rows, wanting), "wide"),
        column("confidence", lambda rows: trust(rows[0]["confidence"])),
    ]  # fmt: skip
    return table_of(columns, classes)


def wanting_of(run: RunFiles, use: str) -> dict[str, list[Need]]:
    """Give the papers each zone still needs for a use, whether or not the run scores it."""
    document = Document(run.record["resolved"], {}, str(run.folder))
    scenario = validate(Scenario, document)
    rules = rules_of(scenario, run.catalog)
    return {
        id: outstanding(zone, [use], rules, scenario.year) for id, zone in scenario.zones.items()
    }


def _papers(rows: Sequence[Row], wanting: Mapping[str, Sequence[Need]]) -> Text:
    """Name the papers any zone of a class is still wanting, each once."""
    needs = dict.fromkeys(need for row in rows for need in wanting.get(row["zone"], ()))
    return joined([both(f"zone.need.{need}") for need in needs], "; ")


def _known(rows: Sequence[Row]) -> list[float]:
    return [float(row["rai"]) for row in rows if row["rai"]]


def _rai(rows: Sequence[Row]) -> Text:
    """Add up what is drawn; land without an outline makes it a least."""
    known = _known(rows)
    if not known:
        return NOT_KNOWN
    total = land(sum(known))
    return total if len(known) == len(rows) else both("report.at_least_land", land=total)


def _mw(rows: Sequence[Row], asked: Mapping[str, Any]) -> Text:
    """Give the megawatts of land that is drawn; the most land a megawatt takes gives the least."""
    known = sum(_known(rows))
    if not known:
        return NOT_KNOWN
    low, central, high = (known / asked[end] for end in ("high", "central", "low"))
    return range_of(low, central, high)


def _from(use: str, rows: Sequence[Row]) -> Text:
    """Give the years from which it may be asked for: the first of its zones."""
    first = min(rows, key=lambda row: int(row[f"{use}_from_central"]))
    ends = [first[f"{use}_from_{end}"] for end in ("low", "central", "high")]
    return same(f"{ends[1]} ({ends[0]}–{ends[2]})")


def _load(use: str, load: Mapping[str, Any]) -> Iterator[Block]:
    """Say what is asked of the grid, or how to say it."""
    if load.get("mw") is None:
        yield Paragraph(both("report.no_load", key=f"gates.{use}.load.mw"))
    else:
        yield Paragraph(both("report.load", mw=figure(load["mw"])))
    yield Paragraph(load["about"], "quiet")


def _people(run: RunFiles, asked: Mapping[str, Any]) -> Iterator[Block]:
    """Count the people of the districts whose seat lies within each time by road."""
    minutes, counts = _minutes(run, asked["seat"]), _counts(run)
    known = {name: minutes[name] for name in counts if name in minutes}
    for most in asked["minutes"]:
        told: dict[str, object] = {"minutes": f"{most:g}", "seat": asked["seat"]}
        if not known:
            yield Paragraph(both("report.people_not_known", **told))
            continue
        ends = [sum(counts[name] for name, took in known.items() if took <= most * share)
                for share in (1 / _LONGER, 1.0, _LONGER)]  # fmt: skip
        told |= {"people": range_of(*ends), "left": str(len(counts) - len(known)),
                 "of": number(sum(counts.values()), 0)}  # fmt: skip
        yield Paragraph(both("report.people_within", **told))
    yield Paragraph(asked["about"], "quiet")


def _minutes(run: RunFiles, seat: Mapping[str, str]) -> dict[str, float]:
    """Give the minutes by road from a seat to every other, by its Thai name; to itself none."""
    found = {seat["th"]: 0.0}
    for row in run.table("access.csv"):
        ends = [(row[f"{end}_kind"], row[f"{end}_th"]) for end in ("from", "to")]
        if all(kind == _SEATS for kind, _ in ends) and row["road_minutes"]:
            names = [name for _, name in ends]
            if seat["th"] in names:
                other = names[1 - names.index(seat["th"])]
                found[other] = float(row["road_minutes"])
    return found if len(found) > 1 else {}


def _counts(run: RunFiles) -> dict[str, int]:
    """Give the people counted in every district, by its Thai name."""
    counted: dict[str, int] = {}
    for row in run.layer_table(_POPULATION):
        if row["population"]:
            code = str(row["code"])[:4]
            counted[code] = counted.get(code, 0) + int(row["population"])
    if not counted or _DISTRICTS not in run.catalog.layers:
        return {}
    frame = run.layers.features(_DISTRICTS, run.grid.crs)
    names = dict(zip(map(str, frame["code"]), frame["name_th"], strict=True))
    return {names[code]: people for code, people in counted.items() if code in names}
