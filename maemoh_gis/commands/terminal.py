"""How answers reach the reader: words in a language, JSON, progress, faults."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language, Text, describe, printable, text

if TYPE_CHECKING:
    from maemoh_gis.engine.stages import Event
    from maemoh_gis.runs.project import Project


# More than anyone mends before checking again.
_MOST_FAULTS = 200


class Terminal:
    """How answers reach the reader: a language, and JSON or words."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, id: str, /, **values: object) -> None:
        """Print a sentence of the catalogues."""
        _put(text(id, self.language, **values))

    def line(self, written: str = "") -> None:
        """Print a line."""
        _put(written)

    def data(self, content: Any) -> None:
        """Print an answer as JSON."""
        _put_json(content, indent=2)

    def faults(self, faults: tuple[Fault, ...], *, stopped: bool = True) -> None:
        """Print faults on the error stream, each on a line; say so if they kept files away."""
        blocking = sum(fault.blocks for fault in faults)
        for fault in faults[:_MOST_FAULTS]:
            kind = text(f"severity.{fault.severity}", self.language)
            self.complain(f"{kind}: {describe(fault, self.language)}")
        if len(faults) > _MOST_FAULTS:
            more = len(faults) - _MOST_FAULTS
            self.complain(text("cli.more_faults", self.language, n=more))
        if stopped and blocking > 1:
            self.complain(text("cli.faults", self.language, n=blocking))

    def complain(self, written: str) -> None:
        """Print a line on the error stream."""
        print(printable(written), file=sys.stderr)  # noqa: T201

    def flush(self) -> None:
        """Send what was said on its way, before something that lasts."""
        _flush()

    def can_ask(self) -> bool:
        """Say whether somebody is there to answer."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()

    def ask(self, question: str) -> str:
        """Put a question and give the line that was typed; nothing where the input has ended."""
        self.line(question)
        try:
            return input("> ")
        except EOFError:
            raise typer.Abort from None

    def works_out(self, cause: Text) -> None:
        """Say on the error stream which cause is worked out."""
        self.complain(text("cli.ledger_works", self.language, cause=cause[self.language]))

    def event(self, content: Any) -> None:
        """Print an event as one line of JSON, at once."""
        _put_json(content)
        _flush()

    @contextmanager
    def runs_progress(self, runs: int) -> Iterator[Callable[[int | None, str], None]]:
        """Show how many runs of a batch are ended and how long the others may take."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                   TimeElapsedColumn(), TimeRemainingColumn(compact=True))  # fmt: skip
        hidden = not console.is_terminal
        with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
            task = bar.add_task(text("cli.running", self.language), total=runs)

            def update(ended: int | None, what: str) -> None:
                bar.update(task, completed=ended, description=what)

            yield update

    @contextmanager
    def progress(self) -> Iterator[Callable[[Event], None]]:
        """Show how far a run is; nothing where the error stream is not a terminal."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                   TimeElapsedColumn())  # fmt: skip
        hidden = not console.is_terminal
        with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
            task = bar.add_task(text("cli.running", self.language), total=None)

            def watch(event: Event) -> None:
                done = event.number if event.seconds is not None else event.number - 1
                bar.update(task, completed=done, total=event.of, description=event.stage)

            yield watch

    def project(self, layers: Path | None, scenarios: Path | None = None) -> Project:
        """Find the folders to work with."""
        from maemoh_gis.runs.project import find_project

        return find_project(layers, scenarios)

    def layers_option(self) -> Any:
        """Describe the option `--layers`."""
        return typer.Option(None, "--layers", help=text("cli.opt.layers", self.language))

    def scenarios_option(self) -> Any:
        """Describe the option `--scenarios`."""
        return typer.Option(None, "--scenarios", help=text("cli.opt.scenarios", self.language))

    def replace_option(self) -> Any:
        """Describe the option `--replace`."""
        return typer.Option(False, "--replace", help=text("cli.opt.replace", self.language))

    def json_option(self) -> Any:
        """Describe the option `--json`."""
        return typer.Option(False, "--json", help=text("cli.opt.json", self.language))


def beside(run: Path, ending: str) -> Path:
    """Name what is made of a run, beside its folder; `.` and `..` are no names of one."""
    known = run if run.name not in {"", ".."} else run.resolve()
    return known.with_name(f"{run.resolve().name}{ending}")


def finish_output() -> None:
    """Send what is still to be printed on its way."""
    _flush()


def _put(written: str) -> None:
    try:
        print(printable(written))  # noqa: T201
    except OSError as error:
        raise _no_output(error) from error


def _put_json(content: Any, indent: int | None = None) -> None:
    written = json.dumps(content, ensure_ascii=False, indent=indent, allow_nan=False)
    # JSON has a way of its own to write what must not reach a terminal.
    _put(re.sub(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]",
                lambda found: f"\\u{ord(found[0]):04x}", written))  # fmt: skip


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError as error:
        raise _no_output(error) from error


def _no_output(error: OSError) -> OSError:
    """Say in our own error that the output takes no more; a closed pipe stays what it is."""
    if isinstance(error, BrokenPipeError):
        return error
    return FileError(Fault("no_output", found=error.strerror or str(error)))
