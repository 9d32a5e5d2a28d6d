"""The verb that writes the report of a finished run again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands.terminal import beside
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("report", help=text("cli.report", language))
    def report(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.report_out", language)),
        comparison: Path = typer.Option(
            None, "--comparison", help=text("cli.opt.report_comparison", language)
        ),
        thai_digits: bool = typer.Option(
            False, "--thai-digits", help=text("cli.opt.thai_digits", language)
        ),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.presentation.compared_files import comparisons_beside
        from maemoh_gis.runs.report import record_of, report_again

        folder = out or beside(run, "-report")
        catalog = terminal.project(layers).catalog()
        record_of(run)
        others = [comparison] if comparison else comparisons_beside(run)
        chosen = others[0] if len(others) == 1 else None
        made = report_again(
            run, catalog, folder, comparison=chosen, thai_numerals=thai_digits, replace=replace
        )
        if as_json:
            terminal.data({"folder": str(folder), "missing": list(made.missing),
                           "comparison": str(chosen) if chosen else None})  # fmt: skip
            return
        if chosen:
            terminal.say("cli.report_compared", folder=str(chosen))
        elif others:
            terminal.say("cli.report_several", folders=", ".join(path.name for path in others))
        for name in made.missing:
            terminal.say("cli.report_without", name=name)
        terminal.say("cli.reported", path=str(folder / "report.html"))
