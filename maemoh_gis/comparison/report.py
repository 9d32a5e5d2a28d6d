"""Comparison and robustness in a report: what a finished comparison says of the run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.comparison.robustness import PLACE
from maemoh_gis.comparison.zones import LAND_USE, LEVELS
from maemoh_gis.core.units import number
from maemoh_gis.pages.report_content import Block, Heading, Items, Paragraph, Section, Table
from maemoh_gis.pages.wording import same
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    figure,
    joined,
    land,
    of_row,
    say,
    span,
    trust,
)

if TYPE_CHECKING:
    from maemoh_gis.pages.content import Text
    from maemoh_gis.presentation.compared_files import ComparedFiles

    Row = Mapping[str, str]

_DISTRICT = "district"
_SIDES = {"above": ">", "below": "<", "beyond": "±"}


def comparison(run: RunFiles) -> Section:
    """Tell how the run stands among those it was compared with."""
    compared, title = run.compared, say("report.section.comparison")
    if compared is None:
        return Section("comparison", title, [Paragraph(say("report.not_compared"))])
    record = compared.record
    blocks: list[Block] = [
        Paragraph(say("report.compared", n=len(compared.labels), runs=", ".join(compared.labels),
                      first=compared.labels[0], score=f"{record['good_score']:g}",
                      mark=compared.sha256[:12])),
    ]  # fmt: skip
    differs = record["differences"].get(compared.run)
    if differs:
        blocks.append(Paragraph(say("report.compared_differs", first=compared.labels[0],
                                    facts=differs["fact"], layers=differs["layer"])))  # fmt: skip
    for heading, made in (
        ("agreement", _agreement(run, compared)),
        ("regret", _regret(run, compared)),
        ("zones", _zones(run, compared)),
        ("jobs", _jobs(compared)),
        ("alerts", _alerts(run, compared)),
    ):
        blocks += [Heading(say(f"report.compared.{heading}")), *made]
    return Section("comparison", title, blocks)


def robustness(run: RunFiles) -> Section:
    """Tell in how many runs of the same question each place and site stays first."""
    compared, title = run.compared, say("report.section.robustness")
    if compared is None:
        return Section("robustness", title, [Paragraph(say("report.robustness_unknown"))])
    if missing := _missing(compared, "robustness.csv"):
        return Section("robustness", title, missing)
    asked = (str(run.record["scenario"]), str(run.record["year"]))
    rows = [
        row
        for row in compared.table("robustness.csv")
        if (row["scenario"], row["year_be"]) == asked
    ]
    if not rows:
        return Section("robustness", title, [Paragraph(say("report.robustness_none"))])
    columns = ("kind", "piece", "first_in", "ranks", "first_runs")
    first = [row for row in rows if row["first_in"] != "0"]
    table = Table(
        [say(f"report.column.{c}") for c in columns],
        [_standing(run, compared, row) for row in first],
        numbers=frozenset({2, 3}),
        wide=frozenset({4}),
    )
    keys = rows[0]["varied"].replace("; ", ", ")
    return Section("robustness", title, [
        Paragraph(say("report.robustness", n=rows[0]["runs"], keys=keys)),
        Items(list(_firm(run, compared, rows))),
        table,
        Paragraph(say("report.robustness_note"), "quiet"),
    ])  # fmt: skip


def _standing(run: RunFiles, compared: ComparedFiles, row: Row) -> tuple[Text, ...]:
    ranks = "–".join(dict.fromkeys((row["best_rank"], row["worst_rank"])))
    return (
        _kind(run, row["use"], row["kind"]),
        _named(compared, row),
        say("report.in_of", n=row["first_in"], of=row["ranked_in"]),
        same(ranks),
        same(row["first_runs"]),
    )


def _firm(run: RunFiles, compared: ComparedFiles, rows: Sequence[Row]) -> Iterator[Text]:
    """Say of every use and kind whether one piece is first throughout."""
    for use, kind in dict.fromkeys((row["use"], row["kind"]) for row in rows):
        of_kind = [row for row in rows if (row["use"], row["kind"]) == (use, kind)]
        always = [row for row in of_kind if row["first_in"] == row["ranked_in"] == row["runs"]]
        title = _kind(run, use, kind)
        if always:
            names = joined([_named(compared, row) for row in always], ", ")
            yield say("report.firm", title=title, names=names, n=always[0]["runs"])
        else:
            most = of_kind[0]["first_in"]
            best = [_named(compared, row) for row in of_kind if row["first_in"] == most]
            yield say("report.not_firm", title=title, names=joined(best, ", "), n=most,
                      of=of_kind[0]["runs"])  # fmt: skip
        if kind == PLACE and not _settled(compared, of_kind):
            yield say("report.not_settled")


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
    columns = ("other_runs", "good_overlap", "site_overlap", "site_tau", "yard_tau")
    for use, definition in run.uses.items():
        told: dict[tuple[str, ...], list[str]] = {}
        for other in compared.others:
            pair = {compared.run, other}
            found = _pairs(compared, use, pair)
            if any(found):
                told.setdefault(found, []).append(other)
        yield Paragraph(definition["title"], "lead")
        if not told:
            yield Paragraph(say("report.compared_alone"), "quiet")
            continue
        rows = [
            (same(", ".join(others)), *(figure(value, 3) for value in values))
            for values, others in told.items()
        ]
        yield Table([say(f"report.column.{c}") for c in columns], rows,
                    numbers=frozenset({1, 2, 3, 4}), wide=frozenset({0}))  # fmt: skip
    yield Paragraph(say("report.compared.agreement_note"), "quiet")


def _pairs(compared: ComparedFiles, use: str, pair: set[str]) -> tuple[str, ...]:
    """Read what two runs have in common; an empty text where it cannot be said."""
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
    return (overlaps.get("good_land", ""), overlaps.get("sites", ""), taus.get("site", ""),
            taus.get("yard", ""))  # fmt: skip


def _regret(run: RunFiles, compared: ComparedFiles) -> Iterator[Block]:
    """Set the best piece of this run beside the one that gives up least over all runs."""
    if missing := _missing(compared, "pieces.csv"):
        yield from missing
        return
    own = [row for row in compared.table("pieces.csv") if row["run"] == compared.run]
    columns = ("kind", "best_here", "payoff", "greatest_regret", "least_regret_piece",
               "its_regret")  # fmt: skip
    rows = []
    for use, kind in dict.fromkeys((row["use"], row["kind"]) for row in own):
        of_kind = [row for row in own if (row["use"], row["kind"]) == (use, kind)]
        best = [row for row in of_kind if row["rank"] == "1"][:1]
        least = [row for row in of_kind if row["least_regret"] == "yes"]
        rows.append((
            _kind(run, use, kind),
            joined([_named(compared, row) for row in best]),
            figure(best[0]["payoff"], 3) if best else NOT_KNOWN,
            figure(best[0]["greatest_regret"], 3) if best else NOT_KNOWN,
            joined([_named(compared, row) for row in least], ", "),
            figure(least[0]["greatest_regret"], 3) if least else NOT_KNOWN,
        ))  # fmt: skip
    if not rows:
        yield Paragraph(say("report.compared.no_regret"))
        return
    group = next(name for name, runs in compared.record["groups"].items() if compared.run in runs)
    members = ", ".join(compared.record["groups"][group])
    yield Paragraph(say("report.compared.regret_note", runs=members))
    yield Table([say(f"report.column.{c}") for c in columns], rows,
                numbers=frozenset({2, 3, 5}))  # fmt: skip


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
        yield Paragraph(say("report.compared.no_zones"))
    else:
        columns = ["district", "use", "good_change", "site_change", "farm_change",
                   "people_counted", "runs"]  # fmt: skip
        rows = [
            (say("compare.zone.district", name=of_row(row, "name")),
             run.uses[row["use"]]["title"], *(_signed(row[name]) for name in changes),
             _people(row), same(", ".join(runs)))
            for row, runs in told.values()
        ]  # fmt: skip
        if all(runs == [compared.run] for _, runs in told.values()):
            columns, rows = columns[:-1], [row[:-1] for row in rows]
        yield Table([say(f"report.column.{c}") for c in columns], rows,
                    numbers=frozenset({2, 3, 4, 5}))  # fmt: skip
    layers = compared.record["layers"]
    yield Paragraph(
        say("report.compared.zones_note", borders=_trust_of(layers, LEVELS[_DISTRICT]),
            land_use=_trust_of(layers, LAND_USE)), "quiet"
    )  # fmt: skip


def _about(compared: ComparedFiles, use: str, label: str) -> bool:
    """Say whether a row tells of this run: it is its own, or set against it."""
    held = list(compared.record["uses"].get(use, {}).get("land", {}))
    return label == compared.run or held[:1] == [compared.run]


def _jobs(compared: ComparedFiles) -> Iterator[Block]:
    """Tell in which districts jobs are at stake or gained in this run."""
    if missing := _missing(compared, "jobs.csv"):
        yield from missing
        return
    rows = []
    for row in compared.table("jobs.csv"):
        told = row["jobs_at_stake_central"] or row["jobs_gained_central"]
        if row["level"] == _DISTRICT and row["run"] == compared.run and told:
            ends = [_jobs_of(row, f"jobs_{what}") for what in ("at_stake", "gained")]
            district = say("compare.zone.district", name=of_row(row, "name"))
            told_by = say(f"report.jobs.{row['jobs']}") if row["jobs"] else NOT_KNOWN
            rows.append((district, *ends[0], *ends[1], told_by))
    if not rows:
        yield Paragraph(say("report.compared.no_jobs"))
        return
    columns = (
        "district",
        "jobs_at_stake",
        "confidence",
        "jobs_gained",
        "confidence",
        "against_first",
    )
    yield Table([say(f"report.column.{c}") for c in columns], rows,
                numbers=frozenset({1, 3}))  # fmt: skip


def _jobs_of(row: Row, stem: str) -> tuple[Text, Text]:
    """Write a number of jobs with its range, and its confidence."""
    return span(row, stem), trust(row[f"{stem}_confidence"])


def _alerts(run: RunFiles, compared: ComparedFiles) -> Iterator[Block]:
    """List the indicators of this run that are beyond their thresholds."""
    if missing := _missing(compared, "indicators.csv"):
        yield from missing
        return
    rows = [
        (of_row(row, "title"), run.uses[row["use"]]["title"], _reading(row, row["value"]),
         joined([same(_SIDES[row["side"]]), _reading(row, row["threshold"])], " "))
        for row in compared.table("indicators.csv")
        if row["run"] == compared.run and row["alert"] == "alert" and row["use"] in run.uses
    ]  # fmt: skip
    if not rows:
        yield Paragraph(say("report.compared.no_alerts"))
        return
    columns = ("indicator", "use", "value", "threshold")
    yield Table([say(f"report.column.{c}") for c in columns], rows, numbers=frozenset({2, 3}))
    yield Paragraph(say("compare.note.alerts"), "quiet")


def _reading(row: Row, value: str) -> Text:
    if row["unit"] == "percent":
        return same(f"{number(float(value), 1)} %")
    return figure(value, 3 if row["unit"] in {"share", "tau"} else 0)


def _missing(compared: ComparedFiles, *names: str) -> list[Block]:
    """Name the tables that are gone; none where all are whole."""
    gone = [n for n in names if n not in compared.record["outputs"] or n in compared.missing]
    return [Paragraph(say("report.missing_part", file=name), "caution") for name in gone]


def _kind(run: RunFiles, use: str, kind: str) -> Text:
    """Name a use and what of it is ranked."""
    if kind == PLACE:
        return say("report.kind.place")
    title = run.uses[use]["title"] if use in run.uses else same(use)
    return say("report.named_trust", title=title, trust=say(f"compare.kind.{kind}"))


def _named(compared: ComparedFiles, row: Row) -> Text:
    """Name a piece of the comparison, with its rank in this run if the run proposes it."""
    if row["kind"] == PLACE:
        return of_row(row, "name")
    id = row.get("piece") or row["id"]
    name = id.removeprefix(f"{row['use']}-")
    found_by = row["found_by_with_rank"]
    own = re.search(rf"(?:^|, ){re.escape(compared.run)}: (\d+)(?:,|$)", found_by)
    if own is None:
        return same(name)
    return say("report.piece_here", name=name, rank=own[1])


def _signed(area_rai: str) -> Text:
    if area_rai == "":
        return NOT_KNOWN
    value = float(area_rai)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return {x: sign + words for x, words in land(abs(value)).items()}


def _people(row: Row) -> Text:
    if row["people"] == "":
        return NOT_KNOWN
    return say("report.people_counted", n=number(float(row["people"]), 0),
               year_be=row["people_year_be"], trust=trust(row["people_confidence"]))  # fmt: skip


def _trust_of(layers: Mapping[str, Any], id: str) -> Text:
    return trust(layers[id]["confidence"]) if id in layers else NOT_KNOWN
