"""
What a run answers, a question a line: where, when, what it hinges on, how much, what changes, whom.

The head of map, briefs, report and command line is these lines, so that none says another answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.decision.leads_land import places_of
from maemoh_gis.decision.result import ladder_of
from maemoh_gis.decision.words import headline
from maemoh_gis.freight.result import freight_of
from maemoh_gis.freight.words import headline as freight_headline
from maemoh_gis.phase_out.data import land_of_years
from maemoh_gis.phase_out.units import path_of, units_of
from maemoh_gis.phase_out.zone_land import zone_lands
from maemoh_gis.presentation.run_files import land
from maemoh_gis.questions.acts_to_ask import first_request
from maemoh_gis.sites.result import sites_by_use
from maemoh_gis.yard_choice.result import contest_of
from maemoh_gis.yards.result import yards_by_use

if TYPE_CHECKING:
    from maemoh_gis.decision.ladder import Ladder, Trigger
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.estate import Estate

_MOST_PLACES = 4


class Answer(NamedTuple):
    """A question a planner asks, and what the run says to it."""

    id: str
    question: Text
    told: Text


def answers(results: Results) -> list[Answer]:
    """Answer each question that the scenario bears, in the order a committee asks them."""
    return [
        *_where(results),
        *_beside_the_line(results),
        *_steps(results),
        *_land_for_a_yard(results),
        *_freight(results),
        *_years(results),
        *_first_request(results),
    ]


def _where(results: Results) -> Iterator[Answer]:
    """
    Say by subdistrict where each use has candidate land; what the facts tell apart of it.

    The use whose places are compared is told of these, lest two places be the first.
    """
    choice = results.resolved.scenario.choice if contest_of(results) else None
    for use, sites in sites_by_use(results).items():
        if choice is not None and use == choice.use:
            continue
        title = results.resolved.scenario.uses[use].title.both()
        asked = both("answers.where", use=title)
        if not len(sites):
            yield Answer(f"where.{use}", asked, both("answers.nowhere"))
            continue
        classes = list(sites["class"])
        best = classes.count(min(classes))
        id = "answers.alike" if len(classes) == best > 1 else "answers.told_apart"
        known = [both(id, n=best, of=len(classes))] if len(classes) > 1 else []
        told = both("answers.sites", n=len(classes), places=places_of(results, [use]))
        yield Answer(f"where.{use}", asked, joined([told, *known], " "))


def _beside_the_line(results: Results) -> Iterator[Answer]:
    """Name the places for a yard that no other certainly beats."""
    contest, asked_for = contest_of(results), results.resolved.scenario.choice
    if contest is None or asked_for is None:
        return
    asked = both("answers.where", use=results.resolved.scenario.uses[asked_for.use].title.both())
    id, choice = f"where.{asked_for.use}", contest.choice
    if choice is None or not choice.first_class:
        yield Answer(id, asked, both("answers.no_yard"))
        return
    named = [contest.contestants[k].title for k in choice.first_class]
    places = joined(named[:_MOST_PLACES], ", ")
    if len(named) > _MOST_PLACES:
        places = both("answers.more_places", places=places, n=len(named) - _MOST_PLACES)
    known = "answers.yard_proven" if choice.proven else "answers.yard_open"
    holds = sum(search.holds for search in yards_by_use(results).values())
    told = both(known, places=places, n=len(named))
    yield Answer(id, asked, joined([told, both("answers.fits", n=f"{holds:,}")], " "))


def _steps(results: Results) -> Iterator[Answer]:
    """Say which step comes next, and on what it hinges with both its sides."""
    found = ladder_of(results)
    if found is None:
        return
    scenario, (steps, report) = results.resolved.scenario, found
    assert scenario.estate is not None
    step, *hinge = headline(scenario, steps, report)
    yield Answer(
        "step", both("answers.step"), joined([reason_to_build(scenario.estate, steps), step], " ")
    )
    if hinge:
        yield Answer("hinge", both("answers.hinge"), joined(hinge, " "))


def reason_to_build(estate: Estate, steps: Ladder) -> Text:
    """Say whether boxes of a full estate would fill any train at central prices."""
    if estate.steps[steps.full["central"]].pairs_a_week:
        return both("answers.some_trains")
    return both("answers.too_few_boxes" if steps.rail_share["central"] else "answers.no_trains")


def _land_for_a_yard(results: Results) -> Iterator[Answer]:
    """Say how many rai of working factories fill the trains of a yard, at every rate tried."""
    estate, found = results.resolved.scenario.estate, ladder_of(results)
    if found is None or estate is None or not found[0].triggers:
        return
    (steps, _report) = found
    wanted = _yard_step(estate, steps.triggers)
    rates = [
        both("answers.rai_at", rai=land(rai), rate=f"{rate:g}") for rate, rai in wanted.rai.items()
    ]
    told = both(
        "answers.rai",
        step=estate.steps[wanted.step].title.both(),
        pairs=f"{estate.steps[wanted.step].pairs_a_week:g}",
        rates=joined(rates, "; "),
        planned=land(estate.rai),
    )
    dearer = [both("answers.rai_dearer")] if not steps.rail_share["central"] else []
    yield Answer("rai", both("answers.rai_asked"), joined([told, *dearer], " "))


def _yard_step(estate: Estate, triggers: tuple[Trigger, ...]) -> Trigger:
    """Give the trigger of the first step that wants trains for years: what is built to stay."""
    lasting = [one for one in triggers if estate.steps[one.step].years > 1]
    return lasting[0] if lasting else triggers[-1]


def _freight(results: Results) -> Iterator[Answer]:
    """Say whether all freight together justifies a yard."""
    report = freight_of(results)
    told = [] if report is None else freight_headline(report)
    if told:
        yield Answer("freight", both("answers.freight"), joined(told, " "))


def _years(results: Results) -> Iterator[Answer]:
    """Say year by year in which units close what is left of coal, and what land that leaves."""
    resolved = results.resolved
    if resolved.scenario.timeline is None:
        return
    ends = {
        unit.last_year
        for unit in units_of(resolved, results.catalog)
        if unit.last_year is not None and not unit.never
    }
    closing = sorted(end for end in ends if end >= resolved.scenario.year)
    if not closing:
        return
    facts = path_of(resolved, results.catalog, [end + 1 for end in closing])
    told = land_of_years(facts, zone_lands(resolved.scenario, results.layers))
    parts = [
        both(
            "answers.year_open" if opened else "answers.year",
            year=last,
            mw=f"{now.mw:,.0f}",
            ended=land(ended),
            opened=land(opened),
        )
        for last, now, ended, opened in zip(
            closing, facts, told["no_longer_in_use_rai"], told["open_rai"], strict=True
        )
    ]
    asked = both("answers.years", years=joined([same(str(year)) for year in closing], ", "))
    yield Answer("years", asked, joined(parts, "; "))


def _first_request(results: Results) -> Iterator[Answer]:
    """Name the map to ask for first, and its office."""
    found = first_request(results)
    if found is not None:
        office, wanted = found
        yield Answer(
            "ask", both("answers.ask"), both("answers.ask_told", office=office, map=wanted)
        )
