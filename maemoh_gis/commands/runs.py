"""Verbs about scenarios and runs: check, schema, explain, assess."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.commands import answers
from maemoh_gis.commands.batch import DEFAULT_SCENARIO
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import text
from maemoh_gis.documents.schema import A_PLACE, place_in

if TYPE_CHECKING:
    import pydantic

    from maemoh_gis.commands.terminal import Terminal


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verbs to a command line."""
    _add_check(app, terminal)
    _add_schema(app, terminal)
    _add_explain(app, terminal)
    _add_assess(app, terminal)


def _add_check(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("check", help=text("cli.check", language))
    def check(
        scenario: str = typer.Argument(DEFAULT_SCENARIO, help=text("cli.arg.scenario", language)),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.layers.load import Layers
        from maemoh_gis.network.stages import build_all
        from maemoh_gis.reach.stages import build_access
        from maemoh_gis.runs.coverage_ahead import statuses_ahead
        from maemoh_gis.runs.project import prepare
        from maemoh_gis.scenario.checks.check import faults_of

        resolved, catalog = prepare(terminal.project(layers, scenarios), scenario)
        found = resolved.scenario
        read = Layers(catalog)
        build_access(found, build_all(found, read), read)
        terminal.faults(tuple(faults_of(resolved, catalog)))
        if as_json:
            ahead = statuses_ahead(found, catalog, read)
            statuses = {s.id: s.status for s in ahead}
            shares = {s.id: round(s.coverage.share, 3) for s in ahead}
            changes = [dataclasses.asdict(change) for change in resolved.changes]
            terminal.data(
                {
                    "scenario": found.id,
                    "ok": True,
                    "limits": statuses,
                    "limits_known": shares,
                    "changes": changes,
                }
            )
            return
        terminal.say("cli.check_ok", scenario=found.id, layers=len(catalog.layers))
        answers.show_coverage(terminal, statuses_ahead(found, catalog, read))
        answers.show_changes(terminal, resolved.changes, resolved.document.data)


def _add_schema(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("schema", help=text("cli.schema", language))
    def schema(
        what: str = typer.Argument("scenario", help=text("cli.arg.schema", language)),
    ) -> None:
        from maemoh_gis.layers.entries import CatalogFile
        from maemoh_gis.scenario.settings.scenario import Scenario, ScenarioFile

        models: dict[str, type[pydantic.BaseModel]] = {
            "scenario": Scenario,
            "change": ScenarioFile,
            "catalog": CatalogFile,
        }
        if what not in models:
            choices = ", ".join(models)
            raise RunError(Fault("unknown_schema", key=what, found=what, expected=choices))
        terminal.data(models[what].model_json_schema())


def _add_explain(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("explain", help=text("cli.explain", language))
    def explain(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        at: str = typer.Option(..., "--at", help=text("cli.opt.at", language), metavar="LAT,LON"),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.ask.explain import explain_at
        from maemoh_gis.runs.finished import open_run

        lat, lon = _place(at)
        opened = open_run(run, terminal.project(layers).catalog())
        explanations = explain_at(opened, lat, lon)
        if as_json:
            terminal.data(answers.explanations_as_data(opened, explanations))
            return
        answers.show_explanations(terminal, opened, explanations)


def _add_assess(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("assess", help=text("cli.assess", language))
    def assess(
        run: Path = typer.Argument(..., help=text("cli.arg.run", language)),
        file: Path = typer.Argument(..., help=text("cli.arg.polygons", language)),
        datum_operation: str = typer.Option(
            None, "--datum-operation", help=text("cli.opt.datum_operation", language)
        ),
        table: str = typer.Option(None, "--table", help=text("cli.opt.table", language)),
        encoding: str = typer.Option(None, "--encoding", help=text("cli.opt.encoding", language)),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.ask.explain import assess as assess_file
        from maemoh_gis.runs.finished import open_run

        opened = open_run(run, terminal.project(layers).catalog())
        found = assess_file(opened, file, datum_operation, table=table, encoding=encoding)
        if as_json:
            terminal.data(
                [
                    {"polygon": attributes, **answers.explanations_as_data(opened, explanations)}
                    for attributes, explanations in found
                ]
            )
            return
        for number, (attributes, explanations) in enumerate(found, start=1):
            answers.show_polygon(terminal, number, attributes)
            answers.show_explanations(terminal, opened, explanations)


def _place(written: str) -> tuple[float, float]:
    """Read "lat,lon" in degrees; a pair that only makes sense the other way round is refused."""
    spot = place_in(written, "--at")
    if spot is None:
        raise RunError(Fault("not_a_place", key="--at", found=written, expected=A_PLACE))
    return spot
