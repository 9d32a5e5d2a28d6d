"""Comparison and robustness in a report: what a finished comparison says of the run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from maemoh_gis.comparison.robustness import PLACE
from maemoh_gis.comparison.zones import LEVELS, land_use_of
from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.core.units import number
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Items,
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
    span,
    trust,
)

if TYPE_CHECKING:
    from maemoh_gis.presentation.compared_files import ComparedFiles

    Row = Mapping[str, str]

_DISTRICT = "district"
_SIDES = {"above": ">", "below": "<", "beyond": "±"}


def comparison(run: RunFiles) -> Section:
    """Tell how the run stands among those it was compared with."""
    compared, title = run.compared, both("report.section.comparison")
    if compared is None:
        return Section("comparison", title, [Paragraph(both("report.not_compared"))])
    record = compared.record
    blocks: list[Block] = [
        Paragraph(both("report.compared", n=len(compared.labels), runs=", ".join(compared.labels),
                      first=compared.labels[0], score=f"{record['good_score']:g}",
                      mark=compared.sha256[:12])),
    ]  # fmt: skip
    differs = record["differences"].get(compared.run)
    if differs:
        blocks.append(Paragraph(both("report.compared_differs", first=compared.labels[0],
                                    facts=differs["fact"], layers=differs["layer"])))  # fmt: skip
    for heading, made in (
        ("agreement", _agreement(run, compared)),
        ("regret", _regret(run, compared)),
        ("zones", _zones(run, compared)),
        ("jobs", _jobs(compared)),
        ("alerts", _alerts(run, compared)),
    ):
        blocks += [Heading(both(f"report.compared.{heading}")), *made]
    return Section("comparison", title, blocks)


def robustness(run: RunFiles) -> Section:
    """Tell in how many runs of the same question each place and site stays first."""
    compared, title = run.compared, both("report.section.robustness")
    if compared is None:
        return Section("robustness", title, [Paragraph(both("report.robustness_unknown"))])
    if missing := _missing(compared, "robustness.csv"):
        return Section("robustness", title, missing)
    asked = (str(run.record["scenario"]), str(run.record["year"]))
    rows = [
        row
        for row in compared.table("robustness.csv")
        if (row["scenario"], row["year_be"]) == asked
    ]
    if not rows:
        return Section("robustness", title, [Paragraph(both("report.robustness_none"))])
    first = [row for row in rows if row["first_in"] != "0"]
    keys = rows[0]["varied"].replace("; ", ", ")
    return Section("robustness", title, [
        Paragraph(both("report.robustness", n=rows[0]["runs"], keys=keys)),
        Items(list(_firm(run, compared, rows))),
        _standing_table(run, compared, first),
        Paragraph(both("report.robustness_note"), "quiet"),
    ])  # fmt: skip


def _standing_table(run: RunFiles, compared: ComparedFiles, rows: Sequence[Row]) -> Table:
    columns: list[Column[Row]] = [
        column("kind", lambda row: _kind(run, row["use"], row["kind"])),
        column("piece", lambda row: _named(compared, row)),
        column("first_in", _first_in, "number"),
        column("ranks", _ranks, "number"),
        column("first_runs", lambda row: same(row["first_runs"]), "wide"),
    ]
    return table_of(columns, rows)


def _first_in(row: Row) -> Text:
    return both("report.in_of", n=row["first_in"], of=row["ranked_in"])


def _ranks(row: Row) -> Text:
    """Write the best and the worst rank, one number where they are the same."""
    return same("–".join(dict.fromkeys((row["best_rank"], row["worst_rank"]))))


def _firm(run: RunFiles, compared: ComparedFiles, rows: Sequence[Row]) -> Iterator[Text]:
    """Say of every use and kind whether one piece is first throughout."""
    for use, kind in dict.fromkeys((row["use"], row["kind"]) for row in rows):
        of_kind = [row for row in rows if (row["use"], row["kind"]) == (use, kind)]
        always = [row for row in of_kind if row["first_in"] == row["ranked_in"] == row["runs"]]
        title = _kind(run, use, kind)
        if always:
            names = joined([_named(compared, row) for row in always], ", ")
            yield both("report.firm", title=title, names=names, n=always[0]["runs"])
        else:
            most = of_kind[0]["first_in"]
            best = [_named(compared, row) for row in of_kind if row["first_in"] == most]
            yield both("report.not_firm", title=title, names=joined(best, ", "), n=most,
                      of=of_kind[0]["runs"])  # fmt: skip
        if kind == PLACE and not _settled(compared, of_kind):
            yield both("report.not_settled")


def _settled(compared: ComparedFiles, rows: Sequence[Row]) -> bool:
    """Say whether the facts settle the first place in every run in which one of these is first."""
    runs = {label for row in rows for label in row["first_runs"].split(", ")}
    told = [row for row in compared.table("places.csv") if row["run"] in runs]
    return bool(told) and all(row["order_settled"] for row in told)


def _agreement(run: RunFiles, compared: ComparedFiles) -> Iterator[Block]:
    """Set the run beside every other: land, sites and order in common; equal rows together."""
    if missing := _missing(compared, "overlap.csv", "tau.csv"):
        yield from missing
        return
    columns: list[Column[tuple[_InCommon, list[str]]]] = [
        column("other_runs", lambda row: same(", ".join(row[1])), "wide"),
        column("good_overlap", lambda row: figure(row[0].good_land, 3), "number"),
        column("site_overlap", lambda row: figure(row[0].sites, 3), "number"),
        column("site_tau", lambda row: figure(row[0].site_tau, 3), "number"),
        column("yard_tau", lambda row: figure(row[0].yard_tau, 3), "number"),
    ]
    for use, definition in run.uses.items():
        told: dict[_InCommon, list[str]] = {}
        for other in compared.others:
            pair = {compared.run, other}
            found = _pairs(compared, use, pair)
            if any(found):
                told.setdefault(found, []).append(other)
        yield Paragraph(definition["title"], "lead")
        if not told:
            yield Paragraph(both("report.compared_alone"), "quiet")
            continue
        yield table_of(columns, told.items())
    yield Paragraph(both("report.compared.agreement_note"), "quiet")


class _InCommon(NamedTuple):
    """What two runs have in common, as written; empty where it cannot be said."""

    good_land: str
    sites: str
    site_tau: str
    yard_tau: str


def _pairs(compared: ComparedFiles, use: str, pair: set[str]) -> _InCommon:
    """Read what two runs have in common."""
    overlaps = {
        row["what"]: row["jaccard"]
        for row in compared.table("overlap.csv")
        if row["use"] == use and {row["run_first"], row["run_second"]} == pair
    }
    taus = {
        row["kind"]: row["tau_b"]
        for row in compared.table("tau.csv")
        if row["use"] == use and {row["run_first"], row["run_second"]} == pair
    }
    return _InCommon(
        good_land=overlaps.get("good_land", ""),
        sites=overlaps.get("sites", ""),
        site_tau=taus.get("site", ""),
        yard_tau=taus.get("yard", ""),
    )


def _regret(run: RunFiles, compared: ComparedFiles) -> Iterator[Block]:
    """Set the best piece of this run beside the one that gives up least over all runs."""
    if missing := _missing(compared, "pieces.csv"):
        yield from missing
        return
    own = [row for row in compared.table("pieces.csv") if row["run"] == compared.run]
    kinds = dict.fromkeys((row["use"], row["kind"]) for row in own)
    if not kinds:
        yield Paragraph(both("report.compared.no_regret"))
        return
    group = next(name for name, runs in compared.record["groups"].items() if compared.run in runs)
    members = ", ".join(compared.record["groups"][group])
    yield Paragraph(both("report.compared.regret_note", runs=members))
    of_kinds = [[row for row in own if (row["use"], row["kind"]) == kind] for kind in kinds]
    yield _regret_table(run, compared, of_kinds)


def _regret_table(
    run: RunFiles, compared: ComparedFiles, of_kinds: Sequence[Sequence[Row]]
) -> Table:
    """Write a row for the pieces of each use and kind."""
    columns: list[Column[Sequence[Row]]] = [
        column("kind", lambda rows: _kind(run, rows[0]["use"], rows[0]["kind"])),
        column("best_here", lambda rows: joined([_named(compared, row) for row in _best(rows)])),
        column("payoff", lambda rows: _first_figure(_best(rows), "payoff"), "number"),
        column(
            "greatest_regret", lambda rows: _first_figure(_best(rows), "greatest_regret"), "number"
        ),
        column(
            "least_regret_piece",
            lambda rows: joined([_named(compared, row) for row in _least(rows)], ", "),
        ),
        column("its_regret", lambda rows: _first_figure(_least(rows), "greatest_regret"), "number"),
    ]
    return table_of(columns, of_kinds)


def _best(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["rank"] == "1"][:1]


def _least(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["least_regret"] == "yes"]


def _first_figure(rows: Sequence[Row], name: str) -> Text:
    return figure(rows[0][name], 3) if rows else NOT_KNOWN


def _zones(run: RunFiles, compared: ComparedFiles) -> Iterator[Block]:
    """Tell which districts gain and lose land, against the first run that holds the use."""
    if missing := _missing(compared, "zones.csv"):
        yield from missing
        return
    changes = ("good_change_rai", "site_change_rai", "farm_taken_change_rai")
    told: dict[tuple[str, ...], tuple[Row, list[str]]] = {}
    for row in compared.table("zones.csv"):
        moved = any(row[name] not in {"", "0.0"} for name in changes)
        if row["level"] == _DISTRICT and row["use"] in run.uses and moved:
            if not _about(compared, row["use"], row["run"]):
                continue
            key = (row["code"], row["use"], *(row[name] for name in changes))
            told.setdefault(key, (row, []))[1].append(row["run"])
    if not told:
        yield Paragraph(both("report.compared.no_zones"))
    else:
        yield _zone_table(run, compared, list(told.values()))
    layers = compared.record["layers"]
    yield Paragraph(
        both("report.compared.zones_note", borders=_trust_of(layers, LEVELS[_DISTRICT]),
            land_use=_trust_of(layers, land_use_of(layers))), "quiet"
    )  # fmt: skip


def _zone_table(
    run: RunFiles, compared: ComparedFiles, told: Sequence[tuple[Row, list[str]]]
) -> Table:
    """Name the runs a change is of only where it is of others than this one."""
    columns: list[Column[tuple[Row, list[str]]]] = [
        column("district", lambda one: _district(one[0])),
        column("use", lambda one: run.uses[one[0]["use"]]["title"]),
        column("good_change", lambda one: _signed(one[0]["good_change_rai"]), "number"),
        column("site_change", lambda one: _signed(one[0]["site_change_rai"]), "number"),
        column("farm_change", lambda one: _signed(one[0]["farm_taken_change_rai"]), "number"),
        column("people_counted", lambda one: _people(one[0]), "number"),
    ]
    if any(runs != [compared.run] for _, runs in told):
        columns.append(column("runs", lambda one: same(", ".join(one[1]))))
    return table_of(columns, told)


def _district(row: Row) -> Text:
    return both("compare.zone.district", name=of_row(row, "name"))


def _about(compared: ComparedFiles, use: str, label: str) -> bool:
    """Say whether a row tells of this run: it is its own, or set against it."""
    held = list(compared.record["uses"].get(use, {}).get("land", {}))
    return label == compared.run or held[:1] == [compared.run]


def _jobs(compared: ComparedFiles) -> Iterator[Block]:
    """Tell in which districts jobs are at stake or gained in this run."""
    if missing := _missing(compared, "jobs.csv"):
        yield from missing
        return
    rows = [
        row
        for row in compared.table("jobs.csv")
        if row["level"] == _DISTRICT and row["run"] == compared.run
        if row["jobs_at_stake_central"] or row["jobs_gained_central"]
    ]
    if not rows:
        yield Paragraph(both("report.compared.no_jobs"))
        return
    columns: list[Column[Row]] = [
        column("district", _district),
        column("jobs_at_stake", lambda row: span(row, "jobs_at_stake"), "number"),
        column("confidence", lambda row: trust(row["jobs_at_stake_confidence"])),
        column("jobs_gained", lambda row: span(row, "jobs_gained"), "number"),
        column("confidence", lambda row: trust(row["jobs_gained_confidence"])),
        column("against_first", _against_first),
    ]
    yield table_of(columns, rows)


def _against_first(row: Row) -> Text:
    return both(f"report.jobs.{row['jobs']}") if row["jobs"] else NOT_KNOWN


def _alerts(run: RunFiles, compared: ComparedFiles) -> Iterator[Block]:
    """List the indicators of this run that are beyond their thresholds."""
    if missing := _missing(compared, "indicators.csv"):
        yield from missing
        return
    rows = [
        row
        for row in compared.table("indicators.csv")
        if row["run"] == compared.run and row["alert"] == "alert" and row["use"] in run.uses
    ]
    if not rows:
        yield Paragraph(both("report.compared.no_alerts"))
        return
    columns: list[Column[Row]] = [
        column("indicator", lambda row: of_row(row, "title")),
        column("use", lambda row: run.uses[row["use"]]["title"]),
        column("value", lambda row: _reading(row, row["value"]), "number"),
        column("threshold", _threshold, "number"),
    ]
    yield table_of(columns, rows)
    yield Paragraph(both("compare.note.alerts"), "quiet")


def _threshold(row: Row) -> Text:
    return joined([same(_SIDES[row["side"]]), _reading(row, row["threshold"])], " ")


def _reading(row: Row, value: str) -> Text:
    if row["unit"] == "percent":
        return same(f"{number(float(value), 1)} %")
    return figure(value, 3 if row["unit"] in {"share", "tau"} else 0)


def _missing(compared: ComparedFiles, *names: str) -> list[Block]:
    """Name the tables that are gone; none where all are whole."""
    gone = [n for n in names if n not in compared.record["outputs"] or n in compared.missing]
    return [Paragraph(both("report.missing_part", file=name), "caution") for name in gone]


def _kind(run: RunFiles, use: str, kind: str) -> Text:
    """Name a use and what of it is ranked."""
    if kind == PLACE:
        return both("report.kind.place")
    title = run.uses[use]["title"] if use in run.uses else same(use)
    return both("report.named_trust", title=title, trust=both(f"compare.kind.{kind}"))


def _named(compared: ComparedFiles, row: Row) -> Text:
    """Name a piece of the comparison, with its rank in this run if the run proposes it."""
    if row["kind"] == PLACE:
        return of_row(row, "name")
    name = of_row(row, "name")
    if not all(name.values()):
        # A comparison made before pieces had names: its key says which one is meant.
        name = same((row.get("piece") or row["id"]).removeprefix(f"{row['use']}-"))
    found_by = row["found_by_with_rank"]
    own = re.search(rf"(?:^|, ){re.escape(compared.run)}: (\d+)(?:,|$)", found_by)
    if own is None:
        return name
    return both("report.piece_here", name=name, rank=own[1])


def _signed(area_rai: str) -> Text:
    if area_rai == "":
        return NOT_KNOWN
    value = float(area_rai)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return {x: sign + words for x, words in land(abs(value)).items()}


def _people(row: Row) -> Text:
    if row["people"] == "":
        return NOT_KNOWN
    return both("report.people_counted", n=number(float(row["people"]), 0),
               year_be=row["people_year_be"], trust=trust(row["people_confidence"]))  # fmt: skip


def _trust_of(layers: Mapping[str, Any], id: str | None) -> Text:
    return trust(layers[id]["confidence"]) if id is not None and id in layers else NOT_KNOWN
