"""The choice of a yard in words: who is first and why, who is second, what would swap them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import units
from maemoh_gis.formats import Words
from maemoh_gis.language import LANGUAGES, Language, text
from maemoh_gis.scenarios.choice_model import INDICATORS, UNITS, IndicatorName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.scenarios.choice_model import YardChoice
    from maemoh_gis.suitability.score_change import CriterionChange
    from maemoh_gis.workflow.choice_stages import Contest
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
        Never empty: where no place competes, or none may be preferred, it says so.
    """
    sentences = {language: list(_sentences(contest, asked, language)) for language in LANGUAGES}
    pairs = zip(sentences["th"], sentences["en"], strict=True)
    return [Words(th=th, en=en) for th, en in pairs]


def shown(name: IndicatorName, value: float, language: Language) -> str:
    """Write the value of an indicator with its unit; an unknown one says so."""
    if math.isnan(value):
        return text("choice.unknown", language)
    unit = UNITS[name]
    if unit == "rai":
        return units.area(units.m2_from_rai(value), language)
    if unit == "THB per year":
        return text("choice.million_thb", language, value=units.number(value / 1e6, 1))
    return units.number(value, 2 if unit == "score" else 0)


def _sentences(contest: Contest, asked: YardChoice, language: Language) -> Iterable[str]:
    choice = contest.choice
    if choice is None or not contest.contestants[choice.preferred].eligible:
        yield text("choice.none", language)
        return
    first = choice.preferred
    yield text("choice.preferred", language, name=contest.contestants[first].title[language],
               score=f"{choice.scores[first]:.2f}", least=f"{choice.least[first]:.2f}",
               greatest=f"{choice.greatest[first]:.2f}")  # fmt: skip
    yield text("choice.reasons", language, reasons=_reasons(contest, first, asked, language))
    yield _open_words(contest, first, language)
    if choice.runner_up is not None:
        yield text("choice.second", language,
                   name=contest.contestants[choice.runner_up].title[language],
                   score=f"{choice.scores[choice.runner_up]:.2f}",
                   reasons=_reasons(contest, choice.runner_up, asked, language))  # fmt: skip
        yield _swap_words(contest, choice, asked, language)
    yield text("choice.proven" if choice.proven else "choice.not_proven", language)
    weakest = [
        asked.indicators[name].title[language]
        for name in INDICATORS
        if asked.indicators[name].confidence in {"L", "ASSUMPTION"}
    ]
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
        text("choice.reason", language, title=asked.indicators[INDICATORS[k]].title[language],
             value=shown(INDICATORS[k], float(contest.known.central[place, k]), language),
             part=f"{earned[k]:.2f}")
        for k in order
    )  # fmt: skip


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
        title = contest.contestants[place].title[language]
        ways += [
            _change_words(change, title, asked, language)
            for change in changes[:_MOST_SWAPS]
            if change.measure is not None and change.measure_needed is not None
        ]  # fmt: skip
    if not ways:
        return text("choice.no_swap", language)
    return text("choice.swaps", language, ways="; ".join(ways))


def _change_words(
    change: CriterionChange, place: str, asked: YardChoice, language: Language
) -> str:
    name = _name(change.id)
    assert change.measure is not None
    assert change.measure_needed is not None
    title = asked.indicators[name].title[language]
    return text("choice.swap_value", language, name=place, title=title,
                now=shown(name, change.measure, language),
                needed=shown(name, change.measure_needed, language))  # fmt: skip


def _name(id: str) -> IndicatorName:
    return next(name for name in INDICATORS if name == id)
