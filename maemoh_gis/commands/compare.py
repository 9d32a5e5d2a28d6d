"""The verb that compares finished runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis.core import units
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language, text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal

_FOLDER = Path("runs") / "comparison"
# More runs than this are counted: every one stands in the table.
_MOST_NAMED = 3


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("compare", help=text("cli.compare", language))
    def compare(
        runs: list[Path] = typer.Argument(..., help=text("cli.arg.runs", language)),
        out: Path = typer.Option(_FOLDER, "--out", help=text("cli.opt.compare_out", language)),
        score: float = typer.Option(None, "--score", help=text("cli.opt.score", language)),
        alert: list[str] = typer.Option(
            [], "--alert", help=text("cli.opt.alert", language), metavar="ID=VALUE"
        ),
        ledger: bool = typer.Option(
            None, "--ledger/--no-ledger", help=text("cli.opt.compare_ledger", language)
        ),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.ask.why import explainer
        from maemoh_gis.cache.store import open_store
        from maemoh_gis.comparison.compare import compare as compare_runs
        from maemoh_gis.comparison.model import GOOD_SCORE
        from maemoh_gis.files import read_json
        from maemoh_gis.presentation.compared_files import RECORD

        catalog = terminal.project(layers).catalog()
        at_least = GOOD_SCORE if score is None else score
        explain = explainer(catalog, asked=ledger, at_least=at_least,
                            watch=terminal.works_out, store=open_store())  # fmt: skip
        compare_runs(
            runs,
            catalog,
            out,
            at_least=at_least,
            alerts=_thresholds(alert),
            replace=replace,
            explain=explain,
        )
        record = read_json(out / RECORD)
        if as_json:
            terminal.data({"folder": str(out), **record})
            return
        _show(terminal, record, out)


def _thresholds(written: Sequence[str]) -> dict[str, float]:
    """Read `indicator=value`; what is not a number becomes NaN and is refused with the rest."""
    found = {}
    for one in written:
        id, sign, value = one.partition("=")
        if not sign:
            raise RunError(
                Fault("bad_alert", key="--alert", found=one, expected="good_overlap=0.8")
            )
        try:
            found[id] = float(value)
        except ValueError:
            found[id] = math.nan
    return found


def _show(terminal: Terminal, record: Mapping[str, Any], folder: Path) -> None:
    language = terminal.language
    terminal.line(record["first"][language])
    for one in record["runs"]:
        if one.get("leads_to"):
            told = one["leads_to"][language]
            terminal.line(f"{one['run']}: {told}")
    for effect in record["causes"]:
        terminal.line("- " + " – ".join(cell[language] for cell in effect))
    for caveat in record["caveats"][:2]:
        terminal.line(caveat[language])
    first = record["runs"][0]["run"]
    differing: dict[tuple[int, int], list[str]] = {}
    for run, kinds in record["differences"].items():
        differing.setdefault((kinds["layer"], kinds["fact"]), []).append(run)
    for (layers, facts), runs in differing.items():
        told = _named(runs, len(record["runs"]), language)
        terminal.say("cli.compare_differs", run=told, first=first, layers=layers, facts=facts)
    for use in record["uses"].values():
        terminal.line()
        terminal.line(use["title"][language])
        _show_use(terminal, use, record)
    terminal.line()
    terminal.say("cli.compare_alerts", n=len(record["alerts"]))
    for title, told in _alert_lines(record, language):
        terminal.line(f"  {title}: {told}")
    if len(record["runs"]) > 2:
        terminal.say("cli.compare_pairs", first=first)
    brief = folder / "brief_committee.html"
    if brief.name in record["outputs"]:
        terminal.say("cli.brief_is_at", path=str(brief.resolve()))
    terminal.say("cli.compare_is_at", path=str(folder.resolve()))


def _show_use(terminal: Terminal, use: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    language = terminal.language
    same: dict[tuple[str, ...], list[str]] = {}
    for run, land in use["land"].items():
        areas = (land[f"{name}_rai"] for name in ("allowed", "conditional", "good"))
        told = tuple(units.area(units.m2_from_rai(area), language) for area in areas)
        same.setdefault(told, []).append(run)
    for (allowed, conditional, good), runs in same.items():
        terminal.say(
            "cli.compare_land",
            run=_named(runs, len(use["land"]), language),
            allowed=allowed,
            conditional=conditional,
            good=good,
            score=f"{record['good_score']:g}",
        )
    agreed = use["consensus"]["all"]
    if agreed["runs"] > 1:
        area = units.area(units.m2_from_rai(agreed["good_in_all_rai"]), language)
        terminal.say("cli.compare_consensus", n=agreed["runs"], area=area)
    of = len(use["land"])
    for (jaccard,), (one, others) in _with_the_first(use["good_overlap"], "jaccard").items():
        pairs = f"{one} / {_named(others, of, language)}"
        terminal.say("cli.compare_overlap", runs=pairs, jaccard=jaccard)
    ranked = _with_the_first(use["tau"], "kind", "pieces", "tau_b")
    for (kind, n, tau), (one, others) in ranked.items():
        title, pairs = text(f"compare.kind.{kind}", language), _named(others, of, language)
        terminal.say("cli.compare_tau", kind=title, runs=f"{one} / {pairs}", n=n, tau=tau)


def _alert_lines(record: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Say which runs and uses are beyond the threshold of each indicator."""
    found: dict[str, dict[str, list[str]]] = {}
    for alert in record["alerts"]:
        found.setdefault(alert["indicator"], {}).setdefault(alert["use"], []).append(alert["run"])
    for indicator, by_use in found.items():
        told: dict[str, list[str]] = {}
        for use, runs in by_use.items():
            held = record["uses"][use]
            named = _named(runs, len(held["land"]), language)
            told.setdefault(named, []).append(held["title"][language])
        lines = (f"{named} ({', '.join(titles)})" for named, titles in told.items())
        yield text(f"compare.indicator.{indicator}", language), "; ".join(lines)


def _named(runs: Sequence[str], of: int, language: Language) -> str:
    """Name a few runs, and count many: a sweep has hundreds, and all stand in the tables."""
    if len(runs) <= _MOST_NAMED:
        return ", ".join(runs)
    return text("compare.runs_counted", language, n=len(runs), of=of)


def _with_the_first(
    pairs: Sequence[Mapping[str, Any]], *values: str
) -> dict[tuple[str, ...], tuple[str, list[str]]]:
    """Join pairs of one value that hold the first run; all pairs stand in the tables."""
    found: dict[tuple[str, ...], tuple[str, list[str]]] = {}
    first = pairs[0]["runs"][0] if pairs else None
    for pair in pairs:
        if pair["runs"][0] == first:
            told = tuple(v if isinstance(v, str) else _value(v) for v in (pair[x] for x in values))
            found.setdefault(told, (first, []))[1].append(pair["runs"][1])
    return found


def _value(value: float | None) -> str:
    return str(value) if isinstance(value, int) else _number(value)


def _number(value: float | None) -> str:
    return units.number(math.nan if value is None else value, 3)
