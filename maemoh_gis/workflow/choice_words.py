"""The choice of a yard in words: who is first and why, who is second, what would swap them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import units
from maemoh_gis.formats import Words
from maemoh_gis.language import LANGUAGES, Language, text
from maemoh_gis.scenarios.choice_model import HOMES_UNIT, INDICATORS, UNITS, IndicatorName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.scenarios.choice_model import YardChoice
    from maemoh_gis.suitability.score_change import CriterionChange
    from maemoh_gis.workflow.choice_stages import Contest
    from maemoh_gis.workflow.yard_candidates import Contestant
    from maemoh_gis.workflow.yard_choice import Choice

# More ways to swap two places than this are not worth reading.
_MOST_SWAPS = 3


def verdict(contest: Contest, asked: YardChoice) -> list[Words]:
    """
    Say what the choice found, a sentence each.

    Parameters
    ----------
    contest : Contest
        The places and how they compare.
    asked : YardChoice
        Indicators with their titles and confidence.

    Returns
    -------
    list of Words
        Never empty: where no place competes, or none may be preferred, it says so. The first one
        also says where the facts do not settle the order, since it may be shown alone.
    """
    sentences = {language: list(_sentences(contest, asked, language)) for language in LANGUAGES}
    pairs = zip(sentences["th"], sentences["en"], strict=True)
    return [Words(th=th, en=en) for th, en in pairs]


def headline(contest: Contest) -> list[Words]:
    """
    Say in few words who comes first, and whether the facts settle that.

    Parameters
    ----------
    contest : Contest
        The places and how they compare.

    Returns
    -------
    list of Words
        One or two sentences; what `verdict` says at length.
    """
    choice = contest.choice
    if choice is None or not contest.contestants[choice.preferred].eligible:
        return [_both("choice.none")]
    first = choice.preferred
    numbers = {"score": choice.scores, "least": choice.least, "greatest": choice.greatest}
    values = {name: f"{of[first]:.2f}" for name, of in numbers.items()}
    titles = contest.contestants[first].title
    preferred = Words(**{
        language: text("choice.headline", language, name=titles[language], **values)
        for language in LANGUAGES
    })  # fmt: skip
    return [preferred, *([] if choice.proven else [_both("choice.headline_open")])]


def shown(unit: str, value: float, language: Language) -> str:
    """Write the value of an indicator with its unit; an unknown one says so."""
    if math.isnan(value):
        return text("choice.unknown", language)
    if unit == HOMES_UNIT:
        return units.area(units.m2_from_rai(value), language)
    if unit == "THB per year":
        return text("choice.million_thb", language, value=units.number(value / 1e6, 1))
    return units.number(value, 2 if unit == "score" else 0)


def people_words(place: Contestant, language: Language) -> str:
    """Say how many people were counted near a place, and what is not known of them."""
    values = {
        "people": units.number(place.people, 0) if not math.isnan(place.people) else "–",
        "share": f"{100 * place.uncounted_share:.0f}",
        "homes": shown(HOMES_UNIT, place.homes_rai, language),
    }
    if place.uncounted_share == 0:
        return text("choice.people.counted", language, **values)
    id = "choice.people.uncounted" if math.isnan(place.people) else "choice.people.partly"
    return text(id, language, **values)


def gains(
    contest: Contest, place: int, asked: YardChoice
) -> list[tuple[Words, float | None, float]]:
    """
    Say what each indicator gives a place of what it could.

    Parameters
    ----------
    contest : Contest
        The places and how they compare.
    place : int
        Place in the contest.
    asked : YardChoice
        Indicators with titles and weights.

    Returns
    -------
    list of tuple
        Title with the value in both languages; part of the score it gives, None where it is not
        known; the most it could give.
    """
    choice = contest.choice
    assert choice is not None
    total = sum(indicator.weight for indicator in asked.indicators.values())
    told = []
    for k, name in enumerate(INDICATORS):
        possible, part = asked.indicators[name].weight / total, float(choice.parts[place, k])
        titles = {
            language: f"{_about(choice, asked, place, k)[0][language]}: "
            f"{_value(contest, choice, asked, place, k, language)}"
            for language in LANGUAGES
        }
        told.append((Words(**titles), None if math.isnan(part) else possible * part, possible))
    return told


def _sentences(contest: Contest, asked: YardChoice, language: Language) -> Iterable[str]:
    choice = contest.choice
    if choice is None or not contest.contestants[choice.preferred].eligible:
        yield text("choice.none", language)
        return
    first = choice.preferred
    preferred = text(
        "choice.preferred", language, name=contest.contestants[first].title[language],
        score=f"{choice.scores[first]:.2f}", least=f"{choice.least[first]:.2f}",
        greatest=f"{choice.greatest[first]:.2f}",
    )  # fmt: skip
    unsettled = "" if choice.proven else " " + text("choice.not_proven", language)
    yield preferred + unsettled
    yield text("choice.reasons", language, reasons=_reasons(contest, first, asked, language))
    yield _open_words(contest, first, language)
    if choice.runner_up is not None:
        yield text("choice.second", language,
                   name=contest.contestants[choice.runner_up].title[language],
                   score=f"{choice.scores[choice.runner_up]:.2f}",
                   reasons=_reasons(contest, choice.runner_up, asked, language))  # fmt: skip
        yield _swap_words(contest, choice, asked, language)
    if choice.proven:
        yield text("choice.proven", language)
    weakest = [
        asked.indicators[name].title[language]
        for name in INDICATORS
        if asked.indicators[name].confidence in {"L", "ASSUMPTION"}
    ]
    if choice.stood_in.any() and asked.homes.confidence in {"L", "ASSUMPTION"}:
        weakest.append(asked.homes.title[language])
    yield text("choice.rests_on", language, names=", ".join(weakest) or "–")


def _reasons(contest: Contest, place: int, asked: YardChoice, language: Language) -> str:
    """List what each indicator is worth, the one that earns most first."""
    choice = contest.choice
    assert choice is not None
    total = sum(indicator.weight for indicator in asked.indicators.values())
    earned = [
        asked.indicators[name].weight / total * float(np.nan_to_num(choice.parts[place, k]))
        for k, name in enumerate(INDICATORS)
    ]
    order = sorted(range(len(INDICATORS)), key=lambda k: (-earned[k], k))
    return "; ".join(
        text("choice.reason", language, title=_about(choice, asked, place, k)[0][language],
             value=_value(contest, choice, asked, place, k, language), part=f"{earned[k]:.2f}")
        for k in order
    )  # fmt: skip


def _about(choice: Choice, asked: YardChoice, place: int, k: int) -> tuple[Words, str]:
    """Name what an indicator of a place is read from, with its unit."""
    name = INDICATORS[k]
    if choice.stood_in[place, k]:
        return asked.homes.title, HOMES_UNIT
    return asked.indicators[name].title, UNITS[name]


def _value(
    contest: Contest, choice: Choice, asked: YardChoice, place: int, k: int, language: Language
) -> str:
    known, unit = contest.known, _about(choice, asked, place, k)[1]
    if not choice.stood_in[place, k]:
        return shown(unit, float(known.central[place, k]), language)
    assert known.stand_in is not None
    instead = shown(unit, float(known.stand_in[place, k]), language)
    if np.isnan(known.low[place, k]):
        return instead
    people = units.number(float(known.low[place, k]), 0)
    return text("choice.people.at_least", language, homes=instead, people=people)


def _open_words(contest: Contest, place: int, language: Language) -> str:
    questions = contest.contestants[place].to_settle
    names = ", ".join(text(f"choice.question.{question}", language) for question in questions)
    return text("choice.to_settle", language, n=len(questions), names=names or "–")


def _swap_words(contest: Contest, choice: Choice, asked: YardChoice, language: Language) -> str:
    """Say what would put the second place first: weights, its own values, the first one's."""
    ways = [
        text("choice.swap_weight", language,
             title=asked.indicators[_name(swap.indicator)].title[language],
             now=f"{100 * swap.share_now:.0f}", needed=f"{100 * swap.share_needed:.0f}")
        for swap in choice.weight_swaps[:_MOST_SWAPS]
    ]  # fmt: skip
    assert choice.runner_up is not None
    for place, changes in ((choice.runner_up, choice.rises), (choice.preferred, choice.falls)):
        ways += [
            _change_words(change, contest, place, asked, language)
            for change in changes[:_MOST_SWAPS]
            if change.measure is not None and change.measure_needed is not None
        ]  # fmt: skip
    if not ways:
        return text("choice.no_swap", language)
    return text("choice.swaps", language, ways="; ".join(ways))


def _change_words(
    change: CriterionChange, contest: Contest, place: int, asked: YardChoice, language: Language
) -> str:
    assert change.measure is not None
    assert change.measure_needed is not None
    assert contest.choice is not None
    k = INDICATORS.index(_name(change.id))
    title, unit = _about(contest.choice, asked, place, k)
    return text("choice.swap_value", language, title=title[language],
                name=contest.contestants[place].title[language],
                now=shown(unit, change.measure, language),
                needed=shown(unit, change.measure_needed, language))  # fmt: skip


def _both(id: str) -> Words:
    return Words(**{language: text(id, language) for language in LANGUAGES})


def _name(id: str) -> IndicatorName:
    return next(name for name in INDICATORS if name == id)
