"""The verb `desk`: the controls of a scenario in the browser, served from this computer alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands.batch import DEFAULT_SCENARIO
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("desk", help=text("cli.desk", language))
    def desk(
        scenario: str = typer.Argument(DEFAULT_SCENARIO, help=text("cli.arg.scenario", language)),
        port: int = typer.Option(
            None, "--port", min=1, max=65535, help=text("cli.opt.desk_port", language)
        ),
        no_browser: bool = typer.Option(
            False, "--no-browser", help=text("cli.opt.desk_no_browser", language)
        ),
    ) -> None:
        from maemoh_gis.desk.extra import require
        from maemoh_gis.runs.project import find_project

        require()
        project = find_project()
        project.scenario(scenario)
        from maemoh_gis.desk.server import open_desk, show

        opened = open_desk(language, scenario, port)
        terminal.say("cli.desk_at", url=opened.gate.url)
        terminal.flush()
        if not (no_browser or show(opened.gate.url)):
            terminal.say("cli.desk_no_browser")
        opened.serve()
        terminal.say("cli.desk_closed")
