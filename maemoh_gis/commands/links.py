"""The verb that finds how rails, roads and power reach the places of a run."""

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

    @app.command("links", help=text("cli.links", language))
    def links(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        place: str = typer.Option("", "--place", help=text("cli.opt.links_place", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.links_out", language)),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.linking.outputs import PAGE, require_place, rows_of, rows_with, write_study
        from maemoh_gis.linking.study import study
        from maemoh_gis.linking.words import not_checked_words
        from maemoh_gis.runs.finished import open_run

        folder = out or beside(run, "-links")
        opened = open_run(run, terminal.project(layers).catalog())
        require_place(folder, opened, replace=replace)
        found = study(opened)
        rows = rows_with(rows_of(found), place)
        write_study(found, folder)
        if as_json:
            terminal.data({"folder": str(folder), "links": rows})
            return
        title = ""
        for row in rows:
            if title != (title := str(row[f"name_{language}"])):
                terminal.line(title)
            terminal.line(f"  {row[f'words_{language}']}")
        terminal.line(not_checked_words(found)[language])
        terminal.say("cli.links_are_at", n=len(found.places), path=str((folder / PAGE).resolve()))
