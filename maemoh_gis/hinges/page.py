"""The page of the switches: what hinges on what, then each measure in a column of its own."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.estate.growth import LEVELS
from maemoh_gis.hinges.picture import SIGNS, Grid, grid_svg, letter, size_of
from maemoh_gis.hinges.regret import CHOICES, Choice
from maemoh_gis.hinges.study import greatest_regret, moved_settings
from maemoh_gis.hinges.words import MILLION, findings, named, setting_words, state_id
from maemoh_gis.hinges.worlds import World, moving
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Items,
    Paragraph,
    Picture,
    ReportContent,
    Section,
    table_of,
)
from maemoh_gis.presentation.run_files import NOT_KNOWN, range_of

if TYPE_CHECKING:
    from maemoh_gis.estate.growth import Level
    from maemoh_gis.hinges.study import Study, Told

_MOST_SETS = 12


def content_of(study: Study, drawn: Grid) -> ReportContent:
    """Say everything the page shows."""
    scenario = study.resolved.scenario
    said = findings(study)
    lead: list[Block] = [Paragraph(joined(said[:2], " "), "lead"), Items(said[2:])]
    return ReportContent(
        title=both("switches.title"),
        subtitle=both("switches.about", title=scenario.title.both(), year=study.switches.year),
        notices=[both("brief.screening"), both("switches.no_likelihood", n=len(study.worlds))],
        facts=[],
        sections=[
            Section("hinge", both("switches.section.hinge"), lead),
            Section("alone", both("switches.section.alone"), _alone(study)),
            Section("pairs", both("switches.section.pairs"), _pairs(study, drawn)),
            Section("regret", both("switches.section.regret"), list(_regret(study))),
            Section("untold", both("switches.section.untold"), _untold(study)),
            Section("method", both("switches.section.method"), _method(study)),
        ],
        footer=both("switches.footer", title=scenario.title.both()),
        links=[(both("switches.table"), "switches.csv")],
    )


def _alone(study: Study) -> list[Block]:
    """Set the scenario beside each switch alone, and the sets that turn it."""
    settings = study.settings
    alone = [moving(settings, one) for one in moved_settings(settings)]
    sets = [one for one in [*study.least, *study.least_paying] if one not in alone]
    worlds = [study.base.world, *alone, *dict.fromkeys(sets[:_MOST_SETS])]
    told = [study.worlds[world] for world in worlds]
    return [
        table_of(_verdicts(study), told),
        Heading(both("switches.measures")),
        Paragraph(both("switches.apart"), "quiet"),
        table_of(_measures(study), told),
    ]


def _verdicts(study: Study) -> list[Column[Told]]:
    return [
        Column(both("switches.col.world"), lambda told: named(study, told.world), "wide"),
        Column(both("switches.col.filled"), lambda told: _short(told.carried)),
        Column(both("switches.col.first_year"), _first_year),
        Column(both("switches.col.pays"), _pays),
    ]


def _measures(study: Study) -> list[Column[Told]]:
    return [
        Column(both("switches.col.world"), lambda told: named(study, told.world)),
        Column(both("switches.col.teu"), _teu, "number"),
        Column(both("switches.col.thb"), lambda told: _of(told, "thb_saved", MILLION, 1), "number"),
        Column(both("switches.col.days"), lambda told: _of(told, "days_more", 1, 1), "number"),
        Column(both("switches.col.co2"), lambda told: _of(told, "co2_t_saved", 1, 0), "number"),
        Column(
            both("switches.col.km"),
            lambda told: _of(told, "truck_km_avoided", MILLION, 1),
            "number",
        ),
        Column(both("switches.col.purpose"), _jobs, "number"),
    ]


def _short(by_level: Mapping[Level, bool]) -> Text:
    return both(f"switches.short.{state_id(by_level)}")


def _first_year(told: Told) -> Text:
    return both("switches.never") if told.first_year is None else same(str(told.first_year))


def _teu(told: Told) -> Text:
    return _span([told.teu[level] for level in LEVELS], 0)


def _pays(told: Told) -> Text:
    return both("switches.cannot_tell") if told.pays is None else _short(told.pays)


def _jobs(told: Told) -> Text:
    return range_of(told.jobs.low, told.jobs.central, told.jobs.high, 0)


def _of(told: Told, name: str, unit: float, decimals: int) -> Text:
    """Write one measure at every level; it is not known where no place has a train."""
    if not told.brought:
        return NOT_KNOWN
    return _span([getattr(told.brought[level], name) / unit for level in LEVELS], decimals)


def _span(numbers: Sequence[float], decimals: int) -> Text:
    """Write a range by its ends, the central value before them; without a box there is none."""
    # Adding zero takes the sign from a zero.
    known = [round(one, decimals) + 0.0 for one in numbers if not math.isnan(one)]
    if not known:
        return both("switches.no_box")
    written = [f"{one:,.{decimals}f}" for one in (min(known), max(known))]
    if math.isnan(numbers[1]):
        return same("–".join(dict.fromkeys(written)))
    central = f"{round(numbers[1], decimals) + 0.0:,.{decimals}f}"
    if min(known) < 0:
        # A dash before a minus cannot be read.
        return both("report.from_to", value=central, low=written[0], high=written[1])
    return same(central if written[0] == written[1] else f"{central} ({written[0]}–{written[1]})")


def _pairs(study: Study, drawn: Grid) -> list[Block]:
    picture = grid_svg(drawn)
    uri = "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode("ascii")
    rows = [
        joined([same(letter(number)), setting_words(study, *one)], " = ")
        for number, one in enumerate(moved_settings(study.settings))
    ]
    signs = [
        joined([same(sign), both(f"switches.state.{state}")], " ") for state, sign in SIGNS.items()
    ]
    return [
        Paragraph(both("switches.pairs_words")),
        Picture(uri, both("switches.picture"), *size_of(drawn)),
        Items(signs[::-1]),
        Items(rows),
    ]


def _regret(study: Study) -> Iterable[Block]:
    """Set the regrets beside each other, of the scenario, each switch alone and the worst world."""
    priced = {w: told for w, told in study.worlds.items() if told.regret_thb is not None}
    if not priced:
        yield Paragraph(both("switches.no_cost"))
        return
    yield Paragraph(
        both(
            "switches.regret_words",
            works=study.switches.works_years,
            now=study.resolved.scenario.year,
            last=study.switches.year,
        )
    )
    if study.switches.reserve_thb is None:
        yield Paragraph(both("switches.reserve_unknown"), "caution")
    settings = study.settings
    shown = [study.base.world, *(moving(settings, one) for one in moved_settings(settings))]
    columns: list[Column[Told]] = [
        Column(both("switches.col.world"), lambda told: named(study, told.world), "wide")
    ]
    columns += [
        Column(both(f"switches.col.{choice}"), _regret_of(choice), "number") for choice in CHOICES
    ]
    yield table_of(columns, [priced[world] for world in shown if world in priced])
    yield Items([_worst(study, *one) for one in greatest_regret(priced).items()])
    yield Paragraph(both("switches.regret_unpriced"))


def _worst(study: Study, choice: Choice, most: tuple[float, World]) -> Text:
    thb, world = most
    said = both(f"switches.choice.{choice}")
    if thb <= 0:
        return both("switches.worst_none", choice=said)
    thb_words = f"{thb / MILLION:,.0f}"
    return both("switches.worst", choice=said, thb=thb_words, world=named(study, world))


def _regret_of(choice: Choice) -> Callable[[Told], Text]:
    def write(told: Told) -> Text:
        assert told.regret_thb is not None
        return _span([told.regret_thb[choice][level] / MILLION for level in LEVELS], 0)

    return write


def _untold(study: Study) -> list[Block]:
    """List what cannot be told, with what to ask whom: switches, costs and purposes."""
    rows: list[tuple[Text, Text, Text]] = [
        (one.title.both(), one.why.both(), one.ask.both()) for one in study.switches.untold.values()
    ]
    kinds = ["step_cost", "purpose"]
    if study.switches.reserve_thb is None:
        kinds.insert(1, "reserve_cost")
    rows += [
        (
            both(f"switches.untold.{id}"),
            both(f"switches.untold.{id}_why"),
            both(f"switches.untold.{id}_ask"),
        )
        for id in kinds
    ]
    columns: list[Column[tuple[Text, Text, Text]]] = [
        Column(both("switches.col.fact"), lambda row: row[0]),
        Column(both("switches.col.why"), lambda row: row[1], "wide"),
        Column(both("switches.col.ask"), lambda row: row[2], "wide"),
    ]
    return [table_of(columns, rows)]


def _method(study: Study) -> list[Block]:
    worlds = len(study.worlds)
    return [
        Items(
            [
                both(f"switches.method.{n}", n=worlds)
                for n in ("worlds", "boxes", "range", "yard", "regret")
            ]
        )
    ]
