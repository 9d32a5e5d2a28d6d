"""Verbs about layers: list, show, audit, checksum, and those about one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis.commands import own_layers
from maemoh_gis.core.messages import Language, describe, text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal
    from maemoh_gis.layers.audit import Report
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.entries import Layer
    from maemoh_gis.layers.stacks import Members


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verbs to a command line."""
    layers = typer.Typer(
        help=text("cli.layers", terminal.language), no_args_is_help=True, rich_markup_mode=None
    )
    _add_list(layers, terminal)
    _add_show(layers, terminal)
    _add_audit(layers, terminal)
    _add_checksum(layers, terminal)
    own_layers.add_to(layers, terminal)
    app.add_typer(layers, name="layers")


def _add_list(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("list", help=text("cli.layers_list", language))
    def list_layers(
        layers: Path = terminal.layers_option(), as_json: bool = terminal.json_option()
    ) -> None:
        catalog = terminal.project(layers).catalog()
        if as_json:
            terminal.data([_brief(id, catalog) for id in catalog])
            return
        for id, layer in catalog.layers.items():
            terminal.say(
                "cli.layer_line",
                id=id,
                title=layer.title[language],
                nature=text(f"nature.{layer.nature}", language),
                confidence=text(f"confidence.{layer.confidence}", language),
                year=layer.as_of,
                licence=layer.licence,
            )
            if id in catalog.stacks:
                terminal.line(f"  {_stack_words(catalog.stacks[id], language)}")


def _add_show(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("show", help=text("cli.layers_show", language))
    def show(
        id: str = typer.Argument(..., help=text("cli.arg.layer", language), metavar="ID"),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        catalog = terminal.project(layers).catalog()
        layer = catalog[id]
        if as_json:
            stack = _stack_as_data(id, catalog)
            terminal.data({"id": id, **layer.model_dump(mode="json"), **stack})
            return
        _show_layer(terminal, id, layer, catalog.stacks.get(id))


def _add_audit(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("audit", help=text("cli.layers_audit", language))
    def audit(
        html: Path = typer.Option(None, "--html", help=text("cli.opt.html", language)),
        layers: Path = terminal.layers_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.files import write_text
        from maemoh_gis.layers.audit.page import page_of
        from maemoh_gis.reach.gaps import audit_layers

        report = audit_layers(terminal.project(layers).layers)
        if html is not None:
            write_text(html, page_of(report, language))
        if as_json:
            terminal.data(_report_as_data(report, terminal))
        else:
            _show_report(terminal, report)
        if report.blocks:
            raise typer.Exit(1)


def _add_checksum(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("checksum", help=text("cli.layers_checksum", language))
    def checksum(
        file: Path = typer.Argument(..., help=text("cli.arg.layer_file", language), metavar="FILE"),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.files import checksum_of, parts_of

        found, parts = checksum_of(file), [part.name for part in parts_of(file)]
        if as_json:
            terminal.data({"file": str(file), "parts": parts, "sha256": found})
            return
        terminal.line(found)


def _brief(id: str, catalog: Catalog) -> dict[str, Any]:
    wanted = {"title", "kind", "nature", "confidence", "as_of", "licence"}
    brief = catalog[id].model_dump(mode="json", include=wanted)
    return {"id": id, **brief, **_stack_as_data(id, catalog)}


def _stack_as_data(id: str, catalog: Catalog) -> dict[str, Any]:
    """Give what a stack is read from; nothing of a layer that is none."""
    if id not in catalog.stacks:
        return {}
    members = catalog.stacks[id]
    lists = {"present": members.present, "absent": members.absent, "read": members.read}
    lists["as_slope"] = tuple(sorted(members.slopes))
    return {"stack": {name: list(ids) for name, ids in lists.items()}}


def _stack_words(members: Members, language: Language) -> str:
    """Say what a stack is read from, and what of it is not there."""
    named = [
        text("cli.layer_slope_of", language, layer=one) if one in members.slopes else one
        for one in members.read
    ]
    read, absent = ", ".join(named) or "–", ", ".join(members.absent)
    words = text("cli.layer_stack", language, members=read)
    more = text("cli.layer_stack_absent", language, members=absent) if absent else ""
    return f"{words}{more}"


def _show_layer(terminal: Terminal, id: str, layer: Layer, members: Members | None) -> None:
    """Say all that the catalog says about a layer."""
    language = terminal.language
    terminal.line(f"{id}: {layer.title[language]}")
    terminal.line(layer.caution[language])
    if members is not None:
        terminal.line(_stack_words(members, language))
    said = {
        "path": layer.path if members is None else "",
        "kind": text(f"layer.kind.{layer.kind}", language),
        "crs": layer.crs,
        "nature": text(f"nature.{layer.nature}", language),
        "confidence": text(f"confidence.{layer.confidence}", language),
        "complete_within": _complete_within(layer, language),
        "answers": layer.answers,
        "source": layer.source,
        "licence": layer.licence,
        "as_of": layer.as_of,
        "accuracy": ", ".join(f"{name} {value:g}" for name, value in layer.accuracy.items()),
    }
    for key, value in said.items():
        if value:
            terminal.line(f"{text(f'cli.layer.{key}', language)}: {value}")
    for key, entries in (("columns", layer.columns), ("classes", layer.classes)):
        if entries:
            terminal.line(f"{text(f'cli.layer.{key}', language)}:")
        for name, entry in entries.items():
            unit = getattr(entry, "unit", None)
            terminal.line(f"  {name}: {entry[language]}{f' ({unit})' if unit else ''}")


def _complete_within(layer: Layer, language: Language) -> str:
    within = layer.complete_within
    if isinstance(within, str):
        return text(f"layer.complete.{within}", language)
    where = ", ".join(
        f"{column} = {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for column, value in within.where.items()
    )
    return f"{within.layer} ({where})" if where else within.layer


def _show_report(terminal: Terminal, report: Report) -> None:
    for fault in report.findings:
        kind = text(f"severity.{fault.severity}", terminal.language)
        terminal.line(f"{kind}: {describe(fault, terminal.language)}")
    terminal.say("cli.audited", layers=report.layers, **report.counts)


def _report_as_data(report: Report, terminal: Terminal) -> dict[str, Any]:
    return {
        "ok": not report.blocks,
        "layers": report.layers,
        **report.counts,
        "findings": [
            {
                "severity": fault.severity,
                "code": fault.code,
                "file": fault.file,
                "line": fault.line,
                "key": fault.key,
                "message": describe(fault, terminal.language),
            }
            for fault in report.findings
        ],
    }
