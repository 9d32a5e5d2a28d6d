"""
The command line: parses, calls one function, prints. No calculation.

Exit codes: 0 done; 1 done and the answer is no (the audit found a defect that blocks); 2 cannot be
done as asked (bad input), nothing written; 70 a fault of the program itself.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import typer

from maemoh_gis.cache.store import usual_folder
from maemoh_gis.commands.help_page import complaint, speak
from maemoh_gis.commands.terminal import Terminal, finish_output
from maemoh_gis.core.errors import FileError, MaeMohError
from maemoh_gis.core.garbage import rarely_collected
from maemoh_gis.core.messages import LANGUAGES, Language, language_of_reader, text
from maemoh_gis.core.version import __version__
from maemoh_gis.files import write_text

_BAD_INPUT, _OUR_FAULT, _STOPPED, _PIPE_CLOSED = 2, 70, 130, 141


def build_app(language: Language) -> typer.Typer:
    """Make the command line in a language."""
    app = typer.Typer(
        name="maemoh-gis",
        help=text("cli.help", language),
        epilog=text("cli.epilog", language),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def options(
        lang: str = typer.Option("", help=text("cli.opt.lang", language), metavar="th|en"),
        debug: bool = typer.Option(False, "--debug", help=text("cli.opt.debug", language)),  # noqa: FBT001, FBT003
        version: bool = typer.Option(  # noqa: FBT001
            False,  # noqa: FBT003
            "--version",
            help=text("cli.opt.version", language),
            is_eager=True,
            callback=_tell_version,
        ),
    ) -> None:
        """Take the options that stand before the command; `main` has read the language already."""
        del debug, version
        if lang and lang not in LANGUAGES:
            raise typer.BadParameter(text("cli.bad_lang", language, found=lang))

    terminal = Terminal(language)
    for verb in _verbs():
        verb.add_to(app, terminal)
    speak(app, language)
    return app


def _verbs() -> tuple[Any, ...]:
    """Give the modules of the verbs, in the order in which the help lists them."""
    # Imported here, where garbage is looked for rarely, which is a sixth of the time.
    from maemoh_gis.commands import (
        again,
        batch,
        cache,
        compare,
        desk,
        layers,
        ledger,
        links,
        network,
        office,
        programme,
        report,
        runs,
        switches,
        why,
        workshop,
    )

    return (
        batch,
        runs,
        again,
        cache,
        report,
        office,
        workshop,
        compare,
        ledger,
        switches,
        why,
        links,
        programme,
        layers,
        network,
        desk,
    )


def _tell_version(asked: bool) -> None:  # noqa: FBT001
    if asked:
        Terminal("en").line(f"maemoh-gis {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line and exit with its code."""
    _speak_utf8()
    arguments, asked, debug = _taken_from_anywhere(sys.argv[1:])
    language = language_of_reader(asked)
    terminal = Terminal(language)
    try:
        with rarely_collected():
            code = build_app(language)(arguments, standalone_mode=False)
        finish_output()
    except MaeMohError as error:
        if debug:
            terminal.complain(traceback.format_exc())
        terminal.faults(error.faults)
        code = _BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        terminal.complain(text("cli.interrupted", language))
        code = _STOPPED
    except BrokenPipeError:
        # Who read along has seen enough; nothing is left to tell anyone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _PIPE_CLOSED
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's own: it tells what it could not read
            terminal.complain(complaint(error, language))
            code = _BAD_INPUT
        else:
            _unexpected(terminal, error, debug=debug)
            code = _OUR_FAULT
    sys.exit(code if isinstance(code, int) else 0)


def _unexpected(terminal: Terminal, error: Exception, *, debug: bool) -> None:
    """Say in a sentence that the program failed, what stands all the same, and how to report it."""
    trace = "".join(traceback.format_exception(error))
    about = (f"maemoh-gis {__version__}, Python {sys.version}, {sys.platform}\n"
             f"{' '.join(sys.argv[1:])}\n\n{trace}")  # fmt: skip
    where = _log(about)
    kind = type(error).__name__
    if where is None:
        debug = True
    terminal.complain(text("cli.unexpected", terminal.language, kind=kind))
    terminal.complain(text("cli.kept_all", terminal.language))
    if where is not None:
        terminal.complain(text("cli.report_it", terminal.language, file=where))
    if debug:
        terminal.complain(about)


def _log(content: str) -> Path | None:
    """Write what happened into a file of the user's own; None where no folder takes it."""
    name = f"maemoh-gis-error-{os.getpid()}.log"
    for folder in (usual_folder() / "errors", Path(tempfile.gettempdir())):
        try:
            write_text(folder / name, content)
        except (FileError, RuntimeError):
            continue
        return folder / name
    return None


def _taken_from_anywhere(arguments: list[str]) -> tuple[list[str], str | None, bool]:
    """Let `--lang th` and `--debug` stand anywhere on the line: the help itself must be in the
    language, and whoever meets an error adds a word at the end.
    """
    rest: list[str] = []
    asked, debug = None, False
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--lang":
            asked = next(waiting, "")
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
        elif argument == "--debug":
            debug = True
        else:
            rest.append(argument)
    return ([*([f"--lang={asked}"] if asked is not None else []), *rest]), asked, debug


def _speak_utf8() -> None:
    """Let Thai through on consoles that start in another code page, such as Windows'."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
