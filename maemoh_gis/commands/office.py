"""The verbs for what a planner takes out of a finished run: pictures, documents and slides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands.terminal import beside
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal

_WIDTH_PX = 1600


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verbs to a command line."""
    _add_pictures(app, terminal)
    _add_office(app, terminal)
    _add_handover(app, terminal)


def _add_pictures(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("pictures", help=text("cli.pictures", language))
    def pictures(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        format: str = typer.Option(
            "png", "--format", metavar="png|svg", help=text("cli.opt.picture_format", language)
        ),
        width: int = typer.Option(
            _WIDTH_PX, "--width", metavar="PX", help=text("cli.opt.picture_width", language)
        ),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.pictures_out", language)),
        spoken: str = language_option(terminal),
        replace: bool = replace_option(terminal),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.office.pictures import write_pictures
        from maemoh_gis.office.target import outside
        from maemoh_gis.runs.report import finished

        folder = outside(run, out or beside(run, "-pictures"))
        files = write_pictures(
            finished(run, terminal.project(layers).catalog()),
            folder,
            language=spoken or language,
            format=format,
            width_px=width,
            over=replace,
        )
        told(files, folder, terminal, as_json=as_json)


def _add_office(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("office", help=text("cli.office", language))
    def office(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.office_out", language)),
        spoken: str = language_option(terminal),
        thai_digits: bool = typer.Option(
            False, "--thai-digits", help=text("cli.opt.office_digits", language)
        ),
        replace: bool = replace_option(terminal),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.office.documents import write_documents
        from maemoh_gis.office.target import outside
        from maemoh_gis.runs.report import finished

        folder = outside(run, out or beside(run, "-office"))
        files = write_documents(
            finished(run, terminal.project(layers).catalog()),
            folder,
            language=spoken or language,
            thai_numerals=thai_digits,
            over=replace,
        )
        told(files, folder, terminal, as_json=as_json)


def _add_handover(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("handover", help=text("cli.handover", language))
    def handover(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.handover_out", language)),
        spoken: str = language_option(terminal),
        parquet: bool = typer.Option(False, "--parquet", help=text("cli.opt.parquet", language)),
        replace: bool = replace_option(terminal),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.handover.hand import write_handover
        from maemoh_gis.office.target import outside
        from maemoh_gis.runs.report import finished

        folder = outside(run, out or beside(run, "-handover"))
        files = write_handover(
            finished(run, terminal.project(layers).catalog()),
            folder,
            language=spoken or language,
            over=replace,
            parquet=parquet,
        )
        told(files, folder, terminal, as_json=as_json)


def replace_option(terminal: Terminal) -> bool:
    """Describe the option `--replace`: files of the same names are written over."""
    asked: bool = typer.Option(
        False, "--replace", help=text("cli.opt.office_replace", terminal.language)
    )
    return asked


def language_option(terminal: Terminal) -> str:
    """Describe the option `--language`."""
    asked: str = typer.Option(
        "", "--language", metavar="th|en", help=text("cli.opt.office_language", terminal.language)
    )
    return asked


def told(files: list[Path], folder: Path, terminal: Terminal, *, as_json: bool) -> None:
    """Say what was written and where."""
    if as_json:
        terminal.data({"folder": str(folder), "files": [path.name for path in files]})
        return
    for path in files:
        terminal.line(path.name)
    terminal.say("cli.taken", n=len(files), path=str(folder))
