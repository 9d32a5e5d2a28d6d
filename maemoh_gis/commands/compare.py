"""The verb that compares finished runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis import units
from maemoh_gis.errors import Fault, RunError
from maemoh_gis.language import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal

_FOLDER = Path("runs") / "comparison"


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """
    Add the verb to a command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    terminal : Terminal
        Where answers go.
    """
    language = terminal.language

    @app.command("compare", help=text("cli.compare", language))
    def compare(
        runs: list[Path] = typer.Argument(..., help=text("cli.arg.runs", language)),
        out: Path = typer.Option(_FOLDER, "--out", help=text("cli.opt.compare_out", language)),
        score: float = typer.Option(None, "--score", help=text("cli.opt.score", language)),
        alert: list[str] = typer.Option(
            [], "--alert", help=text("cli.opt.alert", language), metavar="ID=VALUE"
        ),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.files import read_json
        from maemoh_gis.workflow.comparison import GOOD_SCORE, RECORD
        from maemoh_gis.workflow.comparison import compare as compare_runs

        catalog = terminal.project(layers).catalog()
        at_least = GOOD_SCORE if score is None else score
        compare_runs(runs, catalog, out, at_least=at_least, alerts=_thresholds(alert))
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
    for caveat in record["caveats"][:2]:
        terminal.line(caveat[language])
    first = record["runs"][0]["run"]
    for run, kinds in record["differences"].items():
        terminal.say("cli.compare_differs", run=run, first=first, layers=kinds["layer"],
                     facts=kinds["fact"])  # fmt: skip
    for use in record["uses"].values():
        terminal.line()
        terminal.line(use["title"][language])
        _show_use(terminal, use, record)
    terminal.line()
    terminal.say("cli.compare_alerts", n=len(record["alerts"]))
    terminal.say("cli.compare_is_at", path=str(folder.resolve()))


def _show_use(terminal: Terminal, use: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    language = terminal.language
    for run, land in use["land"].items():
        allowed, conditional, good = (
            units.area(units.m2_from_rai(land[f"{name}_rai"]), language)
            for name in ("allowed", "conditional", "good")
        )
        terminal.say("cli.compare_land", run=run, allowed=allowed, conditional=conditional,
                     good=good, score=f"{record['good_score']:g}")  # fmt: skip
    agreed = use["consensus"]["all"]
    if agreed["runs"] > 1:
        area = units.area(units.m2_from_rai(agreed["good_in_all_rai"]), language)
        terminal.say("cli.compare_consensus", n=agreed["runs"], area=area)
    for one in use["good_overlap"]:
        pair = " / ".join(one["runs"])
        terminal.say("cli.compare_overlap", runs=pair, jaccard=_number(one["jaccard"]))
    for one in use["tau"]:
        kind = text(f"compare.kind.{one['kind']}", language)
        terminal.say("cli.compare_tau", kind=kind, runs=" / ".join(one["runs"]), n=one["pieces"],
                     tau=_number(one["tau_b"]))  # fmt: skip
    for one in use["least_regret"]:
        kind = text(f"compare.kind.{one['kind']}", language)
        terminal.say("cli.compare_regret", kind=kind, viewpoint=one["group"],
                     pieces=", ".join(one["pieces"]) or "–",
                     regret=_number(one["greatest_regret"]))  # fmt: skip


def _number(value: float | None) -> str:
    return units.number(math.nan if value is None else value, 3)
