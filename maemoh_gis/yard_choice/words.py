"""The choice of a yard in words: who the facts tell apart, why, and what would have to be known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, text
from maemoh_gis.exposure.words import people_between
from maemoh_gis.mcda.classes import class_name
from maemoh_gis.scenario.settings.choice import HOMES_UNIT, INDICATORS, UNITS, IndicatorName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.mcda.score_change import CriterionChange
    from maemoh_gis.scenario.settings.choice import YardChoice
    from maemoh_gis.yard_choice.choose import Choice
    from maemoh_gis.yard_choice.stages import YardComparison
    from maemoh_gis.yards.candidates import CandidatePlace

# Two scores nearer than this are written alike: value functions give seven digits.
_SAME = 1e-6
# More ways to swap two places than this are not worth reading.
_MOST_SWAPS = 3
_ENDS = ("low", "central", "high")


def verdict(contest: YardComparison, asked: YardChoice) -> list[Text]:
    """
    Say what the choice found, a sentence each.

    Never empty: where no place competes, or none may be preferred, it says so. The first one also
    says where the facts do not tell places apart, since it may be shown alone.
    """
    sentences = {language: list(_sentences(contest, asked, language)) for language in LANGUAGES}
    pairs = zip(sentences["th"], sentences["en"], strict=True)
    return [{"th": th, "en": en} for th, en in pairs]


def headline(contest: YardComparison) -> list[Text]:
    """Say which places nobody beats for certain, and whether the facts tell them apart."""
    choice = contest.choice
    if choice is None or not choice.first_class:
        return [both("choice.none")]
    if choice.proven:
        return [_told("choice.headline", contest, choice)]
    return [_told("choice.headline_class", contest, choice), both("choice.headline_open")]


def shown(unit: str, value: float, language: Language) -> str:
    """Write the value of an indicator with its unit; an unknown one says so."""
    if math.isnan(value):
        return text("choice.unknown", language)
    if unit == HOMES_UNIT:
        return units.area(units.m2_from_rai(value), language)
    return _with_unit(unit, _bare(unit, value), language)


def shown_range(unit: str, known: tuple[float, float, float], language: Language) -> str:
    """Write least, likely and greatest of an indicator; what is open at an end says so."""
    low, central, high = known
    if not math.isnan(low) and low == high:
        return shown(unit, low, language)
    if math.isnan(high) and (math.isnan(low) or low == 0):
        return text("choice.unknown", language)
    id = "choice.between" if math.isnan(central) else "choice.likely"
    id = "choice.at_least" if math.isnan(high) else id
    numbers = {name: _bare(unit, value) for name, value in zip(_ENDS, known, strict=True)}
    return _with_unit(unit, text(id, language, **numbers), language)


def _bare(unit: str, value: float) -> str:
    """Write the number alone."""
    if math.isnan(value):
        return ""
    if unit == "THB per year":
        return units.number(value / 1e6, 1)
    return units.number(value, 2 if unit == "score" else 0)


def _with_unit(unit: str, written: str, language: Language) -> str:
    if unit != "THB per year":
        return written
    return text("choice.million_thb", language, value=written)


def people_words(place: CandidatePlace, language: Language) -> str:
    """Say how many people may live near a place, and what a model says of them."""
    between = shown_range("people", _people_of(place), language)
    values = {"between": between, "homes": _homes(place.homes_rai, language)}
    if place.uncounted_share == 1:
        return text("choice.people.uncounted", language, **values)
    homes = "–" if place.people is None else people_between(*place.people)[language]
    values |= {"people": homes, "share": f"{100 * place.uncounted_share:.0f}"}
    id = "choice.people.counted" if place.uncounted_share == 0 else "choice.people.partly"
    return text(id, language, **values)


def class_words(choice: Choice, place: int) -> str:
    """Name the class of a place; empty where it may not be preferred."""
    return class_name(int(choice.classes[place]))


def _people_of(place: CandidatePlace) -> tuple[float, float, float]:
    least, most = place.people_between
    return least, math.nan, most


def _homes(rai: float, language: Language) -> str:
    """Write the land of homes; that the map has none proves nothing."""
    if rai == 0:
        return text("choice.no_homes_land", language)
    return shown(HOMES_UNIT, rai, language)


def gains(
    contest: YardComparison, place: int, asked: YardChoice
) -> list[tuple[Text, float | None, float]]:
    """
    Say what each indicator gives a place of what it could.

    Title with the value in both languages; part of the score it gives, None where it is not known;
    the most it could give.
    """
    choice = contest.choice
    assert choice is not None
    total = sum(indicator.weight for indicator in asked.indicators.values())
    told: list[tuple[Text, float | None, float]] = []
    for k, name in enumerate(INDICATORS):
        possible, part = asked.indicators[name].weight / total, float(choice.parts[place, k])
        titles = {
            language: f"{asked.indicators[name].title[language]}: "
            f"{_value(contest, place, k, language)}"
            for language in LANGUAGES
        }
        told.append((titles, None if math.isnan(part) else possible * part, possible))
    return told


def _sentences(contest: YardComparison, asked: YardChoice, language: Language) -> Iterable[str]:
    choice = contest.choice
    if choice is None or not choice.first_class:
        yield text("choice.none", language)
        return
    first = choice.preferred
    told = "choice.preferred" if choice.proven else "choice.class_open"
    if not choice.proven and len(_level_with_first(choice)) > 1:
        told = "choice.class_level"
    yield _told(told, contest, choice)[language]
    if not choice.proven:
        yield text("choice.ranges", language, places=_ranges(contest, choice, 1, language))
        yield from _apart_words(contest, choice, asked, language)
    below = [k for k in choice.order if choice.classes[k] > 1]
    if below:
        yield text("choice.below", language, places=_ranges(contest, choice, 2, language))
    name = contest.contestants[first].title[language]
    reasons = _reasons(contest, first, asked, language)
    yield text("choice.reasons", language, name=name, reasons=reasons)
    yield _open_words(contest, first, language)
    if choice.proven:
        if choice.runner_up is not None:
            yield text("choice.second", language,
                       name=contest.contestants[choice.runner_up].title[language],
                       score=_range(choice, choice.runner_up),
                       reasons=_reasons(contest, choice.runner_up, asked, language))  # fmt: skip
            yield _swap_words(contest, choice, asked, language)
        yield text("choice.proven", language)
    weakest = [
        asked.indicators[name].title[language]
        for name in INDICATORS
        if asked.indicators[name].confidence in {"L", "ASSUMPTION"}
    ]
    yield text("choice.rests_on", language, names=", ".join(weakest) or "–")


def _told(id: str, contest: YardComparison, choice: Choice) -> Text:
    """Fill a sentence on the first class: how many, of how many, between what, who heads it."""
    members, eligible = choice.first_class, [p for p in contest.contestants if p.eligible]
    least = min(float(choice.least[k]) for k in members)
    greatest = max(float(choice.greatest[k]) for k in members)
    return both(
        id, n=len(members), of=len(eligible), least=f"{least:.2f}", greatest=f"{greatest:.2f}",
        score=_range(choice, choice.preferred), level=len(_level_with_first(choice)),
        name=contest.contestants[choice.preferred].title,
        certain=f"{float(choice.least[choice.preferred]):.2f}",
    )  # fmt: skip


def _level_with_first(choice: Choice) -> list[int]:
    """List places of the first class of which as much is certain as of the one that heads it."""
    certain = float(choice.least[choice.preferred])
    return [int(k) for k in choice.first_class if abs(float(choice.least[k]) - certain) < _SAME]


def _range(choice: Choice, place: int) -> str:
    return _span(float(choice.least[place]), float(choice.greatest[place]))


def _span(low: float, high: float) -> str:
    ends = dict.fromkeys((f"{low:.2f}", f"{high:.2f}"))
    return "–".join(ends)


def _ranges(contest: YardComparison, choice: Choice, least_class: int, language: Language) -> str:
    """List places of the first class, or of those below it, with the range of each."""
    wanted = [
        int(k)
        for k in choice.order
        if (choice.classes[k] == 1 if least_class == 1 else choice.classes[k] >= least_class)
    ]
    return "; ".join(
        text("choice.of_class", language, name=contest.contestants[k].title[language],
             score=_range(choice, k), letter=class_words(choice, k))
        for k in wanted
    )  # fmt: skip


def _apart_words(
    contest: YardComparison, choice: Choice, asked: YardChoice, language: Language
) -> Iterable[str]:
    """Say what would have to be known to tell the first two of the list apart."""
    if not choice.unsettled or choice.runner_up is None:
        return
    first, second = choice.preferred, choice.runner_up
    what = "; ".join(
        text("choice.leaves_open", language, width=f"{one.width:.2f}",
             title=asked.indicators[_name(one.indicator)].title[language])
        for one in choice.unsettled
    )  # fmt: skip
    yield text(
        "choice.apart", language, first=contest.contestants[first].title[language],
        second=contest.contestants[second].title[language], what=what,
        least=f"{choice.leads[first, second]:+.2f}", most=f"{-choice.leads[second, first]:+.2f}",
    )  # fmt: skip


def _reasons(contest: YardComparison, place: int, asked: YardChoice, language: Language) -> str:
    """List what each indicator is worth, the one that gives most for certain first."""
    choice = contest.choice
    assert choice is not None
    total = sum(indicator.weight for indicator in asked.indicators.values())
    shares = [asked.indicators[name].weight / total for name in INDICATORS]
    least = [share * choice.least_parts[place, k] for k, share in enumerate(shares)]
    most = [share * choice.greatest_parts[place, k] for k, share in enumerate(shares)]
    order = sorted(range(len(INDICATORS)), key=lambda k: (-least[k], k))
    return "; ".join(
        text("choice.reason", language, title=asked.indicators[INDICATORS[k]].title[language],
             value=_value(contest, place, k, language), part=_span(least[k], most[k]))
        for k in order
    )  # fmt: skip


def _value(contest: YardComparison, place: int, k: int, language: Language) -> str:
    known = contest.known
    ends = (known.low[place, k], known.central[place, k], known.high[place, k])
    low, central, high = (float(end) for end in ends)
    return shown_range(UNITS[INDICATORS[k]], (low, central, high), language)


def _open_words(contest: YardComparison, place: int, language: Language) -> str:
    who = contest.contestants[place]
    names = ", ".join(text(f"choice.question.{question}", language) for question in who.to_settle)
    said = text("choice.to_settle", language, n=len(who.to_settle), names=names or "–")
    return f"{said} {text('choice.at_station', language)}" if who.at_station else said


def _swap_words(
    contest: YardComparison, choice: Choice, asked: YardChoice, language: Language
) -> str:
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
        ]
    if not ways:
        return text("choice.no_swap", language)
    return text("choice.swaps", language, ways="; ".join(ways))


def _change_words(
    change: CriterionChange,
    contest: YardComparison,
    place: int,
    asked: YardChoice,
    language: Language,
) -> str:
    assert change.measure is not None
    assert change.measure_needed is not None
    k = INDICATORS.index(_name(change.id))
    indicator, unit = asked.indicators[INDICATORS[k]], UNITS[INDICATORS[k]]
    return text("choice.swap_value", language, title=indicator.title[language],
                name=contest.contestants[place].title[language],
                now=shown(unit, change.measure, language),
                needed=shown(unit, change.measure_needed, language))  # fmt: skip


def _name(id: str) -> IndicatorName:
    return next(name for name in INDICATORS if name == id)
