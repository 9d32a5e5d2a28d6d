"""The verb `cache`: what is kept between runs, and removing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.core import units
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    @app.command("cache", help=text("cli.cache", language))
    def cache(
        clear: bool = typer.Option(False, "--clear", help=text("cli.opt.clear", language)),
        folder: Path = typer.Option(
            None, "--cache", help=text("cli.opt.cache", language), metavar="DIR"
        ),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.cache.store import NoCache, open_store

        store = open_store(folder)
        if isinstance(store, NoCache):
            terminal.say("cli.cache_off")
            return
        if clear:
            store.clear()
        entries, size = store.size()
        if as_json:
            terminal.data({"folder": str(store.folder), "entries": entries, "bytes": size,
                           "most_bytes": store.most_bytes})  # fmt: skip
            return
        terminal.say("cli.cache_holds", path=str(store.folder), n=units.number(entries),
                     gib=units.number(size / 2**30, 2),
                     most=units.number(store.most_bytes / 2**30, 2))  # fmt: skip
