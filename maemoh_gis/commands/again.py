"""Verbs about a finished run: verify, rerun, bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands.terminal import beside
from maemoh_gis.core.messages import describe, text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verbs to a command line."""
    _add_verify(app, terminal)
    _add_rerun(app, terminal)
    _add_bundle(app, terminal)


def _add_verify(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("verify", help=text("cli.verify", language))
    def verify(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> int:
        from maemoh_gis.runs.run_again import verify as verify_run

        project = terminal.project(layers, scenarios)
        faults = tuple(verify_run(run, project, project.catalog()))
        changed = sum(fault.blocks for fault in faults)
        if as_json:
            told = [
                {"code": f.code, "file": f.file, "key": f.key, "message": describe(f, language)}
                for f in faults
            ]
            terminal.data({"run": str(run), "ok": changed == 0, "faults": told})
        else:
            terminal.faults(faults, stopped=False)
            terminal.say("cli.verified" if changed == 0 else "cli.not_verified", n=changed)
        return 1 if changed else 0


def _add_rerun(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("rerun", help=text("cli.rerun", language))
    def rerun(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.rerun_out", language)),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> int:
        from maemoh_gis.runs.run_again import rerun as run_again

        folder = out or beside(run, "-again")
        found = run_again(run, terminal.project(layers).catalog(), folder)
        if as_json:
            terminal.data({"folder": str(folder), "different": list(found.different),
                           "programs": list(found.programs)})  # fmt: skip
        else:
            for name in found.different:
                terminal.line(name)
            terminal.say("cli.rerun_differs" if found.different else "cli.rerun_same",
                         n=len(found.different), path=str(folder))  # fmt: skip
        return 1 if found.different else 0


def _add_bundle(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("bundle", help=text("cli.bundle", language))
    def bundle(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.bundle_out", language)),
        replace: bool = terminal.replace_option(),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.runs.run_again import bundle as pack

        project = terminal.project(layers, scenarios)
        archive = out or beside(run, ".zip")
        sha256 = pack(run, project, project.catalog(), archive, replace=replace)
        if as_json:
            terminal.data({"archive": str(archive), "sha256": sha256})
        else:
            terminal.say("cli.bundled", path=str(archive), checksum=sha256)
