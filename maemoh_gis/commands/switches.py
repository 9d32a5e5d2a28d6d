"""The verb that tries facts of the future against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands.batch import DEFAULT_SCENARIO
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("switches", help=text("cli.switches", language))
    def switches(
        scenario: str = typer.Argument(DEFAULT_SCENARIO, help=text("cli.arg.scenario", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.switches_out", language)),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.cache.store import open_store
        from maemoh_gis.hinges.outputs import PAGE, record_of, require_place, write_study
        from maemoh_gis.hinges.run import studied
        from maemoh_gis.runs.project import prepare

        resolved, catalog = prepare(terminal.project(layers, scenarios), scenario)
        folder = out or Path("runs") / f"switches_{resolved.scenario.id}"
        require_place(folder, resolved, replace=replace)
        with terminal.progress() as watch:
            found = studied(resolved, catalog, store=open_store(), watch=watch)
        write_study(found, folder)
        record = record_of(found)
        if as_json:
            terminal.data({"folder": str(folder), **record})
            return
        for sentence in record["findings"]:
            terminal.line(sentence[language])
        terminal.say("cli.switches_are_at", n=record["worlds"], path=str((folder / PAGE).resolve()))
