"""The verb that programmes parcels over the years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal

_FOLDER = Path("runs") / "programme"


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("programme", help=text("cli.programme", language))
    def programme(
        runs: list[Path] = typer.Argument(..., help=text("cli.arg.programme_runs", language)),
        budget: float = typer.Option(..., "--budget", help=text("cli.opt.budget", language)),
        objective: str = typer.Option(
            "job_years", "--objective", help=text("cli.opt.objective", language)
        ),
        discount: float = typer.Option(None, "--discount", help=text("cli.opt.discount", language)),
        sites_from: int = typer.Option(
            None, "--sites-from", help=text("cli.opt.sites_from", language)
        ),
        yard_first: bool = typer.Option(
            True, "--yard-first/--no-yard", help=text("cli.opt.yard_first", language)
        ),
        out: Path = typer.Option(_FOLDER, "--out", help=text("cli.opt.programme_out", language)),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.phasing.outputs import PAGE, record_of, require_place, write_study
        from maemoh_gis.phasing.study import Asked, require_asked, study
        from maemoh_gis.runs.finished import open_runs

        asked = Asked(budget, objective, discount, sites_from, yard_first)  # type: ignore[arg-type]
        require_asked(asked)
        opened = open_runs(runs, terminal.project(layers).catalog())
        require_place(out, opened, asked, replace=replace)
        found = study(opened, asked)
        write_study(found, out)
        record = record_of(found)
        if as_json:
            terminal.data({"folder": str(out), **record})
            return
        for sentence in record["findings"]:
            terminal.line(sentence[language])
        terminal.say("cli.programme_is_at", path=str((out / PAGE).resolve()))
