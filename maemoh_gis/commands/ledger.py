"""The verb that says why two finished runs differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("ledger", help=text("cli.ledger", language))
    def ledger(
        base: Path = typer.Argument(..., help=text("cli.arg.ledger_base", language)),
        other: Path = typer.Argument(..., help=text("cli.arg.ledger_other", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.ledger_out", language)),
        score: float = typer.Option(None, "--score", help=text("cli.opt.score", language)),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.ask.ledger_words import COLUMNS, FIGURES
        from maemoh_gis.ask.why import told_ledger
        from maemoh_gis.cache.store import open_store
        from maemoh_gis.comparison.model import GOOD_SCORE
        from maemoh_gis.files import write_csv
        from maemoh_gis.runs.finished import open_run

        if out is not None and out.exists() and not replace:
            raise RunError(Fault("out_exists", str(out), key="--out"))
        catalog = terminal.project(layers).catalog()
        first, second = (open_run(folder, catalog) for folder in (base, other))
        at_least = GOOD_SCORE if score is None else score
        watch = terminal.works_out
        told = told_ledger(first, second, watch, open_store(), at_least)
        if out is not None:
            rows = [tuple(row.values()) for row in told["rows"]]
            write_csv(out, (*COLUMNS, *FIGURES), rows, for_excel=True)
        if as_json:
            terminal.data(told)
            return
        terminal.line(told["first"][language])
        for line in told["causes"]:
            terminal.line(f"- {line[language]}")
        if out is not None:
            terminal.say("cli.ledger_is_at", path=str(out.resolve()))
