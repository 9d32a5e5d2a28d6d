"""Answers of the verbs in words, and as plain data."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.core.messages import has_text, text
from maemoh_gis.decision.report import answer, led_to, tells_money, without_money
from maemoh_gis.exposure.words import near_words
from maemoh_gis.questions.questions import band_words
from maemoh_gis.scenario.value_words import value_words
from maemoh_gis.suitability.caveats import percent_of
from maemoh_gis.suitability.declared_words import act_words, part_words
from maemoh_gis.suitability.limit_status import legal
from maemoh_gis.yards.words import yards_found

if TYPE_CHECKING:
    from maemoh_gis.ask.explain import Explanation
    from maemoh_gis.ask.parts import CriterionPart, LimitPart
    from maemoh_gis.commands.terminal import Terminal
    from maemoh_gis.runs.finished import Run
    from maemoh_gis.scenario.change import Change
    from maemoh_gis.suitability.declared import DeclaredPart
    from maemoh_gis.suitability.limit_status import LimitStatus

_ONE_DECIMAL_FROM = 0.95
_OF_STEPS = 2
"""Sentences on the steps to a yard: where the estate stands, and what turns it."""


def show_run(terminal: Terminal, record: Mapping[str, Any], folder: Path) -> None:
    """Say what a run found and where its map is."""
    language = terminal.language
    terminal.line(f"{record['title'][language]} — {record['question'][language]}")
    for sentence in led_to(record):
        terminal.say("cli.leads_to", told=sentence[language])
    for caveat in record["caveats"][:1]:
        terminal.line(caveat[language])
    for one in record.get("answers", []):
        terminal.say("cli.answer", asked=one["question"][language], told=one["told"][language])
    for caveat in record["caveats"][1:2]:
        terminal.line(caveat[language])
    for use, count in record["sites"].items():
        title = record["resolved"]["uses"][use]["title"][language]
        if not count:
            terminal.say("cli.no_sites", use=title)
    for told in record["sites_told"].values():
        terminal.line(told[language])
    for use, yards in record["yards"].items():
        title = record["resolved"]["uses"][use]["title"][language]
        terminal.line(f"{title}: {yards_found(yards)[language]}")
    _show_yard(terminal, record)
    brief = folder / "brief_committee.html"
    if brief.name in record["outputs"]:
        terminal.say("cli.brief_is_at", path=str(brief.resolve()))
    page = folder / "map.html"
    if page.name in record["outputs"]:
        terminal.say("cli.map_is_at", path=str(page.resolve()))
    else:
        terminal.say("cli.no_map", path=str(folder.resolve()))


def _show_yard(terminal: Terminal, record: Mapping[str, Any]) -> None:
    """Say what places, freight and steps tell of a yard; sums only where its land may be used."""
    chosen = (record["choice"] or {}).get("verdict", [])
    freight = (record["freight"] or {}).get("findings", [])
    if tells_money(record):
        steps = (record.get("ladder") or {}).get("findings", [])[:_OF_STEPS]
        told, left_out = [*chosen, *freight, *steps], False
    else:
        kept = [*without_money(chosen), *(record["freight"] or {}).get("headline", [])]
        kept += without_money(freight)
        told = kept if record.get("answers") else [*kept, *answer(record)]
        left_out = without_money([*chosen, *freight]) != [*chosen, *freight]
    for sentence in told:
        terminal.line(sentence[terminal.language])
    if left_out:
        terminal.say("cli.money_in_tables")


def show_coverage(terminal: Terminal, statuses: Sequence[LimitStatus]) -> None:
    """Say on about how much of the study area each law can be checked that is tested at all."""
    law = legal(statuses)
    whole = sum(status.status == "checked" for status in law)
    terminal.say("cli.check_laws", n=whole, m=len(law))
    for status in law:
        if status.status == "partly":
            terminal.say("cli.check_law", title=status.limit.title[terminal.language],
                         percent=percent_of(status.coverage.share))  # fmt: skip


def show_changes(terminal: Terminal, changes: Sequence[Change], in_force: Any = None) -> None:
    """
    Say scenario by scenario of the chain what it changed: old -> new, value by value.

    `in_force` is the whole scenario as plain data: a block is named from there, where its title
    holds the numbers that the file leaves to be filled in.
    """
    told: str | None = None
    for change in (leaf for whole in changes for leaf in whole.leaves()):
        if change.key.split(".")[0] in {"id", "title", "question"}:
            continue
        if change.scenario != told:
            told = change.scenario
            terminal.say("cli.changes_of", scenario=told)
        new = _filled_in(change, in_force)
        old, new = (value_words(value, terminal.language) for value in (change.old, new))
        terminal.say("cli.change", key=change.key, old=old, new=new)


def _filled_in(change: Change, in_force: Any) -> Any:
    """Give a block or text of a change as it is in force, or as written where it is no more."""
    found = in_force
    for part in change.key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return change.new
        found = found[part]
    same = isinstance(change.new, str | Mapping) and type(found) is type(change.new)
    return found if same else change.new


def show_polygon(terminal: Terminal, number: int, attributes: Mapping[str, Any]) -> None:
    """Name a polygon of the user's file."""
    named = attributes.get("name") or attributes.get("name_th") or attributes.get("id") or number
    area = units.area(units.m2_from_rai(float(attributes["area_rai"])), terminal.language)
    terminal.line()
    terminal.say("cli.polygon", name=named, area=area, cells=attributes["cells"])
    if "datum_operation" in attributes:
        terminal.say("cli.polygon_datum", operation=attributes["datum_operation"])


def explanations_as_data(run: Run, explanations: Sequence[Explanation]) -> dict[str, Any]:
    """Give explanations as plain data for `--json`."""
    return {
        "scenario": run.scenario.id,
        "caveats": run.record["caveats"],
        "uses": {e.use: {"verdict": e.verdict, **_as_data(e)} for e in explanations},
    }


def _as_data(explanation: Explanation) -> dict[str, Any]:
    """Give an explanation as plain data; what it says of stacks only where layers are stacks."""
    data = dataclasses.asdict(explanation)
    if not explanation.members:
        del data["members"]
    return data


def show_explanations(terminal: Terminal, run: Run, explanations: Sequence[Explanation]) -> None:
    """Say for every use why the place scores as it does and what keeps it out."""
    terminal.line(run.record["caveats"][1][terminal.language])
    asked = {part.id: part for one in explanations for part in one.questions}
    for part in asked.values():
        question = run.scenario.questions[part.id]
        terminal.say(
            "cli.question",
            title=question.title[terminal.language],
            km=f"{part.metres / 1000:.1f}",
            band=band_words(part.band_m, terminal.language),
            ask=question.ask[terminal.language],
        )
    near = explanations[0].people if explanations else ()
    for people in near:
        terminal.line(near_words(people)[terminal.language])
    if near:
        terminal.say("report.keep_away")
    for member in explanations[0].members if explanations else ():
        id = "cli.explain_member" if member.title else "cli.explain_no_member"
        terminal.say(
            id,
            title=run.catalog[member.layer].title[terminal.language],
            member=(member.title or {}).get(terminal.language, ""),
            percent=percent_of(member.share),
        )
    _show_declared(terminal, run, {p.limit: p for one in explanations for p in one.declared})
    for explanation in explanations:
        _show_use(terminal, run, explanation)


def _show_declared(terminal: Terminal, run: Run, parts: Mapping[str, DeclaredPart]) -> None:
    """Say of each limit whose line is not known which acts name the subdistricts of the place."""
    language = terminal.language
    for id, part in parts.items():
        terminal.line(part_words(part, run.scenario.limits[id].title.both())[language])
        for here in part.acts:
            terminal.say(
                "cli.act",
                act=act_words(here.act)[language],
                title=here.act.title_th,
                office=here.act.office[language],
            )


def _show_use(terminal: Terminal, run: Run, explanation: Explanation) -> None:
    language, use = terminal.language, run.scenario.uses[explanation.use]
    terminal.line()
    verdict = text(f"state.{explanation.verdict}", language)
    terminal.line(f"{use.title[language]}: {verdict}")
    total = sum(explanation.areas_m2.values())
    for state, area in explanation.areas_m2.items():
        if 0 < area < total:
            name = text(f"state.{state}", language)
            terminal.line(f"  {name}: {units.area(area, language)} ({100 * area / total:.0f} %)")
    if explanation.score is None:
        terminal.say("cli.no_score")
    else:
        terminal.say(
            "cli.score",
            score=f"{explanation.score:.3f}",
            low=f"{explanation.low:.3f}",
            high=f"{explanation.high:.3f}",
        )
    for part in explanation.criteria:
        terminal.line("  " + _criterion_line(terminal, part, use.criteria[part.id].title[language]))
    if abs(explanation.held) > 5e-4:
        terminal.say("cli.held", held=f"{explanation.held:+.3f}")
    for limit in explanation.limits:
        line = _limit_line(terminal, run, limit, total)
        if line:
            terminal.line("  " + line)
    _show_change(terminal, run, explanation)


def _show_change(terminal: Terminal, run: Run, explanation: Explanation) -> None:
    """Say what smallest change would alter the verdict."""
    language, use = terminal.language, run.scenario.uses[explanation.use]
    change = explanation.change
    for step in change.limits:
        title = run.scenario.limits[step.id].title[language]
        if step.needed is None or step.threshold is None:
            terminal.say("cli.change_limit_gone", title=title)
        else:
            terminal.say("cli.change_limit", title=title, threshold=f"{step.threshold:,.1f}",
                         needed=f"{step.needed:,.1f}")  # fmt: skip
    for id in change.fixed:
        limit = run.scenario.limits[id]
        terminal.say(f"cli.change_fixed_{limit.ground}", title=limit.title[language])
        if limit.office is not None:
            terminal.say("cli.change_office", office=limit.office[language])
    for criterion in change.criteria[:1]:
        title = use.criteria[criterion.id].title[language]
        id = "cli.change_falls" if change.falls else "cli.change_rises"
        terminal.say(id, title=title, measure=_figure(criterion.measure),
                     needed=_figure(criterion.needed),
                     least=f"{use.land.least_score:.2f}")  # fmt: skip


def _criterion_line(terminal: Terminal, part: CriterionPart, title: str) -> str:
    language = terminal.language
    weight = f"{100 * part.weight:.1f} %"
    if part.score is None or part.contribution is None:
        return text("cli.criterion_unscored", language, title=title, weight=weight,
                    low=f"{part.low:.2f}", high=f"{part.high:.2f}")  # fmt: skip
    measure = ""
    if part.measure is not None and part.unit is not None:
        unit = f"unit.{part.unit.replace(' ', '_')}"
        named = text(unit, language) if has_text(unit, language) else part.unit
        measure = f"{_figure(part.measure)} {named}"
        if part.origin is not None:
            measure = text(
                "cli.from_origin", language, measure=measure, place=part.origin[language]
            )
    elif part.kind is not None and part.kind_share is not None:
        measure = part.kind[language]
        if part.kind_share < 1:
            measure += f" ({100 * part.kind_share:.0f} %)"
    return text("cli.criterion", language, title=title, weight=weight, measure=measure or "–",
                score=f"{part.score:.3f}", contribution=f"{part.contribution:+.3f}")  # fmt: skip


def _limit_line(terminal: Terminal, run: Run, part: LimitPart, total: float) -> str | None:
    language, scenario = terminal.language, run.scenario
    kind, _, decision = part.id.partition(":")
    if decision:
        title, basis = scenario.inclusions[decision].title, scenario.inclusions[decision].reason
    else:
        title, basis = scenario.limits[kind].title, scenario.limits[kind].basis
    values = {"title": title[language], "basis": basis[language]}
    if part.status == "not_checked":
        return text("cli.limit_not_checked", language, **values)
    if part.area_m2 == 0:
        if part.status == "checked" or scenario.limits[kind].ground != "law":
            return None
        known = percent_of(part.known_m2 / total)
        return text("cli.limit_partly", language, known=known, **values)
    percent = f"{100 * part.area_m2 / total:.0f}"
    return text(f"cli.limit_{part.outcome}", language, percent=percent, **values)


def _figure(value: float | None) -> str:
    """Write a measure with one decimal, a small one with two digits that count."""
    if value is None:
        return "–"
    if not 0 < abs(value) < _ONE_DECIMAL_FROM:
        return units.number(value, 1)
    decimals = 1 - math.floor(math.log10(abs(value)))
    return units.number(value, decimals).rstrip("0")
