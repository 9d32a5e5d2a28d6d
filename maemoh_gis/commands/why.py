"""The verb that says why a yard fits at a station or not."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands.batch import DEFAULT_SCENARIO
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.ask.station import StationTold
    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("why", help=text("cli.why", language))
    def why(
        place: str = typer.Argument(..., help=text("cli.arg.why_place", language)),
        run: Path | None = typer.Option(None, "--run", help=text("cli.opt.why_run", language)),
        scenario: str = typer.Option(
            DEFAULT_SCENARIO, "--scenario", help=text("cli.arg.scenario", language)
        ),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.ask.station import stations_of_run, stations_of_scenario, told_at
        from maemoh_gis.runs.project import prepare
        from maemoh_gis.runs.report import finished

        project = terminal.project(layers, scenarios)
        if run is not None:
            tables = stations_of_run(finished(run, project.catalog()))
        else:
            tables = stations_of_scenario(*prepare(project, scenario))
        told = told_at(tables, place)
        if as_json:
            terminal.data([dataclasses.asdict(one) for one in told])
            return
        for one in told:
            _show(terminal, one)


def _show(terminal: Terminal, told: StationTold) -> None:
    """Say the verdict, what is short, what would have to give way, and what would settle it."""
    from maemoh_gis.near_misses.report import place_in_full, short_words, tracks_words

    language, station = terminal.language, told.station
    terminal.line(station[f"verdict_{language}"])
    terminal.say("cli.why_place", place=place_in_full(station)[language])
    terminal.say("cli.why_short", short=short_words(told.tests)[language])
    firsts = {row["number"]: row for row in told.relaxations}
    for row in firsts.values():
        terminal.say("cli.why_relax", words=row[f"all_{language}"])
    if not firsts:
        fits = station["verdict"] in ("holds", "as_read")
        terminal.say("near_miss.fits_already" if fits else "near_miss.no_relaxation")
    terminal.say("near_miss.never")
    terminal.say("cli.why_tracks", tracks=tracks_words(station)[language])
    terminal.say("cli.why_survey", survey=station[f"survey_{language}"])
