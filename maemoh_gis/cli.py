"""
The command line: parses, calls one function, prints. No calculation.

Exit codes: 0 done; 1 done and the answer is no (the audit found a defect that blocks); 2 cannot be
done as asked (bad input), nothing written.
"""

from __future__ import annotations

import sys

import typer

from maemoh_gis.commands import again, batch, cache, compare, layers, network, report, runs
from maemoh_gis.commands.terminal import Terminal
from maemoh_gis.errors import MaeMohError
from maemoh_gis.language import LANGUAGES, Language, language_of_reader, text

_BAD_INPUT = 2


def build_app(language: Language) -> typer.Typer:
    """
    Make the command line in a language.

    Parameters
    ----------
    language : {"th", "en"}
        Language of the help and of every answer.

    Returns
    -------
    typer.Typer
        The whole command line.
    """
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
    ) -> None:
        """Take the options that stand before the command; `main` has read the language already."""
        if lang and lang not in LANGUAGES:
            raise typer.BadParameter(text("cli.bad_lang", language, found=lang))

    terminal = Terminal(language)
    batch.add_to(app, terminal)
    runs.add_to(app, terminal)
    again.add_to(app, terminal)
    cache.add_to(app, terminal)
    report.add_to(app, terminal)
    compare.add_to(app, terminal)
    layers.add_to(app, terminal)
    network.add_to(app, terminal)
    return app


def main() -> None:
    """Run the command line and exit with its code."""
    _speak_utf8()
    arguments, asked = _take_language(sys.argv[1:])
    language = language_of_reader(asked)
    try:
        code = build_app(language)(arguments, standalone_mode=False)
    except MaeMohError as error:
        Terminal(language).faults(error.faults)
        code = _BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        print(text("cli.interrupted", language), file=sys.stderr)  # noqa: T201
        code = 130
    except Exception as error:
        show = getattr(error, "show", None)  # click's own usage errors know how to show themselves
        if show is None:
            raise
        show()
        code = _BAD_INPUT
    sys.exit(code if isinstance(code, int) else 0)


def _take_language(arguments: list[str]) -> tuple[list[str], str | None]:
    """Let `--lang th` stand anywhere on the line, because the help itself must be in it."""
    rest: list[str] = []
    asked = None
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--lang":
            asked = next(waiting, "")
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    return ([*([f"--lang={asked}"] if asked is not None else []), *rest]), asked


def _speak_utf8() -> None:
    """Let Thai through on consoles that start in another code page, such as Windows'."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
