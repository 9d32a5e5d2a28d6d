"""The verbs of a workshop: a form for people, what they said, where teams would build."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands.batch import DEFAULT_SCENARIO
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal

_WORKBOOK = ".xlsx"


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verbs to a command line."""
    group = typer.Typer(no_args_is_help=True, help=text("cli.workshop", terminal.language))
    _add_form(group, terminal)
    _add_read(group, terminal)
    _add_places(group, terminal)
    app.add_typer(group, name="workshop")


def _add_form(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("form", help=text("cli.workshop_form", language))
    def form(
        scenario: str = typer.Argument(DEFAULT_SCENARIO, help=text("cli.arg.scenario", language)),
        way: str = typer.Option(
            "points",
            "--how",
            metavar="points|rank|pairs",
            help=text("cli.opt.workshop_how", language),
        ),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.workshop_form_out", language)),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
    ) -> None:
        from maemoh_gis.files import write_bytes
        from maemoh_gis.workshop.form import WAYS, form_bytes

        if way not in WAYS:
            raise FormatError(
                Fault("wrong_value", key="--how", found=way, expected=", ".join(WAYS))
            )
        if out is not None and out.suffix.lower() != _WORKBOOK:
            raise FormatError(
                Fault("wrong_value", key="--out", found=out.name, expected=f"*{_WORKBOOK}")
            )
        resolved = terminal.project(layers, scenarios).scenario(scenario)
        place = out or Path(f"workshop_{resolved.scenario.id}_{way}{_WORKBOOK}")
        if place.exists() and not replace:
            raise RunError(Fault("out_exists", str(place), key="--out"))
        write_bytes(place, form_bytes(resolved.scenario, way, language))
        terminal.say("cli.workshop_form_is_at", path=str(place.resolve()))


def _add_read(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("read", help=text("cli.workshop_read", language))
    def read(
        files: list[Path] = typer.Argument(..., help=text("cli.arg.workshop_files", language)),
        scenario: str = typer.Option(
            DEFAULT_SCENARIO, "--scenario", help=text("cli.arg.scenario", language)
        ),
        run: Path = typer.Option(None, "--run", help=text("cli.opt.workshop_run", language)),
        out: Path = typer.Option(
            Path("workshop"), "--out", help=text("cli.opt.workshop_out", language)
        ),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.runs.report import finished
        from maemoh_gis.workshop.answers import read_answers
        from maemoh_gis.workshop.outputs import PAGE, write_workshop

        project = terminal.project(layers, scenarios)
        resolved = project.scenario(scenario)
        answers = read_answers(files, resolved.scenario)
        held = None if run is None else finished(run, project.catalog())
        said = write_workshop(answers, resolved.scenario, held, out, over=replace)
        if as_json:
            weights = [dataclasses.asdict(one) for one in answers]
            terminal.data({"folder": str(out), "findings": said, "answers": weights})
            return
        for sentence in said:
            terminal.line(sentence[language])
        terminal.say("workshop.notice")
        terminal.say("cli.workshop_is_at", path=str((out / PAGE).resolve()))


def _add_places(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("places", help=text("cli.workshop_places", language))
    def places(
        files: list[Path] = typer.Argument(..., help=text("cli.arg.workshop_places", language)),
        out: Path = typer.Option(
            Path("workshop_places.gpkg"),
            "--out",
            help=text("cli.opt.workshop_places_out", language),
        ),
        replace: bool = terminal.replace_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.core.units import ha_from_m2, m2_from_rai, number
        from maemoh_gis.workshop.places import overlap, places_of, write_places

        crs = "EPSG:32647"
        teams = places_of(files, crs)
        found = overlap(teams, crs)
        write_places(found, out, over=replace)
        rows = found.drop(columns="geometry").to_dict("records")
        if as_json:
            terminal.data({"file": str(out), "teams": list(teams), "overlap": rows})
            return
        core = sum(row["area_rai"] for row in rows if row["n"] == len(teams))
        terminal.say(
            "cli.workshop_core",
            n=len(teams),
            rai=number(core, 1),
            ha=number(ha_from_m2(m2_from_rai(core)), 1),
        )
        for row in rows:
            rai = number(row["area_rai"], 1)
            terminal.say("cli.workshop_part", teams=row["teams"], rai=rai)
        terminal.say("workshop.notice")
        terminal.say("cli.workshop_places_are_at", path=str(out.resolve()))
