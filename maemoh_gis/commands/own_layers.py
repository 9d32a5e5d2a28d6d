"""Verbs about layers of one's own: add, undo, remove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis.core import units
from maemoh_gis.core.messages import Language, has_text, text
from maemoh_gis.suitability.caveats import percent_of

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.core.messages import Text
    from maemoh_gis.intake.add import Added
    from maemoh_gis.intake.asking import Ask
    from maemoh_gis.intake.effect import Known, Sites
    from maemoh_gis.intake.ground import Ground
    from maemoh_gis.intake.said import Question

_SCENARIO = "baseline"


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verbs to those about layers."""
    _add_add(app, terminal)
    _add_undo(app, terminal)
    _add_remove(app, terminal)


def _add_add(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    def option(name: str, flag: str = "") -> Any:
        flag = flag or f"--{name.replace('_', '-')}"
        return typer.Option(None, flag, help=text(f"cli.intake.{name}", language))

    @app.command("add", help=text("cli.layers_add", language))
    def add(
        file: Path = typer.Argument(..., help=text("cli.arg.own_file", language), metavar="FILE"),
        limit: str = option("limit", "--as"),
        complete: str = option("complete"),
        as_of: str = option("as_of"),
        source: str = option("source"),
        licence: str = option("licence"),
        confidence: str = option("confidence"),
        datum_operation: str = option("datum_operation"),
        crs: str = option("crs"),
        table: str = option("table"),
        encoding: str = option("encoding"),
        id: str = option("id"),
        title: str = option("title"),
        score: str = option("score"),
        scenario: str = typer.Option(_SCENARIO, help=text("cli.intake.scenario", language)),
        yes: bool = typer.Option(False, "--yes", help=text("cli.intake.yes", language)),
        no_run: bool = typer.Option(False, "--no-run", help=text("cli.intake.no_run", language)),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
    ) -> None:
        from maemoh_gis.files import unpacked
        from maemoh_gis.intake.add import add as add_found
        from maemoh_gis.intake.asking import settled
        from maemoh_gis.intake.ground import find_ground
        from maemoh_gis.intake.said import Told

        told = Told(limit, complete, as_of, source, licence, confidence, datum_operation, crs,
                    table, encoding, id, title, score)  # fmt: skip
        ground = find_ground(layers, scenarios, scenario)
        ask = _asker(terminal, file.name, ground) if terminal.can_ask() else None
        with unpacked(file) as plain:
            told, found = settled(plain, told, ground, ask=ask, yes=yes)
            for note in found.notes:
                terminal.line(note[language])
            added = add_found(told, found, ground)
        _show(terminal, added, scenario, run=not no_run)


def _asker(terminal: Terminal, file: str, ground: Ground) -> Ask:
    """Make what asks at the terminal."""
    language = terminal.language

    def ask(question: Question, wrong: Sequence[Fault]) -> str:
        terminal.faults(tuple(wrong), stopped=False)
        lines = ["", text(f"intake.ask.{question.name}", language, file=file)]
        answered = (*ground.limits, *ground.waiting_criteria)
        titles = {one: ground.title_of(one)[language] for one in answered}
        known = titles if question.name == "limit" else {}
        lines += [
            f"  {k}. {_choice(one, language, known)}" for k, one in enumerate(question.choices, 1)
        ]
        if question.default is not None:
            offered = _choice(question.default, language, known)
            lines.append(text("intake.ask_default", language, default=offered))
        return terminal.ask("\n".join(lines))

    return ask


def _choice(name: str, language: Language, titles: Mapping[str, str]) -> str:
    """Write what may be answered with what it means."""
    id = f"intake.choice.{name}"
    meaning = text(id, language) if has_text(id, language) else titles.get(name)
    return f"{name} – {meaning}" if meaning else name


def _show(terminal: Terminal, added: Added, scenario: str, *, run: bool) -> None:
    """Say what was written, what it moves, and what to type next."""
    from maemoh_gis.cache.store import open_store
    from maemoh_gis.intake.effect import known_by, sites_moved

    layer = added.after.catalog[added.id]
    terminal.say("intake.added", id=added.id, path=added.path.as_posix(),
                 title=layer.title[terminal.language])  # fmt: skip
    known = known_by(added.before, added.after, added.id)
    if known is not None:
        _show_known(terminal, known)
    elif layer.scores is not None:
        title = added.before.title_of(str(layer.answers))[terminal.language]
        terminal.say("intake.scores", criterion=title)
    else:
        terminal.say("intake.answers_none")
    if layer.answers is not None and run:
        for sites in sites_moved(added.before, added.after, open_store()):
            _show_sites(terminal, sites)
    terminal.say("intake.next", scenario=scenario, id=added.id)


def _show_known(terminal: Terminal, known: Known) -> None:
    language = terminal.language
    terminal.say("intake.laws", before=known.whole_before, after=known.whole_after, m=known.laws)
    shares = {"before": percent_of(known.study.before), "after": percent_of(known.study.after)}
    terminal.say("intake.known", limit=known.limit[language], **shares)
    for one in known.districts:
        if one.after or one.before:
            shares = {"before": percent_of(one.before), "after": percent_of(one.after)}
            terminal.say("cli.intake_known_district", district=one.name[language], **shares)


def _show_sites(terminal: Terminal, sites: Sites) -> None:
    language = terminal.language
    land = {
        name: units.area(units.m2_from_rai(getattr(sites, f"{name}_rai")), language)
        for name in ("allowed_before", "allowed_after", "conditional_before", "conditional_after")
    }
    terminal.say("intake.sites", use=sites.use[language], before=sites.before, after=sites.after)
    terminal.say("cli.intake_land", **land)
    if sites.scored_before != sites.scored_after:
        shares = {
            "before": percent_of(sites.scored_before),
            "after": percent_of(sites.scored_after),
        }
        terminal.say("cli.intake_scored", **shares)
    for id, places in (("cli.intake_site_lost", sites.lost), ("cli.intake_site_won", sites.won)):
        for name, rai in places:
            _show_site(terminal, id, name, rai)


def _show_site(terminal: Terminal, id: str, name: Text, rai: float) -> None:
    area = units.area(units.m2_from_rai(rai), terminal.language)
    terminal.say(id, name=name[terminal.language], area=area)


def _add_undo(app: typer.Typer, terminal: Terminal) -> None:
    @app.command("undo", help=text("cli.layers_undo", terminal.language))
    def undo(layers: Path = terminal.layers_option()) -> None:
        from maemoh_gis.intake.shelf import alone, last_added, take_back

        folder = Path("layers") if layers is None else layers
        with alone(folder):
            terminal.say("intake.removed", id=take_back(folder, last_added(folder)))


def _add_remove(app: typer.Typer, terminal: Terminal) -> None:
    language = terminal.language

    @app.command("remove", help=text("cli.layers_remove", language))
    def remove(
        id: str = typer.Argument(..., help=text("cli.arg.own_layer", language), metavar="ID"),
        layers: Path = terminal.layers_option(),
    ) -> None:
        from maemoh_gis.intake.shelf import alone, take_back

        folder = Path("layers") if layers is None else layers
        with alone(folder):
            terminal.say("intake.removed", id=take_back(folder, id))
